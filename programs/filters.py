"""Which actions and ideas a list shows: its filters, as they stand in the address."""

import datetime
from urllib.parse import urlencode

from django.db.models import F, Q, QuerySet
from django.http import HttpRequest
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext_lazy as _

from programs.current import current
from programs.dates import day
from programs.event_filters import OneOfField, WordsField, containing
from programs.forms import FilterForm, YearField
from programs.models import Action, Clause, Locality, Organisation, Outcome, Program
from programs.models.actions import ActionQuerySet
from programs.models.ideas import IdeaQuerySet
from programs.wording import area_of


class ListFilterForm(FilterForm):
    """Filters of a list that is either one program's own or the whole municipality's."""

    def __init__(self, request: HttpRequest, program: Program | None = None) -> None:
        super().__init__(request)
        self.program = program
        self.words = current(request).words
        if program:
            self.drop("program", "ort")
        else:
            self.fields["program"].label = self.word("program_short")
            self.fields["program"].offer(Program.objects.values_list("slug", "name"))
            self.fields["ort"].label = self.word("locality")
            self.fields["ort"].offer(Locality.objects.values_list("slug", "name"))

    def word(self, key: str) -> str:
        return capfirst(self.words[key].singular)

    def drop(self, *names: str) -> None:
        for name in names:
            self.fields.pop(name, None)

    @property
    def query(self) -> str:
        """The same rows elsewhere, also where the address does not say which program."""
        of_program = {"program": self.program.slug} if self.program else {}
        chosen = of_program | self.chosen
        return f"?{urlencode(chosen)}" if chosen else ""


class ActionFilterForm(ListFilterForm):
    """For pages and files alike: `program` is given on a program's own page."""

    q = WordsField()
    program = OneOfField()
    ort = OneOfField()
    omrade = OneOfField()
    status = OneOfField(label=_("Status"))
    ansvarig = OneOfField(label=_("Responsible"))
    ar = YearField()

    def __init__(self, request: HttpRequest, program: Program | None = None) -> None:
        super().__init__(request, program)
        self.fields["status"].offer(Action.Status.choices)
        self.fields["ansvarig"].offer(responsible_in(program))
        # Areas belong to a program's text: without a program there are none to choose from.
        slug = program.slug if program else self.data.get("program", "")
        self.areas = areas_of(slug) if slug and slug.isprintable() else {}
        self.fields["omrade"].label = self.word("level_1")
        self.fields["omrade"].offer((key, title) for key, (title, _below) in self.areas.items())
        if not self.areas and not self.data.get("omrade"):
            self.drop("omrade")

    def narrow(self, actions: ActionQuerySet) -> ActionQuerySet:
        chosen = self.chosen
        if slug := chosen.get("program"):
            actions = actions.filter(program__slug=slug)
        if slug := chosen.get("ort"):
            actions = actions.filter(locality__slug=slug)
        if slug := chosen.get("omrade"):
            actions = actions.filter(clause__in=self.areas[slug][1])
        if status := chosen.get("status"):
            actions = actions.filter(status=status)
        if slug := chosen.get("ansvarig"):
            actions = actions.filter(responsible__slug=slug)
        if year := chosen.get("ar"):
            actions = actions.filter(
                in_year("started", year) | in_year("due", year) | in_year("completed", year)
            )
        if words := chosen.get("q"):
            actions = actions.filter(containing(words, "title", "description", "result"))
        return actions


class CompletedFilterForm(ListFilterForm):
    """On the completed list the year is the one when the action was done."""

    ansvarig = OneOfField(label=_("Responsible"))
    ar = YearField()

    def __init__(self, request: HttpRequest, program: Program) -> None:
        super().__init__(request, program)
        self.fields["ansvarig"].offer(responsible_in(program))

    def narrow(self, actions: ActionQuerySet) -> ActionQuerySet:
        chosen = self.chosen
        if slug := chosen.get("ansvarig"):
            actions = actions.filter(responsible__slug=slug)
        if year := chosen.get("ar"):
            actions = actions.filter(in_year("completed", year))
        return actions


class IdeaFilterForm(ListFilterForm):
    """Narrows ideas that are public already: it never makes one visible."""

    STATUSES = (
        ("waiting", _("Waiting for an answer")),
        ("late", _("Late")),
        ("answered", _("Answered")),
    )

    MOST_SUPPORT = "stod"

    q = WordsField()
    program = OneOfField()
    ort = OneOfField()
    status = OneOfField(label=_("Status"))
    utfall = OneOfField(label=_("Answer"))
    ar = YearField(label=_("Year it came in"))
    ordning = OneOfField(label=_("Order"))

    def __init__(self, request: HttpRequest, program: Program | None = None) -> None:
        super().__init__(request, program)
        self.fields["status"].offer(self.STATUSES)
        self.fields["utfall"].offer(Outcome.choices)
        by_support = (self.MOST_SUPPORT, _("Most support first"))
        self.fields["ordning"].choices = [("", _("Latest first")), by_support]

    @property
    def narrows(self) -> bool:
        """Whether some ideas may be left out: another order leaves out none."""
        return bool(self.chosen.keys() - {"ordning"})

    def narrow(self, ideas: IdeaQuerySet, today: datetime.date) -> IdeaQuerySet:
        chosen = self.chosen
        if slug := chosen.get("program"):
            ideas = ideas.filter(program__slug=slug)
        if slug := chosen.get("ort"):
            ideas = ideas.filter(Q(locality__slug=slug) | Q(program__locality__slug=slug))
        match chosen.get("status"):
            case "waiting":
                ideas = ideas.unanswered()
            case "late":
                ideas = ideas.late(today)
            case "answered":
                ideas = ideas.answered()
        if outcome := chosen.get("utfall"):
            ideas = ideas.filter(outcome=outcome)
        if year := chosen.get("ar"):
            ideas = ideas.filter(in_year("received", year))
        if words := chosen.get("q"):
            ideas = ideas.filter(containing(words, "title", "text", "reply"))
        if chosen.get("ordning") == self.MOST_SUPPORT:
            latest = F("received").desc(nulls_last=True)
            ideas = ideas.with_supporters().order_by("-supporters", latest, "-pk")
        return ideas


def in_year(field: str, year: int) -> Q:
    """A partial date belongs to the year that it begins in."""
    return Q(
        (f"{field}__gte", day(datetime.date(year, 1, 1))),
        (f"{field}__lt", day(datetime.date(year + 1, 1, 1))),
    )


def responsible_in(program: Program | None) -> QuerySet:
    """Those who are responsible for some action, as choices."""
    actions = Action.objects.filter(program=program) if program else Action.objects.all()
    return (
        Organisation.objects.filter(pk__in=actions.values("responsible"))
        .order_by("name")
        .values_list("slug", "name")
    )


def areas_of(program_slug: str) -> dict[str, tuple[str, set[int]]]:
    """Each area of the text in force by its slug: title, and the keys of it and all below it."""
    clauses = Clause.objects.in_force().filter(edition__program__slug=program_slug, level__gte=1)
    by_key = {clause.pk: clause for clause in clauses}
    for clause in by_key.values():
        # The same objects again, so that walking upwards asks the database nothing.
        clause.parent = by_key.get(clause.parent_id)
    areas: dict[str, tuple[str, set[int]]] = {}
    for clause in by_key.values():
        area = area_of(clause)
        if area.level != 1:
            continue
        title = Truncator(area.title).chars(60)
        areas.setdefault(area.slug, (title, set()))[1].add(clause.pk)
    return areas
