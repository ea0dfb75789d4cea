"""The four processes that Halmstad's demo tells, as they stand on the day it is loaded."""

import datetime
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone, translation

from portal.datafile import DataError, load
from programs.models import Action, Edition, Program
from revisions.approval import approval_of
from revisions.models import Comment, LogEntry, Process
from revisions.replay import replay
from tests.portal.faulty_data import USER, WORLD

pytestmark = pytest.mark.django_db

DEMO = Path(settings.BASE_DIR, "portal", "demo", "halmstad.toml")
HARPLINGE, OSKARSTROM = "framtid-harplinge", "framtid-oskarstrom"
VALLAS, FYLLINGE = "framtid-vallas", "framtid-fyllinge"
ALL = [HARPLINGE, OSKARSTROM, VALLAS, FYLLINGE]
Kind = LogEntry.Kind


def process_of(program: str) -> Process:
    return Process.objects.get(program__slug=program)


def where(program: str, day: datetime.date) -> tuple[str, int, int, bool, bool]:
    found = process_of(program)
    return found.kind, found.step, found.attempt, found.is_open, found.takes_comments(day)


STANDS = {
    HARPLINGE: ("revision", 5, 1, True, True),
    OSKARSTROM: ("revision", 7, 1, True, False),
    VALLAS: ("revision", 9, 2, False, False),
    FYLLINGE: ("creation", 5, 1, True, True),
}


# What a story may not say. These load files of their own, and so come before the shared one.


STORY = (
    WORLD
    + USER
    + '[[process]]\nprogram = "programmet"\nkind = "revision"\nby = "anna@example.se"\n'
)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('do = "dansa"', "do: is not a known transition"),
        ('do = "pass"', "do: "),
        ('do = "answer"\ncomment = "ingen"\nreply = "Ja"\noutcome = "no"', "comment: there is no"),
        ('do = "edit"\nclause = "ingen"\nreason = "Så"', "clause: the text has no clause"),
        ('do = "abort"\nreason = "Så"\nextra = "1"', "extra: is not a known key here"),
    ],
)
def test_wrong_line_of_a_story_is_named(tmp_path, line, said):
    path = tmp_path / "fil.toml"
    path.write_text(f"{STORY}[[process.do]]\n{line}\n", encoding="utf-8")

    with pytest.raises(DataError) as caught:
        load(path, today=datetime.date(2026, 4, 16))

    assert said in str(caught.value)
    assert not Process.objects.exists()


@pytest.mark.parametrize("day", ["2026-01-05", "2027-07-01"])
def test_stories_stand_the_same_whatever_the_day(day):
    loaded_on = datetime.date.fromisoformat(day)

    load(DEMO, today=loaded_on)

    assert {program: where(program, loaded_on) for program in ALL} == STANDS


def test_flens_phases_stand_the_same_whatever_the_day():
    load(DEMO.with_name("flen.toml"), today=datetime.date(2027, 1, 1))

    steps = Process.objects.order_by("program__slug").values_list("step", flat=True)
    assert list(steps) == [2, 3, 4, 3, 1, 3, 4, 1]


HISTORY = (
    WORLD
    + USER
    + '[[process]]\nprogram = "programmet"\nkind = "local_development"\nby = "anna@example.se"\n'
)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("kind_ = 1\n[[process.step]]\nstep = 1", "kind_: is not a known key here"),
        ("edition = 7\n[[process.step]]\nstep = 1", "edition: no text 7 of the program"),
        ('[[process.step]]\nstep = 1\nevents = ["inget"]', "event: there is no event"),
        ('[[process.step]]\nstep = 1\npassed = "2099"', "The date is still to come."),
        ('[[process.step]]\nstep = 2\n[[process.do]]\ndo = "pass"', "do: "),
    ],
)
def test_wrong_history_is_named(tmp_path, text, said):
    path = tmp_path / "fil.toml"
    path.write_text(f"{HISTORY}{text}\n", encoding="utf-8")

    with translation.override("en"), pytest.raises(DataError) as caught:
        load(path, today=datetime.date(2026, 4, 16))

    assert said in str(caught.value)
    assert not Process.objects.exists()


