"""Writing the draft: every change is one transaction, with its reason, and loses nothing.

The text is an ordered list; a clause stands under the nearest clause above it on a lower level.
Whoever edits says which wording they saw: when someone else has changed it meanwhile, the change
is refused with `Conflict`, and both wordings can be shown.
"""

import datetime
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from programs.models import Clause, Edition
from programs.models.editions import numbers
from revisions.digest import digest_of, text_of
from revisions.models import ClauseChange, Comment, DraftVersion, LogEntry, Process
from revisions.steps import Kind
from revisions.workflow import WRITING_STEPS, Seen, TransitionError, lock, moment, need, record

# Where the draft is begun.
FIRST_WRITING_STEP = {
    Kind.REVISION: "draft",
    Kind.CREATION: "compilation",
    Kind.LOCAL_DEVELOPMENT: "initiate",
}
HIGHEST_LEVEL = 4


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


@transaction.atomic
def begin_draft(
    process: Process, was: Seen, *, by: AbstractBaseUser, role: str = "", today: datetime.date
) -> Edition:
    """A draft that starts as a copy of the text in force, each clause with its `origin`.

    A local development that is sent back to its plan begins another after the one adopted.
    """
    process = lock(process, was)
    need(process, FIRST_WRITING_STEP[process.kind])
    if process.draft and process.draft.state == Edition.State.DRAFT:
        raise TransitionError(_("There is already a draft."))
    if process.program.editions.filter(state=Edition.State.DRAFT).exists():
        raise TransitionError(_("The program already has a draft."))
    latest = process.program.editions.order_by("-number").first()
    base = process.program.editions.adopted().first()
    draft = Edition.objects.create(
        program=process.program,
        number=latest.number + 1 if latest else 1,
        horizon_year=base.horizon_year if base else None,
        interim_year=base.interim_year if base else None,
    )
    copies: dict[int, Clause] = {}
    for clause in base.clauses.all() if base else ():
        copies[clause.pk] = Clause.objects.create(
            edition=draft,
            parent=copies.get(clause.parent_id),
            origin=clause,
            slug=clause.slug,
            level=clause.level,
            position=clause.position,
            number=clause.number,
            heading=clause.heading,
            text=clause.text,
            youth_voices=clause.youth_voices,
        )
    process.draft, process.base, process.draft_published_at = draft, base, None
    process.save(update_fields=["draft", "base", "draft_published_at", "updated_at"])
    record(process, LogEntry.Kind.DRAFT_MADE, by=by, role=role, today=today)
    keep_version(process, by, _("The draft was begun"), today)
    return draft


@transaction.atomic
def edit_clause(
    process: Process,
    was: Seen,
    clause_id: int,
    *,
    saw: str,
    heading: str,
    text: str,
    youth_voices: str | None = None,
    because: Because,
) -> Clause:
    """Write the clause anew. `saw` is the fingerprint of what the writer had before them.

    What young people said stays as it is unless it is given.
    """
    process, rows = open_text(process, was)
    clause = find(rows, clause_id, saw)
    if not heading.strip() and not text.strip():
        raise TransitionError(_("Write a heading or a text."))
    clause.heading, clause.text = heading.strip(), text.strip()
    if youth_voices is not None:
        clause.youth_voices = youth_voices.strip()
    save(clause)
    close_text(process, because, clause=clause, what=_("Edited: %(clause)s"))
    return clause


@transaction.atomic
def add_clause(
    process: Process,
    was: Seen,
    *,
    after: int | None,
    level: int,
    heading: str,
    text: str,
    because: Because,
) -> Clause:
    """A new clause after another one and all under it; first of all when `after` is None."""
    process, rows = open_text(process, was)
    if not heading.strip() and not text.strip():
        raise TransitionError(_("Write a heading or a text."))
    if not 0 <= level <= HIGHEST_LEVEL:
        raise TransitionError(_("There is no such level."))
    clause = Clause(
        edition=process.draft,
        slug=free_slug(process.draft, heading.strip() or text),
        level=level,
        position=0,
        heading=heading.strip(),
        text=text.strip(),
    )
    place = place_after(rows, after, level)
    rows.insert(place, clause)
    check_levels(rows)
    clause.parent = parents(rows)[place]
    save(clause)
    put_in_order(rows)
    close_text(process, because, clause=clause, what=_("Added: %(clause)s"))
    return clause


@transaction.atomic
def move_clause(
    process: Process,
    was: Seen,
    clause_id: int,
    *,
    saw: str,
    after: int | None,
    because: Because,
) -> Clause:
    """Move the clause, with all that stands under it, after another one; first when None."""
    process, rows = open_text(process, was)
    clause = find(rows, clause_id, saw)
    moved = block(rows, clause)
    if after in {row.pk for row in moved}:
        raise TransitionError(_("A clause cannot be moved in under itself."))
    rest = [row for row in rows if row not in moved]
    place = place_after(rest, after, clause.level)
    rows = [*rest[:place], *moved, *rest[place:]]
    check_levels(rows)
    put_in_order(rows)
    close_text(process, because, clause=clause, what=_("Moved: %(clause)s"))
    return clause


@transaction.atomic
def drop_clause(process: Process, was: Seen, clause_id: int, *, saw: str, because: Because) -> None:
    """Remove the clause and all that stands under it; the text in force still has them."""
    process, rows = open_text(process, was)
    clause = find(rows, clause_id, saw)
    title = clause.title
    for row in reversed(block(rows, clause)):
        grew_from = [*filter(None, [row.origin]), *row.merged_from.all()]
        for origin in grew_from or [None]:
            change(process, because, clause=None, origin=origin)
        # What people said of it stays, with what it was called.
        Comment.objects.filter(clause=row).update(clause=None, clause_was=row.title[:200])
        row.delete()
        rows.remove(row)
    check_levels(rows)
    put_in_order(rows)
    keep_version(process, because.by, _("Dropped: %(clause)s") % {"clause": title}, because.today)
    tell_if_published(process, because)


