"""The staff pages of this app that are more than editing a row."""
