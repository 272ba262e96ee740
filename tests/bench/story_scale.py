"""What stories cost an article at 10,000 and at a million articles: ``python -m tests.bench.story_scale [ROUNDS]``.

Law: the same real articles are filed in both archives, as ``tests.bench.stories`` files them, a batch here and a batch
there, since machines change their speed; the smaller archive is real, the larger one it repeated
(``tests.bench.story_archive``). Undated newcomers are left out: they would find their stories in the repetitions of all
years. The first batch fills the caches. Progress goes to stderr, the report to stdout.
"""

import gc
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from app.collector import collect_seldom
from app.store.database import Database
from tests.bench import story_archive
from tests.bench.stories import BATCH, batch_spent, tell, told
from tests.evaluation.corpora import SHARED
from tests.evaluation.stories import day_of, records

_STORED = 10_000
_NEWCOMERS = 2_000
_ROUNDS = 100


def main() -> None:
    """Fill both archives, file the newcomers in each, and report."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else _ROUNDS
    rows = list(records(SHARED / "data" / "news" / "allsides-12k.jsonl.gz"))[: _STORED + _NEWCOMERS]
    stored = rows[:_STORED]
    newcomers = [row for row in rows[_STORED:] if day_of(row["date"])]
    collect_seldom()
    gc.freeze()  # the collector need not look through what only this benchmark holds
    print("Stories in two archives.")
    with tempfile.TemporaryDirectory() as folder:
        small, large = Path(folder) / "small.db", Path(folder) / "large.db"
        for _ in _filed(small, stored, 0):
            pass
        members, frequencies = story_archive.read(small)
        Database(f"sqlite:///{large}").close()
        story_archive.repeat(large, members, frequencies, rounds)
        del members, frequencies
        many = _STORED * rounds
        both = list(zip(_filed(small, newcomers, _STORED), _filed(large, newcomers, many), strict=True))[1:]
        tell(_STORED, [batch for batch, _ in both])
        tell(many, [batch for _, batch in both])


def _filed(path: Path, rows: list[dict[str, str]], first: int) -> Iterator[dict[str, float]]:
    """File articles after the ``first`` that are there; yield what each batch spent, in milliseconds an article."""
    database = Database(f"sqlite:///{path}")
    for start in range(0, len(rows), BATCH):
        spent = batch_spent(database, rows[start : start + BATCH], first + start + 1)
        print(f"{first + start + BATCH:,} articles, {told(spent)}", file=sys.stderr)
        yield spent
    database.close()


if __name__ == "__main__":
    main()
