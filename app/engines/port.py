"""What the archive asks of a search engine.

The index is a disposable copy of the database. An engine stores one entry per article, answers questions over the
engine-neutral tree, and says so when it cannot: it never answers from an index it cannot vouch for.

Contract, held by ``tests/integration/test_engines_contract.py`` over every engine:

- One writer at a time, between processes as well. ``writing`` and ``rebuilding`` wait for it up to ``timeout_s``
  seconds, then raise ``IndexBusyError``.
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
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from app.domain.article import ArticleId, StoryId, TitleFrom
from app.domain.query import Highlights, Matches, Node, Question


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One article as it is indexed. ``original`` is its own id where it repeats nothing; ``stamp`` is the digest of
    the entry's content, by which database and index are compared."""

    article: ArticleId
    original: ArticleId
    story: StoryId
    headline: str | None
    deck: str | None
    body_text: str
    byline: str | None
    source: str | None
    language: str | None
    url: str | None
    published: date | None
    seen: date
    stamp: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """The text of an article as far as a result row may show it; ``title_from`` says which field the title is, so
    that a question for another field does not mark it."""

    title: str
    body_text: str
    title_from: TitleFrom = TitleFrom.HEADLINE


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

    def create(self) -> None:
        """Make an empty index where there is none; do nothing where there is one, whatever its state."""
        ...

    def writing(self, *, timeout_s: float) -> AbstractContextManager[Batch]: ...

    def rebuilding(self, *, timeout_s: float) -> AbstractContextManager[Batch]: ...

    def find(self, question: Question) -> Matches: ...

    def highlight(self, tree: Node, shown: Sequence[Shown]) -> tuple[Highlights, ...]:
        """Return where each text matches the tree, by the index's own analysis; the headline whole, passages cut."""
        ...

    def stamps(self) -> Iterable[tuple[ArticleId, str]]: ...

    def wipe(self) -> None:
        """Remove the index and everything the engine keeps beside it."""
        ...

    def close(self) -> None: ...
