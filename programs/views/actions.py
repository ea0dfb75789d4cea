"""Actions: the lists, the completed list as proof, and one action with its whole story."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.db.models import Case, Count, F, Max, Value, When
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _

from programs.chain import chain_of_action
from programs.current import current
from programs.filters import ActionFilterForm, CompletedFilterForm
from programs.models import Action, ActionUpdate, Term
from programs.models.actions import ActionQuerySet
from programs.pictures import Picture, first_picture, pictures
from programs.views.shell import paginate, program_page
from programs.wording import (
    action_time,
    area_of,
    clause_name,
    decision_line,
    public_clause,
    responsible_names,
    served,
)

# What goes on now comes first, what is done last.
LIST_ORDER = ("ongoing", "planned", "paused", "not_possible", "completed")
CLAUSE_ABOVE = "clause__parent__parent__parent"

ANSWER_TONES = {
    ActionUpdate.Answer.YES: "completed",
    ActionUpdate.Answer.NO: "not-possible",
    ActionUpdate.Answer.CHANGED_DATE: "paused",
    ActionUpdate.Answer.DONE: "completed",
}


@dataclass(slots=True)
class Row:
    """What a list shows of an action."""

    action: Action
    url: str
    serves: str
    who: str
    time: str
    where: str = ""
    picture: Picture | None = None
    text: str = ""


@dataclass(slots=True)
class Group:
    """Rows under one heading; `total` counts those on other pages too."""

    title: str
    key: str
    total: int = 0
    rows: list[Row] = field(default_factory=list)


def index(request: HttpRequest) -> HttpResponse:
    words = current(request).words
    form = ActionFilterForm(request)
    context = list_context(request, Action.objects.all(), form)
    crumbs = [(capfirst(words["action"].plural), "")]
    return render(
        request,
        "programs/action_list.html",
        context | {"section": "actions", "crumbs": crumbs},
    )


def of_program(request: HttpRequest, slug: str) -> HttpResponse:
    title = capfirst(current(request).words["action"].plural)
    page = program_page(request, slug, tab="actions", title=title)
    form = ActionFilterForm(request, page["program"])
    actions = Action.objects.filter(program=page["program"])
    return render(
        request, "programs/program_actions.html", page | list_context(request, actions, form)
    )


def list_context(
    request: HttpRequest, actions: ActionQuerySet, form: ActionFilterForm
) -> dict[str, Any]:
    """What the two action lists have in common."""
    words, today = current(request).words, timezone.localdate()
    rank = Case(*(When(status=status, then=Value(n)) for n, status in enumerate(LIST_ORDER)))
    found = form.narrow(actions)
    paged = paginate(
        request,
        found.select_related("program", "locality", "clause__edition", CLAUSE_ABOVE)
        .prefetch_related("responsible")
        .order_by(
            rank, F("completed").desc(nulls_last=True), F("due").asc(nulls_last=True), "title", "pk"
        ),
    )
    rows = [row(action, words, today) for action in paged["page"]]
    if form.program is None:
        for each in rows:
            each.where = str(each.action.program or each.action.locality)
    counts, updated_at = summary(actions)
    totals = counts if not form.chosen else summary(found)[0]
    labels = dict(Action.Status.choices)
    return paged | {
        "form": form,
        "groups": [
            Group(
                title=capfirst(labels[status]),
                key=status,
                total=totals[status],
                rows=[each for each in rows if each.action.status == status],
            )
            for status in LIST_ORDER
            if any(each.action.status == status for each in rows)
        ],
        "counts": [
            (status, capfirst(labels[status]), counts[status])
            for status in LIST_ORDER
            if status in counts
        ],
        "total": sum(counts.values()),
        "updated_at": updated_at,
        "downloads": downloads("programs:actions_export", form.query),
    }


def summary(actions: ActionQuerySet) -> tuple[dict[str, int], datetime.datetime | None]:
    """How many there are of each status, and when anything about them was last changed."""
    found = list(
        actions.order_by()
        .values("status")
        .annotate(
            number=Count("pk", distinct=True),
            changed=Max("updated_at"),
            logged=Max("updates__created_at"),
        )
    )
    moments = [moment for group in found for moment in (group["changed"], group["logged"])]
    counts = {group["status"]: group["number"] for group in found}
    return counts, max(filter(None, moments), default=None)


def downloads(view: str, query: str) -> list[tuple[str, str, str]]:
    """The same rows as files and as a feed: form, words, address."""
    forms = (("csv", "CSV"), ("xlsx", "Excel"), ("atom", _("News feed (Atom)")))
    return [(form, words, reverse(view, args=[form]) + query) for form, words in forms]


def row(action: Action, words: Mapping[str, Term], today: datetime.date) -> Row:
    return Row(
        action=action,
        url=action.get_absolute_url(),
        serves=served(action, words),
        who=responsible_names(action),
        time=action_time(action, today),
    )


def completed(request: HttpRequest, slug: str) -> HttpResponse:
    words, today = current(request).words, timezone.localdate()
    page = program_page(request, slug, tab="completed", title=_("Completed"))
    actions = Action.objects.filter(program=page["program"]).completed()
    form = CompletedFilterForm(request, page["program"])
    paged = paginate(
        request,
        form.narrow(actions)
        .select_related("program", "clause__edition", CLAUSE_ABOVE)
        .prefetch_related("responsible", "photos")
        .order_by(F("completed").desc(nulls_last=True), "continuous", "-pk"),
    )
    groups: list[Group] = []
    for action in paged["page"]:
        each = row(action, words, today)
        each.text = Truncator(action.result or action.description).chars(160)
        each.picture = first_picture(action.photos.all())
        title, key = year_group(action)
        if not groups or groups[-1].key != key:
            groups.append(Group(title, key))
        groups[-1].rows.append(each)
    # In files the year also means started and planned: they hold the completed ones of all years.
    chosen = {"program": slug, "status": Action.Status.COMPLETED.value, **form.chosen}
    chosen.pop("ar", None)
    return render(
        request,
        "programs/completed_list.html",
        page
        | paged
        | {
            "form": form,
            "groups": groups,
            "updated_at": summary(actions)[1],
            "downloads": downloads("programs:actions_export", f"?{urlencode(chosen)}"),
        },
    )


def year_group(action: Action) -> tuple[str, str]:
    """Title and key of the group that a completed action stands in."""
    if action.completed:
        return str(action.completed.year), str(action.completed.year)
    if action.continuous:
        return _("Runs continuously"), "lopande"
    return _("Date unknown"), "utan-datum"


def detail(request: HttpRequest, pk: int, slug: str | None = None) -> HttpResponse:
    """An action has one address: with its program if it has one, otherwise without."""
    action = get_object_or_404(
        Action.objects.select_related(
            "program",
            "locality",
            "clause__edition__program",
            CLAUSE_ABOVE,
            "applicant",
            "applicant_group",
            "from_event",
            "decision__body",
        ).prefetch_related(
            "responsible", "partners", "updates__organisation", "photos", "documents__edition"
        ),
        pk=pk,
    )
    if slug is None and action.program:
        return redirect(action, permanent=True)
    if slug is not None and (action.program is None or action.program.slug != slug):
        raise Http404
    words, today = current(request).words, timezone.localdate()
    clause = public_clause(action.clause)
    updates = story(action.updates.all())
    responsible = list(action.responsible.all())
    return render(
        request,
        "programs/action_detail.html",
        frame(request, action)
        | {
            "action": action,
            "is_stopped": action.status in Action.NEEDS_REASON,
            "clause": clause,
            "clause_name": clause_name(clause, words) if clause and clause.number else "",
            "area": area_of(clause) if clause else None,
            "who": responsible_names(action),
            "responsible_list": responsible,
            "partners": list(action.partners.all()),
            "done_by_others": bool(responsible)
            and not any(organisation.is_municipal for organisation in responsible),
            "time": action_time(action, today),
            "applicant": action.applicant or action.applicant_group,
            "decision_line": decision_line(action.decision) if action.decision else "",
            "updates": updates,
            "pictures": pictures(action.photos.all()),
            "documents": [document for document in action.documents.all() if document.is_public],
            "chain": chain_of_action(action, words, today),
            "updated_at": max(
                [action.updated_at, *(update.created_at for update in action.updates.all())]
            ),
        },
    )


def frame(request: HttpRequest, action: Action) -> dict[str, Any]:
    """What surrounds an action: its program's pages, or its place's."""
    words = current(request).words
    if action.program:
        page = program_page(request, action.program.slug, tab="actions", title=action.title)
        listing = reverse("programs:program_actions", args=[action.program.slug])
        page["crumbs"].insert(-1, (capfirst(words["action"].plural), listing))
        return page | {"frame": "programs/program_base.html"}
    return {
        "frame": "base.html",
        "section": "actions",
        "crumbs": [
            (capfirst(words["locality"].plural), reverse("programs:localities")),
            (action.locality.name, action.locality.get_absolute_url()),
            (action.title, ""),
        ],
    }


def story(updates: Iterable[ActionUpdate]) -> list[tuple[ActionUpdate, str, str, bool]]:
    """Each entry with the words and tone of its answer, and whether it comes after a "no".

    Latest first, as the log shows them.
    """
    updates = list(updates)
    entries = []
    for place, update in enumerate(updates):
        before = updates[place + 1] if place + 1 < len(updates) else None
        is_answer = update.answer != ActionUpdate.Answer.PROGRESS
        entries.append(
            (
                update,
                capfirst(update.get_answer_display()) if is_answer else "",
                ANSWER_TONES.get(update.answer, ""),
                before is not None and before.answer == ActionUpdate.Answer.NO,
            )
        )
    return entries
