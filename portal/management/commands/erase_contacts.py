"""Only the erasing among what is done every day, for whoever wants to see or do it by itself."""

import argparse

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from portal import daily


class Command(BaseCommand):
    help = "Erase the contact details whose time is over, and say how many. May run twice."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="say what would be erased")

    def handle(self, *, dry_run: bool, **_options: object) -> None:
        if dry_run:
            self.stdout.write("Dry run: nothing is erased.")
        failed = 0
        for report in daily.run(timezone.now(), dry_run=dry_run, jobs=daily.ERASING):
            failed += report.failed
            out = self.stderr if report.failed else self.stdout
            out.write(f"{report.job}: {report.said}")
        if failed:
            raise CommandError(f"{failed} of {len(daily.ERASING)} jobs failed.")
