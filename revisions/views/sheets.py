"""Sheets to write on with a pen, and where the short address on them leads."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from programs.models import Clause, Event, Program
from programs.views.shell import program_page
from revisions.models import Process
from revisions.sheets.codes import Target, target_of
from revisions.sheets.qr import qr_svg
from revisions.views.comments import takes_comments

# Where anyone says something: the address is stable, and the page is of another app.
SAY = "/ideer/ny/"


def program_sheet(request: HttpRequest, slug: str) -> HttpResponse:
    """About the whole program, or about the clause that `stycke` names."""
    context = program_page(request, slug, tab="sheet", title=_("Sheet to print"))
    program = context["program"]
    clause = clause_asked_for(request, program)
    return sheet(request, Target(program, clause=clause), context)


def clause_asked_for(request: HttpRequest, program: Program) -> Clause | None:
    """404 rather than a sheet about something else."""
    slug = request.GET.get("stycke", "")[:80].replace("\x00", "")
    if not slug:
        return None
    edition = program.current_edition
    clause = Clause.objects.filter(edition=edition, slug=slug).first() if edition else None
    if clause is None:
        raise Http404
    return clause


def event_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    event = get_object_or_404(Event.objects.for_list(), pk=pk)
    crumbs = [
        (_("Meetings"), reverse("programs:events")),
        (event.title, event.get_absolute_url()),
        (_("Sheet to print"), ""),
    ]
    return sheet(request, Target(event.program, event=event), {"crumbs": crumbs})


def sheet(request: HttpRequest, target: Target, context: dict[str, Any]) -> HttpResponse:
    site = settings.SITE_URL or request.build_absolute_uri("/").rstrip("/")
    address = site + reverse("revisions:short", args=[target.code])
    process = None if target.event else open_process(target.program)
    return render(
        request,
        "revisions/sheet.html",
        context
        | {
            "section": "events" if target.event else "programs",
            "target": target,
            "process": process,
            "qr": qr_svg(address, _("QR code that leads to %(address)s") % {"address": address}),
            "short": address.partition("://")[2].removesuffix("/"),
        },
    )


def open_process(program: Program | None) -> Process | None:
    """The process in which the program's text is open for comments today."""
    today = timezone.localdate()
    rows = Process.objects.taking_comments(today).filter(program=program)
    process = rows.select_related("program", "base", "draft").first() if program else None
    return process if process and takes_comments(process, today) else None


def short(request: HttpRequest, code: str) -> HttpResponse:
    """To the form where one says something, about what the sheet was about.

    While a text is open for comments it is a comment on that text, and otherwise an idea.
    """
    target = target_of(code)
    if target is None:
        raise Http404
    return redirect(f"{SAY}?{urlencode(about(target))}")


def about(target: Target) -> dict[str, Any]:
    """As the form's address says it: a text is named by its edition, a clause also by its name."""
    if target.event is not None:
        return {"mote": target.event.pk}
    asked = {"program": target.program.slug}
    if target.clause is not None:
        asked["stycke"] = f"{target.clause.edition.number}/{target.clause.slug}"
    elif process := open_process(target.program):
        asked["stycke"] = f"{process.text_to_comment_on.number}/"
    return asked
