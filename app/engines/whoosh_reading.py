# mypy: untyped-calls-exclude="whoosh"
"""Reading a Whoosh index as numpy arrays: rows of articles and lists of postings, loaded once and kept.

Law: only Whoosh's public reader is used, and only under the segment's lock, because its files share one cursor between
threads. A segment's files never change; only which of its articles are deleted does, and that comes with the snapshot.
"""

import pickle
import struct
import weakref
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from threading import Lock

import numpy as np
from whoosh.codec.base import Segment as WhooshSegment
from whoosh.fields import Schema
from whoosh.filedb.filetables import FileFormatError
from whoosh.index import IndexError as WhooshIndexError
from whoosh.reading import CorruptIndexError, SegmentReader, TermNotFound

from app.engines.analysis import Glob
from app.engines.caching import Cache
from app.engines.labels import Labels, read_labels
from app.engines.lexicon import Lexicon
from app.engines.rows import ROW, DocNumbers, Mask, Rows, StorySizes, languages_of
from app.engines.vouching import Commit, Complain, Files, vouching
from app.engines.whoosh_codec import ArrayCodec, occurrences
from app.engines.whoosh_commits import contents_of, mapped_storage_of
from app.engines.whoosh_schema import Positions

# What a truncated or overwritten file makes Whoosh raise, besides its own errors, depends on where it was hit.
DAMAGE = (
    OSError,
    EOFError,
    ValueError,
    LookupError,
    TypeError,
    AssertionError,
    AttributeError,
    struct.error,
    zlib.error,
    pickle.UnpicklingError,
    CorruptIndexError,
    FileFormatError,
    WhooshIndexError,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Every occurrence of a term: ``docs`` and ``places`` in parallel, ordered by document, then position."""

    docs: DocNumbers
    places: Positions

    @property
    def nbytes(self) -> int:
        """The memory it takes."""
        return int(self.docs.nbytes + self.places.nbytes)

    @staticmethod
    def none() -> "Places":
        """Return no occurrence at all."""
        return _NONE


_NONE = Places(docs=np.empty(0, np.int64), places=np.empty(0, np.uint32))


class Segment:
    """One segment of the index, whole, with its deleted articles. Its files are closed when nobody refers to it."""

    def __init__(self, commit: Commit, schema: Schema, segment: WhooshSegment, complain: Complain) -> None:
        name, storage = segment.segment_id(), mapped_storage_of(commit)
        self._reader = reader = SegmentReader(storage, schema, segment)
        self._files = commit.files
        self._names = commit.files.of_segment(name)
        self._complain = complain
        self._lock = Lock()
        self._cache = Cache[Places]()
        self._lexicon = Lexicon()
        self._postings_file = postings = storage.open_file(segment.make_filename(ArrayCodec.POSTS_EXT))
        weakref.finalize(self, reader.close)
        weakref.finalize(self, postings.close)
        with self._reading(), storage.open_file(f"{name}.row.col") as file:
            # Values of one length lie side by side; asking Whoosh for one after the other took half of all opening.
            self.rows = np.frombuffer(file.read(), ROW, reader.doc_count_all())

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """Hold the files, and vouch for them before they are read, since one that was cut short kills the process,
        and after, since one can be written to meanwhile."""
        with self._lock, vouching(self._complain, DAMAGE):
            self._files.check(self._names, opened=True)
            yield
            self._files.check(self._names, opened=True)

    def places(self, field: str, term: str) -> Places:
        """Return the occurrences of a term in this segment, numbered from 0."""
        return self._cache.of((field, term), lambda: self._load(field, [term]))

    def read_ahead(self, terms: Iterable[tuple[str, str]]) -> None:
        """Read the occurrences of terms of some fields that are not kept yet, and keep them."""
        lacking = self._cache.lacking(terms)
        if lacking:
            with self._reading():
                loaded = [self._postings(field, [term]) for field, term in lacking]
            for key, places in zip(lacking, loaded, strict=True):
                self._cache.keep(key, places)

    def fitting(self, field: str, glob: Glob) -> Places:
        """Return the occurrences of every term that fits, in no particular order."""
        return self._cache.of(
            (field, "glob", glob.pattern),
            lambda: self._load(field, self._lexicon.fitting(field, glob, self._terms)),
        )

    def _load(self, field: str, terms: Iterable[str]) -> Places:
        with self._reading():
            return self._postings(field, terms)

    def _postings(self, field: str, terms: Iterable[str]) -> Places:
        found = []
        for term in terms:
            with suppress(TermNotFound):
                info = self._reader.term_info(field, term.encode("utf-8", "surrogatepass"))
                found.append(occurrences(self._postings_file, info))
        if not found:
            return Places.none()
        docs, counts, places = map(np.concatenate, zip(*found, strict=True))
        return Places(docs=np.repeat(docs.astype(np.int64), counts), places=places)

    def frequencies(self, forms: Sequence[str], fields: Sequence[str]) -> list[int]:
        """Return how many articles of this segment have each word in one of the fields of the index."""
        raw = [form.encode("utf-8", "surrogatepass") for form in forms]
        with self._reading():
            return [max(int(self._reader.doc_frequency(field, each)) for field in fields) for each in raw]

    def _terms(self, field: str, prefix: str) -> list[str]:
        with self._reading():
            found = list(self._reader.expand_prefix(field, prefix.encode("utf-8", "surrogatepass")))
        return [raw.decode("utf-8", "surrogatepass") for raw in found]

    def known(self, live: Mask) -> Iterator[tuple[int, str]]:
        """Yield the articles that are live with their stamps."""
        with self._reading():
            stored = [self._reader.stored_fields(number)["known"] for number in np.flatnonzero(live).tolist()]
        yield from stored


class Snapshot:
    """The whole index as of one commit: the rows of its articles, which of them are live, and their postings.

    Documents are numbered through all segments from 0.
    """

    def __init__(self, files: Files, segments: Mapping[str, Segment], live: Mask, labels: Labels) -> None:
        self.files = files
        self.labels = labels
        self.segments = segments
        self._bases = np.cumsum([0, *(len(segment.rows) for segment in segments.values())])
        self.rows = Rows.of(
            np.concatenate([np.empty(0, ROW), *(segment.rows for segment in segments.values())])
        )
        self.live = live
        self.languages = languages_of(self.rows)
        self.sizes = StorySizes(lambda: self.rows["story"][live])
        self.found = Cache[Places]()

    def read_ahead(self, terms: Collection[tuple[str, str]]) -> None:
        """Read what ``places`` will be asked for, terms of fields, at once. Each reading vouches for the files of a
        segment, and a thousand words in eight languages would be 8,000 of them."""
        for segment in self.segments.values():
            segment.read_ahead(terms)

    def places(self, field: str, term: str) -> Places:
        """Return the live occurrences of a term."""
        return self._joined([segment.places(field, term) for segment in self.segments.values()])

    def _joined(self, parts: Sequence[Places]) -> Places:
        held = [
            (part, base) for part, base in zip(parts, self._bases, strict=False) if part is not Places.none()
        ]
        if not held:
            return Places.none()
        docs = np.concatenate([part.docs + base for part, base in held])
        places = np.concatenate([part.places for part, _ in held])
        alive = self.live[docs]
        return (
            Places(docs=docs, places=places)
            if alive.all()
            else Places(docs=docs[alive], places=places[alive])
        )

    def fitting(self, field: str, glob: Glob) -> Places:
        """Return the live occurrences of every term that fits, in no particular order."""
        return self._joined([segment.fitting(field, glob) for segment in self.segments.values()])

    def written(self, forms: Sequence[str], fields: Sequence[str]) -> list[int]:
        """Return how many articles, deleted ones among them, have each of some words in one of the fields."""
        counted = [segment.frequencies(forms, fields) for segment in self.segments.values()]
        return [sum(each) for each in zip(*counted, strict=True)] or [0] * len(forms)

    def known(self) -> Iterator[tuple[int, str]]:
        """Yield every live article with its stamp."""
        for segment, base in zip(self.segments.values(), self._bases, strict=False):
            yield from segment.known(self.live[base : base + len(segment.rows)])


def open_snapshot(commit: Commit, before: Snapshot | None, complain: Complain) -> Snapshot:
    """Open a commit of an index, keeping the segments it shares with the snapshot ``before`` it.

    Raises what ``complain`` makes of a reason where a file is gone or is not as it was written.
    """
    kept = before.segments if before else {}
    segments: dict[str, Segment] = {}
    alive = [np.empty(0, np.bool_)]
    with vouching(complain, DAMAGE):
        commit.files.check()
        # Not index.reader(): with reuse= it brings back segments that were merged away, without it it opens them all.
        contents = contents_of(commit)
        for segment in contents.segments:
            name = segment.segment_id()
            if segment.doc_count_all():
                segments[name] = kept.get(name) or Segment(commit, contents.schema, segment, complain)
                alive.append(_live(segment))
        labels = read_labels(commit.view, commit.number)
    return Snapshot(commit.files, segments, np.concatenate(alive), labels)


def _live(segment: WhooshSegment) -> Mask:
    live = np.ones(segment.doc_count_all(), np.bool_)
    live[np.fromiter(segment.deleted_docs(), np.int64)] = False
    return live
