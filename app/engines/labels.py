"""What articles are known by in words, who carried them and in which section they stood: what facets count by, in
every engine.

Law: a ledger belongs to one commit and is never changed; the next commit writes another beside it. A name is kept as
it is written.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from app.domain.entry import Entry
from app.domain.query import Facet

_PAIR = np.dtype([("article", "<i8"), ("name", "<u4")])
_FILES = {Facet.SOURCE: "carriers-", Facet.SECTION: "sections-"}
LEDGERS = tuple(_FILES.values())  # one of these begins the name of every file

Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Ledger:
    """``pairs`` of an article and the number of a name, ascending; ``names`` by their numbers."""

    pairs: NDArray[np.void]
    names: tuple[str, ...]

    @classmethod
    def empty(cls) -> Self:
        """Return the ledger of an index without articles."""
        return cls(np.empty(0, _PAIR), ())

    @classmethod
    def read(cls, pairs: Path, names: Path) -> Self:
        """Return the ledger that lies in two files; raises ``OSError`` or ``ValueError``."""
        read, told = (
            np.load(pairs, allow_pickle=False),
            json.loads(names.read_bytes().decode("utf-8", "surrogatepass")),
        )
        if read.dtype != _PAIR or not isinstance(told, list):
            raise ValueError(f"the ledger {pairs.name} is none")
        return cls(read, tuple(told))

    def write(self, pairs: Path, names: Path) -> None:
        """Write it into two files."""
        np.save(pairs, self.pairs, allow_pickle=False)
        text = json.dumps(self.names, ensure_ascii=False).encode("utf-8", "surrogatepass")
        names.write_bytes(text)

    def changed(self, articles: Collection[int], named: Iterable[tuple[int, str]]) -> Self:
        """Return it without some articles, and with names of others."""
        numbers = {name: number for number, name in enumerate(self.names)}
        fresh = [(article, numbers.setdefault(name, len(numbers))) for article, name in dict.fromkeys(named)]
        kept = ~np.isin(self.pairs["article"], np.fromiter(articles, np.int64, len(articles)))
        pairs = np.concatenate([self.pairs[kept], np.array(fresh, _PAIR)])
        return type(self)(np.sort(pairs, order=["article", "name"]), tuple(numbers))

    def of(self, articles: Numbers) -> tuple[Numbers, Numbers]:
        """Return the names of some articles: places in ``articles``, and beside each the number of a name. An article
        that has no name is left out."""
        order = np.argsort(articles, kind="stable")  # they mostly are in order
        places = np.searchsorted(articles[order], self.pairs["article"])
        known = np.flatnonzero(places < len(articles))
        held = known[articles[order[places[known]]] == self.pairs["article"][known]]
        return order[places[held]], self.pairs["name"][held].astype(np.int64)


Labels = Mapping[Facet, Ledger]


def no_labels() -> Labels:
    """Return the ledgers of an index without articles."""
    return {facet: Ledger.empty() for facet in _FILES}


def read_labels(folder: Path, commit: int) -> Labels:
    """Return the ledgers of a commit; raises ``OSError`` or ``ValueError``."""
    return {facet: Ledger.read(*_paths(facet, folder, commit)) for facet in _FILES}


def write_labels(labels: Labels, folder: Path, commit: int) -> tuple[str, ...]:
    """Write ledgers beside what else a commit has; return the names of the files."""
    for facet, ledger in labels.items():
        ledger.write(*_paths(facet, folder, commit))
    return tuple(path.name for facet in labels for path in _paths(facet, folder, commit))


def labels_changed(labels: Labels, articles: Collection[int], entries: Collection[Entry]) -> Labels:
    """Return ledgers without some articles, and with the entries."""
    return {
        facet: ledger.changed(
            articles, ((each.article, name) for each in entries for name in _of(each, facet))
        )
        for facet, ledger in labels.items()
    }


def _of(entry: Entry, facet: Facet) -> tuple[str, ...]:
    if facet is Facet.SOURCE:
        return entry.sources
    return (entry.section,) if entry.section else ()


def _paths(facet: Facet, folder: Path, commit: int) -> tuple[Path, Path]:
    return folder / f"{_FILES[facet]}{commit}.npy", folder / f"{_FILES[facet]}{commit}.json"
