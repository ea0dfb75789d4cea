"""Signing up for an event: who has a seat, who waits for one, and what each is told.

`seats.py` has every change of state; nothing else makes one.
"""
