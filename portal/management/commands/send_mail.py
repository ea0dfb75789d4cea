"""For cron, every few minutes: what could not be sent the first time."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from programs import mail


class Command(BaseCommand):
    help = "Hand letters that are due to the task queue. May run twice."

    def handle(self, **_options: object) -> None:
        due = mail.hand_over_due(timezone.now())
        self.stdout.write(f"{due} letters handed to the task queue.")
