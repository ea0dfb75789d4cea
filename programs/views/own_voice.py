"""An author's own page about what they have sent in."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from programs.current import current
from programs.models import Voice, VoiceState
from programs.public_forms import PublicForm
from programs.sending import refused
from programs.views.private import link_is_dead, private
from programs.voices import confirming
from programs.voices.letters import noun_of, title_of, yours
from programs.voices.links import author_url, voice_of_token
from programs.voices.stations import stations


class NewLookForm(PublicForm):
    text = forms.CharField(
        label=gettext_lazy("Why do you think that it should be shown?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )


@private
def own_voice(request: HttpRequest, token: str) -> HttpResponse:
    """Reading it changes nothing; each button is a POST with what is to be done in `do`."""
    voice = voice_of_token(token)
    if voice is None:
        return link_is_dead(request)
    if request.method != "POST":
        return page(request, voice)
    try:
        return act(request, voice)
    except confirming.LinkDied:
        return link_is_dead(request)


def act(request: HttpRequest, voice: Voice) -> HttpResponse:
    now = timezone.now()
    match request.POST.get("do"):
        case "confirm":
            confirming.confirm(voice, now)
        case "show-name":
            confirming.show_name(voice, now, shown=True)
        case "hide-name":
            confirming.show_name(voice, now, shown=False)
        case "new-look":
            return ask(request, voice)
        case "erase":
            confirming.erase_contact(voice, now)
            return redirect("programs:contact_erased")
    return redirect(author_url(voice))


def ask(request: HttpRequest, voice: Voice) -> HttpResponse:
    now = timezone.now()
    form = NewLookForm(request.POST)
    status = refused(request, form, "own_voice", now)
    if not status:
        try:
            confirming.ask_for_new_look(voice, form.cleaned_data["text"], now)
            return redirect(f"{author_url(voice)}#ny-bedomning")
        except confirming.CannotAsk as error:
            form.add_error(None, str(error))
            status = 409
    return page(request, voice, form=form, status=status)


def page(
    request: HttpRequest, voice: Voice, *, form: NewLookForm | None = None, status: int = 200
) -> HttpResponse:
    noun = noun_of(voice, current(request).words)
    answered = voice.merged_into or voice
    context: dict[str, Any] = {
        "crumbs": [(_("Your own page"), "")],
        "voice": voice,
        "noun": noun,
        "yours": yours(noun),
        "title": title_of(voice),
        "answered": answered,
        "stations": stations(voice, current(request).words, timezone.localdate()),
        "public_url": voice.get_absolute_url() if voice.state == VoiceState.PUBLISHED else "",
        "is_out_of_sight": voice.state in confirming.OUT_OF_SIGHT,
        "request_made": confirming.open_request(voice),
        "form": form or NewLookForm(),
        "address": masked(voice.author_email),
    }
    return render(request, "programs/own_voice.html", context, status=status)


def masked(email: str) -> str:
    """ "e…@example.se": enough for the author to know it, too little for whoever looks on."""
    local, _at, domain = email.rpartition("@")
    return f"{local[:1]}…@{domain}"


@require_safe
def contact_erased(request: HttpRequest) -> HttpResponse:
    """What one sees after having pressed the button; the own page is gone by then."""
    context = {"crumbs": [(_("Your details have been removed"), "")], "home": reverse("home")}
    return render(request, "programs/contact_erased.html", context)
