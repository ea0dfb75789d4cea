"""The staff pages: what each role reaches, and what no forged request gets past."""

import re
from html import unescape
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.messages.storage.cookie import CookieStorage
from django.db import DataError, IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from programs.models import (
    Action,
    Clause,
    Decision,
    Document,
    Edition,
    EditionLocked,
    Event,
    Group,
    Idea,
    Membership,
    Municipality,
    Photo,
    Program,
    VoiceState,
)
from tests.factories import (
    make_action,
    make_clause,
    make_deciding_body,
    make_decision,
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
    make_photo,
    make_picture,
    make_program,
)
from tests.programs.test_permissions import ALL, RUN, SEEN, each_role

pytestmark = pytest.mark.django_db

MODELS = [model for model in admin.site._registry if model._meta.app_label != "portal"]
IN_PROGRAM = [model for model in MODELS if model.__name__ in ALL]


@pytest.fixture
def person(request):
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
            if value is not None and value is not False and not hasattr(value, "storage"):
                data[bound.html_name] = value
    return data


def errors_of(page: Any) -> dict[str, list[str]]:
    return {
        form.add_prefix(name): list(texts)
        for form in forms_of(page)
        for name, texts in form.errors.items()
    }


def stored(row: Any) -> dict[str, Any]:
    values = type(row)._default_manager.filter(pk=row.pk).values().get()
    return {name: value for name, value in values.items() if name != "updated_at"}


def is_shown(answer: Any) -> bool:
    """Otherwise it must be refused: forbidden, or sent to the index as if it did not exist."""
    if answer.status_code == 200:
        return True
    assert answer.status_code == 403 or answer.url == reverse("admin:index")
    return False


def is_saved(answer: Any) -> bool:
    return answer.status_code == 302 and answer.url != reverse("admin:index")


@pytest.fixture
def two_programs(program, other_program):
    """One of each in the program of the cast, and in another one."""
    return make_one_of_each(program), make_one_of_each(other_program)


# --- What each role reaches ----------------------------------------------------------------------


@each_role
def test_every_page_with_every_role(person, own, others, two_programs, client_for):
    client = client_for(person)
    rows, other_rows = two_programs

    for model in IN_PROGRAM:
        mine, theirs = own.get(model.__name__, ""), others.get(model.__name__, "")
        listing = client.get(url("changelist", model))
        listed = set(listing.context["cl"].queryset) if is_shown(listing) else set()
        assert (rows[model] in listed) is ("v" in mine), model
        assert (other_rows[model] in listed) is ("v" in theirs), model
        assert is_shown(client.get(url("add", model))) is ("a" in mine), model
        for row, letters in [(rows[model], mine), (other_rows[model], theirs)]:
            page, before = client.get(url("change", row)), stored(row)
            assert is_shown(page) is ("v" in letters), model
            assert is_shown(client.get(url("delete", row))) is ("d" in letters), model
            answer = client.post(url("change", row), data_of(page) if "c" in letters else {})
            assert is_saved(answer) is ("c" in letters), (model, errors_of(answer))
            assert stored(row) == before, model


@pytest.mark.parametrize(
    ("person", "municipality", "organisation", "body"),
    [
        ("administrator", "vc", "vacd", "vacd"),
        ("registrar", "v", "v", "v"),
        ("moderator", "", "", ""),
        ("project_leader", "", "vac", "v"),
        ("coordinator", "", "", ""),
        ("politician", "", "", ""),
    ],
    indirect=["person"],
)
def test_pages_of_what_belongs_to_no_program(person, municipality, organisation, body, client_for):
    client = client_for(person)
    for row, letters in [
        (make_municipality(), municipality),
        (make_organisation(), organisation),
        (make_deciding_body(), body),
    ]:
        model, page = type(row), client.get(url("change", row))
        assert is_shown(page) is ("v" in letters), model
        assert is_shown(client.get(url("changelist", model))) is ("v" in letters), model
        assert is_shown(client.get(url("add", model))) is ("a" in letters), model
        assert is_shown(client.get(url("delete", row))) is ("d" in letters), model
        answer = client.post(url("change", row), data_of(page) if "c" in letters else {})
        assert is_saved(answer) is ("c" in letters), model


