"""The tables about those who sign up, want to take part, or tell of a page."""

import datetime
from typing import TypeVar

from django.db.models import Model

from portal.datafile.rows import Rows
from portal.datafile.tables import Table
from programs.models import AccessibilityStatement, Event, Inquiry, JoinRequest, SignUp
from revisions.workflow import moment

AnyRow = TypeVar("AnyRow", bound=Model)


def sign_up(table: Table, event: Event) -> SignUp:
    state = table.text("state", SignUp.State.SEATED)
    confirmed_on = table.day("on")
    unconfirmed = state == SignUp.State.UNCONFIRMED
    return table.save(
        SignUp(
            event=event,
            people=table.positive("people", 1),
            state=state,
            confirmed_at=None if unconfirmed else moment(confirmed_on or table.today),
            **table.texts_of("name", "email", "needs"),
        )
    )


def join_request(table: Table, rows: Rows) -> JoinRequest:
    on = table.day("on") or table.today
    state = table.text("state", JoinRequest.State.NEW)
    handed_over, closed = table.day("handed_over"), table.day("closed")
    row = table.save(
        JoinRequest(
            locality=rows.ref(table, "locality"),
            group=rows.ref(table, "group"),
            state=state,
            consented_at=moment(on),
            handed_over_at=moment(handed_over) if handed_over else None,
            closed_at=moment(closed) if closed else None,
            **table.texts_of("name", "email", "phone", "text", "state_note"),
        )
    )
    return came_in(row, on)


def inquiry(table: Table, rows: Rows) -> Inquiry:
    """With an answer it is answered on the day that it names, by the user it names."""
    on = table.day("on") or table.today
    kind = table.required("kind")
    answered = table.day("answered")
    statement = AccessibilityStatement.objects.first() or AccessibilityStatement()
    days = datetime.timedelta(days=statement.answer_days)
    row = table.save(
        Inquiry(
            kind=kind,
            program=rows.ref(table, "program"),
            promised_on=table.day("promised") or on + days,
            answered_at=moment(answered) if answered else None,
            answered_by=rows.ref(table, "by", "user"),
            **table.texts_of("page", "text", "email", "answer"),
        )
    )
    return came_in(row, on)


def came_in(row: AnyRow, on: datetime.date) -> AnyRow:
    """Django dates a row by the clock; the file tells when it came in."""
    type(row)._default_manager.filter(pk=row.pk).update(created_at=moment(on))
    return row
