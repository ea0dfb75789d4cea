"""The page of one voice: all there is to judge it by, and all that can be done with it."""

import mimetypes
from collections.abc import Sequence

from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from programs.current import current
from programs.models import IdeaPhoto, Voice, VoiceEntry
from programs.permissions import may_answer, may_read, may_review, may_see_author
from programs.staff.voices.access import address, function_of, kind_name, voice_for
from programs.staff.voices.acts import ACTS, Doer
from programs.staff.voices.answer_form import AnswerForm
from programs.staff.voices.forms import HandleForm, PictureForm, VoiceForm
from programs.staff.voices.queue import QueueForm, state_of
from programs.voices.answering import why_not_answered
from programs.voices.base import VoiceError, where
from programs.voices.kinds import kind_of, kinds
from programs.voices.queue import Key, Queue

# Acts of which a page may have several forms.
MANY = ("hantera", "bild")


@login_required
def voice(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    return page(request, voice_for(request, kind, pk))


@require_POST
@login_required
def act(request: HttpRequest, kind: str, pk: int, act: str) -> HttpResponse:
    """Do one thing; what is refused is shown on the page again with everything that was typed."""
    found = voice_for(request, kind, pk)
    chosen = ACTS.get(act)
    if chosen is None:
        raise Http404
    if not chosen.is_for(request.user, found):
        raise PermissionDenied
    if "insert" in request.POST and chosen.form is AnswerForm:
        return page(request, found, shown={act: with_template(found, request.POST)})
    form = chosen.form(found, request.POST)
    if not form.is_valid():
        form.shown_again(found, fresh=False)
        return page(request, found, shown={act: form}, refused=[_("Something is missing.")])
    filters = QueueForm(request)
    listed = Queue(request.user, filters.choice, timezone.localdate())
    # Taken before it is done: afterwards the voice may have left the list.
    following = listed.after((kind, pk)) if chosen.finishes else None
    try:
        chosen.do(found, form, Doer(request.user, function_of(request, found), timezone.now()))
    except VoiceError as error:
        found = voice_for(request, kind, pk)
        form.shown_again(found)
        return page(request, found, shown={act: form}, refused=[str(error)], status=409)
    goes_to = following.key() if following else (kind, pk)
    messages.success(request, done_words(found, chosen.done, filters.query, goes_to))
    return redirect(place_of(request, goes_to, filters.query))


def done_words(voice: Voice, done: object, query: str, goes_to: Key | None) -> str:
    """With a way back, when one is taken on to the next."""
    if goes_to == (kind_of(voice), voice.pk):
        return str(done)
    link = format_html('<a href="{}">{}</a>', address(voice, query), voice.heading)
    return format_html("{} {}", done, link)


def place_of(request: HttpRequest, goes_to: Key | None, query: str) -> str:
    """The page of the voice, while one may read it; else the list."""
    if goes_to is not None:
        kind, pk = goes_to
        voice = kinds()[kind]._default_manager.for_queue().filter(pk=pk).first()
        if voice is not None and may_read(request.user, voice):
            return address(voice, query)
    return reverse("voices_staff:queue") + query


def with_template(voice: Voice, sent: QueryDict) -> AnswerForm:
    """The form as it was, with the chosen text put in after what was typed; nothing is saved."""
    names = ("seen", "outcome", "action", "brief", "changed_clause", "authority", "reply", "note")
    typed = {name: sent.get(name, "").replace("\x00", "") for name in names}
    try:
        template = AnswerForm(voice).fields["template"].clean(sent.get("template"))
    except ValidationError:
        template = None
    if template is not None:
        typed["reply"] = f"{typed['reply'].rstrip()}\n\n{template.text}".strip()
        typed["outcome"] = typed["outcome"] or template.outcome
    return AnswerForm(voice, initial=typed)


def page(
    request: HttpRequest,
    voice: Voice,
    *,
    shown: dict[str, VoiceForm] | None = None,
    refused: Sequence[str] = (),
    status: int = 200,
) -> HttpResponse:
    """`shown` are forms to show as they were sent, or with a text put in."""
    user, shown, filters = request.user, shown or {}, QueueForm(request)
    kind, words = kind_of(voice), current(request).words
    kind_words = kind_name(type(voice), words)
    state, tone = state_of(voice)
    context = {
        "crumbs": crumbs(voice, filters.query),
        "voice": voice,
        "kind": kind,
        "kind_words": kind_words,
        "query": filters.query,
        "list_url": reverse("voices_staff:queue") + filters.query,
        "where": where(voice),
        "state": state,
        "tone": tone,
        "context_template": f"{voice._meta.app_label}/staff/voices/_{kind}.html",
        "forms": forms_for(user, voice, shown),
        "tasks": tasks_for(user, voice, shown.get("hantera")),
        "pictures": pictures_for(user, voice),
        "opened": next(iter(shown), ""),
        "refused": refused,
        "may_review": may_review(user, voice),
        "may_answer": may_answer(user, voice),
        "sees_author": may_see_author(user, voice),
        "why_not_answered": why_not_answered(voice),
        "why_it_stays": voice.why_it_stays,
        "merged": voice.merged.for_queue(),
        "parts": voice.parts.for_queue(),
        "history": voice.history.select_related("by"),
    }
    return render(request, "programs/staff/voices/voice.html", context, status=status)


def crumbs(voice: Voice, query: str) -> list[tuple[str, str]]:
    return [
        (_("Staff pages"), reverse("admin:index")),
        (_("What has come in"), reverse("voices_staff:queue") + query),
        (voice.reference, ""),
    ]


def forms_for(
    user: AbstractBaseUser, voice: Voice, shown: dict[str, VoiceForm]
) -> dict[str, VoiceForm]:
    """The forms that the user may send, by the act's name with underscores."""
    return {
        name.replace("-", "_"): shown.get(name) or row.form(voice)
        for name, row in ACTS.items()
        if name not in MANY
        and row.is_for(user, voice)
        and (name in shown or row.is_possible(voice))
    }


def tasks_for(
    user: AbstractBaseUser, voice: Voice, sent: VoiceForm | None
) -> list[tuple[VoiceEntry, VoiceForm | None]]:
    """Each line that someone should look at, with the form to say what came of it."""
    tasks = []
    for entry in voice.history.filter(needs_attention=True):
        form = None
        if sent is not None and str(sent["entry"].value()) == str(entry.pk):
            form = sent
        elif may_review(user, voice):
            form = HandleForm(voice, initial={"entry": entry.pk}, auto_id=f"handle-{entry.pk}-%s")
        tasks.append((entry, form))
    return tasks


def pictures_for(user: AbstractBaseUser, voice: Voice) -> list[tuple[IdeaPhoto, VoiceForm | None]]:
    """Each picture that came with it, with the form to show it or keep it back."""
    photos = voice.photos.all() if hasattr(voice, "photos") else []
    found = []
    for photo in photos:
        values = {"picture": photo.pk, "shown": photo.kept_back or ""}
        form = PictureForm(voice, initial=values, auto_id=f"picture-{photo.pk}-%s")
        found.append((photo, form if may_review(user, voice) else None))
    return found


@login_required
def picture(request: HttpRequest, pk: int) -> FileResponse:
    """A picture as those see it who may read the idea: also while it is held."""
    photo = get_object_or_404(IdeaPhoto.objects.select_related("idea"), pk=pk)
    if not may_read(request.user, photo.idea):
        raise PermissionDenied
    file = photo.held or photo.image
    try:
        opened = file.open("rb")
    except OSError:
        raise Http404 from None
    kind, _encoding = mimetypes.guess_type(file.name)
    is_picture = kind is not None and kind.startswith("image/") and kind != "image/svg+xml"
    response = FileResponse(opened, content_type=kind if is_picture else "application/octet-stream")
    response["Cache-Control"] = "private, no-store"
    return response
