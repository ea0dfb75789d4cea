"""Geometry of the pictures that the server draws; templates turn it into SVG."""
