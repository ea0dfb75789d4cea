"""The portal's addresses without its staff pages: the engine asks only for the name of one."""

from django.http import HttpResponse
from django.urls import include, path

from portal import urls

staff = ([path("<int:pk>/", lambda _request, pk: HttpResponse(pk), name="process")], "revisions_staff")
urlpatterns = [*urls.urlpatterns, path("processer/", include(staff))]
