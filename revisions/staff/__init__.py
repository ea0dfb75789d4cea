"""The staff pages that drive a process."""

from revisions.staff.approvals import approval
from revisions.staff.comments import answer, comments
from revisions.staff.drafts import clause, draft, versions
from revisions.staff.pages import index, process, start, transition

__all__ = [
    "answer",
    "approval",
    "clause",
    "comments",
    "draft",
    "index",
    "process",
    "start",
    "transition",
    "versions",
]
