"""What the archive asks of a search engine.

The index is a disposable copy of the database. An engine stores one entry per article, answers questions over the
engine-neutral tree, and says so when it cannot: it never answers from an index it cannot vouch for.

Contract, held by ``tests/integration/test_engines_contract.py`` and ``test_engines_writing.py`` over every engine:

- One writer at a time, between processes as well. ``writing`` and ``rebuilding`` wait for it up to ``timeout_s``
  seconds, then raise ``IndexBusyError``. They, ``create`` and ``commit`` raise ``IndexUnwritableError`` where the disk
  is full or read-only.
- What a batch did is seen by no search before ``commit``; leaving the block without commit, by an exception or a
  kill, leaves the index as the last commit left it.
- ``put`` replaces the entry of the same article; ``drop`` of an unknown article does nothing.
- ``rebuilding`` yields a batch on a second index beside the one in use, and goes on with one that an interrupted
  rebuild left behind. When its block ends without an exception, the new index takes the old one's place in one step;
  searches go on all the while, in this process and in others. It works, too, when the index is missing or damaged.
- Every method but ``wipe``, ``create`` and ``rebuilding`` raises ``IndexUnavailableError`` when the index is missing,
  damaged or of another version.
- Engines are safe to use from several threads.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from app.domain.article import ArticleId
from app.domain.entry import Entry, Shown
from app.domain.query import Field, Highlights, Matches, Node, Question, Weighed
from app.domain.status import Footprint

__all__ = ["Batch", "Engine", "Entry", "Shown"]


class Batch(Protocol):
    """Changes to the index, by the one writer there is."""

    def put(self, entry: Entry) -> None: ...

    def drop(self, article: ArticleId) -> None: ...

    def stamps(self) -> Iterator[tuple[ArticleId, str]]:
        """Yield every article in this index, as of the last commit, with its stamp; in no particular order."""
        ...

    def commit(self) -> None: ...


class Engine(Protocol):
    """A search engine, opened on one place."""

    @property
    def place(self) -> str:
        """Where the index is, as a person would name it."""
        ...

    @property
    def most_articles(self) -> int | None:
        """How many articles it answers fast about on a laptop; None where more is no trouble."""
        ...

    def create(self) -> None:
        """Make an empty index where there is none; do nothing where there is one, whatever its state."""
        ...

    def writing(self, *, timeout_s: float) -> AbstractContextManager[Batch]: ...

    def rebuilding(self, *, timeout_s: float) -> AbstractContextManager[Batch]: ...

    def find(self, question: Question) -> Matches: ...

    def weigh(self, parts: Sequence[Node], articles: Sequence[ArticleId]) -> tuple[Weighed, ...]:
        """Return what each part of a question is worth to some articles; those of the words that a question is made of
        add up to its score."""
        ...

    def written(self, forms: Sequence[str], field: Field | None = None) -> list[int]:
        """Return how many articles have each of some words, folded, as it is written or as a stem: in a field of names,
        or, where ``field`` is none of them, in any text; at times some that have gone are counted."""
        ...

    def highlight(self, tree: Node, shown: Sequence[Shown]) -> tuple[Highlights, ...]:
        """Return where each text matches the tree, by the index's own analysis; the headline whole, passages cut."""
        ...

    def stamps(self) -> Iterable[tuple[ArticleId, str]]: ...

    def footprint(self) -> Footprint:
        """Return which generation of the index is in use, and how many bytes it takes."""
        ...

    def verify(self) -> None:
        """Read the whole index; raise ``IndexUnavailableError`` where it is not as it was written. Other methods
        need not notice what a failing disk has changed by itself; after this has, they all do."""
        ...

    def wipe(self) -> None:
        """Remove the index and everything the engine keeps beside it."""
        ...

    def close(self) -> None: ...
