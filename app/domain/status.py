"""How the archive is: what it holds, what waits in it, and how its index stands to the database."""

from dataclasses import dataclass

from app.domain.views import Totals


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryCounts:
    """How many deliveries there are, and how many of them are not as they should be.

    ``waiting`` came over the web, and wait to be read or are being read; ``unfinished`` came in another way, and run or
    were cut off; ``failed`` ended without one text, because every file of them was rejected.
    """

    total: int
    waiting: int
    unfinished: int
    failed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Footprint:
    """The index in use: the number of its generation, which a rebuild raises, and how many bytes it takes."""

    generation: int
    bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexStanding:
    """How the index stands to the database: ``behind`` counts changes that it has not been told of yet. ``trouble``
    says why it cannot answer; it has no ``footprint`` then."""

    engine: str
    footprint: Footprint | None
    behind: int
    trouble: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """How the archive is; ``outgrown`` says what to do where it holds more than its engine answers fast about."""

    version: str
    database: str
    held: Totals
    sources: int
    deliveries: DeliveryCounts
    index: IndexStanding
    outgrown: str | None
