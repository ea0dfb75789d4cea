"""Letters that did not get away, and whether letters get away at all."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from programs.mail import CannotHandle, drop, send_again
from programs.models import OutgoingMail
from programs.staff.access import crumbs, may, row_for, rows_for, someone
from programs.views.shell import paginate

LATEST = 20


class DropForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Why is it not to be sent?"),
        max_length=200,
        help_text=gettext_lazy("For example: the address does not exist."),
    )


@login_required
@require_safe
def letters(request: HttpRequest) -> HttpResponse:
    """Those in trouble, those that wait, and the latest; never what they say."""
    now = timezone.now()
    rows = rows_for(request, OutgoingMail.objects.defer("body", "headers"))
    trouble = rows.in_trouble(now) | rows.late(now)
    return render(
        request,
        "programs/staff/letters.html",
        {
            "crumbs": crumbs((_("Letters"), "")),
            "waiting": rows.due(now).count(),
            "late": rows.late(now).count(),
            "latest": rows.filter(sent_at__isnull=False).order_by("-sent_at")[:LATEST],
            **paginate(request, trouble.order_by("pk")),
        },
    )


@login_required
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    """One letter: what went wrong, and what is to be done about it."""
    row = row_for(request, OutgoingMail.objects.defer("body", "headers"), pk)
    may_act = may(request.user, "change", row)
    now = timezone.now()
    wants_to_drop = request.POST.get("do") == "drop"
    form = DropForm(request.POST if wants_to_drop else None)
    status = 200
    if request.method == "POST":
        if not may_act:
            raise PermissionDenied
        try:
            if wants_to_drop and form.is_valid():
                drop(row, by=someone(request), reason=form.cleaned_data["reason"], now=now)
                messages.success(request, _("The letter will not be sent."))
                return redirect("programs_staff:letters")
            if not wants_to_drop:
                send_again(row, by=someone(request), now=now)
                messages.success(request, _("The letter is on its way."))
                return redirect("programs_staff:letters")
        except CannotHandle as error:
            messages.error(request, str(error))
            status = 409
            row = row_for(request, OutgoingMail.objects.defer("body", "headers"), pk)
    return render(
        request,
        "programs/staff/letter.html",
        {
            "crumbs": crumbs((_("Letters"), reverse("programs_staff:letters")), (str(row), "")),
            "letter": row,
            "is_broken_off": row.is_broken_off(now),
            "can_act": may_act and row.needs_someone(now),
            "form": form,
        },
        status=status,
    )
