"""From the articles that match to one page of rows: folding, order, exact totals.

Law: a row is the first of its group in the chosen order, groups keep the order of their rows, and equal articles stand
in the order of their ids.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from app.domain.article import ArticleId
from app.domain.query import RECENT, Fold, Match, Matches, Question, Sort
from app.engines.numbering import Numbers, distinct
from app.engines.rows import Rows

Scores = NDArray[np.float64]

_FIRST_BEST, _MORE_BEST = 512, 8
_UNDATED_LAST = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    """Articles that match: their rows, and beside each its score."""

    rows: Rows
    scores: NDArray[np.float64]

    def without(self, groups: Numbers, fold: Fold) -> "Matched":
        """Return the articles that are in none of some groups."""
        if not len(groups):
            return self
        left = np.isin(groups_of(self.rows, fold), groups, invert=True)
        return Matched(rows=self.rows.where(left), scores=self.scores[left])


def given_groups(index: Rows, question: Question) -> Numbers:
    """Return the groups that the articles which were given are in now, of all that an index has: one of them that
    matches no longer still stands for its row."""
    if not question.given:
        return np.empty(0, np.int64)
    return groups_of(index.where(np.isin(index["article"], question.given)), question.fold)


def page(matched: Matched, question: Question, given: Numbers, everything: Rows | None = None) -> Matches:
    """Return the page of rows that ``question`` asks for, and the totals of the whole answer in all three units.

    ``given`` are the ``given_groups``; ``everything`` is all that match, where ``matched`` are only the best of them.
    """
    everything = matched.rows if everything is None else everything
    all_groups = groups_of(everything, question.fold)
    shown = np.concatenate([given, _passed(everything, question)])
    left = matched.without(shown, question.fold)
    articles, groups = left.rows["article"], groups_of(left.rows, question.fold)
    places = _best(_key(left, question.sort), articles, groups, question.first_row + question.rows)
    rows = tuple(
        Match(
            article=ArticleId(int(articles[place])),
            day=_day(left.rows["published"][place]),
            score=float(left.scores[place]),
            folded=int(np.count_nonzero(all_groups == groups[place])) - 1,
        )
        for place in places[question.first_row : question.first_row + question.rows]
    )
    return Matches(
        rows=rows,
        before=tuple(map(ArticleId, articles[places[: question.first_row]].tolist())),
        first_row=question.first_row + distinct(shown[np.isin(shown, all_groups)]),
        newest=int(everything["article"].max(initial=0)),
        total=len(everything),
        total_originals=distinct(everything["original"]),
        total_stories=distinct(everything["story"]),
    )


def recency(rows: Rows, question: Question) -> Scores:
    """Return what the score of each article is multiplied with, because it is recent."""
    factors = np.ones(len(rows))
    if question.sort is Sort.BEST and question.today:
        ages = question.today.toordinal() - rows["published"].astype(np.int64)
        for days, factor in reversed(RECENT):
            factors[(rows["published"] > 0) & (ages <= days)] = factor
    return factors


def factors_of(rows: Rows, question: Question) -> set[float]:
    """Return what the scores of these articles are multiplied with, each factor once."""
    factors = recency(rows, question)
    return {each for each in (1.0, *(factor for _, factor in RECENT)) if np.any(factors == each)}


def _best(key: Numbers | Scores, articles: Numbers, groups: Numbers, rows: int) -> Numbers:
    """Return the places of the articles that stand for the first rows, in order, so many of them or more.

    Few rows of many are looked at: the best are told from the rest, which takes a tenth of putting all in order.
    """
    most = _FIRST_BEST
    while True:
        whole = most >= len(articles)
        best = np.arange(len(articles)) if whole else np.flatnonzero(key <= np.partition(key, most)[most])
        ordered = best[np.lexsort((articles[best], key[best]))]
        firsts = np.sort(np.unique(groups[ordered], return_index=True)[1])
        if whole or len(firsts) >= rows:
            return ordered[firsts]
        most *= _MORE_BEST


def _key(matched: Matched, sort: Sort) -> Numbers | Scores:
    """Return what articles are ordered by, the least first."""
    if sort.is_by_score:
        return -matched.scores.round(6)  # a difference in the last bit is no difference
    return _by_time(matched.rows["published"], sort)


def _by_time(published: NDArray[np.int32], sort: Sort) -> Numbers:
    days = published.astype(np.int64)
    return np.where(days > 0, -days if sort is Sort.NEWEST else days, _UNDATED_LAST)


def _passed(rows: Rows, question: Question) -> Numbers:
    """Return the groups of the articles that stand, in an order of time, where the question goes on or before."""
    place = question.after
    if place is None:
        return np.empty(0, np.int64)
    there = _by_time(np.array([place.day.toordinal() if place.day else 0], np.int32), question.sort)
    days = _by_time(rows["published"], question.sort)
    passed = (days < there) | ((days == there) & (rows["article"] <= place.article))
    groups: Numbers = groups_of(rows, question.fold)[passed]
    return groups


def _day(ordinal: int) -> date | None:
    return date.fromordinal(ordinal) if ordinal else None


def groups_of(rows: Rows, fold: Fold) -> Numbers:
    """Return the number of the group that each article is folded into."""
    column = {Fold.STORY: "story", Fold.ORIGINAL: "original", Fold.NONE: "article"}[fold]
    groups: Numbers = rows[column]
    return groups
