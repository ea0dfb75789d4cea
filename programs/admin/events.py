"""Staff pages for meetings and other events."""

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from programs.admin.base import ScopedAdmin, TableInline
from programs.admin.documents import PhotoInline
from programs.admin.forms import ScopedForm
from programs.models import AgeGroup, Event
from programs.sign_ups.seats import event_was_changed, lock


class AgeGroupInline(TableInline):
    model = AgeGroup
    fields = ["from_age", "to_age", "participants"]


class EventForm(ScopedForm):
    def clean_seats(self) -> int | None:
        """Not fewer than are taken. The event is locked, so that no seat is taken meanwhile."""
        seats = self.cleaned_data["seats"]
        if seats is not None and self.instance.pk:
            taken = lock(self.instance).sign_ups.seated().people()
            if seats < taken:
                raise forms.ValidationError(
                    ngettext(
                        "%(taken)s seat is taken already.",
                        "%(taken)s seats are taken already.",
                        taken,
                    ),
                    params={"taken": taken},
                )
        return seats


@admin.register(Event)
class EventAdmin(ScopedAdmin):
    form = EventForm
    readonly_fields = ["signed_up", "slips"]
    fieldsets = [
        (None, {"fields": ["title", "kind", "program", "locality", "group"]}),
        (
            _("When and where"),
            {"fields": ["date", "until", "starts", "ends", "place", "open_to_all", "is_cancelled"]},
        ),
        (_("Beforehand"), {"fields": ["description", "agenda"]}),
        (
            _("Signing up"),
            {"fields": ["takes_sign_ups", "seats", "sign_up_closes_on", "signed_up"]},
        ),
        (_("Afterwards"), {"fields": ["participants", "participants_note", "notes", "slips"]}),
    ]
    autocomplete_fields = ["group"]
    list_display = ["title", "kind", "program", "locality", "date", "is_cancelled"]
    list_filter = [
        "kind",
        "is_cancelled",
        ("program", admin.RelatedOnlyFieldListFilter),
        ("locality", admin.RelatedOnlyFieldListFilter),
    ]
    list_select_related = ["program", "locality"]
    search_fields = ["title", "place"]
    inlines = [AgeGroupInline, PhotoInline]

    @admin.display(description=_("Signed up"))
    def signed_up(self, event: Event) -> SafeString | str:
        if event.pk is None:
            return "–"
        people = event.sign_ups.seated().people()
        words = ngettext("%(n)s person", "%(n)s people", people) % {"n": people}
        url = reverse("programs_staff:sign_ups", args=[event.pk])
        return format_html('<a href="{}">{}</a>', url, words)

    @admin.display(description=_("Slips from the meeting"))
    def slips(self, event: Event) -> SafeString | str:
        if event.pk is None:
            return "–"
        url = f"{reverse('slips:new')}?sammanhang=mote-{event.pk}"
        return format_html('<a href="{}">{}</a>', url, _("Enter what people wrote"))

    def save_model(
        self, request: HttpRequest, obj: Event, form: forms.ModelForm, change: bool
    ) -> None:
        """Those who have signed up are told of another time or place, or that it is cancelled."""
        before = Event.objects.get(pk=obj.pk) if change else None
        super().save_model(request, obj, form, change)
        if before is not None:
            event_was_changed(before, obj, today=timezone.localdate())
