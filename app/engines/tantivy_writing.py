"""Writing a tantivy index: changes gathered in memory, then written, merged and committed in one step.

Law: nothing is written where a reader looks before ``commit`` names it; when ``commit`` returns, no thread of
tantivy's is left at work.
"""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from app.domain.article import ArticleId
from app.engines.generations import Generations
from app.engines.port import Entry
from app.engines.rows import ROW, numbers_of
from app.engines.tantivy_commits import Ledger, fresh_work, next_commit, sweep
from app.engines.tantivy_schema import document, open_index
from app.engines.vouching import Commit, vouching

_HEAP_BYTES = 64_000_000


class TantivyBatch:
    """Changes to one generation, by the holder of the lock. ``commit`` may be called again and again."""

    def __init__(self, commit: Commit, generations: Generations) -> None:
        self._complain = generations.unavailable
        self._changing = generations.changing
        with vouching(self._complain):
            commit.files.check()
            self._ledger = Ledger.read(commit.view, commit.number)
        sweep(commit)
        self._commit = commit
        self._pending: dict[ArticleId, Entry | None] = {}

    def put(self, entry: Entry) -> None:
        """Index an article, in place of what was indexed under its id."""
        self._pending[entry.article] = entry

    def drop(self, article: ArticleId) -> None:
        """Take an article out of the index."""
        self._pending[article] = None

    def stamps(self) -> Iterator[tuple[ArticleId, str]]:
        """Yield every article as of the last commit with its stamp."""
        for article, stamp in self._ledger.stamps():
            yield ArticleId(article), stamp

    def commit(self) -> None:
        """Write the changes; they are found by every search that begins after this returns."""
        if not self._pending:
            return
        with vouching(self._complain):
            self._commit.files.check()
        with self._changing():
            self._write()
        self._pending.clear()

    def _write(self) -> None:
        entries = [entry for entry in self._pending.values() if entry is not None]
        lengths: list[list[int]] = []
        work = fresh_work(self._commit)
        writer = open_index(work).writer(_HEAP_BYTES, 1)
        for article in self._pending:
            writer.delete_documents_by_term("article", article)
        for entry in entries:  # one at a time: what tantivy is handed takes many times the memory of the text
            made, each = document(entry)
            writer.add_document(made)
            lengths.append(each)
        ledger = self._ledger.changed(self._pending, entries, _rows_of(entries, lengths))
        writer.commit()
        writer.wait_merging_threads()
        self._commit = next_commit(self._commit, work, ledger)
        self._ledger = ledger


def _rows_of(entries: Sequence[Entry], lengths: Sequence[list[int]]) -> NDArray[np.void]:
    rows = np.zeros(len(entries), ROW)
    for row, entry, each in zip(rows, entries, lengths, strict=True):
        for column, number in numbers_of(entry, each).items():
            row[column] = number
    return rows
