"""The texts of a message: its subject, its sender and its body, decoded.

Law: whatever a message says of its encodings, a text leaves here without lone surrogates, and what was guessed is told.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from email.message import EmailMessage
from email.utils import parseaddr

from app.intake.decode import OF_NO_TEXT, Decoded, decode
from app.intake.markup import has_markup, plain_paragraphs
from app.intake.paragraphs import paragraphs, word_count
from app.intake.reading import Unreadable

# What the bytes themselves prove: where they do not, the message says wrongly what it is written in.
_PROVED = frozenset({"utf-8", "ascii"})
_LONGEST_HEADER = 4_000  # characters; each address in one takes the parser a quarter of a millisecond
_SURROGATE = re.compile("[\ud800-\udfff]")
_BAD_BYTES = "Bytes that could not be decoded stand as U+FFFD: {}."
_GUESSED = "Texts whose headers name no encoding that comes true were read as {}: 1."


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What a message says: texts without markup, empty where there are none, and a sentence for every repair."""

    subject: str
    date: str
    name: str
    address: str
    paragraphs: tuple[str, ...]
    notices: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Body:
    paragraphs: tuple[str, ...]
    weight: int
    charset: str | None
    notices: tuple[str, ...]


def letter_of(message: EmailMessage) -> Letter | Unreadable:
    """Return the texts of a message, or why it has none. Raises what ``email`` raises on a damaged message."""
    body = _body(message)
    if isinstance(body, Unreadable):
        return body
    subject, sender, sent = (_header(message, name, body.charset) for name in ("Subject", "From", "Date"))
    name, address = parseaddr(sender.text)
    return Letter(
        subject=subject.text,
        date=sent.text,
        name=name,
        address=address,
        paragraphs=body.paragraphs,
        notices=(*subject.notices, *sender.notices, *body.notices),
    )


def _body(message: EmailMessage) -> _Body | Unreadable:
    """Return the plain text, where it holds at least half as many words as the HTML says, else the HTML.

    A plain part may be blank, or but ask to look at the other; yet HTML says more than the article, in menus and feet.
    """
    found = [_read(part) for part in _parts(message)]
    bodies = [each for each in found if isinstance(each, _Body)]
    best = max(bodies, key=lambda each: each.weight, default=None)
    if best is not None and any(map(str.isalnum, "".join(best.paragraphs))):
        return best
    refused = [each for each in found if isinstance(each, Unreadable)]
    return refused[0] if refused else Unreadable(reason="The message has no text.")


def _parts(message: EmailMessage) -> Iterator[EmailMessage]:
    """Yield the part that is the plain text and the one that is HTML, as far as there are any."""
    if message.get_content_maintype() == "multipart" and not message.is_multipart():
        yield message  # without a boundary that comes true: all of it is text
        return
    for kind in ("plain", "html"):
        part = message.get_body(preferencelist=(kind,))
        if isinstance(part, EmailMessage):
            yield part


def _read(part: EmailMessage) -> _Body | Unreadable:
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)  # noqa: S101 - it is no multipart
    charset = part.get_content_charset()
    decoded = _decoded(content, charset)
    if isinstance(decoded, Unreadable):
        return decoded
    is_html = part.get_content_subtype() == "html"
    found = _paragraphs(decoded.text, is_html=is_html)
    words = word_count("\n".join(found))
    return _Body(
        paragraphs=tuple(found),
        weight=words if is_html else 2 * words,
        charset=charset,
        notices=decoded.notices,
    )


def _paragraphs(text: str, *, is_html: bool) -> list[str]:
    """Return the paragraphs of a part; a plain one can be HTML all the same."""
    if is_html or has_markup(text):
        return plain_paragraphs(text)
    return [paragraph.text for paragraph in paragraphs(text.replace("\r\n", "\n").split("\n"))]


def _header(message: EmailMessage, name: str, charset: str | None) -> Decoded:
    """Return a header as one line, empty where there is none; ``charset`` is that of the body."""
    raw = next((str(value) for key, value in message.raw_items() if key.lower() == name.lower()), "")
    told = _raw_header(raw[:_LONGEST_HEADER].encode("ascii", errors="surrogateescape"), charset)
    try:
        text = str(message.policy.header_fetch_parse(name, told.text))
    except (LookupError, ValueError):  # an encoded word that decodes to no text
        text = told.text
    return replace(told, text=_whole(" ".join(text.split())))


def _raw_header(content: bytes, charset: str | None) -> Decoded:
    """Decode eight-bit text, which a header cannot declare: UTF-8 (RFC 6532), else most likely as in the body."""
    try:
        return Decoded(text=content.decode("utf-8"), encoding="UTF-8", notices=())
    except UnicodeDecodeError:
        decoded = _guessed(content, _codec(charset))
    if isinstance(decoded, Decoded):
        return decoded
    text = content.decode("ascii", errors="replace")
    return Decoded(text=text, encoding="ASCII", notices=(_BAD_BYTES.format(text.count("\ufffd")),))


def _decoded(content: bytes, charset: str | None) -> Decoded | Unreadable:
    """Decode a body as ``charset`` says, else by what the bytes look like."""
    if not content.strip():
        return Decoded(text="", encoding="ASCII", notices=())
    codec = _codec(charset) or "ascii"
    try:
        text = content.decode(codec, errors="strict" if codec in _PROVED else "replace")
    except (LookupError, ValueError):
        return _guessed(content)
    bad = 0 if codec in _PROVED else text.count("\ufffd")
    notices = (_BAD_BYTES.format(bad),) if bad else ()
    return Decoded(text=_whole(text.removeprefix("\ufeff")), encoding=codec.upper(), notices=notices)


def _guessed(content: bytes, charset: str | None = None) -> Decoded | Unreadable:
    decoded = decode(content, charset)
    if isinstance(decoded, Unreadable):
        return decoded
    notices = (*decoded.notices, _GUESSED.format(decoded.encoding))
    return replace(decoded, text=_whole(decoded.text), notices=notices)


def _whole(text: str) -> str:
    """Return a text that can be stored: UTF-7 can spell half a character."""
    return _SURROGATE.sub("\ufffd", text)


def _codec(charset: str | None) -> str | None:
    """Return Python's name of a charset; None where it knows none.

    The ends -i and -e tell the order of Hebrew and Arabic on the line (RFC 1556), not the bytes.
    """
    name = (charset or "").lower()
    for each in (name, name.removesuffix("-i").removesuffix("-e")):
        try:
            codec = codecs.lookup(each).name
        except (LookupError, ValueError):
            continue
        return codec if codec not in OF_NO_TEXT else None
    return None
