"""What a text is about as a question, so that what is like it is found as anything is found.

Law: the question is one that a person can read, change and ask again; a text that says nothing asks for nothing.
"""

import re

import numpy as np

from app.domain.terms import WORD_KIND, Portrait, background, key_of
from app.domain.weighing import keyed, vector

MOST_WORDS = 15

_PLAIN = re.compile(r"[^\W_]+")
_OPERATORS = {"AND", "OR", "NOT", "ANDNOT", "ANDMAYBE", "REQUIRE", "TO"}


def question_like(portrait: Portrait) -> str:
    """Return the heaviest words and names of a text, any of which an answer has; names of two words as phrases."""
    of = keyed(portrait, background())
    heaviest = vector(of, np.ones(len(of.counted), np.int64)).words.values()
    asked: dict[str, str] = {}
    for word in heaviest:
        if not _is_usual(word):
            asked.setdefault(word.casefold(), _written(word))
    return " OR ".join(list(asked.values())[:MOST_WORDS])


def _is_usual(word: str) -> bool:
    """Whether most texts have a word, so that it says nothing by itself: the name "AT" out of "AT&T"."""
    known = background()
    return known.frequency(key_of(word.casefold(), WORD_KIND)) * 2 > known.documents


def _written(word: str) -> str:
    return word if _PLAIN.fullmatch(word) and word.upper() not in _OPERATORS else f'"{word}"'
