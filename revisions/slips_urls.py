from django.urls import path

from revisions.staff import slips

app_name = "slips"
urlpatterns = [
    path("", slips.new, name="new"),
    path("<slug:kind>/<id:pk>/", slips.edit, name="edit"),
    path("<slug:kind>/<id:pk>/ta-tillbaka/", slips.take_back, name="take_back"),
    path("<slug:kind>/<id:pk>/lagg-tillbaka/", slips.put_back, name="put_back"),
]
