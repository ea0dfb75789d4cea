"""Processes and what is recorded in them. Import from here."""

from revisions.models.comments import Comment, CommentEntry, Question
from revisions.models.drafts import ClauseChange, DraftVersion, WorkingCopy
from revisions.models.log import LogEntry, LogIsAppendOnly
from revisions.models.processes import ChannelEntered, Evidence, Process, StepRecord
from revisions.models.records import Anchoring, Approval, InformationItem, Statement

__all__ = [
    "Anchoring",
    "Approval",
    "ChannelEntered",
    "ClauseChange",
    "Comment",
    "CommentEntry",
    "DraftVersion",
    "Evidence",
    "InformationItem",
    "LogEntry",
    "LogIsAppendOnly",
    "Process",
    "Question",
    "Statement",
    "StepRecord",
    "WorkingCopy",
]
