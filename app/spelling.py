"""What a question that finds nothing may have meant: its unknown words, each with the nearest word that is known.

Law: a word is put in place of another only where nothing in the archive has the one, and something has the other; the
reader is asked, nothing is searched in silence.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from string import ascii_lowercase

from app.domain.query import And, Field, Node, Or, Phrase, Term
from app.engines.analysis import ENGLISH, fold
from app.engines.port import Engine
from app.engines.rows import NAMES

_SHORTEST, _LONGEST = 4, 30  # letters of a word that is worth guessing at
_MOST_WORDS = 5
_MOST_TRIED = 20  # of the words near one, those that most articles have
_FIELDS = (None, Field.HEADLINE, Field.DECK, Field.BODY, Field.BYLINE, Field.SOURCE, Field.SECTION)
# What is made of letters, as names with apostrophes and hyphens are; no address, number or sign.
_PLAIN = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")
_LETTERS = re.compile(r"[^\W\d_]+")
_AROUND = ".,;!?'"
# Small Greek and Cyrillic letters, Hebrew and Arabic ones: what a slip can put into a word that is written in them.
_ALPHABETS = [
    frozenset(filter(str.isalpha, map(chr, range(first, last + 1))))
    for first, last in ((0x3B1, 0x3C9), (0x430, 0x45F), (0x5D0, 0x5EA), (0x621, 0x64A))
]


def better_spelt(engine: Engine, question: str, tree: Node) -> str | None:
    """Return the question with unknown words replaced by known ones one letter away, each by one that is known in the
    field it is asked for in; None where there is nothing to replace, or where nothing would be found then either."""
    terms = list(dict.fromkeys(_terms(tree)))[:_MOST_WORDS]
    better, meant, articles = question, tree, 0
    for term, weighed in zip(terms, engine.weigh(terms, []), strict=True):
        if weighed.articles:
            continue
        if near := _nearest(engine, term):
            readings = [_with(meant, term, known) for known in near]
            found = [each.articles for each in engine.weigh(readings, [])]
            articles = max(found)
            best = found.index(articles)  # of several with which as much is found it is the commonest
            better, meant = _written(better, term, near[best]), readings[best]
    return better if articles and better != question else None


def _with(node: Node, term: Term, known: str) -> Node:
    """Return what a question asks with another word in place of an unknown one."""
    match node:
        case And(children=children) | Or(children=children):
            return replace(node, children=tuple(_with(child, term, known) for child in children))
        case Term(text=text, field=term.field) | Phrase(text=text, field=term.field):
            return replace(node, text=_written(text, term, known))
        case _:
            return node


def _written(text: str, term: Term, known: str) -> str:
    return re.sub(rf"(?<!\w){re.escape(term.text)}(?![\w:])", known, text)


def _terms(tree: Node) -> Iterator[Term]:
    """Yield the words of a question that are worth guessing at, those of phrases among them."""
    match tree:
        case And(children=children) | Or(children=children):
            for child in children:
                yield from _terms(child)
        case Term(text=text, field=field) | Phrase(text=text, field=field) if field in _FIELDS:
            for plain in filter(_PLAIN.fullmatch, (run.strip(_AROUND) for run in text.split())):
                for word in _LETTERS.findall(plain):
                    if _SHORTEST <= len(word) <= _LONGEST:
                        yield Term(text=word, field=field)
        case _:
            return


def _nearest(engine: Engine, term: Term) -> list[str]:
    """Return the words one letter away that articles have in the field of the term, those of most articles first."""
    near: dict[str, str] = {}  # by how they are compared
    for word in _one_letter_away(term.text.lower()):
        near.setdefault(fold(word), word)
    held = dict(zip(near.values(), engine.written(list(near), term.field), strict=True))
    if term.field not in NAMES:
        held = _as_written(held)
    likely = sorted((word for word in held if held[word] > 0), key=lambda word: (-held[word], len(word)))
    tried = [Term(text=word, field=term.field) for word in likely[:_MOST_TRIED]]
    articles = {word.text: each.articles for word, each in zip(tried, engine.weigh(tried, []), strict=True)}
    # Of two forms of a word the first stays before the other: the commoner, else the shorter.
    return sorted((word for word in articles if articles[word]), key=lambda word: -articles[word])


def _as_written(held: dict[str, int]) -> dict[str, int]:
    """Return how many articles have each of some words as it is written. English words are counted as stems as well:
    "climat" where there is only "climate"."""
    stems = {word: read[0].asked for word in held if held[word] and (read := ENGLISH.words(word))}
    forms: defaultdict[str, int] = defaultdict(int)
    for word, stem in stems.items():
        if stem != fold(word):
            forms[stem] = max(forms[stem], held[word])
    return {
        word: held[word] - forms[stem] if stem == fold(word) else held[word] for word, stem in stems.items()
    }


def _one_letter_away(word: str) -> Iterator[str]:
    """Yield what one slip makes of a word: two letters swapped, one left out, one wrong, one too many."""
    written_in = [alphabet for alphabet in _ALPHABETS if not alphabet.isdisjoint(word)]
    # Of letters that are compared alike the plain one comes first.
    others = sorted(set[str]().union(*written_in), key=lambda letter: (fold(letter) != letter, letter))
    letters = dict.fromkeys((*ascii_lowercase, *others, *word))
    parted = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    yield from (f"{head}{tail[1]}{tail[0]}{tail[2:]}" for head, tail in parted if len(tail) > 1)
    yield from (f"{head}{tail[1:]}" for head, tail in parted if tail)
    yield from (f"{head}{letter}{tail[1:]}" for head, tail in parted if tail for letter in letters)
    yield from (f"{head}{letter}{tail}" for head, tail in parted for letter in letters)
