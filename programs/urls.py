from django.urls import path, register_converter

from programs.converters import RowId
from programs.views import (
    actions,
    documents,
    editions,
    events,
    exports,
    ideas,
    localities,
    organisation,
    programs,
    reports,
)

register_converter(RowId, "id")

app_name = "programs"
urlpatterns = [
    path("orter/", localities.index, name="localities"),
    path("orter/<slug:slug>/", localities.detail, name="locality"),
    path("program/", programs.index, name="programs"),
    path("program/<slug:slug>/", programs.detail, name="program"),
    path("program/<slug:slug>/text/", editions.current, name="text"),
    path("program/<slug:slug>/text/<id:number>/", editions.detail, name="edition"),
    path("program/<slug:slug>/atgarder/", actions.of_program, name="program_actions"),
    path("program/<slug:slug>/atgarder/<id:pk>/", actions.detail, name="action"),
    path("program/<slug:slug>/genomfort/", actions.completed, name="completed"),
    path("program/<slug:slug>/ideer/", ideas.of_program, name="program_ideas"),
    path("program/<slug:slug>/moten/", events.of_program, name="program_events"),
    path("program/<slug:slug>/dokument/", documents.of_program, name="program_documents"),
    path("program/<slug:slug>/organisation/", organisation.of_program, name="organisation"),
    path("atgarder/", actions.index, name="actions"),
    path("atgarder/<id:pk>/", actions.detail, name="place_action"),
    path("ideer/", ideas.index, name="ideas"),
    path("ideer/<id:pk>/", ideas.detail, name="idea"),
    path("anmal/<slug:kind>/<id:pk>/", reports.report, name="report"),
    path("anmal/<slug:kind>/<id:pk>/tack/", reports.received, name="report_received"),
    path("moten/", events.index, name="events"),
    path("moten/<id:year>/<id:month>/", events.month, name="events_month"),
    path("moten/<id:pk>/", events.detail, name="event"),
    path("moten/<id:pk>.ics", exports.event_calendar, name="event_calendar"),
    path("moten.ics", exports.calendar, name="calendar"),
    path("atgarder.<str:form>", exports.actions, name="actions_export"),
    path("ideer.<str:form>", exports.ideas, name="ideas_export"),
    path("moten.<str:form>", exports.events, name="events_export"),
]
