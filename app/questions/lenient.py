"""What a question that cannot be read may have meant: its words, without anything that the language gives a meaning.

Law: what is returned can be asked, and every word of it stands in the question.
"""

import re
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
_OPERATORS = {"AND", "OR", "NOT", "ANDNOT", "ANDMAYBE", "REQUIRE", "TO"}


def plain_words(text: str) -> str:
    """Return the words of a question, without operators, signs, the names of fields, and the days, numbers and codes
    that some are asked for; empty where there are none."""
    found = (
        (
            "" if each["field"] is None or each["field"][:-1].lower() in BY_NAME else each["field"][:-1],
            each["word"] or "",
        )
        for each in _WORD.finditer(_VALUE.sub(" ", text))
    )
    words = [word for pair in found for word in pair if word and word not in _OPERATORS]
    lengths = accumulate(len(word) + 1 for word in words)
    return " ".join(words[: len(list(takewhile(lambda length: length <= _LONGEST, lengths)))])
