"""Entering slips: what came in on paper, by telephone or at a meeting, one after the other."""

import datetime
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from programs.models import Voice, VoiceEntry
from programs.voices.kinds import kind_of, kind_or_404
from revisions.models import Comment
from revisions.permissions import may_enter
from revisions.slips import entering
from revisions.slips.contexts import (
    Context,
    about_event,
    about_place,
    about_process,
    about_program,
    context_of,
    contexts_for,
    why_closed,
)
from revisions.slips.forms import STAYS, SlipForm
from revisions.staff.access import someone

SHOWN = 12


@login_required
def new(request: HttpRequest) -> HttpResponse:
    """The form, with what stays from the slip before; a saved one leads back here."""
    now, today = timezone.now(), timezone.localdate()
    groups = contexts_for(request.user, today)
    context = chosen(request, groups)
    reason = why_closed(context.process, today) if context.process else ""
    status, twin = 200, None
    form = SlipForm(context, groups, initial=beginning(request, context, today))
    if request.method == "POST" and "change" in request.POST:
        # Another context has other fields; what is typed goes along.
        typed = {name: value for name, value in request.POST.items() if value}
        form = SlipForm(context, groups, initial=typed | {"context": context.key})
    elif request.method == "POST":
        form = SlipForm(context, groups, request.POST)
        if reason:
            form.add_error(None, reason)
            status = 409
        elif form.is_valid():
            twin = None if form.cleaned_data["anyway"] else twin_of(form, context)
            if twin is None:
                try:
                    slip = entering.enter(
                        context,
                        form.said,
                        reference=form.cleaned_data["reference"],
                        by=someone(request),
                        now=now,
                    )
                except entering.SlipError as error:
                    form.add_error(None, str(error))
                    status = 409
                else:
                    return redirect(f"{reverse('slips:new')}?{next_one(form, slip)}")
    return page(
        request,
        "revisions/staff/slips.html",
        form,
        {
            "about": context,
            "reason": reason,
            "twin": twin,
            "written": asked(request, "klart")[:7],
        },
        status=status,
    )


def chosen(request: HttpRequest, groups: list[tuple[str, list[Context]]]) -> Context:
    """What the form or the address names, or what the latest slip was about; 403 without any."""
    key = request.POST.get("context") or asked(request, "sammanhang")
    if found := context_of(key):
        if not may_enter(request.user, found.blank()):
            raise PermissionDenied
        return found
    if not groups:
        raise PermissionDenied
    latest = entering.entered_today(someone(request), timezone.localdate(), most=1)
    return context_of_slip(latest[0]) if latest else groups[0][1][0]


def asked(request: HttpRequest, name: str) -> str:
    return request.GET.get(name, "").replace("\x00", "")


def beginning(request: HttpRequest, context: Context, today: datetime.date) -> dict[str, Any]:
    """The form's first values, from the address."""
    event_day = context.event.date.first if context.event else today
    return {
        "context": context.key,
        "channel": asked(request, "kanal") or context.channel,
        "received": asked(request, "inkom") or min(event_day, today),
    }


def next_one(form: SlipForm, slip: Voice) -> str:
    stays = [form.cleaned_data[name] for name in STAYS]
    return urlencode(
        [*zip(("sammanhang", "kanal", "inkom"), stays, strict=True), ("klart", slip.reference)]
    )


def twin_of(form: SlipForm, context: Context) -> Voice | None:
    """Another slip with nearly the same words; the one that this very form has made is none."""
    twin = entering.alike(context, form.cleaned_data["text"])
    return None if twin and twin.reference == form.cleaned_data["reference"] else twin


@login_required
def edit(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    slip = slip_or_404(kind, pk)
    context = context_of_slip(slip)
    if not may_enter(request.user, slip):
        raise PermissionDenied
    groups = [("", [context])]
    names = ("text", "title", "clause", "question", "author_name", "show_name", "author_email")
    given = {name: getattr(slip, name, None) for name in (*names, "channel")}
    given |= {"context": context.key, "received": slip.received and slip.received.first}
    given["reference"] = slip.reference
    form = SlipForm(
        context, groups, request.POST if request.method == "POST" else None, initial=given
    )
    del form.fields["anyway"]
    status = 200
    if form.is_valid():
        try:
            entering.correct(slip, form.said, by=someone(request), now=timezone.now())
        except entering.SlipError as error:
            form.add_error(None, str(error))
            status = 409
        else:
            messages.success(request, _("%(ref)s is corrected.") % {"ref": slip.reference})
            return back(slip)
    return page(
        request, "revisions/staff/slip.html", form, {"about": context, "slip": slip}, status=status
    )


@require_POST
@login_required
def take_back(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    return mend(request, kind, pk, entering.take_back, _("%(ref)s is taken back."))


@require_POST
@login_required
def put_back(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    return mend(request, kind, pk, entering.put_back, _("%(ref)s is back again."))


def mend(
    request: HttpRequest, kind: str, pk: int, verb: Callable[..., Voice], words: str
) -> HttpResponse:
    slip = slip_or_404(kind, pk)
    if not may_enter(request.user, slip):
        raise PermissionDenied
    try:
        verb(slip, by=someone(request), now=timezone.now())
    except entering.SlipError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, words % {"ref": slip.reference})
    return back(slip)


def back(slip: Voice) -> HttpResponse:
    """To the form, where the pile lies."""
    stays = {
        "sammanhang": context_of_slip(slip).key,
        "kanal": slip.channel,
        "inkom": slip.received.iso if slip.received else "",
    }
    return redirect(f"{reverse('slips:new')}?{urlencode(stays)}")


def slip_or_404(kind: str, pk: int) -> Voice:
    """A voice that a member of staff has entered."""
    entered = {"history__kind": VoiceEntry.Kind.RECEIVED, "history__by__isnull": False}
    return get_object_or_404(kind_or_404(kind), pk=pk, **entered)


def context_of_slip(slip: Voice) -> Context:
    if isinstance(slip, Comment):
        return about_process(slip.process)
    if slip.event is not None:
        return about_event(slip.event)
    return about_program(slip.program) if slip.program else about_place(slip.locality)


def page(
    request: HttpRequest, template: str, form: SlipForm, context: dict[str, Any], *, status: int
) -> HttpResponse:
    today = timezone.localdate()
    user: AbstractBaseUser = someone(request)
    slips = entering.entered_today(user, today, SHOWN)
    for slip in slips:
        slip.kind = kind_of(slip)
    return render(
        request,
        template,
        context
        | {
            "crumbs": [
                (_("Staff pages"), reverse("admin:index")),
                (_("Enter slips"), reverse("slips:new")),
            ],
            "form": form,
            "slips": slips,
            "number_today": entering.count_of_today(user, today),
        },
        status=status,
    )
