"""What finding repeats costs an article: ``python -m tests.bench.repeats [--articles N …] [--folder FOLDER]``.

Law: batches of newcomers as large as a transaction files pass through the product's own store code on a SQLite file;
all CPU of the process is counted, the database's look-ups with it. Progress goes to stderr, the report to stdout.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path
from statistics import fmean

from app.collector import collect_seldom
from app.domain.fingerprint import fingerprint
from app.store.database import Database
from app.store.fingerprints import Fingerprints
from tests.bench.repeat_archive import LENGTH, Maker, fill
from tests.bench.stories import yardstick

BATCH = 200
_BATCHES = 10


def say(line: str) -> None:
    """Report progress."""
    print(line, file=sys.stderr, flush=True)


def report_archive(articles: int, folder: Path) -> None:
    """Fill an archive with so many articles, then time newcomers."""
    say(f"writing {articles:,} articles")
    path = folder / f"{articles}.db"
    database = Database(f"sqlite:///{path}")
    maker = Maker()
    words = fill(path, maker, articles)
    with database.read() as session:
        rows = session.connection().exec_driver_sql("SELECT count(*) FROM fingerprint").scalar_one()
    print(f"{articles:,} articles of some {LENGTH} words, {path.stat().st_size / 2**20:,.0f} MiB,", end=" ")
    print(f"{rows / words:.3f} rows a word")
    spent: list[tuple[float, float, float]] = []
    squares: list[float] = []
    links = rows_read = 0
    for number in range(_BATCHES + 1):
        texts = [maker.text(maker.make()) for _ in range(BATCH)]
        with database.read() as session:
            started = time.process_time()
            prints = [fingerprint(text) for text in texts]
            printed = time.process_time()
            look_up = Fingerprints(session, prints)
            looked_up = time.process_time()
            found = [list(look_up.likenesses(each)) for each in prints]
            compared = time.process_time()
        if number:  # the first batch fills the caches
            spent.append((printed - started, looked_up - printed, compared - looked_up))
            links += sum(map(len, found))
            rows_read += look_up._held.total()
            squares.append(yardstick())
    newcomers = BATCH * _BATCHES
    laps = [1e3 * sum(lap) / newcomers for lap in zip(*spent, strict=True)]
    worst = 1e3 * max(sum(lap[1:]) for lap in spent) / BATCH
    print(f"  {rows_read / newcomers:.0f} rows read and {links / newcomers:.2f} links found an article")
    print(
        f"  CPU ms an article, in batches of {BATCH}: look-up {laps[1]:.2f}, comparing {laps[2]:.2f},",
        end=" ",
    )
    print(f"together {laps[1] + laps[2]:.2f} ({worst:.2f} in the worst batch); its fingerprint {laps[0]:.2f}")
    print(f"  a million squares in Python, after each batch: {fmean(squares):.0f} ms")
    database.close()


def main() -> None:
    """Print the report."""
    collect_seldom()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, nargs="+", default=[10_000, 1_000_000])
    parser.add_argument(
        "--folder", type=Path, help="where the databases are made; 7 GB for a million articles"
    )
    asked = parser.parse_args()
    for articles in asked.articles:
        with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
            report_archive(articles, Path(folder))


if __name__ == "__main__":
    main()
