"""The comment period, and the channels through which comments come in."""

import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext as _

from revisions.models import ChannelEntered, LogEntry, Process
from revisions.requirements import CHANNELS_TO_ENTER
from revisions.workflow.base import Seen, lock, moment, need, record
from revisions.workflow.errors import AlreadyDone, TransitionError


@transaction.atomic
def open_comments(
    process: Process,
    was: Seen,
    *,
    opens_on: datetime.date,
    closes_on: datetime.date,
    reason: str = "",
    by: AbstractBaseUser,
    role: str = "",
    today: datetime.date,
) -> Process:
    """Set the comment period, its last day included. A day that has passed cannot be its last.

    A period that was set before may be moved, shortened or extended, with a reason; once it has
    begun its first day stays.
    """
    process = lock(process, was)
    need(process, "comments", "public-meeting")
    if (opens_on, closes_on) == (process.comments_open_on, process.comments_close_on):
        raise AlreadyDone
    if closes_on < opens_on:
        raise TransitionError(_("The comment period cannot end before it begins."))
    if closes_on < today:
        raise TransitionError(_("The last day for comments has already passed."))
    begun = process.comments_open_on
    if begun and begun <= today and opens_on != begun:
        raise TransitionError(_("The period has begun: only its last day can be changed."))
    if begun and not reason.strip():
        raise TransitionError(_("Say why the period is changed."))
    process.comments_open_on, process.comments_close_on = opens_on, closes_on
    process.save(update_fields=["comments_open_on", "comments_close_on", "updated_at"])
    record(
        process,
        LogEntry.Kind.COMMENTS_OPENED,
        by=by,
        role=role,
        today=today,
        about=f"{opens_on.isoformat()}/{closes_on.isoformat()}",
        reason=reason,
    )
    return process


@transaction.atomic
def enter_channel(
    process: Process,
    was: Seen,
    channel: str,
    *,
    by: AbstractBaseUser,
    role: str = "",
    today: datetime.date,
) -> Process:
    """Say that everything which came in through the channel has been entered."""
    process = lock(process, was)
    need(process, "comments", "public-meeting")
    if channel not in CHANNELS_TO_ENTER:
        raise TransitionError(_("That channel enters itself."))
    if process.channels_entered.filter(attempt=process.attempt, channel=channel).exists():
        raise AlreadyDone
    ChannelEntered.objects.create(
        process=process, attempt=process.attempt, channel=channel, entered_at=moment(today)
    )
    record(process, LogEntry.Kind.CHANNEL_ENTERED, by=by, role=role, today=today, about=channel)
    return process


@transaction.atomic
def reopen_channel(
    process: Process,
    was: Seen,
    channel: str,
    *,
    reason: str,
    by: AbstractBaseUser,
    role: str = "",
    today: datetime.date,
) -> Process:
    """Say that there is more to enter after all. The log keeps that it was said to be all."""
    process = lock(process, was)
    need(process, "comments", "public-meeting")
    entered = process.channels_entered.filter(attempt=process.attempt, channel=channel)
    if not entered.exists():
        raise AlreadyDone
    if not reason.strip():
        raise TransitionError(_("Say why the channel is reopened."))
    entered.delete()
    record(
        process,
        LogEntry.Kind.CHANNEL_REOPENED,
        by=by,
        role=role,
        today=today,
        about=channel,
        reason=reason,
    )
    return process
