"""Bytes to text: says which encoding was used, and what had to be mended.

Law: binary content is judged before any one-byte encoding is tried, because cp1252 "decodes" everything.
"""

import codecs
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from app.intake.reading import Unreadable

_SAMPLE = 1 << 16
_HEAD = 2_048  # where HTML and XML want their encoding declared, and room for what stands before
_DECLARED = re.compile(
    rb"""(?:<\?xml[^>]{0,100}?encoding|<meta[^>]{0,200}?charset)\s*=\s*["']?\s*([\w.:-]{1,40})""",
    re.IGNORECASE,
)
# What the bytes themselves say more surely; codecs that are no encodings of text raise a LookupError.
# Of names of hosts, and of no text: punycode takes time in the square of the length.
OF_NO_TEXT = frozenset({"punycode", "idna"})
_TOLD_BY_ITSELF = frozenset({"utf-8", "ascii", "utf-16", "utf-16-le", "utf-16-be", "utf-32"})

_BOMS = (
    (b"\xff\xfe\x00\x00", "utf-32", "UTF-32 with a byte order mark"),
    (b"\x00\x00\xfe\xff", "utf-32", "UTF-32 with a byte order mark"),
    (b"\xef\xbb\xbf", "utf-8-sig", "UTF-8 with a byte order mark"),
    (b"\xff\xfe", "utf-16", "UTF-16 with a byte order mark"),
    (b"\xfe\xff", "utf-16", "UTF-16 with a byte order mark"),
)

# Files whose beginning looks like text, or whose control characters are too few to give them away.
_MAGIC = ((b"%PDF-", "a PDF file"), (b"PK\x03\x04", "a ZIP, Office or EPUB file"), (b"{\\rtf", "an RTF file"))

# Tab, line feed, form feed, carriage return belong to text; so does escape, in old wire files.
_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]")
# What `_mended` takes out of a text, character by character.
NOT_IN_TEXT = re.compile(f"{_CONTROL.pattern}|\r(?={_CONTROL.pattern}*\n)")
_STEPS = (1 << 16, 1 << 8, 1)  # bytes
_CONTROL_BYTES = bytes(set(range(32)) - {9, 10, 12, 13, 27})
_CP1252_UNDEFINED = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """The text, the encoding it was read with, and a sentence for everything that had to be mended. ``codec`` is what
    the encoding is called in programs."""

    text: str
    encoding: str
    notices: tuple[str, ...]
    codec: str = "utf-8"


def decode(content: bytes, charset: str | None = None) -> Decoded | Unreadable:
    """Return the text of ``content`` with line ends as "\\n" and without NULs, or why it is not text.

    Tried in this order: a byte order mark, ``charset`` (what it was sent as, if that is known), what markup declares
    itself to be, UTF-16 without a mark, UTF-8, UTF-8 with some bad bytes (marked U+FFFD), cp1252. Time and memory are
    linear in the length of ``content``.
    """
    if not content.strip(b" \t\r\n\f\x00\xef\xbb\xbf\xff\xfe"):
        return Unreadable(reason="The file is empty: there is nothing to read in it.")
    for magic, kind in _MAGIC:
        if content.startswith(magic):
            return Unreadable(reason=f"This is {kind}, not text; save its text as a UTF-8 file.")
    if told := _marked(content) or _as_declared(content, charset):
        return told
    if order := utf16_byte_order(content):
        return _mended(
            content.decode(order, errors="replace"), order, f"{order.upper()} without a byte order mark"
        )
    if _is_binary(content):
        return Unreadable(reason="This is a binary file, not text; export its text as a UTF-8 file.")
    return _eight_bit(content)


def _marked(content: bytes) -> Decoded | None:
    for bom, codec, name in _BOMS:
        if content.startswith(bom):
            return _mended(content.decode(codec, errors="replace"), codec, name)
    return None


def _as_declared(content: bytes, charset: str | None) -> Decoded | None:
    """Decode as the sender or the markup says; None where neither says anything that comes true."""
    head = content[:_HEAD]
    found = _DECLARED.search(head) if head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<" else None
    for name in (charset, found and found[1].decode("ascii")):
        try:
            codec = codecs.lookup(name or "").name
            if codec not in _TOLD_BY_ITSELF | OF_NO_TEXT:
                return _mended(content.decode(codec), codec, codec.upper())
        except (LookupError, ValueError):
            continue
    return None


