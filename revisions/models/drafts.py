"""How a draft came to differ from the text it started from, and what is still being typed."""

import datetime
from typing import Self

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from revisions.models.processes import Process


class ClauseChange(models.Model):
    """Why one clause was added, edited, moved or dropped: "you said – we changed".

    `clause` is in the draft; for a dropped one only `origin`, in the text before, is left.
    """

    process = models.ForeignKey(Process, models.PROTECT, related_name="clause_changes")
    clause = models.ForeignKey(
        "programs.Clause",
        models.SET_NULL,
        related_name="changes",
        null=True,
        blank=True,
    )
    origin = models.ForeignKey(
        "programs.Clause", models.PROTECT, related_name="+", null=True, blank=True
    )
    reason = models.CharField(_("why"), max_length=300)
    comments = models.ManyToManyField(
        "revisions.Comment",
        verbose_name=_("comments behind it"),
        related_name="changes",
        blank=True,
    )
    made_at = models.DateTimeField(_("made"), default=timezone.now)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.reason


class DraftVersion(models.Model):
    """The draft's whole text at a moment, so that nothing written is ever lost."""

    process = models.ForeignKey(Process, models.PROTECT, related_name="versions")
    digest = models.CharField(_("fingerprint"), max_length=64)
    clauses = models.JSONField(_("clauses"))
    what = models.CharField(_("what was done"), max_length=120, blank=True)
    saved_at = models.DateTimeField(_("saved"), default=timezone.now)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("version of the draft")
        verbose_name_plural = _("versions of the draft")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(name="draft_version_has_digest", condition=~Q(digest=""))
        ]

    def __str__(self) -> str:
        return f"{self.saved_at:%Y-%m-%d %H:%M}"


class WorkingCopyQuerySet(models.QuerySet["WorkingCopy"]):
    def of(self, user: AbstractBaseUser) -> Self:
        return self.filter(user=user.pk)

    def by_others(self, user: AbstractBaseUser) -> Self:
        return self.exclude(user=user.pk).select_related("user")


class WorkingCopy(models.Model):
    """What someone has typed in a change to the draft and not saved yet: one for each change.

    The words are theirs alone; colleagues see that someone is writing, and where. `clause_slug`
    is the clause's permanent link, empty for a new clause: the words outlive the clause. `typed`
    has the form's fields by name; `saw` is the fingerprint of the wording they began from.
    """

    class Change(models.TextChoices):
        NEW = "new", _("new clause")
        EDIT = "edit", _("edit")
        SPLIT = "split", _("split")
        MERGE = "merge", _("merge")

    # How long after the last letter a colleague is said to be writing.
    WRITING_FOR = datetime.timedelta(minutes=15)

    process = models.ForeignKey(Process, models.CASCADE, related_name="working_copies")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    clause_slug = models.SlugField(_("clause"), max_length=80, blank=True)
    change = models.CharField(_("change"), max_length=8, choices=Change.choices)
    typed = models.JSONField(_("what was typed"))
    saw = models.CharField(_("wording it began from"), max_length=16, blank=True)
    started_at = models.DateTimeField(_("begun"), default=timezone.now)
    saved_at = models.DateTimeField(_("saved"), default=timezone.now)

    objects = WorkingCopyQuerySet.as_manager()

    class Meta:
        verbose_name = _("unsaved change")
        verbose_name_plural = _("unsaved changes")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["process", "user", "clause_slug", "change"], name="working_copy_once"
            ),
            models.CheckConstraint(
                name="working_copy_new_or_of_a_clause",
                condition=Q(change="new", clause_slug="") | (~Q(change="new") & ~Q(clause_slug="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.clause_slug or self.change}"

    def is_being_written(self, now: datetime.datetime) -> bool:
        return now - self.saved_at < self.WRITING_FOR
