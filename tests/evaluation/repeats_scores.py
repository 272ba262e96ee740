"""Edited texts asked of an archive, and how many of the right links come back.

Law: a link of the wrong kind is a miss and a false link at once.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field

import numpy as np

from app.domain.article import RepeatKind
from app.domain.doubt import doubt
from app.domain.fingerprint import Print, fingerprint
from app.domain.likeness import DEFAULT, Measures, Thresholds, judge, measure
from tests.evaluation.curve import Curve
from tests.evaluation.edits import Edit
from tests.evaluation.repeats_texts import Archive, Half

# Edited texts of each kind and set, per half.
SAMPLES = 150

# What each threshold is moved through, the others staying as they are.
SWEEPS: dict[str, tuple[float, ...]] = {
    "jaccard": (0.2, 0.25, 0.3, 0.34, 0.38, 0.42, 0.46, 0.5, 0.6),
    "aligned": (0.55, 0.6, 0.65, 0.7, 0.76, 0.8, 0.85, 0.9),
    "held": (0.7, 0.8, 0.85, 0.9, 0.93, 0.96, 0.99),
    "added_run": (30, 50, 70, 80, 90, 100, 120, 150, 200),
    "added_runs": (0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4),
    "added_share": (0.1, 0.2, 0.25, 0.3, 0.36, 0.4, 0.45),
    "part": (0.5, 0.6, 0.7, 0.75, 0.8, 0.9),
    "added_ratio": (1, 2, 3, 4, 6, 10),
    "apart_run": (40, 60, 80, 100, 120, 150, 200),
    "passage": (20, 30, 40, 45, 50, 60, 80),
}


@dataclass(frozen=True, slots=True)
class Found:
    """A candidate of a query: whether the query was made of it, and how the shorter text measures in the longer."""

    source: bool
    edited_is_shorter: bool
    measures: Measures

    def kind(self, limits: Thresholds) -> RepeatKind | None:
        """Return what the edited text is to the candidate."""
        kind = judge(self.measures, limits)
        return kind.inverse if kind and not self.edited_is_shorter else kind


@dataclass(frozen=True, slots=True)
class Query:
    """An edited text, how many archived texts it was made of, how many of them were candidates, and what was found."""

    edit: Edit
    sources: int
    candidates: int
    found: tuple[Found, ...]


@dataclass(slots=True)
class Score:
    """Counts over queries: ``wanted`` links, those among the ``candidates``, ``right`` ones, ``wrong`` ones."""

    wanted: int = 0
    candidates: int = 0
    right: int = 0
    wrong: int = 0
    kinds: Counter[str] = field(default_factory=Counter)

    def __add__(self, other: "Score") -> "Score":
        return Score(
            self.wanted + other.wanted,
            self.candidates + other.candidates,
            self.right + other.right,
            self.wrong + other.wrong,
            self.kinds + other.kinds,
        )

    @property
    def precision(self) -> float:
        return self.right / max(1, self.right + self.wrong)

    @property
    def recall(self) -> float:
        return self.right / max(1, self.wanted)

    @property
    def f1(self) -> float:
        return 2 * self.precision * self.recall / max(1e-9, self.precision + self.recall)


def queries(half: Half, edits: Iterable[Edit], chance: np.random.Generator) -> list[Query]:
    """Return edited texts of every kind with the candidates found for them, in equal parts from both sets."""
    made = []
    for edit in edits:
        for number in range(2 * SAMPLES):
            side = number % 2 * (len(half.texts) // 2)
            picked = (side + chance.choice(len(half.texts) // 2, size=edit.parts, replace=False)).tolist()
            strange = [half.strange[int(place)] for place in chance.integers(len(half.strange), size=6)]
            edited = fingerprint(edit.apply(chance, [half.texts[place] for place in picked], strange))
            made.append(_asked(half.archive, edit, edited, set(picked)))
    return made


def _asked(archive: Archive, edit: Edit, edited: Print, sources: set[int]) -> Query:
    places = {int(found.head) for found in archive.candidates(edited)}
    found = []
    for place in sorted(places):
        other = archive.prints[place]
        shorter = edited.words <= other.words
        measured = measure(edited, other) if shorter else measure(other, edited)
        if measured:
            found.append(Found(place in sources, shorter, measured[0]))
    return Query(edit, len(sources), len(places & sources), tuple(found))


def score(asked: Iterable[Query], limits: Thresholds) -> dict[str, Score]:
    """Return the counts for each kind of edit. A link of the wrong kind counts as missed and as wrong."""
    scores: dict[str, Score] = defaultdict(Score)
    for query in asked:
        counts = scores[query.edit.name]
        trap = not query.edit.kinds
        counts.wanted += 0 if trap else query.sources
        counts.candidates += 0 if trap else query.candidates
        for found in query.found:
            kind = found.kind(limits)
            if kind is None:
                continue
            counts.kinds[kind] += found.source
            right = found.source and kind in query.edit.kinds
            counts.right += right
            # Passages in common between a trap and its source are no error.
            counts.wrong += not right and not (trap and found.source and kind is RepeatKind.SHARES)
    return dict(scores)


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubted:
    """A link that folds an edited text and another: how doubtful it is, what was edited, and whether it is right."""

    doubt: float
    edit: str
    kind: RepeatKind
    right: bool
    measures: Measures


def doubted(asked: Iterable[Query], limits: Thresholds) -> list[Doubted]:
    """Return the links that fold, the most doubtful first."""
    links = []
    for query in asked:
        for found in query.found:
            kind = found.kind(limits)
            told = doubt(kind, found.measures, limits) if kind else None
            if kind and told is not None:
                right = found.source and kind in query.edit.kinds
                links.append(
                    Doubted(doubt=told, edit=query.edit.name, kind=kind, right=right, measures=found.measures)
                )
    return sorted(links, key=lambda link: -link.doubt)


def _moved(name: str, value: float) -> Thresholds:
    limits: Mapping[str, float] = {**asdict(DEFAULT), name: value}
    return Thresholds(**limits)  # type: ignore[arg-type]  # lengths are whole numbers in SWEEPS


def curves(asked: Sequence[Query]) -> list[Curve]:
    """Return precision, recall and the recall of the worst kind as each threshold alone moves (traps included)."""
    found = []
    for name, values in SWEEPS.items():
        precision, recall, worst = [], [], []
        for value in values:
            scores = score(asked, _moved(name, value))
            total = Score()
            for counts in scores.values():
                total += counts
            precision.append(total.precision)
            recall.append(total.recall)
            worst.append(min(counts.recall for counts in scores.values() if counts.wanted))
        lines = {"precision": precision, "recall": recall, "recall of the worst kind": worst}
        found.append(Curve(title=name, chosen=float(getattr(DEFAULT, name)), x=values, lines=lines))
    return found
