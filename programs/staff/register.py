"""The register of all that has come in, for those who keep the records."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from programs.exports.files import csv_file
from programs.exports.tables import Table, date_value
from programs.permissions import may_give_case_number, may_read_records
from programs.records.register import Line, RegisterForm, Taken, give_case_number, lines_of, sources
from programs.staff.access import crumbs, someone
from programs.views.shell import paginate


class CaseNumberForm(forms.Form):
    case_number = forms.CharField(max_length=40, required=False)
    saw = forms.CharField(max_length=40, required=False)


@login_required
@require_safe
def register(request: HttpRequest) -> HttpResponse:
    if not may_read_records(request.user):
        raise PermissionDenied
    form = RegisterForm(request)
    paged = paginate(request, form.keys())
    return render(
        request,
        "programs/staff/register.html",
        {
            "crumbs": crumbs((_("Register"), "")),
            "form": form,
            "lines": lines_of(list(paged["page"])),
            "may_number": may_give_case_number(request.user),
            **paged,
        },
    )


@login_required
@require_safe
def register_file(request: HttpRequest) -> HttpResponse:
    """All lines that the filters leave, on one sheet."""
    if not may_read_records(request.user):
        raise PermissionDenied
    return csv_file(
        Table(
            "diarium",
            [
                (
                    _("Entered"),
                    entered,
                ),
                (_("Came in"), lambda line: date_value(line.received)),
                (_("Reference"), lambda line: line.reference),
                (_("Kind"), lambda line: line.what),
                (_("Subject"), lambda line: line.subject),
                (_("Sender"), lambda line: line.sender),
                (_("Came in through"), lambda line: line.channel),
                (_("State"), lambda line: line.state),
                (_("Case number"), lambda line: line.case_number),
            ],
            lines_of(list(RegisterForm(request).keys())),
        )
    )


def entered(line: Line) -> str:
    return f"{timezone.localtime(line.entered):%Y-%m-%d %H:%M}"


@require_POST
@login_required
def case_number(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Give one line its case number, and go back to the list as it was."""
    if not may_give_case_number(request.user):
        raise PermissionDenied
    if kind not in sources():
        raise Http404
    row = get_object_or_404(sources()[kind], pk=pk)
    form = CaseNumberForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("A case number has at most 40 characters."))
    else:
        said = form.cleaned_data
        try:
            is_new = give_case_number(
                row,
                said["case_number"],
                saw=said["saw"],
                by=someone(request),
                now=timezone.now(),
            )
        except Taken:
            messages.error(request, _("Someone else was faster. The page shows how it stands now."))
        else:
            if is_new:
                saved = _("Saved: the case number of %(reference)s.")
                messages.success(request, saved % {"reference": row.reference})
    query = request.GET.urlencode()
    return redirect(reverse("programs_staff:register") + (f"?{query}" if query else ""))
