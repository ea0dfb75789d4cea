"""The form with which anyone says something: what it is about, what may be typed, what goes along.

The page itself is in `revisions.views.say`, because only there is it known whether a program's
text is open for comments.
"""
