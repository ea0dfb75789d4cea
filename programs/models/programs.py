"""A place's development program."""

from typing import Self

from django.db import models
from django.db.models import Count, Prefetch, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from modelsearch import index
from modelsearch.queryset import SearchableQuerySetMixin

from programs.fields import PartialDateField, ends_after_start
from programs.models.base import Keyed, Timestamped
from programs.models.editions import Edition
from programs.models.places import Locality


class ProgramQuerySet(SearchableQuerySetMixin, models.QuerySet["Program"]):
    def running(self) -> Self:
        """Adopted and in ordinary operation: those that owe the year's duties."""
        return self.filter(status=Program.Status.ACTIVE)

    def with_progress(self) -> Self:
        """Adds `actions_completed`, `actions_ongoing` and `actions_total`, in one query."""
        return self.annotate(
            actions_completed=Count("actions", filter=Q(actions__status="completed")),
            actions_ongoing=Count("actions", filter=Q(actions__status="ongoing")),
            actions_total=Count("actions"),
        )

    def with_current_edition(self) -> Self:
        """Fills `current_edition` for every row with one more query."""
        return self.prefetch_related(
            Prefetch(
                "editions",
                queryset=Edition.objects.adopted().select_related("decision__body"),
                to_attr="adopted_editions",
            )
        )


class Program(index.Indexed, Keyed, Timestamped):
    """A long-term program for one place. Its text is in editions, its work in lists."""

    class Status(models.TextChoices):
        PREPARATION = "preparation", _("being created")
        ACTIVE = "active", _("in operation")
        CONCLUDED = "concluded", _("concluded")

    locality = models.ForeignKey(
        Locality, models.PROTECT, verbose_name=_("place"), related_name="programs"
    )
    name = models.CharField(_("name"), max_length=100)
    tagline = models.CharField(_("slogan"), max_length=120, blank=True)
    summary = models.TextField(_("summary"), blank=True)
    status = models.CharField(
        _("status"), max_length=12, choices=Status.choices, default=Status.PREPARATION
    )
    started = PartialDateField(_("work started"))
    ended = PartialDateField(_("concluded"))
    ended_note = models.TextField(_("what came after"), blank=True)
    responsible_function = models.CharField(_("responsible function"), max_length=120, blank=True)
    contact_email = models.EmailField(_("e-mail"), blank=True)

    objects = ProgramQuerySet.as_manager()
    search_fields = [
        index.SearchField("name", boost=4),
        index.SearchField("tagline"),
        index.SearchField("summary"),
        index.AutocompleteField("name"),
        index.AutocompleteField("tagline"),
        index.AutocompleteField("summary"),
        index.FilterField("id"),
    ]

    class Meta:
        verbose_name = _("program")
        verbose_name_plural = _("programs")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["locality"],
                name="program_one_open_per_locality",
                condition=~Q(status="concluded"),
                violation_error_message=_(
                    "This place already has a program that is not concluded."
                ),
            ),
            models.CheckConstraint(
                name="program_ended_only_when_concluded",
                condition=Q(ended__isnull=True) | Q(status="concluded"),
                violation_error_message=_("Only a concluded program has an end."),
            ),
            ends_after_start("program"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("programs:program", args=[self.slug])

    @property
    def current_edition(self) -> Edition | None:
        """The adopted edition; costs no query after `with_current_edition()`."""
        if hasattr(self, "adopted_editions"):
            return self.adopted_editions[0] if self.adopted_editions else None
        return self.editions.adopted().select_related("decision__body").first()
