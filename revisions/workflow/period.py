"""The comment period, and the channels through which comments come in."""

import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext as _

from revisions.models import ChannelEntered, LogEntry, Process
from revisions.requirements import CHANNELS_TO_ENTER
from revisions.workflow.base import Seen, lock, need, record
from revisions.workflow.errors import StaleStep, TransitionError


@transaction.atomic
def open_comments(
    process: Process,
    was: Seen,
    *,
    opens_on: datetime.date,
    closes_on: datetime.date,
    by: AbstractBaseUser,
    role: str = "",
    today: datetime.date,
) -> Process:
    """Set the comment period, its last day included. A day that has passed cannot be its last."""
    process = lock(process, was)
    need(process, "comments", "public-meeting")
    if closes_on < opens_on:
        raise TransitionError(_("The comment period cannot end before it begins."))
    if closes_on < today:
        raise TransitionError(_("The last day for comments has already passed."))
    if (opens_on, closes_on) == (process.comments_open_on, process.comments_close_on):
        raise StaleStep
    process.comments_open_on, process.comments_close_on = opens_on, closes_on
    process.save(update_fields=["comments_open_on", "comments_close_on", "updated_at"])
    record(
        process,
        LogEntry.Kind.COMMENTS_OPENED,
        by=by,
        role=role,
        today=today,
        reason=f"{opens_on.isoformat()}–{closes_on.isoformat()}",
    )
    return process


@transaction.atomic
def enter_channel(process: Process, was: Seen, channel: str) -> Process:
    """Say that everything which came in through the channel has been entered."""
    process = lock(process, was)
    need(process, "comments", "public-meeting")
    if channel not in CHANNELS_TO_ENTER:
        raise TransitionError(_("That channel enters itself."))
    ChannelEntered.objects.get_or_create(process=process, attempt=process.attempt, channel=channel)
    return process
