"""The terms of the archive's articles: how common each is, and which articles have it among their heaviest."""

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np
from sqlalchemy import BigInteger, CompoundSelect, bindparam, delete, insert, select, union_all
from sqlalchemy.orm import Session

from app.domain.article import ArticleId
from app.domain.story import KeyTerm, Postings
from app.domain.terms import TermKey
from app.store.batches import in_steps
from app.store.database import inserting
from app.store.tables import FrequencyRecord, PostingRecord


class StoryTerms:
    """What one batch of newcomers asks of terms: the database, and what the batch adds to it, written by ``flush``."""

    def __init__(self, session: Session, keys: Sequence[TermKey]) -> None:
        """``keys`` are all the terms the newcomers are counted under; they are looked up at once."""
        self._session = session
        self._frequencies: dict[TermKey, int] = {}
        self._counted: Counter[TermKey] = Counter()
        self._postings: dict[TermKey, Postings] = {}
        self._new_postings: list[dict[str, object]] = []
        for step in in_steps(sorted(set(keys))):
            rows = session.execute(
                select(FrequencyRecord.term, FrequencyRecord.articles).where(FrequencyRecord.term.in_(step))
            )
            self._frequencies.update((TermKey(term), count) for term, count in rows)

    def frequencies(self, keys: Sequence[TermKey]) -> Mapping[TermKey, int]:
        """Return in how many articles each key occurs."""
        return {key: self._frequencies[key] for key in keys if key in self._frequencies}

    def postings(self, keys: Sequence[TermKey], newest: int) -> Mapping[TermKey, Postings]:
        """Return the newest articles under each key."""
        missing = [key for key in keys if key not in self._postings]
        if missing:
            self._load_postings(missing, newest)
        return {key: self._postings[key] for key in keys if len(self._postings[key].articles)}

    def add(self, article: ArticleId, heaviest: Sequence[KeyTerm], counted: Sequence[TermKey]) -> None:
        """Take up a new article under its heaviest terms, and count it under all."""
        for key in counted:
            self._frequencies[key] = self._frequencies.get(key, 0) + 1
            self._counted[key] += 1
        for term in heaviest:
            self._post(term, article)

    def remove(self, article: ArticleId, counted: Sequence[TermKey]) -> None:
        """Take an article out from under its terms."""
        self._counted.subtract(counted)
        self._session.execute(delete(PostingRecord).where(PostingRecord.article_id == article))

    def flush(self) -> None:
        """Write what was added and what was counted."""
        if self._new_postings:
            self._session.execute(insert(PostingRecord), self._new_postings)
        if self._counted:
            counted = inserting(self._session, FrequencyRecord)
            self._session.execute(
                counted.on_conflict_do_update(
                    index_elements=[FrequencyRecord.term],
                    set_={"articles": FrequencyRecord.articles + counted.excluded.articles},
                ),
                [{"term": term, "articles": count} for term, count in sorted(self._counted.items())],
            )
        self._new_postings, self._counted = [], Counter()

    def _load_postings(self, keys: Sequence[TermKey], newest: int) -> None:
        asked = {f"key_{nth}": key for nth, key in enumerate(keys)}
        found: dict[TermKey, list[tuple[int, float]]] = {key: [] for key in keys}
        for term, article, weight in self._session.execute(_newest_postings(len(keys), newest), asked):
            found[TermKey(term)].append((article, weight))
        for key, pairs in found.items():
            self._postings[key] = Postings(
                articles=np.array([article for article, _ in pairs], dtype=np.int64),
                weights=np.array([weight for _, weight in pairs], dtype=np.float32),
            )

    def _post(self, term: KeyTerm, article: ArticleId) -> None:
        self._new_postings.append({"term": term.key, "article_id": article, "weight": term.weight})
        held = self._postings.get(term.key)
        if held is not None:
            self._postings[term.key] = Postings(
                articles=np.concatenate([np.array([article], dtype=np.int64), held.articles]),
                weights=np.concatenate([np.array([term.weight], dtype=np.float32), held.weights]),
            )


@cache
def _newest_postings(keys: int, newest: int) -> CompoundSelect[int, int, float]:
    """The newest postings of each of so many keys, in one question. Built once: that takes longer than the answer."""
    of_each = (
        select(PostingRecord.term, PostingRecord.article_id, PostingRecord.weight)
        .where(PostingRecord.term == bindparam(f"key_{nth}", type_=BigInteger))
        .order_by(PostingRecord.article_id.desc())
        .limit(newest)
        .subquery()
        for nth in range(keys)
    )
    return union_all(*(select(postings) for postings in of_each))
