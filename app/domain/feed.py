"""Feeds that are asked from time to time: how they are, and when to ask again."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NewType

from app.domain.article import DeliveryId

FeedId = NewType("FeedId", int)

GIVEN_UP = 5
EVERY = timedelta(minutes=30)
_LONGEST = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed and its health.

    ``whole_pages``: the pages its entries lead to are fetched, where the feed has not the whole text. ``asked`` is when
    it was asked last, ``brought`` when it last had something new, ``delivery`` the delivery of that. ``trouble`` says
    what went wrong ``failures`` times in a row. ``articles`` is how many articles it gave in all. ``etag``,
    ``modified`` and ``body_digest`` are what it last answered with; ``tried`` says of the pages of its entries how
    often they were asked for (`GIVEN_UP` times: they are not asked for again).
    """

    id: FeedId
    url: str
    title: str | None
    source: str | None
    whole_pages: bool
    added: datetime
    asked: datetime | None
    ask_next: datetime
    brought: datetime | None
    failures: int
    trouble: str | None
    articles: int
    delivery: DeliveryId | None
    etag: str | None = None
    modified: str | None = None
    body_digest: str | None = None
    tried: Mapping[str, int] = field(default_factory=dict)


def next_time(now: datetime, failures: int, retry_after: timedelta | None = None) -> datetime:
    """Return when to ask a feed again: every half hour, after errors twice as late each time, at most a day; and no
    sooner than its server wants."""
    pause = min(EVERY * (1 << min(failures, 8)), _LONGEST)
    return now + max(pause, retry_after or timedelta())
