"""What residents say, through any channel: the base that ideas and comments share."""

import secrets
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from programs.fields import PartialDateField
from programs.models.base import Timestamped

# No vowels and no look-alikes, so that a reference can be read out and spells nothing.
REFERENCE_ALPHABET = "23456789BCDFGHJKMNPQRSTVWXZ"


def new_reference() -> str:
    """Seven characters, which a person can read out over the telephone."""
    return "".join(secrets.choice(REFERENCE_ALPHABET) for _position in range(7))


class Channel(models.TextChoices):
    WEB = "web", _("on the web")
    PAPER = "paper", _("on paper")
    PHONE = "phone", _("by telephone")
    MEETING = "meeting", _("at a meeting")
    ASSOCIATION = "association", _("through the association")
    SURVEY = "survey", _("in a survey")
    EMAIL = "email", _("by e-mail")


class VoiceState(models.TextChoices):
    HELD = "held", _("waiting for review")
    PUBLISHED = "published", _("published")
    REFUSED = "refused", _("refused")
    HIDDEN = "hidden", _("hidden")


class Outcome(models.TextChoices):
    BECAME_ACTION = "became_action", _("became an action")
    IN_ACTION = "in_action", _("is part of an action")
    IN_BRIEF = "in_brief", _("is in the planning brief")
    CHANGED_TEXT = "changed_text", _("changed the text")
    PARTLY = "partly", _("partly")
    NO = "no", _("no")
    OTHER_AUTHORITY = "other_authority", _("is for another authority")
    MERGED = "merged", _("merged with another")


class VoiceQuerySet(models.QuerySet["Voice"]):
    def public(self) -> Self:
        """What anyone may read. Held and refused voices are never among them."""
        return self.filter(state=VoiceState.PUBLISHED)

    def unanswered(self) -> Self:
        return self.public().filter(outcome="")

    def answered(self) -> Self:
        return self.public().exclude(outcome="")

    def late(self, today: object) -> Self:
        """Promised an answer by a day before `today`, and without one."""
        return self.unanswered().filter(promised_on__lt=today)


class Voice(Timestamped):
    """A text that has come in. It is a public record: hidden when it must be, never deleted.

    Nothing is public before `state` is published, and nothing is closed without an `outcome`
    and a `reply`. The name is shown only when its owner has asked for that.
    """

    reference = models.CharField(
        _("reference"), max_length=7, unique=True, default=new_reference, editable=False
    )
    text = models.TextField(_("text"))
    original_text = models.TextField(_("text as it came in"), blank=True, editable=False)
    author_name = models.CharField(_("name"), max_length=80, blank=True)
    show_name = models.BooleanField(_("show the name in public"), default=False)
    author_email = models.EmailField(_("e-mail"), blank=True)
    channel = models.CharField(
        _("came in through"), max_length=12, choices=Channel.choices, default=Channel.WEB
    )
    received = PartialDateField(_("came in"))

    state = models.CharField(
        _("review"), max_length=10, choices=VoiceState.choices, default=VoiceState.HELD
    )
    state_reason = models.TextField(
        _("reason"), blank=True, help_text=_("Needed to refuse or hide; the author is told.")
    )
    promised_on = models.DateField(_("answer promised by"), null=True, blank=True)
    reply = models.TextField(_("answer"), blank=True)
    replied = PartialDateField(_("answered"))
    replied_by = models.CharField(_("answered by (function)"), max_length=120, blank=True)
    outcome = models.CharField(_("outcome"), max_length=16, choices=Outcome.choices, blank=True)
    outcome_note = models.TextField(_("note on the outcome"), blank=True)
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        verbose_name=_("merged into"),
        related_name="merged",
        null=True,
        blank=True,
    )

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(class)s_refusal_has_reason",
                condition=~Q(state__in=["refused", "hidden"]) | ~Q(state_reason=""),
                violation_error_message=_("Say why it is refused or hidden."),
            ),
            models.CheckConstraint(
                name="%(class)s_outcome_has_reply",
                condition=Q(outcome="") | ~Q(reply=""),
                violation_error_message=_("An outcome needs an answer in words."),
            ),
            models.CheckConstraint(
                name="%(class)s_merged_names_the_other",
                condition=Q(outcome="merged", merged_into__isnull=False)
                | (~Q(outcome="merged") & Q(merged_into__isnull=True)),
                violation_error_message=_("Choose what it was merged into."),
            ),
            models.CheckConstraint(
                name="%(class)s_not_merged_into_itself",
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=models.F("pk")),
                violation_error_message=_("It cannot be merged into itself."),
            ),
        ]

    @property
    def public_name(self) -> str:
        """The author's name if it may be shown, otherwise empty."""
        return self.author_name if self.show_name else ""

    def is_late(self, today: object) -> bool:
        """The same rule as `VoiceQuerySet.late`."""
        return (
            self.state == VoiceState.PUBLISHED
            and not self.outcome
            and self.promised_on is not None
            and self.promised_on < today
        )
