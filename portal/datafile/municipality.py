"""The tables about the municipality itself."""

from collections.abc import Iterable

from portal.datafile.tables import Table
from programs.models import (
    AccessibilityStatement,
    Duty,
    FormerName,
    Municipality,
    PrivacyNotice,
)
from programs.vocabulary import PRESETS, term_from


def municipality(table: Table) -> tuple[Municipality, str, str]:
    """The row, the vocabulary it starts from, and the key of the body that adopts programs."""
    preset, body = table.text("vocabulary") or "halmstad", table.text("deciding_body")
    if preset not in PRESETS:
        raise table.error("vocabulary", f"{preset!r} is not one of {', '.join(PRESETS)}")
    row = Municipality(
        **table.texts_of(
            "name",
            "short_name",
            "code",
            "county",
            "organisation_number",
            "portal_name",
            "headline",
            "lead",
            "about",
            "contact_function",
            "contact_email",
            "contact_phone",
            "postal_address",
            "visiting_address",
            "opening_hours",
        ),
        latitude=table.decimal("latitude"),
        longitude=table.decimal("longitude"),
        population=table.number("population"),
        population_on=table.partial("population_on"),
        purposes=table.texts("purposes"),
        map_outline=table.points("map_outline"),
        map_waters=table.lines("map_waters"),
        traffic_lights=table.flag("traffic_lights"),
        revises_each_term=table.flag("revises_each_term", default=True),
        works_in_phases=table.flag("works_in_phases"),
        brand_color=table.text("brand_color", "#0b5d4a"),
        plan_depth=table.positive("plan_depth", 3),
        reply_days=table.positive("reply_days", 30),
    )
    return table.save(row), preset, body


def words(tables: Iterable[Table], of: Municipality, preset: str) -> None:
    """The preset's words, and those that the file gives instead."""
    forms, own = dict(PRESETS[preset]), {}
    for table in tables:
        key, chosen = table.slug, table.texts("forms")
        if key not in forms or len(chosen) != 4:
            raise table.error("forms", "needs a known key and four forms")
        forms[key] = (*chosen, table.flag("neuter"))
        own[key] = table
    for key, chosen in forms.items():
        term = term_from(key, chosen)
        term.municipality = of
        if key in own:
            own[key].save(term)
        else:
            term.save()


def duty(table: Table, of: Municipality) -> None:
    table.save(
        Duty(
            municipality=of,
            kind=table.required("kind"),
            label=table.required("label"),
            due_month=table.number("due_month"),
        )
    )


def former_name(table: Table, of: Municipality) -> None:
    table.save(
        FormerName(
            municipality=of,
            name=table.required("name"),
            note=table.text("note"),
            **table.period(),
        )
    )


def accessibility(table: Table, of: Municipality) -> None:
    table.save(
        AccessibilityStatement(
            municipality=of,
            service_name=table.required("service_name"),
            compliance=table.required("compliance"),
            assessed_on=table.day("assessed_on"),
            updated_on=table.day("updated_on"),
            method=table.required("method"),
            known_issues=[known_issue(issue) for issue in table.tables("known_issues")],
            disproportionate=table.text("disproportionate"),
            exempt=table.text("exempt"),
            contact_email=table.required("contact_email"),
            contact_phone=table.text("contact_phone"),
            answer_days=table.positive("answer_days", 14),
        )
    )


def known_issue(table: Table) -> dict[str, str]:
    issue = table.texts_of("content", "reason", "fix_by")
    table.finish()
    return issue


def privacy(table: Table, of: Municipality) -> None:
    table.save(
        PrivacyNotice(
            municipality=of,
            updated_on=table.day("updated_on"),
            **table.all_required(
                "controller", "dpo_email", "dpo_function", "purposes", "recipients", "retention"
            ),
        )
    )
