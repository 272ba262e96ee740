"""How common each stemmed English term is in news, so that rare words shared by two paragraphs count for more.

Law: derived counts only, no text; written by ``tests/evaluation/train_splitting.py`` to ``data/terms.json``.
"""

import json
import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# What an unlisted term counts: in fewer documents, and fewer times, than the least common listed one.
_UNLISTED = (2, 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Background:
    """Documents counted, terms counted, and for each listed term in how many documents and how often it stands."""

    documents: int
    terms: int
    counts: dict[str, tuple[int, int]]

    def figures(self, terms: Iterable[str]) -> tuple[Floats, Floats]:
        """Return for each term log(documents / documents with it), and its share of all running terms."""
        found = np.array([self.counts.get(term, _UNLISTED) for term in terms], dtype=np.float64).reshape(
            -1, 2
        )
        return np.log(self.documents / found[:, 0]), found[:, 1] / self.terms

    def rarity(self, term: str) -> float:
        """Return log(documents / documents with ``term``)."""
        return math.log(self.documents / self.counts.get(term, _UNLISTED)[0])


@lru_cache(maxsize=1)
def background() -> Background:
    """Return the counts that ship with the package."""
    listed = json.loads(files("app.intake").joinpath("data/terms.json").read_text(encoding="utf-8"))
    counts = {term: (documents, times) for term, (documents, times) in listed["counts"].items()}
    return Background(documents=listed["documents"], terms=listed["terms"], counts=counts)
