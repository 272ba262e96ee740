"""What two texts have in common, for a reader: where the shared passages stand, what either has of its own, and why
one of them is the original.

Law: pure. Places are spans of code points in the body_text; counts are words as `fingerprint` counts them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from heapq import nsmallest
from itertools import groupby

from app.domain.family import Member
from app.domain.fingerprint import Print, by_length, fingerprint, word_spans
from app.domain.likeness import DEFAULT
from app.domain.passages import Overlap, common_shingles, overlap
from app.domain.text import fold


class OriginalBecause(StrEnum):
    """Why an article is the original of its family: one reason, whichever of its duplicates is asked for it.

    ``PUBLISHED_FIRST``: it was published before, or has a date and the others none. ``RECEIVED_FIRST``: as far as that
    does not decide, it came in before. ``LONGEST``: nor that. ``HOLDS_THE_OTHER``: whichever was first, it holds
    another's text, or that of which another is a copy, and has more. ``REPEATED_BY_ALL``: not all copies repeat what
    was first, and all repeat it. ``RULED``: a person said so, or ruled that what would be before it repeats it.
    """

    PUBLISHED_FIRST = "published_first"
    RECEIVED_FIRST = "received_first"
    LONGEST = "longest"
    HOLDS_THE_OTHER = "holds_the_other"
    REPEATED_BY_ALL = "repeated_by_all"
    RULED = "ruled"

    @property
    def sentence(self) -> str:
        """The reason in words, of the original: "it is the longest"."""
        match self:
            case OriginalBecause.PUBLISHED_FIRST:
                return "it has the earliest date of publication"
            case OriginalBecause.RECEIVED_FIRST:
                return "where dates do not decide, it came in first"
            case OriginalBecause.LONGEST:
                return "it is the longest"
            case OriginalBecause.HOLDS_THE_OTHER:
                return "it holds a shorter text and adds to it"
            case OriginalBecause.REPEATED_BY_ALL:
                return "all copies repeat it, and not all repeat the first"
            case OriginalBecause.RULED:
                return "a person ruled so"

    def said_of(self, original: str) -> str:
        """The reason as a sentence about ``original``, as it is called where it is said: "This one", "A"."""
        return f"{original} is kept as the original: {self.sentence}."


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A piece of a body_text, in code points, the end exclusive."""

    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedPassage:
    """A passage that two texts share, of as many words in both; it may bridge a few that differ. ``beginning`` is how
    it begins in the text that is here."""

    words: int
    beginning: str
    here: Span
    there: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedPassage:
    """A passage that two linked texts share, of as many words in both: with which of the words that are compared
    (furniture is not) it begins in either, from 1, and how it begins in the text that is here."""

    words: int
    word_here: int
    word_there: int
    beginning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Common:
    """What two texts have in common.

    ``jaccard`` and ``containment`` (of the shorter in the longer) are over distinct shingles of four words;
    ``shared_words`` counts words of the shorter text that stand in ``passages``, which come in the order of the text
    that is here. ``only_here`` and ``only_there`` are what lies between and around the passages.
    """

    jaccard: float
    containment: float
    shared_words: int
    passages: tuple[SharedPassage, ...]
    only_here: tuple[Span, ...]
    only_there: tuple[Span, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Carriage:
    """How a text carries another: the share of the other's words that it has, how many words it has of its own, how
    the longest runs of these begin, in order, and how many shorter runs there are. A word changed inside a shared
    passage is a run as well."""

    share: float
    added_words: int
    added: tuple[str, ...]
    added_more: int


# How many runs of one's own words are shown, and how many words of each.
_ADDED_SHOWN = 3
_BEGINNING = 14

# Of a link the longest passages are told: the comparison of the two has them all.
MOST_PASSAGES = 5


def why_original(original: Member, rival: Member, *, copies: bool, ruled: bool) -> OriginalBecause:
    """Return why ``original`` is that and not ``rival``, which would be it in its place; ``copies`` says whether they
    are gathered as copies of one text, of which the most senior that stands for all is the original, and ``ruled``
    whether a person ruled otherwise."""
    if ruled:
        return OriginalBecause.RULED
    if not copies:
        return OriginalBecause.HOLDS_THE_OTHER
    if rival.seniority < original.seniority:
        return OriginalBecause.REPEATED_BY_ALL
    published, received, *_ = original.seniority
    rival_published, rival_received, *_ = rival.seniority
    if published != rival_published:
        return OriginalBecause.PUBLISHED_FIRST
    return OriginalBecause.RECEIVED_FIRST if received != rival_received else OriginalBecause.LONGEST


def find_common(here: str, there: str) -> Common:
    """Return what two texts have in common. Swapping them swaps the sides of what is returned."""
    own, other = fingerprint(here), fingerprint(there)
    seen_here, seen_there = _overlap(own, other), _overlap(other, own)
    # As `compare` does it: from the shorter to the longer.
    turned = by_length(own) > by_length(other)
    shared = seen_there if turned else seen_here
    passages = [each.inverse if turned else each for each in shared.passages]
    shingles = common_shingles(own.line, other.line)
    fewer = min(len(own.shingles), len(other.shingles))
    every = len(own.shingles) + len(other.shingles) - shingles
    spans, other_spans = word_spans(here), word_spans(there)
    return Common(
        jaccard=shingles / every if every else 0.0,
        containment=shingles / fewer if fewer else 0.0,
        shared_words=shared.shared,
        passages=tuple(
            SharedPassage(
                words=each.words,
                beginning=_beginning(here, spans, each.start, each.start + each.words),
                here=_span(spans, each.start, each.start + each.words),
                there=_span(other_spans, each.other_start, each.other_start + each.words),
            )
            for each in sorted(passages, key=lambda each: (each.start, each.other_start))
        ),
        only_here=tuple(_span(spans, *run) for run in _own_runs(own.words, seen_here, seen_there)),
        only_there=tuple(_span(other_spans, *run) for run in _own_runs(other.words, seen_there, seen_here)),
    )


def longest_passages(
    compared: str, links: Sequence[Sequence[tuple[int, int, int]]]
) -> list[tuple[LinkedPassage, ...]]:
    """Return the longest passages of each link of a text, the longest first, at most `MOST_PASSAGES` of each.

    ``compared`` is the text as it is compared; ``links`` have of each passage with which word it begins here and there,
    from 0, and its words. The text is looked through once, however many links there are.
    """
    spans = word_spans(compared) if links else []
    return [
        tuple(
            LinkedPassage(
                words=words,
                word_here=here + 1,
                word_there=there + 1,
                beginning=_beginning(compared, spans, here, here + words),
            )
            for here, there, words in nsmallest(
                MOST_PASSAGES, passages, key=lambda each: (-each[2], each[0], each[1])
            )
        )
        for passages in links
    ]


def find_carriage(original: Print, carrier: str) -> Carriage:
    """Return how a text carries the original."""
    own = fingerprint(carrier)
    shared = _overlap(original, own)
    spans = word_spans(carrier)
    runs = list(_added_runs(own, original, _overlap(own, original), shared))
    longest = sorted(runs, key=lambda run: (run[0] - run[1], run))[:_ADDED_SHOWN]
    return Carriage(
        share=shared.shared / original.words if original.words else 0.0,
        added_words=sum(end - start for start, end in runs),
        added=tuple(_beginning(carrier, spans, *run) for run in sorted(longest)),
        added_more=len(runs) - len(longest),
    )


def _added_runs(
    own: Print, original: Print, seen_own: Overlap, seen_original: Overlap
) -> Iterator[tuple[int, int]]:
    """Yield the runs of words (from, to) of a text that the original does not have, those inside passages that bridge
    them included: where words are changed throughout, there are no others."""
    added = bytearray(b"\1") * own.words
    for passage in (*seen_own.passages, *(each.inverse for each in seen_original.passages)):
        here, there = passage.start, passage.other_start
        words = own.line.hashes[here : here + passage.words]
        same = words == original.line.hashes[there : there + passage.words]
        for place in same.nonzero()[0].tolist():
            added[here + place] = 0
    for is_added, places in groupby(range(own.words), key=added.__getitem__):
        if is_added:
            run = list(places)
            yield run[0], run[-1] + 1


def _overlap(own: Print, other: Print) -> Overlap:
    if not own.words or not other.words:
        return Overlap((), 0, 0, (own.words,), (other.words,))
    least = min(DEFAULT.least, own.words, other.words)
    return overlap(own.line, other.line, gap=DEFAULT.gap, least=least)


def _own_runs(words: int, seen_here: Overlap, seen_there: Overlap) -> Iterator[tuple[int, int]]:
    """Yield the runs of words (from, to) of a text of so many that stand in no passage it shares with another, from
    whichever of the two these are seen: of what one prints twice and the other once, each finds one."""
    passages = [*seen_here.passages, *(each.inverse for each in seen_there.passages)]
    at = 0
    for passage in sorted(passages, key=lambda each: each.start):
        if passage.start > at:
            yield at, passage.start
        at = max(at, passage.start + passage.words)
    if at < words:
        yield at, words


def _span(spans: Sequence[tuple[int, int]], start: int, end: int) -> Span:
    """Return the span of the words from ``start`` to before ``end``."""
    return Span(start=spans[start][0], end=spans[end - 1][1])


def _beginning(text: str, spans: Sequence[tuple[int, int]], start: int, end: int) -> str:
    """Return the first words of a run, on one line, with an ellipsis where it goes on."""
    shown = min(end, start + _BEGINNING)
    words = fold(text[spans[start][0] : spans[shown - 1][1]])
    return words if shown == end else f"{words} …"
