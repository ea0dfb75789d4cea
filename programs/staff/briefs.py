"""The planning briefs: the list of them, and the page where one is put together and answered."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Prefetch, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from programs.briefs import budget, contents
from programs.briefs.base import BriefError, State
from programs.current import current
from programs.models import BriefItem, Idea, PlanningBrief, Program, VoiceState
from programs.permissions import changeable, may_read
from programs.staff.access import crumbs, may, row_for, rows_for, someone
from programs.staff.brief_forms import ItemForm, StartForm
from programs.staff.voices.access import function_of
from programs.views.shell import paginate

MOST_FOUND = 20
TONES = {State.OPEN: "open", State.FROZEN: "planned", State.HANDED_OVER: "ongoing"}
Said = BriefItem.Outcome
SAID_TONES = {
    Said.PENDING: "planned",
    Said.GRANTED: "completed",
    Said.PARTLY: "ongoing",
    Said.DECLINED: "not-possible",
}


@dataclass(slots=True)
class Row:
    """One idea of the brief on its page; without idea where the reader may not see it."""

    item: BriefItem
    idea: Idea | None
    tone: str
    form: ItemForm | None
    is_first: bool
    is_last: bool


@login_required
def briefs(request: HttpRequest) -> HttpResponse:
    """Those of one's programs, the latest budget year first; POST starts or finds one."""
    rows = rows_for(request, PlanningBrief.objects.select_related("program"))
    programs = startable(request)
    form = StartForm(
        programs, timezone.localdate(), initial={"program": request.GET.get("program")}
    )
    if request.method == "POST":
        form = StartForm(programs, timezone.localdate(), data=request.POST)
        if form.is_valid():
            return redirect("programs_staff:brief", contents.start(**form.cleaned_data).pk)
    pending = Count("items", filter=Q(items__outcome=Said.PENDING))
    rows = rows.annotate(total=Count("items"), pending=pending)
    context = {
        "crumbs": crumbs((list_name(request), "")),
        "form": form if programs else None,
        **paginate(request, rows.order_by("-budget_year", "program__name", "pk")),
    }
    for row in context["page"]:
        row.tone = TONES[row.state]
    return render(request, "programs/staff/briefs.html", context)


def startable(request: HttpRequest) -> Any:
    """Programs for which the person may put a brief together."""
    if not may(request.user, "add", PlanningBrief):
        return Program.objects.none()
    return changeable(request.user, Program.objects.order_by("name", "pk"))


@login_required
def brief(request: HttpRequest, pk: int) -> HttpResponse:
    return page(request, row_for(request, found(), pk))


def found() -> Any:
    ideas = Idea.objects.with_supporters().select_related("program", "action__program")
    items = BriefItem.objects.prefetch_related(Prefetch("idea", ideas)).order_by("rank", "pk")
    rows = PlanningBrief.objects.select_related("program", "decision")
    return rows.prefetch_related(Prefetch("items", items))


