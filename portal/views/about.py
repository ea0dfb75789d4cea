"""Who is behind the portal, and on what terms: contact, accessibility, personal data, open data."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from programs.current import current_municipality
from programs.models import AccessibilityStatement, PrivacyNotice, Program
from programs.models.voices import Rule


@require_safe
def contact(request: HttpRequest) -> HttpResponse:
    municipality = current_municipality(request)
    return render(
        request,
        "portal/contact.html",
        {
            "crumbs": [(_("Contact"), "")],
            "programs": Program.objects.exclude(responsible_function="", contact_email="")
            .exclude(status=Program.Status.CONCLUDED)
            .select_related("locality"),
            "updated_at": municipality.updated_at,
        },
    )


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    statement = AccessibilityStatement.objects.filter(
        municipality=current_municipality(request).pk
    ).first()
    return render(
        request,
        "portal/accessibility.html",
        {
            "crumbs": [(_("Accessibility statement"), "")],
            "statement": statement,
            "updated_at": statement.updated_on if statement else None,
        },
    )


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    notice = PrivacyNotice.objects.filter(municipality=current_municipality(request).pk).first()
    return render(
        request,
        "portal/privacy.html",
        {
            "crumbs": [(_("Personal data and cookies"), "")],
            "notice": notice,
            "session_cookie": settings.SESSION_COOKIE_NAME,
            "csrf_cookie": settings.CSRF_COOKIE_NAME,
            "updated_at": notice.updated_on if notice else None,
        },
    )


# Why something is not shown: one explanation for each rule that staff can name.
RULES = {
    Rule.THREAT: gettext_lazy("Threats, hatred and insults, against one person or a group."),
    Rule.CRIME: gettext_lazy(
        "What is obviously against the law, such as incitement against a group or defamation."
    ),
    Rule.PRIVATE: gettext_lazy(
        "Names, addresses, health and other private details about someone else. Those who hold "
        "an office may be named for what they do in it."
    ),
    Rule.ADVERTISING: gettext_lazy("Advertising, and the same thing sent over and over again."),
    Rule.OFF_TOPIC: gettext_lazy("What is about something else than the place or the program."),
    Rule.COPYRIGHT: gettext_lazy("Texts and pictures that somebody else has made."),
    Rule.TEST: gettext_lazy("Trials, and texts in which nothing is said."),
}


@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "portal/rules.html",
        {
            "crumbs": [(_("Rules"), "")],
            "rules": [(capfirst(rule.label), RULES[rule]) for rule in Rule],
            "updated_at": current_municipality(request).updated_at,
        },
    )


@require_safe
def open_data(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "portal/open_data.html",
        {
            "crumbs": [(_("Open data"), "")],
            "updated_at": current_municipality(request).updated_at,
        },
    )
