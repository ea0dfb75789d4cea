"""What has been done with a voice, line by line."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from programs.models.voices import Outcome, Rule


class VoiceEntry(models.Model):
    """One line in a voice's history: what was done with it, when, by whom and why.

    Concrete for each kind of voice, with a `voice` key whose `related_name` is `history`. `by`
    is missing where the author, a passer-by or the portal itself did it. `text` is a reason, a
    private note, an answer or what a report says. `detail` is what was chosen: the rule, the
    outcome, the place or the person. `before` is the wording that an edit or a new answer
    replaced. What has been sent in twice with the same `key` makes one line. None of it is ever
    shown in public.
    """

    class Kind(models.TextChoices):
        RECEIVED = "received", _("came in")
        CONFIRMED = "confirmed", _("e-mail confirmed")
        PUBLISHED = "published", _("published")
        REFUSED = "refused", _("refused")
        HIDDEN = "hidden", _("hidden")
        ANSWERED = "answered", _("answered")
        EDITED = "edited", _("edited")
        MERGED = "merged", _("merged into another")
        UNMERGED = "unmerged", _("separated again")
        SPLIT = "split", _("split")
        MOVED = "moved", _("moved to another place")
        ASSIGNED = "assigned", _("assigned")
        NOTE = "note", _("private note")
        REPORTED = "reported", _("reported by a reader")
        PROMOTED = "promoted", _("became an action")
        BRIEFED = "briefed", _("put into the planning brief")
        UNBRIEFED = "unbriefed", _("taken out of the planning brief")
        BUDGETED = "budgeted", _("answered by the budget")
        REVIEW_ASKED = "review_asked", _("the author asks for a new look")
        CONTACT_ERASED = "contact_erased", _("contact details erased")
        CORRECTED = "corrected", _("details corrected")
        HANDLED = "handled", _("looked at")
        PICTURE = "picture", _("picture shown or held back")

    at = models.DateTimeField(_("when"), default=timezone.now)
    kind = models.CharField(_("what"), max_length=16, choices=Kind.choices)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("by"),
        related_name="+",
        null=True,
        blank=True,
    )
    detail = models.CharField(_("what was chosen"), max_length=200, blank=True)
    text = models.TextField(_("text"), blank=True)
    before = models.TextField(_("wording before"), blank=True)
    key = models.CharField(max_length=40, blank=True, editable=False)
    needs_attention = models.BooleanField(_("to be looked at"), default=False)

    class Meta:
        abstract = True
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["voice", "key"], name="%(class)s_key_once", condition=~Q(key="")
            )
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.get_kind_display()}"

    @property
    def detail_words(self) -> str:
        """`detail` in words, where it is the name of a rule or an outcome."""
        labels = {**dict(Rule.choices), **dict(Outcome.choices)}
        return str(labels.get(self.detail, self.detail))
