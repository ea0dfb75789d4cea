import datetime

import pytest
import rules
from django.apps import apps
from django.contrib.auth.models import AnonymousUser

from programs.models import (
    Action,
    AgeGroup,
    Clause,
    DecidingBody,
    Decision,
    Document,
    Edition,
    Event,
    Group,
    Idea,
    LocalBody,
    Locality,
    Membership,
    Municipality,
    Organisation,
    Photo,
    Program,
    VoiceState,
)
from programs.permissions import (
    TABLE,
    Who,
    choices,
    is_administrator,
    is_association_representative_in,
    is_moderator,
    is_politician_in,
    is_registrar,
    is_resident_representative_in,
    leads,
    program_of,
    read_roles,
    roles_of,
    visible,
)
from programs.permissions.rights import _stands
from tests.factories import (
    make_action,
    make_age_group,
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
    make_program,
    make_user,
)

pytestmark = pytest.mark.django_db

Kind, Role, Capacity = Group.Kind, Membership.Role, Membership.Capacity
TODAY = datetime.date(2026, 5, 1)
ACTIONS = ["view", "add", "change", "delete"]
CAST = [
    "superuser",
    "administrator",
    "registrar",
    "moderator",
    "project_leader",
    "coordinator",
    "politician",
    "resident_representative",
    "association_representative",
    "outsider",
]


@pytest.fixture
def person(request, db):
    """One of the cast, by name: parametrize indirectly."""
    return request.getfixturevalue(request.param)


each_person = pytest.mark.parametrize("person", CAST, indirect=True)


def allowed(user, obj):
    """What they may do with it, as the letters v, a, c and d."""
    label = obj._meta.label_lower.split(".")
    return "".join(
        action[0]
        for action in ACTIONS
        if rules.has_perm(f"{label[0]}.{action}_{label[1]}", user, obj)
    )


# --- Roles ---------------------------------------------------------------------------------------


def test_municipal_roles_follow_from_seats(administrator, registrar, moderator):
    assert is_administrator(administrator)
    assert is_registrar(registrar)
    assert is_moderator(moderator)


def test_roles_in_a_program_follow_from_seats(
    program, project_leader, politician, resident_representative, association_representative
):
    assert leads(project_leader, program)
    assert is_politician_in(politician, program)
    assert is_resident_representative_in(resident_representative, program)
    assert is_association_representative_in(association_representative, program)


def test_a_role_is_not_another_role(program, other_program, registrar, project_leader, politician):
    assert not is_administrator(registrar)
    assert not leads(project_leader, other_program)
    assert not is_resident_representative_in(politician, program)


def test_leads_says_no_without_a_program(project_leader):
    assert not leads(project_leader, None)


@pytest.mark.parametrize(
    ("started", "ended", "expected"),
    [
        (None, None, True),
        ("2026-05-01", "2026-05-01", True),
        ("2026", None, True),
        ("2026-05-02", None, False),
        (None, "2026-04-30", False),
    ],
)
def test_a_seat_counts_only_while_it_lasts(administration, started, ended, expected):
    user = make_user()
    make_membership(
        group=administration, user=user, role=Role.ADMINISTRATOR, started=started, ended=ended
    )

    assert read_roles(user, TODAY).administers is expected


def test_a_seat_ends_with_its_group(program):
    user = make_user()
    group = make_group(program=program, ended="2026-04-30")
    make_membership(group=group, user=user, role=Role.PROJECT_LEADER)

    assert read_roles(user, TODAY).led == frozenset()


@pytest.mark.parametrize(
    "where",
    [
        {"kind": Kind.ADMINISTRATION},
        {"kind": Kind.ADMINISTRATION, "program": None},
        {"kind": Kind.NETWORK, "program": None, "locality": None},
    ],
)
def test_only_the_administration_of_the_municipality_administers(where):
    user = make_user()
    make_membership(group=make_group(**where), user=user, role=Role.ADMINISTRATOR)

    assert not is_administrator(user)


def test_a_project_leader_without_a_program_leads_nothing(administration):
    user = make_user()
    make_membership(group=administration, user=user, role=Role.PROJECT_LEADER)

    assert roles_of(user).led == frozenset()


