"""The steering group's page: what the draft changes, who has approved, what is still needed."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from revisions.approval import approval_of
from revisions.forms import TransitionForm, refused_words
from revisions.models import Process
from revisions.permissions import seat_of
from revisions.staff.access import crumbs, process_for
from revisions.staff.transitions import TRANSITIONS
from revisions.views.drafts import draft_context


@login_required
def approval(request: HttpRequest, pk: int) -> HttpResponse:
    return page(request, process_for(request, pk))


def page(
    request: HttpRequest,
    found: Process,
    *,
    refused: dict[str, TransitionForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    today = timezone.localdate()
    state = approval_of(found, today)
    seat = seat_of(request.user, found, today)
    mine = next(
        (point for point in state.standpoints if seat and point.membership.pk == seat.pk), None
    )
    forms: dict[str, TransitionForm] = {}
    in_step = found.current is not None and found.current.slug == "approval"
    if in_step and mine and mine.approval is None:
        for name in ("approve", "ask"):
            forms[name] = TRANSITIONS[name].form(
                found, prefix=name, initial={"digest": state.digest}
            )
    context = {
        "crumbs": crumbs(found, _("Approval")),
        "process": found,
        "program": found.program,
        "approval": state,
        "mine": mine,
        "in_step": in_step,
        "forms": forms | (refused or {}),
        "refused": refused_words(refused or {}),
        **draft_context(request, found),
    }
    return render(request, "revisions/staff/approval.html", context, status=status)
