"""Takes the marks of Markdown off a text, line by line, so that it is read as the plain text it stands for.

Law: as many lines come out as go in, each where it was; a text without headings or front matter of Markdown is left as
it is.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

_HEADING = re.compile(r" {0,3}#{1,6}[ \t]+(?=\S)")
_FENCE = re.compile(r"---+\s*")
_FIELD = re.compile(r"(\w[\w-]{0,30}):\s+(\S.*)")
_BESIDE_FIELDS = re.compile(
    r"\s*(?:#.*)?|\s+\S.*|- .*|[\w-]{1,31}:\s*"
)  # a comment, a list, a field with nothing
_LONGEST_FRONT = 40  # lines
_IMAGE = re.compile(r"!\[([^\]\n]{0,500})\]\([^()\s]{0,2000}\)")
_LINK = re.compile(r"\[([^\]\n]{1,500})\]\([^()\s]{0,2000}\)")
_EMPHASIS = re.compile(r"(?<![\w*])(\*{1,3})(?=[^\s*])([^*\n]{0,2000}[^\s*])\1(?![\w*])")
_UNDERLINED = re.compile(r"(?<!\w)(_{1,3})(?=[^\s_])([^_\n]{0,2000}[^\s_])\1(?!\w)")
_QUOTE = re.compile(r"^ {0,3}(?:>\s?)+")


@dataclass(frozen=True, slots=True)
class Front:
    """The block of fields at the beginning of a text: how many lines it has, and what they say, by name."""

    lines: int = 0
    fields: Mapping[str, str] = field(default_factory=dict)

    def told(self, *names: str) -> str | None:
        """Return what the first field that there is of these names says."""
        return next((self.fields[name] for name in names if self.fields.get(name)), None)


def front_matter(lines: Sequence[str]) -> Front:
    """Return the block of fields between two rules at the beginning, if there is one."""
    if not lines or not _FENCE.fullmatch(lines[0]):
        return Front()
    fields: dict[str, str] = {}
    for at, line in enumerate(lines[1:_LONGEST_FRONT], start=1):
        if _FENCE.fullmatch(line):
            return Front(at + 1, fields) if fields else Front()
        if found := _FIELD.fullmatch(line):
            fields.setdefault(found[1].casefold(), found[2].strip().strip("\"'"))
        elif not _BESIDE_FIELDS.fullmatch(line):
            break  # prose: the rule above parts articles
    return Front()


def unmarked(lines: Sequence[str], front: Front) -> list[str]:
    """Return the lines of a text without marks of Markdown, those of the front matter empty."""
    if not front.lines and not any(map(_HEADING.match, lines)):
        return list(lines)
    return [""] * front.lines + [_plain(line) for line in lines[front.lines :]]


def _plain(line: str) -> str:
    heading = _HEADING.match(line)
    text = line[heading.end() :].rstrip().rstrip("#").rstrip() if heading else _QUOTE.sub("", line)
    for mark, kept in ((_IMAGE, r"\1"), (_LINK, r"\1"), (_EMPHASIS, r"\2"), (_UNDERLINED, r"\2")):
        text = mark.sub(kept, text)
    return text
