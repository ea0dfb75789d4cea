"""The municipality that runs the portal, and its own words for things."""

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _

from programs.fields import PartialDateField
from programs.models.base import Timestamped


class Municipality(Timestamped):
    """One per installation. What differs between municipalities is data here, never code."""

    name = models.CharField(_("name"), max_length=100, help_text=_("For example Halmstads kommun."))
    short_name = models.CharField(_("short name"), max_length=60)
    code = models.CharField(
        _("municipality code"),
        max_length=4,
        unique=True,
        validators=[RegexValidator(r"^\d{4}$", _("Write four digits."))],
    )
    county = models.CharField(_("county"), max_length=60, blank=True)
    organisation_number = models.CharField(_("organisation number"), max_length=11, blank=True)
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)
    population = models.PositiveIntegerField(_("population"), null=True, blank=True)
    population_on = PartialDateField(_("population counted"))

    portal_name = models.CharField(_("name of the portal"), max_length=60)
    headline = models.CharField(_("headline of the home page"), max_length=120)
    lead = models.TextField(_("introduction on the home page"), blank=True)
    about = models.TextField(_("what the programs are"), blank=True)
    purposes = models.JSONField(_("purposes"), default=list, blank=True)
    brand_color = models.CharField(
        _("brand color"),
        max_length=7,
        default="#0b5d4a",
        validators=[RegexValidator(r"^#[0-9a-fA-F]{6}$", _("Write a color such as #0b5d4a."))],
        help_text=_("Every tint on the site is made from it, always with enough contrast."),
    )
    logo = models.ImageField(_("logo"), upload_to="logo/", blank=True)
    map_outline = models.JSONField(_("outline on the map"), default=list, blank=True)
    map_waters = models.JSONField(_("waters on the map"), default=list, blank=True)

    plan_depth = models.PositiveSmallIntegerField(
        _("levels under the vision"),
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(4)],
    )
    traffic_lights = models.BooleanField(
        _("show statuses as green, yellow and red"),
        default=False,
        help_text=_("The words are always shown beside the color."),
    )
    deciding_body = models.ForeignKey(
        "programs.DecidingBody",
        models.PROTECT,
        verbose_name=_("adopts the programs"),
        related_name="+",
        null=True,
        blank=True,
    )
    revises_each_term = models.BooleanField(
        _("programs are revised once in each term of office"),
        default=True,
        help_text=_("Created in six steps and revised in nine."),
    )
    works_in_phases = models.BooleanField(
        _("the places work in four phases"),
        default=False,
        help_text=_("Mobilise, initiate, carry out, conclude."),
    )
    approval_needs_politician = models.BooleanField(
        _("an approval needs at least one politician"), default=True
    )
    approval_needs_resident = models.BooleanField(
        _("an approval needs at least one resident representative"), default=True
    )
    reply_days = models.PositiveSmallIntegerField(_("days to an answer"), default=30)
    review_first = models.BooleanField(
        _("a person reads everything before it is shown"),
        default=True,
        help_text=_("Without it, what comes in is shown at once and reviewed afterwards."),
    )
    contact_months = models.PositiveSmallIntegerField(
        _("months that contact details are kept after the answer"),
        default=12,
        validators=[MinValueValidator(1), MaxValueValidator(60)],
    )
    citizen_proposal_url = models.URLField(
        _("where a formal citizens' proposal is made"),
        blank=True,
        help_text=_("Only where the council has introduced them."),
    )

    contact_function = models.CharField(_("responsible function"), max_length=120, blank=True)
    contact_email = models.EmailField(_("e-mail"), blank=True)
    contact_phone = models.CharField(_("telephone"), max_length=40, blank=True)
    postal_address = models.TextField(_("postal address"), blank=True)
    visiting_address = models.TextField(_("visiting address"), blank=True)
    opening_hours = models.TextField(_("opening hours"), blank=True)

    class Meta:
        verbose_name = _("municipality")
        verbose_name_plural = _("municipalities")
        constraints = [
            models.CheckConstraint(
                name="municipality_plan_depth_1_to_4",
                condition=Q(plan_depth__gte=1, plan_depth__lte=4),
            )
        ]

    def __str__(self) -> str:
        return self.name


class FormerName(models.Model):
    """What the municipality's way of working was called, and when."""

    municipality = models.ForeignKey(Municipality, models.CASCADE, related_name="former_names")
    name = models.CharField(_("name"), max_length=80)
    started = PartialDateField(_("from"))
    ended = PartialDateField(_("until"))
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("former name")
        verbose_name_plural = _("former names")
        ordering = ["started", "pk"]

    def __str__(self) -> str:
        return self.name


