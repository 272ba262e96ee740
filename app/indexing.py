"""Keeping the index a true copy of the database: catching up, comparing, mending, building anew.

Law: the writer is taken first and the outbox read after it; handled notes are deleted after the index has committed.
In any other order a crash or a second process can leave an entry stale for ever.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import structlog

from app.domain.article import ArticleId
from app.domain.delivery import IndexState
from app.domain.query import Fold, Nothing, Question, Sort
from app.domain.status import IndexStanding
from app.engines.port import Batch, Engine
from app.errors import IndexBusyError, IndexUnavailableError, IndexUnwritableError
from app.progress import Progress, silent
from app.store import outbox
from app.store.database import Database

_STEP = 500
_ALL_NOTES = 10_000_000

_NOTHING = Question(tree=Nothing(), fold=Fold.NONE, sort=Sort.RELEVANCE, first_row=0, rows=1)

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """How the index stands to the database: which articles it lacks, has out of date, or has no right to.

    ``waiting`` counts the notes of changes it has not been told of yet; ``unavailable`` says why it could not be
    compared at all.
    """

    articles: int
    missing: tuple[ArticleId, ...] = ()
    stale: tuple[ArticleId, ...] = ()
    extra: tuple[ArticleId, ...] = ()
    waiting: int = 0
    unavailable: str | None = None

    @property
    def holds(self) -> bool:
        """Whether database and index agree."""
        return not (self.missing or self.stale or self.extra or self.waiting or self.unavailable)


def catch_up(
    database: Database, engine: Engine, *, timeout_s: float, progress: Progress = silent
) -> IndexState:
    """Bring the index up to date, waiting ``timeout_s`` seconds for another writer.

    Returns ``BEHIND``, and logs why, when there was no getting at the writer, or the index cannot be used or not be
    written; the notes stay then.
    """
    with database.read() as session:
        total = outbox.waiting(session)
    try:
        if not total:
            engine.find(_NOTHING)  # an index that is not there holds nothing of what it should
            return IndexState.CURRENT
        with engine.writing(timeout_s=timeout_s) as batch:
            done = 0
            while handled := _step(database, batch):
                done += handled
                progress("indexing", done, max(done, total))
    except (IndexBusyError, IndexUnavailableError, IndexUnwritableError) as error:
        _log.warning("index_behind", reason=str(error))
        return IndexState.BEHIND
    return IndexState.CURRENT


def _step(database: Database, batch: Batch) -> int:
    """Handle the oldest notes; return how many."""
    with database.read() as session:
        notes = outbox.pending(session, _STEP)
        changed = {article for _, article in notes}
        for entry in outbox.entries(session, changed):
            batch.put(entry)
            changed.discard(entry.article)
    for gone in changed:
        batch.drop(gone)
    if notes:
        batch.commit()
        with database.write() as session:
            outbox.settle(session, [id_ for id_, _ in notes])
    return len(notes)


def standing(database: Database, engine: Engine, *, name: str) -> IndexStanding:
    """Return how the index of the engine of that name stands to the database."""
    with database.read() as session:
        behind = outbox.waiting(session)
    try:
        engine.find(_NOTHING)
        return IndexStanding(engine=name, footprint=engine.footprint(), behind=behind)
    except IndexUnavailableError as error:
        return IndexStanding(engine=name, footprint=None, behind=behind, trouble=str(error))


def reindex(database: Database, engine: Engine, *, timeout_s: float, progress: Progress = silent) -> int:
    """Build the index anew beside the one in use and put it in its place; return how many articles it holds.

    Goes on where an interrupted run stopped. Raises ``IndexBusyError`` when another writer does not finish, and
    ``IndexUnwritableError``.
    """
    with engine.rebuilding(timeout_s=timeout_s) as batch:
        articles = _mend(database, batch, progress)
    catch_up(database, engine, timeout_s=timeout_s, progress=progress)
    return articles


def verify(engine: Engine) -> None:
    """Read the whole index, so that what a failing disk did to it is told by every search from now on; log it."""
    try:
        engine.verify()
    except IndexUnavailableError as error:
        _log.error("index_damaged", reason=str(error))


def check(database: Database, engine: Engine, *, progress: Progress = silent) -> Agreement:
    """Read the whole index and compare it with the database."""
    with database.read() as session:
        articles = sum(1 for _ in outbox.article_ids(session))
        waiting = outbox.waiting(session)
    try:
        engine.verify()
        indexed = dict(engine.stamps())
    except IndexUnavailableError as error:
        return Agreement(articles=articles, waiting=waiting, unavailable=str(error))
    missing, stale = [], []
    for article, stamp in _stamps(database, progress):
        found = indexed.pop(article, None)
        if found is None:
            missing.append(article)
        elif found != stamp:
            stale.append(article)
    changing = _changing(database)
    return Agreement(
        articles=articles,
        missing=tuple(each for each in missing if each not in changing),
        stale=tuple(each for each in stale if each not in changing),
        extra=tuple(sorted(each for each in indexed if each not in changing)),
        waiting=waiting,
    )


def _changing(database: Database) -> set[ArticleId]:
    """Return the articles whose changes the index has not been told of: they differ, and nothing is wrong."""
    with database.read() as session:
        return {article for _, article in outbox.pending(session, _ALL_NOTES)}


def repair(database: Database, engine: Engine, *, timeout_s: float, progress: Progress = silent) -> Agreement:
    """Mend the index where it differs from the database, or build it anew when it cannot be used; then compare."""
    try:
        engine.verify()
        with engine.writing(timeout_s=timeout_s) as batch:
            _mend(database, batch, progress)
    except IndexUnavailableError:
        reindex(database, engine, timeout_s=timeout_s, progress=progress)
    catch_up(database, engine, timeout_s=timeout_s, progress=progress)
    return check(database, engine, progress=progress)


def _mend(database: Database, batch: Batch, progress: Progress) -> int:
    """Make the index of ``batch`` equal to the database, writing only what differs; return how many articles."""
    indexed = dict(batch.stamps())
    articles = _ids(database)
    for start in range(0, len(articles), _STEP):
        step = articles[start : start + _STEP]
        with database.read() as session:
            entries = [e for e in outbox.entries(session, step) if indexed.get(e.article) != e.stamp]
        for entry in entries:
            batch.put(entry)
        if entries:
            batch.commit()
        for article in step:
            indexed.pop(article, None)
        progress("indexing", start + len(step), len(articles))
    for gone in indexed:
        batch.drop(gone)
    if indexed:
        batch.commit()
    return len(articles)


def _ids(database: Database) -> list[ArticleId]:
    with database.read() as session:
        return list(outbox.article_ids(session))


def _stamps(database: Database, progress: Progress) -> Iterator[tuple[ArticleId, str]]:
    articles = _ids(database)
    for start in range(0, len(articles), _STEP):
        progress("comparing", start, len(articles))
        with database.read() as session:
            yield from (
                (e.article, e.stamp) for e in outbox.entries(session, articles[start : start + _STEP])
            )
