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


def cohesion_of(passage: Passage) -> Floats:
    """Return per gap, for each window, the cosine of the two sides (√tf·idf), how deep a valley that is among its
    neighbours, and how much likelier the two sides are as one text than as two, per term of the smaller side."""
    paragraphs = len(passage.texts)
    rarity = passage.rarity.astype(np.float32)
    running = np.zeros((paragraphs + 1, passage.counts.shape[1]), dtype=np.int32)
    np.cumsum(passage.counts, axis=0, out=running[1:])
    ends = np.concatenate(([0], np.cumsum(passage.sizes)))
    middle = np.arange(1, paragraphs)
    cosines: list[Floats] = []
    bonds: list[Floats] = []
    for window in WINDOWS:
        left = np.maximum(np.searchsorted(ends, ends[middle] - window, side="right") - 1, 0)
        right = np.minimum(np.searchsorted(ends, ends[middle] + window, side="left"), paragraphs)
        before, after = running[middle] - running[left], running[right] - running[middle]
        roots = np.sqrt(before, dtype=np.float32), np.sqrt(after, dtype=np.float32)
        cosines.append(_cosines(roots[0] * rarity, roots[1] * rarity))
        bonds.append(_bonds(before, after, passage.share))
    return np.column_stack([*cosines, *(_valleys(cosine) for cosine in cosines), *bonds])


def _cosines(before: NDArray[np.float32], after: NDArray[np.float32]) -> Floats:
    norms = np.sqrt(np.einsum("ij,ij->i", before, before) * np.einsum("ij,ij->i", after, after))
    cosines: Floats = (np.einsum("ij,ij->i", before, after) / np.maximum(norms, 1e-9)).astype(np.float64)
    return cosines


def _bonds(before: Counts, after: Counts, share: Floats) -> Floats:
    """Return log of the likelihood ratio of one text against two, Dirichlet-multinomial around the background, per
    √ of the smaller side's terms: shared rare terms raise it, terms on one side only lower it."""
    prior = CONCENTRATION * share
    rows, columns = np.nonzero((before > 0) & (after > 0))
    left, right, base = before[rows, columns], after[rows, columns], prior[columns]
    gains = (
        _log_gamma(base + left + right)
        - _log_gamma(base + left)
        - _log_gamma(base + right)
        + _log_gamma(base)
    )
    sums = np.bincount(rows, weights=gains, minlength=len(before))
    sizes = before.sum(axis=1), after.sum(axis=1)
    whole = (
        _log_gamma(CONCENTRATION + sizes[0])
        + _log_gamma(CONCENTRATION + sizes[1])
        - _log_gamma(CONCENTRATION + sizes[0] + sizes[1])
        - _log_gamma(np.full(len(before), CONCENTRATION))
    )
    bonds: Floats = (sums + whole) / np.sqrt(np.maximum(1, np.minimum(*sizes)))
    return bonds


def _log_gamma(values: Floats) -> Floats:
    """Return log Γ of positive values: Stirling's series, shifted by eight (Abramowitz and Stegun 6.1.41)."""
    shifted = values + 8.0
    product = values.copy()
    for step in range(1, 8):
        product *= values + step
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


def likelihoods_of(passage: Passage, concentration: float) -> Iterator[Floats]:
    """Yield for every end of an article the log marginal likelihood of its terms, for every possible start.

    Dirichlet-multinomial with a prior of ``concentration`` terms distributed as in news at large, relative to the
    likelihood under that distribution itself.
    """
    paragraphs, vocabulary = passage.counts.shape
    prior = concentration * passage.share
    likely = np.log(passage.share)
    running = np.zeros((paragraphs, vocabulary), dtype=np.int32)
    sizes = np.zeros(paragraphs)
    scores = np.zeros(paragraphs)
    for last in range(paragraphs):
        columns = np.flatnonzero(passage.counts[last])
        times = passage.counts[last, columns]
        known = running[: last + 1, columns] + prior[columns]
        for step in range(int(times.max(initial=0))):
            more = times > step
            scores[: last + 1] += (np.log(known[:, more] + step) - likely[columns[more]]).sum(axis=1)
        running[: last + 1, columns] += times
        sizes[: last + 1] += passage.sizes[last]
        yield scores[: last + 1] + math.lgamma(concentration) - _log_gamma(concentration + sizes[: last + 1])
