"""Taking part in one's own place: from "I live here" to someone who gets in touch.

`requests.py` has every change of state; nothing else makes one.
"""
