"""A program on its way through the steps of a process."""

from typing import Self

from django.db import models
from django.db.models import Prefetch, Q
from django.utils.translation import gettext_lazy as _

from programs.fields import PartialDateField, ends_after_start
from programs.models.base import Timestamped
from revisions.steps import STEPS, Kind, Step


class ProcessQuerySet(models.QuerySet["Process"]):
    def open(self) -> Self:
        return self.filter(is_open=True)

    def with_records(self) -> Self:
        return self.prefetch_related(Prefetch("records", to_attr="all_records"))


class Process(Timestamped):
    """One creation, revision or round of local development of a program."""

    program = models.ForeignKey("programs.Program", models.PROTECT, related_name="processes")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    started = PartialDateField(_("started"))
    ended = PartialDateField(_("ended"))
    is_open = models.BooleanField(_("under way"), default=True)
    note = models.TextField(_("note"), blank=True)

    objects = ProcessQuerySet.as_manager()

    class Meta:
        verbose_name = _("process")
        verbose_name_plural = _("processes")
        ordering = ["-is_open", models.F("started").desc(nulls_last=True), "-pk"]
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
            ends_after_start("process"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.program}"

    @property
    def steps(self) -> tuple[Step, ...]:
        return STEPS[self.kind]

    @property
    def current_number(self) -> int | None:
        """The step under way, counted from 1; None when the process is closed.

        Costs no query after `with_records()`.
        """
        if not self.is_open:
            return None
        records = getattr(self, "all_records", None)
        if records is None:
            records = self.records.all()
        passed = [record.number for record in records if record.passed]
        return min(max(passed, default=0) + 1, len(self.steps))


class StepRecord(models.Model):
    """What is recorded about one step: when it began, when it was passed, and on what ground."""

    process = models.ForeignKey(Process, models.CASCADE, related_name="records")
    number = models.PositiveSmallIntegerField(_("step"))
    started = PartialDateField(_("started"))
    passed = PartialDateField(_("passed"))
    note = models.TextField(_("what happened"), blank=True)

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ["process", "number"]
        constraints = [
            models.UniqueConstraint(fields=["process", "number"], name="step_record_once"),
            models.CheckConstraint(
                name="step_record_number_1_to_9", condition=Q(number__gte=1, number__lte=9)
            ),
            ends_after_start("step_record", end="passed"),
        ]

    def __str__(self) -> str:
        return f"{self.process}, {self.number}"
