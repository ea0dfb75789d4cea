"""How pages of programs and places show the process that a program is in."""

import datetime
from collections.abc import Iterable

from django import template
from django.db.models import Prefetch, prefetch_related_objects
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from programs.models import Clause, Edition, Program
from revisions.comment_links import add_comment_links, takes_comments_on
from revisions.models import Process
from revisions.steps import Kind
from revisions.terms import revision_due

register = template.Library()


def open_process(program: Program) -> Process | None:
    """The process under way; costs no query when the program's view has prefetched it."""
    if hasattr(program, "open_processes"):
        return program.open_processes[0] if program.open_processes else None
    return program.processes.open().with_records().first()


def latest_process(program: Program) -> Process | None:
    """The process under way, or else the latest one; read once for a page."""
    if not hasattr(program, "latest_process"):
        program.latest_process = program.processes.order_by("-is_open", "-pk").first()
        if program.latest_process:
            program.latest_process.program = program
    return program.latest_process


@register.simple_tag
def read_processes(programs: Iterable[Program]) -> str:
    """Read the processes under way of all rows of a list at once, before its rows are drawn."""
    running = Process.objects.open().with_records()
    prefetch_related_objects(
        list(programs), Prefetch("processes", running, to_attr="open_processes")
    )
    return ""


@register.simple_tag
def comment_links(
    program: Program, edition: Edition, vision: list[Clause], clauses: list[Clause]
) -> Process | None:
    """The process in which the text can be commented on now; each clause then has its `say`."""
    process = latest_process(program)
    if process is None or not takes_comments_on(process, edition, timezone.localdate()):
        return None
    add_comment_links(process, [*vision, *clauses])
    return process


@register.simple_tag
def next_revision(program: Program) -> datetime.date | None:
    """When the text in force is due for revision at the latest; None when that is not known.

    Programs that go forward in phases are not revised once in a term.
    """
    edition = program.current_edition
    if program.status != Program.Status.ACTIVE or edition is None or edition.took_force is None:
        return None
    if program.processes.filter(kind=Kind.LOCAL_DEVELOPMENT).exists():
        return None
    return revision_due(edition.took_force.first, timezone.localdate())


@register.simple_tag
def program_state(program: Program) -> SafeString:
    """The program's state as a tag: the step it is in while a process is under way."""
    process = open_process(program)
    if process and program.status != Program.Status.CONCLUDED:
        number = process.current_number
        tone = "planned" if process.kind == Kind.CREATION else "ongoing"
        if process.kind == Kind.LOCAL_DEVELOPMENT:
            words = _("Phase %(number)s of %(total)s: %(title)s")
        elif process.kind == Kind.CREATION:
            words = _("Being created, step %(number)s of %(total)s")
        else:
            words = _("Revision, step %(number)s of %(total)s")
        words = words % {
            "number": number,
            "total": len(process.steps),
            "title": process.steps[number - 1].title,
        }
    else:
        words = capfirst(program.get_status_display())
        tone = {"preparation": "planned", "concluded": "paused"}.get(program.status, "completed")
    return format_html('<span class="tag tag--{}">{}</span>', tone, words)


@register.inclusion_tag("revisions/_process_summary.html")
def process_summary(program: Program) -> dict[str, object]:
    """Every process of the program on its line, the one under way first."""
    processes = list(program.processes.with_records())
    today = timezone.localdate()
    for process in processes:
        process.program = program
        process.is_taking_comments = process.takes_comments(today)
        records = {record.number: record for record in process.all_records}
        process.stations = [
            (number, step, records.get(number), _station_state(process, number))
            for number, step in enumerate(process.steps, start=1)
        ]
    return {"processes": processes}


def _station_state(process: Process, number: int) -> str:
    current = process.current_number
    if current is None:
        passed = any(record.number == number and record.passed for record in process.all_records)
        return "done" if passed else "later"
    return "done" if number < current else "current" if number == current else "later"


@register.simple_tag
def process_tab(program: Program, tab: str) -> SafeString:
    """The tab that leads to the process under way, or else to the latest one."""
    process = latest_process(program)
    if process is None:
        return SafeString("")
    words = {
        Kind.CREATION: _("Creation"),
        Kind.REVISION: _("Revision"),
        Kind.LOCAL_DEVELOPMENT: _("Phases"),
    }[Kind(process.kind)]
    here = ' aria-current="page"' if tab == "process" else ""
    return format_html(
        '<li><a class="subnav__link" href="{}"{}>{}</a></li>',
        process.get_absolute_url(),
        SafeString(here),
        words,
    )
