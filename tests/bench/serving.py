"""How many answers a second a server gives: ``python -m tests.bench.serving [ENGINE …] [--articles N] [--workers N]``.

Law: ``newsfold serve`` in processes of its own over an archive that was taken in; clients ask ``/api/v1/search`` for
words of the archive, each one question after the other over one connection, on the same machine. Wall clock.
"""

import argparse
import http.client
import json
import os
import random
import re
import subprocess
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlencode

import numpy as np

from tests.bench.stories import yardstick
from tests.evaluation.corpora import SHARED
from tests.evaluation.stories import records
from tests.serving import NEWSFOLD, served_by_processes

_CLIENTS = (1, 8, 32)
_FOR_S = 20.0


def main() -> None:
    """Take articles in, serve them, ask, and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("engines", nargs="*", default=["whoosh", "tantivy"])
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--workers", type=int, default=2)
    asked = parser.parse_args()
    rows = list(records(SHARED / "data" / "news" / "allsides-12k.jsonl.gz"))[: asked.articles]
    for engine in asked.engines:
        with TemporaryDirectory() as folder:
            _measure(engine, rows, asked.workers, Path(folder))


def _measure(engine: str, rows: Sequence[dict[str, str]], workers: int, folder: Path) -> None:
    export = folder / "export.jsonl"
    export.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    home = {"NEWSFOLD_HOME": str(folder / "home"), "NEWSFOLD_INDEX_URL": f"{engine}:{folder / 'index'}"}
    environment = {**os.environ, **home, "NEWSFOLD_LOG_LEVEL": "error"}
    subprocess.run([NEWSFOLD, "ingest", str(export)], env=environment, check=True, stdout=subprocess.DEVNULL)
    print(
        f"{engine}, {len(rows):,} articles, {workers} processes; a million squares take {yardstick():.0f} ms"
    )
    questions = _questions(rows)
    with served_by_processes(workers, environment) as port:
        _ask(port, questions, 1, 3.0)  # what is read for the first time
        for clients in _CLIENTS:
            spent = _ask(port, questions, clients, _FOR_S)
            p50, p95 = np.percentile(spent, [50, 95])
            print(
                f"  {clients:>2} clients: {len(spent) / _FOR_S:.0f} answers a second, {p50:.0f} / {p95:.0f} ms",
                flush=True,
            )


def _questions(rows: Sequence[dict[str, str]]) -> list[str]:
    """Return questions of one to three words that stand together in some article."""
    chance = random.Random(3)  # noqa: S311 - questions, not secrets
    words = re.compile(r"[A-Za-z]{4,12}")
    found: list[str] = []
    while len(found) < 500:
        told = words.findall(chance.choice(rows)["text"][:3000])
        if len(told) > 3:
            found.append(" ".join(chance.sample(told, chance.randint(1, 3))))
    return found


def _ask(port: int, questions: Sequence[str], clients: int, seconds: float) -> list[float]:
    """Let so many clients ask for some time; return the milliseconds of each answer."""
    spent: list[list[float]] = [[] for _ in range(clients)]
    until = time.monotonic() + seconds

    def client(nth: int) -> None:
        chance = random.Random(nth)  # noqa: S311 - an order
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        while time.monotonic() < until:
            began = time.perf_counter()
            connection.request("GET", f"/api/v1/search?{urlencode({'q': chance.choice(questions)})}")
            answer = connection.getresponse()
            answer.read()
            if answer.status != http.client.OK:
                raise SystemExit(f"The server answered {answer.status}.")
            spent[nth].append(1e3 * (time.perf_counter() - began))
        connection.close()

    threads = [threading.Thread(target=client, args=(nth,)) for nth in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [each for of in spent for each in of]


if __name__ == "__main__":
    main()
