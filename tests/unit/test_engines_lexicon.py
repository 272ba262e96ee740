"""Which terms fit a pattern, and how often they are read for it."""

import pytest

from app.engines.analysis import Glob
from app.engines.lexicon import Lexicon

TERMS = ["a", "abend", "ability", "b", "cab", "de:abend", "scab", "stab", "tabby", "x+b", "über"]


class Read:
    """The terms of a field, and what was read of them."""

    def __init__(self) -> None:
        self.beginnings: list[str] = []

    def __call__(self, field: str, prefix: str) -> list[str]:
        self.beginnings.append(f"{field}:{prefix}")
        return [term for term in TERMS if term.startswith(prefix)]


@pytest.mark.parametrize(
    "pattern",
    ["*a*b*", "*ab", "a*", "?ab", "*b?", "*", "?", "s*b", "*b*b*", "*ab*ab*", "*+*", "ü*", "*z*", "a*i*i*y"],
)
def test_the_terms_that_fit_are_those_that_the_pattern_says(pattern: str) -> None:
    glob = Glob(pattern)
    assert Lexicon().fitting("text", glob, Read()) == [term for term in TERMS if glob.fits_form(term)]


def test_for_patterns_without_a_beginning_the_terms_of_a_field_are_read_once() -> None:
    lexicon, read = Lexicon(), Read()
    for pattern in ("*a*b*", "*ab", "a*b", "?ab"):
        lexicon.fitting("text", Glob(pattern), read)
    lexicon.fitting("forms", Glob("*a"), read)
    assert read.beginnings == ["text:", "text:a", "forms:"]
