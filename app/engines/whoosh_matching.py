"""Which articles a tree matches, and how well: one pass over arrays, exact for every article of the index.

Law: the answer does not depend on segments or deletions. Scores are BM25F in its simple form (Robertson, Zaragoza,
Taylor: Simple BM25 extension to multiple weighted fields, CIKM 2004): occurrences and lengths of headline, deck and
body are weighted and added up before BM25 saturates them. What only narrows (days, names, flags) scores nothing.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import reduce
from math import log

import numpy as np
from numpy.typing import NDArray

from app.domain.query import (
    Among,
    And,
    DayRange,
    Everything,
    Field,
    Flag,
    Has,
    Node,
    Not,
    Nothing,
    Or,
    Pattern,
    Phrase,
    Term,
)
from app.engines import analysis
from app.engines.analysis import Glob
from app.engines.rows import NAMES, ZONES, DocNumbers, Mask
from app.engines.scoring import SCORING, Scoring
from app.engines.vouching import Files
from app.engines.whoosh_reading import Places, Snapshot
from app.engines.whoosh_schema import FORMS, TEXT, ZONE_BITS

Scores = NDArray[np.float64]
Leaf = Term | Phrase | Pattern


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """For every document: whether it matches, and its score (0 where it does not)."""

    matches: Mask
    scores: Scores


class Matcher:
    """Answers trees over one snapshot."""

    def __init__(self, snapshot: Snapshot, scoring: Scoring = SCORING) -> None:
        self.snapshot = snapshot
        self._scoring = scoring
        self.rows = snapshot.rows
        self._tongues = analysis.tongues_of(snapshot.languages)
        weights = np.array([scoring.weights[field] for field in ZONES], np.float64)
        self._weights = weights
        lengths = self.rows["lengths"] @ weights
        self._living = int(snapshot.live.sum())
        mean = float(lengths[snapshot.live].mean()) if self._living else 0.0
        self._norms = scoring.k1 * (1 - scoring.b + scoring.b * lengths / (mean or 1.0))

    @property
    def files(self) -> Files:
        """The files of the commit it reads."""
        return self.snapshot.files

    def answer(self, tree: Node) -> Answer:
        """Return which documents match ``tree``; deleted ones never do."""
        self.snapshot.read_ahead(dict.fromkeys(self._terms(tree)))
        answer = self._of(tree)
        matches = answer.matches & self.snapshot.live
        return Answer(matches=matches, scores=np.where(matches, answer.scores, 0.0))

    def _terms(self, tree: Node) -> Iterator[tuple[str, str]]:
        """Yield the terms that the words of a tree are looked for under, with their fields."""
        match tree:
            case And(children=children) | Or(children=children):
                for child in children:
                    yield from self._terms(child)
            case Not(child=child):
                yield from self._terms(child)
            case Term() | Phrase() if tree.field is not Field.STORY:
                index_field, asked = self._asked(tree)
                yield from ((index_field, term) for terms in asked for term in terms)
            case _:
                pass

    def _of(self, node: Node) -> Answer:
        match node:
            case And(children=children):
                return reduce(_both, map(self._of, children))
            case Or(children=children):
                return reduce(_either, map(self._of, children))
            case Not(child=child):
                return self._narrowing(~self._of(child).matches)
            case Term() | Phrase() | Pattern():
                return self._words(node)
            case _:
                return self._narrowing(self._property(node))

    def _property(self, node: DayRange | Has | Among | Everything | Nothing) -> Mask:
        rows = self.rows
        holds = self._nowhere()
        match node:
            case DayRange():
                holds = self._within(node)
            case Among(articles=articles):
                holds = np.isin(rows["article"], np.fromiter(articles, np.int64, len(articles)))
            case Has(flag=Flag.DUPLICATE):
                holds = rows["original"] != rows["article"]
            case Has(flag=Flag.DATED):
                holds = rows["published"] > 0
            case Has(flag=Flag.HEADED):
                holds = rows["headed"] > 0
            case Everything():
                holds = ~holds
            case Nothing():
                pass
        return holds

    def _within(self, days: DayRange) -> Mask:
        ordinals: NDArray[np.int32] = self.rows[str(days.field)]
        first = days.first.toordinal() if days.first else 1
        last = days.last.toordinal() if days.last else np.iinfo(ordinals.dtype).max
        within: Mask = (ordinals >= first) & (ordinals <= last)
        return within

    def _words(self, node: Leaf) -> Answer:
        if node.field is Field.STORY:
            return self._narrowing(self._in_story(node))
        if isinstance(node, Pattern):
            return self._fitting(node)
        return self._placed(self._of_words(node), node.field)

    def _of_words(self, node: Term | Phrase) -> Places:
        """Return the occurrences of a term or phrase, each by the place of its last word."""
        slop = node.slop if isinstance(node, Phrase) else 1
        index_field, asked = self._asked(node)
        if not asked:
            return Places.none()
        key = (index_field, f"~{slop}", *map("|".join, asked))
        return self.snapshot.found.of(key, lambda: self._phrase(index_field, asked, slop))

    def _asked(self, node: Term | Phrase) -> tuple[str, list[tuple[str, ...]]]:
        """Return the field of the index that holds such words, and for each word the terms it is looked for under."""
        if node.field in NAMES:
            return str(node.field), analysis.asked(node.text, [analysis.EXACT])
        return TEXT, analysis.asked(node.text, self._tongues)

    def _in_story(self, node: Leaf) -> Mask:
        if not isinstance(node, Term) or not node.text.isdecimal():
            return self._nowhere()
        inside: Mask = self.rows["story"] == int(node.text)
        return inside

    def _phrase(self, index_field: str, asked: list[tuple[str, ...]], slop: int) -> Places:
        first, *others = asked
        found = self._word(index_field, first)
        for terms in others:
            if not len(found.docs):  # of a phrase of thousands of words nothing is left after a few
                break
            found = _following(found, self._word(index_field, terms), slop)
        return found

    def _word(self, index_field: str, terms: tuple[str, ...]) -> Places:
        """Return the occurrences of a word, under whichever term it stands."""
        found = [self.snapshot.places(index_field, term) for term in terms]
        held = [each for each in found if each is not Places.none()]
        return held[0] if len(held) == 1 else _united(held)

    def _fitting(self, node: Pattern) -> Answer:
        globs = analysis.globs(node.pattern)
        if not globs:
            return self._narrowing(self._nowhere())
        return reduce(_both, (self._glob(glob, node.field) for glob in globs))

    def _glob(self, glob: Glob, field: Field | None) -> Answer:
        if glob.is_any_word and field not in NAMES:
            zones = list(ZONES.values()) if field is None else [ZONES[field]]
            lengths: NDArray[np.uint32] = self.rows["lengths"]
            return self._narrowing(lengths[:, zones].max(axis=1) > 0)
        return self._placed(self._of_glob(glob, field), field)

    def _of_glob(self, glob: Glob, field: Field | None) -> Places:
        index_fields = [str(field)] if field in NAMES else [TEXT, FORMS]
        key = ("glob", *index_fields, glob.pattern)
        return self.snapshot.found.of(
            key, lambda: _united(self.snapshot.fitting(index_field, glob) for index_field in index_fields)
        )

    def _placed(self, places: Places, field: Field | None) -> Answer:
        """Score the occurrences of one word, phrase or pattern as those of one term."""
        if field in NAMES:
            return self._narrowing(self._present(places.docs))
        zones = places.places >> np.uint32(ZONE_BITS)
        docs = places.docs
        if field is not None:
            there = zones == ZONES[field]
            docs, zones = docs[there], zones[there]
        weighted = np.bincount(docs, self._weights[zones], minlength=len(self.rows))
        present = weighted > 0
        frequency = int(present.sum())
        rarity = log(1 + (self._living - frequency + 0.5) / (frequency + 0.5))
        scores = rarity * (self._scoring.k1 + 1) * weighted / (weighted + self._norms)
        return Answer(matches=present, scores=scores)

    def _present(self, docs: DocNumbers) -> Mask:
        present = self._nowhere()
        present[docs] = True
        return present

    def _nowhere(self) -> Mask:
        return np.zeros(len(self.rows), np.bool_)

    def _narrowing(self, matches: Mask) -> Answer:
        return Answer(matches=matches, scores=np.zeros(len(self.rows)))


def _both(left: Answer, right: Answer) -> Answer:
    matches = left.matches & right.matches
    return Answer(matches=matches, scores=np.where(matches, left.scores + right.scores, 0.0))


def _either(left: Answer, right: Answer) -> Answer:
    return Answer(matches=left.matches | right.matches, scores=left.scores + right.scores)


def _keys(places: Places) -> NDArray[np.int64]:
    """Return one number per occurrence, ascending: the document, then the position."""
    return (places.docs << 32) | places.places.astype(np.int64)


def _following(before: Places, after: Places, slop: int) -> Places:
    """Return the occurrences in ``after`` that stand 1 to ``slop`` positions behind one in ``before``."""
    here, there = _keys(after), _keys(before)
    nearest = np.searchsorted(there, here) - 1  # the last occurrence before each
    follows = np.zeros(len(here), np.bool_)
    known = nearest >= 0
    gap = here[known] - there[nearest[known]]
    follows[known] = (gap > 0) & (gap <= slop)
    return Places(docs=after.docs[follows], places=after.places[follows])


def _united(parts: Iterable[Places]) -> Places:
    """Return occurrences of any of several terms, one standing for all that share a position."""
    keys = np.concatenate([np.empty(0, np.int64), *(_keys(part) for part in parts)])
    keys.sort()  # np.unique hashes first, which takes three times as long on a million keys
    keys = keys[np.diff(keys, prepend=-1) > 0]
    return Places(docs=keys >> 32, places=(keys & 0xFFFFFFFF).astype(np.uint32))
