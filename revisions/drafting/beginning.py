"""How a draft begins: as a copy of the text in force."""

import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext as _

from programs.models import Clause, Edition
from revisions.drafting.base import keep_version
from revisions.models import LogEntry, Process
from revisions.steps import Kind
from revisions.workflow import Seen, TransitionError, lock, need, record

# Where the draft is begun.
FIRST_WRITING_STEP = {
    Kind.REVISION: "draft",
    Kind.CREATION: "compilation",
    Kind.LOCAL_DEVELOPMENT: "initiate",
}


@transaction.atomic
def begin_draft(
    process: Process, was: Seen, *, by: AbstractBaseUser, role: str = "", today: datetime.date
) -> Edition:
    """A draft that starts as a copy of the text in force, each clause with its `origin`.

    A local development that is sent back to its plan begins another after the one adopted.
    """
    process = lock(process, was)
    need(process, FIRST_WRITING_STEP[process.kind])
    if process.draft and process.draft.state == Edition.State.DRAFT:
        raise TransitionError(_("There is already a draft."))
    if process.program.editions.filter(state=Edition.State.DRAFT).exists():
        raise TransitionError(_("The program already has a draft."))
    latest = process.program.editions.order_by("-number").first()
    base = process.program.editions.adopted().first()
    draft = Edition.objects.create(
        program=process.program,
        number=latest.number + 1 if latest else 1,
        horizon_year=base.horizon_year if base else None,
        interim_year=base.interim_year if base else None,
    )
    copies: dict[int, Clause] = {}
    for clause in base.clauses.all() if base else ():
        copies[clause.pk] = Clause.objects.create(
            edition=draft,
            parent=copies.get(clause.parent_id),
            origin=clause,
            slug=clause.slug,
            level=clause.level,
            position=clause.position,
            number=clause.number,
            heading=clause.heading,
            text=clause.text,
            youth_voices=clause.youth_voices,
        )
    process.draft, process.base, process.draft_published_at = draft, base, None
    process.save(update_fields=["draft", "base", "draft_published_at", "updated_at"])
    record(process, LogEntry.Kind.DRAFT_MADE, by=by, role=role, today=today)
    keep_version(process, by, _("The draft was begun"), today)
    return draft
