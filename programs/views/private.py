"""Pages that only a link in a letter leads to."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

View = Callable[..., HttpResponse]


def private(view: View) -> View:
    """The address is the key: it is not to be told on, kept, or found by search engines.

    GET changes nothing, because mail scanners open every link. Nobody is signed in here, so there
    is no authority that another site could borrow, and no cookie to protect a form with.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return csrf_exempt(require_http_methods(["GET", "HEAD", "POST"])(never_cache(guarded)))


def link_is_dead(request: HttpRequest) -> HttpResponse:
    """For a link that is cut off, too old, or whose address has been removed."""
    context = {"crumbs": [(_("The link does not work"), "")]}
    return render(request, "programs/link_dead.html", context, status=404)
