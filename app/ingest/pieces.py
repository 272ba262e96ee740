"""Files as they are taken in: read, prepared, and cut into pieces that one transaction can file.

Law: nothing here touches the database; what is known already is asked through a function.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice

from app.domain.article import Draft
from app.ingest.filing import Prepared, prepare
from app.intake import Manner, Reading, Unreadable, read
from app.intake.files import Found, Refused, Skipped
from app.intake.unpacking import Limits, Member, members


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Some drafts of one file, in order; ``nth`` says for each how often its text has stood in the file, itself
    included. ``reading`` is None where these bytes are known at this place. ``is_last`` closes the file."""

    found: Found
    sha256: str
    content: bytes
    reading: Reading | Unreadable | None
    drafts: tuple[Prepared, ...] = ()
    nth: tuple[int, ...] = ()
    is_first: bool = True
    is_last: bool = True


def pieces(
    found: Found,
    *,
    limits: Limits,
    manner: Manner,
    today: date,
    is_known: Callable[[str, str], bool],
    most_drafts: int,
) -> Iterator[Piece | Refused | Skipped]:
    """Read one file, with all files in it, and yield it in pieces of at most ``most_drafts`` drafts.

    ``is_known`` is asked with the SHA-256 of the bytes and the place; bytes that are known there are not read again.
    """
    for each in members(found, limits):
        if not isinstance(each, Member):
            yield each
            continue
        sha256 = hashlib.sha256(each.content).hexdigest()
        piece = Piece(found=each.found, sha256=sha256, content=each.content, reading=None)
        if is_known(sha256, each.found.place):
            yield piece
        elif each.trouble:
            yield replace(piece, reading=Unreadable(reason=each.trouble))
        else:
            yield from read_pieces(
                each.found, sha256, each.content, manner=manner, today=today, most_drafts=most_drafts
            )


def read_pieces(
    found: Found, sha256: str, content: bytes, *, manner: Manner, today: date, most_drafts: int
) -> Iterator[Piece]:
    """Read these bytes and yield what stands in them in pieces."""
    reading = read(content, manner=manner, today=today)
    if isinstance(reading, Unreadable):
        yield Piece(found=found, sha256=sha256, content=content, reading=reading)
        return
    occurrences: Counter[str] = Counter()
    drafts = iter(reading.drafts)
    left = len(reading.drafts)
    is_first = True
    while step := list(islice(drafts, most_drafts)):
        left -= len(step)
        prepared = tuple(_prepared(step))
        nth = []
        for each in prepared:
            occurrences[each.digest] += 1
            nth.append(occurrences[each.digest])
        yield Piece(
            found=found,
            sha256=sha256,
            content=content,
            reading=reading,
            drafts=prepared,
            nth=tuple(nth),
            is_first=is_first,
            is_last=left == 0,
        )
        is_first = False


def _prepared(drafts: list[Draft]) -> Iterator[Prepared]:
    for draft in drafts:
        yield prepare(draft)
