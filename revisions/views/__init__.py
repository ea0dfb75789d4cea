from revisions.views.comments import comment, comments
from revisions.views.comparison import comparison
from revisions.views.drafts import draft
from revisions.views.processes import process
from revisions.views.say import said, say

__all__ = ["comment", "comments", "comparison", "draft", "process", "said", "say"]
