"""Staff pages for processes. What moves a process is on its own pages, never here."""

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from programs.admin.base import ScopedAdmin, TableInline
from programs.permissions import LIST, OF_PROGRAM, Belongs, Rights, grant
from programs.permissions.rights import NOBODY, A, L, M, R, S
from revisions.models import (
    Anchoring,
    Approval,
    ChannelEntered,
    ClauseChange,
    Comment,
    CommentEntry,
    DraftVersion,
    Evidence,
    InformationItem,
    LogEntry,
    Process,
    Statement,
    StepRecord,
    WorkingCopy,
)

READ = Rights(A | R | L | S, NOBODY, NOBODY, NOBODY, NOBODY)
OF_PROCESS = Belongs(program=["process__program"])

grant(Process, LIST, OF_PROGRAM)
grant(StepRecord, LIST, OF_PROCESS)
# Held comments are for those who review them.
grant(Comment, Rights(A | R | M | L, A | L, A | M | L, NOBODY, A), OF_PROCESS)
grant(
    CommentEntry,
    Rights(A | R | M | L, A | M | L, NOBODY, NOBODY, A),
    Belongs(program=["voice__process__program"]),
)
# What someone has not saved yet is theirs alone.
grant(WorkingCopy, Rights(NOBODY, NOBODY, NOBODY, NOBODY, NOBODY), OF_PROCESS)
for model in (
    Anchoring,
    Approval,
    ChannelEntered,
    ClauseChange,
    DraftVersion,
    Evidence,
    InformationItem,
    LogEntry,
    Statement,
):
    grant(model, READ, OF_PROCESS)


class StepRecordInline(TableInline):
    """Open for history that was entered by hand; closed where the workflow wrote it."""

    model = StepRecord
    fields = ["number", "started", "passed", "note"]
    extra = 0

    def get_readonly_fields(self, request: HttpRequest, obj: Process | None = None) -> list[str]:
        locked = ["number", "started", "passed"] if obj and obj.log.exists() else []
        return [*super().get_readonly_fields(request, obj), *locked]


@admin.register(Process)
class ProcessAdmin(ScopedAdmin):
    fieldsets = [
        (None, {"fields": ["program", "kind", "step", "attempt", "is_open", "outcome"]}),
        (_("Time"), {"fields": ["started", "ended"]}),
        (_("Background"), {"fields": ["note"]}),
    ]
    list_display = ["program", "kind", "step", "is_open", "started", "ended"]
    list_filter = ["kind", "is_open", ("program", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["program"]
    search_fields = ["program__name", "note"]
    inlines = [StepRecordInline]

    def get_readonly_fields(self, request: HttpRequest, obj: Process | None = None) -> list[str]:
        """Where a process stands is changed by its transitions alone."""
        locked = ["step", "attempt", "is_open", "outcome", "ended"]
        if obj:
            locked += ["kind", "started"]
        return [*super().get_readonly_fields(request, obj), *locked]
