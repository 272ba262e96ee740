"""Where a text matches a tree, as HTML: the same analysis as the index, so that what is marked is what was found.

Law: everything but ``<mark>`` is escaped; nothing is marked that a NOT or another field asked for.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from itertools import pairwise

from app.domain.article import TitleFrom
from app.domain.query import And, Field, Highlights, Node, Not, Or, Pattern, Phrase, Term
from app.engines import analysis
from app.engines.analysis import Token, Word
from app.engines.port import Shown

PASSAGES = 3
WIDTH = 200  # of a passage, in code points

_TITLE_FIELDS = {TitleFrom.HEADLINE: Field.HEADLINE, TitleFrom.DECK: Field.DECK, TitleFrom.TEXT: Field.BODY}

Leaf = Term | Phrase | Pattern


@dataclass(frozen=True, slots=True)
class Hit:
    """A marked stretch of a text, and which leaf of the tree asked for it."""

    start: int
    end: int
    leaf: int


class Highlighter:
    """Marks texts for one tree."""

    def __init__(self, tree: Node) -> None:
        self._leaves = list(dict.fromkeys(_positive(tree, wanted=True)))

    def highlights(self, shown: Sequence[Shown]) -> tuple[Highlights, ...]:
        """Return the headline whole and up to three passages for each text, in order."""
        return tuple(self._highlight(text) for text in shown)

    def _highlight(self, shown: Shown) -> Highlights:
        title_hits = self._hits(shown.title, _TITLE_FIELDS[shown.title_from])
        body_hits = self._hits(shown.body_text, Field.BODY)
        headline = _marked(shown.title, 0, len(shown.title), title_hits)
        return Highlights(headline=headline, passages=tuple(_passages(shown.body_text, body_hits)))

    def _hits(self, text: str, field: Field) -> list[Hit]:
        """Return the stretches of ``text`` that a leaf on this field matches, by place."""
        leaves = [(n, leaf) for n, leaf in enumerate(self._leaves) if leaf.field in (None, field)]
        if not leaves:
            return []
        tokens = list(analysis.english(text))
        places: dict[str, list[int]] = defaultdict(list)
        for place, token in enumerate(tokens):
            for term in token.word.terms:
                places[term].append(place)
        hits = [hit for number, leaf in leaves for hit in _leaf_hits(number, leaf, tokens, places)]
        return sorted(hits, key=lambda hit: (hit.start, -hit.end))


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


def _leaf_hits(number: int, leaf: Leaf, tokens: list[Token], places: dict[str, list[int]]) -> Iterator[Hit]:
    if isinstance(leaf, Pattern):
        for glob in analysis.globs(leaf.pattern):
            fits = cache(_fits(glob))
            yield from (Hit(token.start, token.end, number) for token in tokens if fits(token.word))
        return
    asked = [token.word.asked for token in analysis.english(leaf.text)]
    if not asked:
        return
    slop = leaf.slop if isinstance(leaf, Phrase) else 1
    found = sorted(set().union(*analysis.chains([places.get(term, []) for term in asked], slop)))
    start = None
    for this, following in pairwise([*found, -1]):
        start = this if start is None else start
        if len(asked) == 1 or following != this + 1:  # the words of a phrase are marked as one
            yield Hit(tokens[start].start, tokens[this].end, number)
            start = None


@dataclass(frozen=True, slots=True)
class _fits:  # noqa: N801 (reads as the function it is)
    glob: analysis.Glob

    def __call__(self, word: Word) -> bool:
        fits = self.glob.fitting()
        return any(fits(form) for form in {word.form, *word.terms})


def _passages(text: str, hits: Sequence[Hit]) -> Iterator[str]:
    """Yield the stretches of a body that show best what was asked for, in the order of the text; else its opening."""
    chosen: list[tuple[int, int]] = []
    shown: set[int] = set()
    windows = list(_windows(text, hits))
    while windows and len(chosen) < PASSAGES:
        best = max(windows, key=lambda w: (len(w[2] - shown), len(w[2]), w[3], -w[0]))
        chosen.append(best[:2])
        shown |= best[2]
        windows = [w for w in windows if w[1] <= best[0] or w[0] >= best[1]]
    if not chosen and text.strip():
        chosen = [_at_borders(text, 0, WIDTH, 0, 0)]
    for start, end in sorted(chosen):
        before, after = "… " if text[:start].strip() else "", " …" if text[end:].strip() else ""
        yield f"{before}{_marked(text, start, end, hits)}{after}"


def _windows(text: str, hits: Sequence[Hit]) -> Iterator[tuple[int, int, frozenset[int], int]]:
    """Yield for each hit the passage that begins with it: start, end, the leaves in it, how many hits."""
    last = 0
    for first, hit in enumerate(hits):
        last = max(last, first)
        while last + 1 < len(hits) and hits[last + 1].end - hit.start <= WIDTH:
            last += 1
        inside = hits[first : last + 1]
        end = max(h.end for h in inside)
        lead = max(WIDTH - (end - hit.start), 0) // 2
        start = max(hit.start - lead, 0)
        borders = _at_borders(text, start, start + WIDTH, hit.start, end)
        yield (*borders, frozenset(h.leaf for h in inside), len(inside))


def _at_borders(text: str, start: int, end: int, first: int, last: int) -> tuple[int, int]:
    """Move both ends inwards to the nearest space, but not past ``first`` and ``last``."""
    if 0 < start < first and (space := re.compile(r"\s\S").search(text, start - 1, first + 1)):
        start = space.start() + 1
    end = max(min(end, len(text)), last)
    if end < len(text) and not text[end].isspace():
        space_at = max(text.rfind(gap, last, end) for gap in " \n\t")
        end = space_at if space_at > last else end
    return start, end


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
