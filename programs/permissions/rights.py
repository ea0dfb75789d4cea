"""The table of who may do what: for single objects through `rules`, and for whole querysets.

Asked without an object, a permission answers "might they, for some object". A superuser counts
as an administrator; but `user.has_perm` says yes to a superuser whatever the table says, so ask
`rules.has_perm` where ideas, decisions and adopted text must be safe from superusers too.
"""

import enum
from collections.abc import Sequence
from dataclasses import dataclass

import rules
from django.db import models
from django.db.models import Q

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
    Erasure,
    Event,
    FormerName,
    Group,
    Idea,
    IdeaEntry,
    IdeaPhoto,
    Inquiry,
    JoinRequest,
    LocalBody,
    Locality,
    Membership,
    Municipality,
    Organisation,
    OutgoingMail,
    Photo,
    PlanningBrief,
    PrivacyNotice,
    Program,
    ReplyTemplate,
    SendCount,
    SignUp,
    Subscription,
    Support,
    Term,
)
from programs.permissions.roles import Person, Roles, has_a_task, roles_of


class Who(enum.Flag):
    """How a person may stand to a thing."""

    A = enum.auto()  # administrator
    R = enum.auto()  # registrar
    M = enum.auto()  # moderator
    L = enum.auto()  # leads the program that the thing belongs to
    P = enum.auto()  # leads a program of the place; the thing is the place's own, of no program
    ANY = enum.auto()  # leads some program
    C = enum.auto()  # convenes the group whose thing it is, in the group's own program
    S = enum.auto()  # politician, resident or association representative in the program


A, R, M, L, P, ANY, C, S = Who
NOBODY = Who(0)


@dataclass(frozen=True, slots=True)
class Rights:
    """Who may do what with the rows of one model; `use` is who may choose one in a form."""

    view: Who
    add: Who
    change: Who
    delete: Who
    use: Who


@dataclass(frozen=True, slots=True)
class Belongs:
    """The paths from a row to its program, place and group. The first that is set counts."""

    program: Sequence[str] = ()
    place: Sequence[str] = ()
    group: Sequence[str] = ()


SETTING = Rights(A | R, A, A, A, A)
LIST = Rights(A | R | L | S, A | L, A | L, A, A | L)
PART = Rights(A | R | L | S, A | L, A | L, A | L, A | L)

# fmt: off
TABLE = {
    #                       view                 add      change     delete     use
    Municipality:           Rights(A|R,          A,       A,         NOBODY,    A),
    FormerName:             SETTING,
    Term:                   SETTING,
    Duty:                   SETTING,
    AccessibilityStatement: SETTING,
    PrivacyNotice:          SETTING,
    ReplyTemplate:          Rights(A|R|M|ANY,    A|ANY,   A|ANY,     A|ANY,     A|M|ANY),
    OutgoingMail:           Rights(A|R,          NOBODY,  A,         NOBODY,    A),
    SendCount:              Rights(A|R,          NOBODY,  NOBODY,    NOBODY,    A),
    Subscription:           Rights(A|R,          NOBODY,  NOBODY,    NOBODY,    A),
    Support:                Rights(A|R,          NOBODY,  NOBODY,    NOBODY,    A),
    Erasure:                Rights(A|R,          NOBODY,  NOBODY,    NOBODY,    A),
    DecidingBody:           Rights(A|R|ANY,      A,       A,         A,         A|ANY),
    Organisation:           Rights(A|R|ANY,      A|ANY,   A|ANY,     A,         A|ANY),
    Locality:               Rights(A|R|P,        A,       A,         A,         A|P),
    LocalBody:              Rights(A|R|P,        A|P,     A|P,       A,         A|P),
    Group:                  Rights(A|R|L|P|C|S,  A|L|P,   A|L|P,     A,         A|L|P|C),
    Membership:             Rights(A|R|L|P|S,    A|L|P,   A|L|P,     A,         A|L|P),
    Program:                Rights(A|R|L|S,      A,       A|L,       A,         A|L),
    Edition:                LIST,
    Clause:                 PART,
    Action:                 LIST,
    ActionUpdate:           LIST,
    Idea:                   Rights(A|R|M|L|P,    A|L|P,   A|M|L|P,   NOBODY,    A|L|P),
    IdeaEntry:              Rights(A|R|M|L|P,    A|M|L|P, NOBODY,    NOBODY,    A),
    IdeaPhoto:              Rights(A|R|M|L|P,    A|L|P,   A|M|L|P,   NOBODY,    A),
    Inquiry:                Rights(A|R|L,        NOBODY,  A|L,       NOBODY,    A),
    JoinRequest:            Rights(A|R|L|P|C,    NOBODY,  A|L|P|C,   NOBODY,    A),
    SignUp:                 Rights(A|R|L|P|C,    A|L|P|C, A|L|P|C,   NOBODY,    A),
    PlanningBrief:          LIST,
    BriefItem:              PART,
    Event:                  Rights(A|R|L|P|C|S,  A|L|P,   A|L|P|C,   A,         A|L|P|C),
    AgeGroup:               Rights(A|R|L|P|C|S,  A|L|P|C, A|L|P|C,   A|L|P|C,   A|L|P|C),
    Document:               Rights(A|R|L|P|C|S,  A|L|P,   A|L|P|C,   A,         A|L|P),
    Photo:                  Rights(A|R|L|P|S,    A|L|P,   A|L|P,     A|L|P,     A|L|P),
    Decision:               Rights(A|R|L|S,      A|L,     A|L,       NOBODY,    A|L),
}
# fmt: on

