"""What decides whether two texts repeat each other: fingerprints that find candidates, and the comparison.

Law: everything here follows from the two texts alone, is the same in every process and on every machine,
and is symmetric: seen from the other side, a link is the same link.
"""

import re
import unicodedata
from dataclasses import dataclass

import numpy as np
import xxhash
from numpy.typing import NDArray

from app.domain.article import RepeatKind
from app.domain.passages import Hashes, Overlap, Passage, WordLine, common_shingles, grams, overlap, word_line

# Winnowing (Schleimer, Wilkerson, Aiken: Winnowing, SIGMOD 2003): of every WINDOW neighbouring hashes of
# GRAM words the smallest is kept, so two texts with GRAM + WINDOW - 1 consecutive words in common share at
# least one hash.
GRAM = 5
WINDOW = 15

# A text of fewer words may have only a handful of hashes, and one in common must do.
FEW_WORDS = 64

# A word is a run of letters and digits; apostrophes and what has no width inside it do not end it. In scripts
# written without spaces every character counts as a word.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_INSIDE = "'’‘ʼ`´\u00ad\u200b\u200c\u200d\u2060\ufeff"
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W_{_UNSPACED}]+(?:[{_INSIDE}]+[^\W_{_UNSPACED}]+)*")
_WITHOUT_INSIDE = str.maketrans("", "", _INSIDE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """Every threshold of the comparison; docs/duplicates.md shows the curves that chose them.

    Shares are fractions of the words of a text, lengths are words.
    """

    held: float = 0.93  # a text is inside another: this share of it is there, and the other has
    added_share: float = 0.36  # ... this share of its own,
    added_run: int = 120  # ... or so many words of its own in one run
    part: float = 0.75  # inside another, with changes: this share is enough where the other has both,
    added_ratio: float = 4.0  # ... and its longest own run is so many times that of the shorter text
    jaccard: float = 0.38  # near copies: this share of all shingles is common,
    aligned: float = 0.76  # ... or this share of the words of either text is in the other, in passages
    short: int = 120  # below so many words, templates with other names and numbers abound:
    short_jaccard: float = 0.5  # ... near copies have more shingles in common,
    short_aligned: float = 0.9  # ... or more words; and nothing is inside another with changes
    apart_run: int = (
        120  # no copies, nor parts with changes: both have so many words of their own in one run,
    )
    apart_share: float = 0.1  # ... which are this share of the text
    passage: int = 45  # so many consecutive words in common are worth a link
    gap: int = 12  # a passage runs on over so many changed words
    least: int = 10  # what is shorter is a phrase, not a passage


DEFAULT = Thresholds()


@dataclass(frozen=True, slots=True, eq=False)
class Print:
    """The fingerprint of one text: ``hashes`` are for the store, ``line`` is what `compare` reads."""

    hashes: tuple[int, ...]
    line: WordLine

    @property
    def words(self) -> int:
        """How many words the text has."""
        return len(self.line.hashes)

    @property
    def shingles(self) -> Hashes:
        """The distinct shingles of the text, sorted."""
        return self.line.shingles


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """How one text repeats another, seen from the first.

    ``jaccard`` and ``containment`` (of the shorter in the longer) are over distinct shingles of four words;
    ``shared_words`` counts words of the shorter text that stand in ``passages``; ``extent`` is where in the
    longer text the bulk of a part stands (words from, words to; None for other kinds); ``rule`` says in words
    what decided.
    """

    kind: RepeatKind
    jaccard: float
    containment: float
    shared_words: int
    passages: tuple[Passage, ...]
    extent: tuple[int, int] | None
    rule: str

    @property
    def inverse(self) -> "Likeness":
        """The same likeness seen from the other text."""
        return Likeness(
            kind=self.kind.inverse,
            jaccard=self.jaccard,
            containment=self.containment,
            shared_words=self.shared_words,
            passages=tuple(sorted((each.inverse for each in self.passages), key=lambda each: each.start)),
            extent=self.extent,
            rule=self.rule,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """What `judge` decides on: a shorter and a longer text of so many words, and what they have in common."""

    words: int
    other_words: int
    jaccard: float
    containment: float
    overlap: Overlap


def fingerprint(body_text: str) -> Print:
    """Return the fingerprint of a text; an empty text gives no hashes.

    White space, case, apostrophes, quotation marks, dashes and other punctuation make no difference. The
    hashes are distinct, sorted, non-negative, below 2**63, and fewer than .13 a word in texts of usual
    length.
    """
    words = _plain("\n".join(_WORD.findall(_composed(body_text))))
    encoded = words.encode("utf-8", "surrogatepass").split()
    hashes = np.fromiter(map(xxhash.xxh3_64_intdigest, encoded), dtype=np.uint64, count=len(encoded))
    return Print(_winnowed(hashes), word_line(hashes))


def _plain(words: str) -> str:
    return unicodedata.normalize("NFKC", words.casefold()).translate(_WITHOUT_INSIDE)


def by_length(a: Print) -> tuple[int, bytes]:
    """Return what orders texts by length, and equally long ones in some way that is always the same."""
    return a.words, a.line.hashes.tobytes()


def required_hits(words: int, other_words: int) -> int:
    """Return how many hashes two texts of so many words must share to be compared: 2, or 1 where either is short."""
    return 1 if min(words, other_words) < FEW_WORDS else 2


def meet(a: Print, b: Print) -> bool:
    """Whether two texts share the hashes that it takes to be compared. No link joins what does not meet."""
    return len(set(a.hashes).intersection(b.hashes)) >= required_hits(a.words, b.words)


def compare(a: Print, b: Print, thresholds: Thresholds = DEFAULT) -> Likeness | None:
    """Return how ``a`` repeats ``b``, or None where they have nothing worth a link in common."""
    if not a.words or not b.words:
        return None
    if by_length(a) > by_length(b):
        seen_from_b = _compared(b, a, thresholds)
        return seen_from_b.inverse if seen_from_b else None
    return _compared(a, b, thresholds)


def _compared(a: Print, b: Print, limits: Thresholds) -> Likeness | None:
    """Compare the shorter text ``a`` with the longer ``b``."""
    measured = measure(a, b, limits)
    kind = judge(measured, limits) if measured else None
    if measured is None or kind is None:
        return None
    found = measured.overlap
    return Likeness(
        kind=kind,
        jaccard=measured.jaccard,
        containment=measured.containment,
        shared_words=found.shared,
        passages=found.passages,
        extent=_extent(found.passages) if kind is RepeatKind.PART else None,
        rule=_reason(kind, a.words, b.words, found),
    )


def measure(a: Print, b: Print, limits: Thresholds = DEFAULT) -> Measures | None:
    """Measure the shorter text ``a`` against the longer ``b``; None where they share no shingle."""
    common = common_shingles(a.line, b.line)
    if not common:
        return None
    return Measures(
        words=a.words,
        other_words=b.words,
        jaccard=common / (len(a.shingles) + len(b.shingles) - common),
        containment=common / min(len(a.shingles), len(b.shingles)),
        overlap=overlap(a.line, b.line, gap=limits.gap, least=min(limits.least, a.words)),
    )


def judge(measured: Measures, limits: Thresholds = DEFAULT) -> RepeatKind | None:
    """Decide what the shorter text is to the longer: ``copy``, ``part``, ``shares`` or nothing."""
    found, words, other_words = measured.overlap, measured.words, measured.other_words
    here, there = found.shared / words, found.other_shared / other_words
    much_own, long_own = there <= 1 - limits.added_share, found.other_own >= limits.added_run
    if here >= limits.held and (much_own or long_own):
        return RepeatKind.PART
    if not _apart(measured, limits):
        long = words >= limits.short
        lopsided = much_own and long_own and found.other_own >= limits.added_ratio * found.own
        if long and lopsided and here >= limits.part:
            return RepeatKind.PART
        if measured.jaccard >= (limits.jaccard if long else limits.short_jaccard):
            return RepeatKind.COPY
        if min(here, there) >= (limits.aligned if long else limits.short_aligned):
            return RepeatKind.COPY
    if max((passage.equal for passage in found.passages), default=0) >= limits.passage:
        return RepeatKind.SHARES
    return None


def _apart(measured: Measures, limits: Thresholds) -> bool:
    """Whether each text has a long run of its own: two articles around the same furniture or quotations."""
    owns = (measured.overlap.own, measured.words), (measured.overlap.other_own, measured.other_words)
    return all(own >= max(limits.apart_run, limits.apart_share * length) for own, length in owns)


def _extent(passages: tuple[Passage, ...]) -> tuple[int, int]:
    """Where nine tenths of the shared words stand in the other text: a stray sentence elsewhere does not count."""
    placed = sorted((each.other_start, each.words) for each in passages)
    slack = 0.05 * sum(words for _, words in placed)
    return _after(placed, slack), -_after(
        [(-(start + words), words) for start, words in reversed(placed)], slack
    )


def _after(placed: list[tuple[int, int]], slack: float) -> int:
    """Return where the passage starts that holds the word after the first ``slack`` ones."""
    for start, words in placed:
        slack -= words
        if slack < 0:
            return start
    return placed[-1][0]


def _reason(kind: RepeatKind, words: int, other_words: int, found: Overlap) -> str:
    here = f"{found.shared} of {words} words of the shorter text are in the longer"
    there = f"{found.other_shared} of {other_words} the other way round"
    longest = max((passage.equal for passage in found.passages), default=0)
    match kind:
        case RepeatKind.COPY:
            return f"near copy: {here}, {there}"
        case RepeatKind.SHARES:
            return f"passages in common, the longest of {longest} words: {here}, {there}"
        case _:
            return f"one inside the other: {here}, {there}; the longer adds text of its own"


def _composed(text: str) -> str:
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


def _winnowed(hashes: Hashes) -> tuple[int, ...]:
    rolled = grams(hashes, GRAM) >> np.uint64(1)
    if not len(rolled):
        return ()
    windows = np.lib.stride_tricks.sliding_window_view(rolled, min(WINDOW, len(rolled)))
    return tuple(np.unique(windows.min(axis=1)).tolist())


def word_spans(body_text: str) -> list[tuple[int, int]]:
    """Return where in ``body_text`` each word stands that `fingerprint` counts: (start, end) in code points.

    The n-th span is that of the n-th word of passages. What is printed as one word and counted as several is
    returned as often.
    """
    composed = _composed(body_text)
    spans = [found.span() for found in _WORD.finditer(composed) for _ in range(_counted_words(found.group()))]
    if composed is body_text:
        return spans
    # Both texts decompose into the same one: a place in it leads from one to the other.
    here, there = _decomposed_ends(composed), _decomposed_ends(body_text)
    starts = here[[start for start, _ in spans]]
    ends = here[[end for _, end in spans]]
    return list(
        zip(
            (np.searchsorted(there, starts, side="right") - 1).tolist(),
            np.searchsorted(there, ends).tolist(),
            strict=True,
        )
    )


def _counted_words(printed: str) -> int:
    if printed.isascii():
        return 1
    return len(_plain(printed).split())


def _decomposed_ends(text: str) -> NDArray[np.int64]:
    """Return how long the canonical decomposition of the first n characters is, for n from 0."""
    lengths = {char: len(unicodedata.normalize("NFD", char)) for char in set(text)}
    ends = np.zeros(len(text) + 1, dtype=np.int64)
    np.cumsum(np.fromiter((lengths[char] for char in text), np.int64, len(text)), out=ends[1:])
    return ends
