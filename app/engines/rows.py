"""What every engine holds of an article besides its words: one fixed row, and how its parts are told apart.

Law: rows are read into one array per index, and what narrows a question (days, flags, stories) is decided over it.
"""

from collections.abc import Callable
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.domain.query import Field
from app.engines.numbering import numbered
from app.engines.port import Entry

ZONES = {Field.HEADLINE: 0, Field.DECK: 1, Field.BODY: 2}
NAMES = (Field.BYLINE, Field.SOURCE, Field.URL, Field.DOMAIN, Field.SECTION, Field.LANGUAGE)

ROW = np.dtype(
    [
        ("article", "<i8"),
        ("original", "<i8"),
        ("story", "<i8"),
        ("published", "<i4"),  # days as ordinals, 0 where undated
        ("seen", "<i4"),
        ("lengths", "<u4", (len(ZONES),)),  # in words, by zone
        ("headed", "<u4"),
        ("language", "S8"),
    ]
)

DocNumbers = NDArray[np.int64]
Mask = NDArray[np.bool_]


def parts_of(entry: Entry) -> dict[Field, str]:
    """Return the running text of an article, by zone."""
    return {
        Field.HEADLINE: entry.headline or "",
        Field.DECK: entry.deck or "",
        Field.BODY: entry.body_text,
    }


def names_of(entry: Entry) -> dict[Field, tuple[str, ...]]:
    """Return what an article has in each field of names; no phrase reaches from one value into the next."""
    return {
        Field.BYLINE: (entry.byline or "",),
        Field.SOURCE: entry.sources,
        Field.URL: (entry.url or "",),
        Field.DOMAIN: entry.domains,
        Field.SECTION: (entry.section or "",),
        Field.LANGUAGE: (entry.language or "",),
    }


def numbers_of(entry: Entry, lengths: list[int]) -> dict[str, int | list[int] | bytes]:
    """Return the row of an article, by column; ``lengths`` are those of its zones in words."""
    return {
        "article": entry.article,
        "original": entry.original,
        "story": entry.story,
        "published": entry.published.toordinal() if entry.published else 0,
        "seen": entry.seen.toordinal(),
        "lengths": lengths,
        "headed": int(bool(entry.headline)),
        "language": (entry.language or "").encode("ascii", "replace")[:8],
    }


class Rows:
    """Some rows, by column: of what is asked of many articles only the columns that matter are read."""

    def __init__(self, length: int, read: Callable[[str], NDArray[Any]]) -> None:
        self._length = length
        self._read = read
        self._columns: dict[str, NDArray[Any]] = {}

    @classmethod
    def of(cls, rows: NDArray[np.void]) -> "Rows":
        """Return rows that stand one behind the other."""
        return cls(len(rows), lambda column: np.ascontiguousarray(rows[column]))

    def __len__(self) -> int:
        """Return how many rows there are."""
        return self._length

    def __getitem__(self, column: str) -> NDArray[Any]:
        """Return a column, one behind the other."""
        found = self._columns.get(column)
        if found is None:
            found = self._columns[column] = self._read(column)
        return found

    def at(self, places: DocNumbers) -> "Rows":
        """Return the rows at some places."""
        return Rows(len(places), lambda column: self[column][places])

    def where(self, mask: Mask) -> "Rows":
        """Return the rows for which ``mask`` is true."""
        return self if mask.all() else self.at(np.flatnonzero(mask))


class StorySizes:
    """How many articles of an index are on a story; counted when it is first asked for."""

    def __init__(self, stories: Callable[[], DocNumbers]) -> None:
        self._stories = stories

    @cached_property
    def _counted(self) -> tuple[DocNumbers, DocNumbers]:
        stories, places = numbered(self._stories())
        return stories, np.bincount(places, minlength=len(stories))

    def __call__(self, stories: DocNumbers) -> DocNumbers:
        """Return the sizes of some stories that are in the index."""
        known, sizes = self._counted
        asked, places = numbered(stories)
        return sizes[np.searchsorted(known, asked)][places]


def languages_of(rows: Rows) -> tuple[str, ...]:
    """Return the languages of some articles; one that is not known is empty."""
    return tuple(sorted(code.decode("ascii") for code in {*rows["language"].tolist()}))
