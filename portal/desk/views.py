"""The page that staff open in the morning."""

import datetime
from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from programs.desk import SOURCES, Row, Urgency, next_duty
from programs.models import Program
from programs.permissions import Person, Roles, roles_of
from revisions.desk import SOURCES as SOURCES_OF_REVISIONS


def rows_for(user: Person, today: datetime.date) -> list[Row]:
    """Late first; within a part in the order of the sources."""
    sources = (*SOURCES_OF_REVISIONS, *SOURCES)
    found = [row for source in sources for row in source(user, today)]
    return sorted(found, key=lambda row: row.urgency)


def desk(request: HttpRequest) -> HttpResponse:
    """For who may open the staff pages; someone without any task is told who to ask."""
    user, today = request.user, timezone.localdate()
    rows = rows_for(user, today)
    titles = {
        Urgency.LATE: _("Late"),
        Urgency.NOW: _("To do now"),
        Urgency.SOON: _("Soon"),
    }
    roles = roles_of(user)
    return render(
        request,
        "portal/staff/desk.html",
        {
            "today": today,
            "parts": [
                (titles[urgency], urgency.name.lower(), list(part))
                for urgency, part in groupby(rows, key=lambda row: row.urgency)
            ],
            "has_task": roles != Roles(),
            "next_duty": next_duty(user, today) if not rows else None,
            "programs": Program.objects.filter(pk__in=roles.led | roles.seated_in).select_related(
                "locality"
            ),
        },
    )
