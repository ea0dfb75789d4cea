"""Wanting to take part in one's own place: tell us where you live."""

import datetime
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from programs.joining.forms import JoinForm
from programs.joining.groups import open_groups
from programs.joining.requests import ask_to_join
from programs.models import Group, JoinRequest, Locality
from programs.sending import is_a_machine, refused
from programs.views.organisation import meetings_words


@dataclass(frozen=True, slots=True)
class PlaceGroups:
    place: Locality
    groups: list[Group]


# Nobody is signed in here, and the form keeps order by itself: see `programs.public_forms`.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest) -> HttpResponse:
    """The form beside the groups there are; `?ort=` and `?grupp=` choose in it."""
    now, today = timezone.now(), timezone.localdate()
    places = list(Locality.objects.all())
    here = asked_for(request, places)
    sent = request.POST if request.method == "POST" else None
    form = JoinForm(today, sent, initial={"locality": here, "group": request.GET.get("grupp")})
    status = 200
    if sent is not None:
        status = refused(request, form, "join", now)
        if not status:
            row = ask_to_join(
                form.said,
                reference=form.reference,
                now=now,
                today=today,
                tells=not is_a_machine(form),
            )
            return redirect(f"{reverse('programs:join_received')}?ref={row.reference}")
    return render(
        request,
        "programs/join.html",
        {
            "section": "join",
            "crumbs": [(_("Take part where you live"), "")],
            "form": form,
            "here": here,
            "places": by_place(places, today, first=here),
        },
        status=status,
    )


def asked_for(request: HttpRequest, places: list[Locality]) -> Locality | None:
    slug = request.GET.get("ort", "")
    return next((place for place in places if place.slug == slug), None)


def by_place(
    places: list[Locality], today: datetime.date, first: Locality | None
) -> list[PlaceGroups]:
    """Those with groups at work; the one that was asked for stands first."""
    found: dict[int, list[Group]] = {}
    for group in open_groups(today):
        group.is_former = False
        group.meetings = meetings_words(group)
        group.kind_words = capfirst(group.get_kind_display())
        found.setdefault(group.place_id, []).append(group)
    rows = [PlaceGroups(place, found[place.pk]) for place in places if place.pk in found]
    return sorted(rows, key=lambda row: row.place != first)


def received(request: HttpRequest) -> HttpResponse:
    """Says who gets in touch; without a reference that we know, just thanks."""
    reference = request.GET.get("ref", "")[:7].replace("\x00", "")
    row = JoinRequest.objects.filter(reference=reference).select_related("locality", "group")
    return render(
        request,
        "programs/join_received.html",
        {"crumbs": [(_("Thank you"), "")], "join_request": row.first()},
    )
