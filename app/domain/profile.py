"""What stories are compared by: an article as a sparse vector, a story as the sum of its articles' vectors.

Law: a vector is fixed when it is made (its weights are rounded to what is stored), so that taking an article
out of a story undoes exactly what putting it in did.
"""

import json
import struct
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from math import nan
from typing import Self

import numpy as np
from numpy.typing import NDArray

VECTOR_WORDS = 40  # so many of the heaviest keys of an article are spelt out

_FORMAT = 1
_VECTOR_HEAD = struct.Struct("<BII")  # format, terms, bytes of words
_PROFILE_HEAD = struct.Struct("<BIIII")  # format, articles, terms, days, bytes of words
_PROFILE_WORDS = 120
_NOTHING_LEFT = 5e-5  # half of the lightest weight: what is below is rounding


class _Spelt(Mapping[int, str]):
    """Words as they are stored, read when they are asked for: of most stories only the numbers are."""

    __slots__ = ("_stored", "_words")

    def __init__(self, stored: bytes) -> None:
        self._stored = stored
        self._words: dict[int, str] | None = None

    def __getitem__(self, key: int) -> str:
        return self._read()[key]

    def __iter__(self) -> Iterator[int]:
        return iter(self._read())

    def __len__(self) -> int:
        return len(self._read())

    def _read(self) -> dict[int, str]:
        if self._words is None:
            told = json.loads(self._stored.decode("utf-8", "surrogatepass"))
            self._words = {int(key): word for key, word in told.items()}
        return self._words


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
            words=_Spelt(stored[at + 10 * terms :]),
        )


@dataclass(frozen=True, slots=True, eq=False)
class Profile:
    """A story as the sum of the vectors of its articles.

    ``size`` articles, of which those in ``days`` are dated (day → how many). ``words`` spells out heavy keys.
    ``length`` is the Euclidean length of the sum, ``span`` the first and the last day as numbers (nan: there is none).
    """

    size: int
    keys: NDArray[np.int64]
    sums: NDArray[np.float32]
    days: Mapping[date, int]
    words: Mapping[int, str]
    length: float = field(init=False)
    span: tuple[float, float] = field(init=False)

    def __post_init__(self) -> None:
        # Asked for again and again; a story is made once.
        object.__setattr__(self, "length", float(np.sqrt(np.dot(self.sums, self.sums))))
        days = [day.toordinal() for day in self.days]
        object.__setattr__(self, "span", (min(days, default=nan), max(days, default=nan)))

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

    def weights_of(self, keys: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the sum of each of some keys; 0 for those the story does not have."""
        if not len(self.keys):
            return np.zeros(len(keys), np.float32)
        places = np.searchsorted(self.keys, keys)
        np.minimum(places, len(self.keys) - 1, out=places)
        return np.where(self.keys[places] == keys, self.sums[places], np.float32(0))

    def as_vector(self) -> Vector:
        """Return the vector of the one article of a story that has no other."""
        return Vector(keys=self.keys, weights=self.sums, words=self.words)

    @property
    def first_day(self) -> date | None:
        """The day of the first dated article, or None."""
        return min(self.days, default=None)

    @property
    def last_day(self) -> date | None:
        """The day of the last dated article, or None."""
        return max(self.days, default=None)

    def added(self, vector: Vector, day: date | None) -> "Profile":
        """Return the story with one article more."""
        return self.joined(Profile.of(vector, day))

    def joined(self, other: "Profile") -> "Profile":
        """Return the two stories as one."""
        if not self.size:
            return other
        more, less = (self, other) if len(self.keys) >= len(other.keys) else (other, self)
        places = np.searchsorted(more.keys, less.keys)
        held = more.keys.take(places, mode="clip") == less.keys
        sums = more.sums.copy()
        sums[places[held]] += less.sums[held]
        keys = np.insert(more.keys, places[~held], less.keys[~held])
        sums = np.insert(sums, places[~held], less.sums[~held])
        return Profile(
            size=self.size + other.size,
            keys=keys,
            sums=sums,
            days=Counter(self.days) + Counter(other.days),
            words=_heaviest(keys, sums, {**other.words, **self.words}),
        )

    def removed(self, vector: Vector, day: date | None) -> "Profile":
        """Return the story without an article that was added with that vector and day."""
        sums = self.sums.copy()
        sums[np.searchsorted(self.keys, vector.keys)] -= vector.weights
        kept = sums > _NOTHING_LEFT
        keys, sums = self.keys[kept], sums[kept]
        days = Counter(self.days)
        if day:
            days[day] -= 1
        return Profile(
            size=self.size - 1,
            keys=keys,
            sums=sums,
            days=+days,
            words=_still_held(keys, self.words),
        )

    def respelt(self, vectors: Iterable[Vector]) -> "Profile":
        """Return the story with the words of these articles, its own: with others that have left, some were lost that
        weigh more now."""
        words = dict(self.words)
        for vector in vectors:
            words |= vector.words
        return replace(self, words=_heaviest(self.keys, self.sums, _still_held(self.keys, words)))

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
            words=_Spelt(stored[at + 12 * terms + 8 * days :]),
        )


def _heaviest(
    keys: NDArray[np.int64], sums: NDArray[np.float32], spelt: Mapping[int, str]
) -> Mapping[int, str]:
    """Return the words of the heaviest keys among those that are spelt and held."""
    if len(spelt) <= _PROFILE_WORDS:
        return spelt
    known = np.fromiter(spelt, np.int64, len(spelt))
    places = np.searchsorted(keys, known)
    best = known[np.lexsort((known, -sums[places]))[:_PROFILE_WORDS]]
    return {key: spelt[key] for key in best.tolist()}


def _still_held(keys: NDArray[np.int64], spelt: Mapping[int, str]) -> Mapping[int, str]:
    known = np.fromiter(spelt, np.int64, len(spelt))
    return {key: spelt[key] for key in known[np.isin(known, keys, assume_unique=True)].tolist()}


def _spell(words: Mapping[int, str]) -> bytes:
    return json.dumps(
        {str(key): word for key, word in words.items()}, ensure_ascii=False, separators=(",", ":")
    ).encode("utf-8", "surrogatepass")


def _head(head: struct.Struct, stored: bytes) -> tuple[int, ...]:
    """Return the numbers after the format; ValueError where it is not ours."""
    if len(stored) < head.size or stored[0] != _FORMAT:
        raise ValueError(f"{len(stored)} bytes are not a story vector of format {_FORMAT}")
    return head.unpack_from(stored)[1:]


def _check(stored: bytes, expected: int) -> None:
    if len(stored) != expected:
        raise ValueError(f"a story vector has {len(stored)} bytes instead of {expected}: it is damaged.")
