"""Order on the forms that anyone may send: slowed by network, over several workers, forgotten."""

import datetime
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core import signing
from django.db import connection
from django.http import QueryDict
from django.test import RequestFactory
from django.utils import timezone, translation

from programs.models import SendCount
from programs.public_forms import (
    LIMITS,
    LONGEST_HOURS,
    STAMP_SALT,
    PublicForm,
    TooMany,
    address_range,
    count_one,
    forget_counts,
    new_stamp,
    slow_down,
)

NOON = datetime.datetime(2026, 3, 1, 12, 3, tzinfo=datetime.UTC)
MOST = LIMITS[0][1]


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def sent_by(address: str = "192.0.2.7", **headers: str):
    return RequestFactory(headers=headers).post("/", REMOTE_ADDR=address)


# --- Where something is sent from ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.0/24"),
        ("192.0.2.250", "192.0.2.0/24"),
        ("2001:db8:1:2ff:3::4", "2001:db8:1:200::/56"),
        ("2001:db8:1:200::1", "2001:db8:1:200::/56"),
        ("2001:db8:1:300::1", "2001:db8:1:300::/56"),
        ("::ffff:192.0.2.7", "192.0.2.0/24"),
        ("fe80::1%eth0", "fe80::/56"),
        ("", "unknown"),
        ("unix:", "unknown"),
        ("nonsens", "unknown"),
    ],
)
def test_sender_is_a_network_not_a_person(address, network):
    assert address_range(sent_by(address)) == network


@pytest.mark.parametrize(
    ("forwarded", "network"),
    [
        ("203.0.113.9", "203.0.113.0/24"),
        ("203.0.113.9:51234", "203.0.113.0/24"),
        ("[2001:db8::7]:443", "2001:db8::/56"),
        ("[2001:db8::7]", "2001:db8::/56"),
        # What the sender wrote itself stands first; the proxy adds last.
        ("198.51.100.1, 203.0.113.9", "203.0.113.0/24"),
        ("x\x00, 203.0.113.9", "203.0.113.0/24"),
        ("203.0.113.9, ", "unknown"),
    ],
)
def test_trusted_proxy_says_who_sent(settings, forwarded, network):
    settings.TRUST_PROXY_HEADER = True

    assert address_range(sent_by("127.0.0.1", X_Forwarded_For=forwarded)) == network


def test_nobody_else_is_believed(settings):
    settings.TRUST_PROXY_HEADER = False

    request = sent_by("192.0.2.7", X_Forwarded_For="203.0.113.9")

    assert address_range(request) == "192.0.2.0/24"


# --- How often -----------------------------------------------------------------------------------


@pytest.mark.django_db
def test_burst_is_slowed_and_says_until_when():
    for _time in range(MOST):
        slow_down(sent_by(), "say", NOON)

    with pytest.raises(TooMany) as slow:
        slow_down(sent_by("192.0.2.200"), "say", NOON)

    assert slow.value.minutes == 7
    # Other networks, other forms and the next ten minutes are not concerned.
    slow_down(sent_by("198.51.100.7"), "say", NOON)
    slow_down(sent_by("2001:db8::7"), "say", NOON)
    slow_down(sent_by(), "other", NOON)
    slow_down(sent_by(), "say", NOON + datetime.timedelta(minutes=7))


@pytest.mark.django_db
def test_slow_drip_meets_the_limit_of_the_day():
    day, most = LIMITS[1]
    times = [NOON.replace(hour=0) + datetime.timedelta(minutes=10 * step) for step in range(143)]
    sent = [time for time in times for _each in range(2)]

    for time in sent[:most]:
        slow_down(sent_by(), "say", time)

    with pytest.raises(TooMany) as slow:
        slow_down(sent_by(), "say", sent[most])
    assert slow.value.minutes > 60
    slow_down(sent_by(), "say", NOON + day)


@pytest.mark.django_db
def test_form_may_have_limits_of_its_own():
    limits = ((datetime.timedelta(hours=1), 2),)
    for _time in range(2):
        slow_down(sent_by(), "say", NOON, limits)

    with pytest.raises(TooMany) as slow:
        slow_down(sent_by(), "say", NOON, limits)

    assert slow.value.minutes == 57


@pytest.mark.django_db
def test_counts_tell_nothing_of_who_sent():
    slow_down(sent_by(), "say", NOON)
    slow_down(sent_by(), "say", NOON + datetime.timedelta(days=1))

    keys = list(SendCount.objects.values_list("key", flat=True))
    assert len(set(keys)) == 4
    assert all(len(key) == 64 and "192" not in key for key in keys)


@pytest.mark.django_db
def test_old_counts_are_forgotten():
    slow_down(sent_by(), "say", NOON - datetime.timedelta(days=3))
    slow_down(sent_by(), "say", NOON)

    assert forget_counts(NOON) == 2
    assert SendCount.objects.count() == 2
    assert forget_counts(NOON) == 0


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_several_workers_count_together():
    def send(_number):
        try:
            slow_down(sent_by(), "say", NOON)
        except TooMany:
            return 0
        else:
            return 1
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        through = sum(pool.map(send, range(MOST * 4)))

    assert through == MOST


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_no_two_workers_get_the_same_number():
    def count(_number):
        try:
            return count_one("key", NOON)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(count, range(40))) == list(range(1, 41))


# --- The stamp and the trap ----------------------------------------------------------------------


def form_with(**fields: str) -> PublicForm:
    sent = QueryDict(mutable=True)
    sent.update(fields)
    return PublicForm(sent)


def stamp_made(ago: datetime.timedelta) -> str:
    moment = (timezone.now() - ago).timestamp()
    return signing.dumps([moment, "BCDFGHJ"], salt=STAMP_SALT)


def test_stamp_gives_the_reference():
    form = form_with(stamp=stamp_made(datetime.timedelta(minutes=5)))

    assert form.is_valid()
    assert (form.reference, form.oddities) == ("BCDFGHJ", [])


@pytest.mark.parametrize(
    "stamp",
    [
        "",
        "forged",
        "x" * 5000,
        stamp_made(datetime.timedelta(hours=LONGEST_HOURS, seconds=1)),
        stamp_made(datetime.timedelta(hours=-1)),
        signing.dumps("one", salt=STAMP_SALT),
        signing.dumps(["soon", "BCDFGHJ"], salt=STAMP_SALT),
        signing.dumps([1, 2, 3], salt=STAMP_SALT),
    ],
    # The stamps hold the moment: their own text would name the cases anew in every process.
    ids=["none", "forged", "long", "old", "early", "bare", "no-number", "too-many"],
)
def test_stamp_that_does_not_hold_is_replaced_and_said_once(stamp):
    form = form_with(stamp=stamp)

    assert not form.is_valid()
    # At no field: nobody can see the one that it stands in.
    assert list(form.errors) == ["__all__"]
    assert "Everything is still here" in form.non_field_errors()[0]
    assert form_with(stamp=form.data["stamp"]).is_valid()


def test_what_looks_odd_is_noted_and_not_refused():
    form = form_with(stamp=new_stamp(), website="http://spam.example")

    assert form.is_valid()
    assert form.oddities == ["quick", "trap"]
    assert form.said == {}