def test_registers_list_what_each_role_has(project_leader, politician, outsider, client_for):
    def listed(user):
        sections = client_for(user).get(reverse("admin:registers")).context["app_list"]
        return {model["object_name"] for section in sections for model in section["models"]}

    registered = {model.__name__ for model in MODELS}
    assert listed(project_leader) == registered - {"Municipality"}
    assert listed(politician) == registered & SEEN.keys()
    assert listed(outsider) == set()


@pytest.mark.parametrize("page", ["changelist", "add"])
def test_visitors_are_asked_to_sign_in(visitor, page):
    for model in admin.site._registry:
        answer = visitor.get(url(page, model))
        assert answer.status_code == 302
        assert answer.url.startswith(reverse("admin:login"))


def test_a_role_without_staff_status_stays_outside(administrator, client_for):
    administrator.is_staff = False
    administrator.save()

    answer = client_for(administrator).get(reverse("admin:index"))

    assert answer.status_code == 302
    assert answer.url.startswith(reverse("admin:login"))


def test_coordinators_edit_the_meetings_of_their_group(
    coordinator, working_group, program, client_for
):
    client = client_for(coordinator)
    meeting = make_event(program=program, group=working_group)
    notes = make_document(program=program, event=meeting)
    make_event(program=program)

    assert list(client.get(url("changelist", Event)).context["cl"].queryset) == [meeting]
    assert list(client.get(url("changelist", Document)).context["cl"].queryset) == [notes]
    page = client.get(url("change", meeting))
    answer = client.post(url("change", meeting), {**data_of(page), "notes": "Vi sågs."})
    assert is_saved(answer)
    assert stored(meeting)["notes"] == "Vi sågs."


@pytest.mark.parametrize(
    ("person", "shown"),
    [
        ("administrator", True),
        ("registrar", True),
        ("moderator", False),
        ("project_leader", True),
        ("politician", False),
        ("association_representative", False),
    ],
    indirect=["person"],
)
def test_only_those_who_answer_see_who_wrote(person, shown, program, client_for):
    idea = make_idea(program=program, author_name="Kim Lund", author_email="kim@example.se")

    page = client_for(person).get(url("change", idea)).content.decode()

    assert ("Kim Lund" in page) is shown
    assert ("kim@example.se" in page) is shown


# --- Nothing is moved or created where it may not be ---------------------------------------------


def test_choices_hold_nothing_of_other_programs(project_leader, two_programs, client_for):
    client = client_for(project_leader)
    rows, other_rows = two_programs

    for model in IN_PROGRAM:
        pages = [url("change", rows[model])]
        pages += [url("add", model)] if "a" in RUN[model.__name__] else []
        for form in [form for page in pages for form in forms_of(client.get(page))]:
            for name, field in form.fields.items():
                if hasattr(field, "queryset") and name != "id":
                    others = set(field.queryset) & set(other_rows.values())
                    assert others == set(), (model, name)


def test_forged_choices_of_another_program_are_refused(project_leader, two_programs, client_for):
    client = client_for(project_leader)
    rows, other_rows = two_programs
    tried = 0

    for model in IN_PROGRAM:
        page = client.get(url("change", rows[model]))
        before = stored(rows[model])
        for name, field in page.context["adminform"].form.fields.items():
            target = getattr(field, "queryset", None)
            if target is None or target.model not in other_rows:
                continue
            forged = {**data_of(page), name: other_rows[target.model].pk}
            answer = client.post(url("change", rows[model]), forged)
            assert name in errors_of(answer), (model, name)
            assert stored(rows[model]) == before
            tried += 1
    assert tried > 30


@pytest.mark.parametrize("model", [Action, Event, Group, Document, Decision, Idea, Edition])
def test_nothing_is_created_in_another_program(
    model, project_leader, program, other_program, client_for
):
    own, count = make_one_of_each(program)[model], model.objects.count()
    client = client_for(project_leader)
    data = data_of(client.get(url("change", own)))

    for where in [{"program": other_program.pk}, {"program": "", "locality": make_locality().pk}]:
        answer = client.post(url("add", model), {**data, **where})
        assert answer.status_code == 200
        assert errors_of(answer) != {}
    assert model.objects.count() == count


