"""Who comes to an event: the list to print, and those who sign up by telephone."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from programs.exports.files import csv_file
from programs.exports.tables import Table
from programs.models import Event, SignUp
from programs.models.voices import new_reference
from programs.sign_ups.forms import EnteredSignUpForm, room_in_words
from programs.sign_ups.seats import SignUpRefused, cancel, enter
from programs.staff.access import crumbs, may

EVENTS = Event.objects.select_related("program", "locality", "group")


def event_for(request: HttpRequest, pk: int, action: str = "view") -> Event:
    """The event, or 403 for those who have no right to its participants."""
    event = get_object_or_404(EVENTS, pk=pk)
    if not may(request.user, action, SignUp(event=event)):
        raise PermissionDenied
    return event


@login_required
def sign_ups(request: HttpRequest, pk: int) -> HttpResponse:
    """Those with a seat by name, then the line in its order. A sent form signs someone up."""
    event = event_for(request, pk)
    may_add = may(request.user, "add", SignUp(event=event)) and not event.is_cancelled
    sent = request.POST if request.method == "POST" else None
    form = EnteredSignUpForm(event, sent, initial={"form": new_reference()})
    status = 200
    if sent is not None:
        if not may_add:
            raise PermissionDenied
        if form.is_valid():
            said = {**form.cleaned_data}
            try:
                row = enter(event, said, form=said.pop("form"), now=timezone.now())
            except SignUpRefused as error:
                form.add_error(None, str(error))
                status = 409
            else:
                messages.success(request, entered_words(row))
                return redirect("programs_staff:sign_ups", event.pk)
    return render(
        request,
        "programs/staff/sign_ups.html",
        {
            "crumbs": crumbs(
                (event.title, event.get_absolute_url()),
                (_("Signed up"), ""),
            ),
            "event": event,
            "seated": event.sign_ups.seated().order_by("name", "pk"),
            "waiting": event.sign_ups.waiting(),
            "people": event.sign_ups.seated().people(),
            "unconfirmed": event.sign_ups.filter(state=SignUp.State.UNCONFIRMED).count(),
            "may_change": may(request.user, "change", SignUp(event=event)),
            "form": form if may_add else None,
            **room_in_words(event),
        },
        status=status,
    )


def entered_words(row: SignUp) -> str:
    if row.state == SignUp.State.WAITING:
        return _("%(name)s is on the waiting list.") % {"name": row.name}
    return _("%(name)s has a seat.") % {"name": row.name}


@require_POST
@login_required
def cancel_sign_up(request: HttpRequest, pk: int, sign_up: int) -> HttpResponse:
    event = event_for(request, pk, "change")
    row = get_object_or_404(SignUp, pk=sign_up, event=event)
    cancel(row, today=timezone.localdate())
    messages.success(request, _("%(name)s is taken off the list.") % {"name": row.name})
    return redirect("programs_staff:sign_ups", event.pk)


@login_required
def sign_ups_file(request: HttpRequest, pk: int) -> HttpResponse:
    event = event_for(request, pk)
    return csv_file(
        Table(
            f"anmalda-{event.pk}",
            [
                (_("Name"), lambda row: row.name),
                (_("Number of people"), lambda row: row.people),
                (_("State"), lambda row: capfirst(row.get_state_display())),
                (_("Anything we should know"), lambda row: row.needs),
                (_("E-mail"), lambda row: row.email),
                (_("Reference"), lambda row: row.reference),
            ],
            event.sign_ups.in_line().order_by("state", "name", "pk"),
        )
    )