def _eight_bit(content: bytes) -> Decoded | Unreadable:
    """Decode what has no byte order mark and no two-byte units."""
    try:
        return _mended(content.decode("utf-8"), "utf-8", "UTF-8")
    except UnicodeDecodeError:
        pass
    marked = content.decode("utf-8", errors="replace")
    bad = marked.count("�") - content.count(b"\xef\xbf\xbd")
    # One-byte text rarely forms valid sequences by chance, so a few of them prove UTF-8.
    sequences = sum(1 for char in marked if char > "\x7f" and char != "�")
    if sequences > 2 * bad:
        return _mended(marked, "utf-8", "UTF-8", _bad_bytes(bad))
    high = sum(1 for byte in content[:_SAMPLE] if byte > 0x7F)
    if high > 0.25 * len(content[:_SAMPLE].translate(None, b" \t\r\n")):
        return Unreadable(
            reason="The encoding is not known (neither UTF-8, UTF-16 nor cp1252); save the file as UTF-8."
        )
    undefined = len(_CP1252_UNDEFINED.findall(content))
    notices = (_bad_bytes(undefined),) if undefined else ()
    return _mended(content.decode("cp1252", errors="replace"), "cp1252", "cp1252", *notices)


def _bad_bytes(count: int) -> str:
    return f"Bytes that could not be decoded stand as U+FFFD: {count}."


def _mended(text: str, codec: str, encoding: str, *notices: str) -> Decoded:
    """Drop control characters and unify line ends; every repair is a notice, save for "\\r\\n"."""
    found = list(notices)
    if nuls := text.count("\x00"):
        found.append(f"NUL characters removed: {nuls}.")
        text = text.replace("\x00", "")
    text, controls = _CONTROL.subn("", text)
    if controls:
        found.append(f"Other control characters removed: {controls}.")
    text = text.replace("\r\n", "\n")
    if "\r" in text:
        if "\n" not in text:
            found.append("The lines end in a bare carriage return, counted here as line ends.")
        text = text.replace("\r", " " if "\n" in text else "\n")
    return Decoded(text=text, encoding=encoding, notices=tuple(found), codec=codec)


def bytes_at(content: bytes, codec: str, places: Iterable[int]) -> dict[int, int]:
    """Return where characters of the text that was decoded from ``content`` stand in it, by their places in the text.

    Nearly right where a bad byte stands just before one of them: who cuts there looks at what is cut first.
    """
    gone = [found.start() for found in NOT_IN_TEXT.finditer(content.decode(codec, errors="replace"))]
    kept = [at - nth for nth, at in enumerate(gone)]  # so many characters of the text stand before each
    decoder = codecs.getincrementaldecoder(codec)(errors="replace")
    found: dict[int, int] = {}
    at = characters = 0
    for place in sorted(set(places)):
        wanted = place + bisect_right(kept, place)
        for step in _STEPS:
            while characters < wanted and at < len(content):
                before = decoder.getstate()
                more = len(decoder.decode(content[at : at + step]))
                if characters + more > wanted:
                    decoder.setstate(before)
                    break
                at, characters = at + step, characters + more
        found[place] = min(at, len(content)) - len(decoder.getstate()[0])
    return found


def _is_binary(content: bytes) -> bool:
    """Judge head, middle and tail: more than 2 % control bytes beside NULs, or more than 5 % NULs."""
    middle = max(0, len(content) // 2 - _SAMPLE // 2)
    for start in (0, middle, max(0, len(content) - _SAMPLE)):
        sample = content[start : start + _SAMPLE]
        nuls = sample.count(0)
        controls = len(sample) - len(sample.translate(None, _CONTROL_BYTES)) - nuls
        # A few stray bytes in a short text are a blemish, whatever their share.
        if controls > max(2, 0.02 * len(sample)) or nuls > max(2, 0.05 * len(sample)):
            return True
    return False


def utf16_byte_order(content: bytes) -> str | None:
    """Return ``utf-16-le`` or ``utf-16-be`` where the zero bytes stand on one side and the text makes sense.

    Any UTF-16 text of some length holds spaces, line feeds or full stops, whose high byte is zero, at one
    parity; stray NULs in eight-bit text stand at both, and are few.
    """
    sample = content[: _SAMPLE - _SAMPLE % 2]
    if len(content) % 2 or 0 not in sample:
        return None
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if max(even, odd) < 0.01 * len(sample) or min(even, odd) > 0.1 * max(even, odd):
        return None
    order = "utf-16-be" if even > odd else "utf-16-le"
    text = sample.decode(order, errors="replace")
    kinds = Counter(
        char.isalnum() or char.isspace() or 0x20 < ord(char) < 0x7F or char in _MARKS for char in text
    )
    return order if kinds[True] >= 0.95 * len(text) else None


_MARKS = frozenset("’‘“”«»„…–—。、「」『』《》，！？：；（）·،؛؟€£°")
