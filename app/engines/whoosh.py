# mypy: untyped-calls-exclude="whoosh"
"""The default engine: an index in a folder, written and read with Whoosh, matched and ranked with numpy.

Law: Whoosh keeps the postings; what matches, how it is scored, folded and counted is decided over arrays, because
Whoosh's own collapse counts wrongly and its Python scoring of every match is slow. An index that cannot be vouched
for raises ``IndexUnavailableError`` and never answers.

The files hold pickles (Whoosh's format): never open an index that somebody else made.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock
from typing import TypeVar

import numpy as np
from whoosh.index import create_in

from app.domain.article import ArticleId
from app.domain.query import Highlights, Matches, Node, Question
from app.engines import analysis, whoosh_schema
from app.engines.generations import Generations
from app.engines.guide import LONG
from app.engines.highlights import Highlighter
from app.engines.port import Batch, Shown
from app.engines.ranking import Matched, page
from app.engines.scoring import SCORING, Scoring
from app.engines.vouching import Commit, no_commit, read_commit, vouching
from app.engines.whoosh_commits import next_commit
from app.engines.whoosh_matching import Matcher
from app.engines.whoosh_reading import DAMAGE, open_snapshot
from app.engines.whoosh_writing import WhooshBatch
from app.errors import IndexUnavailableError

Found = TypeVar("Found")

_VERSIONS = {"schema": whoosh_schema.VERSION, "analysis": analysis.VERSION}

# A reader that opens the index in the instant a commit replaces its files finds some gone: it looks again.
_LOOKS = 5

_WIPE_WAIT_S = 10.0


class WhooshEngine:
    """An index in the folder ``path``; see ``port.Engine`` for the contract.

    ``archive`` is the number of the archive it belongs to: an index that another archive made is refused.
    """

    def __init__(self, path: Path, *, archive: int = 0, scoring: Scoring = SCORING) -> None:
        self._scoring = scoring
        self._versions = _VERSIONS | {"archive": archive}
        self._generations = Generations(path)
        self._lock = Lock()
        self._seen: tuple[int, ...] = ()
        self._commit: Commit | None = None
        self._matcher: Matcher | None = None

    @property
    def place(self) -> str:
        """The folder of the index."""
        return self._generations.place

    def create(self) -> None:
        """Make an empty index where there is none; do nothing where there is one, whatever its state."""
        if self._generations.numbers():
            return
        with self._generations.locked(_WIPE_WAIT_S):
            if not self._generations.numbers():
                self._generations.point_at(self._begin())

    @contextmanager
    def writing(self, *, timeout_s: float) -> Iterator[Batch]:
        """Yield a batch on the index in use, holding the one write lock."""
        self._generations.current()  # taking the lock makes the folder, and a missing index is not to be hidden
        with self._generations.locked(timeout_s):
            commit = self._read(self._generations.current())
            self._generations.collect(below=int(commit.folder.name))
            yield WhooshBatch(commit, self._generations)

    @contextmanager
    def rebuilding(self, *, timeout_s: float) -> Iterator[Batch]:
        """Yield a batch on an index beside the one in use; at the end of the block it takes its place."""
        with self._generations.locked(timeout_s):
            number = self._resumable() or self._begin()
            yield WhooshBatch(self._read(self._generations.folder(number)), self._generations)
            self._generations.point_at(number)
            self._generations.collect(below=number)

    def find(self, question: Question) -> Matches:
        """Return one page of the articles that match, and the exact totals."""
        matcher = self._current()
        answer = matcher.answer(question.tree)
        found = np.flatnonzero(answer.matches)
        rows = matcher.rows[found]
        return page(
            Matched(
                articles=rows["article"],
                originals=rows["original"],
                stories=rows["story"],
                days=rows["published"].astype(np.int64),
                scores=answer.scores[found],
            ),
            question,
        )

    def highlight(self, tree: Node, shown: Sequence[Shown]) -> tuple[Highlights, ...]:
        """Return where each text matches the tree, in order."""
        matcher, highlighter = self._current(), Highlighter(tree)
        guides = [
            matcher.guide(each.article, highlighter.leaves) if len(each.body_text) >= LONG else None
            for each in shown
        ]
        return highlighter.highlights(shown, guides)

    def stamps(self) -> Iterable[tuple[ArticleId, str]]:
        """Yield every article in the index with its stamp."""
        for article, stamp in self._current().snapshot.known():
            yield ArticleId(article), stamp

    def verify(self) -> None:
        """Compare every byte of the index with what was written."""
        try:
            self._patiently(self._verify)
        except IndexUnavailableError:
            with self._lock:
                self._matcher = None  # it may have answered from what is wrong
            raise

    def _verify(self) -> None:
        with self._lock:
            commit = self._latest()
        with vouching(self._damaged, DAMAGE):
            commit.files.verify()

    def wipe(self) -> None:
        """Remove the index and everything beside it."""
        with self._generations.locked(_WIPE_WAIT_S):
            self._generations.wipe()
        self.close()

    def close(self) -> None:
        """Give back the files of the index; a later question opens them again."""
        with self._lock:
            self._seen, self._commit, self._matcher = (), None, None

    def _current(self) -> Matcher:
        """Return the index as of the last commit, opened anew if there was one since we looked."""
        with self._lock:
            return self._patiently(self._look)

    def _patiently(self, look: Callable[[], Found]) -> Found:
        """Look, and where that fails look again as long as somebody else commits: that removes files."""
        for _ in range(_LOOKS - 1):
            before = self._stamp()
            try:
                return look()
            except IndexUnavailableError:
                if self._stamp() == before:
                    raise
        return look()

    def _stamp(self) -> tuple[int, ...]:
        try:
            return self._generations.stamp()
        except IndexUnavailableError:
            return ()

    def _look(self) -> Matcher:
        commit = self._latest()
        if self._matcher is None or self._matcher.snapshot.files is not commit.files:
            before, self._matcher = self._matcher, None
            snapshot = open_snapshot(commit, before.snapshot if before else None, self._damaged)
            self._matcher = Matcher(snapshot, self._scoring)
        return self._matcher

    def _latest(self) -> Commit:
        """Return the last commit of the generation in use: the same object until there is another."""
        seen = self._generations.stamp()
        if self._commit is None or seen != self._seen:
            self._commit, self._seen = self._read(self._generations.current()), seen
        return self._commit

    def _read(self, folder: Path) -> Commit:
        """Return the last commit of a generation of our version, or raise ``IndexUnavailableError``."""
        try:
            commit = read_commit(folder)
        except (OSError, ValueError) as error:
            raise self._damaged(f"is damaged: {error}") from error
        if commit.versions.keys() != self._versions.keys() or any(
            commit.versions[name] != number for name, number in _VERSIONS.items()
        ):
            raise self._damaged("was made by another version")
        if commit.versions != self._versions:
            raise self._damaged("belongs to another archive")
        return commit

    def _damaged(self, reason: str) -> IndexUnavailableError:
        return self._generations.unavailable(reason)

    def _begin(self) -> int:
        """Make an empty generation behind all there are; return its number."""
        number = max(self._generations.numbers(), default=0) + 1
        with self._generations.changing():
            folder = self._generations.begin(number)
            index = create_in(str(folder), whoosh_schema.schema())
            next_commit(no_commit(folder, self._versions), index.latest_generation())
        return number

    def _resumable(self) -> int | None:
        """Return the number of a rebuild that was interrupted and can go on, or None."""
        for number in self._generations.unfinished():
            with suppress(IndexUnavailableError), vouching(self._damaged, DAMAGE):
                self._read(self._generations.folder(number)).files.verify()
                return number
        return None
