"""Learning what is furniture, and leaving it out of what is compared and searched: a job, safe to repeat and to break
off.

Law: what was learnt is written first, a source in a transaction; then articles follow, some in a transaction, each with
its links, its story and its index entry. A run that was broken off is finished by the next one.
"""

from collections.abc import Iterator, Sequence
from functools import partial

from app.domain.article import ArticleId, SourceId
from app.domain.furniture import FurnitureReport, Learnt, find_furniture, keys_of
from app.ingest.filing import Filing
from app.progress import Clock, Progress
from app.store import furniture
from app.store.batches import in_steps
from app.store.database import Database, Session
from app.store.furniture import Mask

_STEP = 200


def learn_furniture(database: Database, *, clock: Clock, progress: Progress) -> FurnitureReport:
    """Learn what is furniture of each source now, and make every article follow."""
    learnt = []
    for source, found in _learn(database, progress):
        learnt.append(found)
        with database.write() as session:
            furniture.set_furniture(session, source, found.furniture)
    with database.read() as session:
        concerned = furniture.may_change(session)
    changed = 0
    for done, step in enumerate(in_steps(concerned, _STEP)):
        progress("leaving furniture out", done * _STEP, len(concerned))
        with database.write() as session:
            masks = _changed_masks(session, step)
            if masks:
                filing = Filing(session, now=clock())
                filing.remask(masks)
                filing.flush()
        changed += len(masks)
    progress("leaving furniture out", len(concerned), len(concerned))
    return _report(learnt, changed)


def rehearse_furniture(database: Database, *, progress: Progress) -> FurnitureReport:
    """Report what ``learn_furniture`` would do, and do nothing."""
    learnt = list(_learn(database, progress))
    with database.rehearse() as session:
        for source, found in learnt:
            furniture.set_furniture(session, source, found.furniture)
        changed = sum(
            len(_changed_masks(session, step)) for step in in_steps(furniture.may_change(session), _STEP)
        )
    return _report([found for _, found in learnt], changed)


def _learn(database: Database, progress: Progress) -> Iterator[tuple[SourceId, Learnt]]:
    """Yield what is furniture of each source, read in one view of the database a source."""
    with database.read() as session:
        sources = furniture.list_sources(session)
    for done, (source, name) in enumerate(sources):
        progress("learning furniture", done, len(sources))
        with database.read() as session:
            found = find_furniture(partial(furniture.texts_of, session, source))
        yield source, Learnt(source=name, furniture=tuple(found))
    progress("learning furniture", len(sources), len(sources))


def _changed_masks(session: Session, step: Sequence[ArticleId]) -> dict[ArticleId, Mask]:
    """Return the masks that articles ought to have, for those that have another."""
    carriers = furniture.carriers_in_sight(session, step)
    known = {sources: furniture.lines_of(session, sources) for sources in set(carriers.values())}
    changed = {}
    for article, body_text, mask in furniture.texts_with_masks(session, step):
        wanted = frozenset(keys_of(body_text).keys() & known[carriers[article]].keys())
        if wanted != mask:
            changed[article] = wanted
    return changed


def _report(learnt: list[Learnt], changed: int) -> FurnitureReport:
    return FurnitureReport(sources=tuple(each for each in learnt if each.furniture), articles_changed=changed)
