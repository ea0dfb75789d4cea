"""The log read as a story: from its entries alone, where a process stands."""

from collections.abc import Iterable
from dataclasses import dataclass

from revisions.models import LogEntry, Process


@dataclass(frozen=True, slots=True)
class Position:
    step: int = 1
    attempt: int = 1
    is_open: bool = True
    outcome: str = ""


def replay(entries: Iterable[LogEntry]) -> Position:
    """The same step, attempt and outcome that the process's own row holds."""
    kind, outcome = LogEntry.Kind, Process.Outcome
    step, attempt, is_open, result = 1, 1, True, ""
    for entry in entries:
        if entry.kind in (kind.PASSED, kind.HISTORY):
            if entry.to_step:
                step = entry.to_step
            result = outcome.EVALUATED
        elif entry.kind == kind.SENT_BACK:
            step, attempt = entry.to_step, attempt + 1
        elif entry.kind == kind.ADOPTED:
            step, result = entry.to_step or step, outcome.ADOPTED
        elif entry.kind == kind.DECIDED:
            result = outcome.REJECTED
        elif entry.kind == kind.ABORTED:
            result = outcome.ABORTED
        elif entry.kind == kind.CLOSED:
            is_open = False
    return Position(step, attempt, is_open, "" if is_open else result)
