"""Lines of a file made blank, for articles that a person had erased or withdrawn: all other lines keep their numbers.

Law: the bytes outside these lines stay as they were received, whatever the encoding.
"""

import codecs
from collections.abc import Collection, Iterator

from app.domain.text import fold
from app.intake.decode import Decoded, decode, utf16_byte_order

Runs = tuple[tuple[int, int], ...]

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def runs_of_text(content: bytes, runs: Collection[tuple[int, int]], titles: Collection[str]) -> Runs:
    """Return the runs of lines (first, last, from 1) that hold an article's text: ``runs``, and every other line that
    prints one of its ``titles`` again."""
    decoded = decode(content)
    lines = decoded.text.split("\n") if isinstance(decoded, Decoded) else []
    wanted = {fold(title) for title in titles if title}
    printed = {(nth, nth) for nth, line in enumerate(lines, start=1) if fold(line) in wanted}
    return tuple(sorted(printed.union(runs)))


def without_lines(content: bytes, runs: Collection[tuple[int, int]]) -> bytes:
    """Return ``content`` with nothing on the lines of ``runs`` (first, last, from 1) but their ends."""
    mark, codec = next(((mark, codec) for mark, codec in _MARKS if content.startswith(mark)), (b"", "ascii"))
    if not mark:
        codec = utf16_byte_order(content) or codec
    feed, carriage = "\n".encode(codec), "\r".encode(codec)
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
