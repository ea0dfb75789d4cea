"""The one form with which anyone says something, and the page that thanks for it."""

import datetime
from dataclasses import replace

from django.core import signing
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from programs.current import current, current_municipality
from programs.models import Channel, Idea, Voice
from programs.public_forms import Limits, TooMany, slow_down
from programs.saying.about import About, about_place
from programs.saying.forms import IdeaForm, SayForm
from programs.saying.similar import similar_ideas
from programs.voices.kinds import kind_of, kinds
from programs.voices.receiving import receive, title_of, was_written_to
from revisions.models import Comment
from revisions.saying import TextCommentForm, receive_comment, saying_of
from revisions.views.say_page import SayPage

RECEIPT = "revisions.views.say.receipt"
# A school class behind one address may all send within a lesson.
MOST_SENT: Limits = ((datetime.timedelta(minutes=10), 40), (datetime.timedelta(days=1), 200))


@csrf_exempt
@cache_control(private=True)
@require_http_methods(["GET", "HEAD", "POST"])
def say(request: HttpRequest) -> HttpResponse:
    """Say something: an idea or a comment. `revisions.saying` knows which it becomes."""
    now = timezone.now()
    page = SayPage(request, saying_of(request.GET, timezone.localdate(now)), now)
    if request.method != "POST":
        return page.show(page.new_form())
    page.sent = without_nul(request.POST)
    if request.FILES and (slow := too_many(request, "picture", now)):
        return page.show_again(slow)
    if page.is_too_late:
        page.close()
        return page.show_again()
    if page.change():
        return page.show_again()
    form = page.form()
    if not form.is_valid():
        return page.show(form)
    if offered := similar(request, page, form, now):
        return page.show(form, offered=offered)
    if slow := too_many(request, "say", now):
        return page.show(form, slow=slow)
    voice = keep(page, form, now)
    if voice is None:
        page.close()
        return page.show_again()
    return redirect(f"{reverse('revisions:said')}?kvitto={receipt_of(voice)}")


def without_nul(sent: QueryDict) -> QueryDict:
    """What was sent, to be changed freely. No database takes a NUL, and nobody has typed one."""
    plain = sent.copy()
    for name, values in sent.lists():
        plain.setlist(name, [value.replace("\x00", "") for value in values])
    return plain


def too_many(request: HttpRequest, form: str, now: datetime.datetime) -> TooMany | None:
    try:
        slow_down(request, form, now, MOST_SENT)
    except TooMany as slow:
        return slow
    return None


def similar(
    request: HttpRequest, page: SayPage, form: SayForm, now: datetime.datetime
) -> list[Idea]:
    """What to offer before an idea is sent; nothing when the writer has said no to it.

    Looking costs more than keeping: whoever sends very many is not offered anything.
    """
    if page.act == "anyway" or not isinstance(form, IdeaForm) or too_many(request, "similar", now):
        return []
    return similar_ideas(
        form.cleaned_data["text"], about_of_idea(page, form), form.cleaned_data["seen"]
    )


def about_of_idea(page: SayPage, form: IdeaForm) -> About:
    """What the page was about, unless the writer has chosen another place."""
    about = page.saying.about
    if not page.shows_where:
        return about
    chosen = form.cleaned_data["where"]
    place = about_place(next((row for row in page.places if row.slug == chosen), None))
    if page.is_loose:
        return place
    return replace(about, locality=place.locality, program=place.program)


def keep(page: SayPage, form: SayForm, now: datetime.datetime) -> Voice | None:
    """None when the comment period ended meanwhile."""
    municipality = current_municipality(page.request)
    text, about = form.cleaned_data["text"], page.saying.about
    common = {
        "reference": form.reference,
        "text": text,
        "channel": Channel.WEB,
        "sent_from": about.url[:300],
        **form.author,
    }
    if isinstance(form, TextCommentForm):
        comment = Comment(
            process=page.saying.process,
            edition=page.saying.edition,
            clause=form.cleaned_data["clause"],
            question=form.cleaned_data["question"],
            **common,
        )
        return receive_comment(comment, municipality, now, oddities=form.oddities)
    idea = Idea(
        title=title_of(text), **common, **about_of_idea(page, form).fields(), **form.position
    )
    alt = form.cleaned_data["photo_alt"]
    return receive(idea, municipality, now, oddities=form.oddities, picture=form.picture, alt=alt)


def receipt_of(voice: Voice) -> str:
    return signing.dumps([kind_of(voice), voice.reference], salt=RECEIPT)


def voice_of_receipt(receipt: str) -> Voice | None:
    try:
        kind, reference = signing.loads(receipt, salt=RECEIPT)
    except signing.BadSignature:
        return None
    return kinds()[kind].objects.filter(reference=reference).first()


@cache_control(private=True)
@require_safe
def said(request: HttpRequest) -> HttpResponse:
    """Thanks, with the reference and what happens next; nothing of what was said."""
    voice = voice_of_receipt(request.GET.get("kvitto", ""))
    kind = kind_of(voice) if voice else ""
    return render(
        request,
        "revisions/said.html",
        {
            "section": "ideas",
            "crumbs": [
                (capfirst(current(request).words["idea"].plural), reverse("programs:ideas")),
                (_("Thank you"), ""),
            ],
            "voice": voice,
            "kind": kind,
            "program": voice.process.program if kind == "comment" else voice and voice.program,
            "locality": voice.locality if kind == "idea" else None,
            "was_written_to": voice is not None and was_written_to(voice),
        },
    )
