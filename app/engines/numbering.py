"""Counting numbers that lie close together, as ids and days do, by marking them instead of sorting.

Law: what is returned does not depend on how close they lie.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]

_SPARE = 1_000_000  # so many marks more than there are numbers are still made faster than these are sorted


def distinct(numbers: Numbers) -> int:
    """Return how many different numbers there are."""
    return int(np.count_nonzero(_marked(numbers))) if _close(numbers) else len(np.unique(numbers))


def numbered(numbers: Numbers) -> tuple[Numbers, Numbers]:
    """Return the different numbers, ascending, and beside each of ``numbers`` its place among them."""
    if not _close(numbers):
        found, places = np.unique(numbers, return_inverse=True)
        return found, places.astype(np.int64)
    marked, least = _marked(numbers), numbers.min()
    return np.flatnonzero(marked) + least, (np.cumsum(marked) - 1)[numbers - least]


def places_of(ascending: Numbers) -> Callable[[Numbers], Numbers]:
    """Return what tells for some of these numbers, all different, at which place each stands."""
    if not _close(ascending):
        return lambda some: np.searchsorted(ascending, some)
    least = ascending[0]
    places = np.zeros(int(ascending[-1] - least) + 1, np.int64)
    places[ascending - least] = np.arange(len(ascending))
    return lambda some: places[some - least]


def are_among(some: Numbers, ascending: Numbers) -> NDArray[np.bool_]:
    """Return which of some numbers are among many others."""
    if not len(ascending):
        return np.zeros(len(some), np.bool_)
    found: NDArray[np.bool_] = ascending.take(np.searchsorted(ascending, some), mode="clip") == some
    return found


def pairs_by(values: Numbers, groups: Numbers, most_values: int, most_groups: int) -> Numbers:
    """Return for each value how many groups stand beside it, each once; both are numbered from 0."""
    keys = groups * most_values + values
    if most_values * most_groups > 16 * len(keys) + _SPARE:
        return np.bincount(np.unique(keys) % max(most_values, 1), minlength=most_values)
    held = np.zeros(most_values * most_groups, np.bool_)
    held[keys] = True
    counts: Numbers = held.reshape(most_groups, most_values).sum(axis=0)
    return counts


def _close(numbers: Numbers) -> bool:
    return bool(len(numbers)) and int(numbers.max()) - int(numbers.min()) <= 16 * len(numbers) + _SPARE


def _marked(numbers: Numbers) -> NDArray[np.bool_]:
    marked = np.zeros(int(numbers.max() - numbers.min()) + 1, np.bool_)
    marked[numbers - numbers.min()] = True
    return marked