def test_nothing_is_put_where_it_belongs_to_nobody(project_leader, program, client_for):
    client, event = client_for(project_leader), make_event(program=program)
    page = client.get(url("change", event))

    answer = client.post(
        url("change", event), {**data_of(page), "program": "", "locality": "", "title": "Nytt"}
    )

    assert list(errors_of(answer)) == ["__all__"]
    assert answer.context["has_change_permission"]
    assert answer.context["adminform"].form["title"].value() == "Nytt"
    assert stored(event)["program_id"] == program.pk


@pytest.mark.parametrize("field", ["program", "group"])
def test_a_coordinator_cannot_give_a_meeting_away(
    field, coordinator, working_group, program, client_for
):
    client = client_for(coordinator)
    meeting = make_event(program=program, group=working_group)
    data = data_of(client.get(url("change", meeting)))

    for value in ["", make_group(program=program).pk if field == "group" else make_program().pk]:
        answer = client.post(url("change", meeting), {**data, field: value})
        assert errors_of(answer) != {}
    assert stored(meeting)["program_id"] == program.pk
    assert stored(meeting)["group_id"] == working_group.pk


def test_a_leader_cannot_become_an_administrator(project_leader, administration, client_for):
    client, seats = client_for(project_leader), Membership.objects.count()

    seat = {"group": administration.pk, "role": "administrator", "capacity": "official"}
    answer = client.post(url("add", Membership), {**seat, "user": project_leader.pk})
    assert list(errors_of(answer)) == ["group"]
    group = {"kind": "administration", "name": "Min egen", "members-TOTAL_FORMS": 0}
    answer = client.post(url("add", Group), {**group, "members-INITIAL_FORMS": 0})
    assert list(errors_of(answer)) == ["__all__"]
    assert Membership.objects.count() == seats


def test_rows_of_another_program_cannot_be_slipped_into_a_table(
    project_leader, program, other_program, client_for
):
    client = client_for(project_leader)
    own = make_edition(program=program, clauses=["Vårt"])
    other = make_edition(program=other_program, clauses=["Deras"])
    victim = other.clauses.get()
    forged = {**data_of(client.get(url("change", own))), "clauses-0-id": victim.pk}

    client.post(url("change", own), {**forged, "clauses-0-heading": "Kapat"})
    client.post(url("change", own), {**forged, "clauses-0-DELETE": "on"})

    assert list(Clause.objects.values_list("heading", "edition")) == [
        ("Vårt", own.pk),
        ("Deras", other.pk),
    ]


def test_searches_find_only_what_may_be_chosen(project_leader, program, other_program, client_for):
    own = make_edition(program=program, clauses=["Torget"]).clauses.get()
    make_edition(program=other_program, clauses=["Torget"])
    asked = {"app_label": "programs", "model_name": "action", "field_name": "clause"}

    answer = client_for(project_leader).get(
        reverse("admin:autocomplete"), {**asked, "term": "Torg\x00et"}
    )

    assert [row["id"] for row in answer.json()["results"]] == [str(own.pk)]


@pytest.mark.parametrize(
    "asked",
    [
        {"app_label": "admin", "model_name": "logentry", "field_name": "user"},
        {"app_label": "programs", "model_name": "action", "field_name": "title"},
        {"app_label": "programs", "model_name": "nothing", "field_name": "clause"},
        {},
    ],
)
def test_searches_for_something_else_find_nothing(asked, administrator, client_for):
    answer = client_for(administrator).get(reverse("admin:autocomplete"), asked)

    assert answer.status_code == 403 or answer.json()["results"] == []


# --- What is never changed or deleted ------------------------------------------------------------


@pytest.fixture(params=[Edition.State.ADOPTED, Edition.State.SUPERSEDED])
def locked(request, program):
    return make_edition(
        program=program, state=request.param, clauses=["Torget"], note="Som det var"
    )


people_who_write = pytest.mark.parametrize(
    "person", ["superuser", "administrator", "project_leader"], indirect=True
)


