"""Deliveries that came over the web, in the database: announced, claimed by a worker, taken up again after a cut."""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.domain.article import DeliveryId
from app.domain.delivery import FileNote, ItemReport
from app.store.deliveries import item_of
from app.store.tables import DeliveryRecord, ItemRecord, ReadingRecord, RejectionRecord, RemarkRecord

_WAITING = (DeliveryRecord.finished.is_(None), DeliveryRecord.parcel.is_not(None))


def announce(
    session: Session, delivery: DeliveryId, *, parcel: str, key: str | None, digest: str, files: int
) -> None:
    """Say of a new delivery that its files wait in a parcel."""
    session.execute(
        update(DeliveryRecord)
        .where(DeliveryRecord.id == delivery)
        .values(parcel=parcel, idempotency_key=key, content_digest=digest, files=files, files_read=0)
    )


def find_by_key(session: Session, key: str) -> tuple[DeliveryId, str | None] | None:
    """Return the delivery that was sent under a key, and the digest of what was sent."""
    row = session.execute(
        select(DeliveryRecord.id, DeliveryRecord.content_digest).where(DeliveryRecord.idempotency_key == key)
    ).one_or_none()
    return (DeliveryId(row.id), row.content_digest) if row else None


def find_by_parcel(session: Session, parcel: str) -> DeliveryId | None:
    """Return the delivery that was opened for a parcel."""
    found = session.scalar(select(DeliveryRecord.id).where(DeliveryRecord.parcel == parcel))
    return None if found is None else DeliveryId(found)


def claim(
    session: Session, *, now: datetime, until: datetime, holds: Callable[[str], bool]
) -> tuple[DeliveryId, str] | None:
    """Claim the oldest delivery that waits, that nobody works on and whose parcel is here; return both."""
    rows = session.execute(
        select(DeliveryRecord.id, DeliveryRecord.parcel, DeliveryRecord.claimed_until)
        .where(*_WAITING)
        .order_by(DeliveryRecord.id)
    )
    for id_, parcel, claimed in rows.all():
        if parcel is not None and (claimed is None or claimed < now) and holds(parcel):
            session.execute(
                update(DeliveryRecord).where(DeliveryRecord.id == id_).values(claimed_until=until)
            )
            return DeliveryId(id_), parcel
    return None


def release(session: Session, delivery: DeliveryId) -> None:
    """Give up the claim on a delivery, so that it is taken up at once."""
    session.execute(update(DeliveryRecord).where(DeliveryRecord.id == delivery).values(claimed_until=None))


def tell_progress(
    session: Session, delivery: DeliveryId, *, files: int, files_read: int, claimed_until: datetime
) -> None:
    """Write how far a delivery is, and keep the claim on it."""
    session.execute(
        update(DeliveryRecord)
        .where(DeliveryRecord.id == delivery)
        .values(files=files, files_read=files_read, claimed_until=claimed_until)
    )


def waiting(session: Session) -> frozenset[str]:
    """Return the parcels that deliveries wait for."""
    parcels = session.scalars(select(DeliveryRecord.parcel).where(*_WAITING))
    return frozenset(parcel for parcel in parcels if parcel)


def take_up(
    session: Session, delivery: DeliveryId
) -> tuple[Sequence[tuple[int, ItemReport]], Sequence[FileNote], Sequence[ItemReport]]:
    """Return what a delivery that was cut off has in its report, with the reading of each item, and the notes about its
    files; and what it told of files that were not read to their end, which is taken out and to be told again."""
    cut = select(ReadingRecord.id).where(~ReadingRecord.complete)
    of_cut = (ItemRecord.delivery_id == delivery, ItemRecord.reading_id.in_(cut))
    taken_out = [item_of(record) for record in session.scalars(select(ItemRecord).where(*of_cut))]
    session.execute(delete(ItemRecord).where(*of_cut))
    session.execute(
        delete(RejectionRecord).where(
            RejectionRecord.delivery_id == delivery, RejectionRecord.sha256.is_(None)
        )
    )
    items = session.scalars(
        select(ItemRecord).where(ItemRecord.delivery_id == delivery).order_by(ItemRecord.seq)
    )
    notes = session.execute(
        select(RemarkRecord.file, RemarkRecord.text).where(
            RemarkRecord.delivery_id == delivery, RemarkRecord.first_line.is_(None)
        )
    )
    return (
        [(record.reading_id, item_of(record)) for record in items],
        [FileNote(file=file, note=note) for file, note in notes],
        taken_out,
    )
