"""Staff pages for processes."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from programs.admin.base import ScopedAdmin, TableInline
from programs.permissions import LIST, OF_PROGRAM, Belongs, grant
from revisions.models import Process, StepRecord

grant(Process, LIST, OF_PROGRAM)
grant(StepRecord, LIST, Belongs(program=["process__program"]))


class StepRecordInline(TableInline):
    model = StepRecord
    fields = ["number", "started", "passed", "note"]


@admin.register(Process)
class ProcessAdmin(ScopedAdmin):
    fieldsets = [
        (None, {"fields": ["program", "kind", "is_open"]}),
        (_("Time"), {"fields": ["started", "ended"]}),
        (_("Background"), {"fields": ["note"]}),
    ]
    list_display = ["program", "kind", "is_open", "started", "ended"]
    list_filter = ["kind", "is_open", ("program", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["program"]
    search_fields = ["program__name", "note"]
    inlines = [StepRecordInline]
