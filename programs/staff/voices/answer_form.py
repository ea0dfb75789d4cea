"""The form with which a voice gets its answer."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from programs.models import Clause, PlanningBrief, ReplyTemplate, Voice
from programs.staff.voices.forms import KeyChoiceField, VoiceForm, long_text
from programs.voices.answering import NEEDS_ACTION, OUTCOMES, Answer
from programs.voices.choices import actions_for, briefs_for, clauses_for


class ClauseChoiceField(KeyChoiceField):
    def label_from_instance(self, obj: Clause) -> str:
        return f"{obj.number} {Truncator(obj.title).chars(80)}".strip()


class BriefChoiceField(KeyChoiceField):
    def label_from_instance(self, obj: PlanningBrief) -> str:
        return f"{obj.budget_year} ({obj.get_state_display()})"


class TemplateSelect(forms.Select):
    """Each choice carries its text, so that a script can put it in without asking the server."""

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        if template := getattr(value, "instance", None):
            option["attrs"]["data-text"] = template.text
            option["attrs"]["data-outcome"] = template.outcome
        return option


@dataclass(slots=True)
class Pair:
    """One or more outcomes, and what they have to name."""

    radios: list[forms.boundfield.BoundWidget]
    field: forms.BoundField | None


class AnswerForm(VoiceForm):
    outcome = forms.ChoiceField(
        label=_("What it led to"), choices=OUTCOMES, widget=forms.RadioSelect
    )
    action = KeyChoiceField(label=_("Which action"), queryset=None, required=False)
    brief = BriefChoiceField(label=_("The brief of which year"), queryset=None, required=False)
    changed_clause = ClauseChoiceField(label=_("Which clause"), queryset=None, required=False)
    authority = forms.CharField(label=_("Which authority"), max_length=120, required=False)
    template = KeyChoiceField(
        label=_("Begin with a ready-made text"),
        queryset=None,
        required=False,
        widget=TemplateSelect,
    )
    reply = long_text(_("The answer"), rows=8)
    note = long_text(
        _("More about the outcome"),
        rows=2,
        required=False,
        help_text=_("Stands under the answer, for example where it was sent on."),
    )

    # What an outcome has to name, beside the words.
    COMPANIONS = {
        **dict.fromkeys(map(str, NEEDS_ACTION), "action"),
        "in_brief": "brief",
        "changed_text": "changed_clause",
        "other_authority": "authority",
    }

    def __init__(self, voice: Voice, *args: Any, **kwargs: Any) -> None:
        super().__init__(voice, *args, **kwargs)
        choices: dict[str, QuerySet] = {
            "action": actions_for(voice),
            "brief": briefs_for(voice),
            "changed_clause": clauses_for(voice),
            "template": ReplyTemplate.objects.exclude(outcome="merged"),
        }
        for name, rows in choices.items():
            self.fields[name].queryset = rows
        if voice.outcome:
            now = {
                "outcome": voice.outcome,
                "reply": voice.reply,
                "action": voice.action_id,
                "changed_clause": voice.changed_clause_id,
                "brief": getattr(voice, "brief_id", None),
                "authority": voice.authority,
                "note": voice.outcome_note,
            }
            self.initial = now | self.initial

    @property
    def outcomes(self) -> list[Pair]:
        """The choices, each with the field that it needs; two that need the same stand together."""
        pairs: list[Pair] = []
        for radio in self["outcome"]:
            name = self.COMPANIONS.get(str(radio.data["value"]))
            field = self[name] if name else None
            if name and pairs and pairs[-1].field and pairs[-1].field.name == name:
                pairs[-1].radios.append(radio)
            else:
                pairs.append(Pair([radio], field))
        return pairs

    @property
    def has_templates(self) -> bool:
        return len(self.fields["template"].choices) > 1

    def clean(self) -> None:
        if "outcome" in self.errors:
            return
        for field, words in self.answer.faults():
            if field not in self.errors:
                self.add_error(field, words)

    @property
    def answer(self) -> Answer:
        names = ("outcome", "reply", "action", "brief", "changed_clause", "authority", "note")
        said = {name: self.cleaned_data.get(name) for name in names}
        for name in ("reply", "authority", "note"):
            said[name] = said[name] or ""
        return Answer(**said)
