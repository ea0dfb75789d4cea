"""The nouns of the portal. Import them from here."""

from programs.models.actions import Action, ActionUpdate
from programs.models.decisions import DecidingBody, Decision
from programs.models.documents import Document, Photo
from programs.models.editions import Clause, Edition, EditionLocked
from programs.models.events import AgeGroup, Event
from programs.models.groups import Group, Membership
from programs.models.ideas import BriefItem, Idea, PlanningBrief
from programs.models.municipality import (
    AccessibilityStatement,
    Duty,
    FormerName,
    Municipality,
    PrivacyNotice,
    Term,
)
from programs.models.places import LocalBody, Locality, Organisation
from programs.models.programs import Program
from programs.models.voices import Channel, Outcome, Voice, VoiceState

__all__ = [
    "AccessibilityStatement",
    "Action",
    "ActionUpdate",
    "AgeGroup",
    "BriefItem",
    "Channel",
    "Clause",
    "DecidingBody",
    "Decision",
    "Document",
    "Duty",
    "Edition",
    "EditionLocked",
    "Event",
    "FormerName",
    "Group",
    "Idea",
    "LocalBody",
    "Locality",
    "Membership",
    "Municipality",
    "Organisation",
    "Outcome",
    "Photo",
    "PlanningBrief",
    "PrivacyNotice",
    "Program",
    "Term",
    "Voice",
    "VoiceState",
]
