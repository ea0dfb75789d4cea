"""How programs come about, are revised and followed up, in the municipality's own words."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from programs.current import current_municipality
from programs.models import Decision, Group
from revisions.steps import STEPS, Kind


@require_safe
def how_it_works(request: HttpRequest) -> HttpResponse:
    municipality = current_municipality(request)
    return render(
        request,
        "portal/how_it_works.html",
        {
            "section": "how",
            "crumbs": [(_("How it works"), "")],
            "phases": STEPS[Kind.LOCAL_DEVELOPMENT] if municipality.works_in_phases else None,
            "creation": STEPS[Kind.CREATION] if municipality.revises_each_term else None,
            "revision": STEPS[Kind.REVISION] if municipality.revises_each_term else None,
            "levels": range(1, municipality.plan_depth + 1),
            "duties": municipality.duties.all() if municipality.pk else [],
            "former_names": municipality.former_names.all() if municipality.pk else [],
            # What concerns no single place: the plans behind the programs, and the networks.
            "decisions": Decision.objects.filter(program=None)
            .select_related("body")
            .prefetch_related("documents"),
            "groups": Group.objects.filter(program=None, locality=None).exclude(
                kind=Group.Kind.ADMINISTRATION
            ),
            "updated_at": municipality.updated_at,
        },
    )
