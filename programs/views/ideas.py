"""Ideas: the lists with the state of every answer, the briefs, and one idea with its outcome.

Everything here starts from `Idea.objects.public()`: what is held, refused or hidden is neither
shown nor counted.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, Prefetch, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from programs.chain import chain_of_idea, merge_target
from programs.current import current
from programs.drawings.map import draw_map
from programs.filters import IdeaFilterForm
from programs.models import BriefItem, Idea, Locality, PlanningBrief, Program, Term, VoiceState
from programs.models.ideas import IdeaQuerySet
from programs.pictures import pictures
from programs.saying.pictures import draft_of
from programs.views.actions import CLAUSE_ABOVE, downloads
from programs.views.shell import paginate, program_page
from programs.wording import area_of, author, clause_name, decision_line, idea_state, public_clause

SHORT_TEXT = 180

BRIEF_TONES = {
    BriefItem.Outcome.PENDING: "planned",
    BriefItem.Outcome.GRANTED: "completed",
    BriefItem.Outcome.PARTLY: "ongoing",
    BriefItem.Outcome.DECLINED: "not-possible",
}


@dataclass(slots=True)
class Row:
    """What a list shows of an idea."""

    idea: Idea
    url: str
    text: str
    who: str
    state: str
    tone: str
    where: str = ""


def index(request: HttpRequest) -> HttpResponse:
    title = capfirst(current(request).words["idea"].plural)
    today = timezone.localdate()
    ideas = Idea.objects.public()
    context = list_context(request, ideas, IdeaFilterForm(request))
    return render(
        request,
        "programs/idea_list.html",
        context
        | {
            "section": "ideas",
            "crumbs": [(title, "")],
            "by_program": Program.objects.annotate(**counts_of("ideas__", today)).filter(
                received__gt=0
            ),
        },
    )


def of_program(request: HttpRequest, slug: str) -> HttpResponse:
    title = capfirst(current(request).words["idea"].plural)
    page = program_page(request, slug, tab="ideas", title=title)
    program = page["program"]
    ideas = Idea.objects.public().filter(program=program)
    briefs = PlanningBrief.objects.filter(program=program)
    return render(
        request,
        "programs/program_ideas.html",
        page
        | list_context(request, ideas, IdeaFilterForm(request, program))
        | {"briefs": with_public_items(briefs)},
    )


def list_context(request: HttpRequest, ideas: IdeaQuerySet, form: IdeaFilterForm) -> dict[str, Any]:
    """What the two idea lists have in common."""
    today = timezone.localdate()
    paged = paginate(request, form.narrow(ideas, today).for_list())
    counts = ideas.order_by().aggregate(**counts_of("", today), changed=Max("updated_at"))
    rows = []
    for idea in paged["page"]:
        state, tone = idea_state(idea, today)
        rows.append(
            Row(
                idea=idea,
                url=idea.get_absolute_url(),
                text=Truncator(idea.text).chars(SHORT_TEXT),
                who=author(idea),
                state=state,
                tone=tone,
                where="" if form.program else str(idea.program or idea.locality or ""),
            )
        )
    return paged | {
        "form": form,
        "rows": rows,
        "counts": counts,
        "updated_at": counts["changed"],
        "downloads": downloads("programs:ideas_export", form.query),
    }


def counts_of(path: str, today: datetime.date) -> dict[str, Count]:
    """How many have come in, wait, are late and are answered: the rules of `VoiceQuerySet`."""
    public = Q((f"{path}state", VoiceState.PUBLISHED))
    waiting = public & Q((f"{path}outcome", ""))
    return {
        "received": Count(f"{path}pk", filter=public),
        "waiting": Count(f"{path}pk", filter=waiting),
        "late": Count(f"{path}pk", filter=waiting & Q((f"{path}promised_on__lt", today))),
        "answered": Count(f"{path}pk", filter=public & ~Q((f"{path}outcome", ""))),
    }


def with_public_items(briefs: Any) -> list[PlanningBrief]:
    """Each brief with `shown`: (item, tone) for its public ideas in order of priority."""
    found = list(
        briefs.select_related("decision__body").prefetch_related(
            Prefetch(
                "items",
                BriefItem.objects.filter(idea__state=VoiceState.PUBLISHED)
                .select_related("idea__action__program")
                .order_by("rank", "pk"),
                to_attr="public_items",
            )
        )
    )
    for brief in found:
        brief.shown = [(item, BRIEF_TONES[item.outcome]) for item in brief.public_items]
        brief.decision_line = decision_line(brief.decision) if brief.decision else ""
    return found


def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """An idea that anyone may read; one that was merged leads on to the other.

    In the place of one that is hidden stands which rule it broke, and nothing of its own.
    """
    idea = get_object_or_404(
        Idea.objects.leaving_a_mark()
        .with_supporters()
        .select_related(
            "program__locality",
            "locality",
            "clause__edition__program",
            CLAUSE_ABOVE,
            "event",
            "action__program",
            "about_action__program",
            "merged_into",
            "changed_clause__edition__program",
            "split_from",
        ),
        pk=pk,
    )
    if idea.state == VoiceState.HIDDEN:
        return hidden(request, idea)
    if target := merge_target(idea):
        return redirect(target)
    words, today = current(request).words, timezone.localdate()
    state, tone = idea_state(idea, today)
    clause = public_clause(idea.clause)
    place = idea.program.locality if idea.program else idea.locality
    return render(
        request,
        "programs/idea_detail.html",
        {
            "section": "ideas",
            "crumbs": crumbs(idea, words),
            "idea": idea,
            "place": place,
            "author": author(idea),
            "parts": parts_of(idea),
            "changed": public_clause(idea.changed_clause or idea.clause),
            "state": state,
            "tone": tone,
            "is_late": idea.is_late(today),
            "clause": clause,
            "clause_name": clause_name(clause, words) if clause and clause.number else "",
            "area": area_of(clause) if clause else None,
            "merged": Idea.objects.leaving_a_mark().filter(merged_into=idea),
            "brief_items": idea.brief_items.select_related("brief__program"),
            "pictures": pictures(idea.photos.exclude(image="")),
            **position(request, idea),
            "chain": chain_of_idea(idea, words, today),
            "updated_at": idea.updated_at,
        },
    )


def position(request: HttpRequest, idea: Idea) -> dict[str, Any]:
    """The municipality's map with the idea's pin on it, and the place nearest to that."""
    if idea.latitude is None:
        return {}
    drawn = draw_map(current(request).municipality, Locality.objects.on_map())
    pin = drawn and drawn.pin(idea.latitude, idea.longitude)
    return {"map": drawn, "pin": pin, "nearest": drawn.nearest(pin)} if pin else {}


@require_safe
def picture_draft(request: HttpRequest, mark: str) -> HttpResponse:
    """A picture that is on its way in, for the one who has just chosen it."""
    draft = draft_of(mark)
    if draft is None:
        raise Http404
    answer = HttpResponse(draft.read(), content_type="image/jpeg")
    answer["Cache-Control"] = "private, no-store"
    return answer


def hidden(request: HttpRequest, idea: Idea) -> HttpResponse:
    words = current(request).words
    return render(
        request,
        "programs/idea_hidden.html",
        {
            "section": "ideas",
            "crumbs": [*crumbs(idea, words)[:-1], (_("Hidden"), "")],
            "rule": idea.get_state_rule_display(),
            "list_url": reverse("programs:ideas"),
        },
        status=410,  # search engines are to forget it
    )


def parts_of(idea: Idea) -> list[Idea]:
    """The other public ideas that were one text together with this."""
    first = idea.split_from or idea
    together = Idea.objects.public().filter(Q(pk=first.pk) | Q(split_from=first)).order_by("pk")
    return [part for part in together if part != idea]


def crumbs(idea: Idea, words: Mapping[str, Term]) -> list[tuple[str, str]]:
    ideas = capfirst(words["idea"].plural)
    if idea.program is None:
        return [(ideas, reverse("programs:ideas")), (idea.title, "")]
    place = idea.program.locality
    return [
        (capfirst(words["locality"].plural), reverse("programs:localities")),
        (place.name, place.get_absolute_url()),
        (idea.program.name, idea.program.get_absolute_url()),
        (ideas, reverse("programs:program_ideas", args=[idea.program.slug])),
        (idea.title, ""),
    ]
