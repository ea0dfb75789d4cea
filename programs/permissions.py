"""Who may do what: one table, asked of single objects through `rules` and of whole querysets.

Roles come from a person's seats that are in force today (`Membership.current`), nowhere else:

====  =======================  =================================================================
A     administrator            seat with that role in the municipality's administration: a group
R     registrar                of that kind without program and place
M     moderator
L     project leader           seat with that role in a group of the program
P     leader in the place      leads a program of the place; the thing itself is the place's own
ANY   any project leader       leads some program; for what belongs to no program or place
C     coordinator              convenes a group of the program; its meetings and their documents
S     steering group member,   politician, resident or association in the steering group or the
      association              coordination group; association in the board of the association
====  =======================  =================================================================

In short: an administrator does everything and a registrar sees everything; a moderator sees and
changes ideas; a project leader adds and changes what belongs to their programs; a coordinator
changes their own group's meetings; a seat in a steering group or an association's board lets one
see what belongs to that program. Ideas and decisions are never deleted, and adopted text is
never touched – a superuser's `has_perm` always says yes, so ask `rules.has_perm` about those.

Without an object, a permission answers "might they, for some object".
"""

import datetime
import enum
from dataclasses import dataclass, replace
from typing import Any

import rules
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils import timezone

from programs.models import (
    AccessibilityStatement,
    Action,
    ActionUpdate,
    AgeGroup,
    BriefItem,
    Clause,
    DecidingBody,
    Decision,
    Document,
    Duty,
    Edition,
    Event,
    FormerName,
    Group,
    Idea,
    LocalBody,
    Locality,
    Membership,
    Municipality,
    Organisation,
    Photo,
    PlanningBrief,
    PrivacyNotice,
    Program,
    Term,
)
