"""Compares two editions of a program: first which clause is which, then their words.

A clause is the same as the one it grew from (`Clause.origin`), whatever it says now and wherever
it stands; also when it grew through editions in between.
"""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from enum import Enum
from functools import cached_property
from itertools import groupby
from operator import itemgetter

from django.db.models import TextChoices
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from programs.models import Clause

# A word with what may stand inside it ("2013–2019", "F–9-skola", "18.30"), or one other sign.
TOKEN = re.compile(r"\w+(?:[-–.:'’/]\w+)*|[^\w\s]")
# Below this share of letters in common, two texts are easier to read one after the other.
ENOUGH_IN_COMMON = 0.4


class State(TextChoices):
    NEW = "new", _("new")
    EDITED = "edited", _("edited")
    MOVED = "moved", _("moved")
    DROPPED = "dropped", _("dropped")
    KEPT = "kept", _("unchanged")


class Mark(Enum):
    KEPT = ""
    DELETED = "del"
    INSERTED = "ins"


@dataclass(eq=False)
class Change:
    """What became of one clause. A clause that was split has one change for each of its parts.

    One that was merged into another (`merged_into`) is gone as a clause of its own.
    """

    old: Clause | None
    new: Clause | None
    is_moved: bool = False
    is_part_of_split: bool = False
    merged_into: Clause | None = None
    children: list["Change"] = field(default_factory=list)

    @property
    def clause(self) -> Clause:
        return self.new or self.old

    @cached_property
    def state(self) -> State:
        if not self.old:
            return State.NEW
        if not self.new:
            return State.DROPPED
        if any(
            TOKEN.findall(old) != TOKEN.findall(new)
            for old, new in (
                (self.old.heading, self.new.heading),
                (self.old.text, self.new.text),
                (self.old.youth_voices, self.new.youth_voices),
            )
        ):
            return State.EDITED
        return State.MOVED if self.is_moved else State.KEPT

    @cached_property
    def heading(self) -> "Words":
        return compare_words(
            self.old.heading if self.old else "", self.new.heading if self.new else ""
        )

    @cached_property
    def text(self) -> "Words":
        return compare_words(self.old.text if self.old else "", self.new.text if self.new else "")

    @cached_property
    def youth_voices(self) -> "Words":
        """Only where they differ."""
        old = self.old.youth_voices if self.old else ""
        new = self.new.youth_voices if self.new else ""
        return compare_words(old, new) if old != new else Words(())


def compare(
    older: Sequence[Clause],
    newer: Sequence[Clause],
    origins: Mapping[int, int | None],
    merges: Iterable[tuple[int, int]] = (),
) -> list[Change]:
    """The new text as a tree of changes, with what was dropped standing where it stood.

    Both texts are given in reading order. `origins` has every clause of the newer edition, and of
    those in between, with the clause it grew from; `merges` has pairs of a clause of the newer
    edition and one that it also grew from.
    """
    order = {clause.pk: place for place, clause in enumerate(older)}
    changes = {clause.pk: Change(None, clause) for clause in newer}
    successors = defaultdict(list)
    for change in changes.values():
        pk = ancestor(change.new.pk, order, origins)
        if pk is not None:
            change.old = older[order[pk]]
            successors[pk].append(change)
    for parts in successors.values():
        for change in parts:
            change.is_part_of_split = len(parts) > 1

    roots: list[Change] = []
    for change in changes.values():
        parent = changes.get(change.new.parent_id)
        (parent.children if parent else roots).append(change)
    mark_moved(None, roots, order)
    for change in changes.values():
        mark_moved(change, change.children, order)

    became = {ancestor(grew_from, order, origins): into for into, grew_from in merges}
    for clause in older:
        if clause.pk not in successors:
            host = successors.get(clause.parent_id)
            whole = changes.get(became.get(clause.pk))
            change = Change(clause, None, merged_into=whole and whole.new)
            insert_dropped(change, host[0].children if host else roots, order)
            successors[clause.pk] = [change]
    return roots


def walk(changes: Iterable[Change]) -> Iterator[Change]:
    """Every change in reading order."""
    for change in changes:
        yield change
        yield from walk(change.children)


def ancestor(
    pk: int | None, older: Mapping[int, int], origins: Mapping[int, int | None]
) -> int | None:
    """The clause of the older edition that the clause `pk` grew from."""
    seen = set()
    while pk is not None and pk not in older and pk not in seen:
        seen.add(pk)
        pk = origins.get(pk)
    return pk if pk in older else None


def mark_moved(parent: Change | None, siblings: list[Change], order: Mapping[int, int]) -> None:
    """Marks those that came from elsewhere, and those that changed places among themselves.

    The longest run that kept its order stays: one clause put in or taken out moves no other.
    """
    stayed = []
    for change in siblings:
        if not change.old:
            continue
        came_from = parent and (parent.old.pk if parent.old else -1)
        if change.old.parent_id == came_from and change.old.level == change.new.level:
            stayed.append(change)
        else:
            change.is_moved = True
    in_order = longest_run([order[change.old.pk] for change in stayed])
    for place, change in enumerate(stayed):
        change.is_moved = place not in in_order


