"""Voices of every kind, and the verbs as someone calls them who has just read the page."""

import datetime
from functools import partial
from typing import Any

from django.utils import timezone

from programs.models import Edition, Voice
from programs.voices import answering, handling, merging, reviewing
from programs.voices.answering import Answer
from programs.voices.kinds import kinds
from tests import factories
from tests.revisions import builders as processes

KINDS = ["idea", "comment"]
CLAUSES = [{"level": 1, "heading": "Centrum", "slug": "centrum"}, "Skolan"]


def make_voice(kind: str, program: Any = None, **fields: Any) -> Voice:
    """A public one in a program, unless something else is said."""
    if kind == "idea":
        where = {"program": program} if program else {}
        return factories.make_idea(**where, **fields)
    process = process_of(program or factories.make_program())
    fields.setdefault("received", "2026-02-01")
    return processes.comment(process, **fields)


def process_of(program: Any) -> Any:
    """The revision under way, begun without all that leads up to it."""
    found = program.processes.filter(is_open=True).first()
    if found is None:
        edition = program.current_edition or factories.make_edition(
            program=program, state=Edition.State.ADOPTED, clauses=CLAUSES
        )
        found = factories.make_process(program=program, base=edition)
    return found


def held(kind: str, program: Any = None, **fields: Any) -> Voice:
    return make_voice(kind, program, state="held", **fields)


def clause_of(program: Any) -> Any:
    process_of(program)
    return program.current_edition.clauses.first()


def fresh(voice: Voice) -> Voice:
    return type(voice).objects.get(pk=voice.pk)


def now() -> datetime.datetime:
    return timezone.now()


def given(outcome: str = "no", reply: str = "Nej, för ån är djup.", **named: Any) -> Answer:
    return Answer(outcome, reply, **named)


class Desk:
    """One person at work, who sees each voice as it is at that moment.

    A verb can be given another `seen`, as on a page that has become old.
    """

    def __init__(self, by: Any) -> None:
        self.by = by

    def __getattr__(self, verb: str) -> Any:
        module = next(
            module
            for module in (reviewing, handling, answering, merging)
            if callable(getattr(module, verb, None))
        )
        return partial(self.call, getattr(module, verb))

    def call(self, verb: Any, voice: Voice, *args: Any, **fields: Any) -> Any:
        if verb.__name__ in {"add_note", "handle", "set_picture"}:
            return verb(fresh(voice), *args, by=self.by, now=now(), **fields)
        seen = fields.pop("seen", None) or fresh(voice).stamp
        return verb(fresh(voice), seen, *args, by=self.by, now=now(), **fields)

    def refuse(self, voice: Voice, **fields: Any) -> Voice:
        said = {"rule": "private", "reason": "Skriv om platsen i stället."} | fields
        return self.call(reviewing.refuse, voice, **said)

    def hide(self, voice: Voice, **fields: Any) -> Voice:
        said = {"rule": "threat", "reason": "Ingen hotas här."} | fields
        return self.call(reviewing.hide, voice, **said)

    def edit(self, voice: Voice, text: str, **fields: Any) -> Voice:
        reason = fields.pop("reason", "Ett telefonnummer.")
        return self.call(reviewing.edit, voice, given={"text": text} | fields, reason=reason)

    def answer(self, voice: Voice, *args: Any, **named: Any) -> Voice:
        seen = named.pop("seen", None)
        said = given(*args, **named)
        return self.call(answering.answer, voice, said, seen=seen, role="Projektledare")

    def merge(self, voice: Voice, into: Voice, **fields: Any) -> Voice:
        said = {"reply": "Fler har sagt samma.", "role": "Projektledare"} | fields
        return self.call(merging.merge, voice, fresh(into), **said)

    def split(self, voice: Voice, *texts: str) -> list[Voice]:
        parts = [dict.fromkeys(voice.EDITABLE, text) for text in texts]
        return self.call(merging.split, voice, parts)


def lines(voice: Voice) -> list[str]:
    return list(voice.history.values_list("kind", flat=True))


def every_voice() -> list[Voice]:
    return [row for model in kinds().values() for row in model.objects.all()]


def destinations(voice: Voice) -> list[str]:
    return [key for _group, rows in voice.destinations() for key, _words in rows]
