"""What stories are compared by: an article as a sparse vector, a story as the sum of its articles' vectors.

Law: a vector is fixed when it is made (its weights are rounded to what is stored), so that taking an article
out of a story undoes exactly what putting it in did.
"""

import json
import struct
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Self

import numpy as np
from numpy.typing import NDArray

from app.domain.terms import (
    LANGUAGE_KIND,
    NAME_KIND,
    TITLE_KIND,
    WORD_KIND,
    Background,
    Portrait,
    TermKey,
    key_of,
    usual_share,
)

# The share of each part in the similarity of two articles that have all three.
BODY_SHARE, NAME_SHARE, TITLE_SHARE = 0.5, 0.3, 0.2

_FORMAT = 1
_VECTOR_HEAD = struct.Struct("<BII")  # format, terms, bytes of words
_PROFILE_HEAD = struct.Struct("<BIIII")  # format, articles, terms, days, bytes of words
_STAND_IN_DOCUMENTS = 200
_LEAST = 1e-4  # lighter terms are left out, so that a sum without its last article is told from rounding
_VECTOR_WORDS = 40
_PROFILE_WORDS = 120


@dataclass(frozen=True, slots=True, eq=False)
class Vector:
    """An article as sorted 63-bit keys and their weights; words, names and title are kinds of key.

    The weights have length 1 (an article without any term: no keys). ``words`` spells out the heaviest keys.
    """

    keys: NDArray[np.int64]
    weights: NDArray[np.float32]
    words: Mapping[int, str]

    def to_bytes(self) -> bytes:
        """Return the vector as portable bytes (little-endian, versioned, 10 bytes a term)."""
        spelt = _spell(self.words)
        head = _VECTOR_HEAD.pack(_FORMAT, len(self.keys), len(spelt))
        return head + self.keys.astype("<i8").tobytes() + self.weights.astype("<f2").tobytes() + spelt

    @classmethod
    def from_bytes(cls, stored: bytes) -> Self:
        """Return the vector that ``to_bytes`` wrote; ValueError for bytes of another format."""
        terms, spelt = _head(_VECTOR_HEAD, stored)
        _check(stored, _VECTOR_HEAD.size + 10 * terms + spelt)
        at = _VECTOR_HEAD.size
        return cls(
            keys=np.frombuffer(stored, "<i8", terms, at).astype(np.int64),
            weights=np.frombuffer(stored, "<f2", terms, at + 8 * terms).astype(np.float32),
            words=_unspell(stored[at + 10 * terms :]),
        )


