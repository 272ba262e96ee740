# mypy: untyped-calls-exclude="whoosh"
"""Writing a Whoosh index: changes gathered in memory, then written, merged and committed in one step.

Law: nothing touches the disk before ``commit``; every commit merges a bounded number of articles, so that segments
stay few and no commit takes for ever.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import accumulate
from math import floor, log

import numpy as np
from whoosh.codec.base import Segment
from whoosh.filedb.filestore import FileStorage
from whoosh.reading import SegmentReader
from whoosh.writing import SegmentWriter

from app.domain.article import ArticleId
from app.engines.generations import Generations
from app.engines.labels import labels_changed
from app.engines.port import Entry
from app.engines.vouching import Commit, vouching
from app.engines.whoosh_codec import ArrayCodec
from app.engines.whoosh_commits import next_commit, storage_of, sweep
from app.engines.whoosh_reading import DAMAGE, Snapshot, open_snapshot
from app.engines.whoosh_schema import document

# As many segments of one size class as this are merged into one of the next; classes are powers of it. Merging less
# costs little here: a list of postings is read whole and kept, so 24 segments answer as fast as four did, while merging
# those 24 to four took twice the time that indexing did, and single commits of over twenty seconds.
FAN = 8
_SMALLEST_CLASS_BYTES = 64 * 1024
# More is not rewritten in one commit: some 1,000 articles of 1,000 words, about three seconds of one core.
LARGEST_MERGED_BYTES = 16 * 1024 * 1024

_POOL_MB = 128


class WhooshBatch:
    """Changes to one generation, by the holder of the lock. ``commit`` may be called again and again."""

    def __init__(self, commit: Commit, generations: Generations) -> None:
        self._complain = generations.unavailable
        with vouching(self._complain, DAMAGE):
            commit.files.check()
            sweep(commit)  # what a killed writer left would pass for the latest commit
            self._index = storage_of(commit).open_index()
        self._commit = commit
        self._changing = generations.changing
        self._snapshot: Snapshot | None = None
        self._pending: dict[ArticleId, Entry | None] = {}

    def put(self, entry: Entry) -> None:
        """Index an article, in place of what was indexed under its id."""
        self._pending[entry.article] = entry

    def drop(self, article: ArticleId) -> None:
        """Take an article out of the index."""
        self._pending[article] = None

    def stamps(self) -> Iterator[tuple[ArticleId, str]]:
        """Yield every article as of the last commit with its stamp."""
        for article, stamp in self._opened().known():
            yield ArticleId(article), stamp

    def commit(self) -> None:
        """Write the changes; they are found by every search that begins after this returns."""
        if self._pending:
            with self._changing():
                self._write()
            self._pending.clear()

    def _write(self) -> None:
        replaced = self._documents_of(set(self._pending))
        writer = self._index.writer(limitmb=_POOL_MB, compound=False, codec=ArrayCodec())
        try:
            for number in replaced:
                writer.delete_document(number)
            chosen = chosen_for_merge(writer.storage, writer.segments)
            self._verify(chosen)
            for entry in self._pending.values():
                if entry is not None:
                    writer.add_document(**document(entry))
        except BaseException:
            writer.cancel()
            raise
        writer.commit(mergetype=partial(merge, chosen=chosen))
        entries = [entry for entry in self._pending.values() if entry is not None]
        labels = labels_changed(self._opened().labels, self._pending, entries)
        self._commit = next_commit(self._commit, self._index.latest_generation(), labels)

    def _documents_of(self, articles: set[ArticleId]) -> list[int]:
        """Return the numbers of the live documents that hold these articles, as the writer counts them."""
        snapshot = self._opened()
        known = np.isin(snapshot.rows["article"], np.fromiter(articles, np.int64))
        return np.flatnonzero(known & snapshot.live).tolist()

    def _opened(self) -> Snapshot:
        self._snapshot = open_snapshot(self._commit, self._snapshot, self._complain)
        return self._snapshot

    def _verify(self, segments: Sequence[Segment]) -> None:
        """Compare the bytes of what is to be copied: the copy will be vouched for."""
        files = self._commit.files
        with vouching(self._complain, DAMAGE):
            for segment in segments:
                files.verify(files.of_segment(segment.segment_id()))


def chosen_for_merge(storage: FileStorage, segments: Sequence[Segment]) -> list[Segment]:
    """Return the segments that are many or hollow, to be made one.

    A size class with ``FAN`` segments is merged with all that is smaller, and so are segments half of which is
    deleted, the smallest first and at most ``LARGEST_MERGED_BYTES`` together. Segments so large that less than half
    of ``FAN`` fit into that stay as they are: to copy two to have one less made every commit take seconds.
    """
    sizes = {segment: _live_bytes(storage, segment) for segment in segments if segment.doc_count()}
    return next(_choices(sizes), [])


def merge(writer: SegmentWriter, segments: Sequence[Segment], *, chosen: Sequence[Segment]) -> list[Segment]:
    """Copy the chosen segments into the one being written; return the segments that stay (Whoosh's contract). Those
    without a live article do not."""
    for segment in chosen:
        reader = SegmentReader(writer.storage, writer.schema, segment)
        writer.add_reader(reader)
        reader.close()
    return [segment for segment in segments if segment.doc_count() and segment not in chosen]


def _choices(sizes: Mapping[Segment, float]) -> Iterator[list[Segment]]:
    """Yield what could be merged, the most wanted first."""
    classes = {segment: _size_class(size) for segment, size in sizes.items()}
    for size_class in sorted(set(classes.values()), reverse=True):
        smaller = [segment for segment in sizes if classes[segment] <= size_class]
        chosen = _within_limit(smaller, sizes)
        there, merged = (sum(classes[each] == size_class for each in group) for group in (smaller, chosen))
        if there >= FAN and merged >= FAN // 2:
            yield chosen
    hollow = [segment for segment in sizes if segment.deleted_count() * 2 > segment.doc_count_all()]
    if chosen := _within_limit(hollow, sizes):
        yield chosen


def _within_limit(segments: Sequence[Segment], sizes: Mapping[Segment, float]) -> list[Segment]:
    ordered = sorted(segments, key=lambda segment: sizes[segment])
    totals = accumulate(sizes[segment] for segment in ordered)
    return [segment for segment, total in zip(ordered, totals, strict=True) if total <= LARGEST_MERGED_BYTES]


def _live_bytes(storage: FileStorage, segment: Segment) -> float:
    size: int = sum(storage.file_length(name) for name in segment.list_files(storage))
    return size * int(segment.doc_count()) / int(segment.doc_count_all())


def _size_class(size: float) -> int:
    return max(0, floor(log(size / _SMALLEST_CLASS_BYTES, FAN)))
