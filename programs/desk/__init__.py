"""What waits for a person in the lists, meetings and letters of their programs.

A source is a function of a person and a day that gives rows; each app has its own, and the desk
in `portal` puts them together. Every row is a count, a plain sentence, one verb and one link.
"""

from programs.desk.rows import Row, Urgency
from programs.desk.sources import SOURCES, next_duty

__all__ = ["SOURCES", "Row", "Urgency", "next_duty"]
