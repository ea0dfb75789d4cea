"""What ideas and comments have in common in a data file, and the beginnings of answers."""

import datetime
from typing import Any

from django.db import models
from django.utils import timezone

from portal.datafile.rows import Rows
from portal.datafile.tables import Table
from programs.dates import PartialDate, Precision
from programs.models import ReplyTemplate, Voice, VoiceEntry, VoiceState

Kind = VoiceEntry.Kind
# The hour at which things happen that the file gives only a day for.
NOON = datetime.time(12)


def reply_template(table: Table, _rows: Rows) -> ReplyTemplate:
    return table.save(ReplyTemplate(**table.all_required("name", "outcome", "text")))


def common(table: Table, rows: Rows, state: str) -> dict[str, Any]:
    """The fields of every voice that only some have.

    What is still held may be so new that its author has not confirmed the address.
    """
    email = table.text("email")
    confirmed = table.flag("email_confirmed", default=state != VoiceState.HELD)
    person = table.text("assigned_to")
    return {
        "state_rule": table.text("rule"),
        "held_because": table.text("noticed"),
        "authority": table.text("authority"),
        "author_email": email,
        "email_confirmed_at": timezone.now() if email and confirmed else None,
        "assigned_to": rows.row(table, "user", person.lower()) if person else None,
    }


def entries(tables: list[Table], voice: Voice, rows: Rows) -> None:
    """Lines of its history that the file tells, after those that follow from its dates."""
    begin(voice)
    for table in tables:
        row = voice.history.model(
            voice=voice,
            at=moment(table.day("on")) or timezone.now(),
            by=rows.ref(table, "by", "user"),
            kind=table.required("kind"),
            needs_attention=table.flag("open"),
            **table.texts_of("detail", "text", "before"),
        )
        table.save(row)


def begin(voice: Voice) -> None:
    """That it came in, was published and answered, as far as the days are known."""
    came, answered = known_day(voice.received), known_day(voice.replied)
    if came:
        add(voice, Kind.RECEIVED, came)
        if voice.state == VoiceState.PUBLISHED:
            voice.published_at = moment(came)
            voice.save(update_fields=["published_at"])
            add(voice, Kind.PUBLISHED, came)
    if answered and voice.is_merged:
        add(voice, Kind.MERGED, answered, detail=voice.merged_into.reference, text=voice.reply)
    elif answered:
        add(voice, Kind.ANSWERED, answered, detail=voice.outcome, text=voice.reply)


def add(voice: Voice, kind: str, on: datetime.date, **fields: str) -> models.Model:
    return voice.history.create(kind=kind, at=moment(on), **fields)


def known_day(date: PartialDate | None) -> datetime.date | None:
    return date.first if date and date.precision == Precision.DAY else None


def moment(on: datetime.date | None) -> datetime.datetime | None:
    return timezone.make_aware(datetime.datetime.combine(on, NOON)) if on else None
