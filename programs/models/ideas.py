"""The idea list, and the briefs that carry the best ideas into the budget."""

from typing import Self

from django.db import models
from django.db.models import Count, F, Func, IntegerField, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from easy_thumbnails.fields import ThumbnailerImageField
from modelsearch import index
from modelsearch.queryset import SearchableQuerySetMixin

from programs.fields import PartialDateField
from programs.models.base import Timestamped
from programs.models.voices import Outcome, Voice, VoiceEntry, VoiceQuerySet, VoiceState
from programs.storage import held_files, unguessable_name


class IdeaQuerySet(SearchableQuerySetMixin, VoiceQuerySet):
    def for_list(self) -> Self:
        return self.select_related("program", "locality", "action__program").with_supporters()

    def with_supporters(self) -> Self:
        """Adds `supporters`: the people behind it and behind what is merged with it, each once."""
        it = OuterRef(OuterRef("pk"))
        # Two look-ups by key inside one IN: an OR over a join would read all supports each time.
        ideas = Idea.objects.filter(Q(pk=it) | Q(merged_into=it)).order_by()
        people = Support.objects.filter(idea__in=ideas.values("pk")).order_by()
        count = Func(
            "address_hash", function="COUNT", template="%(function)s(DISTINCT %(expressions)s)"
        )
        return self.annotate(
            supporters=Subquery(people.values(people=count), output_field=IntegerField())
        )


