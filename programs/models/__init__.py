"""The nouns of the portal. Import them from here."""

from programs.models.actions import Action, ActionUpdate
from programs.models.briefs import BriefItem, PlanningBrief
from programs.models.decisions import DecidingBody, Decision
from programs.models.documents import Document, Photo
from programs.models.editions import Clause, Edition, EditionLocked
from programs.models.events import AgeGroup, Event, SignUp
from programs.models.followers import Subscription
from programs.models.groups import Group, Membership
from programs.models.ideas import Idea, IdeaEntry, IdeaPhoto, Support
from programs.models.inquiries import Inquiry, JoinRequest
from programs.models.mail import OutgoingMail
from programs.models.municipality import (
    AccessibilityStatement,
    Duty,
    FormerName,
    Municipality,
    PrivacyNotice,
    Term,
)
from programs.models.order import Erasure, SendCount
from programs.models.places import LocalBody, Locality, Organisation
from programs.models.programs import Program
from programs.models.replies import ReplyTemplate
from programs.models.voice_history import VoiceEntry
from programs.models.voices import Channel, Outcome, Rule, Voice, VoiceState

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
    "Erasure",
    "Event",
    "FormerName",
    "Group",
    "Idea",
    "IdeaEntry",
    "IdeaPhoto",
    "Inquiry",
    "JoinRequest",
    "LocalBody",
    "Locality",
    "Membership",
    "Municipality",
    "Organisation",
    "Outcome",
    "OutgoingMail",
    "Photo",
    "PlanningBrief",
    "PrivacyNotice",
    "Program",
    "ReplyTemplate",
    "Rule",
    "SendCount",
    "SignUp",
    "Subscription",
    "Support",
    "Term",
    "Voice",
    "VoiceEntry",
    "VoiceState",
]
