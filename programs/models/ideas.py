"""The idea list."""

from collections.abc import Iterable
from functools import partial
from typing import ClassVar, Self

from django.core.files import File
from django.db import models, transaction
from django.db.models import Count, F, Func, IntegerField, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from easy_thumbnails.fields import ThumbnailerImageField
from modelsearch import index
from modelsearch.queryset import SearchableQuerySetMixin

from programs.models.briefs import BriefItem, PlanningBrief
from programs.models.editions import Edition
from programs.models.places import Locality
from programs.models.programs import Program
from programs.models.voice_history import VoiceEntry
from programs.models.voices import Destinations, Outcome, Voice, VoiceQuerySet, VoiceState
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

    def for_queue(self) -> Self:
        rows = super().for_queue().select_related("program", "locality", "clause")
        return rows.prefetch_related("photos")


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
    about_action = models.ForeignKey(
        "programs.Action",
        models.PROTECT,
        verbose_name=_("is about the action"),
        related_name="ideas_about",
        null=True,
        blank=True,
    )
    title = models.CharField(_("title"), max_length=160)
    original_title = models.CharField(
        _("title as it came in"), max_length=160, blank=True, editable=False
    )
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)
    position_words = models.CharField(
        _("where, in words"),
        max_length=160,
        blank=True,
        help_text=_("For example “by the bridge”."),
    )

    WORDS_IN: ClassVar[tuple[str, ...]] = (*Voice.WORDS_IN, "title")
    EDITABLE: ClassVar[tuple[str, ...]] = ("title", "text")
    STAMPED: ClassVar[tuple[str, ...]] = (*Voice.STAMPED, "title", "program_id", "locality_id")

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
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("programs:idea", args=[self.pk])

    @property
    def takes_support(self) -> bool:
        """Until the answer has come; support still counts while it waits for the budget."""
        return self.state == VoiceState.PUBLISHED and self.outcome in {"", Outcome.IN_BRIEF}

    @property
    def of_program(self) -> Program | None:
        return self.program

    @property
    def of_place(self) -> Locality | None:
        return self.locality

    @property
    def heading(self) -> str:
        return self.title

    @property
    def is_edited(self) -> bool:
        return super().is_edited or self.original_title not in ("", self.title)

    def editions_it_may_change(self) -> models.QuerySet[Edition]:
        open_texts = [Edition.State.ADOPTED, Edition.State.DRAFT]
        return Edition.objects.filter(program=self.program, state__in=open_texts)

    def destinations(self) -> Destinations:
        programs = Program.objects.exclude(pk=self.program_id)
        places = Locality.objects.all()
        if not self.program_id:
            places = places.exclude(pk=self.locality_id)
        groups = [
            (gettext("Programs"), [(f"program-{row.pk}", row.name) for row in programs]),
            (gettext("Places, without their program"), keyed("place", places)),
        ]
        if self.program_id or self.locality_id:
            whole = [("municipality-", gettext("No place in particular"))]
            groups.append((gettext("The whole municipality"), whole))
        return groups

    def neighbours(self, rows: IdeaQuerySet) -> IdeaQuerySet:
        if self.program:
            own = Q(program=None, locality=self.program.locality_id)
            return rows.filter(Q(program=self.program) | own)
        return rows.filter(locality=self.locality) if self.locality else rows

    @property
    def why_it_stays(self) -> str:
        if self.pk and self.brief_items.exists():
            return gettext("It is in a planning brief, and stays where that is.")
        return super().why_it_stays

    def put_at(self, key: str) -> list[str]:
        """What it said of the old place goes: the clause and the action that it was about."""
        kind, _dash, number = key.partition("-")
        program = place = None
        if kind == "program":
            program = Program.objects.select_related("locality").get(pk=number)
            place = program.locality
        elif kind == "place":
            place = Locality.objects.get(pk=number)
        elif kind != "municipality":
            raise LookupError(key)
        self.program, self.locality = program, place
        self.clause = self.about_action = None
        return ["program", "locality", "clause", "about_action"]

    def put_in_brief(self, brief: PlanningBrief | None) -> list[str]:
        """As the last of its items, unless it is among them. It is never taken out here."""
        if brief is not None and not brief.items.filter(idea=self).exists():
            rank = brief.items.aggregate(last=models.Max("rank"))["last"] or 0
            brief.items.create(idea=self, rank=rank + 1)
        return []

    def is_in_brief(self, brief: PlanningBrief) -> bool:
        return brief.items.filter(idea=self).exists()

    @property
    def budget_said(self) -> str:
        items = self.brief_items.exclude(outcome=BriefItem.Outcome.PENDING)
        item = items.filter(answer=self.reply).order_by("brief__budget_year").last()
        return item.get_outcome_display() if item else ""

    def show_pictures(self) -> None:
        for photo in self.photos.filter(kept_back=False):
            photo.show()

    def hold_pictures(self) -> None:
        for photo in self.photos.all():
            photo.hold()


def keyed(kind: str, rows: Iterable[models.Model]) -> list[tuple[str, str]]:
    return [(f"{kind}-{row.pk}", capfirst(str(row))) for row in rows]


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
    kept_back = models.BooleanField(
        _("not to be shown"),
        default=False,
        help_text=_("Stays among the held files also when the idea is public."),
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

    def show(self) -> None:
        """Put it where anyone can see it; the held copy goes when that has been committed."""
        if not self.held:
            return
        held = self.held
        with held.open("rb") as file:
            self.image.save(held.name, File(file), save=False)
        self.held = ""
        self.save(update_fields=["held", "image"])
        transaction.on_commit(partial(held.storage.delete, held.name))

    def hold(self) -> None:
        """Take it back among the held files, with every smaller copy that was made of it."""
        if not self.image:
            return
        shown = self.image
        with shown.open("rb") as file:
            self.held.save(shown.name, File(file), save=False)
        self.image = ""
        self.save(update_fields=["held", "image"])
        transaction.on_commit(partial(shown.delete, save=False))


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