def test_history_is_entered_on_its_day_and_goes_on_as_a_story(tmp_path):
    path = tmp_path / "fil.toml"
    path.write_text(
        HISTORY
        + 'entered = "T-30"\nstarted = "2011"\n[[process.step]]\nstep = 1\npassed = "2012"\n'
        + '[[process.do]]\ndo = "abort"\non = "T-2"\nreason = "Så"\n',
        encoding="utf-8",
    )

    load(path, today=datetime.date(2026, 4, 16))

    log = Process.objects.get().log.all()
    assert [(row.kind, timezone.localdate(row.at).isoformat(), row.role) for row in log] == [
        ("started", "2026-03-17", "Projektledare"),
        ("history", "2026-03-17", "Projektledare"),
        ("aborted", "2026-04-14", "Projektledare"),
        ("closed", "2026-04-14", "Projektledare"),
    ]


# The stories, loaded once


# Of the module, since loading takes seconds. No test below may load a file of its own.
@pytest.fixture(scope="module")
def today(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[datetime.date]:
    media = tmp_path_factory.mktemp("media")
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=media), transaction.atomic():
        day = timezone.localdate()
        load(DEMO, today=day)
        yield day
        transaction.set_rollback(True)


@pytest.mark.parametrize("program", ALL)
def test_process_stands_where_its_story_leaves_it(today, program):
    assert where(program, today) == STANDS[program]


@pytest.mark.parametrize("program", ALL)
def test_log_replays_to_the_row(today, program):
    found = process_of(program)
    told = replay(found.log.all())

    assert (told.step, told.attempt, told.is_open, told.outcome) == (
        found.step,
        found.attempt,
        found.is_open,
        found.outcome,
    )


@pytest.mark.parametrize("program", ALL)
def test_log_runs_forward_and_ends_before_today_does(today, program):
    days = [timezone.localdate(entry.at) for entry in process_of(program).log.all()]

    assert days == sorted(days)
    assert days[-1] <= today


# Harplinge: open for comments


def test_comments_came_in_many_ways_and_some_are_answered(today):
    comments = Comment.objects.filter(process=process_of(HARPLINGE))

    assert comments.count() == 15
    assert comments.filter(state="published").count() == 11
    assert comments.filter(state="held").count() == 3
    assert comments.answered().count() == 4
    assert set(comments.values_list("channel", flat=True)) == {
        "web",
        "paper",
        "phone",
        "meeting",
        "association",
    }
    assert set(comments.values_list("question", flat=True)) == {
        "",
        "vision",
        "achieved",
        "continue",
        "focus",
        "involve",
    }
    assert comments.get(state="refused").state_reason


@pytest.mark.parametrize("program", ALL)
def test_only_published_comments_are_public(today, program):
    process = process_of(program)
    page = Client().get(reverse("revisions:comments", args=[program, process.pk]))
    text = page.content.decode()

    assert page.status_code == 200
    for comment in process.comments.all():
        assert (comment.text in text) == (comment.state == "published"), comment


@pytest.mark.parametrize("program", ALL)
def test_pages_of_the_program_and_its_process_open(today, program):
    process = process_of(program)
    pages = [reverse("programs:program", args=[program]), process.get_absolute_url()]
    if process.draft_published_at and process.is_open:
        pages.append(reverse("revisions:draft", args=[program, process.pk]))

    assert {page: Client().get(page).status_code for page in pages} == dict.fromkeys(pages, 200)


def test_only_open_comments_invite_to_write(today):
    for program in ALL:
        process = process_of(program)
        address = f'{reverse("revisions:say")}?process={process.pk}"'
        page = Client().get(process.get_absolute_url()).content.decode()
        assert (address in page) == STANDS[program][4], program


# Oskarström: one approval lost its force


