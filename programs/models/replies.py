"""Beginnings for answers, which those who answer choose from."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from programs.models.voices import Outcome


class ReplyTemplate(models.Model):
    """A beginning for an answer with one outcome; whoever answers writes the rest."""

    name = models.CharField(_("name"), max_length=80)
    outcome = models.CharField(_("outcome"), max_length=16, choices=Outcome.choices)
    text = models.TextField(_("text"))

    class Meta:
        verbose_name = _("beginning of an answer")
        verbose_name_plural = _("beginnings of answers")
        ordering = ["outcome", "name"]

    def __str__(self) -> str:
        return self.name
