"""A large archive to measure stories in: a real one of some thousand articles, repeated with other rare words and days.

Law: what a newcomer meets is as in a real archive of that size. Rare terms are made new every so many rounds, so that
the vocabulary grows as Heaps' law says it does (170,000 terms at 12,000 AllSides articles, 2,000,000 at a million);
common ones stay, so that their postings are full; rounds lie 400 days apart, so that an article and its repetition are
no story; an undated one, which time would not keep apart from its repetitions, has a day of its story's.
Texts are filler of the real length.
"""

import sqlite3
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.domain.profile import Profile, Vector
from app.domain.story import NEWEST, key_terms

_ROUND_DAYS = 400
_ROUNDS_OF_A_VOCABULARY = 6
_RARE = 2  # a term of so many articles of the real archive is rare
_TEXT = "filler " * 830  # 5,800 characters, as AllSides has
_POSTING = np.dtype([("term", "<i8"), ("article", "<i8"), ("weight", "<f4")])
_STORED = ["article", "weight"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """An article of the real archive."""

    vector: Vector
    day: date | None
    story: int


def read(path: Path) -> tuple[list[Member], dict[int, int]]:
    """Return the articles of an archive, and its frequencies of terms."""
    connection = sqlite3.connect(path)
    rows = connection.execute("SELECT vector, published, story_id FROM article ORDER BY id")
    members = [
        Member(
            vector=Vector.from_bytes(vector),
            day=datetime.fromisoformat(published).date() if published else None,
            story=story,
        )
        for vector, published, story in rows
    ]
    frequencies = dict(connection.execute("SELECT term, articles FROM frequency"))
    connection.close()
    return members, frequencies


def repeat(path: Path, members: Sequence[Member], frequencies: dict[int, int], rounds: int) -> None:
    """Put ``rounds`` rounds of ``members`` into an empty archive, the last of them as they are."""
    rare = np.array(sorted(term for term, count in frequencies.items() if count <= _RARE), np.int64)
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("PRAGMA foreign_keys = OFF")
    postings, counted = [], []
    for nth in range(rounds):
        print(f"round {nth + 1} of {rounds}", file=sys.stderr)
        since_last = rounds - 1 - nth
        vocabulary = _Vocabulary(rare, since_last // _ROUNDS_OF_A_VOCABULARY)
        days = timedelta(days=_ROUND_DAYS * since_last)
        connection.execute("BEGIN")
        postings.append(_add_round(connection, nth, members, vocabulary, days))
        connection.execute("COMMIT")
        counted.append(_frequencies(frequencies, vocabulary))
    connection.execute("BEGIN")
    connection.executemany("INSERT INTO posting VALUES (?, ?)", _newest(np.concatenate(postings)))
    connection.executemany("INSERT INTO frequency VALUES (?, ?)", _summed(counted))
    connection.execute("COMMIT")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


class _Vocabulary:
    """Other keys for rare terms, the same for some rounds."""

    def __init__(self, rare: NDArray[np.int64], number: int) -> None:
        self._rare = rare
        self._mark = np.int64((number * 0x9E3779B97F4A7C15) & 0x7FFFFFFFFFFFFFFF)

    def keys(self, keys: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return what terms are called in these rounds."""
        places = np.searchsorted(self._rare, keys).clip(max=len(self._rare) - 1)
        return np.where(self._rare[places] == keys, keys ^ self._mark, keys)

    def vector(self, real: Vector) -> Vector:
        """Return a vector of these rounds."""
        keys = self.keys(real.keys)
        order = np.argsort(keys)
        spelt = np.fromiter(real.words, np.int64, len(real.words))
        words = dict(zip(self.keys(spelt).tolist(), real.words.values(), strict=True))
        return Vector(keys=keys[order], weights=real.weights[order], words=words)


def _add_round(
    connection: sqlite3.Connection,
    nth: int,
    members: Sequence[Member],
    vocabulary: _Vocabulary,
    back: timedelta,
) -> NDArray[np.void]:
    stories = max(member.story for member in members)
    profiles: dict[int, Profile] = {}
    rows, postings = [], []
    days = _days(members)
    for place, member in enumerate(members):
        article, story = 1 + nth * len(members) + place, nth * stories + member.story
        told = vocabulary.vector(member.vector)
        dated = (member.day or days[member.story]) - back
        own = Profile.of(told, dated)
        profiles[story] = profiles[story].joined(own) if story in profiles else own
        postings += [(term.key, article, term.weight) for term in key_terms(own)]
        published = f"{dated} 00:00:00.000000"
        rows.append((article, f"{article:064}", _TEXT, published, story, told.to_bytes()))
    connection.executemany(
        "INSERT INTO story (id, headline, first_day, last_day, size, touched, profile, locked, named)"
        " VALUES (?, 'A story', ?, ?, ?, '2026-01-01 00:00:00.000000', ?, 0, 0)",
        (
            (story, str(own.first_day), str(own.last_day), own.size, own.to_bytes())
            for story, own in profiles.items()
        ),
    )
    connection.executemany(
        "INSERT INTO article (id, digest, title, title_from, body_text, wordcount, received, published, story_id,"
        " vector) VALUES (?, ?, 'A title', 'headline', ?, 830, '2026-01-01 00:00:00.000000', ?, ?, ?)",
        rows,
    )
    return np.array(postings, dtype=_POSTING)


def _days(members: Sequence[Member]) -> dict[int, date]:
    """Return a day of each story: that of a dated article, else of one that came before."""
    days = {member.story: member.day for member in reversed(members) if member.day}
    latest = min(days.values())
    for member in members:
        latest = days.setdefault(member.story, latest)
    return days


def _frequencies(
    real: dict[int, int], vocabulary: _Vocabulary
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    keys = np.fromiter(real, np.int64, len(real))
    return vocabulary.keys(keys), np.fromiter(real.values(), np.int64, len(real))


def _summed(counted: Sequence[tuple[NDArray[np.int64], NDArray[np.int64]]]) -> Iterator[tuple[int, int]]:
    keys, places = np.unique(np.concatenate([keys for keys, _ in counted]), return_inverse=True)
    sums = np.bincount(places, weights=np.concatenate([counts for _, counts in counted]))
    return zip(keys.tolist(), sums.astype(np.int64).tolist(), strict=True)


def _newest(postings: NDArray[np.void]) -> Iterator[tuple[int, bytes]]:
    """Yield the newest postings of each term as they are stored."""
    postings = postings[np.lexsort((postings["article"], postings["term"]))]
    starts = np.flatnonzero(np.diff(postings["term"], prepend=-1))
    for start, end in zip(starts.tolist(), [*starts[1:].tolist(), len(postings)], strict=True):
        kept = postings[max(start, end - NEWEST) : end]
        packed = np.empty(len(kept), dtype=[(name, _POSTING[name]) for name in _STORED])
        packed["article"], packed["weight"] = kept["article"], kept["weight"]
        yield int(kept["term"][0]), packed.tobytes()
