"""The steering group's page: what the draft changes, who has approved, what is still needed."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from programs.current import current
from revisions.approval import Standpoint, StateOfApproval, approval_of
from revisions.digest import text_of
from revisions.forms import TransitionForm, refused_words
from revisions.models import Approval, Process
from revisions.permissions import seat_of
from revisions.staff.access import crumbs, process_for
from revisions.staff.transitions import TRANSITIONS
from revisions.views.drafts import draft_context
from revisions.views.saved import compared

STANDS = {"approve": True, "ask": False}


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
    is_asked = in_step and mine is not None and mine.approval is None
    if in_step and mine:
        for name, is_approved in STANDS.items():
            # Whoever has taken a stand may change their mind, to the other one.
            if mine.approval is None or mine.approval.is_approved != is_approved:
                forms[name] = TRANSITIONS[name].form(
                    found, prefix=name, initial={"digest": state.digest}
                )
    stood = stood_before(found, mine) if is_asked else None
    context = {
        "crumbs": crumbs(found, _("Approval")),
        "process": found,
        "program": found.program,
        "approval": state,
        "needs": needs(state),
        "mine": mine,
        "in_step": in_step,
        "is_asked": is_asked,
        "forms": forms | (refused or {}),
        "refused": refused_words(refused or {}),
        "following": found.steps[found.step :] if in_step else (),
        "stood": stood,
        "since": since(request, found, read_before(request, stood, state)) if is_asked else {},
        **draft_context(request, found),
    }
    return render(request, "revisions/staff/approval.html", context, status=status)


def needs(state: StateOfApproval) -> list[str]:
    """What the rule still asks for, in words; empty when it is met."""
    if state.is_met:
        return []
    words = []
    if state.lacking:
        words.append(
            ngettext(
                "%(n)s more is needed for a majority.",
                "%(n)s more are needed for a majority.",
                state.lacking,
            )
            % {"n": state.lacking}
        )
    if state.needs_politician and not state.has_politician:
        words.append(_("At least one politician must approve."))
    if state.needs_resident and not state.has_resident:
        words.append(_("At least one resident representative must approve."))
    return words


def stood_before(process: Process, mine: Standpoint) -> Approval | None:
    """The member's latest stand, on an older text or before the process was sent back."""
    return process.approvals.filter(membership=mine.membership).order_by("pk").last()


def read_before(request: HttpRequest, stood: Approval | None, state: StateOfApproval) -> str:
    """The digest of the text that the member read last: just now, or when they took a stand."""
    sent = [request.POST.get(f"{name}-digest", "") for name in STANDS]
    for digest in [*sent, stood.digest if stood else ""]:
        if digest and digest != state.digest:
            return digest
    return ""


def since(request: HttpRequest, process: Process, digest: str) -> dict[str, Any]:
    """What has changed from the text with that digest to the draft now; empty if unknown."""
    if not digest or process.draft is None or not digest.isalnum():
        return {}
    version = process.versions.filter(digest=digest[:64]).first()
    if version is None:
        return {}
    found = compared(version.clauses, text_of(process.draft), current(request).words)
    return found | {"saved_at": version.saved_at}
