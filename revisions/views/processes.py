"""A process as everyone can follow it: the line with its stations, evidence, and the log."""

from dataclasses import dataclass, field

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _

from programs.current import current
from programs.models import Event
from programs.views.shell import program_page
from revisions.approval import approval_of
from revisions.models import Evidence, Process, Statement, StepRecord
from revisions.now import now_of
from revisions.steps import Kind, Step
from revisions.summary import approval_of_group, summary_of
from revisions.telling import log_of
from revisions.views.comments import counts_of, takes_comments
from revisions.workflow.association import STATEMENT_STEPS

# Where a published draft is led to: where it is written, and where it is spoken of.
DRAFT_STEPS = {"draft", "reference-group", "initiate"}
UPCOMING = 2


@dataclass
class Station:
    """One step as the page shows it. Earlier attempts at it are told in the log."""

    number: int
    step: Step
    state: str
    record: StepRecord | None
    evidence: list[Evidence] = field(default_factory=list)
    is_repeated: bool = False
    statements: list[Statement] = field(default_factory=list)

    @property
    def holds_draft(self) -> bool:
        return self.step.slug in DRAFT_STEPS and self.state != "later"

    @property
    def decides(self) -> bool:
        """Where the decisions stand: also one that rejected a draft, or referred it back."""
        return bool({"decision_adopts", "plan_adopted"} & set(self.step.requires))


def process(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    found = get_object_or_404(
        Process.objects.select_related("program", "draft", "base"), pk=pk, program__slug=slug
    )
    context = program_page(request, slug, tab="process", title=title_of(found))
    found.program = context["program"]
    found.all_records = list(found.records.all())
    today, words = timezone.localdate(), current(request).words
    counts = counts_of(found, today)
    log = log_of(found, words)
    is_approving = found.current is not None and found.current.slug == "approval"
    statements = latest_statements(found)
    due = found.statement_due_on
    return render(
        request,
        "revisions/process_detail.html",
        context
        | {
            "process": found,
            "now": now_of(found, today),
            "is_phased": found.kind == Kind.LOCAL_DEVELOPMENT,
            "stations": stations(found, statements),
            "summary": summary_of(found, words),
            "takes_comments": takes_comments(found, today),
            "days_left": found.days_left(today),
            "comments_open_soon": found.comments_open_on and found.comments_open_on > today,
            "comments_closed": found.comments_close_on and found.comments_close_on < today,
            "comments_total": counts["total"],
            "draft_is_public": draft_is_public(found),
            "approval": approval_of(found, today) if is_approving else None,
            "approved": [] if is_approving else list(approval_of_group(found, words)),
            "anchoring": found.anchorings.first(),
            "statement_is_awaited": due is not None
            and due >= today
            and all(row.attempt < found.attempt for row in statements),
            "information": found.information_items.first(),
            "decisions": found.decisions(),
            "upcoming": Event.objects.filter(program=found.program, open_to_all=True)
            .upcoming(today)
            .for_list()[:UPCOMING]
            if found.is_open
            else [],
            "log": log,
            "log_has_marks": any(told.mark for told in log),
            "others": found.program.processes.exclude(pk=found.pk),
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


def stations(process: Process, said: list[Statement]) -> list[Station]:
    """In one query. A step passed in an earlier attempt and not yet again is under way."""
    latest: dict[int, StepRecord] = {}
    attempts: dict[int, int] = {}
    for record in process.all_records:
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
                [row for row in said if step.slug in STATEMENT_STEPS[row.body]]
                if state != "later"
                else [],
            )
        )
    return result


def latest_statements(process: Process) -> list[Statement]:
    """What each body says of the draft: the latest, where it was corrected or given again."""
    latest: dict[str, Statement] = {}
    for row in process.statements.all():
        latest.setdefault(row.body, row)
    return list(latest.values())
