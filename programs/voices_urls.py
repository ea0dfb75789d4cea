from django.urls import path

from programs.staff.voices import page, queue

app_name = "voices_staff"
urlpatterns = [
    path("", queue.queue, name="queue"),
    path("publicera/", queue.publish_many, name="publish_many"),
    path("bild/<id:pk>/", page.picture, name="picture"),
    path("<slug:kind>/<id:pk>/", page.voice, name="voice"),
    path("<slug:kind>/<id:pk>/gor/<slug:act>/", page.act, name="act"),
]
