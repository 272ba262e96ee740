"""Taking in a delivery: every file is read, every draft filed, and everything that became of them reported.

Law: reading, cleaning and fingerprinting happen outside any transaction; a transaction files some hundreds of drafts
and commits. A delivery that is cut off leaves some of its articles and no half ones: run it again, and what was taken
is not taken twice.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from app.collector import give_back
from app.domain.article import DeliveryId, SourceId
from app.domain.delivery import FileNote, Rejection, Report
from app.ingest.filing import Filing
from app.ingest.pieces import Piece, pieces
from app.ingest.record import Record
from app.ingest.regroup import is_worth_settling, settle
from app.ingest.rehearsal import rehearsed
from app.intake import AS_USUAL, Manner
from app.intake.files import Found, Refused, Skipped
from app.intake.unpacking import Limits
from app.progress import Clock, Progress, silent
from app.store import articles, deliveries, sources, uploads
from app.store.database import Database, Session

# A transaction files this many drafts, or those of so many bytes of files, whichever is reached first.
_BATCH_DRAFTS = 400
_BATCH_BYTES = 16 * 1024 * 1024

# So long a worker has a delivery to itself after each transaction; if it dies, another takes that up afterwards.
CLAIM = timedelta(minutes=3)

_NO_DELIVERY = DeliveryId(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be taken in: files with what was met on the way to them, where they were sought, the source they come
    from, how to read them, and how large files may be."""

    found: tuple[Found | Refused | Skipped, ...]
    origin: tuple[str, ...]
    limits: Limits
    source: str | None = None
    manner: Manner = AS_USUAL


def ingest(
    database: Database,
    order: Order,
    *,
    clock: Clock,
    progress: Progress = silent,
    delivery: DeliveryId | None = None,
) -> Report:
    """Take in what ``order`` names and report. Expected trouble with a file is in the report and not raised.

    ``delivery`` is one that was opened before; what it has in its report already is not taken in again.
    """
    with database.write() as session:
        record = (
            _open(session, order, clock) if delivery is None else _resumed(session, order, delivery, clock)
        )
    for batch in _batches(_read(database, order, record, progress)):
        with database.write() as session:
            _file(session, record, batch)
            uploads.tell_progress(
                session,
                record.delivery,
                files=len(order.found),
                files_read=record.files_read,
                claimed_until=clock() + CLAIM,
            )
        give_back()
        progress("texts filed", len(record.items), None)
    with database.write() as session:
        _settle(session, record, progress)
        deliveries.close_delivery(session, record.delivery, finished=clock(), files=len(order.found))
    progress("reading", len(order.found), len(order.found))
    return record.report(clock())


def rehearse(database: Database, order: Order, *, clock: Clock, progress: Progress = silent) -> Report:
    """Report what ``ingest`` would do, and do nothing: all of it happens in one transaction that is rolled back.

    Other writers wait while it files, so all files are read before that, and held in memory. The ids of articles and
    stories that would be new are None; the report names their drafts instead.
    """
    with database.read() as session:
        source = sources.find_source(session, order.source)
    reader = _record(order, clock, delivery=_NO_DELIVERY, source=source)
    batches = list(_batches(_read(database, order, reader, progress)))
    with database.rehearse() as session:
        newest_article, newest_story = articles.newest_ids(session)
        record = _open(session, order, clock)
        record.notes = reader.notes
        for done, batch in enumerate(batches):
            progress("filing", done, len(batches))
            _file(session, record, batch)
        _settle(session, record, progress)
    record.items = rehearsed(record.items, newest_article, newest_story)
    return replace(record.report(clock()), delivery=None)


def _open(session: Session, order: Order, clock: Clock) -> Record:
    source = sources.source_id(session, order.source)
    delivery = deliveries.open_delivery(
        session,
        started=clock(),
        source=source,
        origin=order.origin,
        split=order.manner.split.value,
    )
    return _record(order, clock, delivery=delivery, source=source)


def _resumed(session: Session, order: Order, delivery: DeliveryId, clock: Clock) -> Record:
    record = _record(order, clock, delivery=delivery, source=sources.source_id(session, order.source))
    record.take_up(session)
    return record


def _record(order: Order, clock: Clock, *, delivery: DeliveryId, source: SourceId | None) -> Record:
    return Record(
        delivery=delivery,
        started=clock(),
        source=source,
        source_name=order.source,
        manner=order.manner,
        clock=clock,
    )


def _read(
    database: Database,
    order: Order,
    record: Record,
    progress: Progress,
) -> Iterator[Piece | Refused]:
    """Read the files one after the other, outside any transaction."""

    def is_known(sha256: str, place: str) -> bool:
        with database.read() as session:
            return record.known(session, sha256, place) is not None

    for done, each in enumerate(order.found):
        progress("reading", done, len(order.found))
        record.files_read = done
        match each:
            case Skipped():
                record.note(FileNote(file=each.file, note=each.note))
            case Refused():
                yield each
            case Found():
                taken = pieces(
                    each,
                    limits=order.limits,
                    manner=order.manner,
                    today=record.clock().date(),
                    is_known=is_known,
                    most_drafts=_BATCH_DRAFTS,
                )
                for piece in taken:
                    if isinstance(piece, Skipped):
                        record.note(FileNote(file=piece.file, note=piece.note))
                    else:
                        yield piece


def _batches(read: Iterator[Piece | Refused]) -> Iterator[list[Piece | Refused]]:
    """Gather pieces until a transaction has enough to do."""
    batch: list[Piece | Refused] = []
    drafts = size = 0
    for each in read:
        batch.append(each)
        if isinstance(each, Piece):
            drafts += len(each.drafts)
            size += len(each.content)
        if drafts >= _BATCH_DRAFTS or size >= _BATCH_BYTES:
            yield batch
            batch, drafts, size = [], 0, 0
    if batch:
        yield batch


def _file(session: Session, record: Record, batch: Sequence[Piece | Refused]) -> None:
    """File one batch in one transaction."""
    drafts = [each for piece in batch if isinstance(piece, Piece) for each in piece.drafts]
    filing = Filing(session, drafts, sources=record.sources(session, drafts), now=record.clock())
    for piece in batch:
        if isinstance(piece, Refused):
            record.reject(session, Rejection(file=piece.file, reason=piece.reason))
        else:
            record.file(session, filing, piece)
    record.write(session, filing.flush())


def _settle(session: Session, record: Record, progress: Progress) -> None:
    """Bring all that was filed up to date with what came after it."""
    if is_worth_settling(session, record.delivery, record.brought):
        record.write(session, settle(session, now=record.clock(), progress=progress))
    record.settle(session)
