"""A program on its way through the steps of a process."""

import datetime
from typing import Self

from django.db import models
from django.db.models import F, Prefetch, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from programs.fields import PartialDateField, ends_after_start
from programs.models import Channel, Decision, Edition
from programs.models.base import Timestamped
from revisions.steps import STEPS, Kind, Step


class ProcessQuerySet(models.QuerySet["Process"]):
    def open(self) -> Self:
        return self.filter(is_open=True)

    def with_records(self) -> Self:
        return self.prefetch_related(Prefetch("records", to_attr="all_records"))

    def with_text_to_comment_on(self) -> Self:
        """Under way, and with a text that comments can be about."""
        rows = self.open().filter(
            Q(base__isnull=False) | Q(draft__isnull=False, draft_published_at__isnull=False)
        )
        return rows.select_related("program__locality", "base", "draft")

    def taking_comments(self, today: datetime.date) -> Self:
        return self.open().filter(comments_open_on__lte=today, comments_close_on__gte=today)


class Process(Timestamped):
    """One creation, revision or round of local development of a program.

    `step` counts from 1 and is changed by `revisions.workflow` alone. `attempt` grows each time
    the process is sent back, and the steps from there on get new records: nothing recorded in an
    earlier attempt is lost.
    """

    class Outcome(models.TextChoices):
        ADOPTED = "adopted", _("adopted")
        EVALUATED = "evaluated", _("evaluated")
        REJECTED = "rejected", _("rejected")
        ABORTED = "aborted", _("aborted")

    program = models.ForeignKey("programs.Program", models.PROTECT, related_name="processes")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    step = models.PositiveSmallIntegerField(_("step"), default=1)
    attempt = models.PositiveSmallIntegerField(_("attempt"), default=1)
    started = PartialDateField(_("started"))
    ended = PartialDateField(_("ended"))
    is_open = models.BooleanField(_("under way"), default=True)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices, blank=True)
    note = models.TextField(_("note"), blank=True)
    base = models.ForeignKey(
        "programs.Edition",
        models.PROTECT,
        verbose_name=_("text it starts from"),
        related_name="+",
        null=True,
        blank=True,
    )
    draft = models.ForeignKey(
        "programs.Edition",
        models.PROTECT,
        verbose_name=_("draft"),
        related_name="processes",
        null=True,
        blank=True,
    )
    draft_published_at = models.DateTimeField(_("draft published"), null=True, blank=True)
    comments_open_on = models.DateField(_("comments from"), null=True, blank=True)
    comments_close_on = models.DateField(_("comments until"), null=True, blank=True)
    statement_due_on = models.DateField(_("association's statement by"), null=True, blank=True)

    objects = ProcessQuerySet.as_manager()

    class Meta:
        verbose_name = _("process")
        verbose_name_plural = _("processes")
        ordering = ["-is_open", F("started").desc(nulls_last=True), "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["program"],
                condition=Q(is_open=True),
                name="process_one_open_per_program",
                violation_error_message=_("The program already has a process under way."),
            ),
            models.CheckConstraint(
                name="process_ended_only_when_closed",
                condition=Q(ended__isnull=True) | Q(is_open=False),
                violation_error_message=_("Only a process that is closed has an end."),
            ),
            models.CheckConstraint(
                name="process_outcome_when_closed",
                condition=Q(is_open=True, outcome="") | (Q(is_open=False) & ~Q(outcome="")),
                violation_error_message=_("A closed process has an outcome."),
            ),
            models.CheckConstraint(
                name="process_step_1_to_9", condition=Q(step__gte=1, step__lte=9)
            ),
            models.CheckConstraint(
                name="process_comment_period_whole",
                condition=Q(comments_open_on__isnull=True, comments_close_on__isnull=True)
                | Q(comments_close_on__gte=F("comments_open_on")),
                violation_error_message=_("The comment period cannot end before it begins."),
            ),
            ends_after_start("process"),
        ]

    def __str__(self) -> str:
        return _("%(kind)s of %(program)s") % {
            "kind": self.get_kind_display(),
            "program": self.program,
        }

    def get_absolute_url(self) -> str:
        return reverse("revisions:process", args=[self.program.slug, self.pk])

    @property
    def steps(self) -> tuple[Step, ...]:
        return STEPS[self.kind]

    @property
    def current(self) -> Step | None:
        """The step under way; None when the process is closed."""
        return self.steps[self.step - 1] if self.is_open else None

    @property
    def current_number(self) -> int | None:
        return self.step if self.is_open else None

    @property
    def text_to_comment_on(self) -> Edition | None:
        """The text in force when it began; in a creation the draft, once it is published."""
        return self.base or (self.draft if self.draft_published_at else None)

    @property
    def is_at_last_step(self) -> bool:
        return self.step == len(self.steps)

    def takes_comments(self, today: datetime.date) -> bool:
        """True from the first to the last day of the comment period, both included."""
        return (
            self.is_open
            and self.comments_open_on is not None
            and self.comments_open_on <= today <= self.comments_close_on
            and self.current is not None
            and self.current.opens == "comments"
        )

    def decisions(self) -> list[Decision]:
        """What its log holds, in order; and the adoption of the text that came of it."""
        which = Q(pk__in=self.log.exclude(decision=None).values("decision"))
        if self.draft_id:
            which |= Q(editions=self.draft_id)
        rows = Decision.objects.filter(which, program=self.program_id)
        return list(rows.select_related("body").order_by("decided", "pk").distinct())

    def days_left(self, today: datetime.date) -> int:
        return (self.comments_close_on - today).days + 1 if self.comments_close_on else 0


