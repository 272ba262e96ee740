# mypy: untyped-calls-exclude="whoosh"
"""Postings as arrays: what Whoosh reads one by one is what it reads with its own codec, and numpy reads the same."""

from dataclasses import replace
from pathlib import Path
from typing import cast

import numpy as np
import pytest
from whoosh.codec.base import Codec
from whoosh.codec.whoosh3 import W3Codec
from whoosh.filedb.filestore import FileStorage
from whoosh.index import Index, create_in
from whoosh.reading import SegmentReader

from app.domain.article import ArticleId
from app.engines.whoosh_codec import ArrayCodec, occurrences
from app.engines.whoosh_schema import TEXT, document, schema
from tests.entries import BASE

TEXTS = (
    "The ferry left the harbour, and the harbour was empty.",
    "Паром ушёл из гавани",
    "",
    "the " * 3_000,
    "北京大学 the harbour",
)


def written(folder: Path, codec: Codec, *, merged: bool = False) -> Index:
    """Return an index of the texts, each in a commit of its own; the second is deleted."""
    folder.mkdir()
    index = create_in(str(folder), schema())
    for number, text in enumerate(TEXTS):
        writer = index.writer(codec=codec, compound=False)
        writer.add_document(**document(replace(BASE, article=ArticleId(number + 1), body_text=text)))
        writer.commit(merge=False)
    writer = index.writer(codec=codec, compound=False)
    writer.delete_document(1)
    writer.commit(merge=False)
    if merged:
        index.writer(codec=codec, compound=False).commit(optimize=True)
    return index


@pytest.mark.parametrize("merged", [False, True])
def test_postings_are_those_of_whooshs_own_codec(tmp_path: Path, merged: bool) -> None:
    ours = written(tmp_path / "ours", ArrayCodec(), merged=merged)
    stock = written(tmp_path / "stock", W3Codec(), merged=merged)
    with ours.reader() as one, stock.reader() as other:
        assert list(one.iter_postings()) == list(other.iter_postings())
        assert one.doc_count() == len(TEXTS) - 1
        for field, term in other.all_terms():
            told, expected = one.term_info(field, term), other.term_info(field, term)
            assert one.doc_frequency(field, term) == other.doc_frequency(field, term)
            assert (told.weight(), told.max_weight()) == (expected.weight(), expected.max_weight())
            assert (told.min_id(), told.max_id()) == (expected.min_id(), expected.max_id())


def test_numpy_reads_the_same_at_once(tmp_path: Path) -> None:
    index = written(tmp_path / "ours", ArrayCodec(), merged=True)
    with index.reader() as reader:
        segment = cast("SegmentReader", reader).segment()
        assert segment is not None
        with FileStorage(str(tmp_path / "ours")).open_file(
            segment.make_filename(ArrayCodec.POSTS_EXT)
        ) as file:
            docs, counts, places = occurrences(file, reader.term_info(TEXT, b"the"))
        matcher = reader.postings(TEXT, b"the")
        expected = [(number, np.frombuffer(value, "<u4").tolist()) for number, value in matcher.all_items()]
    assert docs.tolist() == [number for number, _ in expected]
    assert np.split(places, np.cumsum(counts)[:-1])[0].tolist() == expected[0][1]
    assert sum(counts) == len(places) == sum(len(each) for _, each in expected) > 3_000
