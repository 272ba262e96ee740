"""Lines to paragraphs: one line each, or several where the text was broken to a fixed width.

Law: a paragraph is a run of whole lines, and every non-blank line stands in exactly one.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

# Beyond this no mail client, terminal or agency wire breaks its lines.
_WIDEST_WRAP = 132
_NARROWEST_WRAP = 40
_SAMPLE_LINES = 4_000
# German capitalises every third word, and a paragraph of three lines has two that are full: 40 % are left.
_FULL_SHARE = 0.35

# Scripts written without spaces between words: Thai to Khmer, kana, Han. Korean has spaces.
UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]"
)

_SENTENCE_ENDS = frozenset('.!?…。！？؟"”’»')
_RULE_OF_MARKS = re.compile(r"\s*(?:([-=*_~#•.·–—])(?:\s?\1){2,}\s*)?$")


class Paragraph(NamedTuple):
    """Lines ``first`` to ``last`` (counted from 1) as one text, and how many blank lines stand before it.

    ``feed`` says that a form feed stands at its beginning; a line with nothing else on it is the text "\\f".
    """

    first: int
    last: int
    text: str
    blanks: int
    feed: bool = False


def word_count(text: str) -> int:
    """Return the length of ``text`` in words; two characters of a script without spaces count as one word."""
    count = len(text.split())
    if text.isascii():
        return count
    unspaced = len(UNSPACED.findall(text))
    return max(count, unspaced // 2)


def paragraphs(lines: Sequence[str]) -> list[Paragraph]:
    """Return the paragraphs of ``lines`` in order; lines of a text broken to a fixed width are joined."""
    width = _wrap_width(lines)
    found: list[Paragraph] = []
    blanks = 0
    for first, run in _runs(lines, width):
        if run is None:
            blanks += 1
            continue
        text = run[0].strip() if len(run) == 1 else _joined(run)
        feed = run[0].lstrip(" \t").startswith("\f")
        found.append(Paragraph(first, first + len(run) - 1, text or "\f", blanks, feed))
        blanks = 0
    return found


def _runs(lines: Sequence[str], width: int | None) -> Iterator[tuple[int, list[str] | None]]:
    """Yield (number of the first line, its lines) per paragraph, and (number, None) per blank line."""
    run: list[str] = []
    for number, line in enumerate(lines, start=1):
        blank = not line or (line.isspace() and "\f" not in line)
        if run and (blank or width is None or not _continues(run[-1], line, width)):
            yield number - len(run), run
            run = []
        if blank:
            yield number, None
        else:
            run.append(line)
    if run:
        yield len(lines) - len(run) + 1, run


def _continues(line: str, following: str, width: int) -> bool:
    """Say whether ``following`` goes on with the sentence of ``line``: its first word no longer fitted there."""
    if "\f" in following[:1] or _RULE_OF_MARKS.match(line) or _RULE_OF_MARKS.match(following):
        return False
    indented = len(following) - len(following.lstrip()) > len(line) - len(line.lstrip())
    return not indented and len(line.rstrip()) + 1 + _first_word(following) > 0.85 * width


def _first_word(line: str) -> int:
    """Return the length of what a break could not have divided at the start of ``line``."""
    words = line.split(None, 1)
    return 1 if UNSPACED.match(words[0]) else len(words[0])


def _wrap_width(lines: Sequence[str]) -> int | None:
    """Return the width the text was broken to, or None where each line is a paragraph.

    A text is broken to a width where most lines that have a successor end because its first word no longer fits, and
    in the middle of a sentence: lines that are paragraphs end in a full stop, or begin with a capital.
    """
    sample = lines[:_SAMPLE_LINES]
    lengths = sorted(len(line.rstrip()) for line in sample if line and not line.isspace())
    if len(lengths) < 3:
        return None
    width = lengths[int(0.98 * (len(lengths) - 1))]
    if not _NARROWEST_WRAP <= width <= _WIDEST_WRAP:
        return None
    inner = full = 0
    for line, following in pairwise(sample):
        if line and following and not line.isspace() and not following.isspace():
            inner += 1
            runs_on = line.rstrip()[-1] not in _SENTENCE_ENDS and not following.lstrip()[0].isupper()
            full += runs_on and len(line.rstrip()) + 1 + _first_word(following) > width
    return width if inner >= 2 and full >= _FULL_SHARE * inner else None


def _joined(run: list[str]) -> str:
    """Join the lines of a paragraph; nothing goes between two characters of a script without spaces."""
    text = run[0].strip()
    for line in run[1:]:
        following = line.strip()
        unspaced = UNSPACED.match(text[-1]) and UNSPACED.match(following)
        text += following if unspaced else " " + following
    return text
