"""Following a program or a place by e-mail: the form, the follower's own page, and the way out."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from programs.current import current
from programs.following import follow as following
from programs.following.follow import UNCONFIRMED_DAYS, Thing
from programs.following.letters import urls_of
from programs.models import Locality, Program, Subscription
from programs.public_forms import EmailForm, PublicForm
from programs.sending import refused
from programs.views.own_voice import masked
from programs.views.private import link_is_dead, private


class ThingField(forms.ChoiceField):
    """A program or a place. What comes out is the row."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        wrong = gettext_lazy("Choose something in the list.")
        self.error_messages |= {"invalid_choice": wrong, "required": wrong}

    def offer(self, request: HttpRequest, but: list[Subscription] | None = None) -> None:
        """All but what is followed already, places first: they say more than programs."""
        taken = {row.program or row.locality for row in but or []}
        words = current(request).words
        self.label = _("%(place)s or %(program)s") % {
            "place": capfirst(words["locality"].singular),
            "program": words["program_short"].singular,
        }
        self.rows = {}
        groups = []
        for key, rows in (
            ("locality", Locality.objects.all()),
            ("program_short", Program.objects.exclude(status=Program.Status.CONCLUDED)),
        ):
            kind = key.partition("_")[0]
            offered = {f"{kind}-{row.slug}": row for row in rows if row not in taken}
            self.rows |= offered
            named = [(value, str(row)) for value, row in offered.items()]
            groups.append((capfirst(words[key].plural), named))
        self.choices = [("", _("Choose")), *groups]

    def clean(self, value: Any) -> Thing:
        return self.rows[super().clean(value)]


class FollowForm(EmailForm):
    thing = ThingField()
    field_order = ("thing", "email")

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["thing"].offer(request)


class AddForm(PublicForm):
    thing = ThingField()

    def __init__(
        self, request: HttpRequest, rows: list[Subscription], *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["thing"].offer(request, rows)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: HttpRequest) -> HttpResponse:
    """The same answer whether the address follows it already or not."""
    sent = request.POST if request.method == "POST" else None
    form = FollowForm(request, sent, initial={"thing": asked_for(request)})
    now, status = timezone.now(), 200
    if request.method == "POST":
        status = refused(request, form, "follow", now)
        if not status:
            following.ask(
                form.cleaned_data["email"],
                form.cleaned_data["thing"],
                reference=form.reference,
                now=now,
            )
            return redirect(f"{reverse('programs:follow')}?skickat=1")
    context = {
        "crumbs": [(_("Follow"), "")],
        "form": form,
        "days": UNCONFIRMED_DAYS,
        "was_sent": "skickat" in request.GET,
    }
    return render(request, "programs/follow.html", context, status=status)


def asked_for(request: HttpRequest) -> str:
    """What the page that one comes from is about."""
    for name, kind in (("program", "program"), ("ort", "locality")):
        if slug := request.GET.get(name):
            return f"{kind}-{slug}"
    return ""


@private
def followed(request: HttpRequest, token: str) -> HttpResponse:
    """Confirm, see all that one follows, add and stop. `do` says which button was pressed."""
    row = subscription(token)
    if row is None:
        return link_is_dead(request)
    rows = following.of_same_address(row)
    form = AddForm(request, rows, request.POST if request.POST.get("do") == "add" else None)
    status = 200
    if request.method == "POST":
        status = act(request, row, rows, form)
        if not status:
            return after(row)
    context = {
        "crumbs": [(_("Follow"), reverse("programs:follow")), (_("What you follow"), "")],
        "row": row,
        "rows": [(each, url_of(each)) for each in rows if each.confirmed_at],
        "waiting": [each for each in rows if not each.confirmed_at and each != row],
        "form": form,
        "address": masked(row.email),
        **urls_of(row),
    }
    return render(request, "programs/followed.html", context, status=status)


def act(request: HttpRequest, row: Subscription, rows: list[Subscription], form: AddForm) -> int:
    """0 when it is done, otherwise the status with which the page is shown again.

    Only what the same address follows is touched.
    """
    now, do = timezone.now(), request.POST.get("do")
    chosen = [each for each in rows if str(each.pk) == request.POST.get("row")]
    if do == "confirm":
        for each in chosen or [row]:
            following.confirm(each, now)
    elif do == "stop" and chosen:
        following.stop(chosen)
    elif do == "stop-all":
        following.stop(rows)
    elif do == "add" and row.confirmed_at:
        if status := refused(request, form, "follow", now):
            return status
        following.add(row, form.cleaned_data["thing"], now)
    return 0


def after(row: Subscription) -> HttpResponse:
    """The own page, by another of its links when this one was for what has been stopped."""
    left = Subscription.objects.filter(email__iexact=row.email).order_by("-confirmed_at", "pk")
    link = left.filter(pk=row.pk).first() or left.filter(confirmed_at__isnull=False).first()
    return redirect(urls_of(link)["own_url"]) if link else redirect("programs:follow_stopped")


@private
def unfollow(request: HttpRequest, token: str) -> HttpResponse:
    """Where letters lead. A POST that says so comes from the mailbox's own button (RFC 8058).

    That one is answered at once, without a redirect, and as well when it comes a second time.
    """
    row = subscription(token)
    if request.POST.get("List-Unsubscribe") == "One-Click":
        if row is not None:
            following.stop_letter(row)
        return follow_stopped_page(request)
    if row is None:
        return link_is_dead(request)
    if request.method == "POST":
        match request.POST.get("do"):
            case "stop":
                following.stop_letter(row)
            case "stop-all":
                following.stop(following.of_same_address(row))
        return after(row)
    rows = following.of_same_address(row)
    letter = [each for each in rows if each == row or (row.idea_id is None and not each.idea_id)]
    context = {
        "crumbs": [(_("Follow"), reverse("programs:follow")), (_("Stop"), "")],
        "row": row,
        "letter": letter,
        "has_more": len(rows) > len(letter),
        **urls_of(row),
    }
    return render(request, "programs/unfollow.html", context)


@require_safe
def stopped(request: HttpRequest) -> HttpResponse:
    return follow_stopped_page(request)


def follow_stopped_page(request: HttpRequest) -> HttpResponse:
    context = {"crumbs": [(_("Follow"), reverse("programs:follow")), (_("You have stopped"), "")]}
    return render(request, "programs/follow_stopped.html", context)


def subscription(token: str) -> Subscription | None:
    rows = Subscription.objects.select_related("program", "locality", "idea")
    return rows.filter(token=token.replace("\x00", "")).first()


def url_of(row: Subscription) -> str:
    thing = row.program or row.locality or row.idea
    return thing.get_absolute_url()