class Term(models.Model):
    """One of the municipality's own words, in its four Swedish forms."""

    class Key(models.TextChoices):
        LOCALITY = "locality", _("place")
        PROGRAM = "program", _("program")
        PROGRAM_SHORT = "program_short", _("program, as a short word in menus")
        VISION = "vision", _("vision")
        LEVEL_1 = "level_1", _("first level under the vision")
        LEVEL_2 = "level_2", _("second level under the vision")
        LEVEL_3 = "level_3", _("third level under the vision")
        LEVEL_4 = "level_4", _("fourth level under the vision")
        ACTION = "action", _("action")
        ACTION_LIST = "action_list", _("action list")
        IDEA = "idea", _("idea")
        PLANNING_BRIEF = "planning_brief", _("planning brief")
        PUBLIC_ASSEMBLY = "public_assembly", _("big meeting")
        ASSOCIATION = "association", _("community association")
        STEERING_GROUP = "steering_group", _("steering group")
        PROJECT_LEADER = "project_leader", _("project leader")
        NETWORK = "network", _("network of places")
        QUICK_FIX = "quick_fix", _("quick fix")

    municipality = models.ForeignKey(Municipality, models.CASCADE, related_name="terms")
    key = models.CharField(_("stands for"), max_length=20, choices=Key.choices)
    singular = models.CharField(_("singular"), max_length=60, help_text=_("en ort: “ort”"))
    definite = models.CharField(_("definite singular"), max_length=60, help_text=_("“orten”"))
    plural = models.CharField(_("plural"), max_length=60, help_text=_("“orter”"))
    definite_plural = models.CharField(
        _("definite plural"), max_length=60, help_text=_("“orterna”")
    )
    neuter = models.BooleanField(_("an “ett” word"), default=False)

    class Meta:
        verbose_name = _("word")
        verbose_name_plural = _("words")
        constraints = [
            models.UniqueConstraint(fields=["municipality", "key"], name="term_once_per_key")
        ]

    def __str__(self) -> str:
        return f"{self.get_key_display()}: {self.singular}"

    @property
    def one(self) -> str:
        """With its article: "en ort", "ett program"."""
        return f"{'ett' if self.neuter else 'en'} {self.singular}"


class Duty(models.Model):
    """Something that each adopted program owes in a year; one row per occurrence."""

    class Kind(models.TextChoices):
        STEERING_GROUP_MEETING = "steering_group_meeting", _("steering group meeting")
        PUBLIC_ASSEMBLY = "public_assembly", _("big meeting")
        FOLLOW_UP = "follow_up", _("follow-up of the action list")
        PLANNING_BRIEF = "planning_brief", _("planning brief handed over")

    municipality = models.ForeignKey(Municipality, models.CASCADE, related_name="duties")
    kind = models.CharField(_("kind"), max_length=30, choices=Kind.choices)
    label = models.CharField(_("label"), max_length=60)
    due_month = models.PositiveSmallIntegerField(
        _("done by the end of month"), validators=[MinValueValidator(1), MaxValueValidator(12)]
    )

    class Meta:
        verbose_name = _("duty of the year")
        verbose_name_plural = _("duties of the year")
        ordering = ["due_month", "kind", "pk"]
        constraints = [
            models.CheckConstraint(
                name="duty_due_month_in_year",
                condition=Q(due_month__gte=1, due_month__lte=12),
            )
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def month_name(self) -> str:
        return MONTHS[self.due_month].lower()


class AccessibilityStatement(models.Model):
    """What the law asks an accessibility statement to say (lagen 2018:1937)."""

    class Compliance(models.TextChoices):
        FULL = "full", _("fully compliant")
        PARTIAL = "partial", _("partially compliant")
        NONE = "none", _("not compliant")

    municipality = models.OneToOneField(
        Municipality, models.CASCADE, related_name="accessibility_statement"
    )
    service_name = models.CharField(_("name of the service"), max_length=120)
    compliance = models.CharField(_("compliance"), max_length=10, choices=Compliance.choices)
    assessed_on = models.DateField(_("assessed"))
    updated_on = models.DateField(_("updated"))
    method = models.TextField(_("how it was assessed"))
    known_issues = models.JSONField(
        _("known shortcomings"),
        default=list,
        blank=True,
        help_text=_("A list of {content, reason, fix_by}."),
    )
    disproportionate = models.TextField(_("disproportionate burden (section 12)"), blank=True)
    exempt = models.TextField(_("content outside the law (section 9)"), blank=True)
    contact_email = models.EmailField(_("e-mail"))
    contact_phone = models.CharField(_("telephone"), max_length=40, blank=True)
    answer_days = models.PositiveSmallIntegerField(_("days to an answer"), default=14)

    class Meta:
        verbose_name = _("accessibility statement")
        verbose_name_plural = _("accessibility statements")

    def __str__(self) -> str:
        return self.service_name


class PrivacyNotice(models.Model):
    """What residents are told about personal data (GDPR, article 13)."""

    municipality = models.OneToOneField(Municipality, models.CASCADE, related_name="privacy_notice")
    controller = models.CharField(_("controller"), max_length=120)
    dpo_function = models.CharField(_("data protection officer"), max_length=120)
    dpo_email = models.EmailField(_("e-mail of the data protection officer"))
    purposes = models.TextField(_("purposes and legal basis"))
    recipients = models.TextField(_("recipients"))
    retention = models.TextField(_("how long data is kept"))
    updated_on = models.DateField(_("updated"))

    class Meta:
        verbose_name = _("personal data notice")
        verbose_name_plural = _("personal data notices")

    def __str__(self) -> str:
        return self.controller
