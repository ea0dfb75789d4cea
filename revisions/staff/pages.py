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

from programs.models import Edition, Program
from revisions import workflow
from revisions.approval import approval_of
from revisions.drafting import may_write
from revisions.forms import TransitionForm, refused_words
from revisions.models import Comment, Process
from revisions.permissions import (
    may_drive,
    may_speak_for_association,
    role_in_words,
    seat_of,
)
from revisions.requirements import standings
from revisions.staff.access import crumbs, process_for
from revisions.staff.transitions import TRANSITIONS
from revisions.steps import Kind


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
    form = chosen.form(found, request.POST, prefix=transition)
    if form.is_valid():
        shared = {
            "by": request.user,
            "role": role_in_words(request.user, found.program),
            "today": timezone.localdate(),
        }
        try:
            chosen.act(found, form, shared)
        except workflow.TransitionError as error:
            form.add_error(None, str(error))
        except ValidationError as error:
            form.add_error(None, error)
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


def page(
    request: HttpRequest,
    found: Process,
    *,
    refused: dict[str, TransitionForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    today = timezone.localdate()
    rows = standings(found, today)
    approval = (
        approval_of(found, today) if found.current and found.current.slug == "approval" else None
    )
    comments = Comment.objects.filter(process=found)
    context: dict[str, Any] = {
        "crumbs": crumbs(found),
        "process": found,
        "program": found.program,
        "standings": rows,
        "can_pass": bool(rows) and all(row.is_met for row in rows),
        "forms": forms_for(request, found, refused or {}),
        "refused": refused_words(refused or {}),
        "may_drive": may_drive(request.user, found.program),
        "may_write": may_write(found) and may_drive(request.user, found.program),
        "speaks_for_association": may_speak_for_association(request.user, found.program),
        "has_vote": seat_of(request.user, found, today) is not None,
        "approval": approval,
        "evidence": found.evidence.filter(number=found.step, attempt=found.attempt).select_related(
            "event", "document"
        ),
        "comments_total": comments.count(),
        "comments_held": comments.filter(state="held").count(),
        "comments_to_answer": comments.needing_answer().count(),
        "log": found.log.order_by("-pk").select_related("by")[:15],
    }
    return render(request, "revisions/staff/process.html", context, status=status)


def forms_for(
    request: HttpRequest, found: Process, refused: dict[str, TransitionForm]
) -> dict[str, TransitionForm]:
    """The forms of this step that the user may send, by name with underscores."""
    result = {}
    for name, row in TRANSITIONS.items():
        if name in refused:
            result[name.replace("-", "_")] = refused[name]
        elif row.belongs_to(found) and row.is_for(request.user, found) and is_possible(name, found):
            initial = {}
            if name in {"minutes", "approve", "ask"} and found.draft:
                initial["digest"] = approval_of(found, timezone.localdate()).digest
            result[name.replace("-", "_")] = row.form(found, prefix=name, initial=initial)
    return result


def is_possible(name: str, found: Process) -> bool:
    """Whether there is anything to do with that form where the process stands."""
    if name == "back":
        return bool(workflow.allowed_to_send_back(found))
    is_being_written = found.draft is not None and found.draft.state == Edition.State.DRAFT
    if name == "begin-draft":
        return not is_being_written
    if name == "decision":
        return is_being_written
    if name == "publish":
        return is_being_written and found.draft_published_at is None
    if name == "anchor":
        return not found.anchorings.filter(attempt=found.attempt).exists()
    if name in {"statement", "deadline"}:
        return not found.statements.filter(attempt=found.attempt).exists()
    if name == "channel":
        form = TRANSITIONS[name].form(found)
        return bool(form.fields["channel"].choices)
    if name == "pass":
        return not (found.current and "decision_adopts" in found.current.requires)
    return True
