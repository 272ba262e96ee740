"""The evidence between two paragraphs of text: does a new article begin here?

Law: every figure is computed from the text at hand; nothing is looked up in an archive. The figures are those of
lexical cohesion (Hearst 1997, TextTiling) and of how news introduces people: by the full name when an article
begins, by the surname when it goes on.
"""

import re
from collections.abc import Iterable, Sequence

import numpy as np

from app.intake.bylines import dateline_of
from app.intake.cohesion import WINDOWS, cohesion_of
from app.intake.passages import Floats, Habits, Passage, sides_shared
from app.intake.terms import Names

# Paragraphs before a gap in which a name counts as known, and after it for the wider view.
_KNOWN_BEFORE = 10
_WIDER_AFTER = 4

_OPENING_QUOTES = '"“‘«„「『'
_CLOSING_QUOTES = '"”’»“」』'
_ANAPHOR = re.compile(r"he|she|it|they|we|his|her|its|their|this|that|these|those|such|him|them|both")
_CONNECTIVE = re.compile(
    r"but|and|however|meanwhile|also|still|yet|so|then|or|moreover|instead|later|nevertheless|additionally"
    r"|nonetheless|furthermore|indeed|though|although|similarly|likewise|because|since|while|when|if|as|for"
)
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SAYING = (" said", " says", " announced", " told ", " reported", " warned", "according to")

FEATURES = (
    *(f"cosine_{window}" for window in WINDOWS),
    *(f"valley_{window}" for window in WINDOWS),
    *(f"bond_{window}" for window in WINDOWS),
    *(
        "title_1_to_3",
        "title_4_to_6",
        "title_7_to_9",
        "title_10_to_13",
        "title_14_up",
        "deck",
        "decks_in_file",
        "more_titles",
        "title_in_after",
    ),
    *("title_in_before", "title_by_cosine", "titles_in_file", "named_again", "bare_names", "new_names"),
    *("known_share", "known_share_wider", "anaphor", "connective", "opens_quoted", "ends_quoted", "dateline"),
    *("weekday", "saying", "opens_with_article", "byline_or_date", "furniture", "more_blank_lines"),
    *("words_after", "words_before"),
)


def features_of(passage: Passage, habits: Habits) -> Floats:
    """Return one row of ``FEATURES`` per gap of ``passage``."""
    cohesion = cohesion_of(passage)
    rows = np.empty((len(passage.gaps), len(FEATURES)))
    rows[:, : cohesion.shape[1]] = cohesion
    middle = len(WINDOWS) // 2
    for index, gap in enumerate(passage.gaps):
        title = _title_figures(passage, index, float(cohesion[index, middle]), habits)
        blanks = float(gap.blanks > habits.blanks)
        page = (float(gap.signed), min(gap.furniture, 3) / 3, blanks)
        rows[index, cohesion.shape[1] :] = (
            *(*title, habits.titled / habits.gaps if gap.titles else 0.0),
            *_name_figures(passage.names, index),
            *_wording_figures(
                *(passage.units[passage.texts[at]].paragraph.text for at in (index, index + 1))
            ),
            *page,
            *(float(np.log1p(passage.sizes[at])) for at in (index + 1, index)),
        )
    return rows


def _title_figures(passage: Passage, index: int, cosine: float, habits: Habits) -> tuple[float, ...]:
    """Say how long the longest title-like line of a gap is, how many there are, and which side shares its terms."""
    titles = passage.gaps[index].titles
    if not titles:
        return (0.0,) * 11
    words = max(passage.units[at].words for at in titles)
    after, before = sides_shared(passage, index, np.unique(np.concatenate(passage.title_terms[index])))
    shares = (float(after.mean()), float(before.mean())) if len(after) else (0.0, 0.0)
    lengths = (words <= 3, 3 < words <= 6, 6 < words <= 9, 9 < words <= 13, words > 13)
    deck = passage.gaps[index].deck
    decks = (float(deck), min(habits.decks - 1, 4) / 4 if deck else 0.0)
    return (*map(float, lengths), *decks, min(len(titles) - 1, 3) / 3, *shares, cosine)


def _name_figures(names: Sequence[Names], index: int) -> tuple[float, ...]:
    """Compare the names after a gap with those before it: introduced again, taken as known, new, known share."""
    after = names[index + 1]
    before = names[max(0, index + 1 - _KNOWN_BEFORE) : index + 1]
    known = _union(each.words for each in before)
    introduced = _union(each.full for each in before)
    wider = _union(each.words for each in names[index + 1 : index + 1 + _WIDER_AFTER])
    return (
        min(len(after.full & known), 3) / 3,
        min(len((after.bare & introduced) - after.full), 3) / 3,
        min(len(after.full - known), 3) / 3,
        len(after.words & known) / len(after.words) if after.words else 0.5,
        len(wider & known) / len(wider) if wider else 0.5,
    )


def _union(sets: Iterable[frozenset[str]]) -> frozenset[str]:
    return frozenset().union(*sets)


def _wording_figures(before: str, after: str) -> tuple[float, ...]:
    """Look at how the paragraph before ends and the one after begins."""
    opening = after[:300].casefold()
    first = opening.split(None, 1)[0].strip("\"'“”‘’«»„,.:;—–-") if opening.strip() else ""
    return (
        float(_ANAPHOR.fullmatch(first) is not None),
        float(_CONNECTIVE.fullmatch(first) is not None),
        float(after[:1] in _OPENING_QUOTES),
        float(before[-1:] in _CLOSING_QUOTES),
        float(dateline_of(after) is not None),
        float(any(day in opening for day in _WEEKDAYS)),
        float(any(word in opening for word in _SAYING)),
        float(first in {"a", "an"}),
    )