@dataclass(frozen=True, slots=True, eq=False)
class Profile:
    """A story as the sum of the vectors of its articles.

    ``size`` articles, of which those in ``days`` are dated (day → how many). ``words`` spells out heavy keys.
    """

    size: int
    keys: NDArray[np.int64]
    sums: NDArray[np.float32]
    days: Mapping[date, int]
    words: Mapping[int, str]

    @classmethod
    def empty(cls) -> Self:
        """Return the profile of a story that has no article yet."""
        return cls(size=0, keys=np.zeros(0, np.int64), sums=np.zeros(0, np.float32), days={}, words={})

    @classmethod
    def of(cls, vector: Vector, day: date | None) -> Self:
        """Return the profile of a story of one article."""
        return cls(
            size=1, keys=vector.keys, sums=vector.weights, days={day: 1} if day else {}, words=vector.words
        )

    @property
    def first_day(self) -> date | None:
        """The day of the first dated article, or None."""
        return min(self.days, default=None)

    @property
    def last_day(self) -> date | None:
        """The day of the last dated article, or None."""
        return max(self.days, default=None)

    @property
    def length(self) -> float:
        """The Euclidean length of the sum."""
        return float(np.sqrt(np.dot(self.sums, self.sums)))

    def added(self, vector: Vector, day: date | None) -> "Profile":
        """Return the story with one article more."""
        return self.joined(Profile.of(vector, day))

    def joined(self, other: "Profile") -> "Profile":
        """Return the two stories as one."""
        if not self.size:
            return other
        keys = np.union1d(self.keys, other.keys)
        sums = np.zeros(len(keys), dtype=np.float32)
        sums[np.searchsorted(keys, self.keys)] += self.sums
        sums[np.searchsorted(keys, other.keys)] += other.sums
        return Profile(
            size=self.size + other.size,
            keys=keys,
            sums=sums,
            days=Counter(self.days) + Counter(other.days),
            words=_heaviest(keys, sums, {**other.words, **self.words}, _PROFILE_WORDS),
        )

    def removed(self, vector: Vector, day: date | None) -> "Profile":
        """Return the story without an article that was added with that vector and day."""
        sums = self.sums.copy()
        sums[np.searchsorted(self.keys, vector.keys)] -= vector.weights
        kept = sums > _LEAST / 2
        days = Counter(self.days)
        if day:
            days[day] -= 1
        return Profile(
            size=self.size - 1,
            keys=self.keys[kept],
            sums=sums[kept],
            days=+days,
            words=_heaviest(self.keys[kept], sums[kept], self.words, _PROFILE_WORDS),
        )

    def to_bytes(self) -> bytes:
        """Return the profile as portable bytes (little-endian, versioned, 12 bytes a term)."""
        spelt = _spell(self.words)
        days = np.array([(day.toordinal(), count) for day, count in sorted(self.days.items())], dtype="<i4")
        head = _PROFILE_HEAD.pack(_FORMAT, self.size, len(self.keys), len(self.days), len(spelt))
        return b"".join(
            (
                head,
                self.keys.astype("<i8").tobytes(),
                self.sums.astype("<f4").tobytes(),
                days.tobytes(),
                spelt,
            )
        )

    @classmethod
    def from_bytes(cls, stored: bytes) -> Self:
        """Return the profile that ``to_bytes`` wrote; ValueError for bytes of another format."""
        size, terms, days, spelt = _head(_PROFILE_HEAD, stored)
        _check(stored, _PROFILE_HEAD.size + 12 * terms + 8 * days + spelt)
        at = _PROFILE_HEAD.size
        dated = np.frombuffer(stored, "<i4", 2 * days, at + 12 * terms).reshape(-1, 2)
        return cls(
            size=size,
            keys=np.frombuffer(stored, "<i8", terms, at).astype(np.int64),
            sums=np.frombuffer(stored, "<f4", terms, at + 8 * terms).astype(np.float32),
            days={date.fromordinal(int(day)): int(count) for day, count in dated},
            words=_unspell(stored[at + 12 * terms + 8 * days :]),
        )


def counted(portrait: Portrait) -> tuple[TermKey, ...]:
    """Return the keys under which an archive counts the article: one more document for each of them.

    The first key counts the articles of the portrait's language.
    """
    names = (key_of(name.casefold(), NAME_KIND) for name in portrait.names)
    terms = (key_of(term, WORD_KIND) for term in portrait.terms)
    return (_documents_key(portrait), *terms, *names)


def _documents_key(portrait: Portrait) -> TermKey:
    return key_of(portrait.language, LANGUAGE_KIND)


def vector(portrait: Portrait, background: Background, archive: Mapping[TermKey, int]) -> Vector:
    """Return the vector of an article.

    ``archive`` says how many articles of the archive are counted under each of the ``counted`` keys (absent:
    none). Weights are (1 + ln tf) · idf within each part; the parts are then joined in their shares, those that are
    not empty taking over the share of an empty one (a language without capitals has no names).
    """
    spelt: dict[int, str] = {}
    parts: list[tuple[NDArray[np.int64], NDArray[np.float64]]] = []
    for kind, share, counts in (
        (WORD_KIND, BODY_SHARE, portrait.terms),
        (NAME_KIND, NAME_SHARE, portrait.names),
        (TITLE_KIND, TITLE_SHARE, portrait.title_terms),
    ):
        if not counts:
            continue
        rarity = _rarity(list(counts), kind, portrait, background, archive)
        weights = (1.0 + np.log(np.fromiter(counts.values(), np.float64, len(counts)))) * rarity
        length = np.sqrt(np.dot(weights, weights))
        keys = np.array([key_of(term.casefold(), kind) for term in counts], dtype=np.int64)
        spelt.update(zip(keys.tolist(), counts, strict=True))
        parts.append((keys, weights * (np.sqrt(share) / length if length else 0.0)))
    return _joined(parts, spelt)


