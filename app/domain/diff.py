"""Two texts side by side: which paragraphs correspond, and what is changed in those that do.

Law: pure and deterministic. Nothing is lost: the paragraphs of either side in order, joined by blank lines, are
that text exactly. Swapping the texts swaps the sides of the rows, which stand in the order that `_in_order` gives.
Time and memory are bounded: see `MOST_CHARS` and `MOST_PARAGRAPHS`, and what lies beneath, `align`.
"""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate
from math import inf

from app.domain.align import Block, align
from app.domain.wording import MOST_CHARS, Run, compare_words, is_word, outline_words, tokens

# Texts of more paragraphs, both together, are one row. Paragraphs between two equal ones are compared by their words
# until `MOST_CHARS` characters have been; what then follows between two is one row.
MOST_PARAGRAPHS = 400_000

# Paragraphs correspond when this share of the words of both is common and in order, or of the words of the shorter
# one this share and at least so many (a paragraph cut in two).
ALIKE = 0.5
HELD = 0.8
HELD_WORDS = 4

# A paragraph that has moved has at least so many words, of which this share is common, in any order.
MOVED_WORDS = 4
MOVED_ALIKE = 0.6
# A word that more of the paragraphs left over have does not tell which of them belong together.
COMMON_WORD = 4

_BREAK = "\n\n"


