"""What people say about a program's text while it is open for comments."""

from typing import Self

from django.db import models
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from programs.models.voices import Outcome, Voice, VoiceEntry, VoiceQuerySet, VoiceState


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
        return self.select_related("clause", "merged_into", "changed_clause")

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
    changed_clause = models.ForeignKey(
        "programs.Clause",
        models.SET_NULL,
        verbose_name=_("changed this clause"),
        related_name="+",
        null=True,
        blank=True,
    )

    objects = CommentQuerySet.as_manager()

    class Meta(Voice.Meta):
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        ordering = ["process", "-pk"]
        constraints = list(Voice.Meta.constraints)

    def __str__(self) -> str:
        return self.text[:80]

    def get_absolute_url(self) -> str:
        base = reverse("revisions:comments", args=[self.process.program.slug, self.process_id])
        return f"{base}#synpunkt-{self.pk}"


class CommentEntry(VoiceEntry):
    voice = models.ForeignKey(Comment, models.PROTECT, related_name="history")

    class Meta(VoiceEntry.Meta):
        verbose_name = _("line in a comment's history")
        verbose_name_plural = _("a comment's history")


__all__ = ["Comment", "CommentEntry", "Outcome", "Question"]
