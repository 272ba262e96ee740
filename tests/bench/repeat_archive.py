"""A made-up archive of fingerprints, as large as you like, in a real database and written straight into its tables.

Law: the rows are those that the product stores for the same texts. Words are invented; how often phrases come again is
fitted to AllSides (docs/benchmarks.md says how well).
"""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import xxhash
from numpy.typing import NDArray

from app.domain.candidates import MOST_HEADS
from app.domain.fingerprint import Print
from app.domain.passages import word_line

# Words of an article; the vocabulary; phrases that come again: their number, how many stand in an article, their
# length, and the exponent of their frequencies by rank.
LENGTH = 500
_VOCABULARY = 60_000
_PHRASES = 10_000_000
_IN_ARTICLE = 28
_PHRASE = 12
_EXPONENT = 0.7

# Outlets with a paragraph of furniture, its length, and the share of articles that print one.
_SOURCES = 1_000
_FURNITURE = 35
_PRINTS = 0.1

# The share of articles that are near copies, and how many originals there are at a time that copies are made of; an
# original takes the place of one of these with this chance. It is copied some two times, and now and then ten.
_COPIES = 0.25
_COPIED = 500
_TAKEN_UP = 0.2

_ODD = np.uint64(0x9E3779B97F4A7C15)

Words = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Made:
    """A text as word numbers, and the place (from 0) of the original it is a near copy of, if it is one."""

    words: Words
    original: int | None


class Maker:
    """Makes articles one after the other; with the same seed, the same ones."""

    def __init__(self, seed: int = 1) -> None:
        self._chance = np.random.default_rng(seed)
        frequencies = np.arange(1, _PHRASES + 1, dtype=np.float64) ** -_EXPONENT
        self._phrases = np.cumsum(frequencies / frequencies.sum())
        self._copied: list[tuple[int, Words]] = []
        self._made = 0
        self.vocabulary = [f"w{number}" for number in range(_VOCABULARY)]
        self._hashes = np.array(
            [xxhash.xxh3_64_intdigest(word.encode()) for word in self.vocabulary], dtype=np.uint64
        )

    def make(self) -> Made:
        """Return the next article."""
        if self._copied and self._chance.random() < _COPIES:
            original, words = self._copied[int(self._chance.integers(len(self._copied)))]
            made = Made(self._edited(words), original)
        else:
            made = Made(self._fresh(), None)
            if len(self._copied) < _COPIED:
                self._copied.append((self._made, made.words))
            elif self._chance.random() < _TAKEN_UP:
                self._copied[int(self._chance.integers(_COPIED))] = (self._made, made.words)
        self._made += 1
        return made

    def text(self, made: Made) -> str:
        """Return an article as text."""
        return " ".join([self.vocabulary[word] for word in made.words])

    def fingerprint(self, made: Made) -> Print:
        """Return the fingerprint of the text, without taking it apart again."""
        return Print(word_line(self._hashes[made.words]))

    def _fresh(self) -> Words:
        length = int(np.clip(self._chance.normal(LENGTH, LENGTH / 4), LENGTH / 2, 2 * LENGTH))
        words = self._own(length)
        drawn = np.searchsorted(self._phrases, self._chance.random(_IN_ARTICLE))
        starts = self._chance.integers(length - _PHRASE, size=_IN_ARTICLE)
        words[starts[:, None] + np.arange(_PHRASE)] = _run(drawn, _PHRASE)
        if self._chance.random() < _PRINTS:
            source = self._chance.integers(_PHRASES, _PHRASES + _SOURCES, size=1)
            words = np.concatenate((words, _run(source, _FURNITURE)[0]))
        return words

    def _edited(self, words: Words) -> Words:
        """A near copy: a sentence is another, and the last paragraph may be cut."""
        edited = words.copy()
        start = int(self._chance.integers(len(words) - 20))
        edited[start : start + 20] = self._own(20)
        return edited[: len(edited) - int(self._chance.integers(len(edited) // 10))]

    def _own(self, length: int) -> Words:
        """Words as they come, frequent ones more often."""
        return (self._chance.random(length) ** 3 * _VOCABULARY).astype(np.int64)


def _run(numbers: Words, length: int) -> Words:
    """Return the words of numbered phrases: the same number, the same words."""
    places = numbers.astype(np.uint64)[:, None] * np.uint64(64) + np.arange(length, dtype=np.uint64)
    mixed = np.asarray((places + np.uint64(1)) * _ODD, dtype=np.uint64)
    mixed = np.asarray((mixed ^ (mixed >> np.uint64(29))) * _ODD, dtype=np.uint64)
    spread: Words = (mixed >> np.uint64(40)).astype(np.int64)
    return spread % _VOCABULARY


def fill(path: Path, maker: Maker, articles: int) -> int:
    """Write so many articles and their fingerprints into a fresh database; return how many words they have."""
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA synchronous = OFF")
    words = 0
    stored: list[NDArray[np.uint64]] = []
    owners: list[NDArray[np.int64]] = []
    kept: dict[int, frozenset[int]] = {}

    def rows() -> Iterator[tuple[int, str, str, int, int | None, int | None]]:
        nonlocal words
        for place in range(articles):
            made = maker.make()
            hashes = maker.fingerprint(made).hashes
            words += len(made.words)
            of = made.original
            if of is None:
                kept[place] = frozenset(hashes)
            else:
                hashes = tuple(value for value in hashes if value not in kept[of])
            stored.append(np.array(hashes, dtype=np.uint64))
            owners.append(np.full(len(hashes), place + 1))
            head = None if of is None else of + 1
            yield place + 1, f"{place:064x}", maker.text(made), len(made.words), head, head

    connection.executemany(
        "INSERT INTO article (id, digest, title, title_from, body_text, wordcount, duplicate_of, copy_of, received,"
        " vector) VALUES (?, ?, 'A title', 'text', ?, ?, ?, ?, '2026-01-01 00:00:00', x'')",
        rows(),
    )
    connection.commit()
    hashes, owner = np.concatenate(stored), np.concatenate(owners)
    stored.clear()
    owners.clear()
    order = np.argsort(hashes, kind="stable")
    hashes, owner = hashes[order], owner[order]
    # Of every hash, the first that came.
    first = np.flatnonzero(np.concatenate(([True], hashes[1:] != hashes[:-1])))
    nth = np.arange(len(hashes)) - np.repeat(first, np.diff(np.concatenate((first, [len(hashes)]))))
    hashes, owner = hashes[nth < MOST_HEADS], owner[nth < MOST_HEADS]
    for start in range(0, len(hashes), 100_000):
        step = slice(start, start + 100_000)
        connection.executemany(
            "INSERT INTO fingerprint (hash, article_id) VALUES (?, ?)",
            zip(hashes[step].tolist(), owner[step].tolist(), strict=True),
        )
    connection.commit()
    connection.close()
    return words
