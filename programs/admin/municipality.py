"""Staff pages for the municipality's own settings."""

import json
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models
from django.forms.fields import InvalidJSONInput
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from programs.admin.base import ScopedAdmin, StackInline, TableInline
from programs.models import (
    AccessibilityStatement,
    Duty,
    FormerName,
    Municipality,
    PrivacyNotice,
    Term,
)


class StorableJSONField(forms.JSONField):
    """Refuses what Python reads as JSON but no database stores: NaN, NUL and half characters."""

    def to_python(self, value: Any) -> Any:
        parsed = super().to_python(value)
        if not is_storable(parsed):
            raise ValidationError(
                self.error_messages["invalid"], code="invalid", params={"value": value}
            )
        return parsed

    def bound_data(self, data: str | None, initial: Any) -> Any:
        parsed = super().bound_data(data, initial)
        return parsed if is_storable(parsed) else InvalidJSONInput(data)


def is_storable(parsed: Any) -> bool:
    try:
        json.dumps(parsed, ensure_ascii=False, allow_nan=False).encode()
    except ValueError:
        return False
    return "\\u0000" not in json.dumps(parsed)


class FormerNameInline(TableInline):
    model = FormerName
    fields = ["name", "started", "ended", "note"]


class TermInline(TableInline):
    model = Term
    fields = ["key", "singular", "definite", "plural", "definite_plural", "neuter"]


class DutyInline(TableInline):
    model = Duty
    fields = ["kind", "label", "due_month"]


class AccessibilityStatementInline(StackInline):
    model = AccessibilityStatement
    formfield_overrides = {models.JSONField: {"form_class": StorableJSONField}}
    extra = 0
    fields = [
        "service_name",
        "compliance",
        ("assessed_on", "updated_on"),
        "method",
        "known_issues",
        "disproportionate",
        "exempt",
        ("contact_email", "contact_phone", "answer_days"),
    ]


class PrivacyNoticeInline(StackInline):
    model = PrivacyNotice
    extra = 0
    fields = [
        "controller",
        ("dpo_function", "dpo_email"),
        "purposes",
        "recipients",
        "retention",
        "updated_on",
    ]


@admin.register(Municipality)
class MunicipalityAdmin(ScopedAdmin):
    formfield_overrides = {models.JSONField: {"form_class": StorableJSONField}}
    fieldsets = [
        (
            None,
            {"fields": ["name", "short_name", "code", "county", "organisation_number"]},
        ),
        (_("Home page"), {"fields": ["portal_name", "headline", "lead", "about", "purposes"]}),
        (_("Look"), {"fields": ["brand_color", "logo"]}),
        (
            _("How programs work here"),
            {
                "fields": [
                    "plan_depth",
                    "deciding_body",
                    "revises_each_term",
                    "works_in_phases",
                    "reply_days",
                    "traffic_lights",
                ]
            },
        ),
        (
            _("Contact"),
            {
                "fields": [
                    "contact_function",
                    "contact_email",
                    "contact_phone",
                    "postal_address",
                    "visiting_address",
                    "opening_hours",
                ]
            },
        ),
        (
            _("Population and map"),
            {
                "fields": [
                    "population",
                    "population_on",
                    "latitude",
                    "longitude",
                    "map_outline",
                    "map_waters",
                ],
                "classes": ["collapse"],
            },
        ),
    ]
    list_display = ["name", "code", "portal_name"]
    search_fields = ["name"]
    inlines = [
        TermInline,
        DutyInline,
        FormerNameInline,
        AccessibilityStatementInline,
        PrivacyNoticeInline,
    ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """An installation serves one municipality."""
        return super().has_add_permission(request) and not Municipality.objects.exists()
