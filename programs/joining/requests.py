"""What becomes of a request to take part: handed over, in contact, closed, erased."""

import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from programs.joining import letters
from programs.joining.groups import addresses, conveners, may_take, who_takes_it
from programs.models import Erasure, Group, JoinRequest
from programs.sending import kept_once

State = JoinRequest.State
ERASED = {"name": "", "email": "", "phone": "", "text": ""}


class JoinError(Exception):
    """Refused, with the reason in words."""


@transaction.atomic
def ask_to_join(
    said: dict[str, Any],
    *,
    reference: str,
    now: datetime.datetime,
    today: datetime.date,
    tells: bool = True,
) -> JoinRequest:
    """Keep the request and hand it to whoever coordinates a group in the place.

    The same form sent twice makes one. With `tells` false nothing is mailed.
    """
    request, is_new = kept_once(
        JoinRequest(reference=reference, consented_at=now, **said),
        ("locality", "group", "name", "email", "phone", "text"),
    )
    if is_new and tells:
        group, users = who_takes_it(request, today)
        if group is not None:
            request.group, request.state, request.handed_over_at = group, State.HANDED_OVER, now
            request.save(update_fields=["group", "state", "handed_over_at", "updated_at"])
        letters.waits(request, addresses(users))
        letters.received(request)
    return request


@transaction.atomic
def hand_over(
    request: JoinRequest,
    group: Group,
    *,
    saw: str,
    now: datetime.datetime,
    today: datetime.date,
) -> JoinRequest:
    """To a group, whose coordinators are told. `saw` is the state that was on the screen."""
    request = lock(request, saw)
    if request.state == State.HANDED_OVER and request.group_id == group.pk:
        raise JoinError(_("It is handed over to that group already."))
    if request.state not in {State.NEW, State.HANDED_OVER}:
        raise JoinError(_("Someone has been in contact already."))
    request.group, request.state, request.handed_over_at = group, State.HANDED_OVER, now
    request.save(update_fields=["group", "state", "handed_over_at", "updated_at"])
    users = conveners([group], today).get(group.pk, [])
    letters.waits(request, [user.email for user in users if may_take(user, request)])
    return request


@transaction.atomic
def note_contact(request: JoinRequest, *, saw: str) -> JoinRequest:
    request = lock(request, saw)
    if request.state not in {State.NEW, State.HANDED_OVER}:
        raise JoinError(_("Someone has been in contact already."))
    request.state = State.JOINED
    request.save(update_fields=["state", "updated_at"])
    return request


@transaction.atomic
def close(request: JoinRequest, reason: str, *, saw: str, now: datetime.datetime) -> JoinRequest:
    """How it ended. The details are erased on the following day."""
    request = lock(request, saw)
    if request.state == State.CLOSED:
        raise JoinError(_("It is closed already."))
    request.state, request.state_note, request.closed_at = State.CLOSED, reason, now
    request.save(update_fields=["state", "state_note", "closed_at", "updated_at"])
    return request


@transaction.atomic
def erase_join_requests(today: datetime.date) -> int:
    """Take away who it was from what was closed before today; how many there were."""
    closed = JoinRequest.objects.filter(
        state=State.CLOSED, closed_at__date__lt=today, contact_erased_on=None
    )
    number = closed.update(**ERASED, contact_erased_on=today)
    if number:
        Erasure.objects.create(
            reason=_("Requests to take part that are closed"), counts={"join_requests": number}
        )
    return number


def lock(request: JoinRequest, saw: str) -> JoinRequest:
    fresh = JoinRequest.objects.select_for_update(no_key=True).get(pk=request.pk)
    if fresh.state != saw:
        raise JoinError(_("Someone else was faster. The page shows how it stands now."))
    return fresh
