"""How a draft came to differ from the text it started from."""

from django.conf import settings
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
