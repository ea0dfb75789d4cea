"""Signing up for an event, and one's own page about that."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from programs.exports.calendars import is_in_calendar
from programs.models import Event, SignUp
from programs.sending import is_a_machine, refused
from programs.sign_ups.forms import SignUpForm, room_in_words
from programs.sign_ups.links import sign_up_of_token
from programs.sign_ups.seats import SignUpRefused, cancel, confirm, sign_up
from programs.views.private import link_is_dead, private


# Nobody is signed in here, and the form keeps order by itself: see `programs.public_forms`.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, pk: int) -> HttpResponse:
    """The form; a sent one leads to a page that says: look in your mail."""
    event = get_object_or_404(Event.objects.for_list(), pk=pk)
    if not event.takes_sign_ups:
        raise Http404
    now, today = timezone.now(), timezone.localdate()
    form = SignUpForm(event, request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = refused(request, form, "sign_up", now)
        if not status:
            tells = not is_a_machine(form)
            try:
                sign_up(event, form.said, form=form.reference, today=today, tells=tells)
            except SignUpRefused as error:
                form.add_error(None, str(error))
                status = 409
            else:
                return redirect("programs:sign_up_sent", event.pk)
    return render(
        request,
        "programs/sign_up_form.html",
        about(event, _("Sign up"))
        | {"form": form, "is_open": event.takes_sign_ups_on(today), **room_in_words(event)},
        status=status,
    )


def sent(request: HttpRequest, pk: int) -> HttpResponse:
    """The same for everyone: whether an address was signed up before is told by letter only."""
    event = get_object_or_404(Event.objects.for_list(), pk=pk)
    if not event.takes_sign_ups:
        raise Http404
    return render(request, "programs/sign_up_sent.html", about(event, _("Look in your mail")))


@private
def own(request: HttpRequest, token: str) -> HttpResponse:
    """One's own sign-up. To open the page changes nothing; its buttons do."""
    row = sign_up_of_token(token)
    if row is None:
        return link_is_dead(request)
    today, reason = timezone.localdate(), ""
    if request.method == "POST":
        try:
            if "cancel" in request.POST:
                cancel(row, today=today)
            else:
                confirm(row, now=timezone.now(), today=today)
        except SignUpRefused as error:
            reason = str(error)
        else:
            return redirect("programs:own_sign_up", token)
    event = row.event
    return render(
        request,
        "programs/own_sign_up.html",
        about(event, _("Your sign-up"))
        | {
            "sign_up": row,
            "before_in_line": before_in_line(row),
            "is_over": event.is_over(today),
            "may_confirm": event.takes_sign_ups_on(today),
            "in_calendar": is_in_calendar(event),
            "reason": reason,
        },
        status=409 if reason else 200,
    )


def before_in_line(row: SignUp) -> int:
    """How many people wait before this sign-up; 0 where it does not wait."""
    if row.state != SignUp.State.WAITING:
        return 0
    waiting = row.event.sign_ups.waiting()
    earlier = waiting.filter(confirmed_at__lt=row.confirmed_at)
    same_moment = waiting.filter(confirmed_at=row.confirmed_at, pk__lt=row.pk)
    return earlier.people() + same_moment.people()


def about(event: Event, title: str) -> dict[str, Any]:
    return {
        "section": "events",
        "crumbs": [
            (_("Meetings"), reverse("programs:events")),
            (event.title, event.get_absolute_url()),
            (title, ""),
        ],
        "event": event,
        "responsible": event.program.responsible_function if event.program else "",
    }
