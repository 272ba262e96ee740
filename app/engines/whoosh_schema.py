# mypy: untyped-calls-exclude="whoosh"
"""What one article looks like inside a Whoosh index: its fields, its fixed row, and how a text becomes postings.

Law: the index holds nothing that the entry does not say. Headline, deck and body share one field, told apart by where
their positions begin, so that a word is one list of postings wherever it stands and its weight per part is applied
when a question is answered. Change anything here and raise ``VERSION``.
"""

from array import array
from collections import defaultdict
from collections.abc import Generator, Iterable, Mapping
from sys import byteorder
from typing import cast

import numpy as np
from numpy.typing import NDArray
from whoosh.columns import FixedBytesColumn
from whoosh.fields import COLUMN, STORED, FieldType, Schema
from whoosh.formats import Format

from app.engines import analysis
from app.engines.port import Entry
from app.engines.rows import NAMES, ROW, ZONES, names_of, numbers_of, parts_of

VERSION = 9

TEXT, FORMS = "text", "forms"  # terms of the running text; forms of words that are not among their own terms

_APART = 1_000  # places between two sources of an article: no phrase reaches from one into the other
ZONE_BITS = 24  # a part of an article has room for 16 million words

Positions = NDArray[np.uint32]


class PlaceFormat(Format):
    """Postings with the position of every occurrence, 4 bytes each, so that numpy reads a whole list at once."""

    def decode_frequency(self, valuestring: bytes) -> int:
        """Return how often the term occurs."""
        return len(valuestring) // 4


class PlaceField(FieldType):
    """A field whose value is ready-made: each term with its positions, ascending."""

    def __init__(self) -> None:
        self.format = PlaceFormat()

    def index(self, value: object, **_: object) -> Generator[tuple[bytes, int, float, bytes], None, None]:
        """Yield the postings of one article, as Whoosh asks of a field type."""
        for term, places in cast("Mapping[str, list[int]]", value).items():
            yield term.encode("utf-8", "surrogatepass"), len(places), 1.0, _packed(places)


def _packed(places: list[int]) -> bytes:
    packed = array("I", places)
    if byteorder == "big":
        packed.byteswap()
    return packed.tobytes()


def schema() -> Schema:
    """Return the fields of the index."""
    postings = {str(name): PlaceField() for name in (TEXT, FORMS, *NAMES)}
    row = COLUMN(FixedBytesColumn(ROW.itemsize))
    return Schema(row=row, known=STORED(), **postings)


def document(entry: Entry) -> dict[str, object]:
    """Return the fields of one article, as Whoosh's writer takes them."""
    terms: defaultdict[str, list[int]] = defaultdict(list)
    forms: defaultdict[str, list[int]] = defaultdict(list)
    lengths: list[int] = []
    tongue = analysis.tongue_of(entry.language)
    for field, part in parts_of(entry).items():
        words = tongue.words(part)
        lengths.append(len(words))
        for place, word in enumerate(words, ZONES[field] << ZONE_BITS):
            for term in word.terms:
                terms[term].append(place)
            if word.form not in word.terms:
                forms[word.form].append(place)
    fields: dict[str, object] = {TEXT: terms, FORMS: forms, "row": _row(entry, lengths)}
    fields["known"] = (entry.article, entry.stamp)
    for name, values in names_of(entry).items():
        fields[str(name)] = _places(values)
    return fields


def _places(values: Iterable[str]) -> dict[str, list[int]]:
    places: defaultdict[str, list[int]] = defaultdict(list)
    first = 0
    for value in values:
        words = analysis.EXACT.words(value)
        for place, word in enumerate(words, first):
            for term in word.terms:
                places[term].append(place)
        first += len(words) + _APART
    return places


def _row(entry: Entry, lengths: list[int]) -> bytes:
    row = np.zeros((), ROW)
    for column, number in numbers_of(entry, lengths).items():
        row[column] = number
    return row.tobytes()
