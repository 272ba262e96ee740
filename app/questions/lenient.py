"""What a question that cannot be read may have meant: its words, without anything that the language gives a meaning.

Law: what is returned can be asked, and every word of it stands in the question.
"""

import re
from itertools import accumulate, takewhile

from app.questions.language import BY_NAME

_LONGEST = 200  # of the reading, in characters
_WORD = re.compile(r"(?P<field>\w+:)?(?P<word>[^\W_](?:[\w'’&.+#]*[\w+#])?)?")
_OPERATORS = {"AND", "OR", "NOT", "ANDNOT", "ANDMAYBE", "REQUIRE", "TO"}


def plain_words(text: str) -> str:
    """Return the words of a question, without operators, the names of fields and signs; empty where there are none."""
    found = (
        (
            "" if each["field"] is None or each["field"][:-1] in BY_NAME else each["field"][:-1],
            each["word"] or "",
        )
        for each in _WORD.finditer(text)
    )
    words = [word for pair in found for word in pair if word and word not in _OPERATORS]
    lengths = accumulate(len(word) + 1 for word in words)
    return " ".join(words[: len(list(takewhile(lambda length: length <= _LONGEST, lengths)))])
