"""Subscriptions: feeds are added, asked when they are due, and what they bring is taken in like any delivery.

Law: a feed is claimed in one transaction and asked outside of any; whatever becomes of it is written down, with when it
is asked again.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from http import HTTPStatus

from app.domain.delivery import Report
from app.domain.feed import GIVEN_UP, Feed, FeedId, next_time
from app.domain.views import Listing
from app.errors import ParameterError
from app.fetch import Fetched, Fetcher, NotFetched
from app.ingest import deliver
from app.ingest.deliver import Order
from app.ingest.gathering import fetched
from app.ingest.parcels import Packing, Parcels
from app.intake import Manner, Reading, Split, Unreadable, read
from app.intake.files import Found, Refused
from app.intake.opml import feeds_in
from app.intake.unpacking import Limits
from app.progress import Clock, Progress, silent
from app.store import feeds
from app.store.database import Database

_CLAIM = timedelta(minutes=10)
_LONGEST_ADDRESS = 1_000
_GONE = "The server says that it is gone for good (410). Remove it."
_MOST_PAGES = 50  # of one feed at one time


class Subscriptions:
    """The feeds of an archive."""

    def __init__(
        self, database: Database, fetcher: Fetcher, parcels: Parcels, *, limits: Limits, clock: Clock
    ) -> None:
        self._database = database
        self._fetcher = fetcher
        self._parcels = parcels
        self._limits = limits
        self._clock = clock

    def add(
        self,
        url: str,
        *,
        title: str | None = None,
        source: str | None = None,
        whole_pages: bool = False,
    ) -> tuple[Feed, bool]:
        """Subscribe to a feed; return it, and whether it is new. Raises ``ParameterError``."""
        address = url.strip()
        if not address.startswith(("http://", "https://")) or len(address) > _LONGEST_ADDRESS:
            raise ParameterError(
                "url", "url: It is no address of a feed. Write it as https://example.org/feed.xml."
            )
        with self._database.write() as session:
            is_new = feeds.add(
                session, address, title=title, source=source, whole_pages=whole_pages, now=self._clock()
            )
            feed = feeds.find_by_url(session, address)
        assert feed is not None  # noqa: S101 - it has just been added, or was there
        return feed, is_new

    def import_list(self, content: bytes) -> tuple[int, int]:
        """Subscribe to the feeds of an OPML list; return how many are new, and how many it names. Raises
        ``ParameterError``."""
        listed = feeds_in(content)
        if isinstance(listed, Unreadable):
            raise ParameterError("file", f"file: {listed.reason}")
        new = 0
        with self._database.write() as session:
            for url, title in listed:
                if len(url) <= _LONGEST_ADDRESS:
                    new += feeds.add(
                        session, url, title=title, source=None, whole_pages=False, now=self._clock()
                    )
        return new, len(listed)

    def list_feeds(self, *, page: int, page_size: int) -> Listing[Feed]:
        """Return one page of the feeds, those in trouble first."""
        with self._database.read() as session:
            return feeds.list_feeds(session, page=page, page_size=page_size)

    def find(self, feed: FeedId) -> Feed:
        """Return a feed; raise ``NotFoundError``."""
        with self._database.read() as session:
            return feeds.find(session, feed)

    def remove(self, feed: FeedId) -> None:
        """Unsubscribe; what the feed gave stays. Raises ``NotFoundError``."""
        with self._database.write() as session:
            feeds.remove(session, feed)

    def ask_again(self, feed: FeedId | None) -> None:
        """Let a feed be asked at once; all of them where none is named. Raises ``NotFoundError``."""
        with self._database.write() as session:
            if feed is None:
                feeds.ask_all(session, self._clock())
            else:
                feeds.ask_again(session, feed, self._clock())

    def ask_due(self, *, progress: Progress = silent) -> bool:
        """Ask the feed that is due first, and take in what it brings; return whether there was one."""
        with self._database.read() as session:
            if not feeds.is_any_due(session, self._clock()):
                return False
        with self._database.write() as session:
            now = self._clock()
            feed = feeds.claim_due(session, now=now, until=now + _CLAIM)
        if feed is None:
            return False
        progress(f"asking {feed.url[:60]}", 0, 1)
        try:
            self._ask(feed)
        except Exception:
            self._fail(feed, "Taking it in failed unexpectedly; the log says why.", None)
            raise
        return True

    def _ask(self, feed: Feed) -> None:
        conditions = {"If-None-Match": feed.etag, "If-Modified-Since": feed.modified}
        answer = self._fetcher.fetch(
            feed.url, headers={name: value for name, value in conditions.items() if value}, robots=True
        )
        match answer:
            case NotFetched(reason=reason):
                self._fail(feed, reason, None)
            case Fetched(status=HTTPStatus.NOT_MODIFIED):
                self._succeed(feed, answer, feed.body_digest)
            case Fetched(status=HTTPStatus.OK):
                self._read(feed, answer)
            case Fetched(status=HTTPStatus.GONE):
                self._fail(feed, _GONE, timedelta(days=1))
            case Fetched(status=status):
                self._fail(feed, f"The server answered {status}.", answer.retry_after)

    def _read(self, feed: Feed, answer: Fetched) -> None:
        digest = hashlib.sha256(answer.body).hexdigest()
        if digest == feed.body_digest:
            self._succeed(feed, answer, digest)
            return
        name, packing = self._parcels.pack()
        try:
            reading = read(answer.as_record(), today=self._clock().date())
            if isinstance(reading, Unreadable):
                self._fail(feed, reading.reason, None)
                return
            found: Sequence[Found | Refused] = ()
            if feed.whole_pages:
                found, feed = self._pages(packing, reading, feed)
            else:
                found = [fetched(packing, feed.url, answer)]
            if found:
                order = self._order(feed, found)
                report = deliver.ingest(self._database, order, clock=self._clock)
                self._brought(feed, report, reading)
        finally:
            self._parcels.remove(name)
        # Where pages are left, the feed counts as not read, so that they are asked for the next time.
        is_all = min(feed.tried.values(), default=GIVEN_UP) >= GIVEN_UP
        self._succeed(feed, answer, digest if is_all else None)

    def _pages(
        self, packing: Packing, reading: Reading, feed: Feed
    ) -> tuple[Sequence[Found | Refused], Feed]:
        """Fetch pages of entries that were not seen before, those that were not asked for first; return them, and the
        feed with what was tried of its entries."""
        addresses = list(dict.fromkeys(draft.url for draft in reading.drafts if draft.url))
        with self._database.read() as session:
            known = feeds.known_addresses(session, addresses)
        tried = {url: feed.tried.get(url, 0) for url in addresses if url not in known or url in feed.tried}
        wanted = sorted((url for url in tried if tried[url] < GIVEN_UP), key=lambda url: tried[url])
        found: list[Found | Refused] = []
        for url in wanted[:_MOST_PAGES]:
            answer = self._fetcher.fetch(url, robots=True)
            found.append(fetched(packing, url, answer))
            tried[url] = tried[url] + 1 if answer.for_now else GIVEN_UP
        return found, replace(feed, tried=tried)

    def _order(self, feed: Feed, found: Sequence[Found | Refused]) -> Order:
        return Order(
            found=tuple(found),
            origin=(feed.url,),
            source=feed.source,
            manner=Manner(split=Split.NEVER),
            limits=self._limits,
        )

    def _fail(self, feed: Feed, trouble: str, retry_after: timedelta | None) -> None:
        now, failures = self._clock(), feed.failures + 1
        with self._database.write() as session:
            feeds.tell_trouble(
                session,
                feed.id,
                asked=now,
                ask_next=next_time(now, failures, retry_after),
                failures=failures,
                trouble=trouble,
            )

    def _succeed(self, feed: Feed, answer: Fetched, digest: str | None) -> None:
        now = self._clock()
        with self._database.write() as session:
            feeds.tell_success(
                session,
                feed.id,
                asked=now,
                ask_next=next_time(now, 0),
                etag=(answer.headers.get("ETag") or feed.etag) if digest else None,
                modified=(answer.headers.get("Last-Modified") or feed.modified) if digest else None,
                body_digest=digest,
                tried=feed.tried,
            )

    def _brought(self, feed: Feed, report: Report, reading: Reading) -> None:
        if not report.articles_new:
            return
        title = next((draft.source for draft in reading.drafts if draft.source), None)
        with self._database.write() as session:
            feeds.tell_brought(
                session,
                feed.id,
                at=self._clock(),
                delivery=report.delivery,
                articles=report.articles_new,
                title=title,
            )
