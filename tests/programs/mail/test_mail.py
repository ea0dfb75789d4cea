"""Letters: written once, sent once, after commit, and never lost without anyone seeing it."""

import datetime
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import time_machine
from django.core import mail as outbox
from django.db import connection, transaction
from django.utils import timezone

from programs import mail
from programs.models import OutgoingMail
from tests.factories import make_municipality, make_outgoing_mail
from tests.programs.mail.smtp import post_office
from tests.worker import run_worker

State = OutgoingMail.State
NOW = datetime.datetime(2026, 11, 28, 12, 0, tzinfo=datetime.UTC)
MINUTE = datetime.timedelta(minutes=1)


@pytest.fixture
def smtp(settings):
    """A real conversation with a mail server."""
    with post_office() as post:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", post.port, 5
        yield post


def post(key="test:1", to="eva@example.se", **kwargs):
    return mail.post(
        key, to, "follow_confirm", {"thing": "Åby", "own_url": "/x/", "days": 7}, **kwargs
    )


def send(letter):
    mail.send_letter.call(letter.pk)
    letter.refresh_from_db()
    return letter


# --- Writing -------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_letter_is_sent_once_committed(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        letter = post()
        assert outbox.outbox == []

    letter.refresh_from_db()
    assert (letter.state, letter.attempts, letter.error) == (State.SENT, 1, "")
    assert letter.sent_at is not None
    assert [each.to for each in outbox.outbox] == [["eva@example.se"]]


@pytest.mark.django_db(transaction=True)
def test_letter_of_what_did_not_happen_is_not_sent():
    @transaction.atomic
    def go_wrong():
        post()
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        go_wrong()

    assert not OutgoingMail.objects.exists()
    assert outbox.outbox == []


