"""Meetings and everything else that happens on a date."""

import datetime
from typing import Self

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q, Sum
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from modelsearch import index
from modelsearch.queryset import SearchableQuerySetMixin

from programs.dates import SEASONS, PartialDate, Precision, day
from programs.fields import PartialDateField, ends_after_start
from programs.models.base import Timestamped
from programs.models.voices import new_reference


def not_over(today: datetime.date) -> Q:
    """The same rule as `Event.is_over`: "November 2026" is not over before the month is."""
    return Q(until__isnull=True) & _reaches("date", today) | _reaches("until", today)


def _reaches(field: str, today: datetime.date) -> Q:
    starts = {Precision.MONTH: today.month, Precision.YEAR: 1}
    for first, last in SEASONS.values():
        if first <= today.month <= last:
            starts[Precision.SEASON] = first
    reaching = Q((f"{field}__gte", day(today)))
    for precision, month in starts.items():
        begun = PartialDate(datetime.date(today.year, month, 1), precision)
        reaching |= Q((f"{field}__endswith", precision.value), (f"{field}__gte", begun))
    return reaching


class EventQuerySet(SearchableQuerySetMixin, models.QuerySet["Event"]):
    def upcoming(self, today: datetime.date) -> Self:
        """Not over on that day, soonest first; also what has begun (a survey)."""
        return self.filter(not_over(today), is_cancelled=False).order_by("date", "starts", "pk")

    def past(self, today: datetime.date) -> Self:
        return self.exclude(not_over(today)).order_by(F("date").desc(nulls_last=True), "-pk")

    def in_year(self, year: int) -> Self:
        return self.filter(
            date__gte=day(datetime.date(year, 1, 1)), date__lt=day(datetime.date(year + 1, 1, 1))
        )

    def in_month(self, year: int, month: int) -> Self:
        """Those with a known day or month in that month."""
        first = datetime.date(year, month, 1)
        after = datetime.date(year + month // 12, month % 12 + 1, 1)
        return self.filter(date__gte=day(first), date__lt=day(after)).exclude(
            Q(date__endswith=Precision.SEASON.value) | Q(date__endswith=Precision.YEAR.value)
        )

    def for_list(self) -> Self:
        return self.select_related("program", "locality", "group")


class Event(index.Indexed, Timestamped):
    """Held or coming, of any kind in the glossary. Some are only known by their month or year."""

    class Kind(models.TextChoices):
        PUBLIC_ASSEMBLY = "public_assembly", _("big meeting")
        DIALOGUE_MEETING = "dialogue_meeting", _("dialogue meeting")
        INFORMATION_MEETING = "information_meeting", _("information meeting")
        AUTUMN_MEETING = "autumn_meeting", _("autumn meeting")
        ANNUAL_MEETING = "annual_meeting", _("annual meeting")
        WORKSHOP = "workshop", _("workshop")
        YOUTH_ACTIVITY = "youth_activity", _("youth activity")
        SAFETY_WALK = "safety_walk", _("safety walk")
        STEERING_GROUP_MEETING = "steering_group_meeting", _("steering group meeting")
        WORKING_GROUP_MEETING = "working_group_meeting", _("working group meeting")
        REFERENCE_GROUP_MEETING = "reference_group_meeting", _("reference group meeting")
        NETWORK_MEETING = "network_meeting", _("network meeting")
        FOLLOW_UP = "follow_up", _("follow-up of the action list")
        CONSULTATION = "consultation", _("consultation")
        SURVEY = "survey", _("survey")
        INTERVIEWS = "interviews", _("interviews")
        COMMUNITY_ACTIVITY = "community_activity", _("activity in the community")
        INAUGURATION = "inauguration", _("inauguration")

    # Meetings of a group; everyone may read what came of them, but they are not open to all.
    GROUP_KINDS = (
        Kind.STEERING_GROUP_MEETING,
        Kind.WORKING_GROUP_MEETING,
        Kind.REFERENCE_GROUP_MEETING,
        Kind.NETWORK_MEETING,
        Kind.FOLLOW_UP,
    )

    program = models.ForeignKey(
        "programs.Program",
        models.PROTECT,
        verbose_name=_("program"),
        related_name="events",
        null=True,
        blank=True,
    )
    locality = models.ForeignKey(
        "programs.Locality",
        models.PROTECT,
        verbose_name=_("place"),
        related_name="events",
        null=True,
        blank=True,
    )
    group = models.ForeignKey(
        "programs.Group",
        models.PROTECT,
        verbose_name=_("group"),
        related_name="events",
        null=True,
        blank=True,
    )
    kind = models.CharField(_("kind"), max_length=30, choices=Kind.choices)
    title = models.CharField(_("title"), max_length=160)
    date = PartialDateField(_("date"), null=False, blank=False)
    until = PartialDateField(_("until"), help_text=_("For what goes on for several days."))
    starts = models.TimeField(_("starts"), null=True, blank=True)
    ends = models.TimeField(_("ends"), null=True, blank=True)
    place = models.CharField(_("venue"), max_length=160, blank=True)
    open_to_all = models.BooleanField(_("open to all"), default=True)
    is_cancelled = models.BooleanField(_("cancelled"), default=False)
    participants = models.PositiveIntegerField(_("number of participants"), null=True, blank=True)
    participants_note = models.CharField(
        _("participants in words"),
        max_length=80,
        blank=True,
        help_text=_("For example “about 60”."),
    )
    description = models.TextField(_("description"), blank=True)
    agenda = models.TextField(_("agenda"), blank=True)
    notes = models.TextField(
        _("notes"), blank=True, help_text=_("Public. No contact details, no residents' names.")
    )

    takes_sign_ups = models.BooleanField(_("one signs up to take part"), default=False)
    seats = models.PositiveIntegerField(
        _("number of seats"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    sign_up_closes_on = models.DateField(_("last day to sign up"), null=True, blank=True)

    objects = EventQuerySet.as_manager()
    search_fields = [
        index.SearchField("title", boost=3),
        index.SearchField("description"),
        index.SearchField("notes"),
        index.SearchField("place"),
        index.AutocompleteField("title"),
        index.AutocompleteField("description"),
        index.AutocompleteField("notes"),
        index.AutocompleteField("place"),
        index.FilterField("id"),
    ]

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = [F("date").desc(nulls_last=True), "-pk"]
        constraints = [
            ends_after_start("event", start="date", end="until"),
            models.CheckConstraint(
                name="event_has_seats_or_no_limit",
                condition=Q(seats__isnull=True) | Q(seats__gte=1),
                violation_error_message=_("Leave the number of seats empty when all have room."),
            ),
        ]
        indexes = [models.Index(fields=["program", "kind", "date"], name="event_program_kind")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("programs:event", args=[self.pk])

    @property
    def last_day(self) -> datetime.date:
        return (self.until or self.date).last

    def is_over(self, today: datetime.date) -> bool:
        return self.last_day < today

    @property
    def last_sign_up_day(self) -> datetime.date:
        """The day that is set, or else the first day that the event may be held."""
        begins = self.date.first if self.date.precision == Precision.DAY else self.date.last
        return min(self.sign_up_closes_on or begins, begins)

    def takes_sign_ups_on(self, today: datetime.date) -> bool:
        return self.takes_sign_ups and not self.is_cancelled and today <= self.last_sign_up_day


class AgeGroup(models.Model):
    """How many answered in one age band; `to_age` is missing in the oldest ("60+")."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="age_groups")
    from_age = models.PositiveSmallIntegerField(_("from age"))
    to_age = models.PositiveSmallIntegerField(_("to age"), null=True, blank=True)
    participants = models.PositiveIntegerField(_("answers"))

    class Meta:
        verbose_name = _("age group")
        verbose_name_plural = _("age groups")
        ordering = ["from_age"]
        constraints = [
            models.UniqueConstraint(fields=["event", "from_age"], name="age_group_once"),
            models.CheckConstraint(
                name="age_group_ages_in_order",
                condition=Q(to_age__isnull=True) | Q(to_age__gte=F("from_age")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_age}–{self.to_age}" if self.to_age else f"{self.from_age}+"


class SignUpQuerySet(models.QuerySet["SignUp"]):
    def seated(self) -> Self:
        return self.filter(state=SignUp.State.SEATED)

    def waiting(self) -> Self:
        """In the order in which seats are offered."""
        return self.filter(state=SignUp.State.WAITING).order_by("confirmed_at", "pk")

    def in_line(self) -> Self:
        """Everyone who counts on the event: with a seat, or waiting for one."""
        return self.filter(state__in=[SignUp.State.SEATED, SignUp.State.WAITING])

    def people(self) -> int:
        return self.aggregate(total=Sum("people"))["total"] or 0


class SignUp(Timestamped):
    """Someone's place at an event. Counts from the moment that the address is confirmed.

    The first in time have the seats; who comes after them waits in line. The address is erased
    some time after the event. `programs.sign_ups` alone changes the state.
    """

    class State(models.TextChoices):
        UNCONFIRMED = "unconfirmed", _("not confirmed")
        SEATED = "seated", _("has a seat")
        WAITING = "waiting", _("on the waiting list")
        CANCELLED = "cancelled", _("cancelled")

    event = models.ForeignKey(Event, models.PROTECT, related_name="sign_ups")
    name = models.CharField(_("name"), max_length=80, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    people = models.PositiveSmallIntegerField(
        _("number of people"), default=1, validators=[MinValueValidator(1)]
    )
    needs = models.CharField(
        _("anything we should know"),
        max_length=300,
        blank=True,
        help_text=_("For example a hearing loop, an interpreter or step-free access."),
    )
    state = models.CharField(
        _("state"), max_length=12, choices=State.choices, default=State.UNCONFIRMED
    )
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    reference = models.CharField(
        _("reference"), max_length=7, unique=True, default=new_reference, editable=False
    )

    objects = SignUpQuerySet.as_manager()

    class Meta:
        verbose_name = _("sign-up")
        verbose_name_plural = _("sign-ups")
        ordering = ["event", F("confirmed_at").asc(nulls_last=True), "pk"]
        constraints = [
            models.UniqueConstraint(
                "event",
                Lower("email"),
                name="sign_up_once_per_address",
                condition=~Q(email="") & ~Q(state="cancelled"),
                violation_error_message=_("That address is already signed up."),
            ),
            models.CheckConstraint(
                name="sign_up_in_line_is_confirmed",
                condition=~Q(state__in=["seated", "waiting"]) | Q(confirmed_at__isnull=False),
            ),
            models.CheckConstraint(name="sign_up_of_someone", condition=Q(people__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.reference} – {self.event}"
