"""The staff pages: what each role reaches, and what no forged request gets past."""

import re
from typing import Any

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from programs.models import (
    Action,
    Clause,
    Decision,
    Document,
    Edition,
    Event,
    Group,
    Idea,
    Locality,
    Membership,
    Municipality,
    Organisation,
    Photo,
    Program,
    VoiceState,
)
from tests.factories import (
    make_action,
    make_clause,
    make_deciding_body,
    make_document,
    make_edition,
    make_event,
    make_group,
    make_idea,
    make_locality,
    make_membership,
    make_municipality,
    make_one_of_each,
    make_organisation,
    make_picture,
    make_program,
    make_user,
)
from tests.programs.test_permissions import ALL, RUN, SEEN

pytestmark = pytest.mark.django_db

MODELS = [model for model in admin.site._registry if model._meta.app_label != "portal"]
IN_PROGRAM = [model for model in MODELS if model.__name__ in ALL]
PEOPLE = {
    "superuser": (ALL, ALL),
    "administrator": (ALL, ALL),
    "registrar": (dict.fromkeys(ALL, "v"), dict.fromkeys(ALL, "v")),
    "moderator": ({"Idea": "vc"}, {"Idea": "vc"}),
    "project_leader": (RUN, {}),
    "coordinator": ({}, {}),
    "politician": (SEEN, {}),
    "resident_representative": (SEEN, {}),
    "association_representative": (SEEN, {}),
    "outsider": ({}, {}),
}


@pytest.fixture
def cast(request):
    """One of the cast, by name: parametrize indirectly."""
    return request.getfixturevalue(request.param)


def url(page: str, thing: Any) -> str:
    key = [thing.pk] if not isinstance(thing, type) else []
    return reverse(f"admin:{thing._meta.app_label}_{thing._meta.model_name}_{page}", args=key)


def forms_of(page: Any) -> list:
    inlines = [inline.formset for inline in page.context["inline_admin_formsets"]]
    return [
        page.context["adminform"].form,
        *(formset.management_form for formset in inlines),
        *(form for formset in inlines for form in formset.forms),
    ]


def data_of(page: Any) -> dict[str, Any]:
    """What a browser would send back if nobody touched the page."""
    data = {}
    for form in forms_of(page):
        for bound in form:
            value = bound.value()
            if value not in (None, False) and not hasattr(value, "storage"):
                data[bound.html_name] = value
    return data


def errors_of(page: Any) -> dict[str, list[str]]:
    return {
        form.add_prefix(name): list(texts)
        for form in forms_of(page)
        for name, texts in form.errors.items()
    }


def stored(row: Any) -> dict[str, Any]:
    return type(row)._default_manager.filter(pk=row.pk).values().get()


# --- What each role reaches ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cast", "own", "others"),
    [(name, *letters) for name, letters in PEOPLE.items()],
    indirect=["cast"],
)
def test_every_page_with_every_role(cast, own, others, program, other_program, client_for):
    client = client_for(cast)
    rows, other_rows = make_one_of_each(program), make_one_of_each(other_program)

    for model in IN_PROGRAM:
        name, row, other = model.__name__, rows[model], other_rows[model]
        may, may_other = own.get(name, ""), others.get(name, "")
        lists = client.get(url("changelist", model))
        assert lists.status_code == (200 if may else 403), model
        if may:
            shown = set(lists.context["cl"].queryset)
            assert row in shown, model
            assert (other in shown) is bool(may_other), model
        assert client.get(url("add", model)).status_code == (200 if "a" in may else 403), model
        page = client.get(url("change", row))
        assert page.status_code == (200 if may else 302), model
        for wanted in ["change", "delete"]:
            unseen = client.get(url(wanted, other))
            refused = 302 if may and not may_other else 403
            assert unseen.status_code == (200 if wanted[0] in may_other.replace("v", "c") else refused)
