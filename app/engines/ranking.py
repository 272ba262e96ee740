"""From the articles that match to one page of rows: folding, order, exact totals.

Law: a row is the first of its group in the chosen order, groups keep the order of their rows, and equal articles stand
in the order of their ids.
"""

from dataclasses import dataclass

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


def page(matched: Matched, question: Question, everything: Rows | None = None) -> Matches:
    """Return the page of rows that ``question`` asks for, and the totals of the whole answer in all three units.

    ``everything`` is all that match, where ``matched`` are only the best of them.
    """
    everything = matched.rows if everything is None else everything
    articles: Numbers = matched.rows["article"]
    groups, all_groups = (groups_of(each, question.fold) for each in (matched.rows, everything))
    places, first_row = _best(_key(matched, question.sort), articles, groups, question)
    rows = tuple(
        Match(
            article=ArticleId(int(articles[place])),
            score=float(matched.scores[place]),
            folded=int(np.count_nonzero(all_groups == groups[place])) - 1,
        )
        for place in places[first_row : first_row + question.rows]
    )
    return Matches(
        rows=rows,
        first_row=first_row,
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


def _best(
    key: Numbers | Scores, articles: Numbers, groups: Numbers, question: Question
) -> tuple[Numbers, int]:
    """Return the places of the articles that stand for the first rows, in order and enough for the page, and the number
    of its first row.

    Few rows of many are looked at: the best are told from the rest, which takes a tenth of putting all in order.
    """
    standing = next((each for each in question.after if np.any(articles == each)), None)
    most = _FIRST_BEST
    while True:
        whole = most >= len(articles)
        best = np.arange(len(articles)) if whole else np.flatnonzero(key <= np.partition(key, most)[most])
        ordered = best[np.lexsort((articles[best], key[best]))]
        firsts = np.sort(np.unique(groups[ordered], return_index=True)[1])
        found = np.flatnonzero(articles[ordered] == (standing or 0))
        behind = np.searchsorted(firsts, found[:1], side="right")
        first_row = int(behind[0]) if len(behind) else question.first_row
        sure = len(firsts) >= first_row + question.rows and len(found) == (standing is not None)
        if whole or sure:
            return ordered[firsts], first_row
        most *= _MORE_BEST


def _key(matched: Matched, sort: Sort) -> Numbers | Scores:
    """Return what articles are ordered by, the least first."""
    if sort.is_by_score:
        return -matched.scores.round(6)  # a difference in the last bit is no difference
    days = matched.rows["published"].astype(np.int64)
    return np.where(days > 0, -days if sort is Sort.NEWEST else days, _UNDATED_LAST)


def groups_of(rows: Rows, fold: Fold) -> Numbers:
    """Return the number of the group that each article is folded into."""
    column = {Fold.STORY: "story", Fold.ORIGINAL: "original", Fold.NONE: "article"}[fold]
    groups: Numbers = rows[column]
    return groups
