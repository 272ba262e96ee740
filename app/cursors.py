"""Where a reader of an answer stands, so that the next rows are right although articles arrive meanwhile.

Law: a cursor counts no article that arrived after its first page, and belongs to one question. In an order of time it
holds the place of the last row. Scores move with every article that arrives, so by relevance it holds which rows were
given, and all others are still to come; where these grow too many for an address, the others follow by time. It is
opaque: what it holds may change with any version.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import accumulate, pairwise
from typing import Self

from xxhash import xxh3_64_digest

from app.domain.article import LARGEST_ID, ArticleId
from app.domain.query import Matches, Place, Question, Sort
from app.errors import ParameterError

# From so many rows by relevance on, the others follow by time.
MOST_GIVEN = 1_000

# More characters than a cursor has while ids are below 2^31: of the at most 1,099 rows that are given (pages have 100)
# each takes four bytes, but for a handful. Servers, and what stands before them, take addresses of some 8,000.
LONGEST = 6_000

_VERSION = 2
_SEAL_BYTES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """``until``: the newest article that counts; ``today``: the day of the first page, from which relative days and
    ages count; ``given``: the articles that stood for the rows that were given by relevance; ``after``: where the last
    row stands that was given by time."""

    until: ArticleId
    today: date
    given: tuple[ArticleId, ...] = ()
    after: Place | None = None

    @property
    def has_given_the_best(self) -> bool:
        """Whether so many rows were given by relevance that the others follow by time."""
        return len(self.given) >= MOST_GIVEN

    def behind(self, question: Question) -> Question:
        """Return what asks for the rows behind those that were shown."""
        return replace(
            question,
            sort=Sort.NEWEST if self.has_given_the_best else question.sort,
            first_row=0,
            until=self.until,
            given=self.given,
            after=self.after,
            today=self.today,
        )

    def written(self, asked: Mapping[str, object]) -> str:
        """Return the cursor as text; ``asked`` is all that the order of the rows depends on."""
        day, article = (self.after.day, self.after.article) if self.after else (None, 0)
        steps = (after - before for before, after in pairwise([0, *sorted(self.given)]))
        numbers = (self.until, self.today.toordinal(), day.toordinal() if day else 0, article, *steps)
        held = _packed(numbers)
        return urlsafe_b64encode(_seal(held, asked) + held).decode().rstrip("=")

    @classmethod
    def read(cls, text: str, asked: Mapping[str, object]) -> Self:
        """Return the cursor that was written; raises ``ParameterError`` for any other, and for another question's."""
        try:
            sealed = urlsafe_b64decode(f"{text[:LONGEST]}{'=' * (-len(text) % 4)}")
            held = sealed[_SEAL_BYTES:]
            if sealed[:_SEAL_BYTES] != _seal(held, asked):
                raise ValueError(text)
            return cls._of(list(_unpacked(held)))
        except (ValueError, OverflowError) as error:
            raise ParameterError(
                "cursor",
                "This is no cursor, or one of another question. Ask again without it, from the first row.",
            ) from error

    @classmethod
    def _of(cls, numbers: list[int]) -> Self:
        """Return the cursor of its numbers; a seal is no secret, so these can be any."""
        until, today, day, article, *steps = numbers
        given = list(accumulate(steps))
        if max(until, article, *given) > LARGEST_ID:
            raise ValueError(numbers)
        return cls(
            until=ArticleId(until),
            today=date.fromordinal(today),
            given=tuple(map(ArticleId, given)),
            after=Place(day=date.fromordinal(day) if day else None, article=ArticleId(article))
            if article
            else None,
        )


def following(question: Question, found: Matches, today: date, rows: int) -> Cursor | None:
    """Return the cursor behind a page of an answer that has so many ``rows``; None at its end, and behind a page by
    number of more rows by relevance than a cursor can hold."""
    ends = not found.rows or found.first_row + len(found.rows) >= rows
    if ends or (question.sort.is_by_score and len(found.before) >= MOST_GIVEN):
        return None
    until = question.until if question.until is not None else ArticleId(found.newest)
    last = found.rows[-1]
    if question.sort.is_by_score:
        given = (*question.given, *found.before, *(row.article for row in found.rows))
        return Cursor(until=until, today=today, given=given)
    return Cursor(
        until=until, today=today, given=question.given, after=Place(day=last.day, article=last.article)
    )


def _seal(held: bytes, asked: Mapping[str, object]) -> bytes:
    """Return what tells a cursor of this version and question from all others, and from one that was damaged."""
    question = json.dumps([_VERSION, asked], sort_keys=True, default=str)
    return xxh3_64_digest(question.encode("utf-8", "surrogatepass") + b"\0" + held)


def _packed(numbers: Iterable[int]) -> bytes:
    """Return numbers from 0 on in as few bytes as each takes, seven bits in a byte (LEB128)."""
    packed = bytearray()
    for number in numbers:
        left = number
        while left > 0x7F:
            packed.append(left & 0x7F | 0x80)
            left >>= 7
        packed.append(left)
    return bytes(packed)


def _unpacked(packed: bytes) -> Iterator[int]:
    number = shift = 0
    for byte in packed:
        number |= (byte & 0x7F) << shift
        shift += 7
        if byte <= 0x7F:
            yield number
            number = shift = 0
