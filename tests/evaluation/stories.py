"""How well stories are grouped: ``python -m tests.evaluation.stories``, on the shared data.

Law: rules are tuned on one half of the AllSides stories and every figure of the report is from the other; neither
half is in the background counts. Progress goes to stderr, the report to stdout.
"""

import gzip
import json
import random
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from statistics import fmean

import numpy as np
from xxhash import xxh64_intdigest

from app.domain.article import ArticleId, StoryId
from app.domain.clustering import cluster
from app.domain.profile import Profile
from app.domain.story import RULES, Rules
from app.domain.terms import Portrait, background, portrait
from app.domain.weighing import keyed, vector
from app.progress import silent
from tests.evaluation.corpora import SHARED
from tests.evaluation.story_baseline import grouped, products
from tests.evaluation.story_memory import DictMemory
from tests.evaluation.story_scores import Scores, scores

ORDERS = 10
SEED_ORDERS = 50
BATCH = 100
JOINS = (0.20, 0.22, 0.24, 0.26, 0.28, 0.30, 0.32, 0.34)


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """An article as read, with the story it is known to belong to."""

    portrait: Portrait
    day: date | None
    story: str


@dataclass(slots=True)
class Listed:
    """Units to be grouped, in a list."""

    units: Sequence[Profile]
    whole: frozenset[int] = frozenset()
    named: Mapping[int, StoryId] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.units)

    def profiles(self, places: Sequence[int]) -> Sequence[Profile]:
        """Return some of them."""
        return [self.units[place] for place in places]


# Where the thirteen articles of the seeds stand: file, line of the headline, line of the deck, lines of the body,
# lines left out. Positions only, so that this measures the grouping whatever the intake makes of the files.
_SEEDS: tuple[tuple[str, int | None, int | None, range, frozenset[int]], ...] = (
    *(
        ("000", None, first, range(first + 1, past), frozenset({38}))
        for first, past in (
            (1, 11),
            (11, 23),
            (23, 30),
            (30, 39),
            (39, 49),
            (49, 58),
            (58, 81),
            (81, 97),
            (97, 106),
        )
    ),
    ("001", 1, 5, range(7, 86), frozenset({37})),
    ("002", None, None, range(1, 16), frozenset()),
    ("003", 5, None, range(9, 42), frozenset()),
    ("004", 4, 6, range(10, 25), frozenset()),
)
_SUMMIT = frozenset(range(8, 13))


def halves(shared: Path = SHARED) -> tuple[list[Labelled], list[Labelled]]:
    """Return the AllSides stories in two halves (tune, report), in order of time, the undated last."""
    found: tuple[list[Labelled], list[Labelled]] = ([], [])
    rows = list(records(shared / "data" / "stories" / "allsides-stories.jsonl.gz"))
    for row in sorted(rows, key=lambda row: (row["date"] or "9999", row["id"])):
        read = Labelled(
            portrait=portrait(row["title"], None, row["text"], "en"),
            day=date.fromisoformat(row["date"]) if row["date"] else None,
            story=row["story"],
        )
        found[xxh64_intdigest(row["story"].encode()) % 2].append(read)
    return found


def seeds(shared: Path = SHARED) -> list[Labelled]:
    """Return the thirteen articles of the seeds in the order of files: five of the summit, eight on their own."""
    lines = {path.name[:3]: path.read_text("utf-8").split("\n") for path in (shared / "seeds").glob("*.txt")}
    found = []
    for place, (name, headline, deck, body, omitted) in enumerate(_SEEDS):
        text = [lines[name][number - 1] for number in body if number not in omitted]
        read = portrait(
            lines[name][headline - 1] if headline else None,
            lines[name][deck - 1] if deck else None,
            "\n\n".join(line for line in text if line.strip()),
            "en",
        )
        found.append(Labelled(portrait=read, day=None, story="summit" if place in _SUMMIT else str(place)))
    return found


def group(
    articles: Sequence[Labelled], order: Sequence[int], rules: Rules = RULES, *, batch: int | None = BATCH
) -> list[int]:
    """Return the story of each article after taking them in that order, mended after every ``batch`` (None: never)."""
    memory = DictMemory(background(), rules=rules)
    for start in range(0, len(order), batch or len(order)):
        taken = [ArticleId(place + 1) for place in order[start : start + (batch or len(order))]]
        memory.remember_all(
            [(article, articles[article - 1].portrait, articles[article - 1].day) for article in taken]
        )
        if batch:
            memory.mend_around(taken)
    return [memory.story_of[ArticleId(place + 1)] for place in range(len(articles))]


def regrouped(articles: Sequence[Labelled]) -> list[int]:
    """Return the story of each article after all have been weighed at once and grouped anew, in the order of the
    archive's own: by day, the undated last. Of one day the order is that given."""
    read = [keyed(article.portrait, background()) for article in articles]
    counts: Counter[int] = Counter()
    for each in read:
        counts.update(each.counted.tolist())
    held = [np.array([counts[key] for key in each.counted.tolist()], np.int64) for each in read]
    order = sorted(range(len(articles)), key=lambda place: articles[place].day or date.max)
    units = [Profile.of(vector(read[place], held[place]), articles[place].day) for place in order]
    found = [0] * len(articles)
    for story, members in enumerate(cluster(Listed(units), progress=silent).groups):
        for member in members:
            found[order[member]] = story
    return found


