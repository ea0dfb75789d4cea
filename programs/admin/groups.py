"""Staff pages for groups and their members."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from programs.admin.base import ScopedAdmin, TableInline
from programs.models import Group, Membership


class MembershipInline(TableInline):
    model = Membership
    fields = ["role", "capacity", "party", "organisation", "user", "started", "ended"]


@admin.register(Group)
class GroupAdmin(ScopedAdmin):
    fieldsets = [
        (None, {"fields": ["name", "kind", "theme", "program", "locality"]}),
        (_("Time"), {"fields": ["started", "ended", "continues", "became"]}),
        (_("Background"), {"fields": ["meetings_per_year", "note"]}),
    ]
    autocomplete_fields = ["continues", "became"]
    list_display = ["name", "kind", "program", "locality", "started", "ended"]
    list_filter = [
        "kind",
        ("program", admin.RelatedOnlyFieldListFilter),
        ("locality", admin.RelatedOnlyFieldListFilter),
    ]
    list_select_related = ["program", "locality"]
    search_fields = ["name", "theme"]
    inlines = [MembershipInline]


@admin.register(Membership)
class MembershipAdmin(ScopedAdmin):
    """One list of all seats: what somebody may do follows from them."""

    fieldsets = [
        (None, {"fields": ["group", "role", "capacity", "party", "organisation", "user"]}),
        (_("Time"), {"fields": ["started", "ended"]}),
    ]
    autocomplete_fields = ["group", "organisation"]
    list_display = ["__str__", "group", "user", "organisation", "started", "ended"]
    list_filter = [
        "role",
        "capacity",
        ("group__program", admin.RelatedOnlyFieldListFilter),
    ]
    list_select_related = ["group", "user", "organisation"]
    search_fields = ["group__name", "user__name", "organisation__name", "party"]