@pytest.mark.parametrize(("steering_groups", "expected"), [(0, True), (1, False)])
def test_politician_in_the_coordination_group(program, steering_groups, expected):
    user = make_user()
    group = make_group(kind=Kind.COORDINATION, program=program)
    make_membership(group=group, user=user, capacity=Capacity.POLITICIAN)
    for _number in range(steering_groups):
        make_group(kind=Kind.STEERING)

    assert is_politician_in(user, program) is expected


@pytest.mark.parametrize("kind", [Kind.STEERING, Kind.COORDINATION])
@pytest.mark.parametrize("capacity", [Capacity.RESIDENT, Capacity.ASSOCIATION])
def test_resident_representatives(program, kind, capacity):
    user = make_user()
    make_membership(group=make_group(kind=kind, program=program), user=user, capacity=capacity)

    assert is_resident_representative_in(user, program)


def test_members_of_other_groups_have_no_role(program, working_group):
    user = make_user()
    make_membership(group=working_group, user=user, capacity=Capacity.RESIDENT)

    assert roles_of(user) == roles_of(AnonymousUser())


def test_a_board_of_the_program_counts_for_that_program_only(program):
    user = make_user()
    later = make_program(locality=program.locality, status=Program.Status.CONCLUDED)
    board = make_group(kind=Kind.ASSOCIATION_BOARD, program=program)
    make_membership(group=board, user=user, capacity=Capacity.ASSOCIATION)

    assert is_association_representative_in(user, program)
    assert not is_association_representative_in(user, later)


def test_an_inactive_person_has_no_role(administrator):
    administrator.is_active = False

    assert not is_administrator(administrator)
    assert not rules.has_perm("programs.view_action", administrator)


def test_somebody_not_signed_in_may_nothing(program):
    nobody = AnonymousUser()

    assert {allowed(nobody, row) for row in make_one_of_each(program).values()} == {""}
    assert list(visible(nobody, Action.objects.all())) == []


def test_roles_are_read_once(project_leader, program, django_assert_num_queries):
    actions = [make_action(program=program) for _number in range(3)]
    project_leader = type(project_leader).objects.get(pk=project_leader.pk)

    with django_assert_num_queries(1):
        assert all(project_leader.has_perm("programs.change_action", one) for one in actions)


# --- The table -----------------------------------------------------------------------------------


def test_every_model_has_rights():
    ours = {
        model
        for app in ["programs", "revisions", "portal"]
        for model in apps.get_app_config(app).get_models()
    }

    assert ours == set(TABLE)


def test_who_may_do_more_may_also_view():
    for model, rights in TABLE.items():
        assert (rights.add | rights.change | rights.delete) & ~rights.view == Who(0), model


def test_nothing_is_hidden_from_administrators_and_registrars():
    # What someone has not finished writing is no document yet.
    unfinished = {"revisions.WorkingCopy"}
    for model, rights in TABLE.items():
        if model._meta.label in unfinished:
            continue
        assert Who.A in rights.view, model
        assert Who.R in rights.view or model._meta.label == "portal.User"
        assert Who.R not in rights.add | rights.change | rights.delete, model


@each_person
def test_rights_agree_in_python_and_sql(person, program, other_program):
    make_one_of_each(program)
    make_one_of_each(other_program)
    make_some_of_nobody()
    make_mixed_documents_and_photos(program, other_program)
    make_group(program=None, locality=program.locality)
    make_event(program=None, locality=program.locality)

    roles = roles_of(person)
    for model, rights in TABLE.items():
        rows = model._default_manager.all()
        seen = {row for row in rows if _stands(roles, rights.view, row)}
        usable = {row for row in rows if _stands(roles, rights.use, row)}
        assert set(visible(person, rows)) == seen, model
        assert set(choices(person, Action, rows)) == usable, model


def make_some_of_nobody():
    make_municipality()
    make_organisation()
    make_deciding_body()
    make_decision(program=None)
    make_idea(program=None)
    make_action(program=None)


def make_mixed_documents_and_photos(program, other_program):
    for owner in [program, other_program]:
        place = owner.locality
        for where in [
            {"edition": owner.editions.get()},
            {"event": make_event(program=owner)},
            {"action": make_action(program=owner)},
            {"decision": make_decision(program=owner)},
            {"locality": place},
            {"event": make_event(program=None, locality=place)},
            {"action": make_action(program=None, locality=place)},
        ]:
            make_document(program=None, **where)
            if where.keys() & {"event", "action", "locality"}:
                make_photo(**where)
    make_document(program=program, action=make_action(program=other_program))
    make_document(program=None, event=make_event(program=other_program), locality=program.locality)


