"""The action list: decided measures, who carries them out, and what came of them."""

import datetime
from typing import Self

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from modelsearch import index
from modelsearch.queryset import SearchableQuerySetMixin

from programs.fields import PartialDateField, ends_after_start
from programs.models.base import Timestamped
from programs.models.places import Organisation


class ActionQuerySet(SearchableQuerySetMixin, models.QuerySet["Action"]):
    def completed(self) -> Self:
        """The completed list, latest first; actions whose date is unknown come last."""
        return self.filter(status=Action.Status.COMPLETED).order_by(
            F("completed").desc(nulls_last=True), "-pk"
        )

    def open(self) -> Self:
        """Decided and not known to be finished."""
        return self.filter(status__in=Action.OPEN)

    def notice_statuses(self, now: datetime.datetime) -> int:
        """Note when a status is another than the last time one looked; how many were.

        An action that is seen for the first time is new, and has not changed.
        """
        self.filter(status_seen="").update(status_seen=F("status"))
        changed = self.exclude(status_seen=F("status"))
        return changed.update(status_seen=F("status"), status_changed_at=now)

    def for_list(self) -> Self:
        """With all that a row of a list shows, in a fixed number of queries."""
        return self.select_related("program", "locality", "clause__parent").prefetch_related(
            "responsible"
        )


class Action(index.Indexed, Timestamped):
    """A measure on a program's action list, or on a place's own list where it has no program.

    Anyone may carry it out, and work that associations do without a municipal decision
    belongs here too: `decision` may be missing, and no responsible organisation means unknown.
    """

    class Status(models.TextChoices):
        PLANNED = "planned", _("planned")
        ONGOING = "ongoing", _("ongoing")
        COMPLETED = "completed", _("completed")
        PAUSED = "paused", _("paused")
        NOT_POSSIBLE = "not_possible", _("not possible")
        UNKNOWN = "unknown", _("status unknown")

    OPEN = (Status.PLANNED, Status.ONGOING, Status.PAUSED, Status.UNKNOWN)
    NEEDS_REASON = (Status.PAUSED, Status.NOT_POSSIBLE)

    program = models.ForeignKey(
        "programs.Program",
        models.PROTECT,
        verbose_name=_("program"),
        related_name="actions",
        null=True,
        blank=True,
    )
    locality = models.ForeignKey(
        "programs.Locality", models.PROTECT, verbose_name=_("place"), related_name="actions"
    )
    clause = models.ForeignKey(
        "programs.Clause",
        models.PROTECT,
        verbose_name=_("serves"),
        related_name="actions",
        null=True,
        blank=True,
    )
    title = models.CharField(_("title"), max_length=160)
    description = models.TextField(_("description"), blank=True)
    status = models.CharField(
        _("status"), max_length=12, choices=Status.choices, default=Status.PLANNED
    )
    reason = models.TextField(
        _("reason"), blank=True, help_text=_("Needed when paused or not possible.")
    )
    responsible = models.ManyToManyField(
        Organisation, verbose_name=_("responsible"), related_name="actions", blank=True
    )
    partners = models.ManyToManyField(
        Organisation, verbose_name=_("works together with"), related_name="+", blank=True
    )
    started = PartialDateField(_("start"))
    due = PartialDateField(_("planned finish"))
    continuous = models.BooleanField(_("runs continuously"), default=False)
    completed = PartialDateField(_("completed"))
    result = models.TextField(_("what came of it"), blank=True)
    # Every change of status is noticed once a day, whatever way it came about.
    status_seen = models.CharField(max_length=12, blank=True, editable=False)
    status_changed_at = models.DateTimeField(null=True, blank=True, editable=False)
    budget = models.PositiveIntegerField(
        _("budget in kronor"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    budget_note = models.CharField(_("note on budget"), max_length=200, blank=True)
    is_quick_fix = models.BooleanField(_("quick fix"), default=False)
    applicant = models.ForeignKey(
        Organisation,
        models.PROTECT,
        verbose_name=_("applied for by an organisation"),
        related_name="+",
        null=True,
        blank=True,
    )
    applicant_group = models.ForeignKey(
        "programs.Group",
        models.PROTECT,
        verbose_name=_("applied for by a group"),
        related_name="+",
        null=True,
        blank=True,
    )
    from_event = models.ForeignKey(
        "programs.Event",
        models.PROTECT,
        verbose_name=_("came up at"),
        related_name="actions",
        null=True,
        blank=True,
    )
    decision = models.ForeignKey(
        "programs.Decision",
        models.PROTECT,
        verbose_name=_("decision"),
        related_name="actions",
        null=True,
        blank=True,
    )

    objects = ActionQuerySet.as_manager()
    search_fields = [
        index.SearchField("title", boost=3),
        index.SearchField("description"),
        index.SearchField("result"),
        index.AutocompleteField("title"),
        index.AutocompleteField("description"),
        index.AutocompleteField("result"),
        index.FilterField("id"),
    ]

    class Meta:
        verbose_name = _("action")
        verbose_name_plural = _("actions")
        ordering = ["title", "pk"]
        constraints = [
            models.CheckConstraint(
                name="action_completed_date_needs_status",
                condition=Q(completed__isnull=True) | Q(status="completed"),
                violation_error_message=_("Only a completed action has a completion date."),
            ),
            models.CheckConstraint(
                name="action_stopped_needs_reason",
                condition=~Q(status__in=["paused", "not_possible"]) | ~Q(reason=""),
                violation_error_message=_("Say why the action is paused or not possible."),
            ),
            models.CheckConstraint(
                name="action_applicant_only_for_quick_fix",
                condition=Q(is_quick_fix=True)
                | Q(applicant__isnull=True, applicant_group__isnull=True),
                violation_error_message=_("Only a quick fix has an applicant."),
            ),
            ends_after_start("action", end="due"),
            ends_after_start("action", end="completed"),
        ]
        indexes = [models.Index(fields=["program", "status"], name="action_program_status")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        if self.program_id:
            return reverse("programs:action", args=[self.program.slug, self.pk])
        return reverse("programs:place_action", args=[self.pk])

    def is_overdue(self, today: datetime.date) -> bool:
        """True from the day after `due` has wholly passed; without a date never."""
        return self.status in self.OPEN and self.due is not None and self.due.last < today


class ActionUpdate(models.Model):
    """One entry in an action's log: progress, or what someone answered when asked.

    A "no" may be followed by another attempt, so every answer is a row of its own.
    """

    class Answer(models.TextChoices):
        PROGRESS = "progress", _("progress")
        YES = "yes", _("said yes")
        NO = "no", _("said no")
        CHANGED_DATE = "changed_date", _("new date")
        DONE = "done", _("done")

    action = models.ForeignKey(Action, models.CASCADE, related_name="updates")
    dated = PartialDateField(_("date"))
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        verbose_name=_("who answered"),
        related_name="+",
        null=True,
        blank=True,
    )
    answer = models.CharField(
        _("kind"), max_length=12, choices=Answer.choices, default=Answer.PROGRESS
    )
    text = models.TextField(_("text"))
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("update")
        verbose_name_plural = _("updates")
        ordering = [F("dated").desc(nulls_last=True), "-pk"]

    def __str__(self) -> str:
        return self.text[:80]
