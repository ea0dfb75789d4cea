"""What those involved put on record: anchoring, statements, approvals, the information item."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from revisions.models.processes import Process


class Record(models.Model):
    """Given and never changed: a mistake is corrected by a new row, and the latest one counts.

    A new attempt gets records of its own.
    """

    attempt = models.PositiveSmallIntegerField(_("attempt"), default=1)
    recorded_at = models.DateTimeField(_("recorded"), default=timezone.now)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("recorded by")
    )

    class Meta:
        abstract = True


class Anchoring(Record):
    """The association's board has anchored the result and informed its members."""

    process = models.ForeignKey(Process, models.PROTECT, related_name="anchorings")
    board_on = models.DateField(_("the board's decision"))
    members_informed_on = models.DateField(_("members informed"))
    by_representative = models.BooleanField(
        _("recorded by the association itself"),
        default=False,
        help_text=_("Otherwise by the project leader on its behalf."),
    )
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("anchoring")
        verbose_name_plural = _("anchorings")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return str(self.board_on)


class Statement(Record):
    """What a body says of the draft; `is_absent` notes that its deadline passed without one."""

    class Body(models.TextChoices):
        ASSOCIATION = "association", _("the community association")
        REFERENCE_GROUP = "reference_group", _("the reference group")

    process = models.ForeignKey(Process, models.PROTECT, related_name="statements")
    body = models.CharField(_("from"), max_length=16, choices=Body.choices)
    given_on = models.DateField(_("date"))
    text = models.TextField(_("statement"), blank=True)
    is_absent = models.BooleanField(_("the deadline passed without a statement"), default=False)
    by_representative = models.BooleanField(_("given by the body itself"), default=False)
    digest = models.CharField(_("text it concerns"), max_length=64, blank=True)

    class Meta:
        verbose_name = _("statement")
        verbose_name_plural = _("statements")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="statement_text_or_absent",
                condition=Q(is_absent=True, text="") | (Q(is_absent=False) & ~Q(text="")),
                violation_error_message=_("Write the statement, or note that none was given."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_body_display()}, {self.given_on}"


class Approval(Record):
    """One member's stand on exactly one text, or the group's stand as minuted (`event`).

    Whoever changes their mind takes another stand: the latest counts.
    """

    process = models.ForeignKey(Process, models.PROTECT, related_name="approvals")
    digest = models.CharField(_("text it concerns"), max_length=64)
    membership = models.ForeignKey(
        "programs.Membership",
        models.PROTECT,
        verbose_name=_("member"),
        related_name="+",
        null=True,
        blank=True,
    )
    event = models.ForeignKey(
        "programs.Event",
        models.PROTECT,
        verbose_name=_("steering group meeting"),
        related_name="+",
        null=True,
        blank=True,
    )
    is_approved = models.BooleanField(_("approves"), default=True)
    reason = models.TextField(_("what should change"), blank=True)

    class Meta:
        verbose_name = _("approval")
        verbose_name_plural = _("approvals")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="approval_by_member_or_minutes",
                condition=Q(membership__isnull=False, event__isnull=True)
                | Q(membership__isnull=True, event__isnull=False, is_approved=True),
            ),
            models.CheckConstraint(
                name="approval_asks_for_change_says_what",
                condition=Q(is_approved=True) | ~Q(reason=""),
                violation_error_message=_("Say what should change."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.process}, {self.digest[:8]}"


class InformationItem(Record):
    """The draft was presented to the municipality's planning organisation."""

    process = models.ForeignKey(Process, models.PROTECT, related_name="information_items")
    presented_on = models.DateField(_("presented"))
    body = models.CharField(_("to which body"), max_length=120)
    case_number = models.CharField(_("case number"), max_length=40)
    remarks = models.TextField(_("remarks"), blank=True)
    digest = models.CharField(_("text it concerns"), max_length=64, blank=True)

    class Meta:
        verbose_name = _("information item")
        verbose_name_plural = _("information items")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.body}, {self.presented_on}"
