"""What an article is about, as counted words and names, and how common each of them is elsewhere.

Law: a portrait depends on the text alone. Words are compared as 63-bit keys (xxhash), never as Python's
``hash()``, so that what one process stores another can read.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from io import BytesIO
from itertools import pairwise
from typing import NewType

import numpy as np
from numpy.typing import NDArray
from xxhash import xxh3_64_intdigest

from app.domain.text import first_sentence

TermKey = NewType("TermKey", int)

# The kinds of term; the number is the seed of the hash, so that "bush" and "Bush" never share a key.
WORD_KIND, NAME_KIND, TITLE_KIND, LANGUAGE_KIND = 1, 2, 3, 4

_BODY_TERMS = 500  # an article says what it is about at its beginning; the cost of a long text stays bounded
_BODY_CHARACTERS = 6_000
_LEAD_TERMS = 60
_LEAD_WEIGHT = 2
_TITLE_WEIGHT = 3
_LONGEST_TERM = 40

# In what share of documents a word of that many letters is found where nothing else is known of it: short words are
# the common ones in every language (Zipf's law of abbreviation). Fitted to the words of 941 English articles:
# .39 for two letters, .20, .13, .06, .03, and .01–.02 from eight on; names .015 at any length.
_SHARE_OF_TWO_LETTERS = 0.4
_SHARE_OF_LONG_WORDS = 0.01
_SHARE_OF_NAMES = 0.015
_SHARE_OF_CHARACTER_PAIRS = 0.02

# Initials ("U.S.", "J.D."), else letters, digits and the marks that belong to them, held together by
# apostrophes and hyphens ("al-Sharaa", "O'Neill").
_TOKEN = re.compile(
    r"(?:[^\W\d_]\.){2,}|[^\W_][\w\u0300-\u036f\u0900-\u0dff\u0e00-\u0eff]*(?:['’\-‐‑][^\W_][\w\u0300-\u036f\u0900-\u0dff]*)*"
)
_POSSESSIVES = frozenset({"'s", "’s", "'S", "’S"})
_JOINT = re.compile(r"[\-‐‑]")
_UNSPACED = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
# A full stop after these ends no sentence: "Mr. Smith", "George W. Bush".
_ABBREVIATION = re.compile(r"[^\W\d_]|Mr|Mrs|Ms|Dr|Prof|Sen|Rep|Gov|Gen|Lt|Col|Capt|Sgt|St|Rev|Hon")
# What stands between two tokens and begins a new sentence.
_STOP = re.compile(r"[.!?…:;。！？]|\n|[“\"‘«(\[]\s*$|[•|]|\s[–—]\s*$")

_SENTENCE_END = re.compile(r"[.!?…。！？][\"'”’»)\]]*\s*$")


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
    title_terms = Counter(_words(title))
    body_words = [word for _, word in zip(range(_BODY_TERMS), _words(body), strict=False)]
    terms = Counter(body_words)
    for word in body_words[:_LEAD_TERMS]:
        terms[word] += _LEAD_WEIGHT - 1
    for word, count in title_terms.items():
        terms[word] += _TITLE_WEIGHT * count
    return Portrait(
        terms=terms, names=Counter(_names(body)), title_terms=title_terms, language=language or "en"
    )


@lru_cache(maxsize=1 << 16)
def key_of(term: str, kind: int) -> TermKey:
    """Return the 63-bit key of a casefolded term of that kind."""
    return TermKey(xxh3_64_intdigest(term.encode("utf-8", "surrogatepass"), seed=kind) >> 1)


def usual_share(term: str, kind: int) -> float:
    """Return the share of documents in which to expect a term of which only the spelling is known."""
    if kind == NAME_KIND:
        return _SHARE_OF_NAMES
    if _UNSPACED.search(term):
        return _SHARE_OF_CHARACTER_PAIRS
    return max(_SHARE_OF_LONG_WORDS, _SHARE_OF_TWO_LETTERS / (1 << max(0, len(term) - 2)))


def _plain(token: str) -> str:
    """Return a token without the dots of initials and without a possessive ending."""
    if token[-2:] in _POSSESSIVES:
        return token[:-2]
    return token.replace(".", "") if "." in token else token


def _words(text: str) -> Iterator[str]:
    has_unspaced = _UNSPACED.search(text) is not None
    for token in _TOKEN.findall(text):
        if token.isascii() and token.isalpha():  # nearly all tokens: nothing to take apart
            if 1 < len(token) <= _LONGEST_TERM:
                yield token.lower()
        elif has_unspaced and _UNSPACED.search(token):
            yield from (token[at : at + 2] for at in range(max(1, len(token) - 1)))
        else:
            parts = (part.casefold() for part in _JOINT.split(_plain(token)))
            yield from (word for word in parts if 1 < len(word) <= _LONGEST_TERM)


def _names(text: str) -> Iterator[str]:
    """Yield the capitalised words of running text, and pairs of neighbours among them.

    The first word of a sentence counts only where the same word is printed as a name elsewhere in the text.
    A line in title case or capitals says nothing about names and is passed over.
    """
    runs = [run for line in text.split("\n") if not _is_title_case(line) for run in _capitalised_runs(line)]
    sure = {name for run in runs for name, opens in run if not opens}
    for run in runs:
        kept = [name for name, opens in run if not opens or name in sure]
        yield from kept
        yield from (f"{first} {second}" for first, second in pairwise(kept))


def _is_title_case(line: str) -> bool:
    """Whether a line is in capitals, or has no full stop and mostly capitalised words."""
    if line.isupper():
        return True
    long_words = [word for word in line.split() if len(word) > 3 and word[0].isalpha()]
    capitalised = sum(word[0].isupper() for word in long_words)
    return not _SENTENCE_END.search(line) and capitalised * 10 > len(long_words) * 7


def _capitalised_runs(line: str) -> Iterator[list[tuple[str, bool]]]:
    """Yield runs of neighbouring capitalised tokens, each with whether it opens a sentence."""
    run: list[tuple[str, bool]] = []
    end, before = 0, ""
    for match in _TOKEN.finditer(line):
        token = match.group()
        if token.islower() and token.isalnum():  # most tokens: no name, whatever stands before them
            if run:
                yield run
                run = []
            end, before = match.end(), token
            continue
        between, end = line[end : match.start()], match.end()
        if between == ". " and _ABBREVIATION.fullmatch(before):
            between = " "
        opens = not before or _STOP.search(between) is not None
        before = token
        if run and (opens or between.strip() or not _is_capitalised(token)):
            yield run
            run = []
        name = _plain(token)
        if _is_capitalised(token) and 1 < len(name) <= _LONGEST_TERM:
            run.append((name, opens))
    if run:
        yield run


def _is_capitalised(token: str) -> bool:
    """Whether a token is written as a name: a capital at its start or after a joint ("al-Sharaa")."""
    if token[0].isupper():
        return True
    return not token.isalnum() and any(part[:1].isupper() for part in _JOINT.split(token)[1:])


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
