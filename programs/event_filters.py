"""Which events and documents a list shows: what its filters mean, and in which order."""

import datetime
from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import BooleanField, Case, F, Q, QuerySet, Value, When
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from programs.current import current
from programs.forms import FilterForm, YearField
from programs.models import Document, Event, Locality, Program
from programs.models.events import not_over


class WordsField(forms.CharField):
    """Words that all must be found, in any order."""

    widget = forms.TextInput(attrs={"type": "search"})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"label": _("Words"), "max_length": 100, "required": False, **kwargs})


class OneOfField(forms.ChoiceField):
    """One of some choices, or all of them."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)
        self.error_messages["invalid_choice"] = _("Choose something in the list.")

    def offer(self, choices: Iterable[tuple[str, str]]) -> None:
        """Read once, as a list: a choice is then checked without asking the database again."""
        self.choices = [("", _("All")), *((value, capfirst(words)) for value, words in choices)]


class EventFilterForm(FilterForm):
    q = WordsField()
    ort = OneOfField()
    program = OneOfField()
    typ = OneOfField(label=_("Kind"))
    ar = YearField()

    def __init__(self, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(request, **kwargs)
        words = current(request).words
        self.fields["ort"].label = capfirst(words["locality"].singular)
        self.fields["ort"].offer(Locality.objects.values_list("slug", "name"))
        self.fields["program"].label = capfirst(words["program_short"].singular)
        self.fields["program"].offer(Program.objects.values_list("slug", "name"))
        self.fields["typ"].offer(Event.Kind.choices)

    def narrow(self, events: QuerySet[Event]) -> QuerySet[Event]:
        chosen = self.chosen
        if slug := chosen.get("ort"):
            events = events.filter(Q(locality__slug=slug) | Q(program__locality__slug=slug))
        if slug := chosen.get("program"):
            events = events.filter(program__slug=slug)
        if kind := chosen.get("typ"):
            events = events.filter(kind=kind)
        if year := chosen.get("ar"):
            events = events.in_year(year)
        if words := chosen.get("q"):
            events = events.filter(containing(words, "title", "description", "notes", "place"))
        return events


class DocumentFilterForm(FilterForm):
    q = WordsField()
    typ = OneOfField(label=_("Kind"))
    ar = YearField()

    def __init__(self, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(request, **kwargs)
        self.fields["typ"].offer(Document.Kind.choices)

    def narrow(self, documents: QuerySet[Document]) -> QuerySet[Document]:
        chosen = self.chosen
        if kind := chosen.get("typ"):
            documents = documents.filter(kind=kind)
        if year := chosen.get("ar"):
            documents = documents.filter(dated__startswith=str(year))
        if words := chosen.get("q"):
            documents = documents.filter(containing(words, "title", "note"))
        return documents


def containing(words: str, *fields: str) -> Q:
    """Every word stands somewhere in the fields, whatever its case."""
    found = Q()
    for word in words.split():
        # SQLite only knows the case of a–z: "Östra" would not be found by "östra".
        spellings = {word, word.lower(), word.upper(), word.capitalize()}
        found &= Q.create(
            [(f"{field}__icontains", spelling) for field in fields for spelling in spellings],
            connector=Q.OR,
        )
    return found


def coming_first(events: QuerySet[Event], today: datetime.date) -> QuerySet[Event]:
    """Coming ones by date, then held ones from the latest; each row says which, as `is_coming`."""
    coming = not_over(today)
    return events.annotate(
        is_coming=Case(
            When(coming, then=Value(True)), default=Value(False), output_field=BooleanField()
        )
    ).order_by(
        "-is_coming",
        Case(When(coming, then=F("date"))),
        F("date").desc(),
        F("starts").asc(nulls_first=True),
        "pk",
    )
