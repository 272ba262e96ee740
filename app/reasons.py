"""Why an answer stands in its order: what each word of the question adds to the score of a row.

Law: the parts add up to the score. What only narrows, and what stands in a branch that does not match, adds nothing.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from app.domain.query import And, Field, Leaf, Node, Or, Pattern, Phrase, Reason, Term, Weighed
from app.engines.highlights import Highlighter
from app.engines.port import Engine, Shown
from app.questions import wording

_SCORED = {None, Field.HEADLINE, Field.DECK, Field.BODY}


def why(engine: Engine, tree: Node, texts: Sequence[Shown]) -> list[tuple[Reason, ...]]:
    """Return for each text what of the question speaks for it, the weightiest first."""
    parts = list(dict.fromkeys(_parts(tree)))
    weighed = dict(zip(parts, engine.weigh(parts, [text.article for text in texts]), strict=True))
    markers = {part: Highlighter(part) for part in parts}
    told = []
    for nth, text in enumerate(texts):
        counting = Counter(_counting(tree, weighed, nth))
        reasons = (
            _reason(leaf, times, weighed[leaf], nth, markers[leaf].occurrences(text))
            for leaf, times in counting.items()
        )
        told.append(tuple(sorted(reasons, key=lambda reason: -reason.score)))
    return told


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
