"""What is being typed in the draft, kept until it is saved as a change, for its writer alone."""

import datetime
from collections.abc import Mapping
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from programs.models import Clause
from revisions.drafting import fingerprint
from revisions.models import Process, WorkingCopy

# The fields that someone writes in; the others are choices, kept along with the words.
OF_CLAUSE = ("heading", "text", "youth_voices")
WORDS = (*OF_CLAUSE, "second_heading", "second_text", "reason")
CHOICES = ("level", "after", "other")
# More than all fields together may hold, so that a text that is too long is kept as well.
MOST_CHARACTERS = 60_000


class TooMuchToKeep(Exception):
    """Longer than any form of the draft."""


def keep(
    process: Process,
    user: AbstractBaseUser,
    *,
    change: str,
    slug: str,
    typed: Mapping[str, Any],
    saw: str,
    now: datetime.datetime,
) -> WorkingCopy | None:
    """Remember what was typed in a change to the clause `slug`; None when there is nothing new.

    A request may arrive after the change was saved for good: what stands in the draft word for
    word is not kept again.
    """
    if sum(len(str(value)) for value in typed.values()) > MOST_CHARACTERS:
        raise TooMuchToKeep
    where = {"process": process, "user": user, "clause_slug": slug, "change": change}
    with transaction.atomic():
        if not says_something_new(process, change, slug, typed, saw):
            WorkingCopy.objects.filter(**where).delete()
            return None
        copy, _is_made = WorkingCopy.objects.update_or_create(
            **where,
            defaults={"typed": dict(typed), "saw": saw, "saved_at": now},
            create_defaults={"typed": dict(typed), "saw": saw, "saved_at": now, "started_at": now},
        )
    return copy


def forget(process: Process, user: AbstractBaseUser, *, change: str, slug: str) -> None:
    """The change was saved for good, or its writer threw it away."""
    WorkingCopy.objects.filter(
        process=process, user=user.pk, clause_slug=slug, change=change
    ).delete()


def says_something_new(
    process: Process, change: str, slug: str, typed: Mapping[str, Any], saw: str
) -> bool:
    words = {name: plain(typed.get(name, "")) for name in WORDS}
    clauses = process.draft.clauses.all() if process.draft else Clause.objects.none()
    if change == WorkingCopy.Change.NEW:
        is_there = clauses.filter(heading=words["heading"], text=words["text"]).exists()
        return any(words.values()) and not is_there
    clause = clauses.filter(slug=slug).first()
    if clause is None:
        return bool(words["heading"] or words["text"])
    if any(words[name] != plain(getattr(clause, name)) for name in OF_CLAUSE if name in typed):
        return True
    # The same words as in the draft: if it changed meanwhile, it was by this very change.
    rest = any(words[name] for name in WORDS if name not in OF_CLAUSE)
    return rest and saw == fingerprint(clause)


def plain(text: Any) -> str:
    """As it is stored: a browser sends its own line endings, and space around."""
    return str(text).replace("\r\n", "\n").strip()
