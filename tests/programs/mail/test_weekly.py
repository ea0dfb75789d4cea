"""The weekly letter: on its day, only when something has happened, and nothing told twice."""

import datetime

import pytest
from django.utils import timezone

from programs.dates import day
from programs.following import follow, weekly
from programs.following.news import News, midnight, program_news
from programs.models import Action, Event, OutgoingMail, Subscription, VoiceState
from revisions.news import process_news
from tests.at_once import at_once
from tests.factories import (
    make_action,
    make_action_update,
    make_document,
    make_edition,
    make_event,
    make_idea,
    make_locality,
    make_municipality,
    make_process,
    make_program,
    make_subscription,
)

pytestmark = pytest.mark.django_db
# Thursday 26 November 2026, when the daily run has its turn in the morning.
NOW = datetime.datetime(2026, 11, 26, 4, 15, tzinfo=datetime.UTC)
DAY = datetime.timedelta(days=1)
WEEK = 7 * DAY
SITE = "http://127.0.0.1:8000"
SOURCES = (program_news, process_news)


@pytest.fixture(autouse=True)
def _municipality(db):
    make_municipality()


@pytest.fixture
def follower(program):
    return make_subscription(
        email="eva@example.se", program=program, confirmed_at=NOW - WEEK, told_until=NOW - WEEK
    )


def at(moment, row, *fields: str):
    """The row as if it had been made or changed then."""
    type(row).objects.filter(pk=row.pk).update(
        **dict.fromkeys(fields or ("created_at", "updated_at"), moment)
    )
    return row


def send(now=NOW) -> tuple[int, int]:
    return weekly.send(now, SOURCES)


def told(follower) -> list[str]:
    """The lines of the last letter's news."""
    letter = OutgoingMail.objects.filter(key__startswith="weekly:").first()
    return [line for line in letter.body.splitlines() if line.startswith("* ")]


def news(row) -> News:
    return News(0, "x", NOW - DAY, "Nytt", "/x/")


# --- When ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("days", "sent"), [(-3, 0), (-1, 0), (0, 1), (1, 1), (3, 1)])
def test_letter_leaves_on_thursday_or_later_the_same_week(follower, program, days, sent):
    at(NOW - 5 * DAY, make_action(program=program))

    assert send(NOW + days * DAY) == (sent, sent)


def test_letter_comes_once_a_week(follower, program):
    at(NOW - DAY, make_action(program=program, title="Brygga"))
    assert send() == (1, 1)
    at(NOW + DAY, make_action(program=program, title="Bastu"))

    assert [send(NOW + days * DAY) for days in (0, 1, 3, 4, 6)] == [(0, 0)] * 5
    assert told(follower) == ["* Brygga – Ny: planerad"]
    assert send(NOW + WEEK) == (1, 1)
    assert told(follower) == ["* Bastu – Ny: planerad"]
    assert send(NOW + 2 * WEEK) == (0, 1)


def test_week_without_news_has_no_letter_and_is_not_asked_about_again(follower):
    assert send() == (0, 1)
    assert send() == (0, 0)
    assert not OutgoingMail.objects.exists()


def test_week_in_which_nothing_ran_is_told_of_the_next(follower, program):
    at(NOW - DAY, make_action(program=program, title="Brygga"))

    assert send(NOW + WEEK) == (1, 1)
    assert told(follower) == ["* Brygga – Ny: planerad"]


def test_only_confirmed_followers_of_programs_and_places_get_it(program):
    make_subscription(program=program)
    make_subscription(idea=make_idea(program=program), confirmed_at=NOW - WEEK)
    at(NOW - DAY, make_action(program=program))

    assert send() == (0, 0)


def test_new_follower_is_told_of_what_happens_after_that(program):
    at(NOW - DAY, make_action(program=program, title="Förut"))
    row = follow.begin("ny@example.se", program)
    follow.confirm(row, NOW - DAY / 2)
    at(NOW - DAY / 4, make_action(program=program, title="Sedan"))

    assert send() == (1, 1)
    assert told(row) == ["* Sedan – Ny: planerad"]


# --- To whom -------------------------------------------------------------------------------------


