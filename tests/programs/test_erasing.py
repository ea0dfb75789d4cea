"""Contact details go when their time is over; texts and what is unanswered stay."""

import datetime
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from programs.models import Erasure, OutgoingMail, VoiceEntry
from programs.records.erasing import erase_due_contacts
from programs.records.months import first_kept, months_after
from tests.factories import make_idea, make_municipality, make_outgoing_mail
from tests.programs.mail.test_letters import make_comment

pytestmark = pytest.mark.django_db
Kind = VoiceEntry.Kind
EVA = {"author_email": "eva@example.se", "author_name": "Eva"}
ANSWER = {"outcome": "no", "reply": "Det är gjort."}


def at(text):
    return timezone.make_aware(datetime.datetime.fromisoformat(text))


def date(text):
    return datetime.date.fromisoformat(text)


@pytest.fixture(autouse=True)
def municipality():
    row = make_municipality()
    type(row).objects.update(contact_months=1)


def ended(voice, kind, when):
    voice.history.create(kind=kind, at=at(when))
    return voice


def held(voice):
    voice.refresh_from_db()
    return voice.author_email, voice.author_name


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2026-12-15", 1, "2027-01-15"),
        ("2026-03-31", -1, "2026-02-28"),
    ],
)
def test_months_end_on_the_same_day_or_the_last(start, months, end):
    assert months_after(date(start), months) == date(end)


def test_first_kept_day_agrees_with_counting_forward():
    for number in range(800):
        today = date("2024-01-01") + datetime.timedelta(days=number)
        first = first_kept(today, 1)
        assert months_after(first, 1) >= today
        assert months_after(first - datetime.timedelta(days=1), 1) < today


def test_details_go_on_the_day_after_the_month(program):
    idea = ended(make_idea(program=program, **EVA, **ANSWER), Kind.ANSWERED, "2026-01-31 23:30")
    comment = make_comment(program, state="refused", state_reason="Reklam", author_name="Eva")
    ended(comment, Kind.REFUSED, "2026-01-31 12:00")
    shown = make_idea(program=program, **EVA, **ANSWER, show_name=True, replied="2026-01")
    for row, kind in ((idea, "idea"), (comment, "comment")):
        make_outgoing_mail(key=f"{kind}:{row.reference}:received:1", to="eva@example.se")

    assert erase_due_contacts(at("2026-02-28 23:30")) == {}
    assert held(idea) == ("eva@example.se", "Eva")
    runs = [erase_due_contacts(at(f"2026-03-01 0{hour}:30")) for hour in (0, 1)]

    assert runs == [{"idea": 2, "comment": 1, "letters": 2}, {}]
    assert [held(row) for row in (idea, comment, shown)] == [("", ""), ("", ""), ("", "Eva")]
    assert shown.public_name == "Eva"
    assert (idea.contact_erased_on, idea.text) == (date("2026-03-01"), "En lekplats vid ån.")
    assert idea.history.last().kind == Kind.CONTACT_ERASED
    assert not OutgoingMail.objects.exclude(to="").exists()
    assert [row.counts for row in Erasure.objects.all()] == [dict(runs[0])]


def test_what_is_open_is_kept(program):
    late = at("2030-01-01 00:00")
    unanswered = make_idea(program=program, **EVA)
    waiting = make_idea(program=program, **EVA, state="held")
    merged = make_idea(program=program, **EVA, outcome="merged", reply="Se den andra.",
                       merged_into=unanswered)  # fmt: skip
    ended(merged, Kind.MERGED, "2026-01-01")
    asks = make_idea(program=program, **EVA, state="hidden", state_reason="Namn")
    ended(asks, Kind.HIDDEN, "2026-01-01")
    asks.history.create(kind=Kind.REVIEW_ASKED, text="Titta igen", needs_attention=True)

    assert erase_due_contacts(late) == {}
    assert Erasure.objects.count() == 0
    assert {held(row) for row in (unanswered, waiting, merged, asks)} == {("eva@example.se", "Eva")}

    type(unanswered).objects.filter(pk=unanswered.pk).update(**ANSWER)
    ended(unanswered, Kind.ANSWERED, "2029-12-15")
    assert erase_due_contacts(late) == {}
    assert erase_due_contacts(at("2030-01-16 00:00")) == {"idea": 2}


def test_command_says_what_it_erases_and_a_dry_run_keeps_it(program):
    idea = ended(make_idea(program=program, **EVA, **ANSWER), Kind.ANSWERED, "2020-01-31 12:00")
    said = []
    for options in (["--dry-run"], [], []):
        out = StringIO()
        call_command("erase_contacts", *options, stdout=out, stderr=out)
        said.append(out.getvalue().splitlines())
        if options:
            assert held(idea) == ("eva@example.se", "Eva")
            assert Erasure.objects.count() == 0

    dry, real, again = said
    assert dry == ["Dry run: nothing is erased.", *real]
    assert "contact details: erased from 1 voices and 0 letters" in real
    assert "contact details: erased from 0 voices and 0 letters" in again
    assert held(idea) == ("", "")
