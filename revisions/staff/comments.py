"""Comments from the other side: where they are answered, and entering what came in elsewhere."""

import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from programs.models import Edition, VoiceState
from revisions.forms import EnteredCommentForm
from revisions.models import Comment, Process
from revisions.staff.access import crumbs, driven
from revisions.views.comments import already_sent, promised_by, save_new

# What the links on the pages of a process ask for, and the tab of the queue that shows it.
TABS = {"review": "granska", "answer": "svara"}


@login_required
def comments(request: HttpRequest, pk: int) -> HttpResponse:
    """Comments are read, reviewed and answered in the queue, with everything else that comes in."""
    process = get_object_or_404(Process, pk=pk)
    asked = {"omgang": process.pk, "visa": TABS.get(request.GET.get("visa", ""), "alla")}
    return redirect(f"{reverse('voices_staff:queue')}?{urlencode(asked)}")


@login_required
def answer(request: HttpRequest, pk: int, comment: int) -> HttpResponse:
    row = get_object_or_404(Comment, pk=comment, process=pk)
    page = reverse("voices_staff:voice", args=["comment", row.pk])
    return redirect(f"{page}?{urlencode({'omgang': pk, 'visa': TABS['answer']})}")


@login_required
def enter_comment(request: HttpRequest, pk: int) -> HttpResponse:
    """A comment from paper, telephone or a meeting; the form comes back empty for the next."""
    process = driven(request, pk)
    edition = process.text_to_comment_on
    today = timezone.localdate()
    sent = request.POST if request.method == "POST" else None
    form = EnteredCommentForm(process, edition, sent, initial={"received": today})
    reason = why_closed(process, today)
    if request.method == "POST" and reason:
        form.add_error(None, reason)
    elif request.method == "POST" and form.is_valid():
        row = enter(process, edition, form.cleaned_data, promised_by(request, today))
        messages.success(request, _("Entered as %(ref)s. Next one?") % {"ref": row.reference})
        return redirect("revisions_staff:enter_comment", process.pk)
    return render(
        request,
        "revisions/staff/enter_comment.html",
        {
            "crumbs": crumbs(process, _("Enter a comment")),
            "process": process,
            "program": process.program,
            "form": form,
            "reason": reason,
        },
        status=409 if form.is_bound and reason else 200,
    )


def why_closed(process: Process, today: datetime.date) -> str:
    """Why nothing can be entered; empty when it can."""
    if not process.is_open:
        return _("The process is finished. What comes in now belongs to the next one.")
    if process.text_to_comment_on is None:
        return _("There is no text to comment on yet. Publish the draft first.")
    if not process.comments_open_on or process.comments_open_on > today:
        return _("The comment period has not begun.")
    return ""


@transaction.atomic
def enter(
    process: Process, edition: Edition, said: dict[str, Any], promised_on: datetime.date
) -> Comment:
    """Public at once, because a person has read it. The same form sent twice makes one row."""
    Process.objects.select_for_update(no_key=True).get(pk=process.pk)
    return already_sent(said) or save_new(
        Comment(
            process=process,
            edition=edition,
            state=VoiceState.PUBLISHED,
            promised_on=promised_on,
            **said,
        )
    )
