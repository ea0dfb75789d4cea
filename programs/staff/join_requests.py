"""Requests to take part: each coordinator sees their own."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from programs.joining import requests
from programs.joining.forms import CloseForm, HandOverForm, SeenForm
from programs.models import JoinRequest
from programs.staff.access import crumbs, may, row_for, rows_for
from programs.views.shell import paginate

ROWS = JoinRequest.objects.select_related("locality", "group__program")


@login_required
def join_requests(request: HttpRequest) -> HttpResponse:
    """Those that someone waits for first, the oldest at the top; `?visa=closed` the others."""
    rows = rows_for(request, ROWS.all())
    shows_closed = request.GET.get("visa") == "closed"
    closed = JoinRequest.State.CLOSED
    shown = rows.filter(state=closed) if shows_closed else rows.open().order_by("pk")
    return render(
        request,
        "programs/staff/join_requests.html",
        {
            "crumbs": crumbs((_("Want to take part"), "")),
            "shows_closed": shows_closed,
            **paginate(request, shown),
        },
    )


@login_required
def join_request(request: HttpRequest, pk: int) -> HttpResponse:
    return page(request, row_for(request, ROWS.all(), pk))


@require_POST
@login_required
def act(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """Hand over, note the contact or close; a refused one is shown on the page again."""
    row = row_for(request, ROWS.all(), pk, "change")
    now, today = timezone.now(), timezone.localdate()
    if action not in {"hand-over", "contact", "close"}:
        raise Http404
    form = {
        "hand-over": lambda: HandOverForm(row, today, request.POST),
        "contact": lambda: SeenForm(row, request.POST),
        "close": lambda: CloseForm(row, request.POST),
    }[action]()
    if not form.is_valid():
        return page(request, row, {action: form})
    saw = form.cleaned_data["saw"]
    try:
        if action == "hand-over":
            group = form.cleaned_data["group"]
            requests.hand_over(row, group, saw=saw, now=now, today=today)
            messages.success(request, _("Handed over to %(group)s.") % {"group": group})
        elif action == "contact":
            requests.note_contact(row, saw=saw)
            messages.success(request, _("Noted: you are in contact."))
        else:
            requests.close(row, form.reason, saw=saw, now=now)
            messages.success(request, _("Closed. The details are erased tomorrow."))
    except requests.JoinError as error:
        messages.error(request, str(error))
        return redirect("programs_staff:join_request", row.pk)
    if may(request.user, "view", ROWS.get(pk=row.pk)):
        return redirect("programs_staff:join_request", row.pk)
    return redirect("programs_staff:join_requests")


def page(
    request: HttpRequest, row: JoinRequest, refused: dict[str, Any] | None = None
) -> HttpResponse:
    """The request with what may be done with it now. `refused` holds forms to correct."""
    forms: dict[str, Any] = {}
    State = JoinRequest.State
    if may(request.user, "change", row):
        waits = row.state in {State.NEW, State.HANDED_OVER}
        if waits:
            forms["hand_over"] = HandOverForm(row, timezone.localdate(), auto_id="over_%s")
            forms["contact"] = SeenForm(row, auto_id="contact_%s")
        if row.state != State.CLOSED:
            forms["close"] = CloseForm(row, auto_id="close_%s")
    forms |= {name.replace("-", "_"): form for name, form in (refused or {}).items()}
    return render(
        request,
        "programs/staff/join_request.html",
        {
            "crumbs": crumbs(
                (_("Want to take part"), reverse("programs_staff:join_requests")),
                (row.reference, ""),
            ),
            "join_request": row,
            "forms": forms,
        },
    )
