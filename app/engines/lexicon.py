"""Which terms of an index fit a pattern.

Law: what fits is what ``Glob`` says; the pieces of a pattern only spare asking it.
"""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache

from app.engines.analysis import Glob

_ANY_WORD = Glob("*")


class Lexicon:
    """The terms of the fields of one state of an index, as far as patterns without a beginning asked for them: 300,000
    terms take 20 MB. Safe between threads."""

    def __init__(self) -> None:
        self._whole: dict[str, tuple[str, ...]] = {}

    def fitting(self, field: str, glob: Glob, read: Callable[[str, str], Iterable[str]]) -> list[str]:
        """Return the terms of a field that fit, in the order in which ``read`` gives those of a field and a
        beginning."""
        if glob.prefix:
            return _fitting(read(field, glob.prefix), glob)
        whole = self._whole.get(field)
        if whole is None:
            # To read all takes many times as long as to look through them.
            whole = self._whole[field] = tuple(_fitting(read(field, ""), _ANY_WORD))
        return _fitting(whole, glob)


@lru_cache(maxsize=256)
def pieces(glob: Glob) -> tuple[str, ...]:
    """Return what stands between the wildcards of a pattern, the longest first: every fitting form has all of it."""
    return tuple(sorted({*re.split(r"[*?]+", glob.pattern)} - {""}, key=lambda each: (-len(each), each)))


def _fitting(terms: Iterable[str], glob: Glob) -> list[str]:
    for piece in pieces(glob):
        terms = [term for term in terms if piece in term]
    return [term for term in terms if glob.fits_form(term)]
