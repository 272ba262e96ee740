"""From the articles that match to one page of rows: folding, order, exact totals.

Law: a row is the first of its group in the chosen order, groups keep the order of their rows, and equal articles stand
in the order of their ids.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.domain.article import ArticleId
from app.domain.query import Fold, Match, Matches, Question, Sort

Numbers = NDArray[np.int64]

_UNDATED_LAST = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    """The articles that match: their rows, and beside each its score."""

    rows: NDArray[np.void]
    scores: NDArray[np.float64]


def page(matched: Matched, question: Question) -> Matches:
    """Return the page of rows that ``question`` asks for, and the totals of the whole answer in all three units."""
    articles = matched.rows["article"]
    order = _order(matched, question.sort)
    groups = groups_of(matched.rows, question.fold)[order]
    _, firsts, sizes = np.unique(groups, return_index=True, return_counts=True)
    order_of_groups = np.argsort(firsts)
    first_row = _first_row(articles[order], firsts[order_of_groups], question)
    in_order = order_of_groups[first_row : first_row + question.rows]
    rows = tuple(
        Match(
            article=ArticleId(int(articles[order[firsts[row]]])),
            score=float(matched.scores[order[firsts[row]]]),
            folded=int(sizes[row]) - 1,
        )
        for row in in_order
    )
    return Matches(
        rows=rows,
        first_row=first_row,
        newest=int(articles.max(initial=0)),
        total=len(articles),
        total_originals=len(np.unique(matched.rows["original"])),
        total_stories=len(np.unique(matched.rows["story"])),
    )


def _first_row(ordered: Numbers, firsts: Numbers, question: Question) -> int:
    """Return the number of the first row to show: behind the row that an article is in, or was in when it was first."""
    for article in question.after:
        if len(found := np.flatnonzero(ordered == article)):
            return int(np.searchsorted(firsts, int(found[0]), side="right"))
    return question.first_row


def _order(matched: Matched, sort: Sort) -> Numbers:
    days = matched.rows["published"].astype(np.int64)
    match sort:
        case Sort.RELEVANCE:
            key = -matched.scores.round(6)  # a difference in the last bit is no difference
        case Sort.NEWEST:
            key = np.where(days > 0, -days, _UNDATED_LAST)
        case Sort.OLDEST:
            key = np.where(days > 0, days, _UNDATED_LAST)
    return np.lexsort((matched.rows["article"], key))


def groups_of(rows: NDArray[np.void], fold: Fold) -> Numbers:
    """Return the number of the group that each article is folded into."""
    column = {Fold.STORY: "story", Fold.ORIGINAL: "original", Fold.NONE: "article"}[fold]
    groups: Numbers = rows[column]
    return groups
