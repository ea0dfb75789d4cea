"""Staff pages for places, organisations and local bodies."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from programs.admin.base import ScopedAdmin, StackInline
from programs.admin.documents import PhotoInline
from programs.models import LocalBody, Locality, Organisation


@admin.register(Organisation)
class OrganisationAdmin(ScopedAdmin):
    fieldsets = [(None, {"fields": ["name", "slug", "kind", "website"]})]
    prepopulated_fields = {"slug": ["name"]}
    list_display = ["name", "kind", "website"]
    list_filter = ["kind"]
    search_fields = ["name"]


class LocalBodyInline(StackInline):
    model = LocalBody
    fields = ["organisation", "members", "started", "ended", "note"]
    autocomplete_fields = ["organisation", "members"]
    extra = 0


@admin.register(Locality)
class LocalityAdmin(ScopedAdmin):
    fieldsets = [
        (None, {"fields": ["name", "slug", "kind", "in_network", "description"]}),
        (_("Population"), {"fields": ["population", "population_on", "population_note"]}),
        (_("On the map"), {"fields": ["latitude", "longitude"]}),
    ]
    prepopulated_fields = {"slug": ["name"]}
    list_display = ["name", "kind", "population", "in_network"]
    list_filter = ["kind", "in_network"]
    search_fields = ["name"]
    inlines = [LocalBodyInline, PhotoInline]


@admin.register(LocalBody)
class LocalBodyAdmin(ScopedAdmin):
    fieldsets = [
        (None, {"fields": ["locality", "organisation", "members"]}),
        (_("Time"), {"fields": ["started", "ended", "note"]}),
    ]
    autocomplete_fields = ["organisation", "members"]
    list_display = ["organisation", "locality", "started", "ended"]
    list_filter = [("locality", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["organisation", "locality"]
    search_fields = ["organisation__name", "locality__name"]