@pytest.mark.django_db
def test_letter_with_the_same_key_is_written_once(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        assert post() is not None
        assert post() is None
        assert post(to="annan@example.se") is None
        assert post("test:2") is not None

    assert len(outbox.outbox) == 2


@pytest.mark.django_db
def test_letter_to_nobody_is_not_written():
    assert post(to="") is None
    assert not OutgoingMail.objects.exists()


@pytest.mark.django_db
def test_letter_for_later_waits_until_then(django_capture_on_commit_callbacks):
    with time_machine.travel(NOW, tick=False):
        with django_capture_on_commit_callbacks(execute=True):
            letter = post(send_after=NOW + 60 * MINUTE)
        assert send(letter).state == State.QUEUED
        assert mail.hand_over_due(NOW) == 0
    with time_machine.travel(NOW + 60 * MINUTE, tick=False):
        with django_capture_on_commit_callbacks(execute=True):
            assert mail.hand_over_due(timezone.now()) == 1
        letter.refresh_from_db()
    assert letter.state == State.SENT


@pytest.mark.django_db
def test_letter_is_in_the_municipalitys_name_and_words():
    make_municipality(
        portal_name="Framtid Halmstad",
        name="Halmstads kommun",
        contact_function="Kansliet",
        contact_email="ort@example.se",
        contact_phone="035-13 70 00",
    )

    letter = post()

    assert letter.subject == "Bekräfta att du vill följa Åby"
    lines = letter.body.splitlines()
    assert lines[0] == "Hej!"
    assert "http://127.0.0.1:8000/x/" in lines
    start = lines.index("Vänliga hälsningar")
    assert lines[start + 1 : start + 5] == [
        "Framtid Halmstad, Halmstads kommun",
        "Kansliet",
        "ort@example.se",
        "035-13 70 00",
    ]
    assert "\n\n\n" not in letter.body
    assert "&" not in letter.body


# --- Sending -------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_letter_reaches_the_server_in_swedish(smtp, settings):
    settings.DEFAULT_FROM_EMAIL = "inget-svar@ort.example.se"
    settings.SITE_URL = "https://ort.example.se"
    make_municipality(portal_name="Åsa & Östra", contact_email="ort@example.se")
    letter = send(post(headers={"List-Unsubscribe": "<https://ort.example.se/x/>"}))

    (received,) = smtp.letters

    assert letter.state == State.SENT
    assert received["Subject"] == "Bekräfta att du vill följa Åby"
    assert received["From"].addresses[0].display_name == "Åsa & Östra"
    assert received["From"].addresses[0].addr_spec == "inget-svar@ort.example.se"
    assert received["To"] == "eva@example.se"
    assert received["Reply-To"] == "ort@example.se"
    assert received["Auto-Submitted"] == "auto-generated"
    assert received["List-Unsubscribe"] == "<https://ort.example.se/x/>"
    assert received["Message-ID"].endswith("@ort.example.se>")
    assert received.get_content_type() == "text/plain"
    assert received.get_content().replace("\r\n", "\n") == letter.body
    assert "vill följa Åby" in received.get_content()
    assert "mail FROM:<inget-svar@ort.example.se>" in smtp.commands


@pytest.mark.django_db
def test_letter_sent_again_is_the_same_letter_to_a_mailbox():
    first, other = post(), post("test:2")

    assert (
        mail.message(first).message()["Message-ID"] == mail.message(first).message()["Message-ID"]
    )
    assert (
        mail.message(first).message()["Message-ID"] != mail.message(other).message()["Message-ID"]
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    "field", [{"to": "eva@example.se\nBcc: alla@example.se"}, {"headers": {"X-A": "b\r\nBcc: c"}}]
)
def test_letter_cannot_get_headers_through_its_fields(smtp, field):
    letter = send(make_outgoing_mail(**field))

    assert letter.state == State.FAILED
    assert letter.error.startswith(("Header values can't contain newlines", "Invalid address"))
    assert smtp.raw == []


@pytest.mark.django_db
def test_subject_is_one_line_whatever_stands_in_it(smtp):
    letter = mail.post(
        "a", "eva@example.se", "follow_confirm", {"thing": "Åby\r\nBcc: x@y.se\n" * 9}
    )
    send(letter)

    (received,) = smtp.letters
    assert received["Bcc"] is None
    assert received["Subject"].strip().startswith("Bekräfta att du vill följa Åby Bcc: x@y.se")
    assert len(received["Subject"].strip()) <= 200


@pytest.mark.django_db
def test_refused_letter_is_tried_again_after_growing_waits_and_then_given_up(smtp):
    smtp.answers["RCPT"] = "451 later"
    letter, moments = make_outgoing_mail(send_after=NOW), [NOW]
    for wait in mail.WAITS:
        with time_machine.travel(moments[-1], tick=False):
            send(letter)
            assert (letter.state, letter.attempts) == (State.QUEUED, len(moments))
            moments.append(moments[-1] + wait * MINUTE)
            assert letter.send_after == moments[-1]
            send(letter)  # too early: nothing happens
            assert letter.attempts == len(moments) - 1
    with time_machine.travel(moments[-1], tick=False):
        send(letter)
        assert (letter.state, letter.attempts) == (State.FAILED, len(mail.WAITS) + 1)
        assert "451" in letter.error
        assert list(OutgoingMail.objects.in_trouble(moments[-1])) == [letter]

    smtp.answers.clear()
    assert send(letter).state == State.FAILED
    assert smtp.raw == []


@pytest.mark.django_db
def test_letter_that_was_refused_for_a_while_arrives_in_the_end(smtp):
    smtp.answers["DATA"] = "451 busy"
    with time_machine.travel(NOW, tick=False):
        letter = send(make_outgoing_mail(send_after=NOW))
    smtp.answers.clear()
    with time_machine.travel(NOW + 3 * MINUTE, tick=False):
        send(letter)

    assert (letter.state, letter.attempts, letter.error) == (State.SENT, 2, "")
    assert len(smtp.raw) == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("answers", "state"),
    [
        ({"RCPT": "550 no such user"}, State.FAILED),
        ({"RCPT": "452 full"}, State.QUEUED),
        ({"MAIL": "550 not you"}, State.QUEUED),
        ({"END": "554 spam"}, State.QUEUED),
        ({"EHLO": "", "HELO": ""}, State.QUEUED),
        ({"DATA": ""}, State.QUEUED),
    ],
)
def test_only_a_refused_address_is_given_up_at_once(smtp, answers, state):
    smtp.answers.update(answers)

    letter = send(make_outgoing_mail())

    assert letter.state == state
    assert letter.error


@pytest.mark.django_db
def test_server_that_is_not_there_is_tried_again(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1

    assert send(make_outgoing_mail()).state == State.QUEUED


@pytest.mark.django_db
@pytest.mark.parametrize("state", [State.SENDING, State.SENT, State.FAILED, State.DROPPED])
def test_letter_in_any_other_state_is_left_alone(state):
    letter = make_outgoing_mail(state=state, sent_at=NOW if state == State.SENT else None)

    send(letter)
    mail.send_letter.call(letter.pk + 1000)

    assert (letter.state, letter.attempts) == (state, 0)
    assert outbox.outbox == []


@pytest.mark.django_db(transaction=True)
def test_letter_of_a_worker_that_died_is_seen_and_not_sent_again(monkeypatch):
    class Died(BaseException):
        pass

    def die(_self, **_kwargs):
        raise Died

    letter = make_outgoing_mail(send_after=NOW)
    with monkeypatch.context() as patch, time_machine.travel(NOW, tick=False):
        patch.setattr("django.core.mail.EmailMessage.send", die)
        with pytest.raises(Died):
            send(letter)

    letter.refresh_from_db()
    assert (letter.state, letter.tried_at) == (State.SENDING, NOW)
    assert not letter.is_broken_off(NOW + 10 * MINUTE)
    assert not OutgoingMail.objects.in_trouble(NOW + 10 * MINUTE).exists()
    later = NOW + 11 * MINUTE
    assert letter.is_broken_off(later)
    assert list(OutgoingMail.objects.in_trouble(later)) == [letter]
    with time_machine.travel(later, tick=False):
        assert mail.hand_over_due(later) == 0
        send(letter)
    assert letter.state == State.SENDING
    assert outbox.outbox == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
def test_letter_that_several_workers_take_at_once_is_sent_once(smtp):
    letters = [make_outgoing_mail() for _letter in range(3)]
    barrier = Barrier(4)

    def work(_number):
        try:
            barrier.wait(timeout=10)
            for letter in letters:
                mail.send_letter.call(letter.pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))

    assert len(smtp.raw) == 3
    assert set(OutgoingMail.objects.values_list("state", "attempts")) == {(State.SENT, 1)}


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
def test_letter_that_several_write_at_once_is_one():
    barrier = Barrier(4)

    def write(_number):
        try:
            barrier.wait(timeout=10)
            with transaction.atomic():
                return post() is not None
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        written = list(pool.map(write, range(4)))

    assert sorted(written) == [False, False, False, True]
    assert len(outbox.outbox) == 1


