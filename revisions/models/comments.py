"""What people say about a program's text while it is open for comments."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from programs.models import Edition, Locality, PlanningBrief, Program, VoiceEntry
from programs.models.voices import Destinations, Outcome, Voice, VoiceQuerySet, VoiceState
from revisions.models.processes import Process


class Question(models.TextChoices):
    """The questions that help people say what they think of a program."""

    VISION = "vision", _("Is the vision still right?")
    ACHIEVED = "achieved", _("What have we achieved?")
    CONTINUE = "continue", _("What must go on?")
    FOCUS = "focus", _("Should we keep the same focus?")
    INVOLVE = "involve", _("How do we involve people?")


# Everything that came in and was not refused or hidden, without an outcome.
UNANSWERED = Q(state__in=[VoiceState.HELD, VoiceState.PUBLISHED], outcome="")


class CommentQuerySet(VoiceQuerySet):
    def needing_answer(self) -> Self:
        return self.filter(UNANSWERED)

    def leaving_a_mark(self) -> Self:
        """The public ones, and those whose place is marked though their words are hidden."""
        return self.filter(state__in=[VoiceState.PUBLISHED, VoiceState.HIDDEN])

    def for_list(self) -> Self:
        return self.select_related(
            "process__program",
            "clause",
            "merged_into__process__program",
            "changed_clause__edition__program",
            "action__program",
            "brief",
        )

    def of_program(self, program: Program) -> Self:
        return self.filter(process__program=program)

    def in_round(self, key: int) -> Self:
        return self.filter(process=key)

    def for_queue(self) -> Self:
        rows = super().for_queue()
        return rows.select_related("process__program__locality", "edition", "clause")

    def counts_by_clause(self) -> dict[int, int]:
        """How many public ones each clause has, by its key. One query."""
        rows = self.public().filter(clause__isnull=False).order_by()
        return dict(rows.values_list("clause").annotate(Count("pk")))


class Comment(Voice):
    """A view on the whole text (`clause` missing) or on one clause of the edition it saw.

    When that clause was in a draft and is removed from it, `clause_was` keeps what it was called.
    """

    process = models.ForeignKey(
        "revisions.Process", models.PROTECT, verbose_name=_("process"), related_name="comments"
    )
    edition = models.ForeignKey(
        "programs.Edition",
        models.PROTECT,
        verbose_name=_("text it saw"),
        related_name="comments",
    )
    clause = models.ForeignKey(
        "programs.Clause",
        models.PROTECT,
        verbose_name=_("concerns"),
        related_name="comments",
        null=True,
        blank=True,
    )
    clause_was = models.CharField(
        _("concerned, since removed from the draft"), max_length=200, blank=True, editable=False
    )
    question = models.CharField(
        _("answers the question"), max_length=10, choices=Question.choices, blank=True
    )
    brief = models.ForeignKey(
        "programs.PlanningBrief",
        models.PROTECT,
        verbose_name=_("planning brief"),
        related_name="comments",
        null=True,
        blank=True,
    )

    STAMPED: ClassVar[tuple[str, ...]] = (*Voice.STAMPED, "process_id", "clause_id", "brief_id")

    objects = CommentQuerySet.as_manager()

    class Meta(Voice.Meta):
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        ordering = ["process", "-pk"]
        constraints = list(Voice.Meta.constraints)

    def __str__(self) -> str:
        return self.text[:80]

    @classmethod
    def round_name(cls, key: int) -> str:
        process = Process.objects.select_related("program").filter(pk=key).first()
        return capfirst(str(process)) if process else ""

    @property
    def of_program(self) -> Program:
        return self.process.program

    @property
    def of_place(self) -> Locality:
        return self.process.program.locality

    @property
    def subject(self) -> str:
        about = self.clause.title if self.clause else self.clause_was
        if not about:
            return gettext("About the whole text")
        return gettext("About: %(clause)s") % {"clause": Truncator(about).chars(80)}

    def editions_it_may_change(self) -> models.QuerySet[Edition]:
        return Edition.objects.filter(pk=self.process.draft_id or self.edition_id)

    def destinations(self) -> Destinations:
        """Other pieces of the text that it saw, and other programs whose text is being revised."""
        clauses = self.edition.clauses.exclude(pk=self.clause_id)
        pieces = [
            (f"clause-{row.pk}", f"{row.number} {Truncator(row.title).chars(70)}".strip())
            for row in clauses
        ]
        if self.clause_id:
            pieces.insert(0, ("whole-", gettext("The whole text")))
        others = Process.objects.with_text_to_comment_on().exclude(pk=self.process_id)
        processes = [(f"process-{row.pk}", capfirst(str(row))) for row in others]
        groups = [(gettext("In this text"), pieces), (gettext("Another program"), processes)]
        return [group for group in groups if group[1]]

    def put_at(self, key: str) -> list[str]:
        kind, _dash, number = key.partition("-")
        if kind == "clause":
            self.clause = self.edition.clauses.get(pk=number)
        elif kind == "whole":
            self.clause = None
        elif kind == "process":
            self.process = Process.objects.with_text_to_comment_on().get(pk=number)
            self.edition, self.clause = self.process.text_to_comment_on, None
        else:
            raise LookupError(key)
        self.clause_was = ""
        return ["process", "edition", "clause", "clause_was"]

    def neighbours(self, rows: CommentQuerySet) -> CommentQuerySet:
        return rows.filter(process=self.process_id)

    @property
    def why_it_stays(self) -> str:
        if self.pk and self.changes.exists():
            return gettext("The draft names it as a reason for a change.")
        return super().why_it_stays

    def put_in_brief(self, brief: PlanningBrief | None) -> list[str]:
        self.brief = brief
        return ["brief"]

    def is_in_brief(self, brief: PlanningBrief) -> bool:
        return self.brief_id == brief.pk

    def may_be_merged_with(self, other: "Comment") -> bool:
        return self.process_id == other.process_id

    @property
    def changed_url(self) -> str:
        """Where anyone can read the clause that it changed; empty while that is nowhere."""
        clause, process = self.changed_clause, self.process
        if clause is None:
            return ""
        if clause.edition.state in Edition.IN_FORCE_ONCE:
            return clause.get_absolute_url()
        if clause.edition_id == process.draft_id and process.draft_published_at:
            draft = reverse("revisions:draft_text", args=[process.program.slug, process.pk])
            return f"{draft}#{clause.slug}"
        return ""

    def get_absolute_url(self) -> str:
        base = reverse("revisions:comments", args=[self.process.program.slug, self.process_id])
        return f"{base}#synpunkt-{self.pk}"


class CommentEntry(VoiceEntry):
    voice = models.ForeignKey(Comment, models.PROTECT, related_name="history")

    class Meta(VoiceEntry.Meta):
        verbose_name = _("line in a comment's history")
        verbose_name_plural = _("a comment's history")


__all__ = ["Comment", "CommentEntry", "Outcome", "Question"]
