"""Reading captures again after the rules of reading have changed: what they say now replaces what they said then.

Law: each capture is read anew in one transaction. An article whose text comes out the same keeps its id; one that is
left without a sighting goes, and the report says so. The bytes stay as they were received.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from app.domain.article import ArticleId
from app.domain.delivery import FileNote, Report
from app.ingest import succession
from app.ingest.filing import Filing, Prepared
from app.ingest.pieces import Piece, read_pieces
from app.ingest.record import Record
from app.ingest.removal import remove
from app.intake import AS_USUAL, READER_VERSION, Manner, Split
from app.intake.files import Found
from app.progress import Clock, Progress, silent
from app.store import articles, captures, deliveries, outbox, sources
from app.store.database import Database, Session
from app.store.deliveries import StoredReading

# A reading is replaced whole, so its drafts are filed in one transaction however many they are.
_ALL_DRAFTS = 1_000_000

# What stands around a gap could be read as one text.
_GAPS = "It is not read again, since part of it was erased: its articles stay as they are."


def reread(database: Database, *, everything: bool, clock: Clock, progress: Progress = silent) -> Report:
    """Read again every capture that an older reader read (``everything``: every one) and report as for a delivery."""
    with database.write() as session:
        record = Record(
            delivery=deliveries.open_delivery(
                session, started=clock(), source=None, origin=["reread"], split=Split.AUTO.value
            ),
            started=clock(),
            source=None,
            source_name=None,
            manner=AS_USUAL,
            clock=clock,
        )
        outdated = deliveries.readings_before(session, None if everything else READER_VERSION)
    for done, reading in enumerate(outdated):
        progress("reading again", done, len(outdated))
        if reading.has_gaps:
            record.notes.append(FileNote(file=reading.file, note=_GAPS))
            continue
        with database.read() as session:
            content = deliveries.content_of(session, reading.sha256)
        pieces = _read(reading, content)
        with database.write() as session:
            _replace(session, record, reading, pieces)
    with database.write() as session:
        record.settle(session)
        deliveries.close_delivery(session, record.delivery, finished=clock())
    progress("reading again", len(outdated), len(outdated))
    return record.report(clock())


def _read(reading: StoredReading, content: bytes) -> list[Piece]:
    found = Found(place=reading.place, file=reading.file, path=Path(reading.place))
    today = reading.received.date()
    manner = Manner.stored(reading.split, reading.columns)
    return list(
        read_pieces(found, reading.sha256, content, manner=manner, today=today, most_drafts=_ALL_DRAFTS)
    )


def _replace(session: Session, record: Record, reading: StoredReading, pieces: list[Piece]) -> None:
    """Put the new reading in the place of the old one."""
    record.source = reading.source
    record.manner = Manner.stored(reading.split, reading.columns)
    deliveries.reopen_reading(session, reading.id)
    before = articles.sightings_in(session, sha256=reading.sha256, source=reading.source, place=reading.place)
    drafts_read = [draft for piece in pieces for draft in piece.drafts]
    record.erased = captures.find_erased(session, reading.sha256)
    erased = {article for found in record.erased.values() for article in found}
    record.only_erased = bool(erased) and {article for article, _ in before} <= erased
    sources_read = record.sources(session, drafts_read)
    filing = Filing(session, drafts_read, sources=sources_read, now=record.clock())
    first = len(record.items)
    prepared = [pair for piece in pieces for pair in zip(piece.drafts, piece.nth, strict=True)]
    _readdress(session, before, prepared)
    for piece in pieces:
        record.file(session, filing, piece)
    record.write(session, filing.flush())
    kept: set[int] = set()
    filed = [each.article for each in record.items[first:]]
    for article, (each, nth) in zip(filed, prepared, strict=True):
        sighting = before.get((article, nth)) if article else None
        if sighting is not None:
            articles.move_sighting(session, sighting, each.draft)
            kept.add(sighting)
    # Of an erased article nothing is left that could be read: where it was stays known.
    gone = {
        (article, sighting)
        for (article, _), sighting in before.items()
        if sighting not in kept
        and article not in erased
        and not articles.hand_over(session, sighting, article, reading.id)
    }
    drafts = [(article, each.draft) for article, (each, _) in zip(filed, prepared, strict=True)]
    succession.hand_on(session, gone, drafts, now=record.clock())
    articles.remove_sightings(session, [sighting for _, sighting in gone])
    fewer = {article for article, _ in gone}
    again = Filing(session, now=record.clock())
    again.resight(fewer | {article for article in filed if article})
    record.write(session, again.flush())
    sources.settle_source(session, fewer)
    outbox.note(session, fewer)
    orphans = articles.without_sighting(session, fewer)
    remove(session, orphans, now=record.clock())
    record.notes += [_note(reading.file, article) for article in orphans]


def _readdress(
    session: Session, before: Mapping[tuple[ArticleId, int], int], read: Sequence[tuple[Prepared, int]]
) -> None:
    """Give sightings of texts that are read as before the addresses they are read with now, so that these are no other
    sightings."""
    known = articles.find_by_digest(session, {each.digest for each, _ in read})
    for each, nth in read:
        sighting = before.get((known[each.digest].article, nth)) if each.digest in known else None
        if sighting is not None:
            articles.readdress(session, sighting, each.draft.url)


def _note(file: str, article: ArticleId) -> FileNote:
    return FileNote(file=file, note=f"Article {article} is read from it no longer, and stood nowhere else.")
