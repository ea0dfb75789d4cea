"""Two clauses made one, and one made two."""

from django.db import transaction
from django.utils.translation import gettext as _

from programs.models import Clause
from revisions.drafting.base import Because, change, close_text, find, open_text
from revisions.drafting.order import block, free_slug, put_in_order, save
from revisions.models import ClauseChange, Comment, Process
from revisions.workflow import Seen, TransitionError


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
