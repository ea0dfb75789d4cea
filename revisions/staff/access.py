"""What every staff page of a process begins with: signed in, and allowed to be here."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from revisions.models import Process
from revisions.permissions import may_drive, may_read_held, may_read_staff_pages


def process_for(request: HttpRequest, pk: int) -> Process:
    """The process, or 403 for those who have no task in its program."""
    process = find(pk)
    if not may_read_staff_pages(request.user, process.program):
        raise PermissionDenied
    return process


def process_with_comments(request: HttpRequest, pk: int) -> Process:
    """As `process_for`, and for moderators, who have no other task in the process."""
    process = find(pk)
    if not (
        may_read_staff_pages(request.user, process.program)
        or may_read_held(request.user, process.program)
    ):
        raise PermissionDenied
    return process


def find(pk: int) -> Process:
    return get_object_or_404(
        Process.objects.select_related("program__locality", "draft", "base"), pk=pk
    )


def driven(request: HttpRequest, pk: int) -> Process:
    """As `process_for`, for those who may move it."""
    process = process_for(request, pk)
    if not may_drive(request.user, process.program):
        raise PermissionDenied
    return process


def someone(request: HttpRequest) -> AbstractBaseUser:
    return request.user  # type: ignore[return-value]


def crumbs(process: Process, *last: str) -> list[tuple[str, str]]:
    pages = [
        (_("Staff pages"), reverse("admin:index")),
        (_("Processes"), reverse("revisions_staff:index")),
        (str(process.program), reverse("revisions_staff:process", args=[process.pk])),
    ]
    return [*pages, *((words, "") for words in last)]
