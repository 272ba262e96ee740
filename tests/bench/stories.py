"""What stories cost an article with the database: ``python -m tests.bench.stories [ARTICLES]``.

Law: real articles of AllSides pass through the product's own store on a SQLite file, and all the CPU of the process is
counted that stories need (portrait, look-ups, weighing, placing, mending, writing, commit); adding the rows of the
articles themselves is not. Progress goes to stderr, the report to stdout.
"""

import gc
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import fmean

from app.collector import collect_seldom
from app.domain.article import ArticleId, Draft, Published, TitleFrom
from app.domain.profile import Profile
from app.domain.story import place
from app.domain.terms import background, portrait
from app.domain.weighing import keyed
from app.store import articles
from app.store.database import Database, Session
from app.store.story_memory import StoryMemory
from tests.evaluation.corpora import SHARED
from tests.evaluation.stories import day_of, records

BATCH = 400  # as many as a transaction files
_NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
_STEPS = (1_000, 2_000, 4_000, 8_000, 12_000)
_YARDSTICK = 1_000_000
_YARDSTICK_NAME = "a million squares"


class Meter:
    """Milliseconds of CPU by what they were spent on."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = defaultdict(float)
        self._since = 0.0

    def start(self) -> None:
        """Begin to count; what went before is nobody's."""
        self._since = time.process_time()

    def lap(self, name: str) -> None:
        """Count what was spent since the last lap for ``name``."""
        now = time.process_time()
        self.spent[name] += (now - self._since) * 1000
        self._since = now


def file_batch(database: Database, rows: Sequence[dict[str, str]], meter: Meter, first: int) -> None:
    """File articles as ``ingest`` does, but for captures, sightings, families and the index."""
    meter.start()
    read = [keyed(portrait(row["title"], None, row["text"], "en"), background()) for row in rows]
    meter.lap("portrait")
    with database.write() as session:
        added = [_added(session, row, first + nth) for nth, row in enumerate(rows)]
        meter.start()
        memory = StoryMemory(session, _NOW)
        days = [day_of(row["date"]) for row in rows]
        drawn = memory.draw(list(zip(read, days, strict=True)))
        meter.lap("weigh and look up")
        for article, row, each in zip(added, rows, drawn, strict=True):
            _place(memory, article, row["title"], each, meter)
        memory.flush()
        meter.lap("mend and write")
    meter.lap("commit")


def _added(session: Session, row: dict[str, str], number: int) -> ArticleId:
    day = day_of(row["date"])
    published = datetime(day.year, day.month, day.day, tzinfo=UTC) if day else None
    draft = Draft(
        headline=row["title"],
        body_text=row["text"],
        first_line=1,
        last_line=1,
        published=Published(at=published),
    )
    return articles.add_article(
        session,
        draft,
        digest=f"{number:064}",
        title=row["title"],
        title_from=TitleFrom.HEADLINE,
        received=_NOW + timedelta(seconds=number),
    )


def _place(memory: StoryMemory, article: ArticleId, title: str, drawn: Profile, meter: Meter) -> None:
    placement = place(drawn, memory)
    meter.lap("place")
    story = placement.story or memory.open_story(title)
    meter.lap("open")
    memory.add(article, story, drawn)
    memory.relate(story, [each for each in placement.related if each.story != story])
    meter.lap("add")


def yardstick() -> float:
    """Return the milliseconds of CPU this machine takes for a million squares in Python: to compare machines by."""
    began = time.process_time()
    total = 0
    for number in range(_YARDSTICK):
        total += number * number
    return (time.process_time() - began) * 1000


def main() -> None:
    """Fill an archive and report."""
    most = int(sys.argv[1]) if len(sys.argv) > 1 else _STEPS[-1]
    rows = list(records(SHARED / "data" / "news" / "allsides-12k.jsonl.gz"))[:most]
    collect_seldom()
    gc.freeze()  # the collector need not look through what only this benchmark holds
    print("Stories with the database: AllSides articles of 970 words.")
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'archive.db'}")
        batches: list[dict[str, float]] = []
        for start in range(0, len(rows), BATCH):
            taken = rows[start : start + BATCH]
            batches.append(batch_spent(database, taken, start))
            done = start + len(taken)
            print(f"{done} articles, {told(batches[-1])}", file=sys.stderr)
            if done in _STEPS or done == len(rows):
                tell(done, batches[-5:])
        database.close()


def batch_spent(database: Database, rows: Sequence[dict[str, str]], first: int) -> dict[str, float]:
    """File a batch; return what was spent in milliseconds an article, and what the machine took for the yardstick."""
    meter = Meter()
    before = yardstick()
    file_batch(database, rows, meter, first)
    spent = {name: each / len(rows) for name, each in meter.spent.items()}
    return spent | {_YARDSTICK_NAME: (before + yardstick()) / 2}


def tell(done: int, batches: Sequence[dict[str, float]]) -> None:
    """Print what articles cost in some batches, on average."""
    print(
        f"  {done:>7,} articles: {told({name: fmean(each[name] for each in batches) for name in batches[0]})}"
    )


def told(spent: dict[str, float]) -> str:
    """Say what an article cost."""
    parts = {name: each for name, each in spent.items() if name != _YARDSTICK_NAME}
    listed = ", ".join(f"{name} {each:.2f}" for name, each in parts.items())
    return f"{sum(parts.values()):.2f} ms of CPU ({listed}), a million squares {spent[_YARDSTICK_NAME]:.0f}"


if __name__ == "__main__":
    main()
