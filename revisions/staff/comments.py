"""Comments from the other side: reviewing, answering, and entering what came in elsewhere."""

import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from programs.current import current_municipality
from programs.models import VoiceState
from programs.views.shell import paginate
from revisions.forms import AnswerForm, EnteredCommentForm, ReviewForm
from revisions.models import Comment
from revisions.permissions import may_drive, role_in_words
from revisions.staff.access import crumbs, driven, process_for
from revisions.views.comments import text_under_comment


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
def enter_comment(request: HttpRequest, pk: int) -> HttpResponse:
    """A comment from paper, telephone or a meeting; the form comes back empty for the next."""
    process = driven(request, pk)
    edition = text_under_comment(process)
    today = timezone.localdate()
    form = EnteredCommentForm(request.POST or None, initial={"received": today})
    slug = request.POST.get("clause") or ""
    clauses = list(edition.clauses.all()) if edition else []
    if request.method == "POST" and form.is_valid() and edition:
        clause = next((row for row in clauses if row.slug == slug), None)
        days = datetime.timedelta(days=current_municipality(request).reply_days)
        row = Comment(
            process=process,
            edition=edition,
            clause=clause,
            state=VoiceState.PUBLISHED,
            promised_on=today + days,
            **form.cleaned_data,
        )
        row.full_clean()
        row.save()
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
            "clauses": clauses,
            "chosen_clause": slug,
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
    is_review = bool(sent) and "state" in sent
    review = ReviewForm(sent if is_review else None, initial={"state": VoiceState.PUBLISHED})
    reply = AnswerForm(
        row,
        sent if sent and not is_review else None,
        initial={
            "reply": row.reply,
            "outcome": row.outcome,
            "changed_clause": row.changed_clause_id,
        },
    )
    if is_review and review.is_valid():
        return save(request, row, review.cleaned_data, _("The comment is reviewed."))
    if sent and not is_review and reply.is_valid():
        told = reply.cleaned_data | {
            "replied": timezone.localdate(),
            "replied_by": role_in_words(request.user, process.program),
        }
        return save(request, row, told, _("The comment is answered."))
    return render(
        request,
        "revisions/staff/answer.html",
        {
            "crumbs": crumbs(process, _("Answer a comment")),
            "process": process,
            "program": process.program,
            "comment": row,
            "review": review,
            "reply": reply,
        },
    )


@transaction.atomic
def save(request: HttpRequest, row: Comment, values: dict, words: str) -> HttpResponse:
    """Write only what the form held, so that a colleague's work on the rest is kept."""
    row = Comment.objects.select_for_update(of=("self",)).get(pk=row.pk)
    for name, value in values.items():
        setattr(row, name, value)
    row.full_clean()
    row.save(update_fields=[*values, "updated_at"])
    messages.success(request, words)
    following = (
        Comment.objects.filter(process=row.process_id)
        .needing_answer()
        .exclude(pk=row.pk)
        .order_by("pk")
        .first()
    )
    if row.outcome and following:
        return redirect("revisions_staff:answer", row.process_id, following.pk)
    return redirect("revisions_staff:answer", row.process_id, row.pk)