@pytest.mark.django_db(transaction=True)
def test_worker_of_the_database_queue_sends_what_was_posted(settings, smtp):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    with transaction.atomic():
        letter = post()
    letter.refresh_from_db()
    assert letter.state == State.QUEUED

    run_worker()

    letter.refresh_from_db()
    assert letter.state == State.SENT
    assert len(smtp.raw) == 1


# --- What is due, in trouble, and forgotten ------------------------------------------------------


@pytest.mark.django_db
def test_due_letters_become_one_task(django_capture_on_commit_callbacks):
    for _letter in range(3):
        make_outgoing_mail()
    make_outgoing_mail(send_after=timezone.now() + MINUTE)

    with django_capture_on_commit_callbacks() as tasks:
        assert mail.hand_over_due(timezone.now()) == 3
    assert len(tasks) == 1
    tasks[0]()

    assert OutgoingMail.objects.filter(state=State.SENT).count() == 3


@pytest.mark.django_db
def test_late_letters_say_that_nothing_sends(monkeypatch):
    letter = make_outgoing_mail(send_after=NOW)

    assert not OutgoingMail.objects.late(NOW + 29 * MINUTE).exists()
    assert list(OutgoingMail.objects.late(NOW + 30 * MINUTE)) == [letter]


@pytest.mark.django_db
def test_staff_send_a_failed_letter_again(outsider, django_capture_on_commit_callbacks):
    letter = make_outgoing_mail(state=State.FAILED, attempts=6, error="550")

    with django_capture_on_commit_callbacks(execute=True):
        mail.send_again(letter, by=outsider, now=timezone.now())

    letter.refresh_from_db()
    assert (letter.state, letter.attempts, letter.error) == (State.SENT, 1, "")
    assert letter.handled_by == outsider
    with pytest.raises(mail.CannotHandle):
        mail.send_again(letter, by=outsider, now=timezone.now())


@pytest.mark.django_db
def test_staff_drop_a_letter_with_a_reason(outsider):
    letter = make_outgoing_mail(state=State.SENDING, tried_at=NOW)
    later = NOW + 60 * MINUTE

    with pytest.raises(mail.CannotHandle):
        mail.drop(letter, by=outsider, reason="Fel adress.", now=NOW + MINUTE)
    with pytest.raises(mail.CannotHandle):
        mail.drop(letter, by=outsider, reason="  ", now=later)
    mail.drop(letter, by=outsider, reason="Fel adress.", now=later)

    letter.refresh_from_db()
    assert (letter.state, letter.handled_because) == (State.DROPPED, "Fel adress.")
    assert letter.handled_by == outsider


@pytest.mark.django_db
def test_letters_are_forgotten_after_their_time():
    old = NOW - datetime.timedelta(days=1)
    sent = make_outgoing_mail(state=State.SENT, sent_at=old, forget_at=old)
    young = make_outgoing_mail(state=State.SENT, sent_at=old, forget_at=NOW + MINUTE)
    failed = make_outgoing_mail(state=State.FAILED, forget_at=old)
    old_failed = make_outgoing_mail(state=State.FAILED, forget_at=NOW - mail.KEPT)
    waiting = make_outgoing_mail(state=State.QUEUED, forget_at=old)

    assert OutgoingMail.objects.to_forget(NOW).forget() == 2
    assert OutgoingMail.objects.to_forget(NOW).forget() == 0

    for letter in (sent, young, failed, old_failed, waiting):
        letter.refresh_from_db()
    assert (sent.to, sent.body, sent.headers, sent.state) == ("", "", {}, State.SENT)
    assert (old_failed.to, old_failed.state) == ("", State.DROPPED)
    assert young.to == failed.to == waiting.to == "nagon@example.se"
    assert waiting.state == State.QUEUED
