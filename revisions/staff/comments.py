"""Comments from the other side are in the queue; `slips.py` enters those on paper."""

from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from revisions.models import Comment, Process

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
