"""The program's text: editions, and the clauses they consist of."""

from collections.abc import Iterable
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from modelsearch import index
from modelsearch.backends import get_search_backend
from modelsearch.queryset import SearchableQuerySetMixin

from programs.dates import PartialDate
from programs.fields import PartialDateField
from programs.models.base import Timestamped


class EditionLocked(ValidationError):
    """Raised by every attempt to change the text of an edition that has been adopted."""

    def __init__(self) -> None:
        super().__init__(
            _("An adopted edition never changes. Start a revision to change the program."),
            code="edition_locked",
        )


class EditionQuerySet(models.QuerySet["Edition"]):
    def adopted(self) -> Self:
        return self.filter(state=Edition.State.ADOPTED)

    def public(self) -> Self:
        """Those that have been in force. A draft becomes public only through its revision."""
        return self.filter(state__in=Edition.IN_FORCE_ONCE)

    def update(self, **kwargs: Any) -> int:
        if self.exclude(state=Edition.State.DRAFT).exists():
            raise EditionLocked
        return super().update(**kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        if self.exclude(state=Edition.State.DRAFT).exists():
            raise EditionLocked
        return super().delete()


class Edition(Timestamped):
    """One text of a program: a draft, the adopted one, or one that was in force before.

    From adoption on nothing here changes but the step from adopted to superseded; triggers in
    the database hold that too. What becomes known later about how it was adopted is written
    on its decision.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        ADOPTED = "adopted", _("adopted")
        SUPERSEDED = "superseded", _("superseded")
        WITHDRAWN = "withdrawn", _("withdrawn draft")

    IN_FORCE_ONCE = (State.ADOPTED, State.SUPERSEDED)

    IN_FORCE_ONCE = (State.ADOPTED, State.SUPERSEDED)

    program = models.ForeignKey("programs.Program", models.PROTECT, related_name="editions")
    number = models.PositiveSmallIntegerField(_("number"))
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.DRAFT)
    valid_from = PartialDateField(_("in force from"))
    horizon_year = models.PositiveSmallIntegerField(_("horizon"), null=True, blank=True)
    interim_year = models.PositiveSmallIntegerField(_("interim horizon"), null=True, blank=True)
    note = models.TextField(_("note"), blank=True)
    decision = models.ForeignKey(
        "programs.Decision",
        models.PROTECT,
        verbose_name=_("decision"),
        related_name="editions",
        null=True,
        blank=True,
    )

    objects = EditionQuerySet.as_manager()

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        ordering = ["program", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["program", "number"], name="edition_number_once"),
            models.UniqueConstraint(
                fields=["program"],
                condition=Q(state="adopted"),
                name="edition_one_adopted_per_program",
            ),
            models.UniqueConstraint(
                fields=["program"],
                condition=Q(state="draft"),
                name="edition_one_draft_per_program",
            ),
        ]

    def __str__(self) -> str:
        return _("%(program)s, edition %(number)s") % {
            "program": self.program,
            "number": self.number,
        }

    def get_absolute_url(self) -> str:
        return reverse("programs:edition", args=[self.program.slug, self.number])

    @property
    def is_locked(self) -> bool:
        return self.state != self.State.DRAFT

    @property
    def adopted(self) -> PartialDate | None:
        """When it was adopted, if that is known."""
        return self.decision.decided if self.decision else None

    @property
    def took_force(self) -> PartialDate | None:
        """When it was adopted, or else from when it is known to apply."""
        return self.adopted or self.valid_from

    def clean(self) -> None:
        self._refuse_if_locked()

    def save(self, **kwargs: Any) -> None:
        self._refuse_if_locked()
        super().save(**kwargs)

    def delete(self, **kwargs: Any) -> tuple[int, dict[str, int]]:
        self._refuse_if_locked()
        return super().delete(**kwargs)

    def _refuse_if_locked(self) -> None:
        stored = Edition.objects.filter(pk=self.pk).exclude(state=self.State.DRAFT)
        if self.pk and stored.exists():
            raise EditionLocked

    @transaction.atomic
    def adopt(self) -> None:
        """Put this draft in force; the edition in force before is kept as superseded.

        Raises EditionLocked unless it is a draft. The decision is recorded beforehand.
        """
        rows = Edition.objects.select_for_update().filter(program=self.program_id)
        if not rows.filter(pk=self.pk, state=self.State.DRAFT).exists():
            raise EditionLocked
        # The queryset's own update() refuses adopted rows: this is the one step they may take.
        models.QuerySet.update(rows.adopted(), state=self.State.SUPERSEDED)
        models.QuerySet.update(rows.filter(pk=self.pk), state=self.State.ADOPTED)
        self.state = self.State.ADOPTED
        # Signals do not see update(): the clauses became public, so the search index is told.
        get_search_backend().add_bulk(Clause, list(self.clauses.all()))

    @transaction.atomic
    def withdraw(self) -> None:
        """Keep a draft that came to nothing; it never changes again. Raises EditionLocked."""
        rows = Edition.objects.select_for_update().filter(pk=self.pk, state=self.State.DRAFT)
        if not models.QuerySet.update(rows, state=self.State.WITHDRAWN):
            raise EditionLocked
        self.state = self.State.WITHDRAWN


class ClauseQuerySet(SearchableQuerySetMixin, models.QuerySet["Clause"]):
    def public(self) -> Self:
        return self.filter(edition__state__in=Edition.IN_FORCE_ONCE)

    def in_force(self) -> Self:
        return self.filter(edition__state=Edition.State.ADOPTED)

    def update(self, **kwargs: Any) -> int:
        self._refuse_if_locked()
        return super().update(**kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        self._refuse_if_locked()
        return super().delete()

    def bulk_create(self, objs: Iterable["Clause"], **kwargs: Any) -> list["Clause"]:
        objs = list(objs)
        editions = {clause.edition_id for clause in objs}
        if Edition.objects.filter(pk__in=editions).exclude(state=Edition.State.DRAFT).exists():
            raise EditionLocked
        return super().bulk_create(objs, **kwargs)

    def _refuse_if_locked(self) -> None:
        if self.exclude(edition__state=Edition.State.DRAFT).exists():
            raise EditionLocked


class Clause(index.Indexed, models.Model):
    """A point of the vision (level 0), or an area, ambition, strategy … under it (levels 1–4).

    `slug` is the permanent link within the edition. `origin` is the clause it grew from in an
    earlier edition: renamed and regrouped areas are compared by it, and actions follow it.
    """

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="clauses")
    parent = models.ForeignKey(
        "self", models.CASCADE, related_name="children", null=True, blank=True
    )
    origin = models.ForeignKey(
        "self",
        models.PROTECT,
        verbose_name=_("grew from"),
        related_name="descendants",
        null=True,
        blank=True,
    )
    merged_from = models.ManyToManyField(
        "self",
        verbose_name=_("also grew from"),
        symmetrical=False,
        related_name="merged_into",
        blank=True,
        help_text=_("When several clauses became one."),
    )
    slug = models.SlugField(_("permanent link"), max_length=80)
    level = models.PositiveSmallIntegerField(_("level"))
    position = models.PositiveSmallIntegerField(
        _("position"), help_text=_("Reading order within the edition.")
    )
    number = models.CharField(_("number"), max_length=20, blank=True, editable=False)
    heading = models.CharField(_("heading"), max_length=160, blank=True)
    text = models.TextField(_("text"), blank=True)
    youth_voices = models.TextField(
        _("what young people said"), blank=True, help_text=_("On group level; nobody is named.")
    )

    objects = ClauseQuerySet.as_manager()
    search_fields = [
        index.SearchField("heading", boost=2),
        index.SearchField("text"),
        index.AutocompleteField("heading"),
        index.AutocompleteField("text"),
        index.FilterField("id"),
        index.RelatedFields("edition", [index.FilterField("state")]),
    ]

    class Meta:
        verbose_name = _("clause")
        verbose_name_plural = _("clauses")
        ordering = ["edition", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "slug"], name="clause_link_once"),
            models.CheckConstraint(
                name="clause_level_0_to_4", condition=Q(level__gte=0, level__lte=4)
            ),
            models.CheckConstraint(
                name="clause_says_something",
                condition=~Q(heading="") | ~Q(text=""),
                violation_error_message=_("Write a heading or a text."),
            ),
            models.CheckConstraint(
                name="clause_vision_and_area_stand_free",
                condition=Q(level__gte=2) | Q(parent__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return " ".join(filter(None, [self.number, self.heading or self.text[:80]]))

    def get_absolute_url(self) -> str:
        return f"{self.edition.get_absolute_url()}#{self.slug}"

    @property
    def title(self) -> str:
        return self.heading or self.text

    def clean(self) -> None:
        self._refuse_if_locked()
        if self.parent and self.parent.edition_id != self.edition_id:
            raise ValidationError({"parent": _("The parent belongs to another edition.")})
        if self.parent and self.level is not None and self.parent.level >= self.level:
            raise ValidationError({"parent": _("The parent must be on a level above.")})

    def save(self, **kwargs: Any) -> None:
        self._refuse_if_locked()
        super().save(**kwargs)

    def delete(self, **kwargs: Any) -> tuple[int, dict[str, int]]:
        self._refuse_if_locked()
        return super().delete(**kwargs)

    def _refuse_if_locked(self) -> None:
        touched = Q(pk=self.edition_id)
        if self.pk:
            # The edition of the stored row too: a clause must not be carried out of a locked one.
            touched |= Q(clauses=self.pk)
        if Edition.objects.filter(touched).exclude(state=Edition.State.DRAFT).exists():
            raise EditionLocked


def numbers(levels: Iterable[int]) -> list[str]:
    """The printed number ("2", "2.1", "2.1.3") of each clause, from its levels in reading order.

    Points of the vision have none.
    """
    counters = [0] * 5
    result = []
    for level in levels:
        if level == 0:
            result.append("")
            continue
        counters[level] += 1
        counters[level + 1 :] = [0] * (4 - level)
        result.append(".".join(str(count) for count in counters[1 : level + 1] if count))
    return result
