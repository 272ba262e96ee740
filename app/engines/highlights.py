"""Where a text matches a tree, as HTML: the same analysis as the index, so that what is marked is what was found.

Law: everything but ``<mark>`` is escaped; nothing is marked that a NOT or another field asked for.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from html import escape
from itertools import pairwise

from app.domain.article import TitleFrom
from app.domain.query import And, Field, Highlights, Node, Not, Or, Pattern, Phrase, Term
from app.engines import analysis
from app.engines.analysis import Glob, Tongue, Word
from app.engines.port import Shown
from app.engines.vocabulary import MEMORY, Vocabulary

PASSAGES = 3
WIDTH = 200  # of a passage, in code points

_TITLE_FIELDS = {TitleFrom.HEADLINE: Field.HEADLINE, TitleFrom.DECK: Field.DECK, TitleFrom.TEXT: Field.BODY}

_SPACE = re.compile(r"\s+")
_INK = re.compile(r"\S")

Leaf = Term | Phrase | Pattern


@dataclass(frozen=True, slots=True)
class Hit:
    """A marked stretch of a text, and which leaf of the tree asked for it."""

    start: int
    end: int
    leaf: int


class Sought:
    """The leaves that ask something of one field in one tongue, by their number in the tree."""

    def __init__(self, leaves: Mapping[int, Leaf], tongue: Tongue) -> None:
        self.tongue = tongue
        self.phrases = {number: asked for number, leaf in leaves.items() if (asked := _asked(leaf, tongue))}
        self.slops = {number: leaf.slop for number, leaf in leaves.items() if isinstance(leaf, Phrase)}
        # Words that stand further apart than this have nothing to do with each other.
        self.furthest = max(
            (self.slops.get(n, 1) for n, asked in self.phrases.items() if len(asked) > 1), default=0
        )
        self._terms = frozenset(term for asked in self.phrases.values() for term in asked)
        self._globs = [
            (number, glob)
            for number, leaf in leaves.items()
            if isinstance(leaf, Pattern)
            for glob in analysis.globs(leaf.pattern)
            if not glob.is_any_word  # to mark every word says nothing
        ]
        self._tried: set[str] = set()
        self._fitted: defaultdict[str, list[tuple[int, Glob]]] = defaultdict(list)

    def holders(self, runs: Sequence[str], known: Vocabulary) -> set[str]:
        """Return those of the runs between spaces that hold a word that is asked for."""
        holders = known.holders(runs, self._terms)
        if self._globs:
            distinct = frozenset(runs)
            self._try(distinct - self._tried, known)
            holders |= self._fitted.keys() & distinct
        return holders

    def _try(self, runs: AbstractSet[str], known: Vocabulary) -> None:
        """Get to know which patterns the words of some runs fit: the texts of a page share most of their runs."""
        self._tried |= runs
        for number, glob in self._globs:
            for run in known.likely(runs, glob):
                if any(map(glob.fits, self.tongue.words_of(run))):
                    self._fitted[run].append((number, glob))

    def fitting(self, run: str, word: Word) -> list[int]:
        """Return the numbers of the patterns that a word of one of the holders fits."""
        return [number for number, glob in self._fitted.get(run, ()) if glob.fits(word)]


class Highlighter:
    """Marks texts for one tree."""

    def __init__(self, tree: Node) -> None:
        self._leaves = dict(enumerate(dict.fromkeys(_positive(tree, wanted=True))))
        self._sought: dict[tuple[Field, Tongue], Sought] = {}

    def highlights(self, shown: Sequence[Shown]) -> tuple[Highlights, ...]:
        """Return the headline whole and up to three passages for each text, in order."""
        return tuple(map(self._highlight, shown))

    def _highlight(self, shown: Shown) -> Highlights:
        tongue = analysis.tongue_of(shown.language)
        title_hits = self._hits(shown.title, self._asked_of(_TITLE_FIELDS[shown.title_from], tongue))
        headline = _marked(shown.title, 0, len(shown.title), title_hits)
        body_hits = self._hits(shown.body_text, self._asked_of(Field.BODY, tongue))
        return Highlights(headline=headline, passages=tuple(_passages(shown.body_text, body_hits)))

    def occurrences(self, shown: Shown) -> tuple[int, int]:
        """Return how often the tree is matched in the title and in the body of a text."""
        tongue = analysis.tongue_of(shown.language)
        parts = {_TITLE_FIELDS[shown.title_from]: shown.title, Field.BODY: shown.body_text}
        counts = {
            field: len(self._hits(text, self._asked_of(field, tongue))) for field, text in parts.items()
        }
        in_title = 0 if shown.title_from is TitleFrom.TEXT else counts[_TITLE_FIELDS[shown.title_from]]
        return in_title, counts[Field.BODY]

    def _asked_of(self, field: Field, tongue: Tongue) -> Sought:
        sought = self._sought.get((field, tongue))
        if sought is None:
            leaves = {n: leaf for n, leaf in self._leaves.items() if leaf.field in (None, field)}
            sought = self._sought[field, tongue] = Sought(leaves, tongue)
        return sought

    def _hits(self, text: str, sought: Sought) -> list[Hit]:
        """Return the stretches of ``text`` that one of the leaves matches, by place."""
        runs = text.split()
        known = MEMORY.knowing(text, runs, sought.tongue)
        holders = sought.holders(runs, known)
        if not holders:
            return []
        places: dict[str, list[int]] = defaultdict(list)
        spans: dict[int, tuple[int, int]] = {}
        hits: list[Hit] = []
        place = passed = 0
        for at, run in sorted((start, holder) for holder in holders for start in _starts(text, holder)):
            place += known.count(text[passed:at], sought.furthest)
            for word, (start, end) in zip(sought.tongue.words_of(run), analysis.spans(run), strict=True):
                spans[place] = at + start, at + end
                hits += [Hit(*spans[place], number) for number in sought.fitting(run, word)]
                for term in word.terms:
                    places[term].append(place)
                place += 1
            passed = at + len(run)
        for number, asked in sought.phrases.items():
            chained = analysis.chains([places[term] for term in asked], sought.slops.get(number, 1))
            hits += _runs(number, sorted(set().union(*chained)), len(asked), spans)
        return sorted(hits, key=lambda hit: (hit.start, -hit.end))


def _starts(text: str, run: str) -> Iterator[int]:
    """Yield where a run stands between spaces in a text."""
    start = text.find(run)
    while start >= 0:
        end = start + len(run)
        if (not start or text[start - 1].isspace()) and (end == len(text) or text[end].isspace()):
            yield start
        start = text.find(run, end)


def _asked(leaf: Leaf, tongue: Tongue) -> list[str]:
    """Return the terms that a leaf asks for, in order; a pattern has none."""
    return [] if isinstance(leaf, Pattern) else [word.asked for word in tongue.words(leaf.text)]


def _positive(node: Node, *, wanted: bool) -> Iterator[Leaf]:
    """Yield the leaves that speak for a match, not against it."""
    match node:
        case And(children=children) | Or(children=children):
            for child in children:
                yield from _positive(child, wanted=wanted)
        case Not(child=child):
            yield from _positive(child, wanted=not wanted)
        case Term() | Phrase() | Pattern() if wanted:
            yield node
        case _:
            return


def _runs(number: int, found: list[int], length: int, spans: Mapping[int, tuple[int, int]]) -> Iterator[Hit]:
    """Yield the places of a term or phrase of ``length`` words; those of a phrase that adjoin are marked as one."""
    start = None
    for this, following in pairwise([*found, -1]):
        start = this if start is None else start
        if length == 1 or following != this + 1:
            yield Hit(spans[start][0], spans[this][1], number)
            start = None


@dataclass(frozen=True, slots=True)
class Window:
    """A passage that begins with one hit and holds all that follow closely: which leaves it shows, and how often."""

    start: int
    end: int
    leaves: frozenset[int]
    hits: int


def _passages(text: str, hits: Sequence[Hit]) -> Iterator[str]:
    """Yield the stretches of a body that show best what was asked for, in the order of the text; else its opening."""
    chosen: list[tuple[int, int]] = []
    shown: set[int] = set()
    windows = list(_windows(hits))
    while windows and len(chosen) < PASSAGES:
        best = max(windows, key=lambda w: (len(w.leaves - shown), len(w.leaves), w.hits, -w.start))
        start, end = _at_borders(text, best.start, best.end)
        chosen.append((start, end))
        shown |= best.leaves
        windows = [w for w in windows if w.end <= start - WIDTH // 4 or w.start >= end + WIDTH // 4]
    if not chosen and text.strip():
        chosen = [_at_borders(text, 0, 0)]
    for start, end in sorted(chosen):
        before = "… " if _INK.search(text, 0, start) else ""
        after = " …" if _INK.search(text, end) else ""
        yield f"{before}{_marked(text, start, end, hits)}{after}"


def _windows(hits: Sequence[Hit]) -> Iterator[Window]:
    last = 0
    inside: Counter[int] = Counter()
    for first, hit in enumerate(hits):
        while last < len(hits) and (last == first or hits[last].end - hit.start <= WIDTH):
            inside[hits[last].leaf] += 1
            last += 1
        end = max(hits[last - 1].end, hit.end)
        yield Window(hit.start, end, frozenset(inside), last - first)
        inside[hit.leaf] -= 1
        if not inside[hit.leaf]:
            del inside[hit.leaf]


def _at_borders(text: str, first: int, last: int) -> tuple[int, int]:
    """Widen ``first`` to ``last`` to a passage, about as much on both sides, ending between words where it can."""
    lead = max(WIDTH - (last - first), 0) // 2
    start = max(first - lead, 0)
    end = min(max(start + WIDTH, last), len(text))
    start = max(min(start, end - WIDTH), 0)
    if 0 < start < first and not text[start - 1].isspace():
        space = _SPACE.search(text, start, first)
        start = space.end() if space else _before_signs(text, start, 0)
    if end < len(text) and not text[end].isspace():
        spaces = list(_SPACE.finditer(text, last, end))
        end = spaces[-1].start() if spaces else _before_signs(text, end, last)
    return start, end


def _before_signs(text: str, at: int, least: int) -> int:
    """Return where the letter begins whose accents or vowel signs stand at a place, not before ``least``."""
    while at > least and unicodedata.category(text[at]).startswith("M"):
        at -= 1
    return at


def _marked(text: str, start: int, end: int, hits: Sequence[Hit]) -> str:
    """Return ``text[start:end]`` as HTML on one line, with the hits inside it marked; overlapping ones become one."""
    parts: list[str] = []
    at = start
    for hit_start, hit_end in _merged(hit for hit in hits if hit.start >= start and hit.end <= end):
        parts += [escape(text[at:hit_start]), "<mark>", escape(text[hit_start:hit_end]), "</mark>"]
        at = hit_end
    parts.append(escape(text[at:end]))
    return " ".join("".join(parts).split())


def _merged(hits: Iterator[Hit]) -> Iterator[tuple[int, int]]:
    current: tuple[int, int] | None = None
    for hit in hits:
        if current and hit.start < current[1]:
            current = current[0], max(current[1], hit.end)
            continue
        if current:
            yield current
        current = hit.start, hit.end
    if current:
        yield current
