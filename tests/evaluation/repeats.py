"""How well repeats are found: `python -m tests.evaluation.repeats [--plot]`, on the shared data.

Law: thresholds are tuned on one half of the texts; every figure but the curves is from the other half.
"""

import argparse
import gzip
import json
import os
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from app.domain.article import ArticleId, RepeatKind
from app.domain.candidates import Row, candidates
from app.domain.fingerprint import DEFAULT, Print, Thresholds, compare, fingerprint
from app.domain.passages import grams
from tests.evaluation.edits import EDITS, TRAPS, Edit, Text

ROOT = Path(__file__).resolve().parents[2]
FOLDING = {RepeatKind.COPY, RepeatKind.PART, RepeatKind.CONTAINS}

# Texts of either set, and edited texts of each kind, per half.
TEXTS = 900
SAMPLES = 150


class Archive:
    """Prints in memory, looked up as the database does it: hash → (article, original, words)."""

    def __init__(self) -> None:
        self.prints: list[Print] = []
        self._rows: dict[int, list[Row]] = defaultdict(list)

    def add(self, a: Print) -> None:
        article = ArticleId(len(self.prints))
        self.prints.append(a)
        for value in a.hashes:
            self._rows[value].append(Row(value, article, article, a.words))

    def rows(self, a: Print) -> list[Row]:
        return [row for value in a.hashes for row in self._rows.get(value, ())]


@dataclass(slots=True)
class Half:
    """An archive of texts, and texts that are not in it and have nothing to do with them."""

    archive: Archive
    texts: list[Text]
    strange: list[Text]


@dataclass(frozen=True, slots=True)
class Query:
    """An edited text, the archived texts it was made of, and the candidates that were looked up for it."""

    edit: Edit
    edited: Print
    sources: frozenset[int]
    found: tuple[int, ...]


@dataclass(slots=True)
class Score:
    """Counts over queries: ``wanted`` links, those among the ``candidates``, ``right`` ones, ``wrong`` ones."""

    wanted: int = 0
    candidates: int = 0
    right: int = 0
    wrong: int = 0
    kinds: Counter[str] = field(default_factory=Counter)

    def __add__(self, other: "Score") -> "Score":
        return Score(
            self.wanted + other.wanted,
            self.candidates + other.candidates,
            self.right + other.right,
            self.wrong + other.wrong,
            self.kinds + other.kinds,
        )

    @property
    def precision(self) -> float:
        return self.right / max(1, self.right + self.wrong)

    @property
    def recall(self) -> float:
        return self.right / max(1, self.wanted)

    @property
    def f1(self) -> float:
        return 2 * self.precision * self.recall / max(1e-9, self.precision + self.recall)


def say(line: str) -> None:
    """Report progress."""
    print(line, file=sys.stderr, flush=True)


def shared_folder() -> Path:
    """Return the folder of shared data."""
    return Path(os.environ.get("NEWSFOLD_SHARED", ROOT.parent / "shared")) / "data" / "news"


