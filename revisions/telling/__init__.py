"""The log as a resident reads it: each entry a plain sentence of who did what, and when."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString

from programs.models import Decision
from revisions.models import LogEntry, Process
from revisions.telling.sentences import SENTENCES, named, outcome_of
from revisions.telling.story import Log, Story, records_of

__all__ = ["Told", "log_of", "tell"]

SHORT_MARK = 8
# The sentence says it already.
WITHOUT_QUOTE = {Log.COMMENTS_OPENED, Log.CLOSED}
SAYS_WHO = {
    Log.COMMENTS_OPENED,
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
    entries = list(LogEntry.objects.filter(process=process).order_by("pk"))
    story = Story(process, words, records_of(process, entries))
    story.following = dict(zip((entry.pk for entry in entries), entries[1:], strict=False))
    return [tell(entry, story) for entry in entries][::-1]


def tell(entry: LogEntry, story: Story) -> Told:
    """One entry. A kind that nobody has written a sentence for is told by its name."""
    words = SENTENCES.get(entry.kind, named)(entry, story)
    return Told(
        entry,
        words,
        quote_of(entry, story),
        entry.digest[:SHORT_MARK] if entry.kind in WITH_MARK else "",
        "" if entry.kind in SAYS_WHO else story.who(entry),
    )


def quote_of(entry: LogEntry, story: Story) -> str:
    """What was written. A decision's reason to send the work back is quoted with the sending."""
    if entry.kind in WITHOUT_QUOTE:
        return ""
    if entry.kind == Log.DECIDED:
        stays = story.is_phased and outcome_of(entry, story) == Decision.Outcome.REFERRED_BACK
        return entry.reason if stays else ""
    return entry.reason