@people_who_write
def test_adopted_text_is_read_only(person, locked, client_for):
    client, clause = client_for(person), locked.clauses.get()
    before = stored(locked), stored(clause)

    for row in [locked, clause]:
        page = client.get(url("change", row))
        assert EditionLocked().messages[0] in unescape(page.content.decode())
        assert not page.context["has_change_permission"]
        assert client.post(url("change", row), {"note": "Ändrat"}).status_code == 403
        assert client.post(url("delete", row), {"post": "yes"}).status_code == 403
        picked = {"action": "delete_selected", "_selected_action": row.pk, "post": "yes"}
        client.post(url("changelist", type(row)), picked)
    assert (stored(locked), stored(clause)) == before


@people_who_write
def test_adopted_text_refuses_forged_tables(person, locked, client_for):
    clause = locked.clauses.get()
    table = {
        "note": "Ändrat",
        "clauses-TOTAL_FORMS": 2,
        "clauses-INITIAL_FORMS": 1,
        "clauses-0-id": clause.pk,
        "clauses-0-edition": locked.pk,
        "clauses-0-heading": "Kapat",
        "clauses-0-DELETE": "on",
        "clauses-1-edition": locked.pk,
        "clauses-1-heading": "Nytt",
    }

    answer = client_for(person).post(url("change", locked), table)

    assert answer.status_code == 403
    assert list(locked.clauses.values_list("heading", flat=True)) == ["Torget"]


@people_who_write
def test_no_clause_is_added_to_or_carried_into_adopted_text(person, locked, program, client_for):
    client = client_for(person)
    draft = make_edition(program=program, clauses=["Utkast"])
    data = {"edition": locked.pk, "level": 1, "position": 9, "slug": "ny", "heading": "Ny"}

    assert list(errors_of(client.post(url("add", Clause), data))) == ["edition"]
    client.post(url("change", draft.clauses.get()), data)
    assert locked.clauses.count() == 1


def test_state_is_not_for_the_form(administrator, program, client_for):
    client, draft = client_for(administrator), make_edition(program=program)
    data = data_of(client.get(url("change", draft)))

    answer = client.post(url("change", draft), {**data, "state": "adopted"})

    assert is_saved(answer)
    assert stored(draft)["state"] == "draft"


def test_a_draft_is_written_with_its_clauses(project_leader, program, client_for):
    client, draft = client_for(project_leader), make_edition(program=program, clauses=["Torget"])
    data = data_of(client.get(url("change", draft)))
    row = {"position": 2, "level": 2, "slug": "bankar", "heading": "Fler bänkar"}
    row["parent"] = draft.clauses.get().pk

    answer = client.post(
        url("change", draft), {**data, **{f"clauses-1-{name}": row[name] for name in row}}
    )

    assert is_saved(answer)
    assert list(draft.clauses.values_list("heading", "parent__heading")) == [
        ("Torget", None),
        ("Fler bänkar", "Torget"),
    ]


def test_a_clause_is_struck_from_a_draft(project_leader, program, client_for):
    client, draft = client_for(project_leader), make_edition(program=program, clauses=["Torget"])
    data = data_of(client.get(url("change", draft)))

    answer = client.post(url("change", draft), {**data, "clauses-0-DELETE": "on"})

    assert is_saved(answer)
    assert draft.clauses.count() == 0


@pytest.mark.parametrize(("struck", "left"), [([0], 3), ([0, 1], 1), ([1], 2), ([0, 1, 2], 0)])
def test_nothing_under_a_struck_clause_goes_unnoticed(
    struck, left, project_leader, program, client_for
):
    client = client_for(project_leader)
    clauses = ["Torget", {"heading": "Fler bänkar", "level": 2}, "Skolan"]
    draft = make_edition(program=program, clauses=clauses)
    data = data_of(client.get(url("change", draft)))

    answer = client.post(
        url("change", draft), {**data, **{f"clauses-{row}-DELETE": "on" for row in struck}}
    )

    assert draft.clauses.count() == left
    assert "clauses-1-parent" in errors_of(answer) if left == 3 else is_saved(answer)


