"""The demo's mailbox: every letter the portal has written, as their readers would see them."""

from django.conf import settings
from django.db.models import Count, Max, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from programs.models import OutgoingMail
from programs.views.shell import paginate


@require_safe
def mailbox(request: HttpRequest) -> HttpResponse:
    """All letters, or those to one address (`?till=`), the latest first."""
    rows = letters()
    people = rows.values("to").annotate(count=Count("pk"), last=Max("pk")).order_by("-last")
    chosen = request.GET.get("till", "").replace("\x00", "")
    if chosen:
        rows = rows.filter(to=chosen)
    return render(
        request,
        "portal/mailbox.html",
        {
            "crumbs": [(_("The demo's mailbox"), "")],
            "people": people[:12],
            "chosen": chosen,
            **paginate(request, rows.order_by("-pk")),
        },
    )


@require_safe
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(letters(), pk=pk)
    here = f"{request.scheme}://{request.get_host()}"
    stop = row.headers.get("List-Unsubscribe", "").strip("<>").replace(settings.SITE_URL, "")
    return render(
        request,
        "portal/mailbox_letter.html",
        {
            "crumbs": [(_("The demo's mailbox"), reverse("demo_mailbox")), (row.subject, "")],
            "letter": row,
            # Wherever the demo is looked at, its links lead there.
            "body": row.body.replace(settings.SITE_URL, here),
            "stop_url": stop,
        },
    )


def letters() -> QuerySet[OutgoingMail]:
    if not settings.DEMO:
        raise Http404
    return OutgoingMail.objects.exclude(to="")
