"""Messages about a page: what is missing, what shuts someone out, what is needed in another form.

`pages.py` finds who is responsible, `messages.py` receives, answers and erases.
"""