@pytest.mark.parametrize("person", ["superuser", "administrator", "moderator"], indirect=True)
@pytest.mark.parametrize("make", [make_idea, make_decision])
def test_ideas_and_decisions_are_never_deleted(make, person, client_for):
    client, row = client_for(person), make()
    picked = {"action": "delete_selected", "_selected_action": row.pk, "post": "yes"}

    listing = client.get(url("changelist", type(row)))
    if listing.status_code == 200:
        assert "delete_selected" not in listing.content.decode()
    assert not is_shown(client.post(url("delete", row), {"post": "yes"}))
    client.post(url("changelist", type(row)), picked)
    assert type(row).objects.count() == 1


def test_leaders_delete_nothing_in_bulk(project_leader, program, client_for):
    action = make_action(program=program)

    client_for(project_leader).post(
        url("changelist", Action),
        {"action": "delete_selected", "_selected_action": action.pk, "post": "yes"},
    )

    assert Action.objects.count() == 1


def test_what_others_hang_on_is_not_deleted(administrator, client_for):
    idea = make_idea()

    answer = client_for(administrator).post(url("delete", idea.program), {"post": "yes"})

    assert answer.status_code == 200
    assert answer.context["protected"]
    assert Program.objects.count() == 1


@pytest.mark.parametrize("person", ["superuser", "administrator", "project_leader"], indirect=True)
def test_what_is_decided_in_the_queue_is_only_read_here(person, program, client_for):
    client = client_for(person)
    idea = make_idea(program=program, state=VoiceState.HELD, text="Ring mig på 070.")
    data, before = data_of(client.get(url("change", idea))), stored(idea)
    other = make_idea(program=program)

    client.post(
        url("change", idea),
        {
            **data,
            **{"state": "published", "text": "Ring mig.", "title": "Nytt", "outcome": "no"},
            **{"reply": "Nej.", "merged_into": other.pk, "program": "", "state_reason": "Hot"},
        },
    )

    assert stored(idea) | {"updated_at": None} == before | {"updated_at": None}


def test_idea_that_is_entered_waits_for_review(project_leader, program, client_for):
    client = client_for(project_leader)
    data = {"title": "Bänk", "text": "En bänk.", "program": program.pk, "channel": "phone"}

    answer = client.post(url("add", Idea), {**data, "state": "published", "outcome": "no"})

    assert is_saved(answer)
    assert (Idea.objects.get().state, Idea.objects.get().outcome) == ("held", "")


def test_there_is_one_municipality(administrator, client_for):
    client = client_for(administrator)

    assert client.get(url("add", Municipality)).status_code == 200
    make_municipality()
    assert client.get(url("add", Municipality)).status_code == 403


# --- Bad input -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "sent", "field"),
    [
        (make_action, {"status": "paused"}, "__all__"),
        (make_action, {"completed": "2024"}, "__all__"),
        (make_action, {"started": "2024", "due": "2023"}, "__all__"),
        (make_action, {"started": "snart"}, "started"),
        (make_action, {"clause": "abc"}, "clause"),
        (make_action, {"clause": "9" * 30}, "clause"),
        (make_action, {"clause": "9" * 5000}, "clause"),
        (make_action, {"responsible": ["abc"]}, "responsible"),
        (make_action, {"responsible": ["9" * 30]}, "responsible"),
        (make_action, {"budget": "9" * 30}, "budget"),
        (make_action, {"title": "a\x00b"}, "title"),
        (make_action, {"updates-0-dated": "nyss", "updates-0-text": "x"}, "updates-0-dated"),
        (make_idea, {"latitude": "56.7", "longitude": ""}, "__all__"),
        (make_event, {"date": ""}, "date"),
        (make_locality, {"latitude": "156.7", "longitude": "12.9"}, "__all__"),
        (make_document, {"is_accessible": ""}, "__all__"),
        (make_document, {"program": "", "locality": ""}, "__all__"),
        (make_municipality, {"purposes": "[NaN]"}, "purposes"),
        (make_municipality, {"purposes": '["\\u0000"]'}, "purposes"),
        (make_municipality, {"purposes": '["\\ud800"]'}, "purposes"),
        (make_municipality, {"map_outline": "["}, "map_outline"),
        (make_municipality, {"plan_depth": "5"}, "plan_depth"),
    ],
)
def test_bad_input_is_told_at_the_field(make, sent, field, administrator, client_for):
    client, row = client_for(administrator), make()
    page, before = client.get(url("change", row)), stored(row)

    answer = client.post(url("change", row), {**data_of(page), **sent})

    assert list(errors_of(answer)) == [field]
    assert stored(row) == before


