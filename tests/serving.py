"""A real server for the tests of the web: an archive of invented texts, on a free port of this machine."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx
import uvicorn
from fastapi import FastAPI

from app.archive import Archive, open_archive
from app.config import MOST_HEAD_BYTES
from tests.factories import make_settings

NEWSFOLD = str(Path(sys.executable).with_name("newsfold"))  # the command
_STARTS_WITHIN_S = 60.0
SAMPLES = Path(__file__).parents[1] / "app" / "samples"

# A text that tries to be more than text, in every place where text is shown.
HOSTILE = """Council <script>alert(1)</script> votes to move the market
Traders say "yes" & <img src=x onerror=alert(2)> hope for shade

The council of Brindle voted on Monday to move the Saturday market from the square to the old brickyard, \
<script>alert(3)</script> after eleven years of talks with the people who trade there.

Every stall will keep its number, the clerk said, and the <b>fountain</b> will be covered during the winter months \
so that children cannot climb into it.

Traders welcomed the vote. They asked for lamps, for a second tap, and for a roof over the northern row, where the \
rain comes in from the sea.
"""


@contextmanager
def filled_archive(folder: Path) -> Iterator[Archive]:
    """Open an archive in ``folder/home`` that holds the samples (delivery 1) and ``HOSTILE`` with a file that is
    empty (delivery 2, source "The <i>Brindle</i> Bee")."""
    given = folder / "given"
    given.mkdir()
    (given / "mar<k>et.txt").write_text(HOSTILE, encoding="utf-16")
    (given / "nothing.txt").write_bytes(b"")
    with open_archive(make_settings(folder / "home")) as archive:
        archive.ingest([SAMPLES])
        archive.ingest([given], source="The <i>Brindle</i> Bee")
        yield archive


@contextmanager
def served(site: FastAPI) -> Iterator[httpx.Client]:
    """Serve ``site`` on a free port, and yield a client whose addresses begin there. Redirects are not followed."""
    config = uvicorn.Config(
        site,
        host="127.0.0.1",
        port=0,
        log_config=None,
        ws="none",
        h11_max_incomplete_event_size=MOST_HEAD_BYTES,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        while not server.started:
            if not thread.is_alive():
                raise RuntimeError("The site did not start.")
            thread.join(0.02)
        host, port = server.servers[0].sockets[0].getsockname()
        with httpx.Client(base_url=f"http://{host}:{port}", timeout=30) as client:
            yield client
    finally:
        server.should_exit = True
        thread.join()


@contextmanager
def served_by_processes(workers: int, environment: Mapping[str, str]) -> Iterator[int]:
    """Run ``newsfold serve`` with so many processes, and yield the port on which it answers."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    command = [NEWSFOLD, "serve", "--port", str(port), "--workers", str(workers)]
    server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, start_new_session=True)
    try:
        until = time.monotonic() + _STARTS_WITHIN_S
        while not _answers(port):
            if time.monotonic() > until or server.poll() is not None:
                raise RuntimeError("The server did not start.")
            time.sleep(0.2)
        yield port
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(30)


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False
