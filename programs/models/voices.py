"""What residents say, through any channel: the base that ideas and comments share."""

import secrets
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
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


class Rule(models.TextChoices):
    """The rules of conduct, one of which is named when something is refused or hidden."""

    THREAT = "threat", _("threats or hatred")
    CRIME = "crime", _("obviously against the law")
    PRIVATE = "private", _("private details about someone")
    ADVERTISING = "advertising", _("advertising or spam")
    OFF_TOPIC = "off_topic", _("does not concern the place or the program")
    COPYRIGHT = "copyright", _("somebody else's text or picture")
    TEST = "test", _("a trial or empty of content")


class VoiceQuerySet(models.QuerySet["Voice"]):
    def public(self) -> Self:
        """What anyone may read. Held and refused voices are never among them."""
        return self.filter(state=VoiceState.PUBLISHED)

    def held(self) -> Self:
        return self.filter(state=VoiceState.HELD)

    def with_contact(self) -> Self:
        """Those whose author can still be reached or named."""
        return self.exclude(author_name="", author_email="")

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
    # Until the author has pressed the button behind the link, nothing but that link is mailed.
    email_confirmed_at = models.DateTimeField(_("e-mail confirmed"), null=True, blank=True)
    contact_erased_on = models.DateField(_("contact details erased"), null=True, blank=True)
    sent_from = models.CharField(
        _("sent from the page"), max_length=300, blank=True, editable=False
    )
    case_number = models.CharField(_("case number"), max_length=40, blank=True)
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
    state_rule = models.CharField(
        _("rule applied"), max_length=12, choices=Rule.choices, blank=True
    )
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    held_because = models.CharField(
        _("what the portal noticed"), max_length=200, blank=True, editable=False
    )
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name=_("assigned to"),
        related_name="+",
        null=True,
        blank=True,
    )
    split_from = models.ForeignKey(
        "self",
        models.PROTECT,
        verbose_name=_("split from"),
        related_name="parts",
        null=True,
        blank=True,
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
            models.CheckConstraint(
                name="%(class)s_confirmed_has_email_or_erased",
                condition=Q(email_confirmed_at__isnull=True)
                | ~Q(author_email="")
                | Q(contact_erased_on__isnull=False),
                violation_error_message=_("There is no e-mail address to confirm."),
            ),
            models.CheckConstraint(
                name="%(class)s_erased_contact_is_gone",
                condition=Q(contact_erased_on__isnull=True) | Q(author_email=""),
                violation_error_message=_("The contact details have been erased."),
            ),
        ]

    @property
    def public_name(self) -> str:
        """The author's name if it may be shown, otherwise empty."""
        return self.author_name if self.show_name else ""

    @property
    def is_reachable(self) -> bool:
        """True when the author may be mailed: with an address that they have confirmed."""
        return bool(self.author_email) and self.email_confirmed_at is not None

    def is_late(self, today: object) -> bool:
        """The same rule as `VoiceQuerySet.late`."""
        return (
            self.state == VoiceState.PUBLISHED
            and not self.outcome
            and self.promised_on is not None
            and self.promised_on < today
        )


class VoiceEntry(models.Model):
    """One line in a voice's history: what was done with it, when, by whom and why.

    Concrete for each kind of voice, with a `voice` key whose `related_name` is `history`. `by`
    is missing where the author, a passer-by or the portal itself did it. `text` is a reason, a
    private note, what a report says, or the wording before an edit: never shown in public.
    """

    class Kind(models.TextChoices):
        RECEIVED = "received", _("came in")
        CONFIRMED = "confirmed", _("e-mail confirmed")
        PUBLISHED = "published", _("published")
        REFUSED = "refused", _("refused")
        HIDDEN = "hidden", _("hidden")
        ANSWERED = "answered", _("answered")
        EDITED = "edited", _("edited")
        MERGED = "merged", _("merged into another")
        UNMERGED = "unmerged", _("separated again")
        SPLIT = "split", _("split")
        MOVED = "moved", _("moved to another place")
        ASSIGNED = "assigned", _("assigned")
        NOTE = "note", _("private note")
        REPORTED = "reported", _("reported by a reader")
        PROMOTED = "promoted", _("became an action")
        BRIEFED = "briefed", _("put into the planning brief")
        REVIEW_ASKED = "review_asked", _("the author asks for a new look")
        CONTACT_ERASED = "contact_erased", _("contact details erased")
        CORRECTED = "corrected", _("details corrected")

    at = models.DateTimeField(_("when"), default=timezone.now)
    kind = models.CharField(_("what"), max_length=16, choices=Kind.choices)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("by"),
        related_name="+",
        null=True,
        blank=True,
    )
    text = models.TextField(_("text"), blank=True)
    needs_attention = models.BooleanField(_("to be looked at"), default=False)

    class Meta:
        abstract = True
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.get_kind_display()}"


class ReplyTemplate(models.Model):
    """A beginning for an answer with one outcome; whoever answers writes the rest."""

    name = models.CharField(_("name"), max_length=80)
    outcome = models.CharField(_("outcome"), max_length=16, choices=Outcome.choices)
    text = models.TextField(_("text"))

    class Meta:
        verbose_name = _("beginning of an answer")
        verbose_name_plural = _("beginnings of answers")
        ordering = ["outcome", "name"]

    def __str__(self) -> str:
        return self.name
