"""The archive: one database, one engine, and everything a user can do with them. The only wiring there is."""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType
from typing import IO, Self

from app import browse, compare, indexing, search, suggest
from app.config import Settings
from app.curate.decide import decide, find, log, undo
from app.domain.article import ArticleId, DeliveryId, StoryId
from app.domain.attention import Attention, Span
from app.domain.decision import Ask, Decision, Reason
from app.domain.delivery import IndexState, Report
from app.domain.facets import Chosen
from app.domain.furniture import FurnitureReport
from app.domain.query import Facet, Fold, Results, Sort, Suggestion
from app.domain.status import Status
from app.domain.views import (
    ArticleView,
    CaptureView,
    ComparisonView,
    DeliveryRow,
    DoubtfulView,
    Listing,
    SourceRow,
    StoryRow,
    StoryView,
    SyndicationView,
    Totals,
)
from app.engines.choice import Choice
from app.engines.port import Engine
from app.engines.whoosh import WhooshEngine
from app.errors import SettingsError
from app.fetch import Fetcher
from app.indexing import Agreement
from app.ingest import deliver, uploads
from app.ingest.deliver import Order
from app.ingest.furniture import learn_furniture, rehearse_furniture
from app.ingest.gathering import gathered
from app.ingest.parcels import Parcels
from app.ingest.preview import look, preview
from app.ingest.regroup import Regrouped, regroup
from app.ingest.reread import reread
from app.intake import AS_USUAL, Manner, Reading, Split, Unreadable
from app.intake.files import Found, Refused, printable, walk
from app.intake.unpacking import Limits
from app.progress import Clock, Progress, silent
from app.store.database import Database
from app.store.identity import identify
from app.subscribe import Subscriptions

_MOST_LOOKED = 50  # files of a parcel that are read before somebody decides about it


