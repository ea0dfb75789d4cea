"""A reader tells the municipality that something on the site breaks a rule."""

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.csrf import csrf_exempt

from programs.models import Rule, Voice
from programs.public_forms import PublicForm, TooMany, slow_down
from programs.voices.handling import report as keep
from programs.voices.kinds import kind_or_404


class ReportForm(PublicForm):
    rule = forms.ChoiceField(
        label=gettext_lazy("What is wrong with it?"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose what is wrong with it.")},
    )
    text = forms.CharField(
        label=gettext_lazy("Tell us more"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy(
            "At most 1,000 characters. Do not write who you are: we do not need to know."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rule"].choices = [(rule.value, capfirst(rule.label)) for rule in Rule]


@csrf_exempt  # anonymous, and sets no cookie: see programs.public_forms
def report(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    voice = public_voice(kind, pk)
    form = ReportForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        try:
            slow_down(request, "report", now)
        except TooMany as error:
            form.add_error(None, wait_words(error.minutes))
            status = 429
        else:
            said = form.said
            keep(voice, rule=said["rule"], text=said["text"], key=form.reference, now=now)
            return redirect("programs:report_received", kind, pk)
    context = page_context(voice, kind) | {"form": form}
    return render(request, "programs/report.html", context, status=status)


def received(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Also when it has been hidden meanwhile."""
    voice = get_object_or_404(kind_or_404(kind).objects.leaving_a_mark(), pk=pk)
    return render(request, "programs/report_received.html", page_context(voice, kind))


def public_voice(kind: str, pk: int) -> Voice:
    model = kind_or_404(kind)
    voice = model._default_manager.public().for_queue().filter(pk=pk).first()
    if voice is None:
        raise Http404
    return voice


def page_context(voice: Voice, kind: str) -> dict[str, object]:
    return {
        "voice": voice,
        "kind": kind,
        "address": reverse("programs:report", args=[kind, voice.pk]),
        "crumbs": [(_("Report"), "")],
    }


def wait_words(minutes: int) -> str:
    words = ngettext(
        "A lot has been sent from your network. Wait %(minutes)s minute and send it again: "
        "everything you wrote is still here.",
        "A lot has been sent from your network. Wait %(minutes)s minutes and send it again: "
        "everything you wrote is still here.",
        minutes,
    )
    return words % {"minutes": minutes}
