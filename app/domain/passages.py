"""Where two texts run together: their shared passages, word by word, in numpy.

Law: positions are counted in words from 0, and a passage is equally long in both texts.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]
Positions = NDArray[np.int64]

# Words in a shingle: the unit of Jaccard and containment, and the shortest run that starts a passage.
SHINGLE = 4

_ODD = np.uint64(0x9E3779B97F4A7C15)
_MIX = np.uint64(0xBF58476D1CE4E5B9)


@dataclass(frozen=True, slots=True, eq=False)
class WordLine:
    """A text as a line of word hashes: ``grams`` are the hashes of its shingles in order of position.

    ``shingles`` are the distinct grams, sorted; ``first`` is where each of them stands first, and
    ``single`` says whether it stands there only.
    """

    hashes: Hashes
    grams: Hashes
    shingles: Hashes
    first: Positions
    single: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of ``words`` words that two texts share, at word ``start`` of the one, ``other_start`` of the other.

    A passage may bridge a few words that differ; ``equal`` counts those that do not.
    """

    words: int
    start: int
    other_start: int
    equal: int

    @property
    def inverse(self) -> "Passage":
        """The same passage seen from the other text."""
        return Passage(self.words, self.other_start, self.start, self.equal)


@dataclass(frozen=True, slots=True)
class Overlap:
    """What two texts have in common, in words of the first and of the second.

    ``shared`` and ``other_shared`` count the words in common; ``own`` and ``other_own`` are the lengths of
    the runs of words that the other text does not have, in order of position.
    """

    passages: tuple[Passage, ...]
    shared: int
    other_shared: int
    own: tuple[int, ...]
    other_own: tuple[int, ...]


def grams(hashes: Hashes, width: int) -> Hashes:
    """Return a 64-bit hash for every ``width`` consecutive words; for a shorter text one of all its words."""
    width = min(width, len(hashes))
    if not width:
        return hashes
    length = len(hashes) - width + 1
    rolled = np.full(length, width, dtype=np.uint64)
    for offset in range(width):
        rolled = rolled * _ODD + hashes[offset : offset + length]
    # The finaliser spreads the low bits: the smallest hash of a window must not depend on its last word
    # above all.
    rolled ^= rolled >> np.uint64(32)
    rolled *= _MIX
    rolled ^= rolled >> np.uint64(29)
    return rolled


def word_line(hashes: Hashes) -> WordLine:
    """Return the line of a text from the hashes of its words in order."""
    in_order = grams(hashes, SHINGLE)
    shingles, first, counts = np.unique(in_order, return_index=True, return_counts=True)
    return WordLine(hashes, in_order, shingles, first.astype(np.int64), counts == 1)


def common_shingles(a: WordLine, b: WordLine) -> int:
    """Return how many distinct shingles the two texts have in common."""
    few, many = sorted((a.shingles, b.shingles), key=len)
    if not len(few):
        return 0
    return int(np.count_nonzero(many[_places(few, many)] == few))


def overlap(a: WordLine, b: WordLine, *, gap: int, least: int) -> Overlap:
    """Return the passages that ``a`` shares with ``b``, in the order of ``a``, and what either covers of the other.

    Runs of shared shingles are joined over up to ``gap`` words that differ where the same distance separates them
    in both texts (a wrong letter, a changed number); passages with fewer than ``least`` equal words are left out:
    any two long texts share some phrase of four words. Linear in the words but for one binary search each.
    """
    if np.array_equal(a.hashes, b.hashes):
        length = len(a.hashes)
        return Overlap((Passage(length, 0, 0, length),) if length else (), length, length, (), ())
    passages, covered, other_covered = _aligned(a, b, gap=gap, least=least)
    if not b.single.all():
        # What b prints twice is found once from a; seen from b, both are there.
        other_covered |= _aligned(b, a, gap=gap, least=least)[1]
    return Overlap(
        passages,
        int(np.count_nonzero(covered)),
        int(np.count_nonzero(other_covered)),
        _runs_of(~covered),
        _runs_of(~other_covered),
    )


def longest_passage(a: WordLine, b: WordLine, *, gap: int, enough: int) -> int:
    """Return how many equal words the longest passage has, as `overlap` finds them; 0 where none spans ``enough``."""
    starts, ends, shifts = _joined(*_runs(a, b), gap=gap)
    long = np.flatnonzero(ends - starts >= enough)
    equal = (
        int(np.count_nonzero(a.hashes[start:end] == b.hashes[start + shift : end + shift]))
        for start, end, shift in zip(
            starts[long].tolist(), ends[long].tolist(), shifts[long].tolist(), strict=True
        )
    )
    return max(equal, default=0)


