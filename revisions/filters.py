"""Which comments a list shows: its filters, as they stand in the address."""

from django import forms
from django.db.models import Q
from django.http import HttpRequest
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from programs.event_filters import OneOfField, WordsField, containing
from programs.forms import FilterForm
from programs.models import Outcome, VoiceState
from revisions.models import Question
from revisions.models.comments import CommentQuerySet

WHOLE = "hela-texten"
WAITING = "vantar"


class CommentFilterForm(FilterForm):
    """Narrows comments that the reader may see already: it never makes one visible.

    `rows` are all of those; only the clauses that they concern can be chosen.
    """

    q = WordsField()
    stycke = OneOfField(label=_("Concerns"))
    fraga = OneOfField(label=_("Question"))
    utfall = OneOfField(label=_("Answer"))

    def __init__(self, request: HttpRequest, rows: CommentQuerySet) -> None:
        super().__init__(request)
        clauses = (
            rows.filter(clause__isnull=False)
            .order_by("clause__edition", "clause__position")
            .values_list("clause__slug", "clause__number", "clause__heading", "clause__text")
            .distinct()
        )
        # A clause of the text in force and the one that grew from it share their link.
        concerned = {
            slug: f"{number} {Truncator(heading or text).chars(60)}".strip()
            for slug, number, heading, text in clauses
        }
        self.fields["stycke"].offer([(WHOLE, _("the whole text")), *concerned.items()])
        self.fields["fraga"].offer(Question.choices)
        self.fields["utfall"].offer([(WAITING, _("waiting for an answer")), *Outcome.choices])

    def narrow(self, rows: CommentQuerySet) -> CommentQuerySet:
        chosen = self.chosen
        if words := chosen.get("q"):
            rows = rows.filter(containing(words, "text", "reply"))
        if slug := chosen.get("stycke"):
            rows = rows.filter(
                Q(clause__isnull=True, clause_was="") if slug == WHOLE else Q(clause__slug=slug)
            )
        if question := chosen.get("fraga"):
            rows = rows.filter(question=question)
        if outcome := chosen.get("utfall"):
            rows = rows.filter(outcome="" if outcome == WAITING else outcome)
        return rows


class StaffCommentFilterForm(CommentFilterForm):
    """`visa` chooses what is left to do; it is set by the links above the list."""

    visa = forms.ChoiceField(
        choices=[("", ""), ("review", ""), ("answer", "")],
        required=False,
        widget=forms.HiddenInput,
        error_messages={"invalid_choice": _("Choose something in the list.")},
    )

    def narrow(self, rows: CommentQuerySet) -> CommentQuerySet:
        rows = super().narrow(rows)
        match self.chosen.get("visa"):
            case "review":
                rows = rows.filter(state=VoiceState.HELD)
            case "answer":
                rows = rows.needing_answer()
        return rows

    @property
    def is_used(self) -> bool:
        return bool(self.errors or self.chosen.keys() - {"visa"})
