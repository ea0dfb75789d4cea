"""What every change to the draft shares: who saw what, why, and the versions kept."""

import datetime
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.contrib.auth.base_user import AbstractBaseUser
from django.utils.translation import gettext as _

from programs.models import Clause, Edition
from revisions.digest import digest_of, text_of
from revisions.models import ClauseChange, Comment, DraftVersion, LogEntry, Process
from revisions.workflow import WRITING_STEPS, Seen, TransitionError, lock, moment, record


class Conflict(TransitionError):
    """Someone else changed the clause after it was read; `clause` is as it is now."""

    def __init__(self, clause: Clause | None) -> None:
        super().__init__(
            _("Someone else changed this while you were writing. Compare, and save again.")
            if clause
            else _("Someone else has removed this clause.")
        )
        self.clause = clause


@dataclass(frozen=True, slots=True)
class Because:
    """Why a change is made, by whom, and which comments are behind it."""

    by: AbstractBaseUser
    reason: str
    today: datetime.date
    comments: Sequence[Comment] = ()
    role: str = ""


def may_write(process: Process) -> bool:
    return bool(
        process.current
        and process.draft
        and process.draft.state == Edition.State.DRAFT
        and process.current.slug in WRITING_STEPS[process.kind]
    )


def fingerprint(clause: Clause) -> str:
    """Changes with the wording and with what the clause stands under."""
    parts = (clause.slug, clause.level, clause.parent_id, clause.heading, clause.text)
    whole = "\x1f".join(str(part) for part in (*parts, clause.youth_voices))
    return hashlib.sha256(whole.encode()).hexdigest()[:16]


def open_text(process: Process, was: Seen) -> tuple[Process, list[Clause]]:
    process = lock(process, was)
    if not may_write(process):
        raise TransitionError(_("The text cannot be changed in this step."))
    return process, list(process.draft.clauses.select_related("parent", "origin"))


def find(rows: Iterable[Clause], clause_id: int, saw: str) -> Clause:
    clause = next((row for row in rows if row.pk == clause_id), None)
    if clause is None or fingerprint(clause) != saw:
        raise Conflict(clause)
    return clause


def close_text(process: Process, because: Because, *, clause: Clause, what: str) -> None:
    change(process, because, clause=clause, origin=clause.origin)
    keep_version(process, because.by, what % {"clause": clause.title}, because.today)
    tell_if_published(process, because)


def change(
    process: Process, because: Because, *, clause: Clause | None, origin: Clause | None
) -> None:
    if not because.reason.strip():
        raise TransitionError(_("Say in a few words why."))
    if any(comment.process_id != process.pk for comment in because.comments):
        raise TransitionError(_("Choose comments that belong to this process."))
    row = ClauseChange(
        process=process,
        clause=clause,
        origin=origin,
        reason=because.reason.strip(),
        made_by=because.by,
        made_at=moment(because.today),
    )
    row.clean_fields(exclude=["process", "clause", "origin", "made_by"])
    row.save()
    row.comments.set(because.comments)


def keep_version(process: Process, by: AbstractBaseUser, what: str, today: datetime.date) -> None:
    DraftVersion.objects.create(
        process=process,
        digest=digest_of(process.draft),
        clauses=text_of(process.draft),
        what=what[:120],
        saved_by=by,
        saved_at=moment(today),
    )


def tell_if_published(process: Process, because: Because) -> None:
    """A text that everyone can read does not change in silence."""
    if process.draft_published_at:
        record(
            process,
            LogEntry.Kind.TEXT_CHANGED,
            by=because.by,
            role=because.role,
            today=because.today,
            reason=because.reason,
            digest=digest_of(process.draft),
        )
