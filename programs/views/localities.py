"""Places: the list, and one place with or without a program."""

from django.db.models import Count, Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst

from programs.current import current
from programs.drawings.map import draw_map
from programs.models import (
    Action,
    Event,
    Group,
    Idea,
    LocalBody,
    Locality,
    Photo,
    Program,
    VoiceState,
)
from programs.models.documents import Document

SHORT_LIST = 5


def index(request: HttpRequest) -> HttpResponse:
    here = current(request)
    localities = list(
        Locality.objects.prefetch_related(
            Prefetch("programs", Program.objects.with_progress(), to_attr="all_programs")
        ).annotate(
            ideas_total=Count("ideas", filter=Q(ideas__state=VoiceState.PUBLISHED), distinct=True)
        )
    )
    return render(
        request,
        "programs/locality_list.html",
        {
            "section": "localities",
            "crumbs": [(capfirst(here.words["locality"].plural), "")],
            "localities": localities,
            "map": draw_map(here.municipality, localities),
            "updated_at": max((place.updated_at for place in localities), default=None),
        },
    )


def detail(request: HttpRequest, slug: str) -> HttpResponse:
    here = current(request)
    today = timezone.localdate()
    locality = get_object_or_404(
        Locality.objects.prefetch_related(
            Prefetch(
                "programs",
                Program.objects.with_progress().with_current_edition(),
                to_attr="all_programs",
            ),
            Prefetch(
                "local_bodies",
                LocalBody.objects.select_related("organisation").prefetch_related("members"),
                to_attr="all_local_bodies",
            ),
            Prefetch("photos", Photo.objects.all(), to_attr="all_photos"),
        ),
        slug=slug,
    )
    of_place = Q(locality=locality) | Q(program__locality=locality)
    ideas = Idea.objects.public().filter(of_place).for_list()[:SHORT_LIST]
    return render(
        request,
        "programs/locality_detail.html",
        {
            "section": "localities",
            "crumbs": [
                (capfirst(here.words["locality"].plural), reverse("programs:localities")),
                (locality.name, ""),
            ],
            "locality": locality,
            "programs": locality.all_programs,
            "upcoming": Event.objects.filter(of_place).upcoming(today).for_list()[:SHORT_LIST],
            "latest": Action.objects.filter(of_place).completed().for_list()[:SHORT_LIST],
            "own_actions": Action.objects.filter(locality=locality, program=None).for_list(),
            "past": Event.objects.filter(of_place).past(today).for_list()[:SHORT_LIST],
            "ideas": ideas,
            "groups": Group.objects.filter(locality=locality, program=None),
            "documents": Document.objects.public().filter(locality=locality, program=None),
            "network": Group.objects.filter(kind=Group.Kind.NETWORK, program=None).first()
            if locality.in_network
            else None,
            "updated_at": locality.updated_at,
        },
    )
