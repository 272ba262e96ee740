"""Where one file holds several articles: explicit separators first, then the text itself.

Law: separators win; without evidence there is one article. Between separators, a dynamic programme over the
paragraphs of text maximises: how well each article's words hang together (the marginal likelihood of a
Dirichlet-multinomial, as in Eisenstein and Barzilay 2008), less a fixed price per boundary, plus the weighed evidence
of each gap (a logistic regression). Weights and provenance: ``data/gaps.json``; figures: docs/splitting.md.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from app.intake.cohesion import likelihoods_of
from app.intake.gaps import FEATURES, features_of
from app.intake.language import language_of
from app.intake.lines import Judged, Kind
from app.intake.passages import Floats, Habits, Passage, gap_between, habits_of, passage_of, start_of
from app.intake.reading import Boundary
from app.intake.separators import Separator, separators
from app.intake.terms import Terms

# Paragraphs looked at together. Memory is window x vocabulary, time linear in the number of windows.
_WINDOW = 192
_OVERLAP = 48
# So many rules or form feeds make a pattern that is trusted to be complete; a single one may be chance.
_PATTERN = 2
# Languages whose news the weights were learnt on; in others a new article needs a line that could be its head.
_TRAINED = frozenset({"en"})
_TOO_SHORT = 1e6
_CERTAIN = 1e3


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """What was learnt: the regression over ``FEATURES``, and the terms of the dynamic programme."""

    intercept: float
    coefficients: Floats
    concentration: float
    cohesion: float
    price: float
    opening: float
    evidence: float
    least_logit: float
    fewest_words: int


@lru_cache(maxsize=1)
def weights() -> Weights:
    """Return the weights that ship with the package."""
    learnt = json.loads(files("app.intake").joinpath("data/gaps.json").read_text(encoding="utf-8"))
    coefficients = np.array([learnt["regression"]["coefficients"][name] for name in FEATURES])
    return Weights(
        intercept=learnt["regression"]["intercept"], coefficients=coefficients, **learnt["programme"]
    )


def articles_of(units: Sequence[Judged]) -> tuple[list[Sequence[Judged]], list[Boundary]]:
    """Return the paragraphs of each article in order, and every place that was considered."""
    marks = separators(units)
    boundaries = _at_separators(units, marks)
    if not any(mark.certain for mark in marks) and len(boundaries) < _PATTERN:
        starts = [0, *_starts(boundaries)]
        for start, end in pairwise([*starts, len(units)]):
            boundaries.extend(_in_text(units, start, end))
        boundaries.sort(key=lambda found: found[0])
    cuts = [0, *_starts(boundaries), len(units)]
    groups = [units[start:end] for start, end in pairwise(cuts)]
    return groups, [boundary for _, boundary in boundaries]


def _starts(boundaries: Sequence[tuple[int, Boundary]]) -> list[int]:
    return [start for start, boundary in boundaries if boundary.cut]


def _at_separators(units: Sequence[Judged], marks: Sequence[Separator]) -> list[tuple[int, Boundary]]:
    """Return a cut at every separator that has text between it and the one before."""
    found: list[tuple[int, Boundary]] = []
    before = 0
    for mark in marks:
        if any(units[at].kind is Kind.TEXT for at in range(before, mark.position)):
            line = units[mark.position].paragraph.first
            found.append(
                (mark.position, Boundary(line=line, cut=True, rule=f"a separator: {mark.rule}", figures={}))
            )
        before = mark.position
    return found


def _in_text(units: Sequence[Judged], start: int, end: int) -> list[tuple[int, Boundary]]:
    """Return the places between paragraphs of ``units[start:end]`` where an article may begin, cut or not."""
    texts = [at for at in range(start, end) if units[at].kind is Kind.TEXT]
    gaps = [gap_between(units, before, after) for before, after in pairwise(texts)]
    if not gaps:
        return []
    habits = habits_of(units[start:], gaps)
    language = language_of("\n\n".join(units[at].paragraph.text[:400] for at in texts[:5]))
    found: list[tuple[int, Boundary]] = []
    first = judged = 0
    opened = False
    while judged < len(gaps):
        last = min(first + _WINDOW, len(texts))
        passage = passage_of(units, texts[first:last], gaps[first : last - 1], Terms(language))
        features = features_of(passage, habits)
        raw = evidence(features, weights())
        logits = by_habit(passage, raw, habits, trained=language in _TRAINED)
        cuts = cuts_of(passage, logits, weights(), opened=opened)
        # What stands near the end of a window is judged again with what follows it.
        settled = len(gaps) if last == len(texts) else first + _WINDOW - _OVERLAP
        found.extend(
            (start_of(passage, at), _boundary(passage, features, raw, at, at in cuts, habits))
            for at in range(judged - first, settled - first)
            if at in cuts or logits[at] >= weights().least_logit
        )
        kept = [first + cut + 1 for cut in cuts if judged <= first + cut < settled]
        opened = opened or bool(kept)
        first, judged = max([settled - _OVERLAP, *kept]), settled
    return found


def evidence(features: Floats, learnt: Weights) -> Floats:
    """Return the log odds of a boundary at every gap, as learnt."""
    logits: Floats = learnt.intercept + features @ learnt.coefficients
    return logits


def by_habit(passage: Passage, logits: Floats, habits: Habits, *, trained: bool) -> Floats:
    """Return ``logits`` with what overrules them: where articles open with decks a deck is as good as a separator,
    and in a language the weights do not know no article begins without a line that could be its head."""
    decks = np.array([gap.deck and habits.decked for gap in passage.gaps])
    heads = np.array([trained or bool(gap.titles) or gap.signed for gap in passage.gaps])
    return np.where(decks, _CERTAIN, np.where(heads, logits, -np.inf))


def cuts_of(passage: Passage, logits: Floats, learnt: Weights, *, opened: bool) -> frozenset[int]:
    """Return the gaps of ``passage`` at which cutting is best.

    Paragraphs between which no article may begin are one part to the programme, as many fewer as they are.
    """
    open_gaps = np.flatnonzero(logits >= learnt.least_logit)
    if not len(open_gaps):
        return frozenset()
    starts = np.concatenate(([0], open_gaps + 1))
    words = np.add.reduceat([passage.units[at].words for at in passage.texts], starts)
    counts = np.add.reduceat(passage.counts, starts, axis=0)
    likelihoods = likelihoods_of(counts, passage.share, learnt.concentration)
    cuts = best_cuts(words.tolist(), likelihoods, logits[open_gaps], learnt, opened=opened)
    return frozenset(open_gaps[list(cuts)].tolist())


def best_cuts(
    words: Sequence[int],
    likelihoods: Iterable[Floats],
    logits: Floats,
    learnt: Weights,
    *,
    opened: bool = False,
) -> frozenset[int]:
    """Return the gaps at which cutting is best: the exact optimum, in time quadratic in the paragraphs.

    ``words``: words of each paragraph; ``likelihoods``: as from ``likelihoods_of``, asked for only where needed.
    A gap with less evidence than ``least_logit`` is never cut; an article has at least ``fewest_words`` words. The
    first cut of a file has to earn ``opening`` as well, unless it was ``opened`` before: most files hold one article.
    """
    open_gaps = np.flatnonzero(logits >= learnt.least_logit)
    if not len(open_gaps):
        return frozenset()
    allowed = np.full(len(words), -np.inf)
    allowed[0] = 0.0
    allowed[open_gaps + 1] = learnt.evidence * logits[open_gaps] - learnt.price
    running = np.concatenate(([0], np.cumsum(words)))
    best = np.zeros(len(words) + 1)
    came_from = np.zeros(len(words) + 1, dtype=np.int32)
    whole = 0.0
    for end, likelihood in enumerate(likelihoods, start=1):
        # An article from paragraph s up to, not including, ``end``.
        totals = best[:end] + allowed[:end] + learnt.cohesion * likelihood
        totals[running[end] - running[:end] < learnt.fewest_words] -= _TOO_SHORT
        came_from[end] = int(np.argmax(totals))
        best[end] = totals[came_from[end]]
        whole = float(totals[0])
    if not opened and best[-1] - whole < learnt.opening:
        return frozenset()
    return _traced(came_from)


def _traced(came_from: NDArray[np.int32]) -> frozenset[int]:
    """Follow the best starts back from the end; the gap before a start is the cut."""
    cuts: set[int] = set()
    end = int(came_from[-1])
    while end > 0:
        cuts.add(end - 1)
        end = int(came_from[end])
    return frozenset(cuts)


def _boundary(
    passage: Passage, features: Floats, logits: Floats, at: int, cut: bool, habits: Habits
) -> Boundary:
    """Describe a place that was considered, in words and figures."""
    gap = passage.gaps[at]
    row = dict(zip(FEATURES, features[at].tolist(), strict=True))
    words = max((passage.units[title].words for title in gap.titles), default=0)
    figures = {
        "evidence": round(float(logits[at]), 2),
        "similarity": round(row["cosine_120"], 2),
        "known_names": round(row["known_share"], 2),
        "title_words": float(words),
    }
    title = f"a title-like line of {words} words" if words else "no title-like line"
    if gap.deck and habits.decked:
        title = f"a deck of {words} words, as at the head of the file and in {habits.decks} places below it"
    rule = (
        f"{'a new article' if cut else 'the same article'}: {title}, {row['cosine_120']:.0%} similar words on both "
        f"sides, {row['known_share']:.0%} of the names known before, evidence {logits[at]:+.1f}"
    )
    line = passage.units[start_of(passage, at)].paragraph.first
    return Boundary(line=line, cut=cut, rule=rule, figures=figures)
