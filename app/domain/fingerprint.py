"""What a text is compared by: its words as hashes, and those of them that find candidates.

Law: everything here follows from the text alone, and is the same in every process and on every machine.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import xxhash
from numpy.typing import NDArray

from app.domain.passages import Hashes, WordLine, grams, word_line

# Winnowing (Schleimer, Wilkerson, Aiken: Winnowing, SIGMOD 2003): of every WINDOW neighbouring hashes of
# GRAM words the smallest is kept, so two texts with GRAM + WINDOW - 1 consecutive words in common share at
# least one hash.
GRAM = 5
WINDOW = 15

# A text of fewer words may have only a handful of hashes, and one in common must do.
FEW_WORDS = 64

# Two texts of so many words share two hashes by mere phrases more often than by a passage. Three are found in any
# passage of 2 * WINDOW + 1 windows: of 49 words.
MANY_WORDS = 256

# A word is a run of letters and digits; apostrophes and what has no width inside it do not end it. In scripts
# written without spaces every character counts as a word.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_INSIDE = "'’‘ʼ`´\u00ad\u200b\u200c\u200d\u2060\ufeff"
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W_{_UNSPACED}]+(?:[{_INSIDE}]+[^\W_{_UNSPACED}]+)*")
_WITHOUT_INSIDE = str.maketrans("", "", _INSIDE)


# Plain text is taken apart without looking at every letter: ASCII, and the typography that stands in most texts.
_TYPOGRAPHY = (*((mark, "'") for mark in "’‘ʼ"), *((mark, " ") for mark in "“”–—…•\u00a0"))
_PLAIN = bytes(ord(chr(code).lower()) if chr(code).isalnum() else 32 for code in range(128)).ljust(256)


@dataclass(frozen=True, eq=False)
class Print:
    """The fingerprint of one text: ``line`` is what `compare` reads."""

    line: WordLine

    @cached_property
    def hashes(self) -> tuple[int, ...]:
        """What is stored, and looked up: distinct, sorted, non-negative, below 2**63."""
        return _winnowed(self.line.hashes)

    @property
    def words(self) -> int:
        """How many words the text has."""
        return len(self.line.hashes)

    @property
    def shingles(self) -> Hashes:
        """The distinct shingles of the text, sorted."""
        return self.line.shingles


def fingerprint(body_text: str) -> Print:
    """Return the fingerprint of a text; an empty text gives no hashes.

    White space, case, apostrophes, quotation marks, dashes and other punctuation make no difference. There
    are fewer than .13 hashes a word in texts of usual length.
    """
    words = _words(body_text)
    return Print(word_line(np.fromiter(map(xxhash.xxh3_64_intdigest, words), np.uint64, len(words))))


def _words(body_text: str) -> list[bytes]:
    """Return the words of a text in order, in the spelling that counts."""
    plain = body_text
    for printed, meant in () if plain.isascii() else _TYPOGRAPHY:
        plain = plain.replace(printed, meant)
    if plain.isascii():
        return plain.encode().translate(_PLAIN, b"'`").split()
    return _plain("\n".join(_WORD.findall(_composed(body_text)))).encode("utf-8", "surrogatepass").split()


def _plain(words: str) -> str:
    return unicodedata.normalize("NFKC", words.casefold()).translate(_WITHOUT_INSIDE)


def by_length(a: Print) -> tuple[int, bytes]:
    """Return what orders texts by length, and equally long ones in some way that is always the same."""
    return a.words, a.line.hashes.tobytes()


def required_hits(words: int, other_words: int) -> int:
    """Return how many hashes two texts of so many words must share to be compared: one to three."""
    return 1 + (min(words, other_words) >= FEW_WORDS) + (min(words, other_words) >= MANY_WORDS)


def meet(a: Print, b: Print) -> bool:
    """Whether two texts share the hashes that it takes to be compared. No link joins what does not meet."""
    return len(set(a.hashes).intersection(b.hashes)) >= required_hits(a.words, b.words)


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
