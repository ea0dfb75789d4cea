"""Documents of a program, and the decisions about it."""

from collections.abc import Iterable
from itertools import groupby

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from programs.event_filters import DocumentFilterForm
from programs.models import Decision, Document
from programs.views.shell import paginate, program_page

KIND_ORDER = {kind: number for number, kind in enumerate(Document.Kind.values)}


def of_program(request: HttpRequest, slug: str) -> HttpResponse:
    context = program_page(request, slug, tab="documents", title=_("Documents"))
    program = context["program"]
    form = DocumentFilterForm(request)
    of_program = (
        Q(program=program)
        | Q(event__program=program)
        | Q(action__program=program)
        | Q(decision__program=program)
        | Q(edition__program=program)
    )
    documents = Document.objects.public().filter(of_program)
    documents = documents.select_related("event", "action__program")
    rows = sorted(form.narrow(documents), key=lambda row: KIND_ORDER.get(row.kind, 99))
    pages = paginate(request, rows)
    shown = with_files(pages["page"])
    return render(
        request,
        "programs/document_list.html",
        context
        | pages
        | {
            "form": form,
            "groups": [
                (kind, capfirst(kinds[0].get_kind_display()), kinds)
                for kind, kinds in (
                    (kind, list(same)) for kind, same in groupby(shown, key=lambda row: row.kind)
                )
            ],
            "decisions": Decision.objects.filter(program=program).select_related("body"),
        },
    )


def with_files(documents: Iterable[Document]) -> list[Document]:
    """Each with `address`, empty when it cannot be had here, and `size` in bytes if known."""
    rows = list(documents)
    for document in rows:
        document.address, document.size = document.get_absolute_url(), None
        if document.file:
            try:
                document.size = document.file.size
            except (OSError, ValueError):
                # The row outlived its file: what is known of it is still told.
                document.address = ""
    return rows
