from django.urls import path

from programs.staff import letters

app_name = "programs_staff"
urlpatterns = [
    path("brev/", letters.letters, name="letters"),
    path("brev/<id:pk>/", letters.letter, name="letter"),
]
