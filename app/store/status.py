"""How many sources and deliveries the database has, and how many deliveries wait or went wrong."""

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from app.domain.status import DeliveryCounts
from app.store.tables import DeliveryRecord, ItemRecord, RejectionRecord, SourceRecord

_OPEN = DeliveryRecord.finished.is_(None)
_FAILED = (
    DeliveryRecord.finished.is_not(None),
    exists().where(RejectionRecord.delivery_id == DeliveryRecord.id),
    ~exists().where(ItemRecord.delivery_id == DeliveryRecord.id),
)


def count_sources(session: Session) -> int:
    """Return how many sources there are."""
    return session.scalar(select(func.count()).select_from(SourceRecord)) or 0


def count_deliveries(session: Session) -> DeliveryCounts:
    """Return how many deliveries there are, and how many of them wait, are not finished, or failed."""
    deliveries = select(func.count()).select_from(DeliveryRecord)
    waiting = deliveries.where(_OPEN, DeliveryRecord.parcel.is_not(None))
    unfinished = deliveries.where(_OPEN, DeliveryRecord.parcel.is_(None))
    return DeliveryCounts(
        total=session.scalar(deliveries) or 0,
        waiting=session.scalar(waiting) or 0,
        unfinished=session.scalar(unfinished) or 0,
        failed=session.scalar(deliveries.where(*_FAILED)) or 0,
    )