class RowKind(StrEnum):
    """How the two sides of a row stand to each other. ``MOVED``: the same paragraph, changed or not, elsewhere."""

    EQUAL = "equal"
    CHANGED = "changed"
    MOVED = "moved"
    ONLY_HERE = "only_here"
    ONLY_THERE = "only_there"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Paragraphs ``first`` to ``last`` of a text, counted from 1; ``text`` has blank lines between them."""

    first: int
    last: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What corresponds: one paragraph on a side, several where the other side breaks the text elsewhere, or none.

    ``words`` tells the changes where both sides are there and differ, and is empty otherwise.
    """

    kind: RowKind
    here: Stretch | None
    there: Stretch | None
    words: tuple[Run, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line that an article has or has not, as its headline, on both sides; ``words`` as for a row."""

    kind: RowKind
    here: str | None
    there: str | None
    words: tuple[Run, ...] = ()


def compare_lines(here: str | None, there: str | None) -> Line:
    """Return how two lines differ; two that are missing are equal."""
    if here == there:
        return Line(kind=RowKind.EQUAL, here=here, there=there)
    if here is None or there is None:
        kind = RowKind.ONLY_HERE if there is None else RowKind.ONLY_THERE
        return Line(kind=kind, here=here, there=there)
    return Line(kind=RowKind.CHANGED, here=here, there=there, words=compare_words(here, there))


def compare_paragraphs(here: str, there: str) -> tuple[Row, ...]:
    """Return what corresponds in two texts, whose paragraphs are separated by blank lines, in the order of
    `_in_order`.

    Paragraphs that are equal are found first. Those between them correspond by their words in order; what is then
    left on one side is looked for anywhere among what is left on the other.
    """
    own, other = here.split(_BREAK), there.split(_BREAK)
    if len(own) + len(other) > MOST_PARAGRAPHS:
        return (_outlined(_stretch(own, 0, len(own) - 1), _stretch(other, 0, len(other) - 1)),)
    rows: list[Row] = []
    room = MOST_CHARS
    i = j = 0
    for block in [*align(own, other), Block(len(own), len(other), 0)]:
        gap, other_gap = _Gap(own, i, block.here), _Gap(other, j, block.there)
        rows += _between(gap, other_gap, room)
        room -= gap.chars + other_gap.chars
        i, j = block.here + block.length, block.there + block.length
        for first, other_first in zip(range(block.here, i), range(block.there, j), strict=True):
            rows.append(_row(_stretch(own, first, first), _stretch(other, other_first, other_first)))
    return tuple(_in_order(_with_moves(rows)))


class _Gap:
    """The paragraphs of one side between two that both sides have; they are counted from 0 here."""

    def __init__(self, paragraphs: Sequence[str], start: int, end: int) -> None:
        self._paragraphs = paragraphs
        self._start = start
        self.size = end - start
        self.chars = sum(len(each) for each in paragraphs[start:end])

    def stretch(self, first: int, last: int) -> Stretch:
        """Return paragraphs ``first`` to ``last``."""
        return _stretch(self._paragraphs, self._start + first, self._start + last)

    def alone(self, first: int, last: int) -> list[Stretch]:
        """Return paragraphs ``first`` to before ``last``, each by itself."""
        return [self.stretch(nth, nth) for nth in range(first, last)]

    def tokens(self) -> tuple[list[str], list[int], list[int]]:
        """Return all tokens in order, which paragraph each is of, and how many words each of these has."""
        found: list[str] = []
        owners: list[int] = []
        sizes: list[int] = []
        for nth in range(self.size):
            own = tokens(self._paragraphs[self._start + nth])
            found += own
            owners += [nth] * len(own)
            sizes.append(sum(map(is_word, own)))
        return found, owners, sizes


def _between(here: _Gap, there: _Gap, room: int) -> Iterator[Row]:
    """Yield the rows of the paragraphs between two that both sides have; ``room`` is how many characters may still be
    compared."""
    if here.size and there.size and here.chars + there.chars > room:
        yield _outlined(here.stretch(0, here.size - 1), there.stretch(0, there.size - 1))
        return
    i = j = 0
    for first, last, there_first, there_last in _correspondences(here, there):
        yield from (_row(each, None) for each in here.alone(i, first))
        yield from (_row(None, each) for each in there.alone(j, there_first))
        yield _row(here.stretch(first, last), there.stretch(there_first, there_last))
        i, j = last + 1, there_last + 1
    yield from (_row(each, None) for each in here.alone(i, here.size))
    yield from (_row(None, each) for each in there.alone(j, there.size))


def _correspondences(here: _Gap, there: _Gap) -> list[tuple[int, int, int, int]]:
    """Return which paragraphs correspond: first and last on the one side, first and last on the other, in order.

    The words in common are in order on both sides, so what they join never crosses.
    """
    if not here.size or not there.size:
        return []
    own, owners, sizes = here.tokens()
    other, other_owners, other_sizes = there.tokens()
    common: Counter[tuple[int, int]] = Counter()
    for start, other_start, length in align(own, other):
        for nth in range(length):
            if is_word(own[start + nth]):
                common[owners[start + nth], other_owners[other_start + nth]] += 1
    found: list[tuple[int, int, int, int]] = []
    for (i, j), words in sorted(common.items()):
        if not _corresponds(words, sizes[i], other_sizes[j]):
            continue
        if found and (found[-1][1] == i or found[-1][3] == j):
            first, _, there_first, _ = found.pop()
            found.append((first, i, there_first, j))
        else:
            found.append((i, i, j, j))
    return found


def _corresponds(common: int, words: int, other_words: int) -> bool:
    if 2 * common >= ALIKE * (words + other_words):
        return True
    return common >= HELD_WORDS and common >= HELD * min(words, other_words)


def _with_moves(rows: Sequence[Row]) -> list[Row]:
    """Join what is on one side only with what is only on the other, where it is the same paragraph elsewhere."""
    pairs = _moves(
        [row.here for row in rows if row.here and not row.there],
        [row.there for row in rows if row.there and not row.here],
    )
    in_place = [row for row in rows if row.here and row.there]
    gone = {mine.first for mine, _ in pairs}
    come = {yours.first for _, yours in pairs}
    alone = [
        row
        for row in rows
        if (row.here is None and row.there and row.there.first not in come)
        or (row.there is None and row.here and row.here.first not in gone)
    ]
    crossing = _crossing(pairs, in_place)
    return in_place + alone + [_row(*pair, moved=pair[0].first in crossing) for pair in pairs]


def _crossing(pairs: Sequence[tuple[Stretch, Stretch]], in_place: Sequence[Row]) -> set[int]:
    """Return the firsts of those pairs, which are in order here, that lie across others or across rows in place."""
    own = sorted(row.here.first for row in in_place if row.here)
    other = sorted(row.there.first for row in in_place if row.there)
    gaps: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    for mine, yours in pairs:
        gaps[bisect_right(own, mine.first), bisect_right(other, yours.first)].append(
            (mine.first, yours.first)
        )
    crossing = set()
    for (gap, other_gap), found in gaps.items():
        highest = list(accumulate((there for _, there in found), max, initial=0))
        lowest = list(accumulate((there for _, there in reversed(found)), min, initial=inf))[::-1]
        crossing |= {
            here
            for nth, (here, there) in enumerate(found)
            if gap != other_gap or not highest[nth] < there < lowest[nth + 1]
        }
    return crossing


def _moves(here: Sequence[Stretch], there: Sequence[Stretch]) -> list[tuple[Stretch, Stretch]]:
    """Return the pairs of which each has more rare words in common with the other than with any third."""
    if not here or not there or sum(len(each.text) for each in (*here, *there)) > MOST_CHARS:
        return []
    bags = [Counter(filter(is_word, tokens(each.text))) for each in here]
    other_bags = [Counter(filter(is_word, tokens(each.text))) for each in there]
    places, other_places = _holders(bags), _holders(other_bags)
    shared: Counter[tuple[int, int]] = Counter()
    for word in places.keys() & other_places.keys():
        shared.update((i, j) for i in places[word] for j in other_places[word])
    best = _best(shared)
    other_best = _best({(j, i): words for (i, j), words in shared.items()})
    found = []
    for i, j in sorted(best.items()):
        common = 2 * (bags[i] & other_bags[j]).total()
        if other_best.get(j) == i and common >= MOVED_ALIKE * (bags[i].total() + other_bags[j].total()):
            found.append((here[i], there[j]))
    return found


def _holders(bags: Sequence[Counter[str]]) -> dict[str, list[int]]:
    """Return for each rare word which paragraphs have it; short paragraphs have none."""
    holders: dict[str, list[int]] = defaultdict(list)
    for nth, bag in enumerate(bags):
        if bag.total() >= MOVED_WORDS:
            for word in bag:
                holders[word].append(nth)
    return {word: places for word, places in holders.items() if len(places) <= COMMON_WORD}


def _best(shared: Mapping[tuple[int, int], int]) -> dict[int, int]:
    """Return for each first the second with which it shares most, unless it shares as much with another."""
    found: dict[int, tuple[int, int | None]] = {}
    for (first, second), words in shared.items():
        most = found.get(first, (0, None))[0]
        if words >= most:
            found[first] = (words, second if words > most else None)
    return {first: second for first, (_, second) in found.items() if second is not None}


def _in_order(rows: Sequence[Row]) -> list[Row]:
    """Return rows as they are read: what is in place on both sides in order; what is only here or has moved where it
    is here; what is only there after that, ahead of the next that is in place."""
    in_place = sorted(
        (row.there.first, row.here.first)
        for row in rows
        if row.here and row.there and row.kind is not RowKind.MOVED
    )

    def place(row: Row) -> tuple[float, bool, int]:
        if row.here:
            return row.here.first, True, 0
        first = row.there.first if row.there else 0
        following = bisect_right(in_place, (first, 0))
        return in_place[following][1] if following < len(in_place) else inf, False, first

    return sorted(rows, key=place)


def _stretch(paragraphs: Sequence[str], first: int, last: int) -> Stretch:
    return Stretch(first=first + 1, last=last + 1, text=_BREAK.join(paragraphs[first : last + 1]))


def _row(here: Stretch | None, there: Stretch | None, *, moved: bool = False) -> Row:
    if here is None or there is None:
        return Row(kind=RowKind.ONLY_HERE if here else RowKind.ONLY_THERE, here=here, there=there)
    equal = here.text == there.text
    kind = RowKind.MOVED if moved else RowKind.EQUAL if equal else RowKind.CHANGED
    words = () if equal else compare_words(here.text, there.text)
    return Row(kind=kind, here=here, there=there, words=words)


def _outlined(here: Stretch, there: Stretch) -> Row:
    """Return the row of texts too long for more: it tells only their common beginning and end from the rest."""
    kind = RowKind.EQUAL if here.text == there.text else RowKind.CHANGED
    words = () if here.text == there.text else outline_words(here.text, there.text)
    return Row(kind=kind, here=here, there=there, words=words)
