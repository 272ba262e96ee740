"""How common each stemmed English term is in news, so that rare words shared by two paragraphs count for more.

Law: derived counts only, no text; written by ``tests/evaluation/train_splitting.py`` to ``data/terms.json``.
"""

import json
from collections.abc import Iterable, Mapping
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
    """For each listed term its place in two rows of figures: log(documents / documents with it), and its share of
    all running terms. The last figures are those of all other terms."""

    places: Mapping[str, int]
    rarities: Floats
    shares: Floats

    def figures(self, terms: Iterable[str]) -> tuple[Floats, Floats]:
        """Return the rarity and the share of each term."""
        others = len(self.places)
        places = np.array([self.places.get(term, others) for term in terms], dtype=np.intp)
        return self.rarities[places], self.shares[places]

    def rarity(self, term: str) -> float:
        """Return log(documents / documents with ``term``)."""
        return float(self.rarities[self.places.get(term, len(self.places))])


@lru_cache(maxsize=1)
def background() -> Background:
    """Return the counts that ship with the package."""
    listed = json.loads(files("app.intake").joinpath("data/terms.json").read_text(encoding="utf-8"))
    counts = np.array([*listed["counts"].values(), _UNLISTED], dtype=np.float64)
    return Background(
        places={term: place for place, term in enumerate(listed["counts"])},
        rarities=np.log(listed["documents"] / counts[:, 0]),
        shares=counts[:, 1] / listed["terms"],
    )
