"""Documents and photos, with what the law asks one to say about them."""

from pathlib import PurePath
from typing import Self

from django.core.exceptions import ValidationError
from django.core.validators import FileExtensionValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from easy_thumbnails.fields import ThumbnailerImageField
from modelsearch import index
from modelsearch.queryset import SearchableQuerySetMixin
from PIL import Image

from programs.fields import PartialDateField
from programs.models.base import Timestamped
from programs.models.editions import Edition

DOCUMENT_TYPES = ["pdf", "docx", "xlsx", "pptx", "odt", "ods", "odp", "csv", "txt", "jpg", "png"]
PHOTO_TYPES = ["JPEG", "MPO", "PNG", "WEBP", "GIF"]


class DocumentQuerySet(SearchableQuerySetMixin, models.QuerySet["Document"]):
    def public(self) -> Self:
        """Not those of a draft, which becomes public through its revision."""
        return self.filter(Q(edition__isnull=True) | Q(edition__state__in=Edition.IN_FORCE_ONCE))


class Document(index.Indexed, Timestamped):
    """A document with a date of its own. Neither file nor link: known of, but not kept here."""

    class Kind(models.TextChoices):
        PROJECT_DESCRIPTION = "project_description", _("project description")
        PROGRAM_TEXT = "program_text", _("program text")
        ACTION_LIST = "action_list", _("action list")
        PLANNING_BRIEF = "planning_brief", _("planning brief")
        MEETING_NOTES = "meeting_notes", _("meeting notes")
        STATEMENT = "statement", _("statement")
        CONSULTATION_REPORT = "consultation_report", _("consultation report")
        COMPILATION = "compilation", _("compilation")
        EVALUATION = "evaluation", _("evaluation")
        PRESENTATION = "presentation", _("presentation")
        MAP = "map", _("map")
        SURVEY_REPORT = "survey_report", _("survey report")
        OTHER = "other", _("other")

    program = models.ForeignKey(
        "programs.Program",
        models.PROTECT,
        verbose_name=_("program"),
        related_name="documents",
        null=True,
        blank=True,
    )
    locality = models.ForeignKey(
        "programs.Locality",
        models.PROTECT,
        verbose_name=_("place"),
        related_name="documents",
        null=True,
        blank=True,
    )
    edition = models.ForeignKey(
        "programs.Edition",
        models.PROTECT,
        verbose_name=_("edition"),
        related_name="documents",
        null=True,
        blank=True,
    )
    event = models.ForeignKey(
        "programs.Event",
        models.PROTECT,
        verbose_name=_("event"),
        related_name="documents",
        null=True,
        blank=True,
    )
    action = models.ForeignKey(
        "programs.Action",
        models.PROTECT,
        verbose_name=_("action"),
        related_name="documents",
        null=True,
        blank=True,
    )
    decision = models.ForeignKey(
        "programs.Decision",
        models.PROTECT,
        verbose_name=_("decision"),
        related_name="documents",
        null=True,
        blank=True,
    )
    title = models.CharField(_("title"), max_length=200)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    dated = PartialDateField(_("dated"))
    file = models.FileField(
        _("file"),
        upload_to="documents/%Y/",
        blank=True,
        validators=[FileExtensionValidator(DOCUMENT_TYPES)],
    )
    url = models.URLField(_("link"), max_length=500, blank=True)
    is_accessible = models.BooleanField(_("accessible"), default=True)
    inaccessible_reason = models.TextField(
        _("why it is not accessible"), blank=True, help_text=_("Shown beside the document.")
    )
    note = models.TextField(_("note"), blank=True)

    objects = DocumentQuerySet.as_manager()
    search_fields = [
        index.SearchField("title", boost=2),
        index.SearchField("note"),
        index.AutocompleteField("title"),
        index.AutocompleteField("note"),
        index.FilterField("id"),
        index.FilterField("edition"),
        index.RelatedFields("edition", [index.FilterField("state")]),
    ]

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = [F("dated").desc(nulls_last=True), "title", "pk"]
        constraints = [
            models.CheckConstraint(
                name="document_belongs_somewhere",
                condition=Q(program__isnull=False)
                | Q(locality__isnull=False)
                | Q(event__isnull=False)
                | Q(action__isnull=False)
                | Q(decision__isnull=False)
                | Q(edition__isnull=False),
                violation_error_message=_("Choose what the document belongs to."),
            ),
            models.CheckConstraint(
                name="document_file_or_link",
                condition=Q(file="") | Q(url=""),
                violation_error_message=_("Give a file or a link, not both."),
            ),
            models.CheckConstraint(
                name="document_inaccessible_says_why",
                condition=Q(is_accessible=True) | ~Q(inaccessible_reason=""),
                violation_error_message=_("Say why the document is not accessible."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Where the document is; empty when it is only known of."""
        return self.file.url if self.file else self.url

    @property
    def is_public(self) -> bool:
        """The same rule as `DocumentQuerySet.public`."""
        return self.edition is None or self.edition.state in Edition.IN_FORCE_ONCE

    @property
    def file_type(self) -> str:
        """ "PDF", "DOCX" …; "HTML" for a link without a known ending, empty without either."""
        if not self.file and not self.url:
            return ""
        ending = PurePath(self.file.name if self.file else self.url).suffix.lstrip(".").lower()
        return ending.upper() if ending in DOCUMENT_TYPES else "HTML"


class Photo(Timestamped):
    """A picture of exactly one thing. Metadata such as the position is removed when it is saved."""

    locality = models.ForeignKey(
        "programs.Locality", models.CASCADE, related_name="photos", null=True, blank=True
    )
    action = models.ForeignKey(
        "programs.Action", models.CASCADE, related_name="photos", null=True, blank=True
    )
    event = models.ForeignKey(
        "programs.Event", models.CASCADE, related_name="photos", null=True, blank=True
    )
    # Saving draws the picture anew at a bounded size, which leaves all metadata behind.
    image = ThumbnailerImageField(
        _("picture"),
        upload_to="photos/%Y/",
        resize_source={"size": (2000, 2000), "quality": 85},
    )
    alt = models.CharField(
        _("text instead of the picture"),
        max_length=250,
        blank=True,
        help_text=_("What one would say about it over the telephone."),
    )
    is_decorative = models.BooleanField(_("only decoration"), default=False)
    caption = models.CharField(_("caption"), max_length=200, blank=True)
    credit = models.CharField(_("photographer"), max_length=100, blank=True)
    taken = PartialDateField(_("taken"))

    class Meta:
        verbose_name = _("photo")
        verbose_name_plural = _("photos")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="photo_of_one_thing",
                condition=Q(locality__isnull=False, action__isnull=True, event__isnull=True)
                | Q(locality__isnull=True, action__isnull=False, event__isnull=True)
                | Q(locality__isnull=True, action__isnull=True, event__isnull=False),
                violation_error_message=_("A photo belongs to one place, action or event."),
            ),
            models.CheckConstraint(
                name="photo_has_alt_or_is_decorative",
                condition=Q(is_decorative=True, alt="") | (Q(is_decorative=False) & ~Q(alt="")),
                violation_error_message=_(
                    "Describe the picture in words, or mark it as only decoration."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.alt or self.image.name

    def clean(self) -> None:
        """Only a new picture is looked at: the file of an old one may be gone."""
        if not self.image or self.image._committed:
            return
        if self.image.size > 20 * 1024 * 1024:
            raise ValidationError({"image": _("The picture is larger than 20 MB.")})
        with Image.open(self.image.file) as picture:
            (width, height), kind = picture.size, picture.format
        self.image.file.seek(0)
        if kind not in PHOTO_TYPES:
            raise ValidationError({"image": _("Choose a picture in JPEG, PNG, WebP or GIF.")})
        if width * height > 50_000_000 or max(width, height) > 100 * min(width, height):
            raise ValidationError(
                {"image": _("The picture has too many pixels, or is a mere line.")}
            )
