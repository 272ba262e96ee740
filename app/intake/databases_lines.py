"""What the readers of press databases share: numbered lines, the paragraphs and the day they make, and how a line that
is left out is told."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from app.domain.article import UNDATED, DroppedLine, Published
from app.intake.dates import read_dates

_SENTENCE_ENDS = (".", "!", "?", "…", '"', "”", "’", ":")
_PROSE_ENDS = (".", "!", "?", "…", '."', ".”", "?”", "!”", ".’")
_FEWEST_WORDS_OF_PROSE = 8

_BY = re.compile(r"by:?\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Numbered:
    """A line as received and its number, from 1."""

    number: int
    text: str

    @property
    def blank(self) -> bool:
        """Whether nothing is printed on it."""
        return not self.text.strip()


def is_prose(text: str) -> bool:
    """Return whether a line reads like a sentence of an article: eight words at least, and a mark that ends them."""
    return text.rstrip().endswith(_PROSE_ENDS) and len(text.split()) >= _FEWEST_WORDS_OF_PROSE


def left_out(lines: Iterable[Numbered], rule: str) -> list[DroppedLine]:
    """Return lines as dropped by a rule; blank ones need no telling."""
    return [
        DroppedLine(line=line.number, text=line.text.strip(), rule=rule) for line in lines if not line.blank
    ]


def in_order(dropped: Iterable[DroppedLine]) -> tuple[DroppedLine, ...]:
    """Return dropped lines as they stand in the file."""
    return tuple(sorted(dropped, key=lambda each: each.line))


def all_left_out(
    block: Iterable[Numbered], taken: Iterable[Numbered], told: Sequence[DroppedLine], rule: str
) -> tuple[DroppedLine, ...]:
    """Return, in order, what is dropped of a document: the lines told so far, and every other that was not taken, which
    falls to ``rule``. So no line can be lost without a word."""
    known = {line.number for line in taken} | {each.line for each in told}
    rest = left_out((line for line in block if line.number not in known), rule)
    return in_order([*told, *rest])


def paragraphs_of(lines: Iterable[str]) -> list[str]:
    """Return paragraphs: some exports wrap lines at a width and part paragraphs by blank lines, others have one on each
    line. A line that ends no sentence goes on in the next."""
    found: list[list[str]] = []
    goes_on = False
    for line in (" ".join(line.split()) for line in lines):
        if goes_on and line:
            found[-1].append(line)
        elif line:
            found.append([line])
        goes_on = bool(line) and not line.endswith(_SENTENCE_ENDS)
    return [" ".join(pieces) for pieces in found]


def day_in(told: str | None, name: str, *, today: date) -> Published:
    """Return the day that a text says, found in what is called ``name``; undated where it says none for certain."""
    printed = read_dates(told, today=today)[0] if told else ()
    if not printed:
        return UNDATED
    return Published(at=printed[0].at, precision=printed[0].precision, found_in=f"{name}: {told}")


def without_by(byline: str | None) -> str | None:
    """Return who wrote it without the word "By" ahead of the names."""
    return _BY.sub("", byline.strip(), count=1) or None if byline else None


def says_something(text: str) -> bool:
    """Return whether there is a letter or a figure in a text."""
    return any(map(str.isalnum, text))