SEEN = dict.fromkeys(
    [
        "Program",
        "Edition",
        "Clause",
        "Action",
        "ActionUpdate",
        "PlanningBrief",
        "BriefItem",
        "Event",
        "AgeGroup",
        "Group",
        "Membership",
        "Document",
        "Photo",
        "Decision",
        "Process",
        "StepRecord",
    ],
    "v",
)
RUN = {
    **dict.fromkeys(SEEN, "vac"),
    **dict.fromkeys(["Clause", "BriefItem", "AgeGroup", "Photo"], "vacd"),
    "Program": "vc",
    "Locality": "v",
    "LocalBody": "vac",
    "Idea": "vac",
    "IdeaEntry": "va",
    "IdeaPhoto": "vac",
    "Inquiry": "vc",
    "JoinRequest": "vc",
    "SignUp": "vac",
}
ALL = {
    **dict.fromkeys([*RUN], "vacd"),
    "Idea": "vac",
    "IdeaEntry": "va",
    "IdeaPhoto": "vac",
    "Inquiry": "vc",
    "JoinRequest": "vc",
    "SignUp": "vac",
    "Decision": "vac",
}


MODERATED = {"Idea": "vc", "IdeaEntry": "va", "IdeaPhoto": "vc"}

each_role = pytest.mark.parametrize(
    ("person", "own", "others"),
    [
        ("superuser", ALL, ALL),
        ("administrator", ALL, ALL),
        ("registrar", dict.fromkeys(ALL, "v"), dict.fromkeys(ALL, "v")),
        ("moderator", MODERATED, MODERATED),
        ("project_leader", RUN, {}),
        ("coordinator", {}, {}),
        ("politician", SEEN, {}),
        ("resident_representative", SEEN, {}),
        ("association_representative", SEEN, {}),
        ("outsider", {}, {}),
    ],
    indirect=["person"],
)


@each_role
def test_what_each_role_may_do(person, own, others, program, other_program):
    for rows, expected in [
        (make_one_of_each(program), own),
        (make_one_of_each(other_program), others),
    ]:
        found = {model.__name__: allowed(person, row) for model, row in rows.items()}
        assert {name: letters for name, letters in found.items() if letters} == expected


@pytest.mark.parametrize(
    ("person", "municipality", "organisation", "body", "idea"),
    [
        ("administrator", "vac", "vacd", "vacd", "vac"),
        ("registrar", "v", "v", "v", "v"),
        ("moderator", "", "", "", "vc"),
        ("project_leader", "", "vac", "v", ""),
        ("politician", "", "", "", ""),
        ("outsider", "", "", "", ""),
    ],
    indirect=["person"],
)
def test_what_belongs_to_no_program(person, municipality, organisation, body, idea):
    assert allowed(person, make_municipality()) == municipality
    assert allowed(person, make_organisation()) == organisation
    assert allowed(person, make_deciding_body()) == body
    assert allowed(person, make_idea(program=None)) == idea


def test_users_are_for_administrators(administrator, registrar, project_leader, outsider):
    assert allowed(administrator, outsider) == "vacd"
    assert allowed(registrar, outsider) == ""
    assert allowed(project_leader, outsider) == ""


def test_an_administrator_may_not_take_over_a_superuser(administrator, superuser):
    assert allowed(administrator, superuser) == "v"
    assert allowed(superuser, superuser) == "vacd"


def test_leaders_run_what_is_their_places_own(project_leader, program):
    place = program.locality

    assert allowed(project_leader, make_event(program=None, locality=place)) == "vac"
    assert allowed(project_leader, make_group(program=None, locality=place)) == "vac"
    assert allowed(project_leader, make_document(program=None, locality=place)) == "vac"
    assert allowed(project_leader, make_photo(locality=place)) == "vacd"
    assert allowed(project_leader, make_action(program=None, locality=place)) == ""
    assert allowed(project_leader, make_event(program=None, locality=make_locality())) == ""
    assert allowed(project_leader, make_group(program=None, locality=None)) == ""


def test_what_is_of_another_program_in_the_same_place_is_not_theirs(project_leader, program):
    earlier = make_program(locality=program.locality, status=Program.Status.CONCLUDED)

    assert allowed(project_leader, make_event(program=earlier)) == ""


