"""Places, the organisations that act in them, and who speaks for a place."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from modelsearch import index
from modelsearch.queryset import SearchableQuerySetMixin

from programs.fields import PartialDateField, ends_after_start
from programs.models.base import Keyed, Timestamped


class Organisation(Keyed, Timestamped):
    """Anyone who can be responsible: a department, an association, a company, a water council."""

    class Kind(models.TextChoices):
        BOARD = "board", _("political board")
        ADMINISTRATION = "administration", _("municipal department")
        MUNICIPAL_COMPANY = "municipal_company", _("municipal company")
        AUTHORITY = "authority", _("public authority")
        ASSOCIATION = "association", _("association")
        COMMUNITY_ASSOCIATION = "community_association", _("community association")
        COMPANY = "company", _("company")
        BUSINESS_NETWORK = "business_network", _("business network")
        WATER_COUNCIL = "water_council", _("water council")
        CHURCH = "church", _("parish")
        NETWORK = "network", _("network")
        OTHER = "other", _("other")

    MUNICIPAL_KINDS = (Kind.BOARD, Kind.ADMINISTRATION, Kind.MUNICIPAL_COMPANY)

    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=30, choices=Kind.choices)
    website = models.URLField(_("website"), blank=True)

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_municipal(self) -> bool:
        return self.kind in self.MUNICIPAL_KINDS


class LocalityQuerySet(SearchableQuerySetMixin, models.QuerySet["Locality"]):
    def on_map(self) -> Self:
        return self.filter(latitude__isnull=False, longitude__isnull=False)


class Locality(index.Indexed, Keyed, Timestamped):
    """A town, district or city centre: everything that has a name and can have a program."""

    class Kind(models.TextChoices):
        SERVICE_LOCALITY = "service_locality", _("service town")
        LOCALITY = "locality", _("town")
        CITY_DISTRICT = "city_district", _("city district")
        CITY_CENTRE = "city_centre", _("city centre")
        MAIN_TOWN = "main_town", _("main town")
        CHURCH_VILLAGE = "church_village", _("church village")
        COUNTRYSIDE = "countryside", _("countryside")

    name = models.CharField(_("name"), max_length=80)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)
    population = models.PositiveIntegerField(_("population"), null=True, blank=True)
    population_on = PartialDateField(_("population counted"))
    population_note = models.CharField(_("note on population"), max_length=200, blank=True)
    in_network = models.BooleanField(_("takes part in the network of places"), default=False)
    description = models.TextField(_("description"), blank=True)

    objects = LocalityQuerySet.as_manager()
    search_fields = [
        index.SearchField("name", boost=4),
        index.SearchField("description"),
        index.AutocompleteField("name"),
        index.AutocompleteField("description"),
        index.FilterField("id"),
    ]

    class Meta:
        verbose_name = _("place")
        verbose_name_plural = _("places")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="locality_position_whole",
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                # A comparison with nothing is neither true nor false, and would pass.
                | Q(
                    latitude__isnull=False,
                    longitude__isnull=False,
                    latitude__gte=-90,
                    latitude__lte=90,
                    longitude__gte=-180,
                    longitude__lte=180,
                ),
                violation_error_message=_("A position needs both latitude and longitude."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("programs:locality", args=[self.slug])


class LocalBody(models.Model):
    """Who spoke for a place, and when. A place may have several at once, or none."""

    locality = models.ForeignKey(Locality, models.CASCADE, related_name="local_bodies")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="local_roles")
    members = models.ManyToManyField(
        Organisation,
        verbose_name=_("member organisations"),
        related_name="+",
        blank=True,
        help_text=_("For an umbrella of several associations."),
    )
    started = PartialDateField(_("from"))
    ended = PartialDateField(_("until"))
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("local body")
        verbose_name_plural = _("local bodies")
        ordering = [models.F("ended").desc(nulls_first=True), "started", "pk"]
        constraints = [ends_after_start("local_body")]

    def __str__(self) -> str:
        return f"{self.organisation} – {self.locality}"
