"""All articles that match a query, as numbers, without a Python object for each: tantivy adds them up to bits.

Law: articles stand in blocks by their ids, each with a bit of its block; the sum of the bits that match is exact,
because a float holds 52 of them.
"""

import numpy as np
from numpy.typing import NDArray
from tantivy import Document, FieldType, Occur, Query, Schema, SchemaBuilder, Searcher

from app.engines.numbering import places_of

_BITS = 52
_BLOCK, _BIT = "block", "bit"
_MOST_BLOCKS = 50_000  # in one answer; tantivy gives up at 65,000


def add_fields(builder: SchemaBuilder) -> None:
    """Add to a schema what says where an article stands."""
    builder.add_integer_field(_BLOCK, fast=True)
    builder.add_integer_field(_BIT, fast=True)


def stand(made: Document, article: int) -> None:
    """Say of an article where it stands."""
    made.add_integer(_BLOCK, article // _BITS)
    made.add_integer(_BIT, 1 << article % _BITS)


class Blocks:
    """The blocks that the articles of an index stand in."""

    def __init__(self, schema: Schema, articles: NDArray[np.int64]) -> None:
        blocks = np.unique(articles // _BITS)
        parts = [blocks[first : first + _MOST_BLOCKS] for first in range(0, len(blocks), _MOST_BLOCKS)]
        self._schema = schema
        self.places = places_of(articles)  # of some articles among all, which stand in the order of their ids
        self._bounds = [(int(part[0]), int(part[-1])) for part in parts]

    def matching(self, searcher: Searcher, query: Query) -> NDArray[np.int64]:
        """Return the places of all articles that match, ascending."""
        if len(self._bounds) == 1:
            return self.places(_added_up(searcher, query))
        parts = (_added_up(searcher, self._within(query, first, last)) for first, last in self._bounds)
        return self.places(np.concatenate([np.empty(0, np.int64), *parts]))

    def _within(self, query: Query, first: int, last: int) -> Query:
        inside = Query.range_query(self._schema, _BLOCK, FieldType.Integer, first, last)
        return Query.boolean_query([(Occur.Must, query), (Occur.Must, inside)])


def _added_up(searcher: Searcher, query: Query) -> NDArray[np.int64]:
    by_block = {"field": _BLOCK, "size": _MOST_BLOCKS, "segment_size": _MOST_BLOCKS}
    asked = {"blocks": {"terms": by_block, "aggs": {"bits": {"sum": {"field": _BIT}}}}}
    found = searcher.aggregate(query, asked)["blocks"]["buckets"]
    blocks = np.array([each["key"] for each in found], np.int64)
    bits = np.array([each["bits"]["value"] for each in found], np.float64).astype("<i8")
    order = np.argsort(blocks)
    # 64 bits a block side by side, of which 52 are used: telling rows from columns would take ten times as long.
    places = np.flatnonzero(np.unpackbits(bits[order].view(np.uint8), bitorder="little").view(np.bool_))
    articles: NDArray[np.int64] = blocks[order][places >> 6] * _BITS + (places & 63)
    return articles