def test_all_that_an_address_follows_comes_in_one_letter(follower, program):
    place, quiet = make_locality(name="Åby"), make_locality(name="Tysta orten")
    for thing in (program.locality, place, quiet):
        make_subscription(
            email="Eva@Example.se", locality=thing, confirmed_at=NOW - WEEK, told_until=NOW - WEEK
        )
    at(NOW - DAY, make_action(program=program, title="Brygga"))
    at(NOW - DAY, make_action(program=None, locality=place, title="Bastu"))

    assert send() == (1, 1)

    letter = OutgoingMail.objects.get()
    lines = letter.body.splitlines()
    assert letter.to == "eva@example.se"
    assert letter.subject == f"Nytt från {program} och Åby"
    # The place's program has been told of under its own heading.
    assert [line for line in lines if line.startswith("* ")] == [
        "* Brygga – Ny: planerad",
        "* Bastu – Ny: planerad",
    ]
    assert lines.index(str(program).upper()) < lines.index("ÅBY")
    assert "TYSTA ORTEN" not in lines
    assert f"{program}, {program.locality}, Tysta orten och Åby" in letter.body
    assert f"Ändra vad du följer: {SITE}/folj/{follower.token}/" in lines
    assert f"Sluta få brevet: {SITE}/folj/{follower.token}/sluta/" in lines
    assert letter.headers == {
        "List-Unsubscribe": f"<{SITE}/folj/{follower.token}/sluta/>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    assert "eva" not in letter.key


def test_each_follower_is_told_from_where_they_were(program):
    for email, days in (("a@x.se", 7), ("b@x.se", 1)):
        moment = NOW - days * DAY
        make_subscription(email=email, program=program, confirmed_at=moment, told_until=moment)
    at(NOW - 3 * DAY, make_action(program=program))

    assert send() == (1, 2)
    assert OutgoingMail.objects.get().to == "a@x.se"


def test_letters_cost_as_many_queries_to_read_for_one_follower_as_for_many(
    program, django_assert_num_queries
):
    rows = [
        make_subscription(program=program, confirmed_at=NOW - WEEK, told_until=NOW - WEEK)
        for _row in range(30)
    ]
    with django_assert_num_queries(10):
        weekly.gather(rows[:1], NOW, SOURCES)
    with django_assert_num_queries(10):
        weekly.gather(rows, NOW, SOURCES)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_daily_runs_at_once_write_one_letter(follower, program):
    at(NOW - DAY, make_action(program=program))

    results = at_once(send, send, lambda: send(NOW + DAY / 24))

    assert sum(written for written, _addresses in results) == 1
    assert OutgoingMail.objects.count() == 1


def test_long_list_is_cut_with_a_number(follower, program):
    for number in range(weekly.MOST_LINES + 3):
        at(NOW - DAY, make_action(program=program, title=f"Åtgärd {number}"))

    send()

    assert len(told(follower)) == weekly.MOST_LINES + 1
    assert told(follower)[-1] == "* och 3 till"


# --- What ----------------------------------------------------------------------------------------


def test_letter_tells_everything_that_has_happened(follower, program):
    when = NOW - DAY
    done = make_action(program=program, title="Brygga", status="completed", result="Den håller.")
    at(NOW - 9 * WEEK, done)
    at(when, done, "status_changed_at")
    paused = make_action(program=program, title="Bastu", status="paused", reason="Pengar saknas.")
    at(NOW - 9 * WEEK, paused)
    at(when, paused, "status_changed_at")
    running = at(NOW - 9 * WEEK, make_action(program=program, title="Stig"))
    at(when, make_action_update(action=running, text="Grävningen börjar."), "created_at")
    at(when, make_action(program=program, title="Lekplats"))
    far = make_event(
        program=program, title="Stormöte", date=day(NOW.date() + 40 * DAY), place="Åhs"
    )
    at(when, far)
    answered = make_idea(program=program, title="Bänkar", outcome="no", reply="Nej.")
    answered.history.create(kind="answered", at=when)
    at(when, make_idea(program=program, title="Ljus"), "published_at")
    at(when, make_document(program=program, title="Anteckningar"))

    assert send() == (1, 1)

    letter = OutgoingMail.objects.get()
    lines = letter.body.splitlines()
    assert told(follower) == [
        "* Brygga – Den håller.",
        "* Bastu – Vilande",
        "* Lekplats – Ny: planerad",
        "* Stig – Grävningen börjar.",
        f"* Stormöte – {far.date}, Åhs",
        "* Bänkar – Nej",
        "* Ljus",
        "* Anteckningar – Minnesanteckningar",
    ]
    headings = ["Klart", "På gång", "Möten", "Svar", "Nytt från invånare", "Nya dokument"]
    assert [line for line in lines if line in headings] == headings
    assert f"  {SITE}{done.get_absolute_url()}" in lines
    assert f"  {SITE}{answered.get_absolute_url()}" in lines
    assert "  https://example.se/protokoll.pdf" in lines


def test_place_has_what_is_its_own_and_its_programs(program):
    place = program.locality
    make_subscription(locality=place, confirmed_at=NOW - WEEK, told_until=NOW - WEEK)
    at(NOW - DAY, make_action(program=program, title="Programmets"))
    at(NOW - DAY, make_action(program=None, locality=place, title="Ortens"))
    at(NOW - DAY, make_idea(program=None, locality=place, title="Idén"), "published_at")
    at(NOW - DAY, make_document(program=None, locality=place, title="Kartan"))
    at(NOW - DAY, make_action(title="Någon annans"))

    send()

    assert sorted(told(None)) == [
        "* Idén",
        "* Kartan – Minnesanteckningar",
        "* Ortens – Ny: planerad",
        "* Programmets – Ny: planerad",
    ]


def test_meeting_is_told_of_when_it_is_known_and_when_it_is_near(follower, program):
    coming = make_event(program=program, title="Stormöte", date=day((NOW + 20 * DAY).date()))
    at(NOW - DAY, coming)

    written = [send(NOW + weeks * WEEK)[0] for weeks in range(4)]

    assert written == [1, 0, 1, 0]


def test_meetings_that_are_over_closed_or_called_off(follower, program):
    near = day((NOW + 5 * DAY).date())
    at(NOW - DAY, make_event(program=program, date=day((NOW - 2 * DAY).date())))
    at(NOW - DAY, make_event(program=program, date=near, open_to_all=False))
    assert send() == (0, 1)

    off = make_event(program=program, title="Stormöte", date=day((NOW + 30 * DAY).date()))
    at(NOW - 4 * WEEK, off)
    Event.objects.filter(pk=off.pk).update(is_cancelled=True, updated_at=NOW + DAY)
    send(NOW + WEEK)

    assert told(follower) == [f"* Stormöte – Inställt: {off.date}"]


@pytest.mark.parametrize("state", [VoiceState.HELD, VoiceState.REFUSED, VoiceState.HIDDEN])
def test_letter_tells_nothing_that_is_not_public(follower, program, state):
    idea = make_idea(
        program=program, state=state, state_reason="x", outcome="no", reply="Nej.", title="Hemlig"
    )
    at(NOW - DAY, idea, "published_at")
    idea.history.create(kind="answered", at=NOW - DAY)
    draft = make_edition(program=program)
    at(NOW - DAY, make_document(program=None, edition=draft, title="Hemligt"))

    assert send() == (0, 1)


def test_statuses_that_the_daily_run_notices_are_told(follower, program):
    action = at(NOW - 9 * WEEK, make_action(program=program, title="Brygga"))
    Action.objects.notice_statuses(NOW - WEEK)
    Action.objects.filter(pk=action.pk).update(status="completed")
    Action.objects.notice_statuses(NOW)

    assert send() == (1, 1)
    assert told(follower) == ["* Brygga"]


# --- Processes -----------------------------------------------------------------------------------


def make_open_process(program, first, last):
    base = make_edition(program=program, state="adopted", clauses=["Centrum"])
    return make_process(
        program=program, base=base, step=5, comments_open_on=first, comments_close_on=last
    )


def test_open_comments_are_told_of_when_they_open_and_before_they_close(follower, program):
    first, last = (NOW - 2 * DAY).date(), (NOW + 25 * DAY).date()
    process = make_open_process(program, first, last)

    written = [send(NOW + weeks * WEEK)[0] for weeks in range(4)]

    assert written == [1, 0, 0, 1]
    assert told(follower) == [
        f"* Revidering av {program} – Säg vad du tycker senast den 21 december 2026"
    ]
    assert f"{SITE}/program/{program.slug}/process/{process.pk}/synpunkter/ny/" in (
        OutgoingMail.objects.first().body
    )


def test_period_that_is_set_after_the_day_began_is_told_of_too(follower, program):
    today = timezone.localdate(NOW)
    process = make_open_process(program, today, today + 60 * DAY)
    process.log.create(kind="comments_opened", step=5, at=NOW + DAY / 4)
    assert midnight(today) < NOW

    assert send() == (0, 1)
    assert send(NOW + WEEK) == (1, 1)


def test_steps_of_a_process_are_told_in_words(follower, program):
    process = make_process(program=program, step=3)
    for kind, step, to in (("started", 1, None), ("passed", 1, 2), ("sent_back", 7, 6)):
        process.log.create(kind=kind, step=step, to_step=to, at=NOW - DAY)
    process.log.create(kind="anchored", step=4, at=NOW - DAY)
    process.log.create(kind="passed", step=2, to_step=3, at=NOW - 2 * WEEK)
    make_process(program=make_program()).log.create(kind="started", step=1, at=NOW - DAY)

    send()

    name = f"* Revidering av {program} – "
    assert told(follower) == [
        f"{name}Arbetet har börjat",
        f"{name}Steg 1 av 9 är klart: Öppet dialogmöte",
        f"{name}Återlämnat till steg 6: Förslag tas fram",
    ]


def test_followers_of_the_place_hear_of_its_programs_processes(program):
    make_subscription(locality=program.locality, confirmed_at=NOW - WEEK, told_until=NOW - WEEK)
    make_process(program=program).log.create(kind="started", step=1, at=NOW - DAY)

    assert send() == (1, 1)
    assert Subscription.objects.get().told_until == NOW
