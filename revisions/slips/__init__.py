"""Voices that come on paper, by telephone or at a meeting, entered by staff: ideas and comments.

They live here because a slip may be a comment, which only this app knows of.
"""
