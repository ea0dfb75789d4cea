"""Telling what is missing on a page, and reporting what shuts someone out."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from programs.inquiries.forms import BarrierForm, MissingForm
from programs.inquiries.messages import answer_days, receive
from programs.inquiries.pages import LONGEST, tidy
from programs.models import Document, Inquiry, Program
from programs.permissions import program_of
from programs.public_forms import PublicForm
from programs.sending import is_a_machine, refused

Kind = Inquiry.Kind


# Nobody is signed in here, and the form keeps order by itself: see `programs.public_forms`.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def missing(request: HttpRequest) -> HttpResponse:
    given = {"page": tidy(request.GET.get("sida", ""))}
    form = MissingForm(request.POST if request.method == "POST" else None, initial=given)
    return answered(
        request,
        form,
        "programs/missing_form.html",
        {"crumbs": [(_("Tell us what is missing"), "")], "days": answer_days(Kind.MISSING)},
    )


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def barrier(request: HttpRequest) -> HttpResponse:
    given = {"page": tidy(request.GET.get("sida", "")), "kind": Kind.BARRIER}
    document = document_asked_for(request)
    if document is not None:
        given = {"page": named(document), "kind": Kind.FORMAT}
    form = BarrierForm(request.POST if request.method == "POST" else None, initial=given)
    return answered(
        request,
        form,
        "programs/barrier_form.html",
        {
            "crumbs": [
                (_("Accessibility statement"), reverse("accessibility")),
                (_("Report a barrier"), ""),
            ],
            "days": answer_days(Kind.BARRIER),
        },
        program=program_of(document) if document else None,
    )


def answered(
    request: HttpRequest,
    form: PublicForm,
    template: str,
    context: dict[str, Any],
    program: Program | None = None,
) -> HttpResponse:
    status = 200
    if request.method == "POST":
        status = refused(request, form, "inquiry", timezone.now())
        if not status:
            message = receive(
                form.said,
                reference=form.reference,
                program=program,
                today=timezone.localdate(),
                tells=not is_a_machine(form),
            )
            return redirect(f"{reverse('programs:inquiry_received')}?ref={message.reference}")
    return render(request, template, context | {"form": form}, status=status)


def document_asked_for(request: HttpRequest) -> Document | None:
    key = request.GET.get("dokument", "")
    is_key = key.isascii() and key.isdecimal() and len(key) < 10
    return Document.objects.public().filter(pk=key).first() if is_key else None


def named(document: Document) -> str:
    """The document as whoever answers will recognise it."""
    address = document.get_absolute_url()
    whole = f"{document.title} ({address})"
    return whole if address and len(whole) <= LONGEST else document.title


def received(request: HttpRequest) -> HttpResponse:
    """The reference and the promised day; without a reference that we know, just thanks."""
    reference = request.GET.get("ref", "")[:7].replace("\x00", "")
    return render(
        request,
        "programs/inquiry_received.html",
        {
            "crumbs": [(_("Thank you"), "")],
            "inquiry": Inquiry.objects.filter(reference=reference).first(),
        },
    )
