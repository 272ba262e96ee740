"""The record of a delivery under way: what became of every file and draft, in memory and in the database."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from app.domain.article import ArticleId, DeliveryId, Draft, SourceId, StoryId
from app.domain.decision import Hidden
from app.domain.delivery import DroppedRun, FileNote, ItemReport, Outcome, Rejection, Repeat, Report
from app.ingest.erasure import refuse_text
from app.ingest.filing import Filed, Filing, Prepared
from app.ingest.pieces import Piece
from app.intake import READER_VERSION, Manner, Reading, Unreadable
from app.progress import Clock
from app.store import articles, deliveries, repeats, sources, stories, uploads
from app.store.articles import Known, NewSighting
from app.store.database import Session
from app.store.deliveries import KnownReading
from app.store.story_memory import StoryChanges

_NEW = (Outcome.NEW, Outcome.DUPLICATE)


@dataclass(slots=True, kw_only=True)
class Record:
    """What a delivery has to report so far."""

    delivery: DeliveryId
    started: datetime
    source: SourceId | None
    source_name: str | None
    manner: Manner
    clock: Clock
    items: list[ItemReport] = field(default_factory=list)
    rejected: list[Rejection] = field(default_factory=list)
    dropped: list[DroppedRun] = field(default_factory=list)
    notes: list[FileNote] = field(default_factory=list)
    stories: set[StoryId] = field(
        default_factory=set
    )  # those that began with this delivery and are still there
    files_read: int = 0
    # Of a file that is read again: the articles that were erased in it, by the line on which each began; and whether
    # there was nothing else in it.
    erased: Mapping[int, Collection[ArticleId]] = field(default_factory=dict)
    only_erased: bool = False
    _resumed: bool = False
    _before_cut: dict[tuple[str, int, ArticleId | None], Outcome] = field(default_factory=dict)
    _begun: int | None = None  # the reading of the file whose pieces are coming in
    _written: int = 0
    _remarked: tuple[int, int] = (0, 0)  # how many of dropped and of notes are written
    _named: dict[str, SourceId] = field(default_factory=dict)  # sources that drafts told themselves
    _readings: list[int] = field(default_factory=list)  # beside items: the reading each belongs to

    def take_up(self, session: Session) -> None:
        """Go on with a delivery that was announced, or cut off: what its report has already is not told again."""
        items, notes, cut = uploads.take_up(session, self.delivery)
        self._before_cut = {(each.file, each.first_line, each.article): each.outcome for each in cut}
        self._readings = [reading for reading, _ in items]
        self.items = [each for _, each in items]
        self.notes = list(notes)
        self._written, self._remarked = len(self.items), (0, len(self.notes))
        self.stories = stories.of_no_others(session, _brought([*self.items, *cut]))
        self._resumed = True

    @property
    def brought(self) -> int:
        """How many articles it brought that the archive did not hold."""
        return len(_brought(self.items))

    def note(self, note: FileNote) -> None:
        """Tell something about a file, once."""
        if note not in self.notes:
            self.notes.append(note)

    def report(self, finished: datetime) -> Report:
        """Return the report as it stands; the index has not been asked yet."""
        return Report(
            delivery=self.delivery,
            started=self.started,
            finished=finished,
            source=self.source_name,
            items=tuple(self.items),
            rejected=tuple(self.rejected),
            dropped=tuple(self.dropped),
            notes=tuple(self.notes),
            stories_new=len(self.stories),
            index=None,
        )

    def known(self, session: Session, sha256: str, place: str) -> KnownReading | None:
        """Return how these bytes at this place were read, if they need not be read again.

        What an older reader rejected is read again: the next one may know better. What it took stays as it was read
        until ``newsfold reread``.
        """
        found = deliveries.find_reading(
            session,
            sha256=sha256,
            source=self.source,
            place=place,
            split=self.manner.split.value,
            columns=self.manner.columns_told,
        )
        if found is None or not found.complete:
            return None
        return None if found.reason and found.reader_version != READER_VERSION else found

    def reject(self, session: Session, rejection: Rejection, sha256: str | None = None) -> None:
        """Report a file that gave no article."""
        deliveries.add_rejection(session, self.delivery, rejection, sha256=sha256)
        self.rejected.append(rejection)

    def file(self, session: Session, filing: Filing, piece: Piece) -> None:
        """File the drafts of one piece of a file, or repeat what is known of its bytes."""
        known = self.known(session, piece.sha256, piece.found.place) if self._begun is None else None
        if known is not None:
            # Another process may have finished this file while we read it: its report is repeated once.
            if piece.is_first and not (self._resumed and known.delivery == self.delivery):
                self._repeat(session, known, piece)
            return
        reading = self._begun or self._begin(session, piece)
        self._begun = None if piece.is_last else reading
        match piece.reading:
            case Unreadable(reason=reason) if self.only_erased:
                self._note_erased(piece.found.file, self.erased)
                deliveries.close_reading(session, reading, self.delivery, reason=reason)
            case Unreadable(reason=reason):
                self.reject(session, Rejection(file=piece.found.file, reason=reason), piece.sha256)
                deliveries.close_reading(session, reading, self.delivery, reason=reason)
            case Reading():
                self._file_drafts(session, filing, piece, reading)
                if piece.is_last:
                    self._close(session, piece, piece.reading, reading)
            case None:
                raise AssertionError(
                    "a reading that was complete when the file was looked at is complete now"
                )

    def write(self, session: Session, changes: StoryChanges) -> None:
        """Write the items that came since the last time, as their articles stand now, and count stories."""
        self.stories |= changes.opened
        self.stories -= changes.closed
        fresh = _standing(session, self.items[self._written :])
        self.items[self._written :] = fresh
        deliveries.add_items(
            session, self.delivery, self._readings[self._written :], fresh, first=self._written
        )
        self._written = len(self.items)
        self._write_remarks(session)
        deliveries.count_stories(session, self.delivery, len(self.stories))

    def settle(self, session: Session) -> None:
        """Bring all items up to date with what later ones did to them: a part that came before its whole has become
        a duplicate, and links have been added on both sides."""
        settled = _standing(session, self.items)
        changed = {
            seq: new for seq, (old, new) in enumerate(zip(self.items, settled, strict=True)) if old != new
        }
        deliveries.update_items(session, self.delivery, changed)
        self.items = settled
        self._write_remarks(session)

    def _write_remarks(self, session: Session) -> None:
        dropped, notes = self._remarked
        deliveries.add_remarks(session, self.delivery, self.dropped[dropped:], self.notes[notes:])
        self._remarked = (len(self.dropped), len(self.notes))

    def sources(self, session: Session, drafts: Iterable[Prepared]) -> dict[str, SourceId]:
        """Return, by digest, who published these drafts; those of whom nobody says are left out."""
        told = {each.digest: self.source_of(session, each.draft) for each in drafts}
        return {digest: source for digest, source in told.items() if source is not None}

    def source_of(self, session: Session, draft: Draft) -> SourceId | None:
        """Return who published a draft: as the delivery says, else as the text itself does."""
        if self.source is not None or draft.source is None:
            return self.source
        if draft.source not in self._named:
            named = sources.source_id(session, draft.source, draft.domain)
            assert named is not None  # noqa: S101 - a name has an id
            self._named[draft.source] = named
        return self._named[draft.source]

    def _begin(self, session: Session, piece: Piece) -> int:
        deliveries.keep_capture(session, sha256=piece.sha256, content=piece.content, received=self.clock())
        return deliveries.open_reading(
            session,
            sha256=piece.sha256,
            source=self.source,
            place=piece.found.place,
            file=piece.found.file,
            split=self.manner.split.value,
            columns=self.manner.columns_told,
            delivery=self.delivery,
            reader_version=READER_VERSION,
        )

    def _file_drafts(self, session: Session, filing: Filing, piece: Piece, reading: int) -> None:
        for prepared, nth in zip(piece.drafts, piece.nth, strict=True):
            filed = filing.file(prepared)
            if prepared.draft.status and not filed.is_new:
                articles.set_status(session, filed.article, prepared.draft.status)
            if prepared.draft.version is not None and not filed.is_new:
                articles.set_version(session, filed.article, prepared.draft.version)
            sighted = filed.hidden is not Hidden.ERASED and filing.sight(
                NewSighting(
                    article=filed.article,
                    source=self.source_of(session, prepared.draft),
                    url=prepared.draft.url,
                    name=prepared.draft.name,
                    place=piece.found.place,
                    file=piece.found.file,
                    nth=nth,
                    delivery=self.delivery,
                    received=self.clock(),
                    sha256=piece.sha256,
                    first_line=prepared.draft.first_line,
                    last_line=prepared.draft.last_line,
                    dropped=prepared.draft.dropped,
                    published=prepared.draft.published,
                )
            )
            item = _item(piece.found.file, prepared.draft, filed, sighted)
            if item.outcome is Outcome.UNCHANGED:  # or taken in by this delivery, before it was cut off
                told = self._before_cut.get((item.file, item.first_line, item.article), item.outcome)
                item = replace(item, outcome=told)
            self.items.append(item)
            self._readings.append(reading)
            if filed.hidden is Hidden.ERASED:
                self._refuse(session, piece, prepared.draft, filed)

    def _refuse(self, session: Session, piece: Piece, draft: Draft, filed: Filed) -> None:
        """Keep a text that was erased out of the capture it comes in again with, and say so."""
        refuse_text(session, piece.sha256, piece.content, draft)
        lines = f"Lines {draft.first_line}–{draft.last_line} are not taken in."
        reason = f"{lines} {articles.missing(session, filed.article)}"
        self.reject(session, Rejection(file=piece.found.file, reason=reason), piece.sha256)

    def _close(self, session: Session, piece: Piece, read: Reading, reading: int) -> None:
        runs = dropped_runs(piece.found.file, read.drafts)
        encoding = () if read.encoding == "UTF-8" else (f"It was read as {read.encoding}.",)
        notes = [FileNote(file=piece.found.file, note=note) for note in (*encoding, *read.notices)]
        self.dropped += runs
        self.notes += notes
        blank = {each.first_line for each in read.refused if each.blank} & self.erased.keys()
        self._note_erased(piece.found.file, blank)
        for each in read.refused:
            if each.blank and each.first_line in blank:
                continue
            lines = f"Lines {each.first_line}–{each.last_line}: {each.reason}"
            self.reject(session, Rejection(file=piece.found.file, reason=lines), piece.sha256)
        deliveries.close_reading(session, reading, self.delivery)

    def _note_erased(self, file: str, lines: Iterable[int]) -> None:
        for article in sorted({article for line in lines for article in self.erased[line]}):
            self.note(FileNote(file=file, note=f"Article {article} was erased; its record is blank."))

    def _repeat(self, session: Session, known: KnownReading, piece: Piece) -> None:
        """Report bytes that are known at this place without reading them again."""
        if known.reason:
            self.reject(session, Rejection(file=piece.found.file, reason=known.reason), piece.sha256)
        for each in deliveries.items_of_reading(session, known.id):
            self.items.append(replace(each, file=piece.found.file, outcome=Outcome.UNCHANGED))
            self._readings.append(known.id)


def _brought(items: Iterable[ItemReport]) -> set[ArticleId]:
    """Return the articles that were new."""
    return {each.article for each in items if each.article and each.outcome in _NEW}


def _item(file: str, draft: Draft, filed: Filed, sighted: bool) -> ItemReport:
    if filed.hidden:
        outcome = Outcome.WITHDRAWN
    elif filed.is_new:
        outcome = Outcome.DUPLICATE if filed.duplicate_of else Outcome.NEW
    else:
        outcome = Outcome.SEEN if sighted else Outcome.UNCHANGED
    return ItemReport(
        file=file,
        first_line=draft.first_line,
        last_line=draft.last_line,
        outcome=outcome,
        article=filed.article,
        duplicate_of=filed.duplicate_of,
        repeats=(),
        story=filed.story,
    )


def _standing(session: Session, items: Sequence[ItemReport]) -> list[ItemReport]:
    """Return the items as their articles stand now: originals, links and stories may have changed since."""
    stand = articles.find_known(session, {each.article for each in items if each.article})
    links = repeats.find_links_of(session, set(stand))
    return [
        _as_it_stands(each, stand[each.article], links[each.article]) if each.article in stand else each
        for each in items
    ]


def _as_it_stands(each: ItemReport, known: Known, links: Sequence[Repeat]) -> ItemReport:
    outcome = Outcome.WITHDRAWN if known.hidden else each.outcome
    if outcome in (Outcome.NEW, Outcome.DUPLICATE):
        outcome = Outcome.DUPLICATE if known.duplicate_of else Outcome.NEW
    return replace(
        each, outcome=outcome, duplicate_of=known.duplicate_of, repeats=tuple(links), story=known.story
    )


def dropped_runs(file: str, drafts: Iterable[Draft]) -> list[DroppedRun]:
    """Return the lines left out of a file, neighbouring ones that fell to the same rule as one run."""
    runs: list[DroppedRun] = []
    for line in sorted((line for draft in drafts for line in draft.dropped), key=lambda line: line.line):
        last = runs[-1] if runs else None
        if last and last.reason == line.rule and last.last_line == line.line - 1:
            runs[-1] = replace(last, last_line=line.line)
        else:
            runs.append(DroppedRun(file=file, first_line=line.line, last_line=line.line, reason=line.rule))
    return runs
