from revisions.views.comments import comment, comments
from revisions.views.comparison import comparison
from revisions.views.drafts import draft, draft_text
from revisions.views.processes import process
from revisions.views.say import said, say
from revisions.views.sheets import event_sheet, program_sheet, short

__all__ = [
    "comment",
    "comments",
    "comparison",
    "draft",
    "draft_text",
    "event_sheet",
    "process",
    "program_sheet",
    "said",
    "say",
    "short",
]
