"""What happened in a process, in the order it happened. Nothing here is changed or removed."""

import datetime
from typing import Any, NoReturn

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from programs.dates import day
from programs.models import Channel
from revisions.models.records import Statement


class LogIsAppendOnly(ValidationError):
    def __init__(self) -> None:
        super().__init__(_("The log is only added to."), code="append_only")


class LogQuerySet(models.QuerySet["LogEntry"]):
    def update(self, **kwargs: Any) -> NoReturn:
        raise LogIsAppendOnly

    def delete(self) -> NoReturn:
        raise LogIsAppendOnly


class LogEntry(models.Model):
    """One transition or record. `step` and `to_step` are numbers in the process's own steps.

    `by` is who pressed the button, `role` as what. `about` is what it concerned: a meeting in
    words, or a channel, a body or days as data that `subject` puts into words. Together the
    entries replay to the process's present state: see `revisions.replay.replay`.
    """

    class Kind(models.TextChoices):
        STARTED = "started", _("started")
        PASSED = "passed", _("step passed")
        SENT_BACK = "sent_back", _("sent back")
        EVIDENCE_ADDED = "evidence_added", _("evidence added")
        EVIDENCE_WITHDRAWN = "evidence_withdrawn", _("evidence withdrawn")
        COMMENTS_OPENED = "comments_opened", _("comment period set")
        CHANNEL_ENTERED = "channel_entered", _("channel entered in full")
        CHANNEL_REOPENED = "channel_reopened", _("channel reopened")
        ANCHORED = "anchored", _("anchored")
        STATEMENT_DUE = "statement_due", _("last day for the statement set")
        STATEMENT = "statement", _("statement given")
        STATEMENT_ABSENT = "statement_absent", _("no statement in time")
        DRAFT_MADE = "draft_made", _("draft begun")
        DRAFT_PUBLISHED = "draft_published", _("draft published")
        TEXT_CHANGED = "text_changed", _("text of the draft changed")
        APPROVED = "approved", _("approved")
        CHANGE_ASKED = "change_asked", _("change asked for")
        APPROVAL_MINUTED = "approval_minuted", _("approval recorded from minutes")
        INFORMED = "informed", _("presented as an information item")
        CORRECTED = "corrected", _("record corrected")
        DECIDED = "decided", _("decided")
        ADOPTED = "adopted", _("adopted")
        CLOSED = "closed", _("closed")
        ABORTED = "aborted", _("aborted")

    process = models.ForeignKey("revisions.Process", models.PROTECT, related_name="log")
    at = models.DateTimeField(_("when"), default=timezone.now)
    kind = models.CharField(_("what"), max_length=20, choices=Kind.choices)
    step = models.PositiveSmallIntegerField(_("step"))
    to_step = models.PositiveSmallIntegerField(_("to step"), null=True, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("by"),
        related_name="+",
        null=True,
        blank=True,
    )
    role = models.CharField(_("as"), max_length=80, blank=True)
    about = models.CharField(_("what it concerns"), max_length=300, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    digest = models.CharField(_("text it concerns"), max_length=64, blank=True)
    decision = models.ForeignKey(
        "programs.Decision",
        models.PROTECT,
        verbose_name=_("decision"),
        related_name="+",
        null=True,
        blank=True,
    )

    objects = LogQuerySet.as_manager()

    class Meta:
        verbose_name = _("log entry")
        verbose_name_plural = _("log entries")
        ordering = ["process", "pk"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.get_kind_display()}"

    @property
    def subject(self) -> str:
        """What it concerned, in the reader's language as far as it was not a name."""
        kinds = self.Kind
        if not self.about:
            return ""
        if self.kind in {kinds.CHANNEL_ENTERED, kinds.CHANNEL_REOPENED}:
            return str(Channel(self.about).label)
        if self.kind in {kinds.STATEMENT, kinds.STATEMENT_ABSENT}:
            return str(Statement.Body(self.about).label)
        if self.kind in {kinds.COMMENTS_OPENED, kinds.STATEMENT_DUE}:
            days = map(datetime.date.fromisoformat, self.about.split("/"))
            return " – ".join(str(day(each)) for each in days)
        return self.about

    def save(self, **kwargs: Any) -> None:
        if self.pk:
            raise LogIsAppendOnly
        super().save(**kwargs)

    def delete(self, **kwargs: Any) -> NoReturn:
        raise LogIsAppendOnly
