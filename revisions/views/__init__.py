from revisions.views.comments import comment, comment_received, comments
from revisions.views.comparison import comparison
from revisions.views.drafts import draft
from revisions.views.processes import process
from revisions.views.sheets import event_sheet, program_sheet, short

__all__ = [
    "comment",
    "comment_received",
    "comments",
    "comparison",
    "draft",
    "event_sheet",
    "process",
    "program_sheet",
    "short",
]
