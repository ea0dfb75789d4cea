"""What people write that is no voice on a program: what is missing, barriers, wanting to join."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from programs.models.base import Timestamped
from programs.models.voices import new_reference


class InquiryQuerySet(models.QuerySet["Inquiry"]):
    def open(self) -> Self:
        return self.filter(answered_at__isnull=True)

    def late(self, today: object) -> Self:
        return self.open().filter(promised_on__lt=today)


class Inquiry(Timestamped):
    """A message to whoever is responsible for a page. A public record, never shown in public."""

    class Kind(models.TextChoices):
        MISSING = "missing", _("something is missing or wrong")
        BARRIER = "barrier", _("an accessibility barrier")
        FORMAT = "format", _("asks for content in another form")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    page = models.CharField(_("page"), max_length=300, blank=True)
    program = models.ForeignKey(
        "programs.Program",
        models.PROTECT,
        verbose_name=_("program"),
        related_name="inquiries",
        null=True,
        blank=True,
    )
    text = models.TextField(_("text"))
    email = models.EmailField(_("e-mail"), blank=True)
    reference = models.CharField(
        _("reference"), max_length=7, unique=True, default=new_reference, editable=False
    )
    case_number = models.CharField(_("case number"), max_length=40, blank=True)
    promised_on = models.DateField(_("answer promised by"))
    answer = models.TextField(_("answer"), blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("answered by"),
        related_name="+",
        null=True,
        blank=True,
    )
    contact_erased_on = models.DateField(_("contact details erased"), null=True, blank=True)

    objects = InquiryQuerySet.as_manager()

    class Meta:
        verbose_name = _("message about a page")
        verbose_name_plural = _("messages about pages")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="inquiry_answered_has_words",
                condition=Q(answered_at__isnull=True) | ~Q(answer=""),
                violation_error_message=_("Write what was done."),
            )
        ]

    def __str__(self) -> str:
        return self.text[:80]


class JoinRequestQuerySet(models.QuerySet["JoinRequest"]):
    def open(self) -> Self:
        return self.exclude(state=JoinRequest.State.CLOSED)


class JoinRequest(Timestamped):
    """Someone wants to take part in their own place ("tell us where you live").

    Goes to the coordinator of a group, who takes contact; `programs.joining` alone changes the
    state. Consent is given for exactly this, and the details are erased when it is closed.
    """

    class State(models.TextChoices):
        NEW = "new", _("new")
        HANDED_OVER = "handed_over", _("handed over to a group")
        JOINED = "joined", _("in contact")
        CLOSED = "closed", _("closed")

    locality = models.ForeignKey(
        "programs.Locality",
        models.PROTECT,
        verbose_name=_("place"),
        related_name="join_requests",
    )
    group = models.ForeignKey(
        "programs.Group",
        models.PROTECT,
        verbose_name=_("group"),
        related_name="join_requests",
        null=True,
        blank=True,
    )
    name = models.CharField(_("name"), max_length=80, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    text = models.TextField(_("what you would like to do"), blank=True)
    consented_at = models.DateTimeField(_("consent given"))
    reference = models.CharField(
        _("reference"), max_length=7, unique=True, default=new_reference, editable=False
    )
    case_number = models.CharField(_("case number"), max_length=40, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.NEW)
    state_note = models.CharField(_("note"), max_length=300, blank=True)
    handed_over_at = models.DateTimeField(_("handed over"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    contact_erased_on = models.DateField(_("contact details erased"), null=True, blank=True)

    objects = JoinRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request to take part")
        verbose_name_plural = _("requests to take part")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="join_request_handed_over_to_a_group",
                condition=~Q(state="handed_over") | Q(group__isnull=False),
                violation_error_message=_("Choose the group that it is handed over to."),
            ),
            models.CheckConstraint(
                name="join_request_can_be_reached_or_is_erased",
                condition=~Q(email="") | ~Q(phone="") | Q(contact_erased_on__isnull=False),
                violation_error_message=_("Give an e-mail address or a telephone number."),
            ),
            models.CheckConstraint(
                name="join_request_closed_with_moment_and_reason",
                condition=Q(state="closed", closed_at__isnull=False) & ~Q(state_note="")
                | (~Q(state="closed") & Q(closed_at__isnull=True)),
                violation_error_message=_("Say how it ended."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} – {self.locality}"
