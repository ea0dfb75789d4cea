"""The tables about groups, events, lists and documents."""

from pathlib import Path

from django.core.files import File
from django.db import models

from portal.datafile import voices
from portal.datafile.participation import sign_up
from portal.datafile.places import clause
from portal.datafile.rows import Rows
from portal.datafile.tables import Table
from programs.models import (
    Action,
    ActionUpdate,
    AgeGroup,
    BriefItem,
    Document,
    Event,
    Group,
    Idea,
    IdeaPhoto,
    Membership,
    Photo,
    PlanningBrief,
    Support,
    VoiceState,
)
from programs.public_forms import keyed_hash


def group(table: Table, rows: Rows) -> Group:
    seats = list(table.tables("member"))
    row = Group(
        program=rows.ref(table, "program"),
        locality=rows.ref(table, "locality"),
        kind=table.required("kind"),
        name=table.required("name"),
        theme=table.text("theme"),
        became=rows.ref(table, "became", "organisation"),
        meetings_per_year=table.number("meetings_per_year"),
        note=table.text("note"),
        continues=rows.ref(table, "continues", "group"),
        **table.period(),
    )
    table.save(row)
    for seat in seats:
        members(seat, row, rows)
    return row


def members(table: Table, of: Group, rows: Rows) -> None:
    email = table.text("user").lower()
    fields = {
        "group": of,
        "role": table.text("role", "member"),
        "capacity": table.required("capacity"),
        "party": table.text("party"),
        "organisation": rows.ref(table, "organisation"),
        "user": rows.row(table, "user", email) if email else None,
        **table.period(),
    }
    for _seat in range(table.positive("count", 1)):
        table.save(Membership(**fields))


def event(table: Table, rows: Rows) -> Event:
    ages, pictures = table.values("age_groups"), list(table.tables("photo"))
    sign_ups = list(table.tables("sign_up"))
    kind = table.required("kind")
    program = rows.ref(table, "program")
    row = table.save(
        Event(
            program=program,
            locality=rows.ref(table, "locality") or (program and program.locality),
            group=rows.ref(table, "group"),
            kind=kind,
            date=table.partial("date"),
            until=table.partial("until"),
            starts=table.time("starts"),
            ends=table.time("ends"),
            participants=table.number("participants"),
            is_cancelled=table.flag("cancelled"),
            takes_sign_ups=table.flag("takes_sign_ups"),
            seats=table.number("seats"),
            sign_up_closes_on=table.day("sign_up_closes"),
            open_to_all=table.flag("open_to_all", default=kind not in Event.GROUP_KINDS),
            **table.texts_of(
                "title", "place", "participants_note", "description", "agenda", "notes"
            ),
        )
    )
    for number, values in enumerate(ages, start=1):
        age = Table(table.path, f"{table.name} age_groups {number}", values, table.today)
        age.save(
            AgeGroup(
                event=row,
                from_age=age.number("from"),
                to_age=age.number("to"),
                participants=age.number("count"),
            )
        )
    photos(pictures, rows, event=row)
    for signed_up in sign_ups:
        sign_up(signed_up, row)
    return row


def photo_file(table: Table) -> Path:
    name = table.required("file")
    path = table.path.parent / "photos" / Path(name).name
    if not path.is_file():
        raise table.error("file", f"there is no {name}")
    return path


def photos(tables: list[Table], rows: Rows, **of: models.Model) -> None:
    for table in tables:
        path = photo_file(table)
        with path.open("rb") as file:
            photo = table.save(
                Photo(
                    image=File(file, name=path.name),
                    alt=table.text("alt"),
                    caption=table.text("caption"),
                    credit=table.text("credit"),
                    **of,
                )
            )
        rows.files.append(photo.image)


def action(table: Table, rows: Rows) -> Action:
    updates, pictures = list(table.tables("update")), list(table.tables("photo"))
    responsible = rows.refs(table, "responsible", "organisation")
    partners = rows.refs(table, "partners", "organisation")
    program = rows.ref(table, "program")
    row = table.save(
        Action(
            program=program,
            locality=rows.ref(table, "locality") or (program and program.locality),
            clause=clause(table, program),
            status=table.text("status", "planned"),
            due=table.partial("due"),
            completed=table.partial("completed"),
            started=table.partial("started"),
            continuous=table.flag("continuous"),
            budget=table.number("budget"),
            is_quick_fix=table.flag("quick_fix"),
            applicant=rows.ref(table, "applicant", "organisation"),
            applicant_group=rows.ref(table, "applicant_group", "group"),
            from_event=rows.ref(table, "from_event", "event"),
            decision=rows.ref(table, "decision"),
            **table.texts_of("title", "description", "reason", "result", "budget_note"),
        )
    )
    row.responsible.set(responsible)
    row.partners.set(partners)
    for update in updates:
        update.save(
            ActionUpdate(
                action=row,
                dated=update.partial("on"),
                organisation=rows.ref(update, "organisation"),
                answer=update.text("answer", "progress"),
                text=update.required("text"),
            )
        )
    photos(pictures, rows, action=row)
    return row


