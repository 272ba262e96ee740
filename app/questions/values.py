"""What one word of a question is read as, where it is more than a word: several of them, an address, characters.

Law: no word is lost; what is left out are the signs between them.
"""

import re

from app.domain.text import CHARACTERS

# A comma parts words, but not the thousands of a number.
_COMMA = re.compile(r"(?<!\d)[,，、]|[,，、](?!\d)")
_ADDRESS = re.compile(r"(?:\w+://|//)?(?:www\.(?=[^/]+[.*]))?(?P<host>[^/:#]+)", re.IGNORECASE)
_RUN = re.compile(rf"[{CHARACTERS}]+|[^{CHARACTERS}]+")
_CHARACTER = re.compile(rf"[{CHARACTERS}]")
_BETWEEN = re.compile(rf"[{CHARACTERS}]\?|\?[{CHARACTERS}]|[{CHARACTERS}]\*+[{CHARACTERS}]")
_WORD = re.compile(r"[^\W_]")
_ONE_OTHER = rf"[^\W_{CHARACTERS}]"
# What an engine takes for one word: a character, initials (U.S.), what apostrophes or & hold together, a number.
_COUNTED = re.compile(
    rf"[{CHARACTERS}]|{_ONE_OTHER}(?:\.{_ONE_OTHER})+(?!{_ONE_OTHER})"
    rf"|{_ONE_OTHER}+(?:(?:['&]|(?<=\d)[.,](?=\d)){_ONE_OTHER}+)*"
)


def holds_word(text: str) -> bool:
    """Whether a text holds a letter or a digit."""
    return _WORD.search(text) is not None


def words_in(text: str) -> int:
    """Return how many words a phrase has: about as many as an engine finds in it."""
    return sum(1 for _ in _COUNTED.finditer(text))


def parted_at_commas(text: str) -> list[str]:
    """Return the words that commas join without a space; a text without a word is returned as it is."""
    parts = [part for part in _COMMA.split(text) if holds_word(part)]
    return parts or [text]


def host_named(text: str) -> str:
    """Return the host that an address names, without ``www.``; what names none is returned as it is."""
    named = _ADDRESS.match(text)
    return named["host"] if named else text


def has_characters(text: str) -> bool:
    """Whether a text holds a character of a script of which each is a word, as in Chinese, Korean or Thai."""
    return _CHARACTER.search(text) is not None


def wants_more_than_characters(pattern: str) -> bool:
    """Whether more is asked of characters than that they stand somewhere: ``東?``, ``東*京``."""
    return _BETWEEN.search(pattern) is not None


def runs_of_characters(pattern: str) -> list[str]:
    """Return the runs of such characters in a pattern and what stands between them, without lone wildcards."""
    return [run for run in _RUN.findall(pattern) if holds_word(run)]
