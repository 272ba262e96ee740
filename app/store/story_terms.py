"""The terms of the archive's articles: how common each is, and which articles have it among their heaviest."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from struct import Struct

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from app.domain.article import ArticleId
from app.domain.profile import Profile
from app.domain.story import NEWEST, KeyTerm, Near, Postings, key_terms, nearest_articles, nearest_first
from app.domain.terms import TermKey
from app.store.batches import ByNumbers, in_bulk
from app.store.database import inserting
from app.store.tables import PostingRecord

# A posting as it is stored, little-endian: an article and the weight of the term in it.
_POSTING = np.dtype([("article", "<i8"), ("weight", "<f4")])
_PACKED = Struct("<qf")
_MOST_BYTES = NEWEST * _POSTING.itemsize
_COUNT: ByNumbers[tuple[int, int]] = ByNumbers(
    "INSERT INTO frequency (term, articles) VALUES {} "
    "ON CONFLICT (term) DO UPDATE SET articles = frequency.articles + excluded.articles RETURNING term, articles",
    group="(?,?)",
)
_COUNTED: ByNumbers[tuple[int, int]] = ByNumbers("SELECT term, articles FROM frequency WHERE term IN ({})")
_POSTINGS: ByNumbers[tuple[int, bytes]] = ByNumbers("SELECT term, articles FROM posting WHERE term IN ({})")


class StoryTerms:
    """What one batch of newcomers asks of terms: the database, and what the batch adds to it, written by ``flush``."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._stored: dict[TermKey, bytes] = {}
        self._added: dict[TermKey, list[tuple[ArticleId, float]]] = defaultdict(list)
        self._changed: set[TermKey] = set()
        self._near: dict[Profile, tuple[Sequence[KeyTerm], Sequence[Near]]] = {}

    def count(self, newcomers: Sequence[NDArray[np.int64]]) -> list[NDArray[np.int64]]:
        """Count newcomers under their keys (each key once), and return under each of them how many articles there are
        then."""
        return _under(
            newcomers,
            lambda keys, more: _COUNT.rows(self._session, np.stack([keys, more], axis=1).ravel().tolist()),
        )

    def counted(self, articles: Sequence[NDArray[np.int64]]) -> list[NDArray[np.int64]]:
        """Return under each of the keys of articles that have been counted how many there are."""
        return _under(articles, lambda keys, _: _COUNTED.rows(self._session, keys.tolist()))

    def nearest(self, one: Profile) -> list[ArticleId]:
        """Return the articles that share most of the key terms of a story: stored ones, and those of this batch."""
        self.look_up([one])
        terms, stored = self._near[one]
        added: dict[ArticleId, float] = defaultdict(float)
        for term in terms:
            for article, weight in self._added.get(term.key, ()):
                added[article] += weight * term.weight
        return nearest_first([*stored, *((score, article) for article, score in added.items())])

    def look_up(self, stories: Iterable[Profile]) -> None:
        """Find at once which stored articles share most with each of these."""
        terms = {one: key_terms(one) for one in stories if one not in self._near}
        self._load(term.key for each in terms.values() for term in each)
        for one, each in terms.items():
            self._near[one] = each, nearest_articles(each, self._postings([term.key for term in each]))

    def add(self, article: ArticleId, one: Profile) -> None:
        """Take up a new article, which has been counted, under its key terms."""
        self.look_up([one])
        for term in self._near[one][0]:
            self._added[term.key].append((article, term.weight))

    def remove(self, article: ArticleId, one: Profile, counted: NDArray[np.int64]) -> None:
        """Take an article out from under its terms."""
        less = np.stack([counted, np.full(len(counted), -1)], axis=1).ravel().tolist()
        list(_COUNT.rows(self._session, less))
        self._take_out({article: one})

    def post_again(self, before: Mapping[ArticleId, Profile], now: Mapping[ArticleId, Profile]) -> None:
        """Put articles under the terms that they have now, as the newest there, in this order."""
        self._take_out(before)
        for article, one in now.items():
            for term in key_terms(one):
                self._added[term.key].append((article, term.weight))

    def _take_out(self, articles: Mapping[ArticleId, Profile]) -> None:
        under: dict[TermKey, list[ArticleId]] = defaultdict(list)
        for article, one in articles.items():
            for term in key_terms(one):
                under[term.key].append(article)
        self._load(under)
        for key, gone in under.items():
            held = np.frombuffer(self._stored[key], _POSTING)
            self._stored[key] = held[~np.isin(held["article"], gone)].tobytes()
            self._changed.add(key)
        self._near = {}

    def flush(self) -> None:
        """Write what was added under terms."""
        self._load(self._added)
        for key, postings in self._added.items():
            packed = b"".join(_PACKED.pack(*posting) for posting in postings)
            self._stored[key] = (self._stored[key] + packed)[-_MOST_BYTES:]
        changed = sorted(self._changed | self._added.keys())
        posted = inserting(self._session, PostingRecord)
        in_bulk(
            self._session,
            posted.on_conflict_do_update(
                index_elements=[PostingRecord.term], set_={"articles": posted.excluded.articles}
            ),
            [{"term": key, "articles": self._stored[key]} for key in changed],
        )
        self._changed, self._added, self._near = set(), defaultdict(list), {}

    def _load(self, keys: Iterable[TermKey]) -> None:
        missing = sorted({key for key in keys if key not in self._stored})
        if missing:
            self._stored.update(dict.fromkeys(missing, b""))
            rows = _POSTINGS.rows(self._session, missing)
            self._stored.update((TermKey(term), articles) for term, articles in rows)

    def _postings(self, keys: Sequence[TermKey]) -> Postings:
        stored = [self._stored[key] for key in keys]
        found = np.frombuffer(b"".join(stored), _POSTING)
        counts = [len(each) // _POSTING.itemsize for each in stored]
        return Postings(
            articles=found["article"].astype(np.int64),
            weights=found["weight"].astype(np.float32),
            places=np.repeat(np.arange(len(keys)), counts),
        )


def _under(
    articles: Sequence[NDArray[np.int64]],
    ask: Callable[[NDArray[np.int64], NDArray[np.int64]], Iterable[tuple[int, int]]],
) -> list[NDArray[np.int64]]:
    """Return what is told of each of the keys of articles; ``ask`` is given all keys, and in how many of these articles
    each is found."""
    if not articles:
        return []
    keys, places, found = np.unique(np.concatenate(articles), return_inverse=True, return_counts=True)
    held = np.empty(len(keys), np.int64)
    terms, counts = zip(*ask(keys, found), strict=True)
    held[np.searchsorted(keys, np.array(terms, np.int64))] = counts
    return np.split(held[places], np.cumsum([len(each) for each in articles])[:-1])
