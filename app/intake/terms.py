"""What a paragraph speaks of: its stemmed terms and the people and things it names.

Law: bounded work; a paragraph of any length is represented by its two ends.
"""

import re
from dataclasses import dataclass
from itertools import pairwise

import Stemmer  # type: ignore[import-not-found]

from app.domain.snowball import SNOWBALL
from app.domain.text import WORD
from app.intake.paragraphs import UNSPACED

_LONGEST_END = 2_000
_SHORTEST_TERM = 3

# The look behind comes after the first letter, so that most letters need none.
_CAPITALISED = re.compile(r"[^\W\d_a-z](?<![\w.].)[\w’'-]*(?: [^\W\d_a-z][\w’'-]*)*")
_SENTENCE_END = frozenset(".!?…:")
_OPENING_MARKS = " \t\xa0\"'“‘(«„"


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """The names in a paragraph: the last words of full names, names of one word, and every word of either."""

    full: frozenset[str]
    bare: frozenset[str]
    words: frozenset[str]


# What a piece of text between white space gives, by stemmer: news has few different ones, and stemming is slow. Pieces
# longer than a word in any language are not remembered, and a memory that is full is begun anew.
_REMEMBERED = 1 << 16
_LONGEST_REMEMBERED = 40
_memories: dict[str | None, dict[str, tuple[str, ...]]] = {}


class Terms:
    """Text to stemmed terms in one language. Not to be shared between threads: the stemmer keeps state."""

    def __init__(self, language: str | None) -> None:
        self._algorithm = SNOWBALL.get(language or "en")
        self._stemmer = Stemmer.Stemmer(self._algorithm) if self._algorithm else None

    def of(self, text: str) -> list[str]:
        """Return the terms of ``text``; where words are not divided by spaces, its pairs of characters."""
        text = both_ends(text)
        memory = _memories.setdefault(self._algorithm, {})
        terms: list[str] = []
        for piece in text.casefold().split():
            found = memory.get(piece)
            terms += self._learnt(piece, memory) if found is None else found
        if len(memory) > _REMEMBERED:
            _memories[self._algorithm] = {}
        if not text.isascii():
            terms += [left + right for left, right in pairwise(UNSPACED.findall(text))]
        return terms

    def _learnt(self, piece: str, memory: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
        """Return the terms of a piece without white space, and remember them."""
        words = [word for word in WORD.findall(piece) if len(word) >= _SHORTEST_TERM]
        terms = tuple(self._stemmer.stemWords(words) if self._stemmer else words)
        if len(piece) <= _LONGEST_REMEMBERED:
            memory[piece] = terms
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
            del run[0]
        run = [word for word in run if len(word) > 1]
        if len(run) > 1:
            full.add(run[-1])
        elif run:
            bare.add(run[0])
        words.update(run)
    return Names(full=frozenset(full), bare=frozenset(bare), words=frozenset(words))


def _opens_sentence(text: str, start: int) -> bool:
    if start > 1 and text[start - 1] == " " and (mark := text[start - 2]) not in _OPENING_MARKS:
        return mark in _SENTENCE_END
    before = text[max(0, start - 4) : start].rstrip(_OPENING_MARKS)
    return start == 0 or (not before and start <= 4) or (before != "" and before[-1] in _SENTENCE_END)
