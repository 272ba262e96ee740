"""What a word is worth by where it stands: the few numbers of BM25F, the same for every engine.

Law: tuned on half the queries of three test collections, reported on the others by
``python -m tests.evaluation.relevance``.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.query import Field


@dataclass(frozen=True, slots=True, kw_only=True)
class Scoring:
    """``k1``: how soon further occurrences stop to count; ``b``: how much length is held against an article;
    ``weights``: how many occurrences in the body one in that part is worth."""

    k1: float
    b: float
    weights: Mapping[Field, float]


SCORING = Scoring(k1=2.0, b=0.6, weights={Field.HEADLINE: 4.0, Field.DECK: 2.0, Field.BODY: 1.0})
