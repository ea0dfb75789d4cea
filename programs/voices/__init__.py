"""What is done with a voice, from the moment it comes in until its outcome is told.

Each verb takes any kind of voice. It locks the row, checks, changes, writes a line in the voice's
history, and lets the letters leave after commit.
"""
