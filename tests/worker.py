"""The task queue's worker, run in the test's own process until there is nothing left to do."""

import signal

from django.core.management import call_command

CAUGHT = (signal.SIGINT, signal.SIGTERM, signal.SIGQUIT)


def run_worker() -> None:
    """The worker takes the process's signals as its own; they are given back."""
    before = {number: signal.getsignal(number) for number in CAUGHT}
    try:
        call_command("db_worker", batch=True, interval=0, startup_delay=False, verbosity=0)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
