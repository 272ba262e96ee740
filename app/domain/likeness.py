"""Whether two texts repeat each other, and how: the comparison, and every threshold it goes by.

Law: a link follows from its two texts alone and is symmetric: seen from the other side, it is the same link.
"""

from dataclasses import dataclass

from app.domain.article import RepeatKind
from app.domain.fingerprint import Print, by_length
from app.domain.passages import Passage, common_shingles, longest_passage, overlap


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """Every threshold of the comparison; docs/duplicates.md shows the curves that chose them.

    Shares are fractions of the words of a text, lengths are words.
    """

    held: float = 0.93  # a text is inside another: this share of it is there, and the other adds to it:
    added_run: int = 90  # ... its longest own run is so many words longer than that of the shorter text,
    added_runs: float = 0.2  # ... or its long runs make up so many words as well, and this share of it,
    added_share: float = 0.36  # ... or all it has of its own makes up this share
    part: float = 0.75  # inside another, with changes: this share is enough where the other adds a run,
    added_ratio: float = 4.0  # ... so many times as long as the longest own run of the shorter text
    jaccard: float = 0.38  # near copies: this share of all shingles is common,
    aligned: float = 0.76  # ... or this share of the words of either text is in the other, in passages
    short: int = 120  # below so many words, templates with other names and numbers abound:
    short_jaccard: float = 0.5  # ... near copies have more shingles in common,
    short_aligned: float = 0.9  # ... or more words; and nothing is inside another with changes
    distinct: float = 0.2  # whatever the words: this share of the shingles; a refrain is no text
    apart_run: int = 120  # no copies, nor parts with changes: both have so long a run of their own,
    apart_share: float = 0.1  # ... which is this share of the text
    passage: int = 45  # so many consecutive words in common are worth a link; own runs of as many are long
    gap: int = 12  # a passage runs on over so many changed words
    least: int = 10  # what is shorter is a phrase, not a passage


DEFAULT = Thresholds()


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """What a link is judged by: a shorter and a longer text of so many words, and what they have in common.

    ``jaccard`` and ``containment`` (of the shorter in the longer) are over distinct shingles of four words;
    ``shared`` and ``other_shared`` count the words of either that stand in passages they share, ``longest`` the equal
    ones in the longest passage. ``own`` and ``other_own`` are the longest runs of words that the other text does not
    have, ``added`` all words of the longer text in such runs of `Thresholds.passage` words and more.
    """

    words: int
    other_words: int
    jaccard: float
    containment: float
    shared: int
    other_shared: int
    longest: int
    own: int
    other_own: int
    added: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """How one text repeats another, seen from the first.

    ``extent`` is where in the longer text the bulk of a part stands (words from, words to; None for other kinds);
    ``measures`` are the same from either side.
    """

    kind: RepeatKind
    measures: Measures
    passages: tuple[Passage, ...]
    extent: tuple[int, int] | None

    @property
    def jaccard(self) -> float:
        """The share of all distinct shingles that both texts have."""
        return self.measures.jaccard

    @property
    def containment(self) -> float:
        """The share of the distinct shingles of the shorter text that the longer has."""
        return self.measures.containment

    @property
    def shared_words(self) -> int:
        """How many words of the shorter text stand in ``passages``."""
        return self.measures.shared

    @property
    def rule(self) -> str:
        """What decided, in words."""
        return _reason(self.kind, self.measures)

    @property
    def inverse(self) -> "Likeness":
        """The same likeness seen from the other text."""
        return Likeness(
            kind=self.kind.inverse,
            measures=self.measures,
            passages=tuple(sorted((each.inverse for each in self.passages), key=lambda each: each.start)),
            extent=self.extent,
        )


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
    if _is_beneath(a, b, limits):
        return None
    measured = measure(a, b, limits)
    kind = judge(measured[0], limits) if measured else None
    if measured is None or kind is None:
        return None
    measures, passages = measured
    extent = _extent(passages) if kind is RepeatKind.PART else None
    return Likeness(kind=kind, measures=measures, passages=passages, extent=extent)


