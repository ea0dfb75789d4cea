"""The staff pages that drive a process."""

from revisions.staff.approvals import approval
from revisions.staff.comments import answer, comments
from revisions.staff.drafts import (
    add_clause,
    clause,
    discard,
    draft,
    keep_clause,
    keep_new,
    preview,
    restore,
    version,
    versions,
)
from revisions.staff.overview import index
from revisions.staff.pages import process, start, transition

__all__ = [
    "add_clause",
    "answer",
    "approval",
    "clause",
    "comments",
    "discard",
    "draft",
    "index",
    "keep_clause",
    "keep_new",
    "preview",
    "process",
    "restore",
    "start",
    "transition",
    "version",
    "versions",
]
