"""Mail on its way out: written in the transaction that causes it, sent by a task after commit."""

import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

# A mail server has answered long before this, or the worker has died.
BROKEN_OFF_AFTER = datetime.timedelta(minutes=10)
# A letter that has waited longer than this says that nothing sends letters.
LATE_AFTER = datetime.timedelta(minutes=30)
# Some time for staff to look at a letter that did not get away, before it is forgotten.
TROUBLE_KEPT = datetime.timedelta(days=14)


# What the first word of a key stands for.
CONCERNS = {
    "idea": _("idea"),
    "comment": _("comment"),
    "sign_up": _("sign-up"),
    "inquiry": _("message about a page"),
    "join": _("request to take part"),
    "support": _("support for an idea"),
    "follow": _("following"),
    "follower": _("idea that is followed"),
    "weekly": _("weekly letter"),
}
HAVE_REFERENCE = ("idea", "comment", "sign_up", "inquiry")


class OutgoingMailQuerySet(models.QuerySet["OutgoingMail"]):
    def due(self, now: datetime.datetime) -> Self:
        return self.filter(state=OutgoingMail.State.QUEUED, send_after__lte=now)

    def late(self, now: datetime.datetime) -> Self:
        return self.due(now - LATE_AFTER)

    def in_trouble(self, now: datetime.datetime) -> Self:
        """What staff should look at: given up, or broken off in the middle of sending."""
        return self.filter(
            Q(state=OutgoingMail.State.FAILED)
            | Q(state=OutgoingMail.State.SENDING, tried_at__lt=now - BROKEN_OFF_AFTER)
        )

    def to_forget(self, now: datetime.datetime) -> Self:
        """Those whose address has been kept for as long as it may be."""
        away = [OutgoingMail.State.SENT, OutgoingMail.State.DROPPED]
        return self.exclude(to="").filter(
            Q(state__in=away, forget_at__lte=now)
            | Q(pk__in=self.in_trouble(now), forget_at__lte=now - TROUBLE_KEPT)
        )

    def forget(self) -> int:
        """Take away the address and everything that leads to it; how many letters there were.

        What has not left yet will not leave.
        """
        gone = {"to": "", "body": "", "headers": {}}
        kept = self.filter(state=OutgoingMail.State.SENT).update(**gone)
        rest = self.exclude(to="").exclude(state=OutgoingMail.State.SENT)
        return kept + rest.update(state=OutgoingMail.State.DROPPED, **gone)


class OutgoingMail(models.Model):
    """One letter to one address.

    `key` says what it is about ("idea:K7QX2BD:answered"); a second letter with the same key is
    never made, so nothing is sent twice. A letter that was being sent when the worker died stays
    `sending` and is shown to staff: whether it left is not known, and it is not sent again unasked.
    After `forget_at` only the key, the subject and what became of it are kept.
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
    tried_at = models.DateTimeField(_("last tried"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    error = models.CharField(_("what went wrong"), max_length=300, blank=True)
    forget_at = models.DateTimeField(_("address kept until"))
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("decided by"),
        related_name="+",
        null=True,
        blank=True,
    )
    handled_because = models.CharField(_("reason"), max_length=200, blank=True)

    objects = OutgoingMailQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["state", "send_after"], name="mail_state_send_after"),
            models.Index(fields=["forget_at"], name="mail_forget_at", condition=~Q(to="")),
        ]
        constraints = [
            models.CheckConstraint(
                name="mail_sent_has_moment",
                condition=Q(state="sent", sent_at__isnull=False)
                | (~Q(state="sent") & Q(sent_at__isnull=True)),
            )
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def concerns(self) -> str:
        """What it is about in words, with its reference: "idea K7QX2BD"."""
        kind, _colon, rest = self.key.partition(":")
        about = rest.partition(":")[0]
        words = str(CONCERNS.get(kind, kind))
        return f"{words} {about}" if kind in HAVE_REFERENCE else words

    def needs_someone(self, now: datetime.datetime) -> bool:
        """The same rules as `OutgoingMailQuerySet.in_trouble` and `late`; nothing is sent twice."""
        is_late = self.state == self.State.QUEUED and self.send_after <= now - LATE_AFTER
        in_trouble = self.state == self.State.FAILED or self.is_broken_off(now) or is_late
        return bool(self.to) and in_trouble

    def is_broken_off(self, now: datetime.datetime) -> bool:
        """The same rule as in `OutgoingMailQuerySet.in_trouble`."""
        return (
            self.state == self.State.SENDING
            and self.tried_at is not None
            and self.tried_at < now - BROKEN_OFF_AFTER
        )
