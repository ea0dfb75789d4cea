"""The staff pages that drive a process."""

from revisions.staff.approvals import approval
from revisions.staff.comments import answer, comments, enter_comment
from revisions.staff.drafts import clause, draft, versions
from revisions.staff.overview import index
from revisions.staff.pages import process, start, transition

__all__ = [
    "answer",
    "approval",
    "clause",
    "comments",
    "draft",
    "enter_comment",
    "index",
    "process",
    "start",
    "transition",
    "versions",
]
