"""What a question that cannot be read may have meant: its words, without anything that the language gives a meaning but
OR.

Law: what is returned can be asked, every word of it stands in the question, and none that was to be left out.
"""

import re
from collections.abc import Iterator
from itertools import accumulate, takewhile

from app.questions.language import BY_NAME, FIELDS, Kind

_LONGEST = 200  # of the reading, in characters
_END = r"""(?:"[^"]*"|'[^']*'|[^\s()\]}]*)"""
# What stands behind the name of a field that holds no text (a day, a range, a number) is no word to look for.
_VALUE = re.compile(
    rf"\b(?:{'|'.join(entry.name for entry in FIELDS if entry.kind is not Kind.TEXT)}):"
    rf"(?:[\[{{]\s*)?{_END}(?:\s*\bTO\b\s*{_END})?\s*[\]}}]?",
    re.IGNORECASE,
)
_WORD = re.compile(r"(?P<field>\w+:)?(?P<word>[^\W_](?:[\w'’&.+#]*[\w+#])?)?")
# A quotation mark that is not closed takes all that follows, as it may have been meant to.
_LEFT_OUT = re.compile(
    r"(?:(?<![^\s(])[-−]+|\b(?:AND)?NOT\b\s*+[-−]*+\s*+)(?P<what>(?:\w+:)?(?:\(|\"[^\"]*\"?|[^\s()]+))"
)
_PARENTHESIS = re.compile(r"[()]")
_OPERATORS = {"AND", "NOT", "ANDNOT", "ANDMAYBE", "REQUIRE", "TO"}
_OR = "OR"


def plain_words(text: str) -> str:
    """Return the words of a question, without operators but OR, signs, the names of fields, the days, numbers and codes
    that some are asked for, and what was to be left out; empty where there are none."""
    found = (
        (
            "" if each["field"] is None or each["field"][:-1].lower() in BY_NAME else each["field"][:-1],
            each["word"] or "",
        )
        for each in _WORD.finditer(_VALUE.sub(" ", "".join(_wanted(text))))
    )
    words = [word for pair in found for word in pair if word and word not in _OPERATORS]
    lengths = accumulate(len(word) + 1 for word in words)
    return " ".join(_between(words[: len(list(takewhile(lambda length: length <= _LONGEST, lengths)))]))


def _wanted(text: str) -> Iterator[str]:
    """Yield what stands between the parts of a question that are to be left out."""
    at = 0
    while out := _LEFT_OUT.search(text, at):
        yield text[at : out.start()]
        at = _closed(text, out.end()) if out["what"].endswith("(") else out.end()
    yield text[at:]


def _closed(text: str, start: int) -> int:
    """Return where the parenthesis ends that was opened before ``start``: where it is not closed, with the text."""
    depth = 1
    for each in _PARENTHESIS.finditer(text, start):
        depth += 1 if each.group() == "(" else -1
        if not depth:
            return each.end()
    return len(text)


def _between(words: list[str]) -> Iterator[str]:
    """Yield words, and each OR that has a word on both sides."""
    for place, word in enumerate(words):
        if word != _OR or (
            place and words[place - 1] != _OR and any(each != _OR for each in words[place + 1 :])
        ):
            yield word
