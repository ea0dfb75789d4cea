"""Comments on a text: reading them with their answers, and leaving one."""

import datetime

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from programs.current import current_municipality
from programs.models import Channel, Clause, Edition
from programs.views.shell import paginate, program_page
from revisions.forms import CommentForm
from revisions.models import Comment, Process


def process_of(slug: str, pk: int) -> Process:
    return get_object_or_404(
        Process.objects.select_related("program", "draft", "base"), pk=pk, program__slug=slug
    )


def text_under_comment(process: Process) -> Edition | None:
    """The text in force when the process began; in a creation the draft."""
    return process.base or process.draft


def comments(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Every public comment with its answer, newest first; a hidden one leaves a mark."""
    process = process_of(slug, pk)
    title = _("Comments")
    context = program_page(request, slug, tab="process", title=title)
    context["crumbs"].insert(-1, (process.get_kind_display(), process.get_absolute_url()))
    today = timezone.localdate()
    of_process = Comment.objects.filter(process=process)
    rows = of_process.filter(state__in=["published", "hidden"]).for_list().order_by("-pk")
    counts = of_process.aggregate(
        total=Count("pk", filter=~Q(state="refused")),
        answered=Count("pk", filter=~Q(outcome="")),
        late=Count("pk", filter=Q(outcome="", promised_on__lt=today, state="published")),
        waiting_review=Count("pk", filter=Q(state="held")),
    )
    return render(
        request,
        "revisions/comment_list.html",
        context
        | paginate(request, rows)
        | {
            "process": process,
            "counts": counts,
            "takes_comments": process.takes_comments(today),
        },
    )


def comment(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Leave a comment on the whole text, or on the clause that the address names."""
    process = process_of(slug, pk)
    today = timezone.localdate()
    edition = text_under_comment(process)
    chosen = request.GET.get("stycke", "")[:80].replace("\x00", "")
    clause = Clause.objects.filter(edition=edition, slug=chosen).first() if chosen else None
    open_now = edition is not None and process.takes_comments(today)
    form = CommentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if open_now:
            row = keep(request, process, edition, clause, form, today)
            thanks = reverse("revisions:comment_received", args=[slug, pk])
            return redirect(f"{thanks}?ref={row.reference}")
        form.add_error(None, _("The comment period is over. Your text is still here: copy it."))
    title = _("Leave a comment")
    context = program_page(request, slug, tab="process", title=title)
    context["crumbs"].insert(-1, (process.get_kind_display(), process.get_absolute_url()))
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
            "wants_clause": bool(chosen) and clause is None,
        },
        status=200 if open_now or request.method != "POST" else 409,
    )


def keep(
    request: HttpRequest,
    process: Process,
    edition: Edition,
    clause: Clause | None,
    form: CommentForm,
    today: datetime.date,
) -> Comment:
    """Held until a person has read it, with the day by which it is answered."""
    row = Comment(
        process=process,
        edition=edition,
        clause=clause,
        channel=Channel.WEB,
        received=today,
        promised_on=today + datetime.timedelta(days=current_municipality(request).reply_days),
        **form.cleaned_data,
    )
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
