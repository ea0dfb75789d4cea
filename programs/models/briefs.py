"""The planning briefs, which carry the best ideas into the budget."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from programs.fields import PartialDateField
from programs.models.base import Timestamped


class PlanningBrief(Timestamped):
    """The most important ideas of a program, handed over to the budget work of one year."""

    class State(models.TextChoices):
        OPEN = "open", _("being put together")
        FROZEN = "frozen", _("frozen")
        HANDED_OVER = "handed_over", _("handed over")

    program = models.ForeignKey("programs.Program", models.PROTECT, related_name="briefs")
    budget_year = models.PositiveSmallIntegerField(_("budget year"))
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.OPEN)
    frozen = PartialDateField(_("frozen"))
    handed_over = PartialDateField(_("handed over"))
    decision = models.ForeignKey(
        "programs.Decision",
        models.PROTECT,
        verbose_name=_("budget decision"),
        related_name="briefs",
        null=True,
        blank=True,
    )
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("planning brief")
        verbose_name_plural = _("planning briefs")
        ordering = ["program", "-budget_year"]
        constraints = [
            models.UniqueConstraint(
                fields=["program", "budget_year"], name="brief_once_per_program_and_year"
            ),
            models.CheckConstraint(
                name="brief_handed_over_date_needs_state",
                condition=Q(handed_over__isnull=True) | Q(state="handed_over"),
                violation_error_message=_("Only a brief that is handed over has that date."),
            ),
        ]

    @property
    def stamp(self) -> str:
        """Changes with everything that is done with the brief."""
        return f"{self.updated_at.timestamp():.6f}" if self.updated_at else ""

    def get_absolute_url(self) -> str:
        """Where anyone can read it, among the ideas of its program."""
        page = reverse("programs:program_ideas", args=[self.program.slug])
        return f"{page}#underlag-{self.budget_year}"

    def __str__(self) -> str:
        return _("%(program)s, budget year %(year)s") % {
            "program": self.program,
            "year": self.budget_year,
        }


class BriefItem(models.Model):
    """One idea in a brief, in order of priority, with what the budget answered."""

    class Outcome(models.TextChoices):
        PENDING = "pending", _("not answered yet")
        GRANTED = "granted", _("granted")
        PARTLY = "partly", _("partly granted")
        DECLINED = "declined", _("declined")

    brief = models.ForeignKey(PlanningBrief, models.CASCADE, related_name="items")
    idea = models.ForeignKey("programs.Idea", models.PROTECT, related_name="brief_items")
    rank = models.PositiveSmallIntegerField(_("priority"))
    outcome = models.CharField(
        _("budget's answer"), max_length=10, choices=Outcome.choices, default=Outcome.PENDING
    )
    answer = models.TextField(_("answer in words"), blank=True)

    class Meta:
        verbose_name = _("idea in the brief")
        verbose_name_plural = _("ideas in the brief")
        ordering = ["brief", "rank"]
        constraints = [
            models.UniqueConstraint(fields=["brief", "idea"], name="brief_item_idea_once")
        ]

    def __str__(self) -> str:
        return f"{self.rank}. {self.idea}"