def longest_run(values: Sequence[int]) -> set[int]:
    """Places of a longest subsequence that never falls."""
    tails: list[int] = []  # the lowest last value of a run of each length, and its place
    places: list[int] = []
    previous: list[int | None] = []
    for place, value in enumerate(values):
        length = bisect_right(tails, value)
        tails[length : length + 1] = [value]
        places[length : length + 1] = [place]
        previous.append(places[length - 1] if length else None)
    run, place = set(), places[-1] if places else None
    while place is not None:
        run.add(place)
        place = previous[place]
    return run


def insert_dropped(dropped: Change, siblings: list[Change], order: Mapping[int, int]) -> None:
    """Puts it after the nearest one before it that still stands there, or else first."""
    for place in range(len(siblings), 0, -1):
        other = siblings[place - 1]
        if (
            other.old
            and not other.is_moved
            and other.old.parent_id == dropped.old.parent_id
            and order[other.old.pk] < order[dropped.old.pk]
        ):
            siblings.insert(place, dropped)
            return
    above = sum(change.clause.level < dropped.old.level for change in siblings)
    siblings.insert(above, dropped)


@dataclass(frozen=True, slots=True)
class Words:
    """One text becoming another.

    All but what is inserted is the old text, all but what is deleted the new.
    """

    parts: tuple[tuple[Mark, str], ...]

    def __bool__(self) -> bool:
        return bool(self.parts)

    @property
    def html(self) -> SafeString:
        """With `<ins>` and `<del>` around words, but not around the space beside them."""
        html, previous = [], Mark.KEPT
        for mark, text in self.parts:
            before, words, after = padded(text)
            if mark == Mark.KEPT or not words:
                html.append("" if mark == Mark.DELETED else text_html(text))
            else:
                apart = " " if previous == Mark.DELETED and mark == Mark.INSERTED else ""
                html.append(
                    f"{apart}{text_html(before)}"
                    f"<{mark.value}>{text_html(words)}</{mark.value}>{text_html(after)}"
                )
            previous = mark
        return mark_safe("".join(html))  # noqa: S308 (text_html escapes every text)


def padded(text: str) -> tuple[str, str, str]:
    """The space before the words, the words, and the space after them."""
    words = text.strip()
    start = text.index(words)
    return text[:start], words, text[start + len(words) :]


def text_html(text: str) -> str:
    return str(escape(text)).replace("\n", "<br>")


def compare_words(old: str, new: str) -> Words:
    """By whole words. Texts that have little in common replace each other as wholes."""
    pieces = [(mark, text) for mark, text in aligned(old, new) if text]
    return Words(
        tuple(
            (mark, "".join(text for _mark, text in run))
            for mark, run in groupby(pieces, key=itemgetter(0))
        )
    )


def aligned(old: str, new: str) -> Iterator[tuple[Mark, str]]:
    """The words in common, and what stands between them in either text."""
    old_end = new_end = 0
    for old_word, new_word in words_in_common(old, new):
        yield from gap(old[old_end : old_word.start()], new[new_end : new_word.start()])
        yield Mark.KEPT, new_word[0]
        old_end, new_end = old_word.end(), new_word.end()
    yield from gap(old[old_end:], new[new_end:])


def words_in_common(old: str, new: str) -> list[tuple[re.Match[str], re.Match[str]]]:
    old_words, new_words = list(TOKEN.finditer(old)), list(TOKEN.finditer(new))
    old_texts, new_texts = [word[0] for word in old_words], [word[0] for word in new_words]
    matcher = SequenceMatcher(None, old_texts, new_texts, autojunk=False)
    common = [
        (old_words[in_old + step], new_words[in_new + step])
        for in_old, in_new, length in matcher.get_matching_blocks()
        for step in range(length)
    ]
    letters = sum(len(word[0]) for word, _same in common)
    shortest = min(len("".join(old_texts)), len("".join(new_texts)))
    return common if letters >= shortest * ENOUGH_IN_COMMON else []


def gap(old: str, new: str) -> Iterator[tuple[Mark, str]]:
    """What differs between two words in common, without the space that both texts have there."""
    before = shared_space(old, new)
    old, new = old[len(before) :], new[len(before) :]
    after = shared_space(old[::-1], new[::-1])[::-1]
    yield Mark.KEPT, before
    yield Mark.DELETED, old[: len(old) - len(after)]
    yield Mark.INSERTED, new[: len(new) - len(after)]
    yield Mark.KEPT, after


def shared_space(one: str, other: str) -> str:
    """The space that both begin with."""
    length = 0
    for left, right in zip(one, other, strict=False):
        if left != right or not left.isspace():
            break
        length += 1
    return one[:length]
