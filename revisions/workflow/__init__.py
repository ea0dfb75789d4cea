"""How a process moves: every transition locks, checks, changes, records, in one transaction.

The program is locked before its process. Each function takes what the person on the other side
of the screen saw (`seen`, a step and an attempt), so that a double click or a faster colleague
changes nothing twice. All raise a `TransitionError` that says why in words for the page.
"""

from revisions.workflow.approval import (
    WRITING_STEPS,
    check_approval,
    minute_approval,
    publish_draft,
    take_stand,
)
from revisions.workflow.association import anchor, give_statement, set_statement_deadline
from revisions.workflow.base import Seen, lock, moment, need, record, seen
from revisions.workflow.decision import record_decision, record_information
from revisions.workflow.errors import AlreadyDone, StaleStep, StepBlocked, TransitionError
from revisions.workflow.evidence import add_evidence, publish_document, withdraw_evidence
from revisions.workflow.moving import abort, allowed_to_send_back, pass_step, send_back, start
from revisions.workflow.period import enter_channel, open_comments, reopen_channel

__all__ = [
    "WRITING_STEPS",
    "AlreadyDone",
    "Seen",
    "StaleStep",
    "StepBlocked",
    "TransitionError",
    "abort",
    "add_evidence",
    "allowed_to_send_back",
    "anchor",
    "check_approval",
    "enter_channel",
    "give_statement",
    "lock",
    "minute_approval",
    "moment",
    "need",
    "open_comments",
    "pass_step",
    "publish_document",
    "publish_draft",
    "record",
    "record_decision",
    "record_information",
    "reopen_channel",
    "seen",
    "send_back",
    "set_statement_deadline",
    "start",
    "take_stand",
    "withdraw_evidence",
]
