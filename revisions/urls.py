from django.urls import path

from revisions import views

app_name = "revisions"
urlpatterns = [
    path(
        "program/<slug:slug>/text/<id:number>/jamfor/<id:other>/",
        views.comparison,
        name="comparison",
    ),
    path("program/<slug:slug>/process/<id:pk>/", views.process, name="process"),
    path("program/<slug:slug>/process/<id:pk>/synpunkter/", views.comments, name="comments"),
    path("program/<slug:slug>/process/<id:pk>/synpunkter/ny/", views.comment, name="comment"),
    path(
        "program/<slug:slug>/process/<id:pk>/synpunkter/tack/",
        views.comment_received,
        name="comment_received",
    ),
    path("program/<slug:slug>/process/<id:pk>/forslag/", views.draft, name="draft"),
    path("program/<slug:slug>/blankett/", views.program_sheet, name="sheet"),
    path("moten/<id:pk>/blankett/", views.event_sheet, name="event_sheet"),
    path("t/<slug:code>/", views.short, name="short"),
]