OF_PROGRAM = Belongs(program=["program"])
BELONGS: dict[type[models.Model], Belongs] = {
    Locality: Belongs(place=["pk"]),
    LocalBody: Belongs(place=["locality"]),
    Group: Belongs(program=["program"], place=["locality"], group=["pk"]),
    Membership: Belongs(program=["group__program"], place=["group__locality"]),
    Program: Belongs(program=["pk"]),
    Edition: OF_PROGRAM,
    Clause: Belongs(program=["edition__program"]),
    Action: OF_PROGRAM,
    ActionUpdate: Belongs(program=["action__program"]),
    Idea: Belongs(program=["program"], place=["locality"]),
    IdeaEntry: Belongs(program=["voice__program"], place=["voice__locality"]),
    IdeaPhoto: Belongs(program=["idea__program"], place=["idea__locality"]),
    Inquiry: OF_PROGRAM,
    JoinRequest: Belongs(program=["group__program"], place=["locality"], group=["group"]),
    SignUp: Belongs(program=["event__program"], place=["event__locality"], group=["event__group"]),
    PlanningBrief: OF_PROGRAM,
    BriefItem: Belongs(program=["brief__program"]),
    Event: Belongs(program=["program"], place=["locality"], group=["group"]),
    AgeGroup: Belongs(
        program=["event__program"], place=["event__locality"], group=["event__group"]
    ),
    Document: Belongs(
        program=[
            "program",
            "edition__program",
            "event__program",
            "action__program",
            "decision__program",
        ],
        place=["locality", "event__locality"],
        group=["event__group"],
    ),
    Photo: Belongs(
        program=["action__program", "event__program"], place=["locality", "event__locality"]
    ),
    Decision: OF_PROGRAM,
}


@rules.predicate
def is_adopted_text(_user: Person, obj: models.Model | None = None) -> bool:
    if isinstance(obj, Clause):
        obj = obj.edition if obj.edition_id else None
    return isinstance(obj, Edition) and obj.is_locked


NEVER: dict[type[models.Model], rules.Predicate] = {
    Edition: is_adopted_text,
    Clause: is_adopted_text,
}


def visible(user: Person, queryset: models.QuerySet) -> models.QuerySet:
    """The rows that the person may view."""
    return _limit(queryset, roles_of(user), TABLE[queryset.model].view)


def changeable(user: Person, queryset: models.QuerySet) -> models.QuerySet:
    """The rows that the person may change."""
    return _limit(queryset, roles_of(user), TABLE[queryset.model].change)


def choices(user: Person, source: type[models.Model], queryset: models.QuerySet) -> models.QuerySet:
    """The rows that the person may choose in a form for a `source`.

    Who may change every `source` there is chooses freely; others stay within what is theirs.
    """
    roles = roles_of(user)
    if _stands_everywhere(roles, TABLE[source].change):
        return queryset
    return _limit(queryset, roles, TABLE[queryset.model].use)


def program_of(obj: models.Model) -> Program | None:
    """The program a thing belongs to; None for what is a place's or the municipality's own."""
    if isinstance(obj, Program):
        return obj
    ends = (_walk(obj, path.split("__")) for path in _belongs(type(obj)).program)
    return next((program for program in ends if program is not None), None)


