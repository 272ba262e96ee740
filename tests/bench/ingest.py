"""What taking articles in costs from end to end: ``python -m tests.bench.ingest [ENGINE …] [--articles N]``.

Law: AllSides articles as JSON Lines, a thousand a file, pass through ``Archive.ingest`` into a fresh archive with each
engine, index and report included, and all the CPU of the process is counted. Beyond 12,000 they come again, ten years
earlier, with every word of more than four letters spelt otherwise: new texts, with a new vocabulary of the same size.
"""

import argparse
import json
import re
import resource
import sys
import time
from collections.abc import Iterator
from itertools import count, islice
from pathlib import Path
from statistics import fmean
from tempfile import TemporaryDirectory

from app.archive import open_archive
from app.collector import collect_seldom
from app.config import Settings
from tests.bench.stories import yardstick
from tests.evaluation.corpora import SHARED
from tests.evaluation.stories import records

_FILE = 1_000
_LONG = re.compile(r"[A-Za-z]{5,}")
_YEARS = 10
_MEBIBYTE = 1024  # ru_maxrss is in KiB


def main() -> None:
    """Take in and report."""
    parser = argparse.ArgumentParser()
    parser.add_argument("engines", nargs="*", default=["whoosh", "tantivy"])
    parser.add_argument("--articles", type=int, default=12_000)
    asked = parser.parse_args()
    collect_seldom()
    for engine in asked.engines:
        with TemporaryDirectory() as folder:
            _measure(engine, asked.articles, Path(folder))


def _measure(engine: str, articles: int, folder: Path) -> None:
    print(f"{engine}, {articles:,} AllSides articles of 970 words, {_FILE:,} a delivery:")
    settings = Settings(home=folder / "home", index_url=f"{engine}:{folder / 'index'}")
    spent: list[float] = []
    # what the machine took for a million squares beside each: it can slow down meanwhile
    paces: list[float] = []
    with open_archive(settings) as archive:
        for nth, rows in enumerate(_files(articles)):
            path = folder / f"{nth:04}.jsonl"
            path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
            began = time.process_time()
            archive.ingest([path])
            spent.append(time.process_time() - began)
            paces.append(yardstick())
            path.unlink()
            print(f"{nth + 1}: {_FILE / spent[-1]:.0f} articles/s, {paces[-1]:.0f} ms", file=sys.stderr)
    half = len(spent) // 2
    first, second = fmean(spent[:half]), fmean(spent[half:])
    slower = fmean(paces[half:]) / fmean(paces[:half])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _MEBIBYTE
    print(
        f"  {articles / sum(spent):.0f} articles/s of CPU; "
        f"the first half {_FILE / first:.0f}, the second {_FILE / second:.0f} "
        f"({second / first:.2f} times as much, {second / first / slower:.2f} by what the machine took for a million "
        f"squares: {fmean(paces[:half]):.0f} and {fmean(paces[half:]):.0f} ms); peak memory {peak:.0f} MiB",
        flush=True,
    )


def _files(articles: int) -> Iterator[list[dict[str, str]]]:
    left = islice(_rows(), articles)
    while batch := list(islice(left, _FILE)):
        yield batch


def _rows() -> Iterator[dict[str, str]]:
    """Yield articles without end, read as they are needed: what this held would count as memory of the archive."""
    for turn in count():
        for row in records(SHARED / "data/news/allsides-12k.jsonl.gz"):
            yield _again(row, turn) if turn else row


def _again(row: dict[str, str], turn: int) -> dict[str, str]:
    suffix = "abcdefghij"[turn % 10] * 2
    text, title = (_LONG.sub(rf"\g<0>{suffix}", row[part]) for part in ("text", "title"))
    year, rest = row["date"][:4], row["date"][4:]
    date = f"{int(year) - _YEARS * turn}{rest}" if year.isdecimal() else row["date"]
    return {**row, "text": text, "title": title, "date": date, "url": f"{row['url']}#{turn}"}


if __name__ == "__main__":
    main()
