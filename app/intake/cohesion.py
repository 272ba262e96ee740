"""How well words hang together: windows on either side of a gap, and whole articles.

Law: only counts go in. Rare words count for more than common ones, by a background of news at large.
"""

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from app.intake.passages import Counts, Floats, Passage

# Terms on either side of a gap that are compared.
WINDOWS = (50, 120, 300)
# How firmly the words of a text are held to be those of news at large, in terms: Dirichlet's concentration.
CONCENTRATION = 1_000.0
# Gaps on either side among which a gap is a valley of cohesion.
_VALLEY = 3


class _Gammas:
    """log Γ(prior + n) of the terms of a vocabulary, for every n up to the number of times a term stands in the text.

    Looked up, because the same few are asked for again and again, and each is slow to work out.
    """

    def __init__(self, prior: Floats, times: Counts) -> None:
        lengths = times + 1
        self._first = np.cumsum(lengths) - lengths
        steps = np.arange(lengths.sum()) - np.repeat(self._first, lengths)
        self._logs = _log_gamma(np.repeat(prior, lengths) + steps)

    def of(self, columns: NDArray[np.intp], times: Counts) -> Floats:
        """Return the figures of the terms at ``columns``, each for its number of times."""
        logs: Floats = self._logs[self._first[columns] + times]
        return logs


def cohesion_of(passage: Passage) -> Floats:
    """Return per gap, for each window, the cosine of the two sides (√tf·idf), how deep a valley that is among its
    neighbours, and how much likelier the two sides are as one text than as two, per term of the smaller side."""
    paragraphs = len(passage.texts)
    rarity = passage.rarity.astype(np.float32)
    running = np.zeros((paragraphs + 1, passage.counts.shape[1]), dtype=np.int32)
    np.cumsum(passage.counts, axis=0, out=running[1:])
    gammas = _Gammas(CONCENTRATION * passage.share, running[-1])
    ends = np.concatenate(([0], np.cumsum(passage.sizes)))
    middle = np.arange(1, paragraphs)
    cosines: list[Floats] = []
    bonds: list[Floats] = []
    for window in WINDOWS:
        left = np.maximum(np.searchsorted(ends, ends[middle] - window, side="right") - 1, 0)
        right = np.minimum(np.searchsorted(ends, ends[middle] + window, side="left"), paragraphs)
        before, after = running[1:-1] - running[left], running[right] - running[1:-1]
        roots = np.sqrt(before, dtype=np.float32), np.sqrt(after, dtype=np.float32)
        cosines.append(_cosines(roots[0] * rarity, roots[1] * rarity))
        sizes = ends[middle] - ends[left], ends[right] - ends[middle]
        bonds.append(_bonds(before, after, sizes, gammas))
    return np.column_stack([*cosines, *(_valleys(cosine) for cosine in cosines), *bonds])


def _cosines(before: NDArray[np.float32], after: NDArray[np.float32]) -> Floats:
    norms = np.sqrt(np.einsum("ij,ij->i", before, before) * np.einsum("ij,ij->i", after, after))
    cosines: Floats = (np.einsum("ij,ij->i", before, after) / np.maximum(norms, 1e-9)).astype(np.float64)
    return cosines


def _bonds(before: Counts, after: Counts, sizes: tuple[Counts, Counts], gammas: _Gammas) -> Floats:
    """Return log of the likelihood ratio of one text against two, Dirichlet-multinomial around the background, per
    √ of the smaller side's terms: shared rare terms raise it, terms on one side only lower it."""
    shared = np.flatnonzero(np.minimum(before, after))
    rows, columns = np.divmod(shared, before.shape[1])
    left, right = before.ravel()[shared], after.ravel()[shared]
    gains = (
        gammas.of(columns, left + right)
        - gammas.of(columns, left)
        - gammas.of(columns, right)
        + gammas.of(columns, np.zeros_like(left))
    )
    sums = np.bincount(rows, weights=gains, minlength=len(before))
    one, other, both = _log_gamma(CONCENTRATION + np.array([*sizes, sizes[0] + sizes[1]]))
    bonds: Floats = (sums + one + other - both - math.lgamma(CONCENTRATION)) / np.sqrt(
        np.maximum(1, np.minimum(*sizes))
    )
    return bonds


def _log_gamma(values: Floats) -> Floats:
    """Return log Γ of positive values: Stirling's series, shifted by eight (Abramowitz and Stegun 6.1.41)."""
    shifted = values + 8.0
    # The product of values, values + 1 … values + 7, in pairs from both ends.
    pair = values * (values + 7.0)
    product = pair * (pair + 6.0) * (pair + 10.0) * (pair + 12.0)
    series = 1 / (12 * shifted) - 1 / (360 * shifted**3)
    logs: Floats = (
        (shifted - 0.5) * np.log(shifted) - shifted + 0.5 * np.log(2 * np.pi) + series - np.log(product)
    )
    return logs


def _valleys(cosines: Floats) -> Floats:
    """Return how far each cosine lies below the highest of its neighbours on the left plus on the right."""
    padded = np.pad(cosines, _VALLEY, mode="constant", constant_values=-1.0)
    views = np.lib.stride_tricks.sliding_window_view(padded, 2 * _VALLEY + 1)
    left = np.maximum(views[:, : _VALLEY + 1].max(axis=1), cosines)
    right = np.maximum(views[:, _VALLEY:].max(axis=1), cosines)
    depths: Floats = left + right - 2 * cosines
    return depths


def likelihoods_of(counts: Counts, share: Floats, concentration: float) -> Iterator[Floats]:
    """Yield for every end of an article the log marginal likelihood of its terms, for every possible start.

    ``counts``: parts of a text x vocabulary, ``share`` as in ``Passage``; an article is a run of parts. A
    Dirichlet-multinomial with a prior of ``concentration`` terms distributed as in news at large, relative to the
    likelihood under that distribution itself.
    """
    parts = len(counts)
    gammas = _Gammas(concentration * share, counts.sum(axis=0))
    likely = np.log(share)
    running = np.zeros(counts.shape, dtype=np.int32)
    ends = np.cumsum(counts.sum(axis=1))
    begins = np.concatenate(([0], ends[:-1]))
    scores = np.zeros(parts)
    for last in range(parts):
        columns = np.flatnonzero(counts[last])
        known = running[: last + 1, columns]
        times = counts[last, columns]
        more = known + times
        gains: Floats = gammas.of(columns, more) - gammas.of(columns, known)
        scores[: last + 1] += gains.sum(axis=1) - times @ likely[columns]
        running[: last + 1, columns] = more
        sizes = ends[last] - begins[: last + 1]
        yield scores[: last + 1] + math.lgamma(concentration) - _log_gamma(concentration + sizes)
