"""One clause edited, added, moved or dropped."""

from django.db import transaction
from django.utils.translation import gettext as _

from programs.models import Clause
from revisions.drafting.base import (
    Because,
    change,
    close_text,
    find,
    keep_version,
    open_text,
    tell_if_published,
)
from revisions.drafting.order import (
    block,
    check_levels,
    free_slug,
    parents,
    place_after,
    put_in_order,
    save,
)
from revisions.models import Comment, Process
from revisions.workflow import Seen, TransitionError

HIGHEST_LEVEL = 4


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
