"""The sources of the desk that know of meetings, duties and what people have written."""

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterator

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from programs.desk.rows import Row, Urgency, named
from programs.models import Duty, Event, Inquiry, JoinRequest, Municipality, OutgoingMail, Program
from programs.permissions import Person, changeable, roles_of
from programs.permissions.voices import may_review_some
from programs.voices.kinds import kinds
from programs.voices.queue import FLAGGED, LATE, TO_ANSWER, TO_REVIEW, Choice, Queue
from programs.yearwheel import Spoke, State, year_wheels

Source = Callable[[Person, datetime.date], Iterator[Row]]

AGENDA_DAYS = 14  # a meeting that is nearer than this should have an agenda
NOTES_DAYS = 3  # and this long after it, notes
NOTES_UNTIL_DAYS = 120  # what is older is history
DUTY_DAYS = 45  # how long before its last day a duty comes onto the desk

# Meetings whose notes everyone may expect to read.
NOTED_KINDS = (
    Event.Kind.PUBLIC_ASSEMBLY,
    Event.Kind.DIALOGUE_MEETING,
    Event.Kind.INFORMATION_MEETING,
    Event.Kind.STEERING_GROUP_MEETING,
    Event.Kind.WORKSHOP,
    Event.Kind.SAFETY_WALK,
    Event.Kind.YOUTH_ACTIVITY,
    Event.Kind.FOLLOW_UP,
)


def led_programs(user: Person) -> list[Program]:
    """Those that the person runs, with what the year wheel needs."""
    return list(
        Program.objects.filter(pk__in=roles_of(user).led)
        .select_related("locality")
        .with_current_edition()
    )


def mine(user: Person) -> Q:
    """Events of the programs and places that the person runs, and of groups they convene."""
    roles = roles_of(user)
    return (
        Q(program__in=roles.led)
        | Q(program=None, locality__in=roles.led_places)
        | Q(group__in=roles.convened)
    )


def meetings_without_agenda(user: Person, today: datetime.date) -> Iterator[Row]:
    soon = today + datetime.timedelta(days=AGENDA_DAYS)
    events = [
        event
        for event in Event.objects.upcoming(today)
        .filter(mine(user), agenda="", kind__in=NOTED_KINDS)
        .select_related("program", "locality")
        if event.date.first <= soon
    ]
    if events:
        yield Row(
            "meetings_without_agenda",
            Urgency.NOW,
            len(events),
            ngettext(
                "meeting is near and has no agenda",
                "meetings are near and have no agenda",
                len(events),
            ),
            _("Write the agenda"),
            reverse("admin:programs_event_change", args=[events[0].pk]),
            named(event.title for event in events),
        )


def meetings_without_notes(user: Person, today: datetime.date) -> Iterator[Row]:
    events = [
        event
        for event in Event.objects.past(today - datetime.timedelta(days=NOTES_DAYS))
        .filter(mine(user), notes="", kind__in=NOTED_KINDS, is_cancelled=False, documents=None)
        .select_related("program", "locality")[:100]
        if event.last_day >= today - datetime.timedelta(days=NOTES_UNTIL_DAYS)
    ]
    if events:
        yield Row(
            "meetings_without_notes",
            Urgency.LATE,
            len(events),
            ngettext("meeting has no notes yet", "meetings have no notes yet", len(events)),
            _("Write the notes"),
            reverse("admin:programs_event_change", args=[events[0].pk]),
            named(event.title for event in events),
        )


def duties_of_the_year(user: Person, today: datetime.date) -> Iterator[Row]:
    """Missed ones once for each duty, and those that fall due soon and are not planned."""
    found: dict[tuple[Duty, State], list[tuple[Program, Spoke]]] = defaultdict(list)
    for program, spoke in spokes_of(user, today):
        is_near = (spoke.due_on - today).days <= DUTY_DAYS
        if spoke.state == State.MISSED or (spoke.state == State.DUE and is_near):
            found[spoke.duty, spoke.state].append((program, spoke))
    for (duty, state), rows in found.items():
        last_day = rows[0][1].due_on
        words = {"duty": duty.label, "month": duty.month_name}
        missed = state == State.MISSED
        yield Row(
            f"duty:{duty.pk}:{last_day.year}",
            Urgency.LATE if missed else Urgency.SOON,
            len(rows),
            (
                ngettext(
                    "program missed “%(duty)s” in %(month)s",
                    "programs missed “%(duty)s” in %(month)s",
                    len(rows),
                )
                if missed
                else ngettext(
                    "program has “%(duty)s” left, by the end of %(month)s",
                    "programs have “%(duty)s” left, by the end of %(month)s",
                    len(rows),
                )
            )
            % words,
            _("Plan it") if duty.kind != Duty.Kind.PLANNING_BRIEF else _("Put the brief together"),
            reverse("programs_staff:briefs")
            if duty.kind == Duty.Kind.PLANNING_BRIEF
            else f"{reverse('admin:programs_event_add')}?program={rows[0][0].pk}"
            f"&locality={rows[0][0].locality_id}&kind={duty.kind}",
            named(program for program, _spoke in rows),
        )


