"""The portal's addresses as they are in demo mode."""

from django.urls import include, path

from portal.urls import handler400, handler403, handler404, handler500, urlpatterns

urlpatterns = [*urlpatterns, path("demo/brev/", include("portal.demo_urls"))]

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]
