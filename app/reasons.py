"""Why an answer stands in its order: what each word of the question adds to the score of a row.

Law: the parts add up to the score. What only narrows, and what stands in a branch that does not match, adds nothing;
in the order ``best`` the day of an article does.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from app.domain.query import (
    RECENT,
    And,
    DayRange,
    Field,
    Leaf,
    Node,
    Or,
    Pattern,
    Phrase,
    Question,
    Reason,
    Sort,
    Term,
    Weighed,
)
from app.engines.highlights import Highlighter
from app.engines.port import Engine, Shown
from app.questions import wording

_SCORED = {None, Field.HEADLINE, Field.DECK, Field.BODY}


def why(
    engine: Engine, question: Question, texts: Sequence[Shown], days: Sequence[date | None]
) -> list[tuple[Reason, ...]]:
    """Return for each text, published on one of the ``days``, what speaks for it, the weightiest first."""
    tree = question.tree
    recent = _recent(engine, question)
    parts = list(dict.fromkeys(_parts(tree)))
    weighed = dict(zip(parts, engine.weigh(parts, [text.article for text in texts]), strict=True))
    markers = {part: Highlighter(part) for part in parts}
    told = []
    for nth, text in enumerate(texts):
        counting = Counter(_counting(tree, weighed, nth))
        reasons = [
            _reason(leaf, times, weighed[leaf], nth, markers[leaf].occurrences(text))
            for leaf, times in counting.items()
        ]
        reasons += _of_its_day(days[nth], recent, sum(reason.score for reason in reasons))
        told.append(tuple(sorted(reasons, key=lambda reason: -reason.score)))
    return told


def _recent(engine: Engine, question: Question) -> list[tuple[DayRange, float, int]]:
    """Return the days that count for more in this order, the latest first: how much more, and how many articles they
    have."""
    if question.sort is not Sort.BEST or question.today is None:
        return []
    ranges = [
        DayRange(field=Field.PUBLISHED, first=question.today - timedelta(days=days), last=None)
        for days, _ in RECENT
    ]
    weighed = engine.weigh(ranges, [])
    return [
        (days, factor, each.articles) for days, (_, factor), each in zip(ranges, RECENT, weighed, strict=True)
    ]


def _of_its_day(
    day: date | None, recent: Sequence[tuple[DayRange, float, int]], score: float
) -> Iterator[Reason]:
    """Yield what an article's day adds to its score, where it adds something."""
    for days, factor, articles in recent:
        if score and day and days.first and day >= days.first:
            yield Reason(
                asked=wording(days), in_title=0, in_body=0, articles=articles, score=score * (factor - 1)
            )
            return


def _reason(leaf: Leaf, times: int, weighed: Weighed, nth: int, occurrences: tuple[int, int]) -> Reason:
    in_title, in_body = occurrences
    return Reason(
        asked=wording(leaf),
        in_title=in_title,
        in_body=in_body,
        articles=weighed.articles,
        score=times * weighed.scores[nth],
    )


def _parts(tree: Node) -> Iterator[Node]:
    """Yield what has to be weighed: the words, and the branches that hold them."""
    match tree:
        case And(children=children) | Or(children=children):
            yield tree
            for child in children:
                yield from _parts(child)
        case Term() | Phrase() | Pattern() if tree.field in _SCORED:
            yield tree
        case _:
            return


def _counting(tree: Node, weighed: Mapping[Node, Weighed], nth: int) -> Iterator[Leaf]:
    """Yield the words that count for one article, as often as they do."""
    if tree not in weighed or not weighed[tree].matches[nth]:
        return
    match tree:
        case And(children=children) | Or(children=children):
            for child in children:
                yield from _counting(child, weighed, nth)
        case Term() | Phrase() | Pattern():
            yield tree
        case _:
            return