@require_POST
@login_required
def act(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """Do one thing with it; what is refused is told on the page with everything that was typed."""
    row = row_for(request, found(), pk, "change")
    if act == "svara":
        return record(request, row)
    if act not in ACTS:
        raise Http404
    try:
        done = ACTS[act](request, row, request.POST.get("seen", ""))
    except BriefError as error:
        fresh = row_for(request, found(), pk)
        return page(request, fresh, refused=[str(error)], status=409)
    if done:
        messages.success(request, done)
    sought = request.POST.get("q", "").replace("\x00", "")
    query = f"?{urlencode({'q': sought})}" if sought else ""
    anchor = "#fler" if act == "lagg-till" else ""
    if act in ("upp", "ner"):
        anchor = f"#rad-{request.POST['item']}"
    return redirect(reverse("programs_staff:brief", args=[pk]) + query + anchor)


def number(request: HttpRequest, name: str) -> int:
    sent = request.POST.get(name, "")
    if not (sent.isascii() and sent.isdecimal() and len(sent) < 10):
        raise BriefError(_("It is no longer in the brief."))
    return int(sent)


def put_in(request: HttpRequest, row: PlanningBrief, seen: str) -> str:
    idea = Idea.objects.filter(pk=number(request, "idea"), program=row.program_id).first()
    if idea is None:
        raise BriefError(_("It belongs to another program than the brief."))
    contents.put_in(idea, row, seen, by=someone(request), now=timezone.now())
    return _("“%(idea)s” is in the brief, as the last.") % {"idea": idea.title}


def take_out(request: HttpRequest, row: PlanningBrief, seen: str) -> str:
    item = number(request, "item")
    idea = contents.take_out(row, item, seen, by=someone(request), now=timezone.now())
    return _("“%(idea)s” is no longer in the brief.") % {"idea": idea.title}


def move(steps: int) -> Callable[[HttpRequest, PlanningBrief, str], str]:
    def moved(request: HttpRequest, row: PlanningBrief, seen: str) -> str:
        contents.move(row, number(request, "item"), steps, seen)
        return ""

    return moved


def freeze(_request: HttpRequest, row: PlanningBrief, seen: str) -> str:
    budget.freeze(row, seen, timezone.localdate())
    return _("Frozen. Its ideas and their order no longer change.")


def hand_over(_request: HttpRequest, row: PlanningBrief, seen: str) -> str:
    budget.hand_over(row, seen, timezone.localdate())
    return _("Handed over. Record the budget's answers here when they come.")


ACTS: dict[str, Callable[[HttpRequest, PlanningBrief, str], str]] = {
    "lagg-till": put_in,
    "ta-bort": take_out,
    "upp": move(-1),
    "ner": move(1),
    "frys": freeze,
    "lamna-over": hand_over,
}


def record(request: HttpRequest, row: PlanningBrief) -> HttpResponse:
    """The budget's answers: those that were changed in the form, all or none."""
    forms = {item.pk: ItemForm(item, request.POST) for item in shown_items(request, row)}
    checked = [form.is_valid() for form in forms.values()]
    if not all(checked):
        return page(request, row, forms=forms, refused=[_("Something is missing.")])
    changed = [form for form in forms.values() if form.has_changed()]
    if not changed:
        messages.info(request, _("Nothing was changed."))
        return redirect("programs_staff:brief", row.pk)
    try:
        budget.record_answers(
            row,
            request.POST.get("seen", ""),
            [form.given for form in changed],
            by=someone(request),
            role=function_of(request, changed[0].item.idea),
            now=timezone.now(),
        )
    except BriefError as error:
        fresh = row_for(request, found(), row.pk)
        return page(request, fresh, forms=forms, refused=[str(error)], status=409)
    messages.success(request, _("Recorded. The authors are told, if they can be reached."))
    return redirect("programs_staff:brief", row.pk)


def shown_items(request: HttpRequest, row: PlanningBrief) -> list[BriefItem]:
    return [item for item in row.items.all() if is_shown(request, item.idea)]


def is_shown(request: HttpRequest, idea: Idea) -> bool:
    return idea.state == VoiceState.PUBLISHED or may_read(request.user, idea)


def page(
    request: HttpRequest,
    row: PlanningBrief,
    *,
    forms: dict[int, ItemForm] | None = None,
    refused: Sequence[str] = (),
    status: int = 200,
) -> HttpResponse:
    """`forms` are those of the items, to show as they were sent."""
    may_change, items = may(request.user, "change", row), list(row.items.all())
    is_open, answers = row.state == State.OPEN, row.state == State.HANDED_OVER and may_change
    rows = []
    for place, item in enumerate(items):
        is_seen = is_shown(request, item.idea)
        form = (forms or {}).get(item.pk) or ItemForm(item)
        rows.append(
            Row(
                item=item,
                idea=item.idea if is_seen else None,
                tone=SAID_TONES[Said(item.outcome)],
                form=form if answers and is_seen else None,
                is_first=place == 0,
                is_last=place == len(items) - 1,
            )
        )
    context = {
        "crumbs": crumbs(
            (list_name(request), reverse("programs_staff:briefs")),
            (f"{row.program.name} {row.budget_year}", ""),
        ),
        "brief": row,
        "tone": TONES[State(row.state)],
        "rows": rows,
        "may_change": may_change,
        "is_open": is_open and may_change,
        "answers": answers,
        "refused": refused,
        **(search(request, row) if is_open and may_change else {}),
    }
    return render(request, "programs/staff/brief.html", context, status=status)


def search(request: HttpRequest, row: PlanningBrief) -> dict[str, Any]:
    """The open public ideas of its program that are not in it yet."""
    query = (request.POST.get("q") or request.GET.get("q", "")).replace("\x00", "").strip()[:80]
    ideas = contents.candidates(row)
    if query:
        ideas = ideas.filter(
            Q(title__icontains=query) | Q(text__icontains=query) | Q(reference__iexact=query)
        )
    ideas = list(ideas[: MOST_FOUND + 1])
    return {"q": query, "candidates": ideas[:MOST_FOUND], "has_more": len(ideas) > MOST_FOUND}


def list_name(request: HttpRequest) -> str:
    return capfirst(current(request).words["planning_brief"].plural)
