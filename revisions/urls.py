from django.urls import path

from revisions import views

app_name = "revisions"
urlpatterns = [
    path("ideer/ny/", views.say, name="say"),
    path("ideer/ny/tack/", views.said, name="said"),
    path(
        "program/<slug:slug>/text/<id:number>/jamfor/<id:other>/",
        views.comparison,
        name="comparison",
    ),
    path("program/<slug:slug>/process/<id:pk>/", views.process, name="process"),
    path("program/<slug:slug>/process/<id:pk>/synpunkter/", views.comments, name="comments"),
    path("program/<slug:slug>/process/<id:pk>/synpunkter/ny/", views.comment, name="comment"),
    path("program/<slug:slug>/process/<id:pk>/forslag/", views.draft, name="draft"),
    path("program/<slug:slug>/process/<id:pk>/forslag/text/", views.draft_text, name="draft_text"),
    path("program/<slug:slug>/blankett/", views.program_sheet, name="sheet"),
    path("moten/<id:pk>/blankett/", views.event_sheet, name="event_sheet"),
    path("t/<slug:code>/", views.short, name="short"),
]
