"""Picks the reader for a file by its content, and reads it.

Law: a pure function of the bytes, the mode and the day of receipt; a file's name says nothing.
"""

from dataclasses import replace
from datetime import date

import structlog

from app.domain.article import Draft
from app.intake.content import Kind, kind_of
from app.intake.databases import read_database, read_database_page
from app.intake.decode import Decoded, decode
from app.intake.exports import read_json, read_table
from app.intake.feed import read_feed
from app.intake.mail import is_mail, read_mail
from app.intake.newsml import read_newsml
from app.intake.office import read_office
from app.intake.page import address_of, read_page
from app.intake.plain import read_plain
from app.intake.reading import AS_USUAL, Manner, Reading, Unreadable
from app.intake.sound import sound
from app.intake.webarchive import Payload, is_record, payload_of

_log = structlog.get_logger(__name__)

# Raised whenever the same bytes may be read differently: `newsfold reread` then has work to do.
READER_VERSION = 4


def read(content: bytes, *, manner: Manner = AS_USUAL, today: date) -> Reading | Unreadable:
    """Return the articles in ``content``, or why there are none.

    ``today`` is the day of receipt; a date more than one day after it is ignored. With ``Split.NEVER`` plain text gives
    exactly one draft. Never raises on content; time and memory are near linear in its length.
    """
    try:
        return sound(_read(content, manner=manner, today=today))
    except Exception as error:
        # Whatever a library makes of what nobody thought of: a delivery of ten thousand files does not end at one.
        _log.exception("a reader failed")
        told = f"{type(error).__name__}: {error}"[:200]
        return sound(
            Unreadable(reason=f"It cannot be read ({told}); save its text, and tell us of the file.")
        )


def _read(content: bytes, *, manner: Manner, today: date) -> Reading | Unreadable:
    if not is_record(content):
        return _content(content, None, None, manner=manner, today=today)
    held = payload_of(content, today=today)
    if isinstance(held, Unreadable):
        return held
    day = min(today, held.fetched) if held.fetched else today
    found = _content(held.content, held.charset, held.url, manner=manner, today=day)
    return found if isinstance(found, Unreadable) else _in_record(found, held, content)


def _in_record(found: Reading, held: Payload, content: bytes) -> Reading:
    """Return a reading with the lines of the record it stands in: of all of it, where it is packed there."""
    if held.begins is None:
        last = content.count(b"\n") + 1
        drafts = [
            replace(draft, first_line=1, last_line=last, span=None, dropped=()) for draft in found.drafts
        ]
        refused = [replace(each, first_line=1, last_line=last) for each in found.refused]
    else:
        before = content.count(b"\n", 0, held.begins)
        drafts = [_lower(draft, before) for draft in found.drafts]
        refused = [
            replace(each, first_line=each.first_line + before, last_line=each.last_line + before)
            for each in found.refused
        ]
    if len(drafts) == 1:  # of a plain text, which does not say where it stood
        drafts = [replace(drafts[0], url=drafts[0].url or address_of(held.url))]
    notices = ("It was read as an answer of a web server.", *found.notices)
    return replace(
        found, notices=notices, drafts=tuple(drafts), refused=tuple(refused), lines=(), boundaries=()
    )


def _lower(draft: Draft, by: int) -> Draft:
    dropped = tuple(replace(each, line=each.line + by) for each in draft.dropped)
    return replace(draft, first_line=draft.first_line + by, last_line=draft.last_line + by, dropped=dropped)


def _content(
    content: bytes, charset: str | None, url: str | None, *, manner: Manner, today: date
) -> Reading | Unreadable:
    if office := read_office(content, today=today):
        return office
    if is_mail(content):
        return read_mail(content, today=today)
    decoded = decode(content, charset)
    if isinstance(decoded, Unreadable):
        return decoded
    return read_json(decoded, manner.columns, today=today, base=url) or _by_kind(
        content, decoded, url, manner=manner, today=today
    )


def _by_kind(
    content: bytes, decoded: Decoded, url: str | None, *, manner: Manner, today: date
) -> Reading | Unreadable:
    match kind_of(decoded.text):
        case Kind.PAGE:
            export = read_database_page(decoded, today=today)
            return export or read_page(decoded, today=today, url=url)
        case Kind.FEED:
            return read_feed(content, decoded, today=today, url=url)
        case Kind.NEWSML:
            return read_newsml(decoded, today=today)
        case Kind.TEXT:
            told = read_table(decoded, manner.columns, today=today) or read_database(decoded, today=today)
            return told or read_plain(decoded, split=manner.split, today=today)
        case Unreadable() as refused:
            return refused
