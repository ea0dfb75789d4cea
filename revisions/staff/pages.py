"""The processes one has a task in, and the page from which one is driven."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from programs.current import current
from programs.models import Membership, Program, VoiceState
from programs.permissions import is_registrar
from revisions import workflow
from revisions.digest import digest_of
from revisions.drafting import may_write
from revisions.forms import TransitionForm, refused_words
from revisions.models import Approval, Comment, Evidence, Process
from revisions.permissions import (
    may_drive,
    may_speak_for_association,
    role_in_words,
    seat_of,
)
from revisions.requirements import standings
from revisions.staff.access import crumbs, process_for
from revisions.staff.people import people_of
from revisions.staff.tasks import tasks_of
from revisions.staff.transitions import TRANSITIONS
from revisions.steps import Kind, Step
from revisions.telling import log_of

LATEST = 6  # how much of the log the page shows


@require_POST
@login_required
def start(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    program = get_object_or_404(Program, slug=slug)
    if kind not in Kind.values:
        raise Http404
    if not may_drive(request.user, program):
        raise PermissionDenied
    try:
        process = workflow.start(
            program,
            kind,
            by=request.user,
            role=role_in_words(request.user, program),
            today=timezone.localdate(),
        )
    except workflow.TransitionError as error:
        messages.error(request, str(error))
        return redirect("revisions_staff:index")
    messages.success(request, _("The process has begun. The first step is under way."))
    return redirect("revisions_staff:process", process.pk)


@login_required
def process(request: HttpRequest, pk: int) -> HttpResponse:
    return page(request, process_for(request, pk))


@require_POST
@login_required
def transition(request: HttpRequest, pk: int, transition: str) -> HttpResponse:
    """Do one thing; refused ones are shown on the page again with everything that was typed."""
    found = process_for(request, pk)
    chosen = TRANSITIONS.get(transition)
    if chosen is None:
        raise Http404
    if not chosen.is_for(request.user, found):
        raise PermissionDenied
    form = chosen.form(found, request.POST, request.FILES, prefix=transition)
    if form.is_valid():
        shared = {
            "by": request.user,
            "role": role_in_words(request.user, found.program),
            "today": timezone.localdate(),
        }
        try:
            chosen.do(found, form, shared)
        except workflow.TransitionError as error:
            form.add_error(None, str(error))
        except ValidationError as error:
            tell(form, error)
        else:
            messages.success(request, _("Done, and noted in the log."))
            if transition in {"approve", "ask"}:
                return redirect("revisions_staff:approval", found.pk)
            return redirect("revisions_staff:process", found.pk)
    found = process_for(request, pk)
    form.shown_again(found)
    if chosen.by_member:
        from revisions.staff.approvals import page as approval_page  # noqa: PLC0415 (each the other)

        return approval_page(request, found, refused={transition: form}, status=409)
    return page(request, found, refused={transition: form}, status=409)


def tell(form: TransitionForm, error: ValidationError) -> None:
    """What a model does not accept, at the form's field where it has one of that name."""
    for name, errors in error.error_dict.items() if hasattr(error, "error_dict") else ():
        form.add_error(name if name in form.fields else None, errors)
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)


def page(
    request: HttpRequest,
    found: Process,
    *,
    refused: dict[str, TransitionForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Where the process is, what is missing, and what this person can do about it."""
    today = timezone.localdate()
    user, program = request.user, found.program
    drives = may_drive(user, program)
    rows = standings(found, today)
    in_approval = found.current is not None and found.current.slug == "approval"
    seat = seat_of(user, found, today) if in_approval else None
    stand = stand_of(found, seat) if seat else None
    tasks = tasks_of(found, user, rows, refused or {}, stand)
    log = log_of(found, current(request).words)
    comments = Comment.objects.filter(process=found)
    context: dict[str, Any] = {
        "crumbs": crumbs(found),
        "process": found,
        "program": program,
        "line": line_of(found),
        "following": found.steps[found.step] if not found.is_at_last_step else None,
        "standings": rows,
        "tasks": tasks,
        "refused": refused_words(refused or {}),
        "may_drive": drives,
        "may_write": drives and may_write(found),
        "speaks_for_association": may_speak_for_association(user, program),
        "is_asked": seat is not None and stand is None,
        "stand": stand,
        "evidence": Evidence.objects.of_step_under_way(found).select_related("event", "document"),
        "reads_comments": drives or is_registrar(user),
        "comments_total": comments.count(),
        "comments_held": comments.filter(state=VoiceState.HELD).count(),
        "comments_to_answer": comments.needing_answer().count(),
        "people": people_of(found, today),
        "log": log[:LATEST],
        "log_length": len(log),
    }
    return render(request, "revisions/staff/process.html", context, status=status)


def line_of(process: Process) -> list[tuple[int, Step, str]]:
    """Every step with its number and how it stands: done, current or later."""
    last = process.step if process.is_open else 0
    passed = set(process.records.exclude(passed=None).values_list("number", flat=True))
    return [
        (
            number,
            step,
            "current"
            if number == last
            else "done"
            if (number < last if process.is_open else number in passed)
            else "later",
        )
        for number, step in enumerate(process.steps, start=1)
    ]


def stand_of(process: Process, seat: Membership) -> Approval | None:
    """What the member has said of the text as it reads now."""
    given = process.approvals.filter(attempt=process.attempt, membership=seat)
    return given.filter(digest=digest_of(process.draft)).last()
