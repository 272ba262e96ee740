"""Furniture in the texts of one source: lines that it prints in one article after the other, whatever they are about.

Law: what is furniture follows from the texts of the source alone, whatever the order they are given in. A line that
only versions and copies of one text share is no furniture, however many there are.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import NewType

import numpy as np
import xxhash

from app.domain.text import fold, words

LineKey = NewType("LineKey", int)

# Shorter lines are credits ("Reporting by …") and interjections, which people look for, and too short to link texts.
LEAST_WORDS = 8

# In so many articles about different things a line must stand.
LEAST_ARTICLES = 4

# Two articles are about one thing where, of the longest lines of their own, this share of the words is in both.
_SAME = 0.4
_MOST_WORDS = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Furniture:
    """A line that is furniture: how many articles of its source print it, and its text in one of them."""

    line: LineKey
    articles: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Learnt:
    """What the job has learnt of one source."""

    source: str
    furniture: tuple[Furniture, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FurnitureReport:
    """What is furniture, for the sources that have any, and of how many articles other lines are left out than were
    before (of a rehearsal: would be)."""

    sources: tuple[Learnt, ...]
    articles_changed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FurnitureLine:
    """A line of an article that is left out of comparison and search: its number in ``body_text``, from 1, and how many
    articles of a source print it; None where it is furniture no more, and the job is still to say so."""

    line: int
    articles: int | None


def keys_of(body_text: str) -> dict[LineKey, str]:
    """Return the lines of a text that could be furniture, by a 63-bit key that white space and case do not change."""
    return {_key(line): line for line in body_text.split("\n") if _is_long(line)}


def _is_long(line: str) -> bool:
    return len(line.split(maxsplit=LEAST_WORDS)) >= LEAST_WORDS


def _key(line: str) -> LineKey:
    told = fold(line).casefold()
    return LineKey(xxhash.xxh3_64_intdigest(told.encode("utf-8", "surrogatepass")) >> 1)


def without(body_text: str, mask: Collection[LineKey]) -> str:
    """Return a text without the lines of a mask."""
    if not mask:
        return body_text
    return "\n".join(line for line in body_text.split("\n") if not (_is_long(line) and _key(line) in mask))


def find_furniture(texts: Callable[[], Iterable[str]]) -> list[Furniture]:
    """Return what is furniture in the texts of one source; ``texts`` is asked for them twice, and they are not held.

    Eight bytes a line are. A line is furniture where it stands in ``LEAST_ARTICLES`` articles that are about different
    things: of the lines that fewer articles print, the longest have few words in common. It is what tells a disclaimer
    from a paragraph that all versions of one report share.
    """
    frequent = _frequent(texts())
    if not frequent:
        return []
    seen: dict[LineKey, _Seen] = {}
    for body_text in texts():
        lines = keys_of(body_text)
        rarest = min((frequent.get(key, 0) for key in lines), default=0)
        subject = _subject(line for key, line in lines.items() if frequent.get(key, 0) == rarest)
        for key in lines.keys() & frequent.keys():
            if frequent[key] > rarest:
                seen.setdefault(key, _Seen(text=fold(lines[key]))).take(subject)
    return sorted(
        (
            Furniture(line=key, articles=frequent[key], text=each.text)
            for key, each in seen.items()
            if each.subjects() >= LEAST_ARTICLES
        ),
        key=lambda each: (-each.articles, each.line),
    )


def _frequent(texts: Iterable[str]) -> dict[LineKey, int]:
    """Return the lines that stand in ``LEAST_ARTICLES`` texts and more, with their number."""
    keys = [np.fromiter(keys_of(body_text), np.int64) for body_text in texts]
    lines, counts = np.unique(np.concatenate([*keys, np.zeros(0, np.int64)]), return_counts=True)
    often = counts >= LEAST_ARTICLES
    return dict(zip(map(LineKey, lines[often].tolist()), counts[often].tolist(), strict=True))


def _subject(own: Iterable[str]) -> frozenset[str]:
    """Return the words of the longest line."""
    return frozenset(words(max(own, key=lambda line: (len(line), line)))[:_MOST_WORDS])


@dataclass(slots=True)
class _Seen:
    """What the articles that print a line are about."""

    text: str
    found: set[frozenset[str]] = field(default_factory=set)

    def take(self, subject: frozenset[str]) -> None:
        if len(subject) >= LEAST_WORDS:
            self.found.add(subject)

    def subjects(self) -> int:
        """Return how many different things they are about, as far as it matters."""
        different: list[frozenset[str]] = []
        for subject in sorted(self.found, key=sorted):
            if all(not _alike(subject, other) for other in different):
                different.append(subject)
                if len(different) == LEAST_ARTICLES:
                    break
        return len(different)


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    return len(one & other) >= _SAME * min(len(one), len(other))


def lines_in(body_text: str, counts: Mapping[LineKey, int | None]) -> tuple[FurnitureLine, ...]:
    """Return where lines stand in a text of which it is known how many articles print them."""
    return tuple(
        FurnitureLine(line=number, articles=counts[key])
        for number, line in enumerate(body_text.split("\n"), 1)
        if _is_long(line) and (key := _key(line)) in counts
    )
