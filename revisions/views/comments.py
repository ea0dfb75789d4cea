"""Comments on a text, with their answers."""

import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from programs.current import current_municipality
from programs.models import VoiceState
from programs.models.voices import new_reference
from programs.views.shell import paginate, program_page
from revisions.filters import CommentFilterForm
from revisions.models import Comment, Process


def process_of(slug: str, pk: int) -> Process:
    return get_object_or_404(
        Process.objects.select_related("program", "draft", "base"), pk=pk, program__slug=slug
    )


def counts_of(process: Process, today: datetime.date) -> dict[str, int]:
    """Of what anyone may read: nothing tells how many are held. One query."""
    published = Q(state=VoiceState.PUBLISHED)
    return Comment.objects.filter(process=process).aggregate(
        total=Count("pk", filter=published),
        waiting=Count("pk", filter=published & Q(outcome="")),
        answered=Count("pk", filter=published & ~Q(outcome="")),
        late=Count("pk", filter=published & Q(outcome="", promised_on__lt=today)),
    )


def comments(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The public comments with their answers, newest first; a hidden one leaves a mark."""
    process = process_of(slug, pk)
    title = _("Comments")
    context = program_page(request, slug, tab="process", title=title)
    context["crumbs"].insert(-1, (capfirst(process.get_kind_display()), process.get_absolute_url()))
    today = timezone.localdate()
    public = Comment.objects.filter(process=process).public()
    form = CommentFilterForm(request, public)
    # What has been hidden says nothing that could be filtered by.
    shown = public if form.is_used else Comment.objects.filter(process=process).leaving_a_mark()
    return render(
        request,
        "revisions/comment_list.html",
        context
        | paginate(request, form.narrow(shown).for_list().order_by("-pk"))
        | {
            "process": process,
            "filters": form,
            "counts": counts_of(process, today),
            "takes_comments": takes_comments(process, today),
        },
    )


def takes_comments(process: Process, today: datetime.date) -> bool:
    return process.takes_comments(today) and process.text_to_comment_on is not None


@csrf_exempt
def comment(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The form has moved to the one for everything; what is sent to this address goes along."""
    process = process_of(slug, pk)
    query = {"process": process.pk, "stycke": request.GET.get("stycke", "")[:80]}
    url = (
        f"{reverse('revisions:say')}?{urlencode({key: query[key] for key in query if query[key]})}"
    )
    return HttpResponseRedirect(url, preserve_request=request.method == "POST")


def promised_by(request: HttpRequest, today: datetime.date) -> datetime.date:
    return today + datetime.timedelta(days=current_municipality(request).reply_days)


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
