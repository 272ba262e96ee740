"""The texts that repeats are evaluated on: two halves of the shared sets, cleaned of their own repeats.

Law: cleaning knows nothing of fingerprints and thresholds, and no text is in both halves.
"""

import gzip
import json
import os
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from app.domain.article import ArticleId
from app.domain.candidates import Candidate, Row, candidates, hashes_to_store, likenesses
from app.domain.fingerprint import Print, fingerprint
from app.domain.likeness import Likeness
from app.domain.passages import grams
from tests.evaluation.edits import Text

ROOT = Path(__file__).resolve().parents[2]

# Texts of either set, per half.
TEXTS = 900


class Archive:
    """Prints in memory, looked up as the database does it: hash → (article, original, words)."""

    def __init__(self) -> None:
        self.prints: list[Print] = []
        self._rows: dict[int, list[Row]] = defaultdict(list)

    def add(self, a: Print) -> None:
        article = ArticleId(len(self.prints))
        self.prints.append(a)
        for value in hashes_to_store(article, a, self.rows(a), self._held(a), article):
            self._rows[value].append(Row(value, article, article, a.words))

    def likenesses(self, a: Print) -> Iterator[tuple[ArticleId, Likeness]]:
        return likenesses(a, self.candidates(a), lambda head: [head], self.prints.__getitem__)

    def candidates(self, a: Print) -> list[Candidate]:
        return candidates(a, self.rows(a), self._held(a))

    def _held(self, a: Print) -> dict[int, int]:
        return {value: len(self._rows[value]) for value in a.hashes if value in self._rows}

    def rows(self, a: Print) -> list[Row]:
        return [row for value in a.hashes for row in self._rows.get(value, ())]


@dataclass(slots=True)
class Half:
    """An archive of texts, and texts that are not in it and have nothing to do with them."""

    archive: Archive
    texts: list[Text]
    strange: list[Text]


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
    for start, end in pairwise(edges.tolist()):
        for later in range(start + 1, min(end, start + 30)):
            for earlier in range(start, later):
                common[int(owners[earlier]), int(owners[later])] += 1
    gone: set[int] = set()
    for (earlier, later), count in sorted(common.items()):
        shorter = min(prints[earlier].words, prints[later].words)
        if earlier not in gone and (count >= 30 or count >= 0.15 * shorter):
            gone.add(later)
    return [place for place in range(len(prints)) if place not in gone]


def halves(chance: np.random.Generator) -> tuple[Half, Half, Half]:
    """Return the half to tune on and the half to report, each with BBC and AllSides texts in equal parts; and, as a
    third, AllSides texts that neither has (of the BBC hardly any are left)."""
    pools: tuple[list[list[Text]], ...] = ([], [], [])
    for name in ("bbc-2225.jsonl.gz", "allsides-12k.jsonl.gz"):
        texts = list(read_texts(name))
        drawn = [texts[place] for place in chance.permutation(len(texts))]
        kept = _clean(name, drawn[: 2 * TEXTS + 300])
        for pool, part in zip(pools, (kept[::2], kept[1::2]), strict=False):
            pool.append(part)
    fresh = _clean("others of AllSides", drawn[2 * TEXTS + 300 : 4 * TEXTS + 300])
    pools[2].extend((fresh[::2], fresh[1::2]))
    return _half(pools[0], chance), _half(pools[1], chance), _half(pools[2], chance)


def _clean(name: str, texts: list[Text]) -> list[Text]:
    kept = [texts[place] for place in without_repeats([fingerprint(each.body) for each in texts])]
    say(f"{name}: {len(texts)} texts, {len(texts) - len(kept)} left out because they repeat another")
    return kept


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
