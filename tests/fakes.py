"""Stand-ins for what is slow or far away: an engine that keeps everything in memory and looks at every article.

Law: the same contract as the real thing, held by the same tests, in the plainest way it can be written.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from math import log
from threading import Lock

from app.domain.article import ArticleId
from app.domain.query import (
    NONE,
    RECENT,
    STORY_SIZES,
    Among,
    And,
    DayRange,
    Everything,
    Facet,
    Field,
    Flag,
    Fold,
    Has,
    Highlights,
    Match,
    Matches,
    Node,
    Not,
    Nothing,
    Or,
    Pattern,
    Phrase,
    Question,
    Sort,
    Term,
    Weighed,
)
from app.domain.status import Footprint
from app.engines import analysis
from app.engines.highlights import Highlighter
from app.engines.port import Batch, Entry, Shown
from app.engines.scoring import SCORING
from app.errors import IndexBusyError, IndexUnavailableError

_TEXT = (Field.HEADLINE, Field.DECK, Field.BODY)
_NAMES = (Field.BYLINE, Field.SOURCE, Field.URL, Field.DOMAIN, Field.SECTION, Field.LANGUAGE)
_PLACE = "the memory of this process"

Leaf = Term | Phrase | Pattern


@dataclass(frozen=True)
class Indexed:
    """An entry with the words of each value of each of its fields: an article can have several sources."""

    entry: Entry
    words: Mapping[Field, list[list[analysis.Word]]]

    @property
    def length(self) -> float:
        """The length that is held against it: the words of its parts, weighted."""
        return sum(SCORING.weights[field] * sum(map(len, self.words[field])) for field in _TEXT)


def indexed(entry: Entry) -> Indexed:
    """Return the entry with its words, by the analysis that every engine uses."""
    texts = {Field.HEADLINE: entry.headline, Field.DECK: entry.deck, Field.BODY: entry.body_text}
    names = dict(
        zip(
            _NAMES,
            (
                (entry.byline,),
                entry.sources,
                (entry.url,),
                entry.domains,
                (entry.section,),
                (entry.language,),
            ),
            strict=True,
        )
    )
    tongue = analysis.tongue_of(entry.language)
    words = {field: [tongue.words(text or "")] for field, text in texts.items()}
    words |= {field: [analysis.EXACT.words(text or "") for text in values] for field, values in names.items()}
    return Indexed(entry, words)


class MemoryBatch:
    """Changes that are applied to a dictionary when they are committed."""

    def __init__(self, committed: dict[ArticleId, Indexed]) -> None:
        self._committed = committed
        self._pending: dict[ArticleId, Indexed | None] = {}

    def put(self, entry: Entry) -> None:
        self._pending[entry.article] = indexed(entry)

    def drop(self, article: ArticleId) -> None:
        self._pending[article] = None

    def stamps(self) -> Iterator[tuple[ArticleId, str]]:
        yield from [(article, one.entry.stamp) for article, one in self._committed.items()]

    def commit(self) -> None:
        for article, one in self._pending.items():
            self._committed.pop(article, None)
            if one is not None:
                self._committed[article] = one
        self._pending.clear()


class MemoryEngine:
    """An index in the memory of this process; see ``app.engines.port.Engine`` for the contract."""

    def __init__(self) -> None:
        self._articles: dict[ArticleId, Indexed] | None = None
        self._beside: dict[ArticleId, Indexed] = {}
        self._writer = Lock()

    @property
    def place(self) -> str:
        return _PLACE

    @property
    def most_articles(self) -> int | None:
        return None

    def create(self) -> None:
        if self._articles is None:
            self._articles = {}

    @contextmanager
    def writing(self, *, timeout_s: float) -> Iterator[Batch]:
        self._committed()
        with self._locked(timeout_s):
            yield MemoryBatch(self._committed())

    @contextmanager
    def rebuilding(self, *, timeout_s: float) -> Iterator[Batch]:
        with self._locked(timeout_s):
            yield MemoryBatch(self._beside)
            self._articles, self._beside = self._beside, {}

    @contextmanager
    def _locked(self, timeout_s: float) -> Iterator[None]:
        if not self._writer.acquire(timeout=timeout_s):
            raise IndexBusyError(_PLACE, timeout_s)
        try:
            yield
        finally:
            self._writer.release()

    def find(self, question: Question) -> Matches:
        articles = list(self._committed().values())
        last = question.until if question.until is not None else float("inf")
        found = [one for one in articles if one.entry.article <= last and _matches(question.tree, one)]
        values = {one.entry.article: _values(one.entry, articles) for one in found}
        inside = [one for one in found if _has(values[one.entry.article], question.chosen)]
        scores = _scores(question.tree, articles)
        boosted = {
            one.entry.article: scores[one.entry.article] * _recency(one.entry, question) for one in found
        }
        given = {_group(one.entry, question.fold) for one in articles if one.entry.article in question.given}
        answer = _page(inside, boosted, question, given)
        return replace(
            answer, facets={facet: _counted(facet, found, values, question) for facet in question.facets}
        )

    def weigh(self, parts: Sequence[Node], articles: Sequence[ArticleId]) -> tuple[Weighed, ...]:
        held = list(self._committed().values())
        return tuple(
            Weighed(
                articles=len(scores := _scores(part, held)),
                matches=tuple(article in scores for article in articles),
                scores=tuple(scores.get(article, 0.0) for article in articles),
            )
            for part in parts
        )

    def written(self, forms: Sequence[str], field: Field | None = None) -> list[int]:
        fields = (field,) if field in _NAMES else _TEXT
        held = [
            {
                form
                for each in fields
                for words in one.words[each]
                for word in words
                for form in (word.form, *word.terms)
            }
            for one in self._committed().values()
        ]
        return [sum(form in each for each in held) for form in forms]

    def highlight(self, tree: Node, shown: Sequence[Shown]) -> tuple[Highlights, ...]:
        self._committed()
        return Highlighter(tree).highlights(shown)

    def stamps(self) -> Iterable[tuple[ArticleId, str]]:
        return [(article, one.entry.stamp) for article, one in self._committed().items()]

    def footprint(self) -> Footprint:
        self._committed()
        return Footprint(generation=1, bytes=0)

    def verify(self) -> None:
        self._committed()

    def wipe(self) -> None:
        self._articles, self._beside = None, {}

    def close(self) -> None:
        pass

    def _committed(self) -> dict[ArticleId, Indexed]:
        if self._articles is None:
            raise IndexUnavailableError(_PLACE, "is missing")
        return self._articles


def _matches(node: Node, one: Indexed) -> bool:
    match node:
        case And(children=children):
            return all(_matches(child, one) for child in children)
        case Or(children=children):
            return any(_matches(child, one) for child in children)
        case Not(child=child):
            return not _matches(child, one)
        case Term() | Phrase() | Pattern():
            return _holds(node, one)
        case _:
            return _is(node, one.entry)


def _is(node: DayRange | Has | Among | Everything | Nothing, entry: Entry) -> bool:
    if isinstance(node, Among):
        return entry.article in node.articles
    if isinstance(node, DayRange):
        day = entry.published if node.field is Field.PUBLISHED else entry.seen
        return day is not None and (node.first or day) <= day <= (node.last or day)
    if isinstance(node, Has):
        return {
            Flag.DUPLICATE: entry.original != entry.article,
            Flag.DATED: entry.published is not None,
            Flag.HEADED: bool(entry.headline),
        }[node.flag]
    return isinstance(node, Everything)


def _holds(leaf: Leaf, one: Indexed) -> bool:
    if leaf.field is Field.STORY:
        return isinstance(leaf, Term) and leaf.text.isdecimal() and int(leaf.text) == one.entry.story
    if isinstance(leaf, Pattern):
        pieces = _pieces(leaf)
        return bool(pieces) and all(_occurrences(piece, one) for piece in pieces)
    return bool(_occurrences(leaf, one))


def _pieces(pattern: Pattern) -> list[Pattern]:
    """Return the patterns that one pattern with punctuation in it asks for."""
    return [Pattern(pattern=glob.pattern, field=pattern.field) for glob in analysis.globs(pattern.pattern)]


def _occurrences(leaf: Leaf, one: Indexed) -> list[Field]:
    """Return the field of every occurrence of what the leaf asks for."""
    fields = _TEXT if leaf.field is None else (leaf.field,)
    if isinstance(leaf, Pattern):
        glob = analysis.Glob(leaf.pattern)
        return [field for field in fields for words in one.words[field] for word in words if glob.fits(word)]
    slop = leaf.slop if isinstance(leaf, Phrase) else 1
    return [
        field
        for field in fields
        for words in one.words[field]
        for _ in _phrase(leaf, slop, field, words, one)
    ]


def _phrase(
    leaf: Term | Phrase, slop: int, field: Field, words: list[analysis.Word], one: Indexed
) -> set[int]:
    tongue = analysis.EXACT if field in _NAMES else analysis.tongue_of(one.entry.language)
    asked = [word.asked for word in tongue.words(leaf.text)]
    places = [[place for place, word in enumerate(words) if term in word.terms] for term in asked]
    return analysis.chains(places, slop)[-1] if places else set()


def _scores(node: Node, articles: list[Indexed]) -> dict[ArticleId, float]:
    """Return the score of every article that matches."""
    match node:
        case And(children=children):
            parts = [_scores(child, articles) for child in children]
            return {a: sum(part[a] for part in parts) for a in parts[0] if all(a in part for part in parts)}
        case Or(children=children):
            parts = [_scores(child, articles) for child in children]
            return {a: sum(part.get(a, 0.0) for part in parts) for part in parts for a in part}
        case Pattern() if _pieces(node) not in ([], [node]):
            return _scores(And(children=tuple(_pieces(node))), articles)
        case Term() | Phrase() | Pattern() if node.field in (None, *_TEXT) and not _asks_any_word(node):
            return _word_scores(node, articles)
        case _:
            return {one.entry.article: 0.0 for one in articles if _matches(node, one)}


def _asks_any_word(leaf: Leaf) -> bool:
    return isinstance(leaf, Pattern) and not leaf.pattern.strip("*")


def _word_scores(leaf: Leaf, articles: list[Indexed]) -> dict[ArticleId, float]:
    """Return BM25F for every article in which the leaf occurs."""
    weights = {
        one.entry.article: sum(SCORING.weights[f] for f in _occurrences(leaf, one)) for one in articles
    }
    frequency = sum(1 for weight in weights.values() if weight)
    rarity = log(1 + (len(articles) - frequency + 0.5) / (frequency + 0.5))
    mean = sum(one.length for one in articles) / len(articles) if articles else 0.0
    k1, b = SCORING.k1, SCORING.b
    return {
        one.entry.article: rarity * (k1 + 1) * w / (w + k1 * (1 - b + b * one.length / (mean or 1.0)))
        for one in articles
        if (w := weights[one.entry.article])
    }


def _page(
    found: list[Indexed], scores: Mapping[ArticleId, float], question: Question, given: set[int]
) -> Matches:
    ordered = sorted((one.entry for one in found), key=lambda e: (_rank(e, scores, question.sort), e.article))
    shown = given | {_group(entry, question.fold) for entry in ordered if _is_passed(entry, question)}
    groups: dict[int, list[Entry]] = {}
    for entry in ordered:
        groups.setdefault(_group(entry, question.fold), []).append(entry)
    rows = [
        Match(article=g[0].article, day=g[0].published, score=scores[g[0].article], folded=len(g) - 1)
        for group, g in groups.items()
        if group not in shown
    ]
    first = question.first_row
    return Matches(
        rows=tuple(rows[first : first + question.rows]),
        before=tuple(row.article for row in rows[:first]),
        first_row=first + len(shown & {*groups}),
        newest=max((entry.article for entry in ordered), default=0),
        total=len(ordered),
        total_originals=len({entry.original for entry in ordered}),
        total_stories=len({entry.story for entry in ordered}),
    )


def _values(entry: Entry, articles: list[Indexed]) -> Mapping[Facet, set[str]]:
    """Return what an article has of each facet."""
    day = entry.published.isoformat() if entry.published else None
    size = sum(one.entry.story == entry.story for one in articles)
    return {
        Facet.SOURCE: set(entry.sources) or {NONE},
        Facet.SECTION: {entry.section or NONE},
        Facet.LANGUAGE: {entry.language or NONE},
        Facet.YEAR: {day[:4] if day else NONE},
        Facet.MONTH: {day[:7] if day else NONE},
        Facet.DAY: {day or NONE},
        Facet.DUPLICATE: {"yes" if entry.original != entry.article else "no"},
        Facet.STORY_SIZE: {[name for least, name in STORY_SIZES if size >= least][-1]},
    }


def _has(values: Mapping[Facet, set[str]], chosen: Mapping[Facet, frozenset[str]]) -> bool:
    return all(values[facet] & wanted for facet, wanted in chosen.items())


def _counted(
    facet: Facet,
    found: list[Indexed],
    values: Mapping[ArticleId, Mapping[Facet, set[str]]],
    question: Question,
) -> Mapping[str, int]:
    others = {each: wanted for each, wanted in question.chosen.items() if each is not facet}
    groups: dict[str, set[int]] = {}
    for one in found:
        held = values[one.entry.article]
        for value in held[facet] if _has(held, others) else ():
            groups.setdefault(value, set()).add(_group(one.entry, question.fold))
    return {value: len(each) for value, each in groups.items()}


def _recency(entry: Entry, question: Question) -> float:
    if question.sort is not Sort.BEST or not question.today or not entry.published:
        return 1.0
    age = (question.today - entry.published).days
    return next((factor for days, factor in RECENT if age <= days), 1.0)


def _rank(entry: Entry, scores: Mapping[ArticleId, float], sort: Sort) -> float:
    if sort in (Sort.BEST, Sort.RELEVANCE):
        return -round(scores[entry.article], 6)
    return _time(entry.published, sort)


def _time(day: date | None, sort: Sort) -> float:
    return float("inf") if day is None else day.toordinal() * (-1 if sort is Sort.NEWEST else 1)


def _is_passed(entry: Entry, question: Question) -> bool:
    place = question.after
    return place is not None and (_time(entry.published, question.sort), entry.article) <= (
        _time(place.day, question.sort),
        place.article,
    )


def _group(entry: Entry, fold: Fold) -> int:
    return {Fold.STORY: entry.story, Fold.ORIGINAL: entry.original, Fold.NONE: entry.article}[fold]