class StepRecord(models.Model):
    """What is recorded about one step in one attempt: when it began and when it was passed."""

    process = models.ForeignKey(Process, models.PROTECT, related_name="records")
    number = models.PositiveSmallIntegerField(_("step"))
    attempt = models.PositiveSmallIntegerField(_("attempt"), default=1)
    started = PartialDateField(_("started"))
    passed = PartialDateField(_("passed"))
    note = models.TextField(_("what happened"), blank=True)

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ["process", "attempt", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["process", "number", "attempt"], name="step_record_once"
            ),
            models.CheckConstraint(
                name="step_record_number_1_to_9", condition=Q(number__gte=1, number__lte=9)
            ),
            ends_after_start("step_record", end="passed"),
        ]

    def __str__(self) -> str:
        return f"{self.process}, {self.number}"


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def standing(self) -> Self:
        """Not withdrawn."""
        return self.filter(withdrawn_at__isnull=True)

    def of_step_under_way(self, process: Process) -> Self:
        return self.standing().filter(process=process, number=process.step, attempt=process.attempt)


class Evidence(models.Model):
    """An event or a document that shows what a step came to.

    What was chosen by mistake is withdrawn, and kept: the log says why.
    """

    process = models.ForeignKey(Process, models.PROTECT, related_name="evidence")
    number = models.PositiveSmallIntegerField(_("step"))
    attempt = models.PositiveSmallIntegerField(_("attempt"), default=1)
    event = models.ForeignKey(
        "programs.Event", models.PROTECT, related_name="+", null=True, blank=True
    )
    document = models.ForeignKey(
        "programs.Document", models.PROTECT, related_name="+", null=True, blank=True
    )
    added_at = models.DateTimeField(_("added"), default=timezone.now)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ["number", "pk"]
        constraints = [
            models.CheckConstraint(
                name="evidence_of_one_thing",
                condition=Q(event__isnull=False, document__isnull=True)
                | Q(event__isnull=True, document__isnull=False),
                violation_error_message=_("Choose one event or one document."),
            ),
            models.UniqueConstraint(
                fields=["process", "number", "attempt", "event"],
                condition=Q(withdrawn_at__isnull=True),
                name="evidence_event_once",
            ),
            models.UniqueConstraint(
                fields=["process", "number", "attempt", "document"],
                condition=Q(withdrawn_at__isnull=True),
                name="evidence_document_once",
            ),
        ]

    def __str__(self) -> str:
        return str(self.event or self.document)

    @property
    def words(self) -> str:
        """The meeting or the document with its date, as the log keeps it."""
        title = (self.event or self.document).title
        date = self.event.date if self.event else self.document.dated
        return f"{title}, {date}" if date else title


class ChannelEntered(models.Model):
    """That everything which came in through a channel has been entered, in one attempt.

    Comments on the web enter themselves.
    """

    process = models.ForeignKey(Process, models.PROTECT, related_name="channels_entered")
    attempt = models.PositiveSmallIntegerField(_("attempt"), default=1)
    channel = models.CharField(_("channel"), max_length=12, choices=Channel.choices)
    entered_at = models.DateTimeField(_("entered"), default=timezone.now)

    class Meta:
        verbose_name = _("channel entered")
        verbose_name_plural = _("channels entered")
        constraints = [
            models.UniqueConstraint(
                fields=["process", "attempt", "channel"], name="channel_entered_once"
            )
        ]

    def __str__(self) -> str:
        return self.get_channel_display()
