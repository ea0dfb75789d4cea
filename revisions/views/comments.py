"""Comments on a text: reading them with their answers, and leaving one."""

import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from programs.current import current_municipality
from programs.models import Channel, Clause, Edition, VoiceState
from programs.models.voices import new_reference
from programs.views.shell import paginate, program_page
from revisions.forms import CommentForm
from revisions.models import Comment, Process


def process_of(slug: str, pk: int) -> Process:
    return get_object_or_404(
        Process.objects.select_related("program", "draft", "base"), pk=pk, program__slug=slug
    )


def counts_of(process: Process, today: datetime.date) -> dict[str, int]:
    """Of what anyone may read; `waiting_review` is all that is told of the rest. One query."""
    published = Q(state=VoiceState.PUBLISHED)
    return Comment.objects.filter(process=process).aggregate(
        total=Count("pk", filter=published),
        waiting=Count("pk", filter=published & Q(outcome="")),
        answered=Count("pk", filter=published & ~Q(outcome="")),
        late=Count("pk", filter=published & Q(outcome="", promised_on__lt=today)),
        waiting_review=Count("pk", filter=Q(state=VoiceState.HELD)),
    )


def comments(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Every public comment with its answer, newest first; a hidden one leaves a mark."""
    process = process_of(slug, pk)
    title = _("Comments")
    context = program_page(request, slug, tab="process", title=title)
    context["crumbs"].insert(-1, (capfirst(process.get_kind_display()), process.get_absolute_url()))
    today = timezone.localdate()
    shown = [VoiceState.PUBLISHED, VoiceState.HIDDEN]
    rows = Comment.objects.filter(process=process, state__in=shown).for_list().order_by("-pk")
    return render(
        request,
        "revisions/comment_list.html",
        context
        | paginate(request, rows)
        | {
            "process": process,
            "counts": counts_of(process, today),
            "takes_comments": takes_comments(process, today),
        },
    )


def takes_comments(process: Process, today: datetime.date) -> bool:
    return process.takes_comments(today) and process.text_to_comment_on is not None


def comment(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Leave a comment on the whole text, or on one clause, which the address may have chosen."""
    process = process_of(slug, pk)
    today = timezone.localdate()
    edition = process.text_to_comment_on
    asked = request.GET.get("stycke", "")[:80].replace("\x00", "")
    clause = Clause.objects.filter(edition=edition, slug=asked).first() if asked else None
    open_now = takes_comments(process, today)
    sent = request.POST if request.method == "POST" else None
    form = CommentForm(edition, sent, initial={"clause": clause})
    refused = 0
    if request.method == "POST" and open_now and form.is_valid():
        row = keep(process, edition, form.cleaned_data, promised_by(request, today), today)
        if row is not None:
            thanks = reverse("revisions:comment_received", args=[slug, pk])
            return redirect(f"{thanks}?ref={row.reference}")
        open_now = False
    if request.method == "POST" and not open_now:
        form.add_error(None, _("The comment period is over. Your text is still here: copy it."))
        refused = 409
    title = _("Leave a comment")
    context = program_page(request, slug, tab="process", title=title)
    context["crumbs"].insert(-1, (capfirst(process.get_kind_display()), process.get_absolute_url()))
    return render(
        request,
        "revisions/comment_form.html",
        context
        | {
            "process": process,
            "edition": edition,
            "clause": clause,
            "form": form,
            "open_now": open_now,
            "wants_clause": bool(asked) and clause is None,
        },
        status=refused or 200,
    )


def promised_by(request: HttpRequest, today: datetime.date) -> datetime.date:
    return today + datetime.timedelta(days=current_municipality(request).reply_days)


@transaction.atomic
def keep(
    process: Process,
    edition: Edition,
    said: dict[str, Any],
    promised_on: datetime.date,
    today: datetime.date,
) -> Comment | None:
    """Held until a person has read it; None when the period ended meanwhile.

    The same form sent twice makes one row.
    """
    locked = Process.objects.select_for_update(no_key=True).get(pk=process.pk)
    if not locked.takes_comments(today):
        return None
    if sent_before := already_sent(said):
        return sent_before
    return save_new(
        Comment(
            process=process,
            edition=edition,
            channel=Channel.WEB,
            received=today,
            promised_on=promised_on,
            **said,
        )
    )


def already_sent(said: dict[str, Any]) -> Comment | None:
    """The row that the same form has made; its reference is free again for another text."""
    row = Comment.objects.filter(reference=said["reference"]).first()
    if row is not None and row.text != said["text"]:
        said["reference"] = new_reference()
        return None
    return row


def save_new(row: Comment) -> Comment:
    row.full_clean()
    row.save()
    return row


def comment_received(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    process = process_of(slug, pk)
    row = Comment.objects.filter(
        process=process, reference=request.GET.get("ref", "")[:7].replace("\x00", "")
    ).first()
    context = program_page(request, slug, tab="process", title=_("Thank you for your comment"))
    return render(
        request, "revisions/comment_received.html", context | {"process": process, "comment": row}
    )
