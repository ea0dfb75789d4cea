"""Public records and personal data: what is erased and when, the register, a person's request.

`erasing.py` takes contact details away when their time is over, `people.py` finds and changes what
is held about one person, `register.py` lists all that has come in. Texts are never deleted.
"""