@transaction.atomic
def merge_clauses(
    process: Process,
    was: Seen,
    clause_id: int,
    other_id: int,
    *,
    saw: str,
    saw_other: str,
    heading: str,
    text: str,
    because: Because,
) -> Clause:
    """Make one clause of two on the same level; what stood under the other follows it."""
    process, rows = open_text(process, was)
    clause, other = find(rows, clause_id, saw), find(rows, other_id, saw_other)
    if clause == other or clause.level != other.level:
        raise TransitionError(_("Choose two clauses on the same level."))
    if not heading.strip() and not text.strip():
        raise TransitionError(_("Write a heading or a text."))
    followers = block(rows, other)[1:]
    rest = [row for row in rows if row not in followers and row != other]
    place = rest.index(block(rest, clause)[-1]) + 1
    rows = [*rest[:place], *followers, *rest[place:]]
    clause.heading, clause.text = heading.strip(), text.strip()
    voices = filter(None, [clause.youth_voices, other.youth_voices])
    clause.youth_voices = "\n\n".join(voices)
    save(clause)
    came_from = [other.origin_id, *other.merged_from.values_list("pk", flat=True)]
    clause.merged_from.add(*[pk for pk in came_from if pk and pk != clause.origin_id])
    put_in_order(rows)
    ClauseChange.objects.filter(clause=other).update(clause=clause)
    Comment.objects.filter(clause=other).update(clause=clause)
    Comment.objects.filter(changed_clause=other).update(changed_clause=clause)
    other.delete()
    close_text(process, because, clause=clause, what=_("Merged: %(clause)s"))
    return clause


@transaction.atomic
def split_clause(
    process: Process,
    was: Seen,
    clause_id: int,
    *,
    saw: str,
    heading: str,
    text: str,
    second_heading: str,
    second_text: str,
    because: Because,
) -> tuple[Clause, Clause]:
    """Make two clauses of one; both grew from the same."""
    process, rows = open_text(process, was)
    clause = find(rows, clause_id, saw)
    if not (heading + text).strip() or not (second_heading + second_text).strip():
        raise TransitionError(_("Both parts need a heading or a text."))
    clause.heading, clause.text = heading.strip(), text.strip()
    save(clause)
    second = Clause(
        edition=process.draft,
        slug=free_slug(process.draft, second_heading.strip() or second_text),
        origin=clause.origin,
        level=clause.level,
        position=0,
        heading=second_heading.strip(),
        text=second_text.strip(),
        parent=clause.parent,
    )
    save(second)
    second.merged_from.set(clause.merged_from.all())
    rows.insert(rows.index(block(rows, clause)[-1]) + 1, second)
    put_in_order(rows)
    change(process, because, clause=second, origin=second.origin)
    close_text(process, because, clause=clause, what=_("Split: %(clause)s"))
    return clause, second


# The text as an ordered list


def block(rows: Sequence[Clause], clause: Clause) -> list[Clause]:
    """The clause and all that stands under it."""
    start = rows.index(clause)
    result = [clause]
    for row in rows[start + 1 :]:
        if row.level <= clause.level or clause.level == 0:
            break
        result.append(row)
    return result


def place_after(rows: Sequence[Clause], after: int | None, level: int) -> int:
    """Where a clause of that level lands: first under a higher one, else after its equal.

    After something deeper it lands behind all of that, so that nothing else changes its parent.
    What is not a point of the vision lands behind those.
    """
    place = 0
    if after is not None:
        target = next((row for row in rows if row.pk == after), None)
        if target is None:
            raise Conflict(None)
        place = rows.index(target) + 1
    while level and place < len(rows) and (rows[place].level > level or rows[place].level == 0):
        place += 1
    return place


def parents(rows: Sequence[Clause]) -> list[Clause | None]:
    above: list[Clause] = []
    result: list[Clause | None] = []
    for row in rows:
        above = [clause for clause in above if 0 < clause.level < row.level]
        result.append(above[-1] if above and row.level > 1 else None)
        above.append(row)
    return result


def check_levels(rows: Sequence[Clause]) -> None:
    """Points of the vision come first, and nothing below an area stands without one."""
    seen_area = False
    for row, parent in zip(rows, parents(rows), strict=True):
        if row.level == 0 and seen_area:
            raise TransitionError(_("The points of the vision stand first."))
        seen_area = seen_area or row.level > 0
        if row.level > 1 and parent is None:
            raise TransitionError(_("This needs something to stand under. Choose another place."))


def put_in_order(rows: list[Clause]) -> None:
    for position, (row, parent, number) in enumerate(
        zip(rows, parents(rows), numbers([row.level for row in rows]), strict=True), start=1
    ):
        row.position, row.parent, row.number = position, parent, number
    Clause.objects.bulk_update(rows, ["position", "parent", "number"])


def save(clause: Clause) -> None:
    """Raises ValidationError for a heading that is too long."""
    clause.clean_fields(exclude=["edition", "parent", "origin"])
    clause.save()


def free_slug(edition: Edition, words: str) -> str:
    """A readable permanent link that the draft does not use yet."""
    stem = slugify(words)[:60].strip("-") or "punkt"
    taken = set(edition.clauses.values_list("slug", flat=True))
    return next(
        slug
        for slug in (stem, *(f"{stem}-{number}" for number in range(2, len(taken) + 3)))
        if slug not in taken
    )


# What every change shares


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
