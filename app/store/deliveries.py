"""Deliveries, captures and readings in the database: what came in, how it was read, what became of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from app.domain.article import ArticleId, DeliveryId, RepeatKind, SourceId, StoryId
from app.domain.delivery import (
    DroppedRun,
    FileNote,
    ItemReport,
    Outcome,
    Rejection,
    Repeat,
    Report,
)
from app.domain.views import DeliveryRow, Listing
from app.errors import NotFoundError
from app.store.database import inserting
from app.store.tables import (
    CaptureRecord,
    DeliveryRecord,
    ItemRecord,
    ReadingRecord,
    RejectionRecord,
    RemarkRecord,
    SourceRecord,
)


def open_delivery(
    session: Session, *, started: datetime, source: SourceId | None, origin: Sequence[str], split: str
) -> DeliveryId:
    """Add a delivery that begins now; it stays unfinished until ``close_delivery``."""
    record = DeliveryRecord(
        started=started, source_id=source, origin=list(origin), split=split, stories_new=0
    )
    session.add(record)
    session.flush()
    return DeliveryId(record.id)


def close_delivery(
    session: Session, delivery: DeliveryId, *, finished: datetime, files: int | None = None
) -> None:
    """Mark a delivery as finished; all of its ``files`` were read."""
    session.execute(
        update(DeliveryRecord)
        .where(DeliveryRecord.id == delivery)
        .values(finished=finished, files=files, files_read=files)
    )


def follows_unfinished(session: Session, delivery: DeliveryId) -> bool:
    """Return whether the delivery before one is not finished: it was cut off, or is under way."""
    before = session.execute(
        select(DeliveryRecord.finished)
        .where(DeliveryRecord.id < delivery)
        .order_by(DeliveryRecord.id.desc())
        .limit(1)
    ).first()
    return before is not None and before.finished is None


def count_stories(session: Session, delivery: DeliveryId, stories_new: int) -> None:
    """Write how many stories have begun with this delivery so far."""
    session.execute(
        update(DeliveryRecord).where(DeliveryRecord.id == delivery).values(stories_new=stories_new)
    )


def keep_capture(session: Session, *, sha256: str, content: bytes, received: datetime) -> None:
    """Keep these bytes unless the archive holds them already."""
    session.execute(
        inserting(session, CaptureRecord)
        .values(sha256=sha256, size=len(content), content=content, received=received)
        .on_conflict_do_nothing()
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownReading:
    """How a capture at a place was read before. ``reason`` is set where it was rejected."""

    id: int
    complete: bool
    reason: str | None
    reader_version: int
    delivery: DeliveryId


def find_reading(
    session: Session, *, sha256: str, source: SourceId | None, place: str, split: str, columns: str
) -> KnownReading | None:
    """Return how these bytes at this place were read before, complete or not."""
    record = session.scalar(
        select(ReadingRecord).where(
            ReadingRecord.sha256 == sha256,
            ReadingRecord.place == place,
            ReadingRecord.split == split,
            ReadingRecord.columns == columns,
            func.coalesce(ReadingRecord.source_id, 0) == (source or 0),
        )
    )
    if record is None:
        return None
    return KnownReading(
        id=record.id,
        complete=record.complete,
        reason=record.reason,
        reader_version=record.reader_version,
        delivery=DeliveryId(record.delivery_id),
    )


def open_reading(
    session: Session,
    *,
    sha256: str,
    source: SourceId | None,
    place: str,
    file: str,
    split: str,
    columns: str,
    delivery: DeliveryId,
    reader_version: int,
) -> int:
    """Begin to read a capture at a place, taking up a reading that was cut off or is out of date; return its id."""
    known = find_reading(session, sha256=sha256, source=source, place=place, split=split, columns=columns)
    record = session.get(ReadingRecord, known.id) if known else None
    if record is None:
        record = ReadingRecord(sha256=sha256, source_id=source, place=place, split=split, columns=columns)
        session.add(record)
    record.file = file
    record.delivery_id = delivery
    record.reader_version = reader_version
    record.complete = False
    record.reason = None
    session.flush()
    return record.id


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredReading:
    """A reading that is to be made again; ``received`` is when its capture came in, ``has_gaps`` whether lines of it
    were erased."""

    id: int
    sha256: str
    source: SourceId | None
    place: str
    file: str
    split: str
    columns: str
    received: datetime
    has_gaps: bool


def readings_before(session: Session, version: int | None) -> list[StoredReading]:
    """Return the readings made by a reader older than ``version`` (None: all), in the order they were made."""
    query = select(ReadingRecord, CaptureRecord.received, CaptureRecord.erased).join(
        CaptureRecord, CaptureRecord.sha256 == ReadingRecord.sha256
    )
    if version is not None:
        query = query.where(ReadingRecord.reader_version < version)
    return [
        StoredReading(
            id=record.id,
            sha256=record.sha256,
            source=SourceId(record.source_id) if record.source_id else None,
            place=record.place,
            file=record.file,
            split=record.split,
            columns=record.columns,
            received=received,
            has_gaps=bool(erased),
        )
        for record, received, erased in session.execute(query.order_by(ReadingRecord.id))
    ]


def manners_of(session: Session, sha256: str) -> list[tuple[str, str, date]]:
    """Return how a capture was read (how it was split, its columns), with the day it came in, once each."""
    rows = session.execute(
        select(ReadingRecord.split, ReadingRecord.columns, CaptureRecord.received)
        .join(CaptureRecord, CaptureRecord.sha256 == ReadingRecord.sha256)
        .where(ReadingRecord.sha256 == sha256)
    )
    return sorted({(split, columns, received.date()) for split, columns, received in rows})


def content_of(session: Session, sha256: str) -> bytes:
    """Return the bytes of a capture."""
    return session.scalars(select(CaptureRecord.content).where(CaptureRecord.sha256 == sha256)).one()


def reopen_reading(session: Session, reading: int) -> None:
    """Mark a reading as not complete, so that its capture is read again."""
    session.execute(update(ReadingRecord).where(ReadingRecord.id == reading).values(complete=False))


def close_reading(session: Session, reading: int, delivery: DeliveryId, *, reason: str | None = None) -> None:
    """Mark a reading as complete: all its articles are in, or ``reason`` says why there are none."""
    session.execute(
        update(ReadingRecord)
        .where(ReadingRecord.id == reading)
        .values(complete=True, delivery_id=delivery, reason=reason)
    )


def add_rejection(
    session: Session, delivery: DeliveryId, rejection: Rejection, *, sha256: str | None = None
) -> None:
    """Write down that a file of a delivery gave no article."""
    session.add(
        RejectionRecord(delivery_id=delivery, file=rejection.file, reason=rejection.reason, sha256=sha256)
    )


def articles_in(session: Session, delivery: DeliveryId) -> frozenset[ArticleId]:
    """Return the articles that a delivery brought, those that were known among them."""
    found = session.scalars(select(ItemRecord.article_id).where(ItemRecord.delivery_id == delivery))
    return frozenset(map(ArticleId, found))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """A file that was rejected for its content, which is kept."""

    reading: int
    sha256: str
    place: str
    file: str
    split: str
    columns: str


def rejected_by(session: Session, delivery: DeliveryId) -> list[Rejected]:
    """Return the files that a delivery rejected whole and whose bytes are kept, each as that delivery read it, else as
    it was read last."""
    rows = session.execute(
        select(ReadingRecord)
        .join(RejectionRecord, RejectionRecord.sha256 == ReadingRecord.sha256)
        .where(
            RejectionRecord.delivery_id == delivery,
            RejectionRecord.file == ReadingRecord.file,
            ReadingRecord.reason.is_not(None),
        )
        .order_by(ReadingRecord.delivery_id == delivery, ReadingRecord.id)
    )
    last = {(record.sha256, record.file): record for record in rows.scalars()}
    return [
        Rejected(
            reading=record.id,
            sha256=record.sha256,
            place=record.place,
            file=record.file,
            split=record.split,
            columns=record.columns,
        )
        for record in sorted(last.values(), key=lambda record: record.id)
    ]


def add_items(
    session: Session,
    delivery: DeliveryId,
    readings: Sequence[int],
    items: Sequence[ItemReport],
    *,
    first: int,
) -> None:
    """Write down what became of some drafts, numbered from ``first``; ``readings`` says which reading each is of."""
    rows = [
        {"seq": first + nth, "reading_id": reading, "delivery_id": delivery, **_columns(each)}
        for nth, (reading, each) in enumerate(zip(readings, items, strict=True))
    ]
    if rows:
        session.execute(insert(ItemRecord), rows)


def update_items(session: Session, delivery: DeliveryId, changed: Mapping[int, ItemReport]) -> None:
    """Write down anew what became of the drafts of these numbers."""
    if changed:
        session.execute(
            update(ItemRecord),
            [{"seq": seq, "delivery_id": delivery, **_columns(each)} for seq, each in changed.items()],
        )


def _columns(each: ItemReport) -> dict[str, object]:
    return {
        "file": each.file,
        "first_line": each.first_line,
        "last_line": each.last_line,
        "outcome": each.outcome.value,
        "article_id": each.article,
        "duplicate_of": each.duplicate_of,
        "repeats": [
            {
                "article": link.article,
                "kind": link.kind.value,
                "jaccard": link.jaccard,
                "containment": link.containment,
            }
            for link in each.repeats
        ],
        "story_id": each.story,
    }


def items_of_reading(session: Session, reading: int) -> list[ItemReport]:
    """Return what became of the drafts of a reading when it was made, in order."""
    records = session.scalars(
        select(ItemRecord)
        .join(ReadingRecord, ReadingRecord.id == ItemRecord.reading_id)
        .where(ItemRecord.reading_id == reading, ItemRecord.delivery_id == ReadingRecord.delivery_id)
        .order_by(ItemRecord.seq)
    )
    return [item_of(record) for record in records]


def find_report(session: Session, delivery: DeliveryId) -> Report:
    """Return the report of a delivery as it was given then; raise ``NotFoundError`` when there is none."""
    record = session.get(DeliveryRecord, delivery)
    if record is None:
        raise NotFoundError("delivery", delivery)
    source = session.get(SourceRecord, record.source_id) if record.source_id else None
    items = session.scalars(
        select(ItemRecord).where(ItemRecord.delivery_id == delivery).order_by(ItemRecord.seq)
    )
    rejections = session.scalars(
        select(RejectionRecord).where(RejectionRecord.delivery_id == delivery).order_by(RejectionRecord.id)
    )
    remarks = session.scalars(
        select(RemarkRecord).where(RemarkRecord.delivery_id == delivery).order_by(RemarkRecord.id)
    ).all()
    return Report(
        delivery=delivery,
        started=record.started,
        finished=record.finished,
        source=source.name if source else None,
        items=tuple(item_of(each) for each in items),
        rejected=tuple(Rejection(file=each.file, reason=each.reason) for each in rejections),
        dropped=tuple(
            DroppedRun(file=each.file, first_line=each.first_line, last_line=each.last_line, reason=each.text)
            for each in remarks
            if each.first_line is not None and each.last_line is not None
        ),
        notes=tuple(FileNote(file=each.file, note=each.text) for each in remarks if each.first_line is None),
        stories_new=record.stories_new,
        index=None,
        files=record.files,
        files_read=record.files_read,
    )


def add_remarks(
    session: Session, delivery: DeliveryId, dropped: Sequence[DroppedRun], notes: Sequence[FileNote]
) -> None:
    """Write down lines that were left out, and what is to be known about how files were read."""
    rows: list[dict[str, object]] = [
        {
            "delivery_id": delivery,
            "file": run.file,
            "first_line": run.first_line,
            "last_line": run.last_line,
            "text": run.reason,
        }
        for run in dropped
    ]
    rows += [
        {"delivery_id": delivery, "file": note.file, "first_line": None, "last_line": None, "text": note.note}
        for note in notes
    ]
    if rows:
        session.execute(insert(RemarkRecord), rows)


def list_deliveries(session: Session, *, page: int, page_size: int) -> Listing[DeliveryRow]:
    """Return one page of the deliveries, newest first."""
    total = session.scalar(select(func.count()).select_from(DeliveryRecord)) or 0
    records = session.execute(
        select(DeliveryRecord, SourceRecord.name)
        .outerjoin(SourceRecord, SourceRecord.id == DeliveryRecord.source_id)
        .order_by(DeliveryRecord.id.desc())
        .limit(page_size)
        .offset((page - 1) * page_size)
    ).all()
    ids = [record.id for record, _ in records]
    counts = _counts(session, ids)
    rejected = dict(
        session.execute(
            select(RejectionRecord.delivery_id, func.count())
            .where(RejectionRecord.delivery_id.in_(ids))
            .group_by(RejectionRecord.delivery_id)
        ).all()
    )
    return Listing(
        total=total,
        page=page,
        page_size=page_size,
        rows=tuple(
            _row(record, source, counts.get(record.id, {}), rejected.get(record.id, 0))
            for record, source in records
        ),
    )


def _counts(session: Session, deliveries: Sequence[int]) -> dict[int, dict[str, int]]:
    """Return how many items of each outcome the deliveries had."""
    counts: dict[int, dict[str, int]] = {}
    rows = session.execute(
        select(ItemRecord.delivery_id, ItemRecord.outcome, func.count())
        .where(ItemRecord.delivery_id.in_(deliveries))
        .group_by(ItemRecord.delivery_id, ItemRecord.outcome)
    )
    for delivery, outcome, count in rows:
        counts.setdefault(delivery, {})[outcome] = count
    return counts


def _row(record: DeliveryRecord, source: str | None, counts: dict[str, int], rejected: int) -> DeliveryRow:
    new = counts.get(Outcome.NEW, 0)
    duplicates = counts.get(Outcome.DUPLICATE, 0)
    return DeliveryRow(
        id=DeliveryId(record.id),
        started=record.started,
        finished=record.finished,
        source=source,
        drafts=sum(counts.values()),
        articles_new=new + duplicates,
        sightings_new=new + duplicates + counts.get(Outcome.SEEN, 0),
        duplicates=duplicates,
        rejected=rejected,
    )


def item_of(record: ItemRecord) -> ItemReport:
    """Return what became of a draft, as it is stored."""
    return ItemReport(
        file=record.file,
        first_line=record.first_line,
        last_line=record.last_line,
        outcome=Outcome(record.outcome),
        article=ArticleId(record.article_id),
        duplicate_of=ArticleId(record.duplicate_of) if record.duplicate_of else None,
        repeats=tuple(
            Repeat(
                article=ArticleId(link["article"]),
                kind=RepeatKind(link["kind"]),
                jaccard=link["jaccard"],
                containment=link["containment"],
            )
            for link in record.repeats
        ),
        story=StoryId(record.story_id) if record.story_id else None,
    )
