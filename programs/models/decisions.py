"""Bodies that decide, and what they decided."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from programs.fields import PartialDateField
from programs.models.base import Keyed, Timestamped


class DecidingBody(Keyed):
    """Who decides. Its term of office tells when a program that it adopts is due for revision."""

    class TermOfOffice(models.TextChoices):
        COUNCIL = "council", _("the council's, from 15 October after an election")
        BOARD = "board", _("the executive board's, from 1 January after an election")

    name = models.CharField(_("name"), max_length=120)
    abbreviation = models.CharField(_("abbreviation"), max_length=12, blank=True)
    term_of_office = models.CharField(
        _("term of office"),
        max_length=8,
        choices=TermOfOffice.choices,
        default=TermOfOffice.BOARD,
    )

    class Meta:
        verbose_name = _("deciding body")
        verbose_name_plural = _("deciding bodies")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def in_sentence(self) -> str:
        """ "kommunstyrelsen", as it is written in the middle of a sentence."""
        return self.name[:1].lower() + self.name[1:]


class Decision(Timestamped):
    """A political decision. Body, date, section and case number are each given as far as known.

    The case number is never parsed: its form differs between municipalities.
    """

    class Outcome(models.TextChoices):
        ADOPTED = "adopted", _("adopted")
        APPROVED = "approved", _("approved")
        ASSIGNED = "assigned", _("assignment given")
        CONSULTATION = "consultation", _("sent out for consultation")
        NOTED = "noted", _("noted")
        FUNDED = "funded", _("money set aside")
        REFERRED_BACK = "referred_back", _("referred back")
        REJECTED = "rejected", _("rejected")

    program = models.ForeignKey(
        "programs.Program",
        models.PROTECT,
        verbose_name=_("program"),
        related_name="decisions",
        null=True,
        blank=True,
    )
    body = models.ForeignKey(
        DecidingBody,
        models.PROTECT,
        verbose_name=_("deciding body"),
        related_name="decisions",
        null=True,
        blank=True,
    )
    decided = PartialDateField(_("date"))
    section = models.CharField(_("section (§)"), max_length=12, blank=True)
    case_number = models.CharField(_("case number"), max_length=40, blank=True)
    outcome = models.CharField(_("outcome"), max_length=16, choices=Outcome.choices, blank=True)
    title = models.CharField(_("title"), max_length=160)
    text = models.TextField(_("what was decided"), blank=True)
    url = models.URLField(_("link to the minutes"), blank=True)

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = [models.F("decided").desc(nulls_last=True), "pk"]

    def __str__(self) -> str:
        return self.title