class Archive:
    """An open archive. Safe to use from several threads; ``close`` gives everything back."""

    def __init__(
        self, settings: Settings, database: Database, index: Choice, fetcher: Fetcher, clock: Clock
    ) -> None:
        """Wire what is open already; ``open_archive`` opens it."""
        self.settings = settings
        self._database = database
        self._index = index
        self._clock = clock
        self.parcels = Parcels(settings.home / "parcels")
        self._limits = Limits(file=settings.max_file_bytes, unpacked=settings.max_unpacked_bytes)
        self.fetcher = fetcher
        self.subscriptions = Subscriptions(database, fetcher, self.parcels, limits=self._limits, clock=clock)

    @property
    def _engine(self) -> Engine:
        return self._index.engine

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give back database and index."""
        self._index.close()
        self._database.close()

    def search(
        self,
        text: str,
        *,
        fold: Fold = Fold.STORY,
        sort: Sort = Sort.BEST,
        page: int = 1,
        page_size: int = 20,
        published_from: date | None = None,
        published_to: date | None = None,
        chosen: Chosen = MappingProxyType({}),
        facets: Collection[Facet] = (),
        explain: bool = False,
        cursor: str | None = None,
    ) -> Results:
        """Answer a question; see ``search.answer``."""
        return self._index.ask(
            lambda engine: search.answer(
                self._database,
                engine,
                text,
                fold=fold,
                sort=sort,
                page=page,
                page_size=page_size,
                published_from=published_from,
                published_to=published_to,
                chosen=chosen,
                facets=facets,
                explain=explain,
                cursor=cursor,
                today=self._clock().date(),
                max_chars=self.settings.max_query_chars,
            )
        )

    def attention(
        self,
        text: str,
        *,
        by: Span,
        published_from: date | None = None,
        published_to: date | None = None,
        chosen: Chosen = MappingProxyType({}),
    ) -> Attention:
        """Count what matches over time; see ``search.attention``."""
        return self._index.ask(
            lambda engine: search.attention(
                self._database,
                engine,
                text,
                by=by,
                published_from=published_from,
                published_to=published_to,
                chosen=chosen,
                today=self._clock().date(),
                max_chars=self.settings.max_query_chars,
            )
        )

    def suggestions(self, typed: str) -> tuple[Suggestion, ...]:
        """Return what a question that is being typed may become; see ``suggest.suggestions``."""
        return self._index.ask(
            lambda engine: suggest.suggestions(
                self._database,
                engine,
                typed,
                today=self._clock().date(),
                max_chars=self.settings.max_query_chars,
            )
        )

    def article(self, article: ArticleId, *, most_repeats: int | None = None) -> ArticleView:
        """Return an article, with its strongest links, all of them unless a bound is named; raise ``NotFoundError``."""
        return browse.view_article(self._database, article, most_repeats=most_repeats)

    def similar_question(self, article: ArticleId) -> str:
        """Return a question for what is like an article and not on its story; raise ``NotFoundError``."""
        return browse.similar_question(self._database, article)

    def question_about(self, text: str) -> str:
        """Return a question for what is like any text; raise ``ParameterError`` where it says nothing."""
        return browse.question_about(text)

    def compare(self, article: ArticleId, other: ArticleId) -> ComparisonView:
        """Return two articles side by side; raise ``NotFoundError``."""
        return compare.compare_articles(self._database, article, other)

    def syndication(self, article: ArticleId, *, page: int, page_size: int) -> SyndicationView:
        """Return one page of those who carried an article or its original; raise ``NotFoundError``."""
        return compare.view_syndication(self._database, article, page=page, page_size=page_size)

    def capture(self, article: ArticleId) -> CaptureView:
        """Return the file an article was first seen in; raise ``NotFoundError``."""
        return browse.view_capture(self._database, article)

    def story(self, story: StoryId) -> StoryView:
        """Return a story; raise ``NotFoundError``."""
        return browse.view_story(self._database, story)

    def stories(self, *, page: int, page_size: int) -> Listing[StoryRow]:
        """Return one page of the stories, newest arrivals first."""
        return browse.list_stories(self._database, page=page, page_size=page_size)

    def doubtful(self, *, page: int, page_size: int) -> Listing[DoubtfulView]:
        """Return one page of the links that fold one article under another, the most doubtful first."""
        return browse.list_doubtful(self._database, page=page, page_size=page_size)

    def sources(self, *, page: int, page_size: int) -> Listing[SourceRow]:
        """Return one page of the sources, by name."""
        return browse.list_sources(self._database, page=page, page_size=page_size)

    def deliveries(self, *, page: int, page_size: int) -> Listing[DeliveryRow]:
        """Return one page of the deliveries, newest first."""
        return browse.list_deliveries(self._database, page=page, page_size=page_size)

    def delivery(self, delivery: DeliveryId) -> Report:
        """Return the report of a delivery; raise ``NotFoundError``."""
        return browse.view_delivery(self._database, delivery)

    def totals(self) -> Totals:
        """Return how much the archive holds."""
        return browse.count_all(self._database)

    def status(self) -> Status:
        """Return how the archive is."""
        sources, deliveries = browse.count_supply(self._database)
        engine, _, _ = self._index.address.partition(":")
        return Status(
            version=version("newsfold"),
            database=self._database.kind,
            held=self.totals(),
            sources=sources,
            deliveries=deliveries,
            index=indexing.standing(self._database, self._engine, name=engine),
            outgrown=self.outgrown,
        )

    def decide(self, ask: Ask, reason: Reason, *, progress: Progress = silent) -> Decision:
        """Carry out what a person decided, bring the index up to date, and return the decision."""
        decision = decide(self._database, ask, reason, clock=self._clock)
        self.catch_up(progress=progress)
        return decision

    def undo(self, decision: int, reason: Reason, *, progress: Progress = silent) -> Decision:
        """Take a decision back, bring the index up to date, and return the decision that did so."""
        undoing = undo(self._database, decision, reason, clock=self._clock)
        self.catch_up(progress=progress)
        return undoing

    def decision(self, decision: int) -> Decision:
        """Return a decision as it stands; raise ``NotFoundError``."""
        return find(self._database, decision)

    def decisions(
        self,
        *,
        article: ArticleId | None = None,
        story: StoryId | None = None,
        page: int,
        page_size: int,
    ) -> Listing[Decision]:
        """Return one page of the log of decisions, newest first; of an article or a story where one is named."""
        return log(self._database, article=article, story=story, page=page, page_size=page_size)

    @contextmanager
    def gathered(
        self, addresses: Sequence[str], stdin: IO[bytes] | None = None, *, progress: Progress = silent
    ) -> Iterator[list[Found | Refused]]:
        """Hold, while the block runs, what stands at some addresses and what comes in on a stream, as files for
        ``ingest`` and ``rehearse``."""
        with gathered(self.parcels, self.fetcher, addresses, stdin, progress=progress) as found:
            yield found

    def ingest(
        self,
        paths: Sequence[Path],
        *,
        also: Sequence[Found | Refused] = (),
        source: str | None = None,
        manner: Manner = AS_USUAL,
        progress: Progress = silent,
    ) -> Report:
        """Take in files and folders, and what was gathered, bring the index up to date, and report."""
        order = self._order(paths, source, manner, also)
        report = deliver.ingest(self._database, order, clock=self._clock, progress=progress)
        return report.indexed(self.catch_up(progress=progress))

    def announce(self, parcel: str, *, key: str | None = None) -> DeliveryId:
        """Open a delivery for a parcel that is whole, to be read in the background (``take_next``). Under the same
        ``key`` it is the same delivery. Raises ``ConflictError`` and ``NotFoundError``."""
        return uploads.announce(self._database, self.parcels, parcel, key=key, clock=self._clock)

    def take_next(self, *, stopping: Callable[[], bool] = lambda: False) -> bool:
        """Take in the next delivery that was announced; return whether there was one that was finished. As soon as
        ``stopping`` says so it is left, to be taken up again."""
        return uploads.take_next(
            self._database, self.parcels, limits=self._limits, clock=self._clock, stopping=stopping
        )

    def retry_later(self, delivery: DeliveryId) -> DeliveryId:
        """Open a delivery of what another one rejected, to be read in the background. Raises ``NotFoundError`` and
        ``ConflictError``."""
        return uploads.retry(self._database, self.parcels, delivery, clock=self._clock)

    def retry(self, delivery: DeliveryId, *, progress: Progress = silent) -> Report:
        """Read again what a delivery rejected, and what else waits to be read; bring the index up to date, and
        report."""
        again = self.retry_later(delivery)
        while self.delivery(again).finished is None and self.take_next():
            progress("reading", 0, None)
        return self.delivery(again).indexed(self.catch_up(progress=progress))

    def take(self, found: Found, *, source: str | None = None, manner: Manner = AS_USUAL) -> Report:
        """Take in one file, without waiting for the index, and report."""
        order = Order(
            found=(found,),
            origin=(found.place,),
            source=source,
            manner=replace(manner, split=Split.NEVER),
            limits=self._limits,
        )
        return deliver.ingest(self._database, order, clock=self._clock)

    def rehearse(
        self,
        paths: Sequence[Path],
        *,
        also: Sequence[Found | Refused] = (),
        source: str | None = None,
        manner: Manner = AS_USUAL,
        progress: Progress = silent,
    ) -> Report:
        """Report what ``ingest`` would do, and do nothing."""
        order = self._order(paths, source, manner, also)
        return deliver.rehearse(self._database, order, clock=self._clock, progress=progress)

    def preview(self, file: Path, *, manner: Manner = AS_USUAL) -> Reading | Unreadable | Refused:
        """Return how the one file at this path would be read, or why it would be rejected; take nothing in."""
        return preview(file, manner=manner, limits=self._limits, today=self._clock().date())

    def look(self, parcel: str) -> list[tuple[str, Reading | Unreadable | Refused]]:
        """Return how the first files of a parcel would be read, by name; raise ``NotFoundError``."""
        whole = self.parcels.open(parcel)
        today = self._clock().date()
        return look(whole.files, manner=whole.manner, limits=self._limits, today=today, most=_MOST_LOOKED)

    def reread(self, *, everything: bool, progress: Progress = silent) -> Report:
        """Read captures again after the rules have changed, bring the index up to date, and report."""
        report = reread(self._database, everything=everything, clock=self._clock, progress=progress)
        return report.indexed(self.catch_up(progress=progress))

    def learn_furniture(self, *, progress: Progress = silent) -> FurnitureReport:
        """Learn what is furniture of each source, leave it out of what is compared and searched, bring the index up to
        date, and report."""
        report = learn_furniture(self._database, clock=self._clock, progress=progress)
        self.catch_up(progress=progress)
        return report

    def rehearse_furniture(self, *, progress: Progress = silent) -> FurnitureReport:
        """Report what ``learn_furniture`` would do, and do nothing."""
        return rehearse_furniture(self._database, progress=progress)

    def regroup(self, *, progress: Progress = silent) -> Regrouped:
        """Weigh every article by what the archive holds now, group all stories anew, bring the index up to date, and
        report."""
        report = regroup(self._database, clock=self._clock, progress=progress)
        self.catch_up(progress=progress)
        return report

    def catch_up(self, *, progress: Progress = silent) -> IndexState:
        """Bring the index up to date."""
        wait_s = self.settings.index_wait_s
        return indexing.catch_up(self._database, self._engine, timeout_s=wait_s, progress=progress)

    def empty_log(self) -> bool:
        """Let nothing that was erased stay in the database's log; return whether that could be done at once."""
        return self._database.empty_log(wait_s=0)

    @property
    def log_emptied(self) -> bool:
        """Whether nothing that was erased through this archive is left in the database's log."""
        return self._database.emptied

    def verify_index(self) -> None:
        """Read the whole index; where it is damaged, log it, and every search tells it from now on."""
        indexing.verify(self._engine)

    def reindex(self, *, progress: Progress = silent) -> int:
        """Build the index anew; return how many articles it holds."""
        wait_s = self.settings.index_wait_s
        return indexing.reindex(self._database, self._engine, timeout_s=wait_s, progress=progress)

    def move_index(self, address: str, *, progress: Progress = silent) -> int:
        """Build the index anew at another address, with another engine as a rule, use it from then on, and remove the
        one before; return how many articles it holds. Searches go on meanwhile; what is broken off is resumed by moving
        again. Raises ``SettingsError``, ``IndexBusyError`` and ``IndexUnwritableError``."""
        self._index.check_free()
        target, before = self._index.resolve(address), self._engine
        if target == self._index.address:
            raise SettingsError(f"The index is at {target} already.")
        engine = open_engine(target, identify(self._database))
        wait_s = self.settings.index_wait_s
        try:
            articles = indexing.reindex(self._database, engine, timeout_s=wait_s, progress=progress)
            self._index.choose(target)
            try:
                before.wipe()
            finally:  # changes that somebody told the one before meanwhile are in none now
                indexing.repair(self._database, engine, timeout_s=wait_s, progress=progress)
        finally:
            engine.close()
        return articles

    @property
    def outgrown(self) -> str | None:
        """What to do where the archive has more articles than its engine answers fast about; None where it has not."""
        most = self._engine.most_articles
        held = self.totals().articles
        if most is None or held < most:
            return None
        return (
            f"{held:,} articles are more than the search engine Whoosh answers fast about ({most:,}). Install "
            "newsfold[tantivy] and run `newsfold index move tantivy:`; searches go on meanwhile."
        )

    def check(self, *, progress: Progress = silent) -> Agreement:
        """Compare the index with the database."""
        return indexing.check(self._database, self._engine, progress=progress)

    def repair(self, *, progress: Progress = silent) -> Agreement:
        """Mend the index where it differs from the database."""
        wait_s = self.settings.index_wait_s
        return indexing.repair(self._database, self._engine, timeout_s=wait_s, progress=progress)

    def prepare_index(self) -> None:
        """Make an empty index for an archive that holds nothing yet. One that is missing beside articles is left
        missing: an empty index would be a wrong answer to every question.

        Raise ``SettingsError`` where no engine can be had by the name that is set: a server that starts without one
        would answer every question with trouble.
        """
        engine = self._engine
        if not self.totals().articles:
            engine.create()

    def _order(
        self, paths: Sequence[Path], source: str | None, manner: Manner, also: Sequence[Found | Refused]
    ) -> Order:
        origin = (*(printable(path.absolute()) for path in paths), *(each.place for each in also))
        return Order(
            found=(*walk(paths), *also), origin=origin, source=source, manner=manner, limits=self._limits
        )


