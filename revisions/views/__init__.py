from revisions.views.comments import comment, comment_received, comments
from revisions.views.comparison import comparison
from revisions.views.drafts import draft, draft_text
from revisions.views.processes import process

__all__ = [
    "comment",
    "comment_received",
    "comments",
    "comparison",
    "draft",
    "draft_text",
    "process",
]
