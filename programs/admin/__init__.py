"""The staff pages of this app, one module per module of models."""

from programs.admin import (
    actions,
    decisions,
    documents,
    events,
    groups,
    ideas,
    municipality,
    places,
    programs,
)

__all__ = [
    "actions",
    "decisions",
    "documents",
    "events",
    "groups",
    "ideas",
    "municipality",
    "places",
    "programs",
]
