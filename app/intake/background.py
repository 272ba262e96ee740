"""How common each stemmed English term is in news, so that rare words shared by two paragraphs count for more.

Law: derived counts only, no text; written by ``tests/evaluation/train_splitting.py`` to ``data/terms.json``.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# What an unlisted term counts: fewer documents than the least common listed one.
_UNLISTED = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Background:
    """Documents counted, terms counted, and for each listed term in how many documents and how often it stands."""

    documents: int
    terms: int
    counts: dict[str, tuple[int, int]]

    def rarity(self, terms: Iterable[str]) -> Floats:
        """Return log(documents / documents with the term) for each term."""
        found = [self.counts[term][0] if term in self.counts else _UNLISTED for term in terms]
        return np.log(self.documents / np.array(found, dtype=np.float64))

    def share(self, terms: Iterable[str]) -> Floats:
        """Return for each term its share of all running terms."""
        found = [self.counts[term][1] if term in self.counts else _UNLISTED for term in terms]
        return np.array(found, dtype=np.float64) / self.terms


@lru_cache(maxsize=1)
def background() -> Background:
    """Return the counts that ship with the package."""
    listed = json.loads(files("app.intake").joinpath("data/terms.json").read_text(encoding="utf-8"))
    counts = {term: (documents, times) for term, (documents, times) in listed["counts"].items()}
    return Background(documents=listed["documents"], terms=listed["terms"], counts=counts)