def measure(articles: Sequence[Labelled], found: Sequence[int]) -> Scores:
    """Return the scores of a grouping."""
    return scores([article.story for article in articles], found)


def shuffles(articles: int, count: int) -> Iterator[list[int]]:
    """Yield ``count`` random orders, the same in every run."""
    for number in range(count):
        order = list(range(articles))
        random.Random(number).shuffle(order)  # noqa: S311 - an order, not a secret
        yield order


def main() -> None:
    """Tune, measure and report."""
    tune, report = halves()
    print(f"Stories: tuned on {len(tune)} AllSides articles, reported on {len(report)} others.")
    _tell_tuning(tune)
    _tell_halves(tune, report)
    _tell_seeds()
    _tell_cost()


def _tell_tuning(tune: Sequence[Labelled]) -> None:
    found = {}
    for join in JOINS:
        print(f"tuning join {join}", file=sys.stderr)
        found[join] = measure(tune, group(tune, range(len(tune)), replace(RULES, join=join)))
    print(
        "  tuning half, in order of time, by join: "
        + ", ".join(f"{j:.2f} {s.f1:.3f}" for j, s in found.items())
    )


def _tell_halves(tune: Sequence[Labelled], report: Sequence[Labelled]) -> None:
    ours: dict[str, list[Scores]] = defaultdict(list)
    cosines = products([article.portrait for article in tune], background())
    thresholds = [float(step) for step in np.arange(0.10, 0.60, 0.01)]
    join = max(thresholds, key=lambda step: measure(tune, grouped(cosines, range(len(tune)), step)).f1)
    cosines = products([article.portrait for article in report], background())
    for number, order in enumerate([list(range(len(report))), *shuffles(len(report), ORDERS)]):
        print(f"order {number} of {ORDERS}", file=sys.stderr)
        kind = "random orders" if number else "order of time"
        ours[f"placed and mended, {kind}"].append(measure(report, group(report, order)))
        ours[f"placed only, {kind}"].append(measure(report, group(report, order, batch=None)))
        shuffled = [report[place] for place in order]
        ours[f"grouped anew, {kind}"].append(measure(shuffled, regrouped(shuffled)))
        ours[f"plain TF-IDF (join {join:.2f}), {kind}"].append(measure(report, grouped(cosines, order, join)))
    _tell(ours)


def _tell(found: Mapping[str, Sequence[Scores]]) -> None:
    for name, runs in sorted(found.items()):
        print(f"  {name}: {runs[0]}" if len(runs) == 1 else _spread(name, runs))


def _spread(name: str, runs: Sequence[Scores]) -> str:
    f1s, pairwise = [run.f1 for run in runs], [run.pairwise_f1 for run in runs]
    return (
        f"  {name}: {len(runs)} runs, F1 mean {fmean(f1s):.3f} worst {min(f1s):.3f}, "
        f"pairwise F1 mean {fmean(pairwise):.3f} worst {min(pairwise):.3f}"
    )


def _tell_seeds() -> None:
    read = seeds()
    first = measure(read, group(read, range(len(read)), batch=None))
    print(f"  seeds in the order of files, placed only: F1 {first.f1:.3f}")
    for batch, name in (
        (None, "placed only"),
        (1, "mended after every article"),
        (len(read), "mended at the end"),
    ):
        f1s = [
            measure(read, group(read, order, batch=batch)).f1 for order in shuffles(len(read), SEED_ORDERS)
        ]
        exact = sum(f1 == 1.0 for f1 in f1s)
        print(f"  seeds in {SEED_ORDERS} random orders, {name}: {exact} exact, F1 mean {fmean(f1s):.3f}")


def _tell_cost() -> None:
    """CPU of everything that is ours (reading, weighing, placing, mending), as 12,000 articles come in."""
    memory = DictMemory(background())
    rows = list(records(SHARED / "data" / "news" / "allsides-12k.jsonl.gz"))
    spent: list[float] = []
    for start in range(0, len(rows), BATCH):
        began = time.process_time()
        taken = [ArticleId(start + place + 1) for place in range(len(rows[start : start + BATCH]))]
        memory.remember_all([(article, *_read(rows[article - 1])) for article in taken])
        memory.mend_around(taken)
        spent.append((time.process_time() - began) / len(taken) * 1000)
        print(f"{start + BATCH} articles, {spent[-1]:.2f} ms", file=sys.stderr)
    early, late = fmean(spent[5:15]), fmean(spent[-10:])
    print(f"  CPU an article in memory: {early:.2f} ms at 1,000 articles, {late:.2f} ms at {len(rows):,}")


def _read(row: Mapping[str, str]) -> tuple[Portrait, date | None]:
    return portrait(row["title"], None, row["text"], "en"), day_of(row["date"])


def day_of(printed: str) -> date | None:
    """Return the day of a record; None where it names none."""
    try:
        return date.fromisoformat(printed)
    except ValueError:
        return None


def records(path: Path) -> Iterator[dict[str, str]]:
    """Yield the records of one gzipped file of JSON lines."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


if __name__ == "__main__":
    main()
