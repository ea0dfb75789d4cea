"""Sheets of paper to write on, and the short addresses that stand on them."""
