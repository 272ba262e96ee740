"""Several processes that serve one archive: their answers leave when they are ready."""

import http.client
import os
import time
from pathlib import Path

from tests.serving import served_by_processes

HELD_BACK_S = 0.04  # by a kernel that waits for the first half of an answer to be acknowledged


def test_an_answer_is_not_held_back(tmp_path: Path) -> None:
    environment = os.environ | {"NEWSFOLD_HOME": str(tmp_path / "home"), "NEWSFOLD_LOG_LEVEL": "error"}
    spent = []
    with served_by_processes(2, environment) as port:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        for _ in range(20):
            began = time.perf_counter()
            connection.request("GET", "/api/v1/search?q=ferry")
            answer = connection.getresponse()
            assert answer.status == http.client.OK
            answer.read()
            spent.append(time.perf_counter() - began)
        connection.close()
    assert min(spent) < HELD_BACK_S * 0.75
