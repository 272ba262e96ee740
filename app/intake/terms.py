"""What a paragraph speaks of: its stemmed terms and the people and things it names.

Law: bounded work; a paragraph of any length is represented by its two ends.
"""

import re
from dataclasses import dataclass
from itertools import pairwise

import Stemmer  # type: ignore[import-not-found]

from app.domain.text import WORD
from app.intake.paragraphs import UNSPACED

_LONGEST_END = 2_000
_SHORTEST_TERM = 3

_CAPITALISED = re.compile(r"(?<![\w.])[^\W\d_a-z][\w’'-]*(?: [^\W\d_a-z][\w’'-]*)*")
_SENTENCE_END = frozenset(".!?…:")
_OPENING_MARKS = " \t\xa0\"'“‘(«„"
_STEMMERS = {
    "en": "english", "de": "german", "fr": "french", "es": "spanish", "ru": "russian", "ar": "arabic",
    "it": "italian", "pt": "portuguese", "nl": "dutch", "sv": "swedish", "da": "danish", "fi": "finnish",
    "tr": "turkish", "hu": "hungarian", "ro": "romanian", "pl": "polish",
}  # fmt: skip
_AVAILABLE = frozenset(Stemmer.algorithms())


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """The names in a paragraph: the last words of full names, names of one word, and every word of either."""

    full: frozenset[str]
    bare: frozenset[str]
    words: frozenset[str]


class Terms:
    """Text to stemmed terms in one language. Not to be shared between threads: the stemmer keeps state."""

    def __init__(self, language: str | None) -> None:
        algorithm = _STEMMERS.get(language or "en")
        self._stemmer = Stemmer.Stemmer(algorithm) if algorithm in _AVAILABLE else None

    def of(self, text: str) -> list[str]:
        """Return the terms of ``text``; where words are not divided by spaces, its pairs of characters."""
        text = both_ends(text)
        words = [word for word in WORD.findall(text.casefold()) if len(word) >= _SHORTEST_TERM]
        terms: list[str] = self._stemmer.stemWords(words) if self._stemmer else words
        if not text.isascii():
            terms += [left + right for left, right in pairwise(UNSPACED.findall(text))]
        return terms


def both_ends(text: str) -> str:
    """Return ``text``, or the beginning and the end of it where it is very long."""
    return text if len(text) <= 2 * _LONGEST_END else f"{text[:_LONGEST_END]} {text[-_LONGEST_END:]}"


def names_in(text: str) -> Names:
    """Return the names in ``text``; a single capitalised word that opens a sentence is none."""
    text = both_ends(text)
    full: set[str] = set()
    bare: set[str] = set()
    words: set[str] = set()
    for match in _CAPITALISED.finditer(text):
        run = match.group().replace("’s", "").replace("'s", "").split(" ")
        if _opens_sentence(text, match.start()):
            # "The White House": the first word may be capitalised for its place only.
            run = run[1:]
        run = [word for word in run if len(word) > 1]
        if len(run) > 1:
            full.add(run[-1])
        elif run:
            bare.add(run[0])
        words.update(run)
    return Names(full=frozenset(full), bare=frozenset(bare), words=frozenset(words))


def _opens_sentence(text: str, start: int) -> bool:
    before = text[max(0, start - 4) : start].rstrip(_OPENING_MARKS)
    return start == 0 or (not before and start <= 4) or (before != "" and before[-1] in _SENTENCE_END)
