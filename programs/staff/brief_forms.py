"""What is typed on the pages of the planning briefs."""

import datetime
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from programs.briefs.budget import BudgetAnswer
from programs.models import BriefItem, Program
from programs.staff.voices.forms import KeyChoiceField

YEARS_AHEAD = 3


class StartForm(forms.Form):
    """One program and one of the coming budget years."""

    program = KeyChoiceField(label=_("Program"), queryset=None, empty_label=_("Choose"))
    budget_year = forms.TypedChoiceField(label=_("Budget year"), coerce=int)

    def __init__(self, programs: QuerySet[Program], today: datetime.date, **kwargs: Any) -> None:
        super().__init__(auto_id="start-%s", **kwargs)
        years = range(today.year, today.year + YEARS_AHEAD + 1)
        self.fields["program"].queryset = programs
        self.fields["budget_year"].choices = [(year, str(year)) for year in years]
        self.initial.setdefault("budget_year", today.year + 1)


class ItemForm(forms.Form):
    """What the budget answered on one item; left as it is, nothing is recorded."""

    outcome = forms.ChoiceField(label=_("The budget's answer"), choices=BriefItem.Outcome.choices)
    answer = forms.CharField(
        label=_("In words, to those who proposed it"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, item: BriefItem, data: Any = None) -> None:
        self.item = item
        initial = {"outcome": item.outcome, "answer": item.answer}
        super().__init__(data, initial=initial, prefix=f"item-{item.pk}")

    def clean(self) -> None:
        said = self.cleaned_data
        if not self.has_changed() or "answer" in self.errors:
            return
        if said.get("outcome") == BriefItem.Outcome.PENDING:
            self.add_error("outcome", _("Choose what the budget answered."))
        elif not said.get("answer"):
            self.add_error("answer", _("Write the answer in words."))

    @property
    def given(self) -> BudgetAnswer:
        said = self.cleaned_data
        return BudgetAnswer(self.item.pk, said["outcome"], said["answer"])