def test_constraints_on_hidden_fields_are_told_too(administrator, program, client_for):
    client, draft = client_for(administrator), make_edition(program=program)
    table = {"clauses-TOTAL_FORMS": 0, "clauses-INITIAL_FORMS": 0}

    answer = client.post(url("add", Edition), {**table, "program": program.pk, "number": 7})

    assert list(errors_of(answer)) == ["__all__"]
    assert list(program.editions.all()) == [draft]


def test_the_same_number_of_a_program_twice_is_told(administrator, program, client_for):
    client = client_for(administrator)
    make_edition(program=program, state="adopted")
    draft = make_edition(program=program)
    data = data_of(client.get(url("change", draft)))

    answer = client.post(url("change", draft), {**data, "number": 1})

    assert list(errors_of(answer)) == ["__all__"]


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ({"slug": "torget", "level": 1, "position": 2, "heading": "Igen"}, "__all__"),
        ({"slug": "nytt", "level": "", "position": 2, "heading": "Utan nivå"}, "level"),
        ({"slug": "nytt", "level": 1, "position": 2, "heading": "Fel förälder"}, "parent"),
        ({"slug": "nytt", "level": 1, "position": 2}, "__all__"),
    ],
)
def test_bad_rows_in_a_table_are_told(row, field, administrator, program, client_for):
    client, draft = client_for(administrator), make_edition(program=program)
    area = make_clause(edition=draft, slug="torget")
    data = data_of(client.get(url("change", draft)))
    row = {**row, "parent": area.pk} if field in {"level", "parent"} else row

    answer = client.post(
        url("change", draft), {**data, **{f"clauses-1-{name}": row[name] for name in row}}
    )

    assert not is_saved(answer)
    assert draft.clauses.count() == 1
    told = errors_of(answer)
    formsets = [inline.formset for inline in answer.context["inline_admin_formsets"]]
    assert f"clauses-1-{field}" in told or any(each.non_form_errors() for each in formsets)


@pytest.mark.parametrize(
    ("format_", "size"), [("EPS", (8, 6)), ("BMP", (8, 6)), ("PNG", (5000, 1)), (None, (8, 6))]
)
def test_pictures_that_cannot_be_shown_are_told(format_, size, administrator, client_for):
    client, place = client_for(administrator), make_locality()
    picture = make_picture(size=size, format_=format_) if format_ else make_picture()
    if format_ is None:
        picture.file.truncate(40)

    answer = client.post(
        url("add", Photo), {"image": picture, "alt": "Trasig", "locality": place.pk}
    )

    assert list(errors_of(answer)) == ["image"]
    assert Photo.objects.count() == 0


def test_a_picture_is_uploaded(project_leader, program, client_for):
    client = client_for(project_leader)
    sent = {"alt": "Ån", "locality": program.locality_id}

    answer = client.post(url("add", Photo), {**sent, "image": make_picture()})

    assert is_saved(answer)
    assert Photo.objects.get().image.width == 8


def test_a_photo_whose_file_is_gone_can_be_edited(administrator, client_for, media_root):
    photo, client = make_photo(), client_for(administrator)
    photo.image.storage.delete(photo.image.name)
    data = data_of(client.get(url("change", photo)))

    assert is_saved(client.post(url("change", photo), {**data, "caption": "Vid ån"}))


@pytest.mark.parametrize("key", ["abc", "0", "-1", "9" * 30, "_00", "1.5", "å", "٣", "None"])
@pytest.mark.parametrize("page", ["change", "delete", "history"])
def test_malformed_keys_are_not_found(key, page, administrator, client_for):
    client = client_for(administrator)
    for model in admin.site._registry:
        address = url("changelist", model) + f"{key}/{page}/"
        assert client.get(address).status_code in {302, 403}, model
        assert client.post(address).status_code in {302, 403}, model


