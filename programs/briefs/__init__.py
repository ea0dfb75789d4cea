"""The planning brief of a program and a budget year, from its first idea to the budget's answer.

Put together while it is open, frozen, handed over, answered: in that order and never back. Every
verb takes the brief's `stamp` as someone has seen it, and refuses when a colleague was faster.
Whoever locks an idea and a brief locks the idea first.
"""
