"""The command that cron runs: every job has its turn, and a dry run keeps nothing."""

import datetime
from io import StringIO

import pytest
from django.core import mail as outbox
from django.core.management import CommandError, call_command
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from portal import daily
from programs.models import OutgoingMail, SendCount
from tests.factories import make_outgoing_mail
from tests.worker import run_worker

pytestmark = pytest.mark.django_db(transaction=True)
DAY = datetime.timedelta(days=1)


def said(*options: str, command: str = "daily") -> list[str]:
    out = StringIO()
    call_command(command, *options, stdout=out, stderr=out)
    return out.getvalue().splitlines()


@pytest.fixture
def _something_to_do(settings):
    now = timezone.now()
    make_outgoing_mail(send_after=now - DAY, forget_at=now + DAY)
    make_outgoing_mail(state="sent", sent_at=now, forget_at=now - DAY)
    for age in (1, 3):
        SendCount.objects.create(key="k", starts_at=now - age * DAY)


@pytest.mark.usefixtures("_something_to_do")
def test_daily_says_what_it_did_and_does_it_once():
    first, second = said(), said()

    assert "letters: 1 letters handed to the task queue" in first
    assert "addresses in letters: addresses taken out of 1 letters" in first
    assert "counts: 1 counts of sendings removed" in first
    assert [line.partition(": ")[0] for line in first] == [name for name, _job in daily.JOBS]
    assert "letters: 0 letters handed to the task queue" in second
    assert "counts: 0 counts of sendings removed" in second
    assert len(outbox.outbox) == 1


@pytest.mark.usefixtures("_something_to_do")
def test_daily_dry_run_says_the_same_and_keeps_nothing():
    dry = said("--dry-run")

    assert outbox.outbox == []
    assert SendCount.objects.count() == 2
    assert not OutgoingMail.objects.filter(to="").exists()
    assert dry == ["Dry run: nothing is kept, nothing is sent.", *said()]


@pytest.mark.usefixtures("_something_to_do")
def test_daily_goes_on_after_a_job_that_failed(monkeypatch):
    def broken(_now):
        make_outgoing_mail(key="half done")
        raise ValueError("no such thing")

    monkeypatch.setattr(daily, "JOBS", [("broken", broken), *daily.JOBS])
    out = StringIO()

    with pytest.raises(CommandError, match=f"1 of {len(daily.JOBS)} jobs failed"):
        call_command("daily", stdout=out, stderr=out)

    assert "broken: ValueError: no such thing" in out.getvalue()
    assert len(outbox.outbox) == 2


def test_daily_clears_the_task_queue(settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    make_outgoing_mail()
    assert said(command="send_mail") == ["1 letters handed to the task queue."]
    run_worker()
    assert len(outbox.outbox) == 1

    assert "tasks: 0 finished tasks removed" in said()
    DBTaskResult.objects.update(finished_at=timezone.now() - 8 * DAY)

    assert "tasks: 1 finished tasks removed" in said()
