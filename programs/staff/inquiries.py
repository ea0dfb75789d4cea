"""Messages about pages: reading and answering them."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from programs.inquiries.forms import AnswerForm
from programs.inquiries.messages import AnsweredAlready, answer
from programs.models import Inquiry
from programs.staff.access import crumbs, may, row_for, rows_for, someone
from programs.views.shell import paginate

ROWS = Inquiry.objects.select_related("program", "answered_by")


@login_required
def inquiries(request: HttpRequest) -> HttpResponse:
    """Those to answer, the most urgent first; `?visa=answered` the others."""
    rows = rows_for(request, ROWS.all())
    today = timezone.localdate()
    shows_answered = request.GET.get("visa") == "answered"
    if shows_answered:
        shown = rows.filter(answered_at__isnull=False).order_by(F("answered_at").desc())
    else:
        shown = rows.open().order_by("promised_on", "pk")
    return render(
        request,
        "programs/staff/inquiries.html",
        {
            "crumbs": crumbs((_("Messages about pages"), "")),
            "shows_answered": shows_answered,
            "late": rows.late(today).count(),
            "today": today,
            **paginate(request, shown),
        },
    )


@login_required
def inquiry(request: HttpRequest, pk: int) -> HttpResponse:
    """One message; answered once, and the answer leaves at once if there is an address."""
    row = row_for(request, ROWS.all(), pk)
    may_answer = may(request.user, "change", row)
    form = AnswerForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        if not may_answer:
            raise PermissionDenied
        if form.is_valid():
            try:
                answer(row, form.cleaned_data["answer"], by=someone(request), now=timezone.now())
            except AnsweredAlready:
                form.add_error(None, _("A colleague has answered meanwhile. Nothing was sent."))
                row, status = row_for(request, ROWS.all(), pk), 409
            else:
                words = _("The answer is sent.") if row.email else _("The answer is noted.")
                messages.success(request, words)
                return redirect("programs_staff:inquiries")
    return render(
        request,
        "programs/staff/inquiry.html",
        {
            "crumbs": crumbs(
                (_("Messages about pages"), reverse("programs_staff:inquiries")),
                (row.reference, ""),
            ),
            "inquiry": row,
            "is_late": row.answered_at is None and row.promised_on < timezone.localdate(),
            "is_path": row.page.startswith("/") and not row.page.startswith("//"),
            "may_answer": may_answer,
            "form": form,
        },
        status=status,
    )
