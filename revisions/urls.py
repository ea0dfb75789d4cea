from django.urls import path

from revisions import views

app_name = "revisions"
urlpatterns = [
    path(
        "program/<slug:slug>/text/<id:number>/jamfor/<id:other>/",
        views.comparison,
        name="comparison",
    ),
]