def _is_beneath(a: Print, b: Print, limits: Thresholds) -> bool:
    """Whether all the two have in common are phrases: what `judge` would say no to whatever else is measured.

    Copies and parts share more shingles, and what else is linked has a long passage. Most texts that are compared in a
    large archive go out here, at a quarter of the cost.
    """
    common = common_shingles(a.line, b.line)
    few = min(limits.distinct, limits.jaccard, limits.short_jaccard) * min(len(a.shingles), len(b.shingles))
    return (
        common < few
        and longest_passage(a.line, b.line, gap=limits.gap, enough=limits.passage) < limits.passage
    )


def measure(a: Print, b: Print, limits: Thresholds = DEFAULT) -> tuple[Measures, tuple[Passage, ...]] | None:
    """Measure the shorter text ``a`` against the longer ``b``; None where they share no shingle."""
    common = common_shingles(a.line, b.line)
    if not common:
        return None
    found = overlap(a.line, b.line, gap=limits.gap, least=min(limits.least, a.words))
    measures = Measures(
        words=a.words,
        other_words=b.words,
        jaccard=common / (len(a.shingles) + len(b.shingles) - common),
        containment=common / min(len(a.shingles), len(b.shingles)),
        shared=found.shared,
        other_shared=found.other_shared,
        longest=max((passage.equal for passage in found.passages), default=0),
        own=max(found.own, default=0),
        other_own=max(found.other_own, default=0),
        added=sum(run for run in found.other_own if run >= limits.passage),
    )
    return measures, found.passages


def judge(of: Measures, limits: Thresholds = DEFAULT) -> RepeatKind | None:
    """Decide what the shorter text is to the longer: ``copy``, ``part``, ``shares`` or nothing."""
    is_long = of.words >= limits.short
    may_be_held = of.other_words > of.words and of.containment >= limits.distinct
    here, there = of.shared / of.words, of.other_shared / of.other_words
    if may_be_held and here >= limits.held and _adds(of, limits):
        return RepeatKind.PART
    lopsided = is_long and of.other_own >= max(limits.added_run, limits.added_ratio * of.own)
    if not _apart(of, limits):
        if may_be_held and lopsided and here >= limits.part:
            return RepeatKind.PART
        alike = of.jaccard >= (limits.jaccard if is_long else limits.short_jaccard)
        aligned = min(here, there) >= (limits.aligned if is_long else limits.short_aligned)
        if not lopsided and (alike or (aligned and of.jaccard >= limits.distinct)):
            return RepeatKind.COPY
    return RepeatKind.SHARES if of.longest >= limits.passage else None


def _adds(of: Measures, limits: Thresholds) -> bool:
    """Whether the longer text adds text of its own, more than a paragraph or sentences here and there."""
    in_one_run = of.other_own - of.own >= limits.added_run
    in_long_runs = of.added - of.own >= limits.added_run and of.added >= limits.added_runs * of.other_words
    return (
        in_one_run or in_long_runs or of.other_words - of.other_shared >= limits.added_share * of.other_words
    )


def _apart(of: Measures, limits: Thresholds) -> bool:
    """Whether each text has a long run of its own: two articles around the same furniture or quotations."""
    owns = (of.own, of.words), (of.other_own, of.other_words)
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


def _reason(kind: RepeatKind, of: Measures) -> str:
    here = f"{of.shared} of {of.words} words of the shorter text are in the longer"
    there = f"{of.other_shared} of {of.other_words} the other way round"
    match kind:
        case RepeatKind.COPY:
            return f"near copy: {here}, {there}"
        case RepeatKind.SHARES:
            return f"passages in common, the longest of {of.longest} words: {here}, {there}"
        case _:
            return f"one inside the other: {here}, {there}; the longer adds text of its own"