def _runs_of(marks: NDArray[np.bool_]) -> tuple[int, ...]:
    """Return the lengths of the runs of true values."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], marks, [False])).astype(np.int8)))
    return tuple((edges[1::2] - edges[::2]).tolist())


def _aligned(
    a: WordLine, b: WordLine, *, gap: int, least: int
) -> tuple[tuple[Passage, ...], NDArray[np.bool_], NDArray[np.bool_]]:
    """Return the passages, and which words of ``a`` and of ``b`` are equal in them."""
    starts, ends, shifts = _joined(*_runs(a, b), gap=gap)
    lengths = ends - starts
    # One entry per word of every passage: its position in a, and in b.
    offsets = np.cumsum(lengths) - lengths
    here = np.arange(lengths.sum()) + np.repeat(starts - offsets, lengths)
    there = here + np.repeat(shifts, lengths)
    same = a.hashes[here] == b.hashes[there]
    equal = np.add.reduceat(same, offsets, dtype=np.int64) if len(offsets) else lengths
    kept = equal >= least
    shown = same & np.repeat(kept, lengths)
    passages = tuple(
        Passage(int(length), int(start), int(start + shift), int(count))
        for start, length, shift, count in zip(
            starts[kept], lengths[kept], shifts[kept], equal[kept], strict=True
        )
    )
    return passages, _marked(len(a.hashes), here[shown]), _marked(len(b.hashes), there[shown])


def _places(wanted: Hashes, in_sorted: Hashes) -> Positions:
    """Where each wanted hash would stand in a sorted, non-empty array (always a valid index)."""
    places: Positions = np.searchsorted(in_sorted, wanted)
    return np.minimum(places, len(in_sorted) - 1)


def _runs(a: WordLine, b: WordLine) -> tuple[Positions, Positions, Positions]:
    """Return start, end and shift (position in b minus that in a) of every run of shared shingles, in words."""
    places = _places(a.grams, b.shingles)
    here = np.flatnonzero(b.shingles[places] == a.grams)
    places = places[here]
    shifts = _steady(a, b, here, b.first[places] - here, b.single[places])
    breaks = np.flatnonzero((np.diff(here) != 1) | (np.diff(shifts) != 0)) + 1
    first = np.concatenate(([0], breaks)).astype(np.int64) if len(here) else breaks
    last = np.concatenate((breaks, [len(here)])).astype(np.int64) - 1 if len(here) else breaks
    width = min(SHINGLE, len(a.hashes))
    return here[first], here[last] + width, shifts[first]


def _steady(
    a: WordLine, b: WordLine, here: Positions, shifts: Positions, single: NDArray[np.bool_]
) -> Positions:
    """Let a shingle that ``b`` has several times follow the shift of the nearest one that it has once."""
    anchors = np.flatnonzero(single)
    if not len(anchors) or len(anchors) == len(here):
        return shifts
    after = np.searchsorted(anchors, np.arange(len(here)))
    for nearest in (anchors[np.minimum(after, len(anchors) - 1)], anchors[np.maximum(after - 1, 0)]):
        there = here + shifts[nearest]
        inside = ~single & (there >= 0) & (there < len(b.grams))
        follows = inside & (b.grams[np.where(inside, there, 0)] == a.grams[here])
        shifts = np.where(follows, shifts[nearest], shifts)
    return shifts


def _joined(
    starts: Positions, ends: Positions, shifts: Positions, *, gap: int
) -> tuple[Positions, Positions, Positions]:
    """Join runs of one shift that at most ``gap`` words separate, and cut what overlaps."""
    if len(starts) < 2:
        return starts, ends, shifts
    opens = np.concatenate(([True], (np.diff(shifts) != 0) | (starts[1:] - ends[:-1] > gap)))
    first = np.flatnonzero(opens)
    last = np.concatenate((first[1:], [len(starts)])) - 1
    starts, ends, shifts = starts[first], ends[last], shifts[first]
    # Where one passage ends in words with which the next begins, the words belong to the first.
    starts = np.maximum(starts, np.concatenate(([0], ends[:-1])))
    kept = ends > starts
    return starts[kept], ends[kept], shifts[kept]


def _marked(length: int, positions: Positions) -> NDArray[np.bool_]:
    marks = np.zeros(length, dtype=np.bool_)
    marks[positions] = True
    return marks
