"""The mailbox in which the demo's letters can be read. Only demo mode has these addresses."""

from django.urls import path

from portal.views import mailbox

urlpatterns = [
    path("", mailbox.mailbox, name="demo_mailbox"),
    path("<id:pk>/", mailbox.letter, name="demo_letter"),
]
