"""How many pages a second the portal answers, each page in turn, on this machine.

Starts the demo's own server on loopback with two workers, asks for each page a bounded number of
times from a few threads, and prints pages per second and the middle answer time. Measures; asserts
nothing.
"""

import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGES = [
    "/",
    "/orter/getinge/",
    "/program/",
    "/program/framtid-getinge/",
    "/program/framtid-getinge/text/",
    "/program/framtid-getinge/atgarder/",
    "/atgarder/",
    "/ideer/",
    "/moten/",
    "/sok/?q=cykel",
]
REQUESTS = int(os.environ.get("BENCH_REQUESTS", "200"))
THREADS = 4


def main() -> None:
    with tempfile.TemporaryDirectory() as directory, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        environment = os.environ | {"PORTAL_MODE": "demo", "PORTAL_VAR_DIR": directory}
        command = [sys.executable, "manage.py", "demo", "halmstad", "--port", str(port)]
        server = subprocess.Popen(  # noqa: S603 (our own command)
            command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            wait(f"http://127.0.0.1:{port}/om/kontakt/")
            for page in PAGES:
                measure(f"http://127.0.0.1:{port}{page}", page)
        finally:
            server.terminate()
            server.wait()


def wait(url: str) -> None:
    for _attempt in range(600):
        try:
            fetch(url)
        except OSError:
            time.sleep(0.2)
        else:
            return
    sys.exit("the demo did not start")


def fetch(url: str) -> int:
    with urllib.request.urlopen(url, timeout=30) as answer:  # noqa: S310 (loopback)
        return len(answer.read())


def measure(url: str, page: str) -> None:
    size = fetch(url)
    times: list[float] = []

    def ask() -> None:
        for _request in range(REQUESTS // THREADS):
            started = time.perf_counter()
            fetch(url)
            times.append(time.perf_counter() - started)

    threads = [threading.Thread(target=ask) for _thread in range(THREADS)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    per_second = len(times) / (time.perf_counter() - began)
    middle = statistics.median(times) * 1000
    sys.stdout.write(f"{page:40} {per_second:6.0f} pages/s  {middle:6.1f} ms  {size:6} bytes\n")


if __name__ == "__main__":
    main()
