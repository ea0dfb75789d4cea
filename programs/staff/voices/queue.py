"""The queue: everything that has come in to the programs that one works with, in one list."""

from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from programs.current import current
from programs.event_filters import OneOfField, WordsField
from programs.forms import FilterForm
from programs.models import Program, Voice, VoiceState
from programs.permissions import may_answer, may_read_some, may_review, visible
from programs.staff.voices.access import address, kind_name
from programs.views.shell import paginate
from programs.voices.answering import why_not_answered
from programs.voices.base import VoiceError, where
from programs.voices.kinds import kind_of, kinds
from programs.voices.queue import ALL, TABS, Choice, Queue, voices_of
from programs.voices.reviewing import publish

SHORT = 420
MOST_PICKED = 100


class QueueForm(FilterForm):
    """What is shown. The tab is chosen by the links above the list, and `omgang` by a process."""

    visa = forms.ChoiceField(
        choices=[(tab.key, tab.name) for tab in TABS], required=False, widget=forms.HiddenInput
    )
    omgang = forms.IntegerField(
        min_value=1, max_value=10**9, required=False, widget=forms.HiddenInput
    )
    q = WordsField(label=gettext_lazy("Reference or words"))
    typ = OneOfField(label=gettext_lazy("Kind"))
    program = OneOfField()

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        words = current(request).words
        self.programs = {row.slug: row for row in visible(request.user, Program.objects.all())}
        self.fields["program"].label = capfirst(words["program_short"].singular)
        self.fields["program"].offer((row.slug, row.name) for row in self.programs.values())
        self.fields["typ"].offer((kind, kind_name(row, words)) for kind, row in kinds().items())

    @property
    def choice(self) -> Choice:
        chosen = self.chosen
        return Choice(
            tab=next(tab for tab in TABS if tab.key == chosen.get("visa", "")),
            kind=chosen.get("typ"),
            program=self.programs.get(chosen.get("program", "")),
            words=chosen.get("q", ""),
            round=chosen.get("omgang"),
        )

    @property
    def is_used(self) -> bool:
        return bool(self.errors or self.chosen.keys() - {"visa"})


@dataclass(frozen=True, slots=True)
class Row:
    """What the list shows of a voice, and what its reader may do with it."""

    voice: Voice
    id: str
    kind: str
    url: str
    where: str
    start: str
    rest: str
    age: int | None
    is_late: bool
    state: str
    tone: str
    pick: str
    can_publish: bool
    can_answer: bool


@login_required
def queue(request: HttpRequest) -> HttpResponse:
    if not any(may_read_some(request.user, model) for model in kinds().values()):
        raise PermissionDenied
    today = timezone.localdate()
    form = QueueForm(request)
    choice = form.choice
    listed = Queue(request.user, choice, today)
    counts = listed.counts()
    paged = paginate(request, listed.keys())
    voices = voices_of([(kind, pk) for kind, pk, *_order in paged["page"].object_list])
    rows = [row_of(request, voice, form.query) for voice in voices]
    return render(
        request,
        "programs/staff/voices/queue.html",
        paged
        | {
            "crumbs": [(_("Staff pages"), reverse("admin:index")), (_("What has come in"), "")],
            "form": form,
            "rows": rows,
            "can_publish_some": any(row.can_publish for row in rows),
            "tabs": [(tab, counts[tab.key], tab == choice.tab) for tab in TABS],
            "is_all": choice.tab == ALL,
            "round": round_of(choice),
        },
    )


def round_of(choice: Choice) -> str:
    """The name of the round of comments that the list is limited to; empty without one."""
    if choice.round is None:
        return ""
    names = (model.round_name(choice.round) for model in kinds().values())
    return next(filter(None, names), _("one round of comments"))


def row_of(request: HttpRequest, voice: Voice, query: str) -> Row:
    text = voice.text.strip()
    cut = text.rfind(" ", 0, SHORT) if len(text) > SHORT * 1.3 else len(text)
    cut = cut if cut > 0 else SHORT
    today = timezone.localdate()
    is_open = voice.state in {VoiceState.HELD, VoiceState.PUBLISHED} and not voice.outcome
    state, tone = state_of(voice)
    return Row(
        voice=voice,
        id=f"{kind_of(voice)}-{voice.pk}",
        kind=kind_name(type(voice), current(request).words),
        url=address(voice, query),
        where=where(voice),
        start=text[:cut],
        rest=text[cut:],
        age=(today - voice.received.first).days if voice.received else None,
        is_late=is_open and voice.promised_on is not None and voice.promised_on < today,
        state=state,
        tone=tone,
        pick=f"{kind_of(voice)}-{voice.pk}-{voice.stamp}",
        can_publish=voice.state == VoiceState.HELD and may_review(request.user, voice),
        can_answer=is_open and not why_not_answered(voice) and may_answer(request.user, voice),
    )


def state_of(voice: Voice) -> tuple[str, str]:
    """Where it stands, in words, and the tone of the tag that says it."""
    if voice.state == VoiceState.HELD:
        return _("To review"), "open"
    if voice.state != VoiceState.PUBLISHED:
        return capfirst(voice.get_state_display()), "paused"
    if not voice.outcome:
        return _("To answer"), "planned"
    return capfirst(voice.get_outcome_display()), "completed"


@require_POST
@login_required
def publish_many(request: HttpRequest) -> HttpResponse:
    """Publish one, or all that are ticked. Each is told apart when somebody else was faster."""
    form = QueueForm(request)
    back = reverse("voices_staff:queue") + form.query
    picks = [request.POST["only"]] if "only" in request.POST else request.POST.getlist("pick")
    chosen = [found for pick in picks[:MOST_PICKED] if (found := picked(request, pick))]
    if not chosen:
        messages.error(request, _("Nothing was published: tick what is to be shown first."))
        return redirect(back)
    first = chosen[0][0]
    listed = Queue(request.user, form.choice, timezone.localdate())
    following = listed.after((kind_of(first), first.pk))
    published = 0
    for voice, seen in chosen:
        try:
            publish(voice, seen, by=request.user, now=timezone.now())
            published += 1
        except VoiceError as error:
            messages.warning(
                request,
                _("%(ref)s was not published. %(why)s") % {"ref": voice.reference, "why": error},
            )
    if published:
        words = ngettext("%(n)s is published.", "%(n)s are published.", published)
        messages.success(request, words % {"n": published})
    here = following.key()
    return redirect(f"{back}#{here[0]}-{here[1]}" if here else back)


def picked(request: HttpRequest, pick: str) -> tuple[Voice, str] | None:
    """The voice that a ticked box or a button stands for, with the stamp it had on the page."""
    kind, _dash, rest = pick.partition("-")
    key, _dash, seen = rest.partition("-")
    if kind not in kinds() or not key.isascii() or not key.isdecimal() or len(key) > 9:
        return None
    voice = kinds()[kind]._default_manager.for_queue().filter(pk=int(key)).first()
    if voice is None:
        return None
    if not may_review(request.user, voice):
        raise PermissionDenied
    return voice, seen
