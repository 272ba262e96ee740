"""How well files are cut into articles: boundaries of artificial dumps, single articles left whole, the seeds.

Law: only texts of the evaluation part, through the reader as it ships; a boundary counts where the cut lies between
the last sentence of one article and the first sentence of the next; "to the line" says how many of those are exact.

    python -m tests.evaluation.splitting
"""

import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from random import Random

from app.intake import Reading, read
from tests.evaluation.corpora import SHARED, Article, Part, allsides, bbc, web
from tests.evaluation.dumps import Dump, dump_of, random_dumps, with_deck

SEED = 7
TODAY = date(2025, 11, 1)
DUMPS = 60
SINGLES = 800
# Where the nine articles of the one dump among the seeds begin.
SEED_STARTS = (1, 11, 23, 30, 39, 49, 58, 81, 97)


@dataclass(slots=True)
class Boundaries:
    """Boundaries found rightly, found to the very line, found, and true."""

    hits: int = 0
    exact: int = 0
    found: int = 0
    true: int = 0

    def add(self, dump: Dump) -> None:
        """Read one dump and compare."""
        starts = starts_of(dump.content)[1:]
        self.hits += sum(any(start in head for start in starts) for head in dump.heads)
        self.exact += len(set(starts) & set(dump.starts))
        self.found += len(starts)
        self.true += len(dump.heads)

    def __str__(self) -> str:
        precision, recall = self.hits / max(1, self.found), self.hits / max(1, self.true)
        f1 = 2 * self.hits / max(1, self.found + self.true)
        return f"P {precision:.3f}  R {recall:.3f}  F1 {f1:.3f}  to the line {self.exact / max(1, self.hits):.3f}"


def starts_of(content: bytes) -> list[int]:
    """Return the first line of every article that is read out of ``content``."""
    reading = read(content, today=TODAY)
    return [draft.first_line for draft in reading.drafts] if isinstance(reading, Reading) else []


def report_dumps(
    name: str, articles: Sequence[Article], random: Random, *, titles: bool, count: int = DUMPS
) -> None:
    """Print the boundary figures of random dumps of ``articles``."""
    print(f"dumps: {name}", file=sys.stderr)
    boundaries = Boundaries()
    for dump in random_dumps(articles, count=count, titles=titles, random=random):
        boundaries.add(dump)
    print(f"{name:44} {boundaries}   ({boundaries.true} boundaries, {count} dumps)")


def report_singles(name: str, articles: Sequence[Article], random: Random) -> None:
    """Print how many single articles are cut, half of them with their titles, half with blank lines."""
    print(f"singles: {name}", file=sys.stderr)
    files = [
        dump_of([article], titles=random.random() < 0.5, blank=random.random() < 0.5).content
        for article in articles
    ]
    started = time.perf_counter()
    cut = sum(len(starts_of(content)) > 1 for content in files)
    seconds = time.perf_counter() - started
    words = sum(article.words for article in articles)
    speed = f"{len(articles) / seconds:.0f} articles/s of {words / len(articles):.0f} words"
    print(f"{name:44} {cut / len(articles):.3f} wrongly split   ({cut} of {len(articles)}; {speed})")


def main() -> None:
    """Print the figures of the evaluation part."""
    random = Random(SEED)  # noqa: S311
    news, politics, pages = bbc(Part.EVALUATE), allsides(Part.EVALUATE, limit=3_000), web(Part.EVALUATE)
    business = [article for article in news if article.category == "business"]
    print(f"Splitting; evaluation part, random seed {SEED}; dumps of 5 to 20 articles unless said otherwise")
    for titles, label in ((True, "with titles"), (False, "without titles")):
        report_dumps(f"BBC, mixed categories, {label}", news, random, titles=titles)
        report_dumps(f"BBC, business alone, {label}", business, random, titles=titles)
        report_dumps(f"AllSides (US politics), {label}", politics, random, titles=titles)
    report_dumps("Web pages, no titles", pages, random, titles=False, count=DUMPS // 2)
    for name, articles in (("BBC", news), ("AllSides", politics)):
        decked = [headed for article in articles if (headed := with_deck(article))]
        report_dumps(f"{name}, decks instead of titles", decked, random, titles=True, count=DUMPS // 2)
    report_singles("BBC, single", news, random)
    report_singles("AllSides, single", politics[:SINGLES], random)
    report_singles("Web pages, single", pages, random)
    for path in sorted((SHARED / "seeds").iterdir()):
        starts = starts_of(path.read_bytes())
        exact = tuple(starts) == SEED_STARTS if path.name.startswith("000_") else len(starts) == 1
        print(f"seed {path.name}: {'exact' if exact else 'WRONG'}, starts at {', '.join(map(str, starts))}")


if __name__ == "__main__":
    main()