def idea(table: Table, rows: Rows) -> Idea:
    pictures = list(table.tables("photo"))
    told = list(table.tables("history"))
    program = rows.ref(table, "program")
    merged = table.text("merged_into")
    outcome = table.text("outcome")
    state = table.text("state", VoiceState.HELD)
    supporters = table.number("supporters") or 0
    row = Idea(
        program=program,
        locality=rows.ref(table, "locality") or (program and program.locality),
        latitude=table.decimal("latitude"),
        longitude=table.decimal("longitude"),
        clause=clause(table, program),
        event=rows.ref(table, "event"),
        action=rows.ref(table, "action"),
        channel=table.text("channel", "web"),
        received=table.partial("received"),
        show_name=table.flag("show_name"),
        state=state,
        promised_on=table.day("promised_on"),
        replied=table.partial("replied_on"),
        outcome=outcome,
        changed_clause=clause(table, program, "changed_clause"),
        split_from=rows.ref(table, "split_from", "idea"),
        **voices.common(table, rows, state),
        **table.texts_of(
            "title",
            "text",
            "original_text",
            "author_name",
            "state_reason",
            "reply",
            "replied_by",
            "outcome_note",
            "position_words",
        ),
    )
    if merged:
        row.merged_into = rows.row(table, "idea", merged)
    table.save(row)
    # Of people nothing is known but that there are so many of them.
    marks = (keyed_hash(f"{row.reference}|{number}") for number in range(supporters))
    Support.objects.bulk_create(Support(idea=row, address_hash=mark) for mark in marks)
    idea_photos(pictures, rows, row)
    voices.entries(told, row, rows)
    return row


def idea_photos(tables: list[Table], rows: Rows, row: Idea) -> None:
    """Shown with an idea that is public, otherwise held."""
    field = "image" if row.state == VoiceState.PUBLISHED else "held"
    for table in tables:
        path = photo_file(table)
        with path.open("rb") as file:
            sent = IdeaPhoto(
                idea=row, alt=table.required("alt"), **{field: File(file, name=path.name)}
            )
            table.save(sent)
        rows.files.append(getattr(sent, field))


def brief(table: Table, rows: Rows) -> PlanningBrief:
    items = list(table.tables("item"))
    row = table.save(
        PlanningBrief(
            program=rows.ref(table, "program"),
            budget_year=table.year("budget_year"),
            state=table.text("state", "open"),
            frozen=table.partial("frozen_on"),
            handed_over=table.partial("handed_over_on"),
            note=table.text("note"),
            decision=rows.ref(table, "decision"),
        )
    )
    for item in items:
        item.save(
            BriefItem(
                brief=row,
                idea=rows.ref(item, "idea"),
                rank=item.number("rank"),
                outcome=item.text("outcome", "pending"),
                answer=item.text("answer"),
            )
        )
    return row


def document(table: Table, rows: Rows) -> Document:
    program, number = rows.ref(table, "program"), table.number("edition")
    if number and program is None:
        raise table.error("edition", "needs a program")
    edition = rows.row(table, "edition", f"{program.slug} {number}") if number else None
    name = table.text("file")
    path = table.path.parent / "documents" / Path(name).name
    if name and not path.is_file():
        raise table.error("file", f"there is no {name}")
    row = Document(
        program=program,
        edition=edition,
        locality=rows.ref(table, "locality"),
        event=rows.ref(table, "event"),
        action=rows.ref(table, "action"),
        decision=rows.ref(table, "decision"),
        dated=table.partial("dated"),
        is_accessible=table.flag("accessible", default=True),
        **table.texts_of("title", "kind", "url", "inaccessible_reason", "note"),
    )
    if name:
        with path.open("rb") as file:
            row.file.save(path.name, File(file), save=False)
        rows.files.append(row.file)
    return table.save(row)
