"""The staff's page about letters: who sees it, what it shows, and what can be done there."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from programs.models import OutgoingMail
from tests.factories import make_municipality, make_outgoing_mail

pytestmark = pytest.mark.django_db
LETTERS = "/admin/brev/"
HOUR = datetime.timedelta(hours=1)
SECRET = "Länken http://127.0.0.1:8000/min/hemlig/"


@pytest.fixture(autouse=True)
def _municipality(db):
    make_municipality()


@pytest.fixture
def failed(db):
    return make_outgoing_mail(
        subject="Din idé har fått svar",
        state="failed",
        error="550 no such user",
        attempts=1,
        key="idea:K7QX2BD:answered:1",
        body=SECRET,
    )


def page_of(letter) -> str:
    return reverse("programs_staff:letter", args=[letter.pk])


def test_letters_need_a_sign_in(client, failed):
    for url in (LETTERS, page_of(failed)):
        assert client.get(url).url.startswith("/admin/login/")
        assert client.post(url, {"do": "again"}).url.startswith("/admin/login/")


@pytest.mark.parametrize(
    "role",
    ["outsider", "moderator", "project_leader", "coordinator", "politician",
     "association_representative"],
)  # fmt: skip
def test_letters_are_not_for(client_for, request, failed, role):
    client = client_for(request.getfixturevalue(role))

    for response in (
        client.get(LETTERS),
        client.get(page_of(failed)),
        client.post(page_of(failed), {"do": "again"}),
    ):
        assert response.status_code == 403
    failed.refresh_from_db()
    assert failed.state == "failed"


@pytest.mark.parametrize("role", ["administrator", "superuser", "registrar"])
def test_letters_are_read_by(client_for, request, failed, role):
    client = client_for(request.getfixturevalue(role))

    page = client.get(LETTERS).content.decode()
    own = client.get(page_of(failed)).content.decode()

    assert "Din idé har fått svar" in page
    assert "550 no such user" in page
    assert "idé K7QX2BD" in own
    assert failed.to in own
    assert failed.to not in page
    assert "hemlig" not in page + own


def test_registrar_changes_nothing(client_for, registrar, failed):
    client = client_for(registrar)

    assert 'name="do"' not in client.get(page_of(failed)).content.decode()
    for do in ("again", "drop"):
        assert client.post(page_of(failed), {"do": do, "reason": "x"}).status_code == 403
    failed.refresh_from_db()
    assert failed.state == "failed"


def test_administrator_sends_a_letter_again(
    client_for, administrator, failed, django_capture_on_commit_callbacks
):
    client = client_for(administrator)

    with django_capture_on_commit_callbacks(execute=True):
        sent = client.post(page_of(failed), {"do": "again"}, follow=True)
    again = client.post(page_of(failed), {"do": "again"})

    assert "Brevet är på väg." in sent.content.decode()
    assert again.status_code == 409
    assert "Någon annan har just tagit hand om brevet." in again.content.decode()
    failed.refresh_from_db()
    assert (failed.state, failed.handled_by) == ("sent", administrator)


def test_administrator_drops_a_letter_with_a_reason(client_for, administrator, failed):
    client = client_for(administrator)

    empty = client.post(page_of(failed), {"do": "drop", "reason": " "})
    dropped = client.post(page_of(failed), {"do": "drop", "reason": "Adressen finns inte."})

    assert empty.status_code == 200
    assert "error-summary" in empty.content.decode()
    assert dropped.url == LETTERS
    page = client.get(page_of(failed)).content.decode()
    assert "Administratör har bestämt att brevet inte ska skickas: Adressen finns inte." in page
    assert 'name="do"' not in page


def test_letter_broken_off_says_that_it_may_come_twice(client_for, administrator):
    old = timezone.now() - HOUR
    letter = make_outgoing_mail(subject="Avbrutet brev", state="sending", tried_at=old)
    now = make_outgoing_mail(subject="Pågår", state="sending", tried_at=timezone.now())
    client = client_for(administrator)

    page = client.get(LETTERS).content.decode()
    own = client.get(page_of(letter)).content.decode()

    assert "Avbrutet brev" in page
    assert "Pågår" not in page
    assert "Skickas det igen kan det komma två gånger." in own
    assert 'value="again"' in own
    assert 'value="again"' not in client.get(page_of(now)).content.decode()


def test_letters_that_nobody_sends_are_told_at_the_top(client_for, administrator):
    client = client_for(administrator)
    make_outgoing_mail(send_after=timezone.now() - HOUR / 4)
    assert "1 brev är på väg." in client.get(LETTERS).content.decode()

    OutgoingMail.objects.update(send_after=timezone.now() - HOUR)

    page = client.get(LETTERS).content.decode()
    assert "1 brev har väntat i mer än en halvtimme." in page
    assert "db_worker" in page


def test_sent_letter_is_listed_and_has_nothing_to_do(client_for, administrator):
    letter = make_outgoing_mail(
        key="weekly:2026-48:abc", state="sent", sent_at=timezone.now(), to="", body=""
    )
    client = client_for(administrator)

    page, own = client.get(LETTERS).content.decode(), client.get(page_of(letter)).content.decode()

    assert "veckobrev" in page
    assert "Ingenting. Alla brev har kommit iväg." in page
    assert "Adressen är borttagen" in own
    assert client.post(page_of(letter), {"do": "again"}).status_code == 409
    assert client.post(page_of(letter), {"do": "drop", "reason": "x"}).status_code == 409


def test_letters_in_as_many_queries_for_one_as_for_many(
    client_for, administrator, django_assert_num_queries
):
    def grow(rows):
        for _row in range(rows):
            make_outgoing_mail(state="failed", error="x")
            make_outgoing_mail(state="sent", sent_at=timezone.now())

    client = client_for(administrator)
    for rows in (1, 30):
        grow(rows)
        with django_assert_num_queries(10):
            client.get(LETTERS)


def test_letter_that_is_not_there(client_for, administrator):
    assert client_for(administrator).get("/admin/brev/4711/").status_code == 404
