"""The log as a resident reads it: each entry a plain sentence of who did what, and when."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString

from revisions.models import LogEntry, Process
from revisions.telling.sentences import SENTENCES, named
from revisions.telling.story import Log, Story, records_of

__all__ = ["Told", "log_of", "tell"]

SHORT_MARK = 8
# When work is sent back by a decision, the reason is quoted where it is sent.
WITHOUT_QUOTE = {Log.DECIDED, Log.CLOSED}
SAYS_WHO = {
    Log.EVIDENCE_ADDED,
    Log.EVIDENCE_WITHDRAWN,
    Log.COMMENTS_OPENED,
    Log.CORRECTED,
    Log.DRAFT_MADE,
    Log.DRAFT_PUBLISHED,
    Log.TEXT_CHANGED,
    Log.APPROVED,
    Log.CHANGE_ASKED,
    Log.ABORTED,
}
# Where it matters to the letter which text it was.
WITH_MARK = {
    Log.DRAFT_PUBLISHED,
    Log.TEXT_CHANGED,
    Log.APPROVED,
    Log.CHANGE_ASKED,
    Log.APPROVAL_MINUTED,
    Log.INFORMED,
    Log.ADOPTED,
}


@dataclass(frozen=True, slots=True)
class Told:
    """`quote` is what somebody wrote; `mark` tells exactly which text it concerns, where it does.

    `recorded_by` is the role of whoever recorded it, when the sentence does not say who.
    """

    entry: LogEntry
    words: SafeString
    quote: str = ""
    mark: str = ""
    recorded_by: str = ""

    @property
    def is_history(self) -> bool:
        """True for what took place before it was kept here."""
        return self.entry.kind == Log.HISTORY or self.entry.happened is not None


def log_of(process: Process, words: Mapping[str, Any]) -> list[Told]:
    """The whole log, latest first, in as many queries for a long one as for a short.

    `words` is the municipality's vocabulary.
    """
    rows = LogEntry.objects.filter(process=process).select_related("decision__body")
    entries = list(rows.order_by("pk"))
    story = Story(process, words, records_of(process, entries))
    return [tell(entry, story) for entry in entries][::-1]


def tell(entry: LogEntry, story: Story) -> Told:
    """One entry. A kind that nobody has written a sentence for is told by its name."""
    words = SENTENCES.get(entry.kind, named)(entry, story)
    return Told(
        entry,
        words,
        "" if entry.kind in WITHOUT_QUOTE and not is_kept_here(entry, story) else entry.reason,
        entry.digest[:SHORT_MARK] if entry.kind in WITH_MARK else "",
        "" if entry.kind in SAYS_WHO and entry.happened is None else story.who(entry),
    )


def is_kept_here(entry: LogEntry, story: Story) -> bool:
    """A plan that is referred back stays in its phase: nothing after the decision says why."""
    return entry.kind == Log.DECIDED and story.is_phased
