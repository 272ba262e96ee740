"""What stories cost an article at 10,000 and at a million articles: ``python -m tests.bench.story_scale [ROUNDS]``.

Law: the same real articles are filed in both archives, as ``tests.bench.stories`` files them; the smaller archive is
real, the larger one it repeated (``tests.bench.story_archive``). Progress goes to stderr, the report to stdout.
"""

import gc
import sys
import tempfile
from pathlib import Path

from app.store.database import Database
from tests.bench import story_archive
from tests.bench.stories import BATCH, Meter, file_batch, tell, yardstick
from tests.evaluation.corpora import SHARED
from tests.evaluation.stories import records

_STORED = 10_000
_NEWCOMERS = 1_000
_ROUNDS = 100


def main() -> None:
    """Fill both archives, file the newcomers in each, and report."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else _ROUNDS
    rows = list(records(SHARED / "data" / "news" / "allsides-12k.jsonl.gz"))[: _STORED + _NEWCOMERS]
    stored, newcomers = rows[:_STORED], rows[_STORED:]
    gc.freeze()  # the collector need not look through what only this benchmark holds
    print(f"Stories in two archives; a million squares in Python take {yardstick():.0f} ms.")
    with tempfile.TemporaryDirectory() as folder:
        small, large = Path(folder) / "small.db", Path(folder) / "large.db"
        _file(small, stored, 0)
        members, frequencies = story_archive.read(small)
        Database(f"sqlite:///{large}").close()
        story_archive.repeat(large, members, frequencies, rounds)
        del members, frequencies
        for path, held in ((small, _STORED), (large, _STORED * rounds)):
            tell(held, _file(path, newcomers, held))


def _file(path: Path, rows: list[dict[str, str]], first: int) -> list[dict[str, float]]:
    """File articles after the ``first`` that are there; return what each batch spent, in milliseconds an article."""
    database = Database(f"sqlite:///{path}")
    spent = []
    for start in range(0, len(rows), BATCH):
        meter, taken = Meter(), rows[start : start + BATCH]
        file_batch(database, taken, meter, first + start + 1)
        spent.append({name: each / len(taken) for name, each in meter.spent.items()})
        print(f"{first + start + len(taken):,} articles, {sum(spent[-1].values()):.2f} ms", file=sys.stderr)
    database.close()
    return spent


if __name__ == "__main__":
    main()