def spokes_of(user: Person, today: datetime.date) -> list[tuple[Program, Spoke]]:
    programs = led_programs(user)
    municipality = Municipality.objects.first()
    if not programs or municipality is None:
        return []
    wheels = year_wheels(municipality, programs, year=today.year, today=today)
    return [(wheel.program, spoke) for wheel in wheels for spoke in wheel.spokes]


def next_duty(user: Person, today: datetime.date) -> tuple[Duty, datetime.date] | None:
    """What falls due next in the programs that the person runs, this year or early the next."""
    waiting = [
        (spoke.due_on, spoke.duty)
        for _program, spoke in spokes_of(user, today)
        if spoke.state in (State.DUE, State.PLANNED) and spoke.due_on >= today
    ]
    if not waiting:
        return None
    last_day, duty = min(waiting, key=lambda pair: (pair[0], pair[1].pk))
    return duty, last_day


def messages_about_pages(user: Person, today: datetime.date) -> Iterator[Row]:
    rows = changeable(user, Inquiry.objects.open())
    count, late = rows.count(), rows.late(today).count()
    if count:
        yield Row(
            "inquiries",
            Urgency.LATE if late else Urgency.NOW,
            count,
            ngettext(
                "message about a page waits for an answer",
                "messages about pages wait for an answer",
                count,
            ),
            _("Answer them"),
            reverse("programs_staff:inquiries"),
        )


def requests_to_take_part(user: Person, _today: datetime.date) -> Iterator[Row]:
    rows = changeable(
        user,
        JoinRequest.objects.filter(
            state__in=[JoinRequest.State.NEW, JoinRequest.State.HANDED_OVER]
        ),
    ).select_related("locality")
    places = [row.locality.name for row in rows]
    if places:
        yield Row(
            "join_requests",
            Urgency.NOW,
            len(places),
            ngettext("person wants to take part", "people want to take part", len(places)),
            _("Get in touch"),
            reverse("programs_staff:join_requests"),
            named(places),
        )


def letters_in_trouble(user: Person, _today: datetime.date) -> Iterator[Row]:
    count = changeable(user, OutgoingMail.objects.in_trouble(timezone.now())).count()
    if count:
        yield Row(
            "letters",
            Urgency.LATE,
            count,
            ngettext("letter could not be sent", "letters could not be sent", count),
            _("See what went wrong"),
            reverse("programs_staff:letters"),
        )


def what_came_in(user: Person, today: datetime.date) -> Iterator[Row]:
    """Late answers, what nobody has read, what a reader has reported, and what waits for an answer.

    Registrars read it all and have nothing to do there; moderators review and do not answer.
    """
    if not any(may_review_some(user, kind) for kind in kinds().values()):
        return
    counts, roles = Queue(user, Choice(), today).counts(), roles_of(user)
    answers = roles.administers or bool(roles.led)
    address = reverse("voices_staff:queue")
    late, held, flagged, waiting = (
        counts[tab.key] for tab in (LATE, TO_REVIEW, FLAGGED, TO_ANSWER)
    )
    if late and answers:
        yield Row(
            "voices_late",
            Urgency.LATE,
            late,
            ngettext("voice is late with its answer", "voices are late with their answers", late),
            _("Answer them"),
            f"{address}?visa={LATE.key}",
        )
    if held:
        yield Row(
            "voices_held",
            Urgency.NOW,
            held,
            ngettext(
                "voice waits to be read before it is shown",
                "voices wait to be read before they are shown",
                held,
            ),
            _("Read and publish"),
            f"{address}?visa={TO_REVIEW.key}",
        )
    if flagged:
        yield Row(
            "voices_flagged",
            Urgency.NOW,
            flagged,
            ngettext("voice has been flagged", "voices have been flagged", flagged),
            _("Have a look"),
            f"{address}?visa={FLAGGED.key}",
        )
    if waiting > late and answers:
        yield Row(
            "voices_waiting",
            Urgency.SOON,
            waiting - late,
            ngettext(
                "voice waits for an answer, in good time",
                "voices wait for an answer, in good time",
                waiting - late,
            ),
            _("Answer them"),
            f"{address}?visa={TO_ANSWER.key}",
        )


SOURCES: tuple[Source, ...] = (
    what_came_in,
    meetings_without_notes,
    meetings_without_agenda,
    duties_of_the_year,
    messages_about_pages,
    requests_to_take_part,
    letters_in_trouble,
)
