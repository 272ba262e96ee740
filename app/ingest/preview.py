"""Looking at how a file would be read: nothing of it is taken in."""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice
from pathlib import Path

from app.intake import Manner, Reading, Unreadable, read
from app.intake.files import Found, Refused, walk
from app.intake.unpacking import Limits, Member, members

_SEVERAL = "It holds several files. Name one: unpack it, or run `newsfold ingest --dry-run` for all of them."


def preview(path: Path, *, manner: Manner, limits: Limits, today: date) -> Reading | Unreadable | Refused:
    """Return how the one file at ``path`` would be read, or why it would be rejected."""
    match list(islice(_files(path, limits), 2)):
        case [Refused() as refused]:
            return refused
        case [Member(trouble=str() as trouble)]:
            return Unreadable(reason=trouble)
        case [Member(content=content)]:
            return read(content, manner=manner, today=today)
        case []:
            return Unreadable(reason="There is no file to read here. Name one file.")
        case _:
            return Unreadable(reason=_SEVERAL)


def look(
    files: Iterable[Found], *, manner: Manner, limits: Limits, today: date, most: int
) -> list[tuple[str, Reading | Unreadable | Refused]]:
    """Return how files would be read, and files inside them, by name; at most so many."""
    looked: list[tuple[str, Reading | Unreadable | Refused]] = []
    for each in islice(_inside(files, limits), most):
        match each:
            case Refused():
                looked.append((each.file, each))
            case Member(trouble=str() as trouble):
                looked.append((each.found.file, Unreadable(reason=trouble)))
            case Member():
                looked.append((each.found.file, read(each.content, manner=manner, today=today)))
    return looked


def _files(path: Path, limits: Limits) -> Iterator[Member | Refused]:
    return _inside((each for each in walk([path]) if isinstance(each, Found | Refused)), limits)


def _inside(files: Iterable[Found | Refused], limits: Limits) -> Iterator[Member | Refused]:
    for each in files:
        if isinstance(each, Refused):
            yield each
        else:
            yield from (inner for inner in members(each, limits) if isinstance(inner, Member | Refused))
