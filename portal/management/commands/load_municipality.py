"""Loads a municipality from its data file."""

import argparse
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from portal.datafile import DataError, check, load
from programs.models import Municipality

DEMO_PASSWORD = "halla-portalen-demo"  # noqa: S105 (works in demo mode only, on loopback)


def count_rows() -> None:
    """Let the database look at how much it holds: without that SQLite searches the slow way round.

    Some three seconds for a search among 3,000 ideas, instead of a hundredth.
    """
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


class Command(BaseCommand):
    help = "Load a municipality from a TOML file. Does nothing when one is already there."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="for example portal/demo/halmstad.toml")
        parser.add_argument("--dry-run", action="store_true", help="check the file, store nothing")

    def handle(self, *, file: Path, dry_run: bool, **_options: object) -> None:
        if municipality := Municipality.objects.first():
            self.stdout.write(f"{municipality} is already loaded; nothing was changed.")
            return
        password = DEMO_PASSWORD if settings.DEMO else None
        try:
            if dry_run:
                municipality = check(file, today=timezone.localdate())
            else:
                municipality = load(file, today=timezone.localdate(), password=password)
                count_rows()
        except DataError as error:
            raise CommandError(f"Nothing was loaded. {error}") from error
        done = "can be loaded" if dry_run else "is loaded"
        self.stdout.write(self.style.SUCCESS(f"{municipality} {done}."))
