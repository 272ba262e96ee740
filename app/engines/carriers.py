"""Who carried which article: what facets count sources by, in every engine.

Law: a ledger belongs to one commit and is never changed; the next commit writes another beside it.
"""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from app.domain.entry import Entry

_PAIR = np.dtype([("article", "<i8"), ("source", "<u4")])
LEDGER = "carriers-"  # begins the name of every file
_PAIRS, _NAMES = f"{LEDGER}{{}}.npy", f"{LEDGER}{{}}.json"

Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Carriers:
    """``pairs`` of an article and the number of a source, ascending; ``names`` are those of the sources."""

    pairs: NDArray[np.void]
    names: tuple[str, ...]

    @classmethod
    def empty(cls) -> Self:
        """Return the ledger of an index without articles."""
        return cls(np.empty(0, _PAIR), ())

    @classmethod
    def read(cls, folder: Path, commit: int) -> Self:
        """Return the ledger of a commit; raises ``OSError`` or ``ValueError``."""
        pairs = np.load(folder / _PAIRS.format(commit), allow_pickle=False)
        names = json.loads((folder / _NAMES.format(commit)).read_text("utf-8"))
        if pairs.dtype != _PAIR or not isinstance(names, list):
            raise ValueError("the ledger of the carriers is none")
        return cls(pairs, tuple(names))

    def write(self, folder: Path, commit: int) -> tuple[str, ...]:
        """Write it beside what else a commit has; return the names of the files."""
        np.save(folder / _PAIRS.format(commit), self.pairs, allow_pickle=False)
        text = json.dumps(self.names, ensure_ascii=False).encode("utf-8", "surrogatepass")
        (folder / _NAMES.format(commit)).write_bytes(text)
        return files_of(commit)

    def changed(self, articles: Collection[int], entries: Iterable[Entry]) -> Self:
        """Return it without some articles, and with the entries."""
        numbers = {name: number for number, name in enumerate(self.names)}
        fresh = [
            (entry.article, numbers.setdefault(name, len(numbers)))
            for entry in entries
            for name in dict.fromkeys(entry.sources)
        ]
        kept = ~np.isin(self.pairs["article"], np.fromiter(articles, np.int64, len(articles)))
        pairs = np.concatenate([self.pairs[kept], np.array(fresh, _PAIR)])
        return type(self)(np.sort(pairs, order=["article", "source"]), tuple(numbers))

    def of(self, articles: Numbers) -> tuple[Numbers, Numbers]:
        """Return who carried some articles: places in ``articles``, and beside each the number of a source. An article
        that nobody carried has none."""
        order = np.argsort(articles, kind="stable")  # they mostly are in order
        places = np.searchsorted(articles[order], self.pairs["article"])
        known = np.flatnonzero(places < len(articles))
        held = known[articles[order[places[known]]] == self.pairs["article"][known]]
        return order[places[held]], self.pairs["source"][held].astype(np.int64)


def files_of(commit: int) -> tuple[str, ...]:
    """Return the names of the files that a commit's ledger lies in."""
    return _PAIRS.format(commit), _NAMES.format(commit)
