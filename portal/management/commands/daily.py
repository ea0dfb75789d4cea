"""The one command that cron runs every day."""

import argparse

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from portal import daily


class Command(BaseCommand):
    help = "Do what is done once a day: letters, followers, erasing. May run twice."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="say what would be done")

    def handle(self, *, dry_run: bool, **_options: object) -> None:
        if dry_run:
            self.stdout.write("Dry run: nothing is kept, nothing is sent.")
        failed = 0
        for report in daily.run(timezone.now(), dry_run=dry_run):
            failed += report.failed
            out = self.stderr if report.failed else self.stdout
            out.write(f"{report.job}: {report.said}")
        if failed:
            raise CommandError(f"{failed} of {len(daily.JOBS)} jobs failed.")