def open_archive(
    settings: Settings, *, clock: Clock = lambda: datetime.now(UTC), fetcher: Fetcher | None = None
) -> Archive:
    """Open the archive that the settings name, creating and migrating what is not there.

    Raises ``SettingsError``, ``DatabaseUnavailableError`` and ``IndexUnwritableError``.
    """
    database = Database(settings.database)
    number = identify(database)
    index = Choice(settings.home, settings.index_url, lambda address: open_engine(address, number))
    fetcher = fetcher or Fetcher(max_bytes=settings.max_file_bytes, clock=clock)
    archive = Archive(settings, database, index, fetcher, clock)
    archive.prepare_index()
    return archive


def open_engine(address: str, archive: int) -> Engine:
    """Return the engine that an index address (``<engine>:<path>``) names, for the archive of that number; raise
    ``SettingsError``."""
    match address.partition(":"):
        case "whoosh", _, path if path:
            return WhooshEngine(Path(path), archive=archive)
        case "tantivy", _, path if path:
            return _tantivy_engine(Path(path), archive)
    raise SettingsError(
        f"{address!r} names no index. Write an engine and a folder, as in whoosh:/srv/news/index, or an engine alone, "
        "as in tantivy:, for a folder in the home; there are whoosh and tantivy. (The setting is NEWSFOLD_INDEX_URL.)"
    )


def _tantivy_engine(path: Path, archive: int) -> Engine:
    try:
        from app.engines.tantivy import TantivyEngine  # noqa: PLC0415 - an extra, which need not be installed
    except ModuleNotFoundError as error:
        raise SettingsError(
            "The search engine tantivy is not installed. Install newsfold[tantivy]; to do without it, set "
            "NEWSFOLD_INDEX_URL=whoosh: and run `newsfold reindex`."
        ) from error
    return TantivyEngine(path, archive=archive)
