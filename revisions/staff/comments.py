"""Comments from the other side: reviewing and answering. `slips.py` enters those on paper."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from programs.models import VoiceState
from programs.views.shell import paginate
from revisions.filters import StaffCommentFilterForm
from revisions.forms import AnswerForm, ReviewForm, stamp
from revisions.models import Comment, Process
from revisions.models.comments import UNANSWERED
from revisions.permissions import (
    may_drive,
    may_read_held,
    may_read_staff_pages,
    may_review,
    role_in_words,
)
from revisions.staff.access import crumbs, process_with_comments


@login_required
def comments(request: HttpRequest, pk: int) -> HttpResponse:
    """Those that one may see: all for whoever reviews or answers, the public ones for others."""
    process = process_with_comments(request, pk)
    program = process.program
    sees_held = may_read_held(request.user, program)
    rows = Comment.objects.filter(process=process)
    if not sees_held:
        rows = rows.public()
    form = StaffCommentFilterForm(request, rows)
    left = rows.aggregate(
        review=Count("pk", filter=Q(state=VoiceState.HELD)), answer=Count("pk", filter=UNANSWERED)
    )
    return render(
        request,
        "revisions/staff/comments.html",
        {
            "crumbs": comment_crumbs(request, process, _("Comments")),
            "process": process,
            "program": program,
            "filters": form,
            "chosen": form.chosen.get("visa", ""),
            "left": left,
            "sees_held": sees_held,
            "may_drive": may_drive(request.user, program),
            **paginate(request, form.narrow(rows).for_list().order_by("outcome", "pk")),
        },
    )


def comment_crumbs(request: HttpRequest, process: Process, words: str) -> list[tuple[str, str]]:
    """A moderator has no page of the process to go back to."""
    if may_read_staff_pages(request.user, process.program):
        return crumbs(process, words)
    return [(_("Staff pages"), reverse("admin:index")), (str(process), ""), (words, "")]


@login_required
def answer(request: HttpRequest, pk: int, comment: int) -> HttpResponse:
    """One comment: publish or refuse it, and answer it with an outcome.

    Moderators review, registrars read; who wrote it is for those who answer.
    """
    process = process_with_comments(request, pk)
    program = process.program
    if not may_read_held(request.user, program):
        raise PermissionDenied
    row = get_object_or_404(
        Comment.objects.select_related("process__draft", "edition", "clause"),
        pk=comment,
        process=process,
    )
    reviews, answers = may_review(request.user, program), may_drive(request.user, program)
    sent = request.POST if request.method == "POST" else None
    is_review = sent is not None and "state" in sent
    if sent is not None and not (reviews if is_review else answers):
        raise PermissionDenied
    review, reply = forms_for(row, sent, is_review)
    form = review if is_review else reply
    status = 200
    if form.is_valid():
        values = form.given
        if not is_review:
            values["replied"] = timezone.localdate()
            values["replied_by"] = role_in_words(request.user, program)
        try:
            write(row, values, form.cleaned_data["saw"])
        except ValidationError as error:
            form.add_error(None, error.messages)
            status = 409
            row.refresh_from_db()
            form.data = form.data.copy()
            form.data["saw"] = stamp(row)
        else:
            words = _("The comment is reviewed.") if is_review else _("The comment is answered.")
            messages.success(request, words)
            return redirect("revisions_staff:answer", process.pk, next_after(row, answers))
    return render(
        request,
        "revisions/staff/answer.html",
        {
            "crumbs": comment_crumbs(request, process, _("Answer a comment")),
            "process": process,
            "program": program,
            "comment": row,
            "is_conflict": status == 409,
            "review": review if reviews else None,
            "reply": reply if answers else None,
        },
        status=status,
    )


def forms_for(
    row: Comment, sent: QueryDict | None, is_review: bool
) -> tuple[ReviewForm, AnswerForm]:
    """The review and the answer; what was sent belongs to one of them."""
    held = row.state == VoiceState.HELD
    review = ReviewForm(
        row,
        sent if is_review else None,
        initial={
            "state": VoiceState.PUBLISHED if held else row.state,
            "state_reason": row.state_reason,
        },
    )
    reply = AnswerForm(
        row,
        sent if not is_review else None,
        initial={
            "reply": row.reply,
            "outcome": row.outcome,
            "changed_clause": row.changed_clause_id,
        },
    )
    return review, reply


@transaction.atomic
def write(row: Comment, values: dict[str, Any], saw: str) -> None:
    """Only what the form held; refused when a colleague has reviewed or answered meanwhile."""
    row = Comment.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if stamp(row) != saw:
        raise ValidationError(
            _("Someone else has just reviewed or answered this. Compare, and save again.")
        )
    for name, value in values.items():
        setattr(row, name, value)
    row.full_clean()
    row.save(update_fields=[*values, "updated_at"])


def next_after(row: Comment, answers: bool) -> int:
    """The next one to answer, or to review for those who only do that, when this one is done."""
    row.refresh_from_db()
    is_refused = row.state in {VoiceState.REFUSED, VoiceState.HIDDEN}
    waiting = Comment.objects.filter(process=row.process_id).needing_answer().order_by("pk")
    if answers:
        is_done = bool(row.outcome) or is_refused
    else:
        is_done = row.state != VoiceState.HELD
        waiting = waiting.filter(state=VoiceState.HELD)
    following = waiting.filter(pk__gt=row.pk).first() or waiting.first()
    return following.pk if is_done and following else row.pk