def test_coordinators_change_the_meetings_of_their_group(
    coordinator, working_group, program, other_program
):
    meeting = make_event(program=program, group=working_group)

    assert allowed(coordinator, working_group) == "v"
    assert allowed(coordinator, meeting) == "vc"
    assert allowed(coordinator, make_document(program=program, event=meeting)) == "vc"
    assert allowed(coordinator, make_document(program=None, event=meeting)) == "vc"
    assert allowed(coordinator, make_age_group(event=meeting)) == "vacd"
    assert allowed(coordinator, make_event(program=program)) == ""
    assert allowed(coordinator, make_event(program=other_program, group=working_group)) == ""
    assert allowed(coordinator, make_document(program=other_program, event=meeting)) == ""


@pytest.mark.parametrize("state", [Edition.State.ADOPTED, Edition.State.SUPERSEDED])
@pytest.mark.parametrize("person", ["superuser", "administrator", "project_leader"], indirect=True)
def test_nobody_touches_adopted_text(person, program, state):
    edition = make_edition(program=program, state=state, clauses=["Område"])

    assert allowed(person, edition) == "v"
    assert allowed(person, edition.clauses.get()) == "v"
    assert allowed(person, Clause(edition=edition)) == "v"


def test_has_perm_without_an_object_means_for_some_object(project_leader, politician, outsider):
    assert project_leader.has_perm("programs.change_action")
    assert not project_leader.has_perm("programs.delete_action")
    assert politician.has_perm("programs.view_action")
    assert not politician.has_perm("programs.change_action")
    assert not outsider.has_perm("programs.view_action")
    assert politician.has_module_perms("programs")
    assert not outsider.has_module_perms("programs")


def test_has_perm_with_an_object(project_leader, program, other_program):
    assert project_leader.has_perm("programs.change_action", make_action(program=program))
    assert not project_leader.has_perm("programs.change_action", make_action(program=other_program))


def test_superusers_keep_all(superuser):
    assert superuser.has_perm("programs.delete_idea", make_idea())
    assert not rules.has_perm("programs.delete_idea", superuser, make_idea())


def test_moderators_see_what_is_held(moderator, visitor):
    held = make_idea(state=VoiceState.HELD)

    assert list(visible(moderator, Idea.objects.all())) == [held]


# --- Choices in forms ----------------------------------------------------------------------------


def test_leaders_choose_only_their_own(project_leader, program, other_program):
    assert list(choices(project_leader, Action, Program.objects.all())) == [program]
    assert list(choices(project_leader, Action, Locality.objects.all())) == [program.locality]


def test_leaders_choose_any_organisation_and_body(project_leader):
    organisation, body = make_organisation(), make_deciding_body()

    assert list(choices(project_leader, Action, Organisation.objects.all())) == [organisation]
    assert list(choices(project_leader, Decision, DecidingBody.objects.all())) == [body]


def test_leaders_choose_adopted_text(project_leader, program):
    edition = make_edition(program=program, state=Edition.State.ADOPTED, clauses=["Område"])

    assert list(choices(project_leader, Action, Clause.objects.all())) == [edition.clauses.get()]


def test_moderators_choose_freely_for_ideas_only(moderator, program, other_program):
    assert set(choices(moderator, Idea, Program.objects.all())) == {program, other_program}
    assert list(choices(moderator, Action, Program.objects.all())) == []


# --- Which program -------------------------------------------------------------------------------


def test_program_of_each_thing(program):
    for model, row in make_one_of_each(program).items():
        expected = None if model in {Locality, LocalBody} else program
        assert program_of(row) == expected, model


def test_program_of_what_has_several_ways(program, other_program):
    action, meeting = make_action(program=program), make_event(program=program)
    edition = make_edition(program=program)

    assert program_of(make_document(program=None, event=meeting)) == program
    assert program_of(make_document(program=None, edition=edition)) == program
    assert program_of(make_document(program=other_program, action=action)) == other_program
    assert program_of(make_photo(event=meeting)) == program
    assert program_of(AgeGroup(event=meeting)) == program


@pytest.mark.parametrize(
    "thing",
    [Municipality(), Organisation(), Locality(), Action(), Clause(), Photo(), Document(), Event()],
)
def test_program_of_what_belongs_to_none(thing):
    assert program_of(thing) is None
