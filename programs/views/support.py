"""Standing behind an idea: the form, and the page that the letter leads to."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from programs.current import current
from programs.following.letters import urls_of
from programs.models import Idea, VoiceState
from programs.public_forms import EmailForm
from programs.sending import refused
from programs.views.private import link_is_dead, private
from programs.voices import supporting


class SupportForm(EmailForm):
    follow = forms.BooleanField(label=gettext_lazy("Mail me when the answer comes"), required=False)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """The same answer whether the address supports the idea already or not."""
    idea = get_object_or_404(Idea.objects.public().with_supporters(), pk=pk)
    if idea.merged_into and idea.merged_into.state == VoiceState.PUBLISHED:
        return redirect("programs:support", idea.merged_into_id)
    now, status = timezone.now(), 200
    form = SupportForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        status = refused(request, form, "support", now)
        if not status:
            try:
                supporting.ask(
                    idea,
                    form.cleaned_data["email"],
                    follows=form.cleaned_data["follow"],
                    reference=form.reference,
                    now=now,
                )
                return redirect(f"{reverse('programs:support', args=[pk])}?skickat=1")
            except supporting.NoMoreSupport:
                status = 409
    context = page_of(request, idea) | {"form": form, "was_sent": "skickat" in request.GET}
    return render(request, "programs/support.html", context, status=status)


@private
def confirm(request: HttpRequest, pk: int, token: str) -> HttpResponse:
    """Support the idea or take the support back, with a button each."""
    idea = Idea.objects.public().with_supporters().filter(pk=pk).first()
    hashed = supporting.hash_in(token, pk)
    if idea is None or hashed is None:
        return link_is_dead(request)
    # The one it was asked for may have been merged since the letter was written.
    idea = Idea.objects.public().with_supporters().filter(pk=idea.merged_into_id).first() or idea
    status = 200
    if request.method == "POST":
        try:
            if request.POST.get("do") == "withdraw":
                supporting.withdraw(idea, hashed)
            else:
                supporting.add(idea, hashed, timezone.now())
            return redirect("programs:support_confirm", pk, token)
        except supporting.NoMoreSupport:
            status = 409
    row = supporting.following(idea, hashed)
    context = page_of(request, idea) | {
        "supports": supporting.supports(idea, hashed),
        "will_follow": row is not None and row.confirmed_at is None,
        "followed_url": urls_of(row)["own_url"] if row and row.confirmed_at else "",
    }
    return render(request, "programs/support_confirm.html", context, status=status)


def page_of(request: HttpRequest, idea: Idea) -> dict[str, object]:
    ideas = capfirst(current(request).words["idea"].plural)
    return {
        "section": "ideas",
        "crumbs": [
            (ideas, reverse("programs:ideas")),
            (idea.title, idea.get_absolute_url()),
            (_("Support"), ""),
        ],
        "idea": idea,
    }
