"""Which elements of two sequences correspond, in order: patience anchors first, then the longest common
subsequence of what is left between them.

Law: pure and deterministic; swapping the sequences swaps the sides of the answer and changes nothing else; the
time is bounded whatever the sequences hold (see `align`).
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

# A stretch without an element that both sides have once is searched for its longest common subsequence, which
# costs a step for every pair of elements: at most so many for one stretch, and for all of them together.
MOST_STEPS_A_STRETCH = 20_000
MOST_STEPS = 4_000_000

# How often anchors may be looked for again between anchors; each round costs one pass over the elements.
MOST_ROUNDS = 24


class Block(NamedTuple):
    """A run of ``length`` equal elements, from ``here`` in the one sequence and from ``there`` in the other."""

    here: int
    there: int
    length: int


class _Stretch(NamedTuple):
    """What lies between two anchors: from (inclusive) and to (exclusive) on both sides."""

    here: int
    here_end: int
    there: int
    there_end: int


def align(here: Sequence[str], there: Sequence[str]) -> list[Block]:
    """Return runs of equal elements, in increasing order on both sides, no two of them adjoining on both.

    Elements that stand once on both sides are anchors, as in Bram Cohen's patience diff: the longest increasing
    chain of them is kept, and the same is done again in each stretch between two. A stretch without anchors is
    solved exactly where it is small, and is otherwise left without a match but for its common beginning and end,
    so that the time is at most proportional to the elements times `MOST_ROUNDS` and their logarithm, plus
    `MOST_STEPS`.
    """
    if (len(there), there) < (len(here), here):
        return [Block(each.there, each.here, each.length) for each in _aligned(there, here)]
    return _aligned(here, there)


def _aligned(here: Sequence[str], there: Sequence[str]) -> list[Block]:
    found: list[Block] = []
    steps_left = MOST_STEPS
    waiting = [(_Stretch(0, len(here), 0, len(there)), 0)]
    while waiting:
        stretch, rounds = waiting.pop()
        stretch = _trimmed(here, there, stretch, found)
        height, width = stretch.here_end - stretch.here, stretch.there_end - stretch.there
        if not height or not width:
            continue
        anchors = _anchors(here, there, stretch) if rounds < MOST_ROUNDS else []
        if anchors:
            waiting += [(each, rounds + 1) for each in _between(anchors, stretch)]
        elif height * width <= min(MOST_STEPS_A_STRETCH, steps_left):
            steps_left -= height * width
            found += _common(here, there, stretch)
    return list(_joined(sorted(found)))


def _trimmed(here: Sequence[str], there: Sequence[str], stretch: _Stretch, found: list[Block]) -> _Stretch:
    """Add the common beginning and the common end of a stretch to ``found``; return what is left of it."""
    start, end, there_start, there_end = stretch
    most = min(end - start, there_end - there_start)
    head = 0
    while head < most and here[start + head] == there[there_start + head]:
        head += 1
    tail = 0
    while tail < most - head and here[end - 1 - tail] == there[there_end - 1 - tail]:
        tail += 1
    if head:
        found.append(Block(start, there_start, head))
    if tail:
        found.append(Block(end - tail, there_end - tail, tail))
    return _Stretch(start + head, end - tail, there_start + head, there_end - tail)


def _anchors(here: Sequence[str], there: Sequence[str], stretch: _Stretch) -> list[tuple[int, int]]:
    """Return the longest increasing chain of the elements that stand once on both sides of a stretch."""
    once = _once(here, stretch.here, stretch.here_end)
    other = _once(there, stretch.there, stretch.there_end)
    pairs = [(place, other[element]) for element, place in once.items() if element in other]
    return _increasing(pairs)


def _once(elements: Sequence[str], start: int, end: int) -> dict[str, int]:
    """Return where each element stands that stands once between ``start`` and ``end``, in order of place."""
    places: dict[str, int] = {}
    again: set[str] = set()
    for place in range(start, end):
        element = elements[place]
        if element in places:
            again.add(element)
        else:
            places[element] = place
    for element in again:
        del places[element]
    return places


def _increasing(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the longest chain that increases on both sides, of pairs in order of the first side."""
    ends: list[int] = []  # the smallest second side with which a chain of each length ends
    last: list[int] = []  # which pair that is
    before: list[int] = []
    for nth, (_, there) in enumerate(pairs):
        length = bisect_left(ends, there)
        before.append(last[length - 1] if length else -1)
        ends[length : length + 1] = [there]
        last[length : length + 1] = [nth]
    chain = []
    nth = last[-1] if last else -1
    while nth >= 0:
        chain.append(pairs[nth])
        nth = before[nth]
    return chain[::-1]


def _between(anchors: Sequence[tuple[int, int]], stretch: _Stretch) -> Iterator[_Stretch]:
    """Yield the stretches that anchors cut a stretch into; each but the first begins with its anchor."""
    cuts = [(stretch.here, stretch.there), *anchors, (stretch.here_end, stretch.there_end)]
    for (start, there_start), (end, there_end) in pairwise(cuts):
        yield _Stretch(start, end, there_start, there_end)


def _common(here: Sequence[str], there: Sequence[str], stretch: _Stretch) -> Iterator[Block]:
    """Yield the pairs of a longest common subsequence of a stretch."""
    start, end, there_start, there_end = stretch
    # lengths[i][j]: of the longest common subsequence of what follows i on the one side and j on the other.
    lengths = [[0] * (there_end - there_start + 1)]
    for element in reversed(here[start:end]):
        below, row = lengths[-1], [0]
        for nth in range(there_end - there_start - 1, -1, -1):
            same = element == there[there_start + nth]
            row.append(below[nth + 1] + 1 if same else max(below[nth], row[-1]))
        lengths.append(row[::-1])
    lengths.reverse()
    i = j = 0
    while i < end - start and j < there_end - there_start:
        if here[start + i] == there[there_start + j]:
            yield Block(start + i, there_start + j, 1)
            i, j = i + 1, j + 1
        elif lengths[i + 1][j] >= lengths[i][j + 1]:
            i += 1
        else:
            j += 1


def _joined(blocks: Sequence[Block]) -> Iterator[Block]:
    """Yield blocks in order, those that adjoin on both sides as one."""
    current: Block | None = None
    for block in blocks:
        if current and (current.here + current.length, current.there + current.length) == block[:2]:
            current = current._replace(length=current.length + block.length)
            continue
        if current:
            yield current
        current = block
    if current:
        yield current
