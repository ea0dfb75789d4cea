"""Following a program, a place or an idea by e-mail.

`follow.py` is how one begins and stops, `news.py` what there is to tell, `weekly.py` the letter.
"""
