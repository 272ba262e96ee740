"""The number by which an archive and its index know that they belong together."""

import secrets

from sqlalchemy import select

from app.store.database import Database
from app.store.tables import IdentityRecord


def identify(database: Database) -> int:
    """Return the archive's number, a random one of 63 bits; it is drawn when the archive is first opened."""
    with database.read() as session:
        number = session.scalar(select(IdentityRecord.number))
    if number is None:
        with database.write() as session:
            number = session.scalar(select(IdentityRecord.number))
            if number is None:
                number = secrets.randbits(63)
                session.add(IdentityRecord(number=number))
    return number
