"""Pages for what goes wrong. Each says what happened and where to go next."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that was open too long, or came from another site."""
    return render(request, "errors/csrf.html", status=403)
