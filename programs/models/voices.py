"""What residents say, through any channel: the base that ideas and comments share."""

import datetime
import hashlib
import secrets
from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.text import Truncator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from programs.fields import PartialDateField
from programs.models.base import Timestamped

if TYPE_CHECKING:
    from programs.models.briefs import PlanningBrief
    from programs.models.editions import Edition
    from programs.models.places import Locality
    from programs.models.programs import Program

# Groups of places to choose from: the group's name, and (key, words) of each place.
Destinations = list[tuple[str, list[tuple[str, str]]]]

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

    def leaving_a_mark(self) -> Self:
        """The public ones, and those whose place is marked though their words are hidden."""
        return self.filter(state__in=[VoiceState.PUBLISHED, VoiceState.HIDDEN])

    def held(self) -> Self:
        return self.filter(state=VoiceState.HELD)

    def with_contact(self) -> Self:
        """Those whose author can still be reached or named."""
        return self.exclude(author_name="", author_email="")

    def unanswered(self) -> Self:
        return self.public().filter(outcome="")

    def answered(self) -> Self:
        return self.public().exclude(outcome="")

    def late(self, today: datetime.date) -> Self:
        """Promised an answer by a day before `today`, and without one."""
        return self.unanswered().filter(promised_on__lt=today)

    def flagged(self) -> Self:
        """With something in the history that a person should look at."""
        return self.filter(self.is_flagged)

    @property
    def is_flagged(self) -> Exists:
        entries = self.model._meta.get_field("history").related_model
        return Exists(entries.objects.filter(voice=OuterRef("pk"), needs_attention=True))

    def of_program(self, program: "Program") -> Self:
        return self.filter(program=program)

    def in_round(self, _key: int) -> Self:
        """Those that belong to one round of comments; most kinds belong to none."""
        return self.none()

    def for_queue(self) -> Self:
        """With all that the staff's list shows of each."""
        return self.select_related("assigned_to", "merged_into")


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
    action = models.ForeignKey(
        "programs.Action",
        models.PROTECT,
        verbose_name=_("action"),
        related_name="%(class)ss",
        null=True,
        blank=True,
    )
    changed_clause = models.ForeignKey(
        "programs.Clause",
        models.SET_NULL,
        verbose_name=_("changed this clause"),
        related_name="+",
        null=True,
        blank=True,
    )
    authority = models.CharField(_("which authority"), max_length=120, blank=True)
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
                name="%(class)s_outcome_names_the_action",
                condition=~Q(outcome__in=["became_action", "in_action"]) | Q(action__isnull=False),
                violation_error_message=_("Choose the action that it became part of."),
            ),
            models.CheckConstraint(
                name="%(class)s_outcome_names_the_authority",
                condition=~Q(outcome="other_authority") | ~Q(authority=""),
                violation_error_message=_("Say which authority it is for."),
            ),
            models.CheckConstraint(
                name="%(class)s_not_split_from_itself",
                condition=Q(split_from__isnull=True) | ~Q(split_from=models.F("pk")),
            ),
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

    # What the staff's search looks in, what staff may reword, and what must be as it was when
    # someone acts on it.
    WORDS_IN: ClassVar[tuple[str, ...]] = ("reference", "text")
    EDITABLE: ClassVar[tuple[str, ...]] = ("text",)
    STAMPED: ClassVar[tuple[str, ...]] = (
        "text",
        "state",
        "state_rule",
        "state_reason",
        "assigned_to_id",
        "reply",
        "outcome",
        "outcome_note",
        "action_id",
        "changed_clause_id",
        "authority",
        "merged_into_id",
    )

    @classmethod
    def round_name(cls, _key: int) -> str:
        """What the round of comments with that key is called; empty when there is none."""
        return ""

    @property
    def stamp(self) -> str:
        """Changes with all that a colleague may have done since the page was shown."""
        whole = "\x1f".join(str(getattr(self, name)) for name in self.STAMPED)
        return hashlib.sha256(whole.encode()).hexdigest()[:16]

    @property
    def of_program(self) -> "Program | None":
        """The program that it concerns; None for what is a place's or the municipality's own."""
        raise NotImplementedError

    @property
    def of_place(self) -> "Locality | None":
        raise NotImplementedError

    def editions_it_may_change(self) -> "models.QuerySet[Edition]":
        """The texts whose clauses an answer may point out as changed."""
        raise NotImplementedError

    def destinations(self) -> Destinations:
        """Where it can be moved, in groups of (key, words)."""
        raise NotImplementedError

    def put_at(self, key: str) -> list[str]:
        """Move it, unsaved; the names of the fields. Raises LookupError where nothing is."""
        raise NotImplementedError

    def neighbours(self, rows: "VoiceQuerySet") -> "VoiceQuerySet":
        """Those of `rows` among which one that says the same is looked for."""
        raise NotImplementedError

    @property
    def why_it_stays(self) -> str:
        """Why it cannot be moved; empty when it can."""
        if self.outcome:
            return gettext("It has its answer. What is answered stays where it is.")
        return ""

    def put_in_brief(self, brief: "PlanningBrief | None") -> list[str]:
        """Record that the brief has it; the names of the voice's own fields that changed."""
        raise NotImplementedError

    def is_in_brief(self, brief: "PlanningBrief") -> bool:
        raise NotImplementedError

    @property
    def budget_said(self) -> str:
        """What the budget came to, when the answer is the budget's; most kinds never ask it."""
        return ""

    def show_pictures(self) -> None:
        """Make the pictures that came with it public; most kinds have none."""

    def hold_pictures(self) -> None:
        """Take them back among the held files."""

    def may_be_merged_with(self, other: Self) -> bool:
        """Whether one answer can do for both."""
        return True

    @property
    def heading(self) -> str:
        """A few words to know it by in a list."""
        return Truncator(" ".join(self.text.split())).chars(80)

    @property
    def subject(self) -> str:
        """What it is about, as a heading above its own words."""
        return self.heading

    @property
    def is_edited(self) -> bool:
        """Whether the municipality has changed the words; `original_text` has what came in."""
        return self.original_text not in ("", self.text)

    @property
    def is_merged(self) -> bool:
        return self.merged_into_id is not None

    @property
    def public_name(self) -> str:
        """The author's name if it may be shown, otherwise empty."""
        return self.author_name if self.show_name else ""

    @property
    def is_reachable(self) -> bool:
        """True when the author may be mailed: with an address that they have confirmed."""
        return bool(self.author_email) and self.email_confirmed_at is not None

    def is_late(self, today: datetime.date) -> bool:
        """The same rule as `VoiceQuerySet.late`."""
        return (
            self.state == VoiceState.PUBLISHED
            and not self.outcome
            and self.promised_on is not None
            and self.promised_on < today
        )
