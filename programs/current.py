"""The municipality that this installation serves."""

from collections.abc import Mapping

from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from programs.models import Municipality, Term
from programs.vocabulary import words_of


class Current:
    """Read once for each request, in two queries; a portal without data gets a plain stand-in."""

    @cached_property
    def municipality(self) -> Municipality:
        found = (
            Municipality.objects.select_related("deciding_body").prefetch_related("terms").first()
        )
        return found or Municipality(
            name=_("The municipality"),
            portal_name=_("Local development"),
            headline=_("There is nothing here yet"),
        )

    @cached_property
    def words(self) -> Mapping[str, Term]:
        return words_of(self.municipality)


def current(request: HttpRequest) -> Current:
    if not hasattr(request, "current"):
        request.current = Current()  # type: ignore[attr-defined]
    return request.current  # type: ignore[attr-defined]


def current_municipality(request: HttpRequest) -> Municipality:
    return current(request).municipality
