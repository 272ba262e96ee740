"""Texts of a file made blank, for articles that a person had erased or withdrawn: all other lines keep their numbers.

Law: the bytes outside stay as they were received, whatever the encoding. A record of a program's making (JSON, a feed,
NewsML) is blanked between its ends, byte for byte, so that the file keeps its length and still parses; of all other
files, and where a record cannot be told from its neighbours, whole lines are.
"""

import codecs
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import chain

from app.domain.article import Draft
from app.domain.text import digest, fold
from app.intake.content import Kind, kind_of
from app.intake.decode import NOT_IN_TEXT, Decoded, bytes_at, decode, utf16_byte_order
from app.intake.reader import read
from app.intake.reading import Manner, Reading, Unreadable
from app.intake.records import may_be_json
from app.intake.webarchive import is_record, payload_of

Span = tuple[int, int]
Runs = Collection[Span]  # of lines: first, last, from 1

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_ANY_DAY = date(2000, 1, 1)  # what a record holds is the same on every day
_OBJECT = re.compile(r"\{(.*)\}", re.DOTALL)
_ELEMENT = re.compile(r"<[^\s<>/]+([^<>]*)>(.*)</[^<>]*>", re.DOTALL)
_NAMESPACE = re.compile(r"""\sxmlns(?::[\w.-]{1,100})?\s*=\s*(?:"[^"]*"|'[^']*')""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """What of a file is to be blank: ``spans`` of bytes (from, to before) of characters in ``codec``, and whole
    ``lines`` (first, last, from 1)."""

    spans: tuple[Span, ...] = ()
    lines: tuple[Span, ...] = ()
    codec: str = "ascii"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Held:
    """What a file holds that readers count characters in: all of it, or what a web server's answer brought."""

    content: bytes
    begins: int
    decoded: Decoded

    @property
    def codec(self) -> str:
        """The encoding of a character by itself, without a mark."""
        return _marked(self.content)[1] or self.decoded.codec


def records_in(content: bytes, told: Iterable[tuple[str, str, date]]) -> tuple[Draft, ...]:
    """Return the articles of a file whose records may share a line, each with its span, as they are read in the manners
    of ``told`` (how it is split, its columns, the day of receipt); of any other file none."""
    held = _held(content)
    if held is None or not _may_share_lines(held.decoded.text):
        return ()
    readings = (
        read(content, manner=Manner.stored(split, columns), today=day) for split, columns, day in told
    )
    drafts = (draft for found in readings if isinstance(found, Reading) for draft in found.drafts)
    return tuple(draft for draft in drafts if draft.span)


def find_gone(content: bytes, texts: Iterable[tuple[Draft, Runs]], records: Iterable[Draft]) -> Gone:
    """Return where texts, each with the lines it stands on, are in a file: the inside of those of its ``records`` that
    are these texts; of a text that is none of them all its lines, and others that print its headline or deck again."""
    held = _held(content)
    spans_of: dict[str, set[Span]] = defaultdict(set)
    for record in records:
        if record.span:
            spans_of[_digest(record)].add(record.span)
    spans: set[Span] = set()
    lines: set[Span] = set()
    for text, runs in texts:
        own = _bytes_of(held, spans_of[_digest(text)]) if held else None
        if own:
            spans |= own
        else:
            lines |= _runs_of(held.decoded if held else None, runs, text)
    return Gone(spans=tuple(sorted(spans)), lines=tuple(sorted(lines)), codec=held.codec if held else "ascii")


def is_there(text: Draft, records: Iterable[Draft]) -> bool:
    """Return whether a text is one of some records."""
    return _digest(text) in map(_digest, records)


def without(content: bytes, gone: Gone) -> bytes:
    """Return ``content`` with blanks for what is gone, and all line ends."""
    blanked = bytearray(content)
    for start, end in gone.spans:
        blanked[start:end] = _blank(content[start:end], gone.codec)
    return without_lines(bytes(blanked), gone.lines)


def without_lines(content: bytes, runs: Runs) -> bytes:
    """Return ``content`` with nothing on the lines of ``runs`` (first, last, from 1) but their ends."""
    if not runs:
        return content
    mark, codec = _marked(content)
    feed, carriage = "\n".encode(codec or "ascii"), "\r".encode(codec or "ascii")
    gone = {number for first, last in runs for number in range(first, last + 1)}
    lines = list(_lines(content[len(mark) :], feed))
    if len(lines) == 1 and carriage in content:
        feed, carriage = carriage, b""
        lines = list(_lines(content[len(mark) :], feed))
    kept = [
        (carriage if carriage and line.endswith(carriage) else b"") if number in gone else line
        for number, line in enumerate(lines, start=1)
    ]
    return mark + feed.join(kept)


def _marked(content: bytes) -> tuple[bytes, str | None]:
    """Return the byte order mark, and the encoding that it or the bytes give away where units are wider than a byte."""
    found = next(((mark, codec) for mark, codec in _MARKS if content.startswith(mark)), None)
    return found or (b"", utf16_byte_order(content))


def _held(content: bytes) -> _Held | None:
    charset, begins = None, 0
    if is_record(content):
        held = payload_of(content, today=_ANY_DAY)
        if isinstance(held, Unreadable) or held.begins is None:
            return None
        content, charset, begins = held.content, held.charset, held.begins
    decoded = decode(content, charset)
    return None if isinstance(decoded, Unreadable) else _Held(content=content, begins=begins, decoded=decoded)


def _may_share_lines(text: str) -> bool:
    return may_be_json(text) or kind_of(text) in (Kind.FEED, Kind.NEWSML)


def _digest(text: Draft) -> str:
    return digest(text.headline, text.deck, text.body_text)


def _runs_of(decoded: Decoded | None, runs: Runs, text: Draft) -> set[Span]:
    lines = decoded.text.split("\n") if decoded else []
    wanted = {fold(title) for title in (text.headline, text.deck) if title}
    return {(nth, nth) for nth, line in enumerate(lines, start=1) if fold(line) in wanted}.union(runs)


def _bytes_of(held: _Held, records: Collection[Span]) -> set[Span] | None:
    """Return the bytes inside some records, from the beginning of the file; None where one cannot be told."""
    parts = [_inside(held.decoded.text, record) for record in records]
    if not parts or not all(parts):
        return None
    inside = list(chain.from_iterable(parts))
    at = bytes_at(held.content, held.decoded.codec, [place for part in inside for place in part])
    for start, end in inside:
        told = NOT_IN_TEXT.sub("", held.content[at[start] : at[end]].decode(held.codec, errors="replace"))
        if told.split() != held.decoded.text[start:end].split():
            return None
    return {(held.begins + at[start], held.begins + at[end]) for start, end in inside}


def _inside(text: str, record: Span) -> list[Span]:
    """Return what of a record is to be blank: all between the braces of an object; of an element what it holds, and its
    attributes but for the names of namespaces, without which it is no XML."""
    if found := _OBJECT.fullmatch(text, *record):
        return [found.span(1)]
    if not (found := _ELEMENT.fullmatch(text, *record)):
        return []
    kept = [each.span() for each in _NAMESPACE.finditer(text, *found.span(1))]
    edges = [found.start(1), *(edge for span in kept for edge in span), found.end(1)]
    return [*zip(edges[::2], edges[1::2], strict=True), found.span(2)]


def _blank(part: bytes, codec: str) -> bytes:
    """Return as many bytes of blanks, with the line ends where they are."""
    space, feed, carriage = (each.encode(codec) for each in " \n\r")
    return feed.join(
        carriage.join(space * (len(piece) // len(space)) for piece in _lines(line, carriage))
        for line in _lines(part, feed)
    )


def _lines(content: bytes, feed: bytes) -> Iterator[bytes]:
    """Yield the pieces between line ends, which stand at whole characters only."""
    start = at = 0
    while (at := content.find(feed, at)) >= 0:
        if at % len(feed):
            at += 1
            continue
        yield content[start:at]
        start = at = at + len(feed)
    yield content[start:]
