"""How pages of programs and places show the process that a program is in."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.db.models import Prefetch, prefetch_related_objects
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from programs.models import Clause, Edition, Program
from programs.wording import dated, sentence
from programs.yearwheel import Wheel
from revisions.comment_links import add_comment_links, takes_comments_on
from revisions.due import Due, body_counted, due_of, open_processes
from revisions.milestones import YearOfProcess, year_of_process
from revisions.models import Process
from revisions.now import now_of, sentences, usual_time
from revisions.steps import Kind
from revisions.terms import Term, term_of

register = template.Library()


def open_process(program: Program) -> Process | None:
    """The process under way; costs no query when the program's view has prefetched it."""
    found = open_processes(program)
    return found[0] if found else None


def all_processes(program: Program) -> list[Process]:
    """Every process with its records, the one under way first; read once for each program."""
    if not hasattr(program, "all_processes"):
        program.all_processes = list(program.processes.with_records())
        for process in program.all_processes:
            process.program = program
        program.open_processes = [each for each in program.all_processes if each.is_open]
    return program.all_processes


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


@register.simple_tag(takes_context=True)
def revision_due(context: template.Context, program: Program) -> Due | None:
    """How the program stands in the term of office under way; None when it is not counted."""
    return due_of(program, context["municipality"], timezone.localdate())


@register.simple_tag(takes_context=True)
def term_of_office(context: template.Context) -> Term | None:
    """The one under way, where programs are revised once in each."""
    municipality = context["municipality"]
    if not municipality.revises_each_term:
        return None
    return term_of(body_counted(municipality), timezone.localdate())


@register.simple_tag(takes_context=True)
def process_line(context: template.Context, program: Program, *, with_due: bool = True) -> str:
    """One line for a row: what is going on now, or else when the text is to be revised."""
    process, today = open_process(program), timezone.localdate()
    if process is None:
        due = due_of(program, context["municipality"], today) if with_due else None
        return due.words if due else ""
    step = process.current
    if process.kind == Kind.LOCAL_DEVELOPMENT:
        return usual_time(process, step)
    if process.takes_comments(today):
        words = dated(_("Open for comments until %(date)s."), date=process.comments_close_on)
    else:
        words = sentence(_("Now: %(step)s."), step=step.title)
    if process.is_at_last_step:
        return words
    following = sentence(_("Next: %(title)s."), title=process.steps[process.step].title)
    return sentences([words, following])


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
def process_summary(program: Program) -> dict[str, Any]:
    """Every process of the program on its line, the one under way first."""
    processes, today = all_processes(program), timezone.localdate()
    for process in processes:
        process.now = now_of(process, today)
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


@register.simple_tag(takes_context=True)
def process_year(context: template.Context, program: Program, wheel: Wheel) -> YearOfProcess:
    """The program's process and its next revision, for the wheel of the year."""
    today = timezone.localdate()
    processes = all_processes(program)
    due = due_of(program, context["municipality"], today)
    return year_of_process(processes, due, year=wheel.year, today=today)


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
