"""What someone wants to say something about, as far as the address of the form tells.

`?ort=`, `?program=`, `?atgard=`, `?mote=` and `?stycke=<edition>/<clause>` (with `program`; without
a clause it is the whole text). What is not there, or not public, is left out and noted.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from programs.models import Action, Clause, Event, Locality, Program

NUMBER = re.compile(r"[1-9][0-9]{0,8}")
TEXT = re.compile(r"(?:(?P<edition>[1-9][0-9]{0,3})/)?(?P<clause>[\w:-]{0,100})")
ASKED = ("ort", "program", "stycke", "atgard", "mote", "process")


@dataclass(frozen=True, slots=True)
class About:
    """`program` is one that still takes ideas; `text` is which piece of a text was asked for."""

    locality: Locality | None = None
    program: Program | None = None
    action: Action | None = None
    event: Event | None = None
    clause: Clause | None = None
    text: tuple[int | None, str] | None = None
    is_missing: bool = False

    @property
    def thing(self) -> Action | Event | Clause | Program | Locality | None:
        """The most exact of what it is about."""
        return self.action or self.event or self.clause or self.program or self.locality

    @property
    def url(self) -> str:
        """The page that the form was reached from; empty when that is none in particular."""
        return self.thing.get_absolute_url() if self.thing else ""

    @property
    def is_exact(self) -> bool:
        """About more than a place and its program."""
        return bool(self.action or self.event or self.clause)

    def fields(self) -> dict[str, Any]:
        """Of an idea that is about this."""
        return {
            "locality": self.locality,
            "program": self.program,
            "clause": self.clause,
            "event": self.event,
            "about_action": self.action,
        }


def about_of(params: Mapping[str, str]) -> About:
    """Read from an address, which may hold anything."""
    asked = {name: params.get(name, "").replace("\x00", "")[:200] for name in ASKED}
    if asked["atgard"]:
        return about_action(asked["atgard"])
    if asked["mote"]:
        return about_event(asked["mote"])
    if asked["program"]:
        return about_program(asked["program"], asked["stycke"])
    if asked["ort"]:
        locality = Locality.objects.filter(slug=asked["ort"]).first()
        return about_place(locality) if locality else About(is_missing=True)
    return About()


def about_place(locality: Locality | None) -> About:
    """A place, with the program that it has now."""
    program = locality and locality.programs.exclude(status=Program.Status.CONCLUDED).first()
    return About(locality, program)


def about_action(number: str) -> About:
    rows = Action.objects.select_related("program__locality", "locality")
    action = rows.filter(pk=int(number)).first() if NUMBER.fullmatch(number) else None
    if action is None:
        return About(is_missing=True)
    locality, program = whereabouts(action.locality, action.program)
    return About(locality, program, action=action)


def about_event(number: str) -> About:
    rows = Event.objects.select_related("program__locality", "locality")
    event = rows.filter(pk=int(number)).first() if NUMBER.fullmatch(number) else None
    if event is None:
        return About(is_missing=True)
    locality, program = whereabouts(event.locality, event.program)
    return About(locality, program, event=event)


def about_program(slug: str, piece: str) -> About:
    found = Program.objects.select_related("locality").filter(slug=slug).first()
    if found is None:
        return About(is_missing=True)
    locality, program = whereabouts(None, found)
    text = TEXT.fullmatch(piece)
    if not piece or text is None:
        return About(locality, program)
    number = int(text["edition"]) if text["edition"] else None
    clause = None
    if number and text["clause"]:
        clause = (
            Clause.objects.public()
            .select_related("edition__program")
            .filter(edition__program=found, edition__number=number, slug=text["clause"])
            .first()
        )
    return About(locality, program, clause=clause, text=(number, text["clause"]))


def whereabouts(
    locality: Locality | None, program: Program | None
) -> tuple[Locality | None, Program | None]:
    """The place, and the program unless it is concluded: that takes no more ideas."""
    if program is None:
        return locality, None
    is_over = program.status == Program.Status.CONCLUDED
    return locality or program.locality, None if is_over else program
