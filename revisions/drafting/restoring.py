"""Nothing that was written is out of reach: dropped clauses and whole versions brought back."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from programs.models import Clause
from revisions.digest import digest_of, text_of
from revisions.drafting.base import Because, change, keep_version, open_text, tell_if_published
from revisions.drafting.order import block, check_levels, free_slug, parents, put_in_order, save
from revisions.models import Comment, DraftVersion, Process
from revisions.saved_text import compare_saved
from revisions.workflow import Seen, TransitionError


@transaction.atomic
def restore_clause(
    process: Process, was: Seen, origin_id: int, *, with_below: bool = True, because: Because
) -> Clause:
    """Bring back what was dropped, in the wording of the text in force, where it stood.

    `with_below` brings back what was dropped from under it as well.
    """
    process, rows = open_text(process, was)
    before = list(process.base.clauses.order_by("position", "pk")) if process.base else []
    origin = next((clause for clause in before if clause.pk == origin_id), None)
    if origin is None:
        raise TransitionError(_("That clause is not in the text that the draft started from."))
    living = {row.origin_id: row for row in rows if row.origin_id}
    merged = set(process.draft.clauses.values_list("merged_from", flat=True))
    if origin.pk in living or origin.pk in merged:
        raise TransitionError(_("That clause is in the draft already."))
    for old in block(before, origin) if with_below else [origin]:
        if old.pk in living or old.pk in merged:
            continue
        if old.parent_id and old.parent_id not in living:
            above = next(clause for clause in before if clause.pk == old.parent_id)
            raise TransitionError(
                _("Bring back “%(clause)s” first: this stood under it.") % {"clause": above.title}
            )
        row = copy_of(old, process)
        row.parent = living.get(old.parent_id)
        rows.insert(place_of(old, row, rows, before), row)
        save(row)
        living[old.pk] = row
        change(process, because, clause=row, origin=old)
    check_levels(rows)
    put_in_order(rows)
    what = _("Brought back: %(clause)s") % {"clause": origin.title}
    keep_version(process, because.by, what, because.today)
    tell_if_published(process, because)
    return living[origin.pk]


def copy_of(old: Clause, process: Process) -> Clause:
    taken = process.draft.clauses.filter(slug=old.slug).exists()
    return Clause(
        edition=process.draft,
        origin=old,
        slug=free_slug(process.draft, old.title) if taken else old.slug,
        level=old.level,
        position=0,
        heading=old.heading,
        text=old.text,
        youth_voices=old.youth_voices,
    )


def place_of(old: Clause, row: Clause, rows: Sequence[Clause], before: Sequence[Clause]) -> int:
    """After the nearest that stood before it under the same, or else first among those."""
    order = {clause.pk: place for place, clause in enumerate(before)}
    alike = [
        other
        for other, parent in zip(rows, parents(rows), strict=True)
        if other.level == row.level and (parent and parent.pk) == (row.parent and row.parent.pk)
    ]
    earlier = [
        other
        for other in alike
        if other.origin_id in order and order[other.origin_id] < order[old.pk]
    ]
    if earlier:
        nearest = max(earlier, key=lambda other: order[other.origin_id])
        return rows.index(block(rows, nearest)[-1]) + 1
    if row.parent is not None:
        return rows.index(row.parent) + 1
    return sum(other.level < row.level for other in rows if other.level == 0)


@transaction.atomic
def restore_version(
    process: Process, was: Seen, version: DraftVersion, *, saw: str, because: Because
) -> None:
    """Make the draft read as it did in that version; `saw` is the digest of what is replaced.

    A change like any other: what stood there in between is a version as well.
    """
    process, rows = open_text(process, was)
    if digest_of(process.draft) != saw:
        raise TransitionError(
            _("The text was changed while you were reading. Read what is new and try again.")
        )
    if version.process_id != process.pk or not version.clauses:
        raise TransitionError(_("That version has no text to bring back."))
    if version.digest == saw:
        raise TransitionError(_("The draft reads like that already."))
    changed = compare_saved(text_of(process.draft), version.clauses).changed
    restored = rewrite(process, rows, version.clauses)
    by_slug = {row.slug: row for row in restored}
    for state in changed:
        row = by_slug.get(state.new.slug) if state.new else None
        old = None if row else next((r for r in rows if r.slug == state.old.slug), None)
        origin = row.origin if row else old and old.origin
        change(process, because, clause=row, origin=origin)
    moment = date_format(localtime(version.saved_at), "j F Y H.i")
    what = _("Brought back the version of %(moment)s") % {"moment": moment}
    keep_version(process, because.by, what, because.today)
    tell_if_published(process, because)


def rewrite(
    process: Process, rows: Sequence[Clause], wanted: Sequence[dict[str, Any]]
) -> list[Clause]:
    """The draft's clauses as that text has them; returns them in reading order."""
    known = set(process.base.clauses.values_list("pk", flat=True)) if process.base else set()
    by_slug = {row.slug: row for row in rows}
    result = []
    for saved in wanted:
        row = by_slug.pop(saved["slug"], None) or Clause(
            edition=process.draft,
            slug=saved["slug"],
            position=0,
            origin_id=saved["origin"] if saved["origin"] in known else None,
        )
        row.level, row.heading, row.text = saved["level"], saved["heading"], saved["text"]
        row.youth_voices = saved["youth_voices"]
        row.parent = None
        save(row)
        result.append(row)
    put_in_order(result)
    gone = list(by_slug.values())
    for row in gone:
        Comment.objects.filter(clause=row).update(clause=None, clause_was=row.title[:200])
    for row in reversed(gone):
        row.delete()
    alive = {row.origin_id for row in result}
    for row in result:
        # What had been merged into it stands on its own feet again.
        row.merged_from.remove(*row.merged_from.filter(pk__in=alive))
    return result
