"""What a question that finds nothing may have meant: its unknown words, each with the nearest word that is known.

Law: a word is put in place of another only where nothing in the archive has the one, and something has the other; the
reader is asked, nothing is searched in silence.
"""

import re
from collections.abc import Iterator
from string import ascii_lowercase

from app.domain.query import And, Node, Or, Term
from app.engines.port import Engine

_SHORTEST, _LONGEST = 4, 30  # letters of a word that is worth guessing at
_MOST_WORDS = 5


def better_spelt(engine: Engine, question: str, tree: Node) -> str | None:
    """Return the question with unknown words replaced by known ones one letter away; None where there is nothing to
    replace."""
    unique = dict.fromkeys(_words(tree))
    words = [word for word in unique if _SHORTEST <= len(word) <= _LONGEST and word.isalpha()][:_MOST_WORDS]
    better = question
    for word, weighed in zip(words, engine.weigh([Term(text=word) for word in words], []), strict=True):
        if not weighed.articles and (known := _nearest(engine, word.lower())):
            better = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", known, better)
    return better if better != question else None


def _words(tree: Node) -> Iterator[str]:
    match tree:
        case And(children=children) | Or(children=children):
            for child in children:
                yield from _words(child)
        case Term(text=text, field=None):
            yield text
        case _:
            return


def _nearest(engine: Engine, word: str) -> str | None:
    """Return the word of the archive one letter away that most articles have."""
    near = list(dict.fromkeys(_one_letter_away(word)))
    held = dict(zip(near, engine.written(near), strict=True))
    known = max(near, key=lambda each: (held[each], -len(each)))  # of two forms of a word the shorter
    return known if held[known] else None


def _one_letter_away(word: str) -> Iterator[str]:
    """Yield what one slip makes of a word: two letters swapped, one left out, one wrong, one too many."""
    letters = dict.fromkeys((*ascii_lowercase, *word))
    parted = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    yield from (f"{head}{tail[1]}{tail[0]}{tail[2:]}" for head, tail in parted if len(tail) > 1)
    yield from (f"{head}{tail[1:]}" for head, tail in parted if tail)
    yield from (f"{head}{letter}{tail[1:]}" for head, tail in parted if tail for letter in letters)
    yield from (f"{head}{letter}{tail}" for head, tail in parted for letter in letters)
