"""Picks the reader for a file by its content, and reads it.

Law: a pure function of the bytes, the mode and the day of receipt; a file's name says nothing.
"""

from datetime import date

from app.intake.content import Kind, kind_of
from app.intake.decode import Decoded, decode
from app.intake.exports import read_json, read_table
from app.intake.feed import read_feed
from app.intake.newsml import read_newsml
from app.intake.page import read_page
from app.intake.plain import read_plain
from app.intake.reading import Reading, Split, Unreadable
from app.intake.webarchive import is_record, read_record

# Raised whenever the same bytes may be read differently: `newsfold reread` then has work to do.
READER_VERSION = 3


def read(content: bytes, *, split: Split = Split.AUTO, today: date) -> Reading | Unreadable:
    """Return the articles in ``content``, or why there are none.

    ``today`` is the day of receipt; a date more than one day after it is ignored. ``split`` is about plain text: with
    ``Split.NEVER`` it gives exactly one draft. Never raises on content; time and memory are near linear in its length.
    """
    if is_record(content):
        return read_record(content, today=today)
    decoded = decode(content)
    if isinstance(decoded, Unreadable):
        return decoded
    return read_json(decoded, today=today) or _by_kind(content, decoded, split=split, today=today)


def _by_kind(content: bytes, decoded: Decoded, *, split: Split, today: date) -> Reading | Unreadable:
    match kind_of(decoded.text):
        case Kind.PAGE:
            return read_page(decoded, today=today)
        case Kind.FEED:
            return read_feed(content, decoded, today=today)
        case Kind.NEWSML:
            return read_newsml(decoded, today=today)
        case Kind.TEXT:
            table = read_table(decoded, today=today)
            return table or read_plain(decoded, split=split, today=today)
        case Unreadable() as refused:
            return refused
