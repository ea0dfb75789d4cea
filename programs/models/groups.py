"""Groups around a program, their members over time, and the roles that follow from them."""

import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from programs.dates import day
from programs.fields import PartialDateField, ends_after_start
from programs.models.base import Timestamped
from programs.models.places import Organisation


class Group(Timestamped):
    """A steering, reference or working group. Without program and place: for the municipality.

    Groups change name, theme and shape: `continues` is the group it grew out of, `became` the
    association it turned into.
    """

    class Kind(models.TextChoices):
        STEERING = "steering", _("steering group")
        REFERENCE = "reference", _("reference group")
        WORKING = "working", _("working group")
        COORDINATION = "coordination", _("coordination group")
        VISION = "vision", _("vision group")
        PROJECT_TEAM = "project_team", _("project team")
        ASSOCIATION_BOARD = "association_board", _("board of the association")
        NETWORK = "network", _("network")
        ADMINISTRATION = "administration", _("administration of the portal")

    program = models.ForeignKey(
        "programs.Program",
        models.PROTECT,
        verbose_name=_("program"),
        related_name="groups",
        null=True,
        blank=True,
    )
    locality = models.ForeignKey(
        "programs.Locality",
        models.PROTECT,
        verbose_name=_("place"),
        related_name="groups",
        null=True,
        blank=True,
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    name = models.CharField(_("name"), max_length=120)
    theme = models.CharField(_("theme"), max_length=200, blank=True)
    started = PartialDateField(_("from"))
    ended = PartialDateField(_("until"))
    continues = models.ForeignKey(
        "self",
        models.PROTECT,
        verbose_name=_("grew out of"),
        related_name="continued_by",
        null=True,
        blank=True,
    )
    became = models.ForeignKey(
        Organisation,
        models.PROTECT,
        verbose_name=_("turned into"),
        related_name="+",
        null=True,
        blank=True,
    )
    meetings_per_year = models.PositiveSmallIntegerField(
        _("meetings a year"), null=True, blank=True
    )
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("group")
        verbose_name_plural = _("groups")
        ordering = [
            F("ended").desc(nulls_first=True),
            "kind",
            F("started").desc(nulls_last=True),
            "pk",
        ]
        constraints = [ends_after_start("group")]

    def __str__(self) -> str:
        return self.name


class MembershipQuerySet(models.QuerySet["Membership"]):
    def current(self, today: datetime.date) -> Self:
        """In force on that day; a missing end means still a member."""
        return self.filter(
            Q(started__isnull=True) | Q(started__lte=day(today)),
            Q(ended__isnull=True) | Q(ended__gte=day(today)),
            Q(group__ended__isnull=True) | Q(group__ended__gte=day(today)),
        )


class Membership(models.Model):
    """A seat in a group. What a signed-in person may do follows from their current seats.

    Politicians are shown by party and role, officials and association members by function.
    """

    class Role(models.TextChoices):
        CHAIR = "chair", _("chair")
        FIRST_VICE_CHAIR = "first_vice_chair", _("first vice chair")
        SECOND_VICE_CHAIR = "second_vice_chair", _("second vice chair")
        MEMBER = "member", _("member")
        CONVENER = "convener", _("convener")
        PROJECT_LEADER = "project_leader", _("project leader")
        ASSISTANT = "assistant", _("assistant")
        CONTACT_POLITICIAN = "contact_politician", _("contact politician")
        ADMINISTRATOR = "administrator", _("administrator")
        REGISTRAR = "registrar", _("registrar")
        MODERATOR = "moderator", _("moderator")

    class Capacity(models.TextChoices):
        POLITICIAN = "politician", _("politician")
        RESIDENT = "resident", _("resident representative")
        ASSOCIATION = "association", _("association representative")
        OFFICIAL = "official", _("official")
        BUSINESS = "business", _("business")

    group = models.ForeignKey(Group, models.CASCADE, related_name="members")
    role = models.CharField(_("role"), max_length=20, choices=Role.choices, default=Role.MEMBER)
    capacity = models.CharField(_("takes part as"), max_length=12, choices=Capacity.choices)
    party = models.CharField(_("party"), max_length=40, blank=True)
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        verbose_name=_("represents"),
        related_name="+",
        null=True,
        blank=True,
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("person who signs in"),
        related_name="memberships",
        null=True,
        blank=True,
    )
    started = PartialDateField(_("from"))
    ended = PartialDateField(_("until"))

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        ordering = [F("ended").desc(nulls_first=True), "capacity", "pk"]
        constraints = [
            ends_after_start("membership"),
            models.CheckConstraint(
                name="membership_party_only_for_politicians",
                condition=Q(party="") | Q(capacity="politician"),
                violation_error_message=_("Only politicians have a party here."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}, {self.get_capacity_display()}"
