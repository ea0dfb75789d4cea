"""What the portal does once a day, in this order. `manage.py daily` runs it; cron runs that."""

import datetime
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django_tasks import task_backends
from django_tasks_db.backend import DatabaseBackend
from django_tasks_db.models import DBTaskResult

from programs import mail, public_forms
from programs.following import follow, weekly
from programs.following.news import program_news
from programs.inquiries.messages import erase_inquiries
from programs.joining.requests import erase_join_requests
from programs.models import Action, OutgoingMail
from programs.records.erasing import erase_due_contacts
from programs.saying import pictures
from programs.sign_ups.erasing import erase_sign_ups
from programs.sign_ups.seats import remind
from programs.voices import completions
from revisions.news import process_news

# A job takes the moment and says what it did. Done twice it does nothing more the second time;
# what it stores or sends goes through the database, so that a dry run can take it back.
Job = Callable[[datetime.datetime], str]
TASKS_KEPT = datetime.timedelta(days=7)
log = logging.getLogger(__name__)


def send_due(now: datetime.datetime) -> str:
    return f"{mail.hand_over_due(now)} letters handed to the task queue"


def notice_statuses(now: datetime.datetime) -> str:
    return f"{Action.objects.notice_statuses(now)} actions have a new status"


def tell_of_completed(now: datetime.datetime) -> str:
    return f"{completions.tell_of_completed(now)} voices led to what was completed this week"


def weekly_letters(now: datetime.datetime) -> str:
    written, addresses = weekly.send(now, NEWS)
    return f"{written} letters to {addresses} followers whose turn it was"


def purge_followers(now: datetime.datetime) -> str:
    return f"{follow.purge_unconfirmed(now)} that were never confirmed removed"


def forget_letters(now: datetime.datetime) -> str:
    return f"addresses taken out of {OutgoingMail.objects.to_forget(now).forget()} letters"


def clear_counts(now: datetime.datetime) -> str:
    return f"{public_forms.forget_counts(now)} counts of sendings removed"


def clear_tasks(now: datetime.datetime) -> str:
    if not isinstance(task_backends["default"], DatabaseBackend):
        return "no task queue to clear"
    done = DBTaskResult.objects.finished().filter(finished_at__lt=now - TASKS_KEPT)
    return f"{done.delete()[0]} finished tasks removed"


def remind_of_meetings(now: datetime.datetime) -> str:
    return f"{remind(timezone.localdate(now))} reminders of tomorrow's meetings written"


def erase_contacts(now: datetime.datetime) -> str:
    counts = erase_due_contacts(now)
    letters = counts.pop("letters", 0)
    return f"erased from {counts.total()} voices and {letters} letters"


def erase_from_join_requests(now: datetime.datetime) -> str:
    return f"erased from {erase_join_requests(timezone.localdate(now))} that are closed"


def erase_from_sign_ups(now: datetime.datetime) -> str:
    return f"erased from {erase_sign_ups(timezone.localdate(now))} that are no longer needed"


def erase_from_inquiries(now: datetime.datetime) -> str:
    return f"erased from {erase_inquiries(timezone.localdate(now))} that are answered"


def clear_drafts(now: datetime.datetime) -> str:
    return f"{pictures.forget_drafts(now)} pictures that were never sent removed"


# What followers are told of comes from several apps.
NEWS = (program_news, process_news)
# What `manage.py erase_contacts` runs on its own.
ERASING: list[tuple[str, Job]] = [
    ("contact details", erase_contacts),
    ("requests to take part", erase_from_join_requests),
    ("sign-ups", erase_from_sign_ups),
    ("messages about pages", erase_from_inquiries),
    ("addresses in letters", forget_letters),
]
JOBS: list[tuple[str, Job]] = [
    ("letters", send_due),
    ("statuses", notice_statuses),
    ("completed actions", tell_of_completed),
    ("reminders", remind_of_meetings),
    ("weekly letter", weekly_letters),
    ("followers", purge_followers),
    *ERASING,
    ("drafts of pictures", clear_drafts),
    ("counts", clear_counts),
    ("tasks", clear_tasks),
]


@dataclass(frozen=True, slots=True)
class Report:
    job: str
    said: str
    failed: bool = False


def run(
    now: datetime.datetime, *, dry_run: bool = False, jobs: list[tuple[str, Job]] | None = None
) -> Iterator[Report]:
    """Every job, also when one before it failed. A dry run does it all and takes it back."""
    for name, job in JOBS if jobs is None else jobs:
        try:
            said = rehearsed(job, now) if dry_run else job(now)
        except Exception as error:  # told, and the next job has its turn
            log.exception("The daily job %s failed", name)
            yield Report(name, f"{type(error).__name__}: {error}", failed=True)
        else:
            yield Report(name, said)


def rehearsed(job: Job, now: datetime.datetime) -> str:
    with transaction.atomic():
        said = job(now)
        transaction.set_rollback(True)
    return said
