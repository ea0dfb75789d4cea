from django.urls import path

from revisions import staff

app_name = "revisions_staff"
urlpatterns = [
    path("", staff.index, name="index"),
    path("start/<slug:slug>/<slug:kind>/", staff.start, name="start"),
    path("<id:pk>/", staff.process, name="process"),
    path("<id:pk>/gor/<slug:transition>/", staff.transition, name="transition"),
    path("<id:pk>/godkann/", staff.approval, name="approval"),
    path("<id:pk>/synpunkter/", staff.comments, name="comments"),
    path("<id:pk>/synpunkter/<id:comment>/", staff.answer, name="answer"),
    path("<id:pk>/forslag/", staff.draft, name="draft"),
    path("<id:pk>/forslag/nytt/", staff.add_clause, name="add_clause"),
    path("<id:pk>/forslag/nytt/utkast/", staff.keep_new, name="keep_new"),
    path("<id:pk>/forslag/<id:clause>/", staff.clause, name="clause"),
    path("<id:pk>/forslag/<id:clause>/utkast/", staff.keep_clause, name="keep_clause"),
    path("<id:pk>/forslag/utkast/<id:copy>/slang/", staff.discard, name="discard"),
    path("<id:pk>/forslag/forhandsvisa/", staff.preview, name="preview"),
    path("<id:pk>/forslag/tillbaka/<id:origin>/", staff.restore, name="restore"),
    path("<id:pk>/forslag/versioner/", staff.versions, name="versions"),
    path("<id:pk>/forslag/versioner/<id:version>/", staff.version, name="version"),
]