def read_texts(name: str) -> Iterator[Text]:
    """Yield the texts of one set of the shared data."""
    with gzip.open(shared_folder() / name, "rt", encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            yield Text(title=record["title"] or "", body=record["text"])


def without_repeats(prints: Sequence[Print]) -> list[int]:
    """Return which texts to keep so that none repeats another, found without fingerprints or thresholds of ours.

    Every run of eight words is looked up; of two texts with 30 such runs in common, or 15 % of the shorter, the
    later goes. Without this the real repeats in the sets would count as false links.
    """
    runs = np.concatenate([np.unique(grams(each.line.hashes, 8)) for each in prints])
    owners = np.repeat(
        np.arange(len(prints)), [len(np.unique(grams(each.line.hashes, 8))) for each in prints]
    )
    order = np.argsort(runs, kind="stable")
    runs, owners = runs[order], owners[order]
    common: Counter[tuple[int, int]] = Counter()
    edges = np.flatnonzero(np.concatenate(([True], runs[1:] != runs[:-1], [True])))
    for start, end in zip(edges[:-1], edges[1:], strict=True):
        for later in range(start + 1, min(end, start + 30)):
            for earlier in range(start, later):
                common[int(owners[earlier]), int(owners[later])] += 1
    gone: set[int] = set()
    for (earlier, later), count in sorted(common.items()):
        shorter = min(prints[earlier].words, prints[later].words)
        if earlier not in gone and (count >= 30 or count >= 0.15 * shorter):
            gone.add(later)
    return [place for place in range(len(prints)) if place not in gone]


def halves(chance: np.random.Generator) -> tuple[Half, Half]:
    """Return the half to tune on and the half to report, each with BBC and AllSides texts in equal parts."""
    pools: tuple[list[list[Text]], ...] = ([], [])
    for name in ("bbc-2225.jsonl.gz", "allsides-12k.jsonl.gz"):
        texts = list(read_texts(name))
        chosen = [texts[place] for place in chance.permutation(len(texts))[: 2 * TEXTS + 300]]
        kept = [chosen[place] for place in without_repeats([fingerprint(each.body) for each in chosen])]
        say(f"{name}: {len(chosen)} texts, {len(chosen) - len(kept)} left out because they repeat another")
        for pool, part in zip(pools, (kept[::2], kept[1::2]), strict=True):
            pool.append(part)
    return _half(pools[0], chance), _half(pools[1], chance)


def _half(pool: list[list[Text]], chance: np.random.Generator) -> Half:
    archived = [text for part in pool for text in part[: 2 * len(part) // 3]]
    strange = [text for part in pool for text in part[2 * len(part) // 3 :]]
    archive = Archive()
    for text in archived:
        archive.add(fingerprint(text.body))
    return Half(
        archive,
        archived,
        [strange[place] for place in chance.permutation(len(strange))],
    )


def queries(half: Half, edits: Iterable[Edit], chance: np.random.Generator) -> list[Query]:
    """Return edited texts of every kind with the candidates found for them."""
    made = []
    for edit in edits:
        say(f"  {edit.name}")
        for number in range(2 * SAMPLES):
            side = number % 2 * (len(half.texts) // 2)
            picked = (side + chance.choice(len(half.texts) // 2, size=edit.parts, replace=False)).tolist()
            strange = [half.strange[int(chance.integers(len(half.strange)))]]
            edited = fingerprint(edit.apply(chance, [half.texts[place] for place in picked], strange))
            found = candidates(edited, half.archive.rows(edited))
            made.append(Query(edit, edited, frozenset(picked), tuple(found)))
    return made


def score(half: Half, asked: Iterable[Query], limits: Thresholds) -> dict[str, Score]:
    """Return the counts for each kind of edit. A link of the wrong kind counts as missed and as wrong."""
    scores: dict[str, Score] = defaultdict(Score)
    for query in asked:
        counts = scores[query.edit.name]
        wanted = query.sources if query.edit.kinds else frozenset()
        counts.wanted += len(wanted)
        counts.candidates += len(wanted & set(query.found))
        for place in query.found:
            likeness = compare(query.edited, half.archive.prints[place], limits)
            if likeness is None:
                continue
            counts.kinds[likeness.kind] += place in query.sources
            right = place in wanted and likeness.kind in query.edit.kinds
            counts.right += right
            # Passages in common between a trap and its source are no error.
            counts.wrong += not right and not (
                place in query.sources and not wanted and likeness.kind not in FOLDING
            )
    return dict(scores)


def print_scores(scores: dict[str, Score]) -> None:
    print(f"{'kind of edit':46} {'wanted':>6} {'cand.R':>6} {'R':>6} {'P':>6} {'F1':>6}  kinds found")
    total = Score()
    for name, counts in scores.items():
        total += counts
        _print_score(name, counts)
    _print_score("all", total)


def _print_score(name: str, counts: Score) -> None:
    kinds = " ".join(f"{kind}:{count}" for kind, count in counts.kinds.most_common())
    print(
        f"{name:46} {counts.wanted:6} {counts.candidates / max(1, counts.wanted):6.3f} {counts.recall:6.3f} "
        f"{counts.precision:6.3f} {counts.f1:6.3f}  {kinds} wrong:{counts.wrong}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--plot", action="store_true", help="write the curves to docs/duplicates.svg")
    parser.parse_args()
    chance = np.random.default_rng(20251021)
    tune, report = halves(chance)
    for half in (tune, report):
        started = time.process_time()
        asked = queries(half, (*EDITS, *TRAPS), chance)
        print_scores(score(half, [q for q in asked if q.edit in EDITS], DEFAULT))
        print_scores(score(half, [q for q in asked if q.edit in TRAPS], DEFAULT))
        say(f"{time.process_time() - started:.1f} s")


if __name__ == "__main__":
    main()
