"""The log read as a story: from its entries alone, where a process stands."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from revisions.models import LogEntry, Process

Kind, Outcome = LogEntry.Kind, Process.Outcome
# The step and attempt where something was shown, and what it was called then.
Shown = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class Position:
    """The step, the attempt and the outcome; what is open, entered, due, shown and published."""

    step: int = 1
    attempt: int = 1
    is_open: bool = True
    outcome: str = ""
    period: tuple[datetime.date, ...] = ()
    channels: frozenset[str] = frozenset()
    statement_due_on: datetime.date | None = None
    is_published: bool = False
    evidence: tuple[Shown, ...] = ()


@dataclass(slots=True)
class Story:
    """What has to be remembered on the way: the steps in which things were done."""

    now: Position = field(default_factory=Position)
    result: str = ""
    period_step: int = 0
    due_step: int = 0
    draft_step: int = 0

    def hear(self, entry: LogEntry) -> None:
        tell = TOLD.get(entry.kind)
        if tell:
            tell(self, entry)

    def put(self, **changed: object) -> None:
        self.now = replace(self.now, **changed)

    def passed(self, entry: LogEntry) -> None:
        self.put(step=entry.to_step or self.now.step)
        self.result = Outcome.EVALUATED

    def sent_back(self, entry: LogEntry) -> None:
        """What was set in a step that is done again is set again; a new attempt enters anew."""
        to = entry.to_step
        self.put(step=to, attempt=self.now.attempt + 1, channels=frozenset())
        if to <= self.period_step:
            self.put(period=())
        if to <= self.due_step:
            self.put(statement_due_on=None)
        if to <= self.draft_step:
            self.put(is_published=False)

    def evidence_added(self, entry: LogEntry) -> None:
        shown = (entry.step, self.now.attempt, entry.about)
        self.put(evidence=(*self.now.evidence, shown))

    def evidence_withdrawn(self, entry: LogEntry) -> None:
        left = list(self.now.evidence)
        left.remove((entry.step, self.now.attempt, entry.about))
        self.put(evidence=tuple(left))

    def comments_opened(self, entry: LogEntry) -> None:
        days = tuple(map(datetime.date.fromisoformat, entry.about.split("/")))
        self.put(period=days)
        self.period_step = entry.step

    def channel_entered(self, entry: LogEntry) -> None:
        self.put(channels=self.now.channels | {entry.about})

    def channel_reopened(self, entry: LogEntry) -> None:
        self.put(channels=self.now.channels - {entry.about})

    def statement_due(self, entry: LogEntry) -> None:
        self.put(statement_due_on=datetime.date.fromisoformat(entry.about))
        self.due_step = entry.step

    def draft_made(self, entry: LogEntry) -> None:
        self.put(is_published=False)
        self.draft_step = entry.step

    def draft_published(self, _entry: LogEntry) -> None:
        self.put(is_published=True)

    def adopted(self, entry: LogEntry) -> None:
        self.put(step=entry.to_step or self.now.step)
        self.result, self.draft_step = Outcome.ADOPTED, 0

    def decided(self, _entry: LogEntry) -> None:
        self.result = Outcome.REJECTED

    def aborted(self, _entry: LogEntry) -> None:
        self.result = Outcome.ABORTED

    def closed(self, _entry: LogEntry) -> None:
        self.put(is_open=False, outcome=self.result)


TOLD = {
    Kind.PASSED: Story.passed,
    Kind.SENT_BACK: Story.sent_back,
    Kind.EVIDENCE_ADDED: Story.evidence_added,
    Kind.EVIDENCE_WITHDRAWN: Story.evidence_withdrawn,
    Kind.COMMENTS_OPENED: Story.comments_opened,
    Kind.CHANNEL_ENTERED: Story.channel_entered,
    Kind.CHANNEL_REOPENED: Story.channel_reopened,
    Kind.STATEMENT_DUE: Story.statement_due,
    Kind.DRAFT_MADE: Story.draft_made,
    Kind.DRAFT_PUBLISHED: Story.draft_published,
    Kind.ADOPTED: Story.adopted,
    Kind.DECIDED: Story.decided,
    Kind.ABORTED: Story.aborted,
    Kind.CLOSED: Story.closed,
}


def replay(entries: Iterable[LogEntry]) -> Position:
    """The same as the process's own rows say; evidence as it was called when it was shown."""
    story = Story()
    for entry in entries:
        story.hear(entry)
    return replace(story.now, evidence=tuple(sorted(story.now.evidence)))


def position(process: Process) -> Position:
    """Where the process stands according to its rows: what `replay` must come to."""
    period = (process.comments_open_on, process.comments_close_on)
    return Position(
        process.step,
        process.attempt,
        process.is_open,
        process.outcome,
        period if process.comments_open_on else (),
        frozenset(
            process.channels_entered.filter(attempt=process.attempt).values_list(
                "channel", flat=True
            )
        ),
        process.statement_due_on,
        process.draft_published_at is not None,
        tuple(
            sorted(
                (row.number, row.attempt, row.words)
                for row in process.evidence.standing().select_related("event", "document")
            )
        ),
    )
