"""The tables about places, programs and their texts."""

from django.contrib.auth import get_user_model
from django.db import models

from portal.datafile.rows import Rows
from portal.datafile.tables import Table
from programs.models import (
    Clause,
    DecidingBody,
    Decision,
    Edition,
    LocalBody,
    Locality,
    Organisation,
    Program,
)
from programs.models.editions import numbers


def body(table: Table, _rows: Rows) -> DecidingBody:
    return table.save(
        DecidingBody(
            slug=table.slug,
            name=table.required("name"),
            abbreviation=table.text("abbreviation"),
            term_of_office=table.text("term_of_office", DecidingBody.TermOfOffice.BOARD),
        )
    )


def organisation(table: Table, _rows: Rows) -> Organisation:
    return table.save(
        Organisation(
            slug=table.slug,
            name=table.required("name"),
            kind=table.required("kind"),
            website=table.text("website"),
        )
    )


def user(table: Table, password: str | None) -> models.Model:
    """Someone who signs in; without a password only after they have been given one."""
    table.key = table.required("email").lower()
    row = get_user_model()(email=table.key, name=table.required("name"), is_staff=True)
    row.set_password(password)
    return table.save(row)


def locality(table: Table, rows: Rows) -> Locality:
    bodies = list(table.tables("local_body"))
    row = table.save(
        Locality(
            slug=table.slug,
            name=table.required("name"),
            kind=table.required("kind"),
            latitude=table.decimal("latitude"),
            longitude=table.decimal("longitude"),
            population=table.number("population"),
            population_on=table.partial("population_on"),
            population_note=table.text("population_note"),
            in_network=table.flag("in_network"),
            description=table.text("description"),
        )
    )
    for body in bodies:
        members = rows.refs(body, "members", "organisation")
        saved = body.save(
            LocalBody(
                locality=row,
                organisation=rows.ref(body, "organisation"),
                note=body.text("note"),
                **body.period(),
            )
        )
        saved.members.set(members)
    return row


def program(table: Table, rows: Rows) -> Program:
    return table.save(
        Program(
            slug=table.slug,
            locality=rows.ref(table, "locality"),
            status=table.required("status"),
            **table.period(),
            **table.texts_of(
                "name", "tagline", "ended_note", "summary", "responsible_function", "contact_email"
            ),
        )
    )


def decision(table: Table, rows: Rows) -> Decision:
    return table.save(
        Decision(
            title=table.required("title"),
            program=rows.ref(table, "program"),
            body=rows.ref(table, "body"),
            decided=table.partial("decided"),
            **table.texts_of("section", "case_number", "outcome", "text", "url"),
        )
    )


def edition(table: Table, of: Program, rows: Rows) -> Edition:
    """The edition with its clauses, adopted as it was then unless it is still a draft."""
    texts = list(table.tables("clause"))
    state = table.required("state")
    if state not in Edition.State.values:
        raise table.error("state", f"{state!r} is not one of {', '.join(Edition.State.values)}")
    row = table.save(
        Edition(
            program=of,
            number=table.number("number"),
            valid_from=table.partial("valid_from"),
            horizon_year=table.number("horizon_year"),
            interim_year=table.number("interim_year"),
            decision=rows.ref(table, "decision"),
            note=table.text("note"),
        )
    )
    clauses(row, texts)
    if state != Edition.State.DRAFT:
        row.adopt()
    table.key = f"{of.slug} {row.number}"
    return row


def clauses(of: Edition, tables: list[Table]) -> None:
    levels = [table.number("level") for table in tables]
    for table, level in zip(tables, levels, strict=True):
        if level not in range(5):
            raise table.error("level", "must be 0, 1, 2, 3 or 4")
    above: list[Clause] = []
    for position, (table, level, number) in enumerate(
        zip(tables, levels, numbers(levels), strict=True), start=1
    ):
        above = [clause for clause in above if 0 < clause.level < level]
        row = table.save(
            Clause(
                edition=of,
                slug=table.slug,
                parent=above[-1] if above else None,
                origin=origin(table, of),
                level=level,
                position=position,
                number=number,
                heading=table.text("heading"),
                text=table.text("text"),
                youth_voices=table.text("youth_voices"),
            )
        )
        above.append(row)


def origin(table: Table, of: Edition) -> Clause | None:
    slug = table.text("origin")
    if not slug:
        return None
    before = Clause.objects.filter(
        edition__program=of.program, edition__number__lt=of.number, slug=slug
    )
    if not (found := before.order_by("-edition__number").first()):
        raise table.error("origin", f"no earlier edition has the clause {slug!r}")
    return found


def clause(table: Table, of: Program | None, key: str = "clause") -> Clause | None:
    slug = table.text(key)
    if not slug:
        return None
    found = Clause.objects.in_force().filter(edition__program=of, slug=slug).first()
    if not found:
        raise table.error(key, f"the program in force has no clause {slug!r}")
    return found
