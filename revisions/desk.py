"""The sources of the desk that know of processes: steps, approvals, what an association owes."""

import datetime
from collections.abc import Iterator

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from programs.desk import Row, Urgency
from programs.permissions import Person, roles_of
from revisions.approval import approval_of
from revisions.models import Process
from revisions.permissions import seat_of
from revisions.requirements import missing

STUCK_DAYS = 60  # a step that has not moved for this long is said to stand still


def steps_to_move(user: Person, today: datetime.date) -> Iterator[Row]:
    """One row for each process: that it can move on, or since when it stands still and why."""
    running = Process.objects.open().filter(program__in=roles_of(user).led)
    for process in running.select_related("program__locality", "draft").with_records():
        lacking = missing(process, today)
        words = {"process": process, "step": process.step, "title": process.current.title}
        url = reverse("revisions_staff:process", args=[process.pk])
        is_decided_here = "decision_adopts" in process.current.requires
        if not lacking:
            yield Row(
                f"step:{process.pk}",
                Urgency.NOW,
                1,
                _("%(process)s: step %(step)s is done") % words,
                _("Go on to the next step"),
                url,
                str(process.current.title),
            )
        elif (
            not is_decided_here
            and (since := stands_since(process))
            and ((today - since).days >= STUCK_DAYS)
        ):
            yield Row(
                f"stuck:{process.pk}",
                Urgency.LATE,
                len(lacking),
                ngettext(
                    "thing is missing in step %(step)s: %(process)s",
                    "things are missing in step %(step)s: %(process)s",
                    len(lacking),
                )
                % words,
                _("See what is missing"),
                url,
                " ".join(str(standing.words) for standing in lacking),
            )


def stands_since(process: Process) -> datetime.date | None:
    started = [
        record.started
        for record in process.all_records
        if record.number == process.step and record.attempt == process.attempt and record.started
    ]
    return started[0].last if started else None


def approvals_for_me(user: Person, today: datetime.date) -> Iterator[Row]:
    """Drafts on which the person has a vote and has not taken a stand as they read now."""
    roles = roles_of(user)
    for process in (
        Process.objects.open()
        .filter(program__in=roles.politician_in | roles.resident_in)
        .select_related("program", "draft")
    ):
        if process.current.slug != "approval":
            continue
        seat = seat_of(user, process, today)
        state = approval_of(process, today)
        point = next((p for p in state.standpoints if seat and p.membership.pk == seat.pk), None)
        if point is None or point.approval is not None or state.is_met:
            continue
        yield Row(
            f"approval:{process.pk}",
            Urgency.NOW,
            1,
            _("The draft for %(program)s waits for your stand") % {"program": process.program}
            if point.earlier is None
            else _("The draft for %(program)s was changed since you took a stand")
            % {"program": process.program},
            _("Read and take a stand"),
            reverse("revisions_staff:approval", args=[process.pk]),
        )


def for_the_association(user: Person, today: datetime.date) -> Iterator[Row]:
    """Anchoring and statements that an association's representative may record."""
    running = Process.objects.open().filter(program__in=roles_of(user).association_in)
    for process in running.select_related("program", "draft"):
        slug = process.current.slug
        now = Q(attempt=process.attempt)
        words = {"program": process.program}
        if slug == "anchoring" and not process.anchorings.filter(now).exists():
            sentence, verb = (
                _("The work on %(program)s waits for your board") % words,
                _("Record what the board said"),
            )
        elif (
            slug == "draft"
            and process.draft_published_at
            and not process.statements.filter(now, body="association").exists()
        ):
            sentence, verb = (
                _("The draft for %(program)s waits for your association's statement") % words,
                _("Write the statement"),
            )
        else:
            continue
        is_late = bool(process.statement_due_on and process.statement_due_on < today)
        yield Row(
            f"association:{process.pk}",
            Urgency.LATE if is_late and slug == "draft" else Urgency.NOW,
            1,
            sentence,
            verb,
            reverse("revisions_staff:process", args=[process.pk]),
        )


SOURCES = (approvals_for_me, for_the_association, steps_to_move)
