"""What the sentences of a log are made of."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from revisions.models import LogEntry, Process
from revisions.steps import Kind

Log = LogEntry.Kind


@dataclass
class Story:
    """What the sentences are made of. Each kind of record comes in the order it was logged."""

    process: Process
    words: Mapping[str, Any]
    records: dict[str, Iterator[Any]]
    has_period: bool = False
    has_approvals: bool = False

    def next_of(self, kind: str) -> Any:
        return next(self.records[kind], None)

    def step(self, number: int | None) -> dict[str, Any]:
        """For a sentence: the number and the title of a step; a number that is none is kept."""
        steps = self.process.steps
        known = number is not None and 1 <= number <= len(steps)
        return {"number": number or "", "title": steps[number - 1].title if known else ""}

    def who(self, entry: LogEntry) -> str:
        """In the middle of a sentence: "the project leader", where the vocabulary has the form."""
        leader = self.words["project_leader"]
        if entry.role.casefold() in {leader.singular.casefold(), _("Project leader").casefold()}:
            return leader.definite
        return entry.role[:1].lower() + entry.role[1:] or _("the municipality")

    @property
    def is_phased(self) -> bool:
        return self.process.kind == Kind.LOCAL_DEVELOPMENT


def records_of(process: Process, entries: Sequence[LogEntry]) -> dict[str, Iterator[Any]]:
    """The anchorings and the approvals, by the kind of entry and in the order of the log."""
    found: dict[str, list[Any]] = defaultdict(list)
    kinds = {entry.kind for entry in entries}
    if Log.ANCHORED in kinds:
        found[Log.ANCHORED] = list(process.anchorings.order_by("pk"))
    if kinds & {Log.APPROVED, Log.CHANGE_ASKED, Log.APPROVAL_MINUTED}:
        rows = process.approvals.select_related("membership", "event").order_by("pk")
        for approval in rows:
            kind = Log.APPROVED if approval.is_approved else Log.CHANGE_ASKED
            found[Log.APPROVAL_MINUTED if approval.event_id else kind].append(approval)
    return defaultdict(lambda: iter(()), {kind: iter(rows) for kind, rows in found.items()})
