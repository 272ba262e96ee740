"""How doubtful it is that one text repeats another: how little would have to be different for them not to be folded.

Law: a doubt follows from what a link was judged by, so that it can be told of every link whenever it was made.
"""

from app.domain.article import RepeatKind
from app.domain.likeness import DEFAULT, Measures, Thresholds


def doubt(kind: RepeatKind, of: Measures, limits: Thresholds = DEFAULT) -> float | None:
    """Return how doubtful a link is that folds one text under another, from 0 to 1; None for one that folds nothing.

    It is 1 less the margin: how far the share that decided lies above its threshold, as a fraction of the way to all of
    the text; and where long runs of their own would make them two articles, how far the runs are from that length. Of
    several rules that fold the two by themselves, the widest margin counts.
    """
    match kind:
        case RepeatKind.SHARES:
            return None
        case RepeatKind.COPY:
            return 1.0 - min(_copied(of, limits), _room(of, limits))
        case _:
            return 1.0 - _held(of, limits)


def _copied(of: Measures, limits: Thresholds) -> float:
    short = of.words < limits.short
    aligned = min(of.shared / of.words, of.other_shared / of.other_words)
    return max(
        _above(of.jaccard, limits.short_jaccard if short else limits.jaccard),
        min(
            _above(aligned, limits.short_aligned if short else limits.aligned),
            _above(of.jaccard, limits.distinct),
        ),
    )


def _held(of: Measures, limits: Thresholds) -> float:
    here = of.shared / of.words
    with_changes = 0.0 if of.words < limits.short else min(_above(here, limits.part), _room(of, limits))
    return max(_above(here, limits.held), with_changes)


def _room(of: Measures, limits: Thresholds) -> float:
    """Return how much longer the runs that either text has of its own could be, as a fraction of what would be too
    long."""
    owns = (of.own, of.words), (of.other_own, of.other_words)
    return max(0.0, 1.0 - min(own / max(limits.apart_run, limits.apart_share * words) for own, words in owns))


def _above(share: float, threshold: float) -> float:
    return min(1.0, max(0.0, (share - threshold) / (1.0 - threshold)))
