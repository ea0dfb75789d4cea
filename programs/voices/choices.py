"""What can be chosen when a voice is answered."""

from django.db.models import Q, QuerySet

from programs.models import Action, Clause, PlanningBrief, Voice


def actions_for(voice: Voice) -> QuerySet[Action]:
    """Those of its program and its place; of all places for what belongs to none."""
    actions = Action.objects.order_by("title", "pk")
    program, place = voice.of_program, voice.of_place
    if program:
        return actions.filter(Q(program=program) | Q(program=None, locality=program.locality_id))
    return actions.filter(program=None, locality=place) if place else actions


def briefs_for(voice: Voice) -> QuerySet[PlanningBrief]:
    return PlanningBrief.objects.filter(program=voice.of_program).order_by("-budget_year")


def clauses_for(voice: Voice) -> QuerySet[Clause]:
    """The draft's first, when there is one."""
    texts = voice.editions_it_may_change()
    return Clause.objects.filter(edition__in=texts).order_by("-edition__number", "position", "pk")