class Idea(index.Indexed, Voice):
    """A proposal from anyone. It is not a decision and not a formal citizens' proposal."""

    program = models.ForeignKey(
        "programs.Program",
        models.PROTECT,
        verbose_name=_("program"),
        related_name="ideas",
        null=True,
        blank=True,
    )
    locality = models.ForeignKey(
        "programs.Locality",
        models.PROTECT,
        verbose_name=_("place"),
        related_name="ideas",
        null=True,
        blank=True,
    )
    clause = models.ForeignKey(
        "programs.Clause",
        models.PROTECT,
        verbose_name=_("concerns"),
        related_name="ideas",
        null=True,
        blank=True,
    )
    event = models.ForeignKey(
        "programs.Event",
        models.PROTECT,
        verbose_name=_("came up at"),
        related_name="ideas",
        null=True,
        blank=True,
    )
    action = models.ForeignKey(
        "programs.Action",
        models.PROTECT,
        verbose_name=_("action"),
        related_name="ideas",
        null=True,
        blank=True,
    )
    about_action = models.ForeignKey(
        "programs.Action",
        models.PROTECT,
        verbose_name=_("is about the action"),
        related_name="ideas_about",
        null=True,
        blank=True,
    )
    title = models.CharField(_("title"), max_length=160)
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)
    position_words = models.CharField(
        _("where, in words"),
        max_length=160,
        blank=True,
        help_text=_("For example “by the bridge”."),
    )

    objects = IdeaQuerySet.as_manager()
    search_fields = [
        index.SearchField("title", boost=3),
        index.SearchField("text"),
        index.SearchField("reply"),
        index.AutocompleteField("title"),
        index.AutocompleteField("text"),
        index.AutocompleteField("reply"),
        index.FilterField("id"),
        index.FilterField("state"),
        index.FilterField("locality"),
    ]

    class Meta(Voice.Meta):
        verbose_name = _("idea")
        verbose_name_plural = _("ideas")
        ordering = [F("received").desc(nulls_last=True), "-pk"]
        constraints = [
            *Voice.Meta.constraints,
            models.CheckConstraint(
                name="idea_position_whole",
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(
                    latitude__isnull=False,
                    longitude__isnull=False,
                    latitude__gte=-90,
                    latitude__lte=90,
                    longitude__gte=-180,
                    longitude__lte=180,
                ),
                violation_error_message=_("A position needs both latitude and longitude."),
            ),
            models.CheckConstraint(
                name="idea_outcome_names_the_action",
                condition=~Q(outcome__in=["became_action", "in_action"]) | Q(action__isnull=False),
                violation_error_message=_("Choose the action that the idea became part of."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("programs:idea", args=[self.pk])

    @property
    def takes_support(self) -> bool:
        """Until the answer has come; support still counts while it waits for the budget."""
        return self.state == VoiceState.PUBLISHED and self.outcome in {"", Outcome.IN_BRIEF}


class IdeaEntry(VoiceEntry):
    voice = models.ForeignKey(Idea, models.PROTECT, related_name="history")

    class Meta(VoiceEntry.Meta):
        verbose_name = _("line in an idea's history")
        verbose_name_plural = _("an idea's history")


class IdeaPhoto(models.Model):
    """A picture sent in with an idea. It lies among the held files until the idea is public.

    Drawn anew when it comes in, so that no metadata (the position, the telephone) is kept.
    """

    idea = models.ForeignKey(Idea, models.CASCADE, related_name="photos")
    held = models.ImageField(
        _("picture"), storage=held_files, upload_to=unguessable_name, blank=True
    )
    image = ThumbnailerImageField(_("public picture"), upload_to=unguessable_name, blank=True)
    alt = models.CharField(
        _("text instead of the picture"),
        max_length=250,
        help_text=_("What one would say about it over the telephone."),
    )

    class Meta:
        verbose_name = _("picture sent in")
        verbose_name_plural = _("pictures sent in")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="idea_photo_in_one_place",
                condition=(~Q(held="") & Q(image="")) | (Q(held="") & ~Q(image="")),
            ),
            models.CheckConstraint(name="idea_photo_has_alt", condition=~Q(alt="")),
        ]

    def __str__(self) -> str:
        return self.alt


class SupportQuerySet(models.QuerySet["Support"]):
    def behind(self, idea: Idea) -> Self:
        """Those of an idea and of the ideas that are merged with it."""
        return self.filter(Q(idea=idea) | Q(idea__merged_into=idea))

    def people(self) -> int:
        """How many they are: whoever stands behind several counts once."""
        return self.aggregate(people=Count("address_hash", distinct=True))["people"]


class Support(models.Model):
    """Someone stands behind an idea. The address is kept only as a keyed hash.

    Merging moves nothing: those behind a merged idea are counted with the other one's, and are
    its own again when the two are separated.
    """

    idea = models.ForeignKey(Idea, models.CASCADE, related_name="supports")
    address_hash = models.CharField(max_length=64, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects = SupportQuerySet.as_manager()

    class Meta:
        verbose_name = _("support")
        verbose_name_plural = _("supports")
        constraints = [
            models.UniqueConstraint(
                fields=["idea", "address_hash"], name="support_once_per_address"
            )
        ]

    def __str__(self) -> str:
        return self.address_hash[:8]


class PlanningBrief(Timestamped):
    """The most important ideas of a program, handed over to the budget work of one year."""

    class State(models.TextChoices):
        OPEN = "open", _("being put together")
        FROZEN = "frozen", _("frozen")
        HANDED_OVER = "handed_over", _("handed over")

    program = models.ForeignKey("programs.Program", models.PROTECT, related_name="briefs")
    budget_year = models.PositiveSmallIntegerField(_("budget year"))
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.OPEN)
    frozen = PartialDateField(_("frozen"))
    handed_over = PartialDateField(_("handed over"))
    decision = models.ForeignKey(
        "programs.Decision",
        models.PROTECT,
        verbose_name=_("budget decision"),
        related_name="briefs",
        null=True,
        blank=True,
    )
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("planning brief")
        verbose_name_plural = _("planning briefs")
        ordering = ["program", "-budget_year"]
        constraints = [
            models.UniqueConstraint(
                fields=["program", "budget_year"], name="brief_once_per_program_and_year"
            ),
            models.CheckConstraint(
                name="brief_handed_over_date_needs_state",
                condition=Q(handed_over__isnull=True) | Q(state="handed_over"),
                violation_error_message=_("Only a brief that is handed over has that date."),
            ),
        ]

    def __str__(self) -> str:
        return _("%(program)s, budget year %(year)s") % {
            "program": self.program,
            "year": self.budget_year,
        }


class BriefItem(models.Model):
    """One idea in a brief, in order of priority, with what the budget answered."""

    class Outcome(models.TextChoices):
        PENDING = "pending", _("not answered yet")
        GRANTED = "granted", _("granted")
        PARTLY = "partly", _("partly granted")
        DECLINED = "declined", _("declined")

    brief = models.ForeignKey(PlanningBrief, models.CASCADE, related_name="items")
    idea = models.ForeignKey(Idea, models.PROTECT, related_name="brief_items")
    rank = models.PositiveSmallIntegerField(_("priority"))
    outcome = models.CharField(
        _("budget's answer"), max_length=10, choices=Outcome.choices, default=Outcome.PENDING
    )
    answer = models.TextField(_("answer in words"), blank=True)

    class Meta:
        verbose_name = _("idea in the brief")
        verbose_name_plural = _("ideas in the brief")
        ordering = ["brief", "rank"]
        constraints = [
            models.UniqueConstraint(fields=["brief", "idea"], name="brief_item_idea_once")
        ]

    def __str__(self) -> str:
        return f"{self.rank}. {self.idea}"
