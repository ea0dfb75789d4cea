"""Mail on its way out: written in the transaction that causes it, sent by a task after commit."""

import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class OutgoingMailQuerySet(models.QuerySet["OutgoingMail"]):
    def due(self, now: datetime.datetime) -> Self:
        return self.filter(state=OutgoingMail.State.QUEUED, send_after__lte=now)

    def in_trouble(self) -> Self:
        """What staff should look at: given up, or broken off in the middle of sending."""
        return self.filter(state__in=[OutgoingMail.State.FAILED, OutgoingMail.State.SENDING])


class OutgoingMail(models.Model):
    """One letter to one address.

    `key` says what it is about ("idea:K7QX2BD:answered"); a second letter with the same key is
    never made, so nothing is sent twice. A letter that was being sent when the worker died stays
    `sending` and is shown to staff: whether it left is not known, and it is not sent again unasked.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("waiting to be sent")
        SENDING = "sending", _("being sent")
        SENT = "sent", _("sent")
        FAILED = "failed", _("could not be sent")
        DROPPED = "dropped", _("not to be sent")

    key = models.CharField(_("concerns"), max_length=160, unique=True)
    to = models.EmailField(_("to"), blank=True)
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("text"))
    headers = models.JSONField(_("headers"), default=dict, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    created_at = models.DateTimeField(_("written"), auto_now_add=True)
    send_after = models.DateTimeField(_("not before"))
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    error = models.CharField(_("what went wrong"), max_length=300, blank=True)

    objects = OutgoingMailQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["state", "send_after"], name="mail_state_send_after")]
        constraints = [
            models.CheckConstraint(
                name="mail_sent_has_moment",
                condition=Q(state="sent", sent_at__isnull=False)
                | (~Q(state="sent") & Q(sent_at__isnull=True)),
            )
        ]

    def __str__(self) -> str:
        return self.subject
