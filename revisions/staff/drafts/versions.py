"""What the draft has said before: its versions, and what was dropped. Both can be brought back."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from programs.current import current
from programs.models import Clause
from programs.views.shell import paginate
from revisions import drafting
from revisions.digest import digest_of, text_of
from revisions.drafting import may_write
from revisions.models import DraftVersion, Process
from revisions.permissions import may_drive
from revisions.saved_text import clauses_of
from revisions.staff.access import crumbs, driven, process_for
from revisions.staff.drafts.forms import RestoreForm
from revisions.staff.drafts.writing import attempt, because
from revisions.views.saved import compared


@login_required
def versions(request: HttpRequest, pk: int) -> HttpResponse:
    """Every saved version of the draft, latest first."""
    process = process_for(request, pk)
    rows = process.versions.select_related("saved_by").defer("clauses")
    paged = paginate(request, rows)
    reads_now = digest_of(process.draft) if process.draft else ""
    for row in paged["page"]:
        row.is_as_now = row.digest == reads_now
    return render(
        request,
        "revisions/staff/versions.html",
        {
            "crumbs": crumbs(process, _("Versions of the draft")),
            "process": process,
            "program": process.program,
            **paged,
        },
    )


@login_required
def version(request: HttpRequest, pk: int, version: int) -> HttpResponse:
    """One version: what it changed, how it differs from the draft now, and bringing it back."""
    process = process_for(request, pk)
    row = get_object_or_404(process.versions.select_related("saved_by"), pk=version)
    is_sent = request.method == "POST"
    if is_sent:
        process = driven(request, pk)
    reads_now = digest_of(process.draft) if process.draft else ""
    may = may_write(process) and may_drive(request.user, process.program)
    may_restore = may and row.digest != reads_now and bool(row.clauses)
    form = RestoreForm(
        process,
        None,
        request.POST if is_sent else None,
        prefix="restore",
        initial={"saw": reads_now},
    )
    if form.is_valid():

        def restore() -> bool:
            drafting.restore_version(
                process,
                form.seen,
                row,
                saw=form.cleaned_data["saw"],
                because=because(request, process, form.given),
            )
            return True

        if attempt(form, restore):
            messages.success(request, _("The version is brought back. The draft is saved."))
            return redirect("revisions_staff:draft", process.pk)
        process = driven(request, pk)
        form.shown_again(process, saw=digest_of(process.draft) if process.draft else "")
    return render(
        request,
        "revisions/staff/version.html",
        {
            "crumbs": crumbs(process, _("Versions of the draft")),
            "process": process,
            "program": process.program,
            "version": row,
            "text": clauses_of(row.clauses, 1),
            "form": form if may_restore or is_sent else None,
            "is_as_now": row.digest == reads_now,
            **against(request, process, row),
        },
        status=409 if form.is_bound else 200,
    )


def against(request: HttpRequest, process: Process, row: DraftVersion) -> dict[str, Any]:
    """Compared with the version before it; with `?mot=nu`, the draft now compared with it."""
    words = current(request).words
    if request.GET.get("mot") == "nu" and process.draft:
        return {"is_against_now": True} | compared(row.clauses, text_of(process.draft), words)
    before = process.versions.filter(pk__lt=row.pk).first()
    if before is None:
        return {"is_first": True}
    return compared(before.clauses, row.clauses, words)


@login_required
def restore(request: HttpRequest, pk: int, origin: int) -> HttpResponse:
    """Bring back a clause that was dropped, with what stood under it."""
    process = driven(request, pk)
    old = get_object_or_404(Clause, pk=origin, edition=process.base_id) if process.base else None
    if old is None or process.draft is None:
        raise Http404
    is_sent = request.method == "POST"
    form = RestoreForm(process, None, request.POST if is_sent else None, prefix="restore")
    if form.is_valid():

        def bring_back() -> Clause:
            return drafting.restore_clause(
                process, form.seen, old.pk, because=because(request, process, form.given)
            )

        if row := attempt(form, bring_back):
            title = Truncator(row.title).chars(60)
            messages.success(request, _("“%(clause)s” is in the draft again.") % {"clause": title})
            return redirect(f"{reverse('revisions_staff:draft', args=[process.pk])}#{row.slug}")
        process = driven(request, pk)
        form.shown_again(process)
    return render(
        request,
        "revisions/staff/restore.html",
        {
            "crumbs": crumbs(process, _("Bring back")),
            "process": process,
            "program": process.program,
            "clause": old,
            "below": below(process, old),
            "reasons": process.clause_changes.filter(clause=None, origin=old).order_by("-pk"),
            "form": form,
            "may_write": may_write(process),
        },
    )


def below(process: Process, old: Clause) -> list[Clause]:
    """What comes back with it."""
    before = list(process.base.clauses.order_by("position", "pk"))
    living = set(process.draft.clauses.values_list("origin_id", flat=True))
    return [row for row in drafting.block(before, old)[1:] if row.pk not in living]
