"""The draft from the inside: reading the whole, changing it, and what it has said before."""

from revisions.staff.drafts.copies import discard, keep_clause, keep_new
from revisions.staff.drafts.reading import draft, preview
from revisions.staff.drafts.versions import restore, version, versions
from revisions.staff.drafts.writing import add_clause, clause

__all__ = [
    "add_clause",
    "clause",
    "discard",
    "draft",
    "keep_clause",
    "keep_new",
    "preview",
    "restore",
    "version",
    "versions",
]