@pytest.mark.parametrize(
    "query",
    [
        "q=%00",
        "o=abc.99.-x",
        "p=abc",
        "p=" + "9" * 30,
        "_facets=1",
        "program__id__exact=abc",
        "program__id__exact=%00",
        "program__id__exact=" + "9" * 30,
        "status__exact=%00",
        "state__exact=%00",
        "started__gte=snart",
        "nothing=1",
        "all=",
    ],
)
def test_malformed_questions_to_lists(query, administrator, client_for):
    client = client_for(administrator)
    for model in admin.site._registry:
        answer = client.get(f"{url('changelist', model)}?{query}")
        assert answer.status_code in {200, 302}, model


@pytest.mark.parametrize("value", ["abc", "1,abc", "9" * 30, "%00", ""])
def test_malformed_beginnings_of_a_form(value, administrator, client_for):
    client = client_for(administrator)
    for model in MODELS:
        fields = "&".join(f"{field.name}={value}" for field in model._meta.get_fields())
        assert client.get(f"{url('add', model)}?{fields}").status_code == 200, model


@pytest.mark.parametrize("key", ["abc", "\x00", "9" * 30])
def test_malformed_choices_in_a_list_are_told(key, administrator, client_for):
    make_action()
    chosen = {"action": "delete_selected", "_selected_action": key, "post": "yes"}

    answer = client_for(administrator).post(url("changelist", Action), chosen, follow=True)

    assert [message.level_tag for message in answer.context["messages"]] == ["error"]
    assert Action.objects.count() == 1


@pytest.mark.parametrize("error", [EditionLocked(), IntegrityError("late"), DataError("late")])
def test_what_only_the_database_notices_becomes_a_message(error, administrator, client_for, rf):
    """As when somebody adopts the edition between the check and the save."""

    class LateAdmin(type(admin.site.get_model_admin(Action))):
        def save_related(self, *args):
            raise error

    action = make_action()
    data = data_of(client_for(administrator).get(url("change", action)))
    request = rf.post(url("change", action), {**data, "title": "Ändrad"})
    request.user, request._dont_enforce_csrf_checks = administrator, True
    request._messages = CookieStorage(request)

    answer = LateAdmin(Action, admin.site).changeform_view(request, str(action.pk))

    assert answer.url == url("change", action)
    assert [message.level_tag for message in request._messages] == ["error"]
    assert stored(action)["title"] == action.title


# --- Lists and pages -----------------------------------------------------------------------------


@pytest.mark.parametrize("person", ["administrator", "project_leader"], indirect=True)
def test_lists_ask_as_often_for_thirty_rows_as_for_one(person, client_for):
    def questions(model):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            listing = client_for(person).get(url("changelist", model))
        return len(listing.context["cl"].result_list), len(queries)

    make_led_program(person)
    few = {model: questions(model) for model in IN_PROGRAM}
    for _number in range(29):
        make_led_program(person)
    many = {model: questions(model) for model in IN_PROGRAM}

    for model in IN_PROGRAM:
        assert few[model][0] < many[model][0] >= 30, model
        assert few[model][1] == many[model][1], model


def make_led_program(person):
    program = make_program()
    rows = make_one_of_each(program)
    make_membership(group=rows[Group], user=person, role=Membership.Role.PROJECT_LEADER)


@pytest.mark.parametrize("person", ["administrator", "registrar"], indirect=True)
def test_no_page_breaks_the_content_security_policy(person, program, client_for):
    """Django's own pages have neither inline scripts nor inline styles; ours add none."""
    client = client_for(person)
    for model, row in make_one_of_each(program).items():
        if model not in MODELS:
            continue
        for address in [url("changelist", model), url("change", row), url("add", model)]:
            page = client.get(address).content.decode()
            assert re.search(r"<script(?![^>]*\ssrc=)", page) is None, address
            assert re.search(r"<style|\sstyle=|\son\w+=|javascript:", page) is None, address


def test_a_long_draft_asks_as_often_as_a_short_one(project_leader, program, client_for):
    client = client_for(project_leader)
    draft = make_edition(program=program, clauses=["Torget"])

    def questions():
        with CaptureQueriesContext(connection) as queries:
            page = client.get(url("change", draft))
        return len(forms_of(page)), len(queries)

    few = questions()
    for _number in range(10):
        make_clause(edition=draft)
    many = questions()

    assert few[0] < many[0]
    assert few[1] == many[1]
