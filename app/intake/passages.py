"""Paragraphs of text with the gaps between them, as the splitter sees them: counts, names, possible heads.

Law: bounded by the window it is made for; memory is paragraphs times vocabulary.
"""

import itertools
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.intake.background import background
from app.intake.lines import Judged, Kind
from app.intake.terms import Names, Terms, names_in

Floats = NDArray[np.float64]
Counts = NDArray[np.int32]

# Paragraphs on either side of a gap in which the words of a title are looked for.
_TITLE_REACH = 3
_SECTION_WORDS = 3
# A deck has so many words, opens with a capital, ends with a word, and has no second sentence, link or handle in it.
_DECK_WORDS = 12
_PLAIN_SENTENCE = re.compile(r"[^\W\d_a-z](?![A-Z]+ [A-Z]+ )(?:(?![.!?] |//|@|#|\||…)[^\n])*[^\W\d_]['’\"”]?")
# So many places with a deck, and such a share of all places with a title-like line, are a pattern.
_DECK_PATTERN = 3
_DECK_SHARE = 0.75


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """What stands between two paragraphs of text: where a new article would start, and the lines that may be heads.

    ``start`` is an index into the units; ``titles`` are the indexes of title-like lines.
    """

    start: int
    titles: tuple[int, ...]
    deck: bool
    signed: bool
    furniture: int
    blanks: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """What is usual in a file: how many gaps there are, how many with title-like lines, with
    decks, and how many blank lines a gap has."""

    gaps: int
    titled: int
    decks: int
    opens_with_deck: bool
    blanks: int

    @property
    def decked(self) -> bool:
        """Articles here open with decks: the file does, and so do most places in it that have a title-like line.

        Of 3,000 single AllSides articles (training and tuning part) four look like that.
        """
        return (
            self.opens_with_deck and self.decks >= _DECK_PATTERN and self.decks >= _DECK_SHARE * self.titled
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """Consecutive paragraphs of text with the gaps between them, as counts over one vocabulary."""

    units: Sequence[Judged]
    texts: tuple[int, ...]  # indexes into units
    gaps: tuple[Gap, ...]  # one fewer
    counts: Counts  # paragraphs x vocabulary
    sizes: Counts  # terms of each paragraph
    rarity: Floats  # per term of the vocabulary: log of documents over documents that have it
    share: Floats  # per term of the vocabulary: its share of running text
    title_terms: tuple[tuple[Counts, ...], ...]  # per gap, per title-like line: the columns of its terms
    names: tuple[Names, ...]


def passage_of(units: Sequence[Judged], texts: Sequence[int], gaps: Sequence[Gap], terms: Terms) -> Passage:
    """Return the paragraphs at ``texts`` counted and the gaps between them; memory is paragraphs x vocabulary."""
    vocabulary: defaultdict[str, int] = defaultdict()
    vocabulary.default_factory = vocabulary.__len__
    found = [[vocabulary[term] for term in terms.of(units[at].paragraph.text)] for at in texts]
    titles = [
        [sorted({vocabulary[term] for term in terms.of(units[at].paragraph.text)}) for at in gap.titles]
        for gap in gaps
    ]
    sizes = np.array([len(columns) for columns in found], dtype=np.int32)
    rows = np.repeat(np.arange(len(found)) * len(vocabulary), sizes)
    columns = np.fromiter(itertools.chain.from_iterable(found), dtype=np.intp, count=len(rows))
    counts = np.bincount(rows + columns, minlength=len(found) * len(vocabulary))
    rarity, share = background().figures(vocabulary)
    return Passage(
        units=units,
        texts=tuple(texts),
        gaps=tuple(gaps),
        counts=counts.astype(np.int32).reshape(len(found), len(vocabulary)),
        sizes=sizes,
        rarity=rarity,
        share=share,
        title_terms=tuple(tuple(np.array(columns, dtype=np.int32) for columns in lines) for lines in titles),
        names=tuple(names_in(units[at].paragraph.text) for at in texts),
    )


def gap_between(units: Sequence[Judged], before: int, after: int) -> Gap:
    """Describe what stands between the paragraphs of text at ``before`` and ``after``.

    Short sentences directly after a paragraph belong to it, and furniture closes the article above; what would be
    the new article starts at the first line that could be a head.
    """
    between = range(before + 1, after)
    heads = (Kind.TITLE, Kind.BYLINE, Kind.DATE)
    start = next((at for at in between if units[at].kind in heads), after)
    return Gap(
        start=start,
        titles=tuple(at for at in between if units[at].kind is Kind.TITLE),
        deck=any(is_deck(units[at]) for at in between),
        signed=any(units[at].kind in (Kind.BYLINE, Kind.DATE) for at in between),
        furniture=sum(units[at].kind in (Kind.FURNITURE, Kind.SECTION, Kind.TEASER) for at in between),
        blanks=max(units[at].paragraph.blanks for at in range(before + 1, after + 1)),
    )


def habits_of(units: Sequence[Judged], gaps: Sequence[Gap]) -> Habits:
    """Return what is usual in the gaps of a file, of which there is at least one; ``units`` begin with its head."""
    head = itertools.takewhile(lambda unit: unit.kind is not Kind.TEXT, units)
    return Habits(
        gaps=len(gaps),
        titled=sum(bool(gap.titles) for gap in gaps),
        decks=sum(gap.deck for gap in gaps),
        opens_with_deck=any(is_deck(unit) for unit in head),
        blanks=sorted(gap.blanks for gap in gaps)[len(gaps) // 2],
    )


def is_deck(unit: Judged) -> bool:
    """Say whether a title-like line reads as one plain sentence without its stop; captions and embeds do not."""
    return (
        unit.kind is Kind.TITLE
        and unit.words >= _DECK_WORDS
        and _PLAIN_SENTENCE.fullmatch(unit.paragraph.text) is not None
    )


def sides_shared(
    passage: Passage, index: int, columns: Counts
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Say of each term whether it stands in the paragraphs just after a gap, and in those just before."""
    after = passage.counts[index + 1 : index + 1 + _TITLE_REACH, columns].sum(axis=0) > 0
    before = passage.counts[max(0, index + 1 - _TITLE_REACH) : index + 1, columns].sum(axis=0) > 0
    return after, before


def start_of(passage: Passage, index: int) -> int:
    """Return the unit at which the new article starts, if one does in the gap at ``index``.

    That is the first title-like line which shares more rare terms with the text below it than with the text above;
    else the last one that shares no less and is longer than a section's name; else a byline or date; else the text.
    A byline or date directly above comes along.
    """
    gap = passage.gaps[index]
    weighed: list[tuple[int, float]] = []
    for at, columns in zip(gap.titles, passage.title_terms[index], strict=True):
        after, before = sides_shared(passage, index, columns)
        rarity = passage.rarity[columns]
        weighed.append((at, float(rarity[after].sum() - rarity[before].sum())))
    below = [at for at, balance in weighed if balance > 0]
    undecided = [
        at for at, balance in weighed[-1:] if balance == 0 and passage.units[at].words > _SECTION_WORDS
    ]
    chosen = [*below, *undecided, *([gap.start] if not gap.titles else []), passage.texts[index + 1]][0]
    while chosen - 1 > passage.texts[index] and passage.units[chosen - 1].kind in (Kind.BYLINE, Kind.DATE):
        chosen -= 1
    return chosen
