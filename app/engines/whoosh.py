# mypy: untyped-calls-exclude="whoosh"
"""The default engine: an index in a folder, written and read with Whoosh, matched and ranked with numpy.

Law: Whoosh keeps the postings; what matches, how it is scored, folded and counted is decided over arrays, because
Whoosh's own collapse counts wrongly and its Python scoring of every match is slow. An index that cannot be vouched
for raises ``IndexUnavailableError`` and never answers.

The files hold pickles (Whoosh's format): never open an index that somebody else made.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock
from time import sleep

import numpy as np
from whoosh.index import FileIndex, create_in, open_dir

from app.domain.article import ArticleId
from app.domain.query import Highlights, Matches, Node, Question
from app.engines import analysis, whoosh_schema
from app.engines.highlights import Highlighter
from app.engines.port import Batch, Shown
from app.engines.ranking import Matched, page
from app.engines.scoring import SCORING, Scoring
from app.engines.whoosh_generations import Generations, cut_file, missing_file, read_manifest, write_manifest
from app.engines.whoosh_matching import Matcher
from app.engines.whoosh_reading import open_snapshot, vouching
from app.engines.whoosh_writing import WhooshBatch
from app.errors import IndexUnavailableError

_VERSIONS = {"schema": whoosh_schema.VERSION, "analysis": analysis.VERSION}

# A reader that opens the index in the instant a commit replaces its files finds some gone: it looks again.
_LOOKS = 5
_PAUSE_S = 0.03

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
        folder = self._generations.current()
        with self._generations.locked(timeout_s):
            folder = self._generations.current()
            self._generations.collect(below=int(folder.name))
            yield self._batch(folder)

    @contextmanager
    def rebuilding(self, *, timeout_s: float) -> Iterator[Batch]:
        """Yield a batch on an index beside the one in use; at the end of the block it takes its place."""
        with self._generations.locked(timeout_s):
            number = self._resumable() or self._begin()
            yield self._batch(self._generations.folder(number))
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
        self._current()
        return Highlighter(tree).highlights(shown)

    def stamps(self) -> Iterable[tuple[ArticleId, str]]:
        """Yield every article in the index with its stamp."""
        for article, stamp in self._current().snapshot.known():
            yield ArticleId(article), stamp

    def wipe(self) -> None:
        """Remove the index and everything beside it."""
        with self._generations.locked(_WIPE_WAIT_S):
            self._generations.wipe()
        self.close()

    def close(self) -> None:
        """Give back the files of the index; a later question opens them again."""
        with self._lock:
            self._seen, self._matcher = (), None

    def _current(self) -> Matcher:
        """Return the index as of the last commit, opened anew if there was one since we looked."""
        with self._lock:
            for _ in range(_LOOKS - 1):
                with suppress(IndexUnavailableError):
                    return self._look()
                sleep(_PAUSE_S)
            return self._look()

    def _look(self) -> Matcher:
        try:
            seen = self._generations.stamp()
            if self._matcher is None or seen != self._seen:
                before = self._matcher.snapshot if self._matcher else None
                index = self._open(self._generations.current())
                self._matcher = Matcher(open_snapshot(index, before, self._damaged), self._scoring)
                self._seen = seen
        except IndexUnavailableError:
            self._matcher = None
            raise
        return self._matcher

    def _open(self, folder: Path) -> FileIndex:
        """Open a generation that is of our version and undamaged, or raise ``IndexUnavailableError``."""
        try:
            manifest = read_manifest(folder)
        except (OSError, ValueError) as error:
            raise self._damaged(f"is damaged: {error}") from error
        if manifest.versions.keys() != self._versions.keys() or any(
            manifest.versions[name] != number for name, number in _VERSIONS.items()
        ):
            raise self._damaged("was made by another version")
        if manifest.versions != self._versions:
            raise self._damaged("belongs to another archive")
        with vouching(self._damaged):
            if name := cut_file(folder, manifest):
                raise ValueError(f"the file {name} has another size than when it was written")
            index = open_dir(str(folder))
            latest = index.latest_generation()
        # A later commit than the manifest knows was made by a process that was killed before it could note it down;
        # what the manifest knows may be merged away by now.
        if latest <= manifest.commit and (name := missing_file(folder, manifest)):
            raise self._damaged(f"is damaged: the file {name} is gone")
        return index

    def _damaged(self, reason: str) -> IndexUnavailableError:
        return self._generations.unavailable(reason)

    def _batch(self, folder: Path) -> WhooshBatch:
        return WhooshBatch(self._open(folder), folder, self._versions, self._damaged)

    def _begin(self) -> int:
        """Make an empty generation behind all there are; return its number."""
        number = max(self._generations.numbers(), default=0) + 1
        folder = self._generations.begin(number)
        index = create_in(str(folder), whoosh_schema.schema())
        write_manifest(folder, self._versions, index.latest_generation())
        return number

    def _resumable(self) -> int | None:
        """Return the number of a rebuild that was interrupted and can go on, or None."""
        for number in self._generations.unfinished():
            try:
                self._open(self._generations.folder(number))
            except IndexUnavailableError:
                continue
            return number
        return None