def _rarity(
    terms: list[str], kind: int, portrait: Portrait, background: Background, archive: Mapping[TermKey, int]
) -> NDArray[np.float64]:
    """Return ln(documents / documents with the term) over background and archive together, at least 0."""
    counted_as = NAME_KIND if kind == NAME_KIND else WORD_KIND
    keys = [key_of(term.casefold(), counted_as) for term in terms]
    if portrait.language == background.language:
        documents, known = background.documents, _known(terms, keys, counted_as, background)
    else:
        # Nothing is known of that language yet: what is usual for words of that spelling stands in, lightly.
        documents = _STAND_IN_DOCUMENTS
        known = documents * np.array([usual_share(term, counted_as) for term in terms], dtype=np.float64)
    held = np.array([archive.get(key, 0) for key in keys], dtype=np.float64)
    everything = documents + archive.get(_documents_key(portrait), 0)
    return np.maximum(np.log((everything + 1.0) / (known + held + 0.5)), 0.0)


def _known(terms: list[str], keys: list[TermKey], kind: int, background: Background) -> NDArray[np.float64]:
    """Return background frequencies; a pair of names counts as often as the rarer of the two."""
    known = background.frequencies(np.array(keys, dtype=np.int64)).astype(np.float64)
    if kind == NAME_KIND:
        pairs = [place for place, term in enumerate(terms) if " " in term]
        words = [key_of(word, kind) for place in pairs for word in terms[place].casefold().split(" ")]
        known[pairs] = background.frequencies(np.array(words, dtype=np.int64)).reshape(-1, 2).min(axis=1)
    return known


def _joined(parts: list[tuple[NDArray[np.int64], NDArray[np.float64]]], spelt: dict[int, str]) -> Vector:
    keys = np.concatenate([part[0] for part in parts]) if parts else np.zeros(0, dtype=np.int64)
    weights = np.concatenate([part[1] for part in parts]) if parts else np.zeros(0)
    keys, first = np.unique(keys, return_index=True)
    weights = weights[first]
    length = np.sqrt(np.dot(weights, weights))
    rounded = (weights / (length or 1.0)).astype(np.float16).astype(np.float32)
    kept = rounded > _LEAST
    keys, rounded = keys[kept], rounded[kept]
    return Vector(keys=keys, weights=rounded, words=_heaviest(keys, rounded, spelt, _VECTOR_WORDS))


def _heaviest(
    keys: NDArray[np.int64], weights: NDArray[np.float32], spelt: Mapping[int, str], most: int
) -> dict[int, str]:
    found: dict[int, str] = {}
    for place in np.argsort(-weights, kind="stable"):
        key = int(keys[place])
        if key in spelt:
            found[key] = spelt[key]
            if len(found) == most:
                break
    return found


def _spell(words: Mapping[int, str]) -> bytes:
    return json.dumps(
        {str(key): word for key, word in words.items()}, ensure_ascii=False, separators=(",", ":")
    ).encode("utf-8", "surrogatepass")


def _unspell(stored: bytes) -> dict[int, str]:
    return {int(key): word for key, word in json.loads(stored.decode("utf-8", "surrogatepass")).items()}


def _head(head: struct.Struct, stored: bytes) -> tuple[int, ...]:
    """Return the numbers after the format; ValueError where it is not ours."""
    if len(stored) < head.size or stored[0] != _FORMAT:
        raise ValueError(f"{len(stored)} bytes are not a story vector of format {_FORMAT}")
    return tuple(int(number) for number in head.unpack_from(stored)[1:])


def _check(stored: bytes, expected: int) -> None:
    if len(stored) != expected:
        raise ValueError(f"a story vector has {len(stored)} bytes instead of {expected}: it is damaged.")
