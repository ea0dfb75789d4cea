"""Prepares the demo's own database and serves the portal on this machine only."""

import argparse
import os
import sys
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from portal import demo_letters
from portal.management.commands.load_municipality import DEMO_PASSWORD

DATA = Path(__file__).resolve().parents[2] / "demo"


class Command(BaseCommand):
    help = "Prepare a municipality's demo and serve it on http://127.0.0.1."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("municipality", help="halmstad or flen")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--prepare-only", action="store_true", help="do not start a server")

    def handle(
        self, *, municipality: str, port: int, prepare_only: bool, **_options: object
    ) -> None:
        if not settings.DEMO:
            raise CommandError("The demo runs only with PORTAL_MODE=demo, as `make demo` does.")
        file = DATA / f"{municipality}.toml"
        if not file.is_file():
            names = ", ".join(sorted(path.stem for path in DATA.glob("*.toml")))
            raise CommandError(f"There is no demo for {municipality!r}. Choose one of: {names}.")
        settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
        # Letters lead to where this demo is, also those that its web server writes.
        settings.SITE_URL = os.environ["SITE_URL"] = f"http://127.0.0.1:{port}"
        call_command("migrate", verbosity=0)
        call_command("load_municipality", file, stdout=self.stdout)
        demo_letters.write(timezone.now())
        call_command("collectstatic", verbosity=0, interactive=False)
        self.welcome()
        if not prepare_only:
            self.stdout.flush()
            serve(port)

    def welcome(self) -> None:
        address = settings.SITE_URL
        self.stdout.write(f"\nThe portal:     {self.style.SUCCESS(address + '/')}")
        self.stdout.write(f"Letters:        {address}/demo/brev/")
        self.stdout.write(f"Staff pages:    {address}/admin/")
        self.stdout.write(f"Demo sign-ins:  (the password is {DEMO_PASSWORD})")
        for user in get_user_model().objects.filter(is_active=True):
            self.stdout.write(f"  {user.email:34} {user.name}")
        self.stdout.write("\nStop with Ctrl+C.")


def serve(port: int) -> None:
    """Become the web server; does not return."""
    gunicorn = [sys.executable, "-m", "gunicorn", "portal.wsgi", "--no-control-socket"]
    size = ["--bind", f"127.0.0.1:{port}", "--workers", "2", "--threads", "4"]
    os.execv(sys.executable, [*gunicorn, *size])  # noqa: S606
