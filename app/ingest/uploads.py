"""Deliveries that come over the web: announced with what was sent, read in the background, one after the other.

Law: what is announced is read in the end, also after a crash: a worker claims a delivery for some minutes at a time,
and one that nobody has a claim on is taken up where it stopped.
"""

from collections.abc import Callable
from functools import partial

from app.domain.article import DeliveryId
from app.domain.delivery import Rejection
from app.errors import ConflictError
from app.ingest import deliver
from app.ingest.deliver import CLAIM, Order
from app.ingest.parcels import Parcel, Parcels
from app.intake import Manner
from app.intake.unpacking import Limits
from app.progress import Clock, StoppedError
from app.store import deliveries, sources, uploads
from app.store.database import Database

_FAILED = "Taking it in failed, and was given up; the log says why. What is listed here was taken. Send the rest again."


def announce(database: Database, parcels: Parcels, name: str, *, key: str | None, clock: Clock) -> DeliveryId:
    """Open a delivery for a parcel that is whole. One that was sent under the same ``key`` before is the same delivery,
    and so is a parcel that was announced before; raises ``ConflictError`` where something else was sent."""
    with database.read() as session:
        announced = uploads.find_by_parcel(session, name)
    if announced is not None:
        return announced
    parcel = parcels.open(name)
    with database.write() as session:
        announced = uploads.find_by_parcel(session, name)
        if announced is not None:
            return announced
        known = uploads.find_by_key(session, key) if key else None
        if known is None:
            delivery = deliveries.open_delivery(
                session,
                started=clock(),
                source=sources.source_id(session, parcel.source),
                origin=[each.file for each in parcel.files],
                split=parcel.manner.split.value,
            )
            uploads.announce(
                session, delivery, parcel=name, key=key, digest=parcel.digest, files=len(parcel.files)
            )
            return delivery
    parcels.remove(name)
    if known[1] != parcel.digest:
        raise ConflictError(
            f"Something else was sent under the Idempotency-Key {key!r}, as delivery {known[0]}. Choose another key."
        )
    return known[0]


def retry(database: Database, parcels: Parcels, delivery: DeliveryId, *, clock: Clock) -> DeliveryId:
    """Open a delivery of the files that another one rejected and whose bytes are kept, to be read anew. Raises
    ``NotFoundError``, and ``ConflictError`` where there are none."""
    with database.read() as session:
        report = deliveries.find_report(session, delivery)
        rejected = deliveries.rejected_by(session, delivery)
        if not rejected:
            raise ConflictError(
                f"Delivery {delivery} rejected no file whose bytes are kept. What was too large or could not be had is "
                "to be sent again."
            )
        name, packing = parcels.pack()
        for each in rejected:
            with packing.add(each.file, place=each.place) as stream:
                stream.write(deliveries.content_of(session, each.sha256))
    packing.seal(source=report.source, manner=Manner.stored(rejected[0].split, rejected[0].columns))
    with database.write() as session:
        for each in rejected:
            deliveries.reopen_reading(session, each.reading)
    return announce(database, parcels, name, key=None, clock=clock)


def take_next(
    database: Database,
    parcels: Parcels,
    *,
    limits: Limits,
    clock: Clock,
    stopping: Callable[[], bool],
) -> bool:
    """Take in the next delivery that waits; return whether there was one that was finished. As soon as ``stopping``
    says so it is left, to be taken up again. What goes wrong unexpectedly is raised after the delivery has been closed,
    so that others have their turn."""
    with database.read() as session:
        waiting = uploads.waiting(session)
    parcels.forget(waiting)
    if not waiting:
        return False
    with database.write() as session:
        claimed = uploads.claim(session, now=clock(), until=clock() + CLAIM, holds=parcels.holds)
    if claimed is None:
        return False
    delivery, name = claimed
    parcel = parcels.open(name)
    try:
        order = _order(parcel, limits)
        deliver.ingest(database, order, clock=clock, progress=partial(_go_on, stopping), delivery=delivery)
    except StoppedError:
        with database.write() as session:
            uploads.release(session, delivery)
        return False
    except Exception:
        _give_up(database, delivery, clock)
        raise
    parcels.remove(name)
    return True


def _go_on(stopping: Callable[[], bool], *_: object) -> None:
    if stopping():
        raise StoppedError


def _order(parcel: Parcel, limits: Limits) -> Order:
    return Order(
        found=parcel.files,
        origin=tuple(each.file for each in parcel.files),
        source=parcel.source,
        manner=parcel.manner,
        limits=limits,
    )


def _give_up(database: Database, delivery: DeliveryId, clock: Clock) -> None:
    with database.write() as session:
        deliveries.add_rejection(session, delivery, Rejection(file="(the delivery)", reason=_FAILED))
        deliveries.close_delivery(session, delivery, finished=clock())
