"""A process as everyone can follow it: the line with its stations, evidence, and the log."""

from dataclasses import dataclass, field

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _

from programs.models import Decision
from programs.views.shell import program_page
from revisions.approval import approval_of
from revisions.models import Evidence, LogEntry, Process, Statement, StepRecord
from revisions.steps import Kind, Step
from revisions.views.comments import counts_of, takes_comments


@dataclass
class Station:
    """One step as the page shows it. Earlier attempts at it are told in the log."""

    number: int
    step: Step
    state: str
    record: StepRecord | None
    evidence: list[Evidence] = field(default_factory=list)
    is_repeated: bool = False


def process(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    found = get_object_or_404(
        Process.objects.select_related("program", "draft", "base"), pk=pk, program__slug=slug
    )
    context = program_page(request, slug, tab="process", title=title_of(found))
    today = timezone.localdate()
    counts = counts_of(found, today)
    statements = latest_statements(found)
    due = found.statement_due_on
    return render(
        request,
        "revisions/process_detail.html",
        context
        | {
            "process": found,
            "stations": stations(found),
            "takes_comments": takes_comments(found, today),
            "days_left": found.days_left(today),
            "comments_open_soon": found.comments_open_on and found.comments_open_on > today,
            "comments_closed": found.comments_close_on and found.comments_close_on < today,
            "comments_total": counts["total"],
            "comments_waiting": counts["waiting_review"],
            "following": found.steps[found.step]
            if found.is_open and not found.is_at_last_step
            else None,
            "draft_is_public": draft_is_public(found),
            "approval": approval_of(found, today)
            if found.current and found.current.slug == "approval"
            else None,
            "anchoring": found.anchorings.first(),
            "statements": statements,
            "statement_is_awaited": due is not None
            and due >= today
            and all(row.attempt < found.attempt for row in statements),
            "information": found.information_items.first(),
            "decisions": decisions_of(found),
            "log": log_of(found),
            "others": found.program.processes.exclude(pk=found.pk),
            "is_revision": found.kind == Kind.REVISION,
            "updated_at": found.updated_at,
        },
    )


def title_of(process: Process) -> str:
    year = process.started.year if process.started else ""
    words = {
        Kind.CREATION: _("How the program is created %(year)s"),
        Kind.REVISION: _("Revision %(year)s"),
        Kind.LOCAL_DEVELOPMENT: _("Local development %(year)s"),
    }[Kind(process.kind)]
    return (words % {"year": year}).strip()


def draft_is_public(process: Process) -> bool:
    return process.draft_id is not None and process.draft_published_at is not None


def stations(process: Process) -> list[Station]:
    """In two queries. A step passed in an earlier attempt and not yet again is under way."""
    latest: dict[int, StepRecord] = {}
    attempts: dict[int, int] = {}
    for record in process.records.order_by("attempt", "number"):
        latest[record.number] = record
        attempts[record.number] = attempts.get(record.number, 0) + 1
    evidence: dict[int, dict[object, Evidence]] = {}
    for row in process.evidence.standing().select_related("event", "document__edition"):
        # The same meeting may have been shown in an earlier attempt as well.
        if row.document is None or row.document.is_public:
            evidence.setdefault(row.number, {})[row.event or row.document] = row
    result = []
    for number, step in enumerate(process.steps, start=1):
        record = latest.get(number)
        if process.is_open:
            place = (number > process.step) - (number < process.step)
            state = ("current", "later", "done")[place]
        else:
            state = "done" if record and record.passed else "later"
        result.append(
            Station(
                number,
                step,
                state,
                record if state != "later" else None,
                list(evidence.get(number, {}).values()),
                attempts.get(number, 0) > 1,
            )
        )
    return result


def latest_statements(process: Process) -> list[Statement]:
    """What each body says of the draft: the latest, where it was corrected or given again."""
    latest: dict[str, Statement] = {}
    for row in process.statements.all():
        latest.setdefault(row.body, row)
    return list(latest.values())


def decisions_of(process: Process) -> list[Decision]:
    """What its log holds, in order; for history told by hand the adoption of its draft."""
    which = Q(pk__in=process.log.exclude(decision=None).values("decision"))
    if process.draft_id:
        which |= Q(editions=process.draft_id)
    rows = Decision.objects.filter(which, program=process.program)
    return list(rows.select_related("body").order_by("decided", "pk").distinct())


def log_of(process: Process) -> list[LogEntry]:
    """The log with the steps' titles in words, latest first; roles, never names."""
    entries = list(LogEntry.objects.filter(process=process).order_by("-pk"))
    titles = dict(enumerate((step.title for step in process.steps), start=1))
    for entry in entries:
        entry.step_title = titles.get(entry.step, "")
        entry.to_title = titles.get(entry.to_step or 0, "")
    return entries
