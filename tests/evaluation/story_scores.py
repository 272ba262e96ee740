"""How well a grouping agrees with another: B-cubed and pairwise figures.

Law: pure arithmetic over two labellings of the same articles.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """B-cubed precision, recall and F1 (Bagga and Baldwin 1998), and the F1 over pairs of articles."""

    precision: float
    recall: float
    f1: float
    pairwise_f1: float

    def __str__(self) -> str:
        return f"P {self.precision:.3f}  R {self.recall:.3f}  F1 {self.f1:.3f}  pairwise F1 {self.pairwise_f1:.3f}"


def scores(true: Sequence[Hashable], found: Sequence[Hashable]) -> Scores:
    """Return the figures of ``found`` against ``true``: labels of the same articles, in the same order."""
    of_true, of_found, both = Counter(true), Counter(found), Counter(zip(true, found, strict=True))
    articles = len(true)
    precision = sum(count * count / of_found[label] for (_, label), count in both.items()) / articles
    recall = sum(count * count / of_true[label] for (label, _), count in both.items()) / articles
    hits, pairs_true, pairs_found = (_pairs(each.values()) for each in (both, of_true, of_found))
    return Scores(
        precision=precision,
        recall=recall,
        f1=2 * precision * recall / (precision + recall),
        pairwise_f1=2 * hits / (pairs_true + pairs_found) if pairs_true + pairs_found else 1.0,
    )


def _pairs(counts: Iterable[int]) -> int:
    return sum(count * (count - 1) // 2 for count in counts)
