"""Writing the draft: every change is one transaction, with its reason, and loses nothing.

The text is an ordered list; a clause stands under the nearest clause above it on a lower level.
Whoever edits says which wording they saw: when someone else has changed it meanwhile, the change
is refused with `Conflict`, and both wordings can be shown.
"""

from revisions.drafting.base import Because, Conflict, fingerprint, may_write
from revisions.drafting.beginning import FIRST_WRITING_STEP, begin_draft
from revisions.drafting.clauses import add_clause, drop_clause, edit_clause, move_clause
from revisions.drafting.joining import merge_clauses, split_clause
from revisions.drafting.order import block
from revisions.drafting.restoring import restore_clause, restore_version

__all__ = [
    "FIRST_WRITING_STEP",
    "Because",
    "Conflict",
    "add_clause",
    "begin_draft",
    "block",
    "drop_clause",
    "edit_clause",
    "fingerprint",
    "may_write",
    "merge_clauses",
    "move_clause",
    "restore_clause",
    "restore_version",
    "split_clause",
]
