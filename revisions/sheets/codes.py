"""Short addresses that can be printed, read out and typed: `/t/getinge/`, `/t/m-3kp/`.

A program has its own name. A clause (`s-`) and an event (`m-`) have their number in letters and
digits that are not mistaken for each other, with a last one that tells a misprint. A code is
good for as long as the paper lies around: a clause leads to the one that grew from it.
"""

from dataclasses import dataclass

from programs.models import Clause, Edition, Event, Program
from programs.models.voices import REFERENCE_ALPHABET

ALPHABET = REFERENCE_ALPHABET.lower()
BASE = len(ALPHABET)
SHORTEST = 2
CLAUSE, EVENT = "s", "m"


@dataclass(frozen=True, slots=True)
class Target:
    """What a sheet is about. A clause or an event comes with its program, if it has one."""

    program: Program | None = None
    clause: Clause | None = None
    event: Event | None = None

    @property
    def code(self) -> str:
        if self.clause is not None:
            return coded(CLAUSE, self.clause.pk)
        if self.event is not None:
            return coded(EVENT, self.event.pk)
        return self.program.slug


def target_of(code: str) -> Target | None:
    """None for a code that is not ours, is misprinted, or stands for nothing any more."""
    if program := Program.objects.filter(slug=code).first():
        return Target(program)
    kind, number = decoded(code)
    if kind == EVENT:
        event = Event.objects.filter(pk=number).select_related("program").first()
        return Target(event.program, event=event) if event else None
    if kind == CLAUSE:
        once = Clause.objects.filter(edition__state__in=Edition.IN_FORCE_ONCE)
        clause = once.filter(pk=number).select_related("edition__program").first()
        return Target(clause.edition.program, clause=in_force(clause)) if clause else None
    return None


def in_force(clause: Clause) -> Clause | None:
    """The clause as it reads now, or the first that grew from it; None when it is gone."""
    while clause is not None and clause.edition.state != Edition.State.ADOPTED:
        later = clause.descendants.filter(edition__state__in=Edition.IN_FORCE_ONCE)
        clause = later.select_related("edition").order_by("edition__number", "position").first()
    return clause


def coded(kind: str, number: int) -> str:
    digits = []
    rest = number
    while rest:
        rest, digit = divmod(rest, BASE)
        digits.append(digit)
    digits += [0] * (SHORTEST - len(digits))
    return f"{kind}-{''.join(ALPHABET[digit] for digit in reversed(digits))}{check(kind, digits)}"


def decoded(code: str) -> tuple[str, int]:
    """Kind and number; ("", 0) when the last character does not fit the others."""
    kind, dash, text = code.lower().partition("-")
    if not dash or not SHORTEST < len(text) < 9 or set(text) - set(ALPHABET):
        return "", 0
    digits = [ALPHABET.index(character) for character in reversed(text[:-1])]
    if check(kind, digits) != text[-1]:
        return "", 0
    return kind, sum(digit * BASE**place for place, digit in enumerate(digits))


def check(kind: str, digits: list[int]) -> str:
    """One character that is another when one is misread or two neighbors change places.

    `digits` begin with the ones. No power of two, nor the difference between two that follow each
    other, shares a factor with 27.
    """
    weighed = sum(digit * 2**place for place, digit in enumerate(digits))
    return ALPHABET[(weighed + sum(map(ord, kind))) % BASE]
