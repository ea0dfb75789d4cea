"""The kinds of voice there are: ideas here, and what other apps add by subclassing `Voice`."""

from functools import cache

from django.apps import apps
from django.http import Http404

from programs.models import Voice


@cache
def kinds() -> dict[str, type[Voice]]:
    """Each concrete kind by its name in addresses and keys: "idea", "comment"."""
    found = [model for model in apps.get_models() if issubclass(model, Voice)]
    return {model._meta.model_name: model for model in found}


def kind_of(voice: Voice) -> str:
    return voice._meta.model_name


def kind_or_404(name: str) -> type[Voice]:
    if name not in kinds():
        raise Http404
    return kinds()[name]
