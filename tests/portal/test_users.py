"""Those who sign in: by e-mail, whatever its case, and added by administrators."""

import pytest
from django.contrib import admin
from django.contrib.auth import authenticate, get_user_model
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.urls import reverse

from tests.factories import PASSWORD, make_membership, make_user

pytestmark = pytest.mark.django_db

User = get_user_model()
USERS = reverse("admin:portal_user_changelist")
ADD = reverse("admin:portal_user_add")


def page_of(user, page="change"):
    return reverse(f"admin:portal_user_{page}", args=[user.pk])


# --- Accounts ------------------------------------------------------------------------------------


def test_addresses_are_kept_in_lower_case():
    assert User.objects.create_user("Kim.Lund@Halmstad.SE").email == "kim.lund@halmstad.se"


def test_an_account_needs_an_address():
    with pytest.raises(ValueError, match="e-mail"):
        User.objects.create_user("")


@pytest.mark.parametrize("typed", ["kim@example.se", "KIM@example.se", "Kim@Example.SE"])
def test_signing_in_ignores_case(typed, visitor):
    kim = make_user(email="kim@example.se")

    answer = visitor.post(reverse("admin:login"), {"username": typed, "password": PASSWORD})

    assert answer.status_code == 302
    assert visitor.session["_auth_user_id"] == str(kim.pk)


@pytest.mark.parametrize(
    ("typed", "password"),
    [
        ("kim@example.se", "fel"),
        ("kim", PASSWORD),
        ("", PASSWORD),
        ("kim@example.se\x00", PASSWORD),
        ("%", PASSWORD),
    ],
)
def test_signing_in_refuses_the_rest(typed, password, visitor):
    make_user(email="kim@example.se")

    answer = visitor.post(reverse("admin:login"), {"username": typed, "password": password})

    assert answer.status_code == 200
    assert "_auth_user_id" not in visitor.session


def test_inactive_people_do_not_sign_in():
    make_user(email="kim@example.se", is_active=False)

    assert authenticate(username="kim@example.se", password=PASSWORD) is None


def test_an_address_is_used_once_whatever_its_case():
    make_user(email="kim@example.se")

    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user("KIM@example.se")
    with pytest.raises(IntegrityError), transaction.atomic():
        User(email="Kim@example.se", name="Kim").save()
    with pytest.raises(ValidationError) as refused:
        User(email="Kim@example.se", name="Kim", password="!").full_clean()
    assert list(refused.value.message_dict) == ["__all__"]


def test_create_superuser(monkeypatch):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)

    call_command(
        "createsuperuser", interactive=False, email="Drift@Example.se", name="Drift", verbosity=0
    )

    user = User.objects.get()
    assert user.email == "drift@example.se"
    assert (user.is_staff, user.is_superuser, user.is_active) == (True, True, True)
    assert user.check_password(PASSWORD)
    assert str(user) == user.get_full_name() == user.get_short_name() == "Drift"


# --- Staff pages ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("superuser", 200),
        ("administrator", 200),
        ("registrar", 403),
        ("moderator", 403),
        ("project_leader", 403),
        ("coordinator", 403),
        ("politician", 403),
        ("association_representative", 403),
        ("outsider", 403),
    ],
)
def test_only_administrators_reach_users(who, status, request, client_for):
    client, other = client_for(request.getfixturevalue(who)), make_user()

    for address in [
        USERS,
        ADD,
        page_of(other),
        page_of(other, "delete"),
        reverse("admin:auth_user_password_change", args=[other.pk]),
    ]:
        assert client.get(address).status_code == status, address


NEW = {
    "email": "Ny@Example.se",
    "name": "Ny",
    "is_staff": "on",
    "usable_password": "true",
    "password1": PASSWORD,
    "password2": PASSWORD,
}


def test_an_administrator_adds_a_user(administrator, client_for):
    answer = client_for(administrator).post(ADD, {**NEW, "is_superuser": "on"})

    user = User.objects.get(name="Ny")
    assert answer.url == page_of(user)
    assert user.email == "ny@example.se"
    assert (user.is_staff, user.is_superuser) == (True, False)
    assert authenticate(username="NY@example.se", password=PASSWORD) == user


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"email": "kim@example.se"}, "email"),
        ({"email": "KIM@example.se"}, "email"),
        ({"email": "kim"}, "email"),
        ({"name": ""}, "name"),
        ({"password2": "något annat"}, "password2"),
        ({"password1": "kort", "password2": "kort"}, "password2"),
    ],
)
def test_bad_new_users_are_told(sent, field, administrator, client_for):
    make_user(email="kim@example.se")

    answer = client_for(administrator).post(ADD, {**NEW, **sent})

    assert field in answer.context["adminform"].form.errors
    assert not User.objects.filter(name="Ny").exists()


def test_an_administrator_changes_a_user_but_makes_no_superuser(administrator, client_for):
    user = make_user()

    answer = client_for(administrator).post(
        page_of(user), {"email": "Annan@example.se", "name": "Annan", "is_superuser": "on"}
    )

    assert answer.url == USERS
    user.refresh_from_db()
    assert (user.email, user.name) == ("annan@example.se", "Annan")
    assert (user.is_active, user.is_staff, user.is_superuser) == (False, False, False)
    assert user.check_password(PASSWORD)


def test_an_address_that_is_taken_is_told(administrator, client_for):
    make_user(email="kim@example.se")
    user = make_user()

    answer = client_for(administrator).post(
        page_of(user), {"email": "KIM@example.se", "name": "Annan"}
    )

    assert "email" in answer.context["adminform"].form.errors


def test_an_administrator_sets_a_password(administrator, client_for):
    user = make_user()
    address = reverse("admin:auth_user_password_change", args=[user.pk])
    new = "en annan lång fras"

    answer = client_for(administrator).post(
        address, {"usable_password": "true", "password1": new, "password2": new}
    )

    assert answer.status_code == 302
    user.refresh_from_db()
    assert user.check_password(new)


def test_an_administrator_cannot_take_over_a_superuser(administrator, superuser, client_for):
    client = client_for(administrator)
    password = reverse("admin:auth_user_password_change", args=[superuser.pk])
    new = {"usable_password": "true", "password1": PASSWORD * 2, "password2": PASSWORD * 2}
    picked = {"action": "delete_selected", "_selected_action": superuser.pk, "post": "yes"}

    assert client.post(page_of(superuser), {"email": "min@example.se"}).status_code == 403
    assert client.post(password, new).status_code == 403
    assert client.post(page_of(superuser, "delete"), {"post": "yes"}).status_code == 403
    client.post(USERS, picked)
    superuser.refresh_from_db()
    assert superuser.check_password(PASSWORD)


def test_someone_with_a_seat_is_not_deleted(administrator, client_for):
    seat = make_membership(user=make_user())

    answer = client_for(administrator).post(page_of(seat.user, "delete"), {"post": "yes"})

    assert answer.context["protected"]
    assert User.objects.filter(pk=seat.user.pk).exists()


def test_the_password_never_reaches_the_page(administrator, client_for):
    user = make_user()

    assert user.password not in client_for(administrator).get(page_of(user)).content.decode()


def test_roles_come_from_seats_not_from_djangos_groups():
    assert not admin.site.is_registered(Group)
