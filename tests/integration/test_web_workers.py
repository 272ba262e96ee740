"""Several processes that serve one archive: their answers leave when they are ready."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

STARTS_WITHIN_S = 60
HELD_BACK_S = 0.04  # by a kernel that waits for the first half of an answer to be acknowledged


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    """The port of a server of two processes."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    newsfold = str(Path(sys.executable).with_name("newsfold"))
    command = [newsfold, "serve", "--port", str(port), "--workers", "2"]
    environment = os.environ | {"NEWSFOLD_HOME": str(tmp_path / "home"), "NEWSFOLD_LOG_LEVEL": "error"}
    server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, start_new_session=True)
    try:
        yield port
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(30)


def test_an_answer_is_not_held_back(port: int) -> None:
    connection = connected(port)
    spent = []
    for _ in range(20):
        began = time.perf_counter()
        connection.request("GET", "/api/v1/search?q=ferry")
        answer = connection.getresponse()
        assert answer.status == http.client.OK
        answer.read()
        spent.append(time.perf_counter() - began)
    connection.close()
    assert min(spent) < HELD_BACK_S * 0.75


def connected(port: int) -> http.client.HTTPConnection:
    until = time.monotonic() + STARTS_WITHIN_S
    while True:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        try:
            connection.connect()
        except OSError:
            assert time.monotonic() < until, "the server did not start"
            time.sleep(0.1)
        else:
            return connection
