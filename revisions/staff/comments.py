"""Comments from the other side: reviewing and answering. `slips.py` enters those on paper."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from programs.models import VoiceState
from programs.views.shell import paginate
from revisions.forms import AnswerForm, ReviewForm, stamp
from revisions.models import Comment
from revisions.permissions import may_drive, role_in_words
from revisions.staff.access import crumbs, driven, process_for


@login_required
def comments(request: HttpRequest, pk: int) -> HttpResponse:
    """All of them: those to review first, then those to answer, then the rest."""
    process = process_for(request, pk)
    rows = Comment.objects.filter(process=process).for_list()
    chosen = request.GET.get("visa", "")
    if chosen == "review":
        rows = rows.filter(state=VoiceState.HELD)
    elif chosen == "answer":
        rows = rows.needing_answer()
    return render(
        request,
        "revisions/staff/comments.html",
        {
            "crumbs": crumbs(process, _("Comments")),
            "process": process,
            "program": process.program,
            "chosen": chosen,
            "may_drive": may_drive(request.user, process.program),
            **paginate(request, rows.order_by("outcome", "pk")),
        },
    )


@login_required
def answer(request: HttpRequest, pk: int, comment: int) -> HttpResponse:
    """One comment: publish or refuse it, and answer it with an outcome."""
    process = driven(request, pk)
    row = get_object_or_404(
        Comment.objects.select_related("process__draft", "edition", "clause"),
        pk=comment,
        process=process,
    )
    sent = request.POST if request.method == "POST" else None
    is_review = sent is not None and "state" in sent
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
    form = review if is_review else reply
    status = 200
    if form.is_valid():
        values = form.given
        if not is_review:
            values["replied"] = timezone.localdate()
            values["replied_by"] = role_in_words(request.user, process.program)
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
            return redirect("revisions_staff:answer", process.pk, next_after(row))
    return render(
        request,
        "revisions/staff/answer.html",
        {
            "crumbs": crumbs(process, _("Answer a comment")),
            "process": process,
            "program": process.program,
            "comment": row,
            "is_conflict": status == 409,
            "review": review,
            "reply": reply,
        },
        status=status,
    )


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


def next_after(row: Comment) -> int:
    """The next one to answer, when this one needs nothing more."""
    row.refresh_from_db()
    is_done = row.outcome or row.state in {VoiceState.REFUSED, VoiceState.HIDDEN}
    waiting = Comment.objects.filter(process=row.process_id).needing_answer().order_by("pk")
    following = waiting.filter(pk__gt=row.pk).first() or waiting.first()
    return following.pk if is_done and following else row.pk