def test_approval_of_an_older_text_counts_no_more(today):
    state = approval_of(process_of(OSKARSTROM), today)
    by_user = {point.membership.user.email.split("@")[0]: point for point in state.standpoints}

    assert set(by_user) == {"politiker", "politiker2", "ombud", "forening"}
    assert by_user["politiker"].approval is None
    assert by_user["politiker"].earlier.is_approved
    assert by_user["politiker2"].earlier.reason
    assert by_user["ombud"].approval.is_approved
    assert by_user["forening"].approval is None
    assert (state.voting, len(state.approving), state.lacking) == (4, 1, 2)
    assert state.has_resident
    assert not state.has_politician
    assert not state.is_met


def test_every_change_of_the_draft_has_a_reason_and_most_cite_a_comment(today):
    process = process_of(OSKARSTROM)
    changes = process.clause_changes.all()

    assert all(change.reason for change in changes)
    assert changes.filter(comments__isnull=False).distinct().count() >= 9
    assert process.draft_published_at
    assert process.statements.get().by_representative
    assert not Comment.objects.filter(process=process).needing_answer().exists()
    dropped = changes.get(clause=None)
    assert dropped.origin.slug == "prova-pa-dagar"
    assert process.draft.clauses.get(slug="belysning").parent.slug == "centrum-valkomnar"


# Vallås: finished, and in force


def test_finished_revision_has_passed_every_step_and_been_sent_back_once(today):
    process = process_of(VALLAS)
    log = process.log.all()

    passed = list(log.filter(kind=Kind.PASSED).values_list("step", flat=True))
    assert passed == [1, 2, 3, 4, 5, 6, 6, 7, 8]
    sent_back = log.get(kind=Kind.SENT_BACK)
    assert (sent_back.step, sent_back.to_step, bool(sent_back.reason)) == (7, 6, True)
    kinds = list(log.values_list("kind", flat=True))
    assert kinds[0] == Kind.STARTED
    assert kinds[-3:] == [Kind.DECIDED, Kind.ADOPTED, Kind.CLOSED]
    assert {Kind.ANCHORED, Kind.STATEMENT, Kind.CHANGE_ASKED, Kind.APPROVAL_MINUTED} <= set(kinds)
    assert Kind.INFORMED in kinds
    assert not process.records.filter(attempt=2, passed=None).exists()


def test_edition_2_is_in_force_by_decision(today):
    program = Program.objects.get(slug=VALLAS)
    edition = program.editions.get(number=2)

    assert edition.state == Edition.State.ADOPTED
    assert program.editions.get(number=1).state == Edition.State.SUPERSEDED
    decision = edition.decision
    assert (decision.body.abbreviation, decision.section, decision.outcome) == (
        "KS",
        "112",
        "adopted",
    )
    assert decision.case_number
    assert decision.decided.first == today - datetime.timedelta(days=90)


def test_open_actions_follow_the_text_and_closed_ones_stay(today):
    actions = Action.objects.filter(program__slug=VALLAS, clause__isnull=False)
    still_open = actions.open()

    assert still_open.exists()
    assert set(still_open.values_list("clause__edition__number", flat=True)) == {2}
    closed = actions.exclude(pk__in=still_open.values("pk"))
    assert set(closed.values_list("clause__edition__number", flat=True)) == {1}


# Fyllinge: a first program on its way


def test_creation_has_a_published_draft_and_nothing_adopted(today):
    program = Program.objects.get(slug=FYLLINGE)
    process = process_of(FYLLINGE)

    assert program.status == Program.Status.PREPARATION
    assert program.summary.startswith("Påhittat för demon")
    assert not program.editions.adopted().exists()
    assert process.draft_published_at
    levels = list(process.draft.clauses.values_list("level", flat=True))
    assert levels == [0, 0, 1, 2, 3, 3, 1, 2, 3, 1, 2, 3]
    assert process.comments.filter(clause__edition=process.draft).exists()
