"""Keeping what is being typed: as one types, or by a button that leaves it for later."""

import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from revisions import working_copies
from revisions.models import Process, WorkingCopy
from revisions.staff.access import driven
from revisions.working_copies import CHOICES, WORDS, TooMuchToKeep

Change = WorkingCopy.Change


def note_on(copy: WorkingCopy, user: AbstractBaseUser, now: datetime.datetime) -> str:
    """What stands at the clause: that one wrote there, or that a colleague does."""
    names = {
        "name": copy.user,
        "since": moment(copy.started_at, now),
        "time": moment(copy.saved_at, now),
    }
    if copy.user_id == user.pk:
        return _("You wrote here %(time)s without saving.") % names
    if copy.is_being_written(now):
        return _("%(name)s has been writing here since %(since)s.") % names
    return _("%(name)s wrote here %(time)s and has not saved it.") % names


def moment(when: datetime.datetime, now: datetime.datetime) -> str:
    """The time of day, with the date when it was another day."""
    when, now = timezone.localtime(when), timezone.localtime(now)
    return date_format(when, "H.i" if when.date() == now.date() else "j F H.i")


@require_POST
@login_required
def keep_new(request: HttpRequest, pk: int) -> HttpResponse:
    """The form for a new clause, as far as it has come; or for one whose clause is gone."""
    process = driven(request, pk)
    lost = lost_copy(process, request.user, request.POST.get("copy", ""))
    if lost:
        return keep(request, process, lost.change, lost.clause_slug, prefix=Change.NEW)
    return keep(request, process, Change.NEW, "")


@require_POST
@login_required
def keep_clause(request: HttpRequest, pk: int, clause: int) -> HttpResponse:
    """A change to a clause, as far as it has come; also when the clause is gone meanwhile."""
    process = driven(request, pk)
    change = request.POST.get("change", "")
    if change not in Change.values or change == Change.NEW or process.draft is None:
        raise Http404
    stored = process.draft.clauses.filter(pk=clause).first()
    # A clause that is gone is known by the link that the page had.
    slug = stored.slug if stored else request.POST.get("slug", "")[:80].replace("\x00", "")
    if not slug:
        raise Http404
    return keep(request, process, change, slug)


def lost_copy(process: Process, user: AbstractBaseUser, key: str) -> WorkingCopy | None:
    """One's own for a clause that was removed meanwhile, by its key as the page sent it."""
    if not is_key(key):
        return None
    copies = process.working_copies.of(user).exclude(change=Change.NEW)
    return copies.filter(pk=key).first()


def keep(
    request: HttpRequest, process: Process, change: str, slug: str, *, prefix: str = ""
) -> HttpResponse:
    now = timezone.now()
    prefix = prefix or change
    failed = ""
    copy = None
    try:
        copy = working_copies.keep(
            process,
            request.user,
            change=change,
            slug=slug,
            typed=typed_in(request.POST, prefix),
            saw=clean(request.POST.get(f"{prefix}-saw", ""))[:16],
            now=now,
        )
    except TooMuchToKeep:
        failed = _("This is too long to be kept. Copy the text and shorten it.")
    if request.accepts("text/html"):
        if failed:
            messages.error(request, failed)
        elif copy:
            messages.success(request, _("What you wrote is kept. Go on with it when you like."))
        return redirect("revisions_staff:draft", process.pk)
    words = _("Kept %(time)s. Only you see it.") % {"time": moment(now, now)} if copy else ""
    return JsonResponse({"words": failed or words}, status=413 if failed else 200)


def typed_in(sent: QueryDict, prefix: str) -> dict[str, Any]:
    """The form's fields by name. A NUL cannot be stored, and nobody types one."""
    names = [name for name in (*WORDS, *CHOICES) if f"{prefix}-{name}" in sent]
    typed: dict[str, Any] = {name: clean(sent[f"{prefix}-{name}"]) for name in names}
    return typed | {"comments": [key for key in sent.getlist(f"{prefix}-comments") if is_key(key)]}


def clean(text: str) -> str:
    return text.replace("\x00", "")


def is_key(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 10


@require_POST
@login_required
def discard(request: HttpRequest, pk: int, copy: int) -> HttpResponse:
    """Throw away one's own; back to where it was typed."""
    process = driven(request, pk)
    row = get_object_or_404(WorkingCopy, pk=copy, process=process, user=request.user)
    stored = process.draft and process.draft.clauses.filter(slug=row.clause_slug).first()
    row.delete()
    messages.success(request, _("What you had not saved is thrown away."))
    if stored:
        return redirect("revisions_staff:clause", process.pk, stored.pk)
    return redirect("revisions_staff:draft", process.pk)
