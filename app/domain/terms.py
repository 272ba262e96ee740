"""What an article is about, as counted words and names, and how common each of them is elsewhere.

Law: a portrait depends on the text alone. Words are compared as 63-bit keys (xxhash), never as Python's
``hash()``, so that what one process stores another can read.
"""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from io import BytesIO
from typing import NewType

import numpy as np
from numpy.typing import NDArray
from xxhash import xxh3_64_intdigest

from app.domain.text import first_sentence
from app.domain.tokens import is_unspaced, names, words

TermKey = NewType("TermKey", int)

# The kinds of term; the number is the seed of the hash, so that "bush" and "Bush" never share a key.
WORD_KIND, NAME_KIND, TITLE_KIND, LANGUAGE_KIND = 1, 2, 3, 4

_BODY_TERMS = 500  # an article says what it is about at its beginning; the cost of a long text stays bounded
_BODY_CHARACTERS = 5_000
_LEAD_TERMS = 60
_LEAD_WEIGHT = 2
_TITLE_WEIGHT = 3

# In what share of documents a word of that many letters is found where nothing else is known of it: short words are
# the common ones in every language (Zipf's law of abbreviation). Fitted to the words of 941 English articles:
# .39 for two letters, .20, .13, .06, .03, and .01–.02 from eight on; names .015 at any length.
_SHARE_OF_TWO_LETTERS = 0.4
_SHARE_OF_LONG_WORDS = 0.01
_SHARE_OF_NAMES = 0.015
_SHARE_OF_CHARACTER_PAIRS = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class Portrait:
    """The counts read from one article.

    ``terms``: casefolded words, the first 60 counted twice and those of the title three times more.
    ``names``: capitalised words and pairs of them away from a sentence start, as they were first printed.
    ``title_terms``: the words of the headline, else of the deck, else of the first sentence.
    """

    terms: Mapping[str, int]
    names: Mapping[str, int]
    title_terms: Mapping[str, int]
    language: str


def portrait(headline: str | None, deck: str | None, body_text: str, language: str | None = None) -> Portrait:
    """Return the portrait of an article of that language (ISO 639-1; None is read as English)."""
    body = unicodedata.normalize("NFC", body_text[:_BODY_CHARACTERS])
    title = unicodedata.normalize("NFC", headline or deck or first_sentence(body))
    title_terms = Counter(words(title, _BODY_TERMS))
    body_words = words(body, _BODY_TERMS)
    terms = Counter(body_words)
    for word in body_words[:_LEAD_TERMS]:
        terms[word] += _LEAD_WEIGHT - 1
    for word, count in title_terms.items():
        terms[word] += _TITLE_WEIGHT * count
    return Portrait(
        terms=terms, names=Counter(names(body)), title_terms=title_terms, language=language or "en"
    )


def key_of(term: str, kind: int) -> TermKey:
    """Return the 63-bit key of a casefolded term of that kind."""
    return TermKey(keys_of([term], kind)[0])


def keys_of(terms: Iterable[str], kind: int) -> list[int]:
    """Return the keys of many terms: hashing them again is cheaper than a cache of them would be."""
    return [xxh3_64_intdigest(term.encode("utf-8", "surrogatepass"), seed=kind) >> 1 for term in terms]


def usual_share(term: str, kind: int) -> float:
    """Return the share of documents in which to expect a term of which only the spelling is known."""
    if kind == NAME_KIND:
        return _SHARE_OF_NAMES
    if is_unspaced(term):
        return _SHARE_OF_CHARACTER_PAIRS
    return max(_SHARE_OF_LONG_WORDS, _SHARE_OF_TWO_LETTERS / (1 << max(0, len(term) - 2)))


@dataclass(frozen=True, slots=True, eq=False)
class Background:
    """In how many documents of a reference corpus, all in one language, each word and each name occurs.

    ``keys`` are sorted 63-bit keys, ``counts`` the documents that hold each; a key that is absent was in
    fewer than three. ``provenance`` says which corpora were counted.
    """

    documents: int
    keys: NDArray[np.int64]
    counts: NDArray[np.int32]
    provenance: str
    language: str = "en"

    def frequency(self, key: TermKey) -> int:
        """Return in how many documents the term of that key occurs (0 where it is unknown)."""
        return int(self.frequencies(np.array([key], dtype=np.int64))[0])

    def frequencies(self, keys: NDArray[np.int64]) -> NDArray[np.int32]:
        """Return the same for an array of keys."""
        if not len(self.keys):
            return np.zeros(len(keys), dtype=np.int32)
        places = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        return np.where(self.keys[places] == keys, self.counts[places], 0).astype(np.int32)


@cache
def background() -> Background:
    """Return the background that ships with the package (``tests.evaluation.train_background`` made it)."""
    shipped = resources.files("app.domain").joinpath("data/background.npz").read_bytes()
    with np.load(BytesIO(shipped), allow_pickle=False) as arrays:
        return Background(
            documents=int(arrays["documents"]),
            keys=arrays["keys"],
            counts=arrays["counts"].astype(np.int32),
            provenance=str(arrays["provenance"]),
        )
