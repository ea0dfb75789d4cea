"""Who is let in to a voice, and what the two pages call it."""

from collections.abc import Mapping

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from programs.current import current
from programs.models import Term, Voice
from programs.permissions import may_read, roles_of
from programs.voices.kinds import kind_of, kind_or_404


def voice_for(request: HttpRequest, kind: str, pk: int) -> Voice:
    """The voice, or 403 for those who have no task where it belongs."""
    model = kind_or_404(kind)
    voice = get_object_or_404(model._default_manager.for_queue(), pk=pk)
    if not may_read(request.user, voice):
        raise PermissionDenied
    return voice


def address(voice: Voice, query: str = "") -> str:
    return reverse("voices_staff:voice", args=[kind_of(voice), voice.pk]) + query


def kind_name(model: type[Voice], words: Mapping[str, Term]) -> str:
    """What the municipality calls one of that kind."""
    name = model._meta.model_name
    return words[name].singular if name in words else str(model._meta.verbose_name)


def function_of(request: HttpRequest, voice: Voice) -> str:
    """What readers see of who answers: a function, never a name."""
    user: AbstractBaseUser = request.user  # type: ignore[assignment]
    roles, program, place = roles_of(user), voice.of_program, voice.of_place
    leads_it = program is not None and program.pk in roles.led
    if leads_it or (program is None and place is not None and place.pk in roles.led_places):
        return capfirst(current(request).words["project_leader"].singular)
    return _("Administrator")
