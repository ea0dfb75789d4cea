from revisions.views.comparison import comparison

__all__ = ["comparison"]