def stands(user: Person, who: Who, obj: models.Model | None) -> bool:
    """Whether the person is one of those; without an object, whether they are for some."""
    return _stands(roles_of(user), who, obj)


# --- How a person stands to one object, and to the rows of a queryset: the two must agree --------


def _stands(roles: Roles, who: Who, obj: models.Model | None) -> bool:
    if _stands_everywhere(roles, who):
        return True
    if obj is None:
        return bool(
            (who & (L | P) and roles.led)
            or (C in who and roles.convened)
            or (S in who and roles.seated_in)
        )
    belongs = _belongs(type(obj))
    program = _first_key(obj, belongs.program)
    place = _first_key(obj, belongs.place)
    group = _first_key(obj, belongs.group)
    return (
        (L in who and program in roles.led)
        or (P in who and program is None and place in roles.led_places)
        or (C in who and group in roles.convened and program in roles.convened_programs)
        or (S in who and program in roles.seated_in)
    )


def _limit(queryset: models.QuerySet, roles: Roles, who: Who) -> models.QuerySet:
    if _stands_everywhere(roles, who):
        return queryset
    belongs = _belongs(queryset.model)
    reached = Q(pk__in=[])
    if L in who:
        reached |= _first_in(belongs.program, roles.led)
    if P in who:
        reached |= _unset(belongs.program) & _first_in(belongs.place, roles.led_places)
    if C in who:
        reached |= _first_in(belongs.group, roles.convened) & _first_in(
            belongs.program, roles.convened_programs
        )
    if S in who:
        reached |= _first_in(belongs.program, roles.seated_in)
    return queryset.filter(reached)


def _stands_everywhere(roles: Roles, who: Who) -> bool:
    return bool(
        (A in who and roles.administers)
        or (R in who and roles.registers)
        or (M in who and roles.moderates)
        or (ANY in who and roles.led)
    )


def _belongs(model: type[models.Model]) -> Belongs:
    return BELONGS.get(model, Belongs())


def _first_key(obj: models.Model, paths: Sequence[str]) -> int | None:
    """Fetches only what lies between: the thing at the end of a path is not needed."""
    for path in paths:
        *steps, last = path.split("__")
        end = _walk(obj, steps)
        key = end and (end.pk if last == "pk" else getattr(end, f"{last}_id"))
        if key is not None:
            return key
    return None


def _first_in(paths: Sequence[str], keys: frozenset[int]) -> Q:
    found = Q(pk__in=[])
    for number, path in enumerate(paths):
        found |= _unset(paths[:number]) & Q(**{f"{path}__in": keys})
    return found


def _walk(obj: models.Model | None, steps: Sequence[str]) -> models.Model | None:
    for step in steps:
        if obj is not None:
            obj = getattr(obj, step) if getattr(obj, f"{step}_id") is not None else None
    return obj


def _unset(paths: Sequence[str]) -> Q:
    return Q(**{f"{path}__isnull": True for path in paths})


# --- Handing the table to `rules` ----------------------------------------------------------------


def grant(
    model: type[models.Model],
    rights: Rights,
    belongs: Belongs = Belongs(),
    never: rules.Predicate = rules.always_false,
) -> None:
    """Enter a model in the table and in `rules`; where `never` holds, nobody changes anything."""
    TABLE[model], BELONGS[model] = rights, belongs
    app, name = model._meta.app_label, model._meta.model_name
    rules.add_perm(f"{app}.view_{name}", _standing(rights.view))
    rules.add_perm(f"{app}.add_{name}", _standing(rights.add) & ~never)
    rules.add_perm(f"{app}.change_{name}", _standing(rights.change) & ~never)
    rules.add_perm(f"{app}.delete_{name}", _standing(rights.delete) & ~never)
    if not rules.perm_exists(app):
        rules.add_perm(app, has_a_task)  # Django asks this whether to show the app at all


def _standing(who: Who) -> rules.Predicate:
    def predicate(user: Person, obj: models.Model | None = None) -> bool:
        return stands(user, who, obj)

    return rules.predicate(predicate)


for _model, _rights in list(TABLE.items()):
    grant(_model, _rights, _belongs(_model), NEVER.get(_model, rules.always_false))
