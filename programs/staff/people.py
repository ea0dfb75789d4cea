"""A person asks what the portal holds about them, or to have it corrected or erased.

Whom it is about travels in forms and in the session, never in an address: addresses of pages end
up in the logs of web servers.
"""

from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from programs.models import Erasure, SignUp, Voice
from programs.permissions import may_change_personal_data, may_read_records
from programs.records import people
from programs.records.people import Held, held_about
from programs.staff.access import crumbs, someone

ASKED = "personal_data_of"
LATEST = 10


class SearchForm(forms.Form):
    asked = forms.CharField(
        label=gettext_lazy("E-mail, reference or name"),
        max_length=254,
        help_text=gettext_lazy("An e-mail address finds most; a name may be several people's."),
        error_messages={"required": gettext_lazy("Write whom it is about.")},
    )


class EraseForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Why are the details erased?"),
        max_length=200,
        help_text=gettext_lazy("Without names and addresses: the reason is kept."),
        error_messages={"required": gettext_lazy("Say why.")},
    )


class CorrectForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=80, required=False)
    email = forms.EmailField(label=gettext_lazy("E-mail"), required=False)

    def __init__(self, row: models.Model, *args: object) -> None:
        names = people.fields_of(type(row))
        super().__init__(*args, initial={key: getattr(row, name) for key, name in names.items()})
        for key in set(self.fields) - set(names):
            del self.fields[key]


@dataclass(frozen=True, slots=True)
class Line:
    kind: str
    what: str
    row: models.Model
    subject: str
    name: str
    email: str
    state: str
    url: str

    @property
    def finds(self) -> str:
        """What leads to this one person."""
        return self.email or self.row.reference


def line(kind: str, row: models.Model) -> Line:
    names = people.fields_of(type(row))
    if isinstance(row, Voice):
        subject, url = row.heading, reverse("voices_staff:voice", args=[kind, row.pk])
        state = row.get_outcome_display() or row.get_state_display()
    elif isinstance(row, SignUp):
        subject, url = str(row.event), reverse("programs_staff:sign_ups", args=[row.event_id])
        state = row.get_state_display()
    elif kind == "inquiry":
        subject, url = str(row), reverse("programs_staff:inquiry", args=[row.pk])
        state = _("answered") if row.answered_at else _("waits for an answer")
    else:
        subject, url = row.text[:80], reverse("programs_staff:join_request", args=[row.pk])
        state = row.get_state_display()
    return Line(
        kind=kind,
        what=capfirst(str(row._meta.verbose_name)),
        row=row,
        subject=subject,
        name=getattr(row, names["name"]) if "name" in names else "",
        email=getattr(row, names["email"]),
        state=capfirst(state),
        url=url,
    )


def refuse_unless(allowed: bool) -> None:
    if not allowed:
        raise PermissionDenied


@login_required
def person(request: HttpRequest) -> HttpResponse:
    """Look someone up, and what is held about them. Sent empty, it forgets whom it was about."""
    refuse_unless(may_read_records(request.user))
    if request.method == "POST":
        form = SearchForm(request.POST)
        request.session.pop(ASKED, None)
        if form.is_valid():
            request.session[ASKED] = form.cleaned_data["asked"]
        if form.is_valid() or "clear" in request.POST:
            return redirect("programs_staff:person")
        return page(request, None, form)
    asked = request.session.get(ASKED)
    form = SearchForm(initial={"asked": asked})
    return page(request, held_about(asked) if asked else None, form)


def page(
    request: HttpRequest, found: Held | None, form: SearchForm, erase: EraseForm | None = None
) -> HttpResponse:
    return render(
        request,
        "programs/staff/person.html",
        {
            "crumbs": crumbs((_("Personal data"), "")),
            "form": form,
            "found": found,
            "lines": [line(kind, row) for kind, row in found.pairs()] if found else [],
            "may_change": may_change_personal_data(request.user),
            "erase_form": erase or EraseForm(),
            "erasures": [
                (row, counted(row)) for row in Erasure.objects.select_related("by")[:LATEST]
            ],
        },
    )


def counted(erasure: Erasure) -> str:
    """What was taken away or corrected, in words."""
    words = {name: str(model._meta.verbose_name) for name, model in people.sources().items()}
    words |= {f"corrected_{name}": what for name, what in words.items()}
    words |= {
        "letters": _("letters"),
        "subscriptions": _("followers"),
        "sign_ups": _("sign-ups"),
        "unconfirmed_sign_ups": _("unconfirmed sign-ups"),
        "inquiries": _("messages about pages"),
        "join_requests": _("requests to take part"),
    }
    return ", ".join(f"{words.get(key, key)}: {number}" for key, number in erasure.counts.items())


def asked_in(request: HttpRequest) -> str:
    """Whom the page that the form stood on was about; 404 for a form that says nobody."""
    form = SearchForm(request.POST)
    if not form.is_valid():
        raise Http404
    return form.cleaned_data["asked"]


@require_POST
@login_required
def extract(request: HttpRequest) -> HttpResponse:
    """Everything that the page shows, as a file to give to the person."""
    refuse_unless(may_read_records(request.user))
    found = held_about(asked_in(request))
    if not found.is_one_person:
        raise Http404
    options = {"ensure_ascii": False, "indent": 2}
    response = JsonResponse(people.as_data(found), json_dumps_params=options)
    response["Content-Disposition"] = 'attachment; filename="registerutdrag.json"'
    return response


@require_POST
@login_required
def erase(request: HttpRequest) -> HttpResponse:
    refuse_unless(may_change_personal_data(request.user))
    asked, form = asked_in(request), EraseForm(request.POST)
    if not form.is_valid():
        return page(request, held_about(asked), SearchForm(initial={"asked": asked}), form)
    reason = form.cleaned_data["reason"]
    request.session.pop(ASKED, None)
    if people.erase(asked, by=someone(request), reason=reason, now=timezone.now()):
        messages.success(request, _("The contact details are erased. The texts stay."))
    else:
        messages.info(request, _("There were no contact details to erase."))
    return redirect("programs_staff:person")


@require_POST
@login_required
def unfollow(request: HttpRequest) -> HttpResponse:
    refuse_unless(may_change_personal_data(request.user))
    people.unfollow(asked_in(request), by=someone(request), now=timezone.now())
    messages.success(request, _("The address follows nothing any more."))
    return redirect("programs_staff:person")


@login_required
def correct(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """The name and the address of one thing that has come in."""
    refuse_unless(may_change_personal_data(request.user))
    if kind not in people.sources():
        raise Http404
    row = get_object_or_404(people.sources()[kind], pk=pk)
    form = CorrectForm(row, request.POST if request.method == "POST" else None)
    status = 200
    if form.is_valid():
        try:
            people.correct(row, form.cleaned_data, by=someone(request), now=timezone.now())
        except people.CannotCorrect as error:
            form.add_error(None, str(error))
            status = 409
        else:
            messages.success(request, _("Saved."))
            request.session[ASKED] = row.reference
            return redirect("programs_staff:person")
    above = (_("Personal data"), reverse("programs_staff:person"))
    return render(
        request,
        "programs/staff/person_correct.html",
        {
            "crumbs": crumbs(above, (row.reference, "")),
            "line": line(kind, row),
            "form": form,
        },
        status=status,
    )
