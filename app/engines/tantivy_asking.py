"""How a tree is asked of a tantivy index.

Law: what is found is what the tree says; where tantivy scores otherwise than ``whoosh_matching`` does, DIVERGENCES.md
says so. What only narrows (days, names, flags) scores nothing.
"""

from collections.abc import Collection, Iterable, Sequence
from itertools import accumulate, pairwise, product
from math import log

from tantivy import FieldType, Occur, Query, Schema, Searcher

from app.domain.query import (
    RECENT,
    Among,
    And,
    DayRange,
    Everything,
    Field,
    Has,
    Node,
    Not,
    Nothing,
    Or,
    Pattern,
    Phrase,
    Question,
    Term,
    widest_slop,
)
from app.engines import analysis
from app.engines.analysis import Glob, Tongue
from app.engines.lexicon import Lexicon
from app.engines.rows import NAMES, ZONES
from app.engines.scoring import SCORING
from app.engines.tantivy_schema import FILLED, FLAGS, TEXT, forms_of

Leaf = Term | Phrase | Pattern

_LARGEST = 2**63 - 1

_K1 = 1.2  # of tantivy's BM25, which cannot be set


class Asking:
    """Makes queries for one schema and one state of the index."""

    def __init__(self, schema: Schema, searcher: Searcher, tongues: Sequence[Tongue]) -> None:
        self._schema = schema
        self._searcher = searcher
        self._tongues = tongues
        self._lexicon = Lexicon()

    def query(self, tree: Node) -> Query:
        """Return what a tree asks."""
        match tree:
            case And(children=children):
                return _all(map(self.query, children))
            case Or(children=children):
                return _any(map(self.query, children))
            case Not(child=child):
                return Query.boolean_query([(Occur.Must, _everything()), (Occur.MustNot, self.query(child))])
            case Term() | Phrase() | Pattern():
                return self._leaf(tree)
            case _:
                return self._property(tree)

    def within(self, query: Query, articles: Iterable[int]) -> Query:
        """Return what asks the same of some articles alone."""
        ids = (Query.term_query(self._schema, "article", int(each), "basic") for each in articles)
        return _all([query, _unscored(_any(ids))])

    def bands(
        self, query: Query, question: Question, factors: Collection[float]
    ) -> list[tuple[Query, float]]:
        """Return what asks the same of articles of each age, and what the score of these is multiplied with: of those
        ages alone that have one of these ``factors``."""
        if len(factors) < 2 or not question.today:
            return [(query, next(iter(factors), 1.0))]
        found: list[tuple[Query, float]] = []
        last = _LARGEST
        for days, factor in RECENT:
            first = question.today.toordinal() - days
            found.append((_all([query, self._within_days(Field.PUBLISHED, first, last)]), factor))
            last = first - 1
        recent = self._within_days(Field.PUBLISHED, last + 1, _LARGEST)
        found.append((Query.boolean_query([(Occur.Must, query), (Occur.MustNot, recent)]), 1.0))
        return [(asked, factor) for asked, factor in found if factor in factors]

    def _within_days(self, field: Field, first: int, last: int) -> Query:
        if first > last:
            return Query.empty_query()
        return _unscored(Query.range_query(self._schema, str(field), FieldType.Integer, first, last))

    def _property(self, node: DayRange | Has | Among | Everything | Nothing) -> Query:
        match node:
            case Among(articles=articles):
                return _unscored(Query.term_set_query(self._schema, "article", sorted(articles)))
            case DayRange(field=field, first=first, last=last):
                return self._within_days(
                    field, first.toordinal() if first else 1, last.toordinal() if last else _LARGEST
                )
            case Has(flag=flag):
                return self._holding(FLAGS, str(flag))
            case Everything():
                return _everything()
            case Nothing():
                return Query.empty_query()

    def _leaf(self, leaf: Leaf) -> Query:
        if leaf.field is Field.STORY:
            return self._in_story(leaf)
        if isinstance(leaf, Pattern):
            globs = analysis.globs(leaf.pattern)
            return _all(self._fitting(glob, leaf.field) for glob in globs) if globs else Query.empty_query()
        if leaf.field in NAMES:
            readings = analysis.readings(leaf.text, [analysis.EXACT])
            return _unscored(self._run(str(leaf.field), readings, _slop(leaf)))
        readings = analysis.readings(leaf.text, self._tongues)
        if leaf.field is not None:
            return self._run(str(leaf.field), readings, _slop(leaf))
        if len(readings[0]) == 1:
            return self._word(TEXT, [term for (term,) in readings])
        runs = {zone: self._run(str(zone), readings, _slop(leaf)) for zone in ZONES}
        return Query.disjunction_max_query(
            [Query.boost_query(run, _worth(SCORING.weights[zone])) for zone, run in runs.items()]
        )

    def _in_story(self, leaf: Leaf) -> Query:
        number = int(leaf.text) if isinstance(leaf, Term) and leaf.text.isdecimal() else -1
        if not 0 <= number <= _LARGEST:
            return Query.empty_query()
        return _unscored(Query.term_query(self._schema, str(Field.STORY), number, "basic"))

    def _word(self, field: str, terms: Sequence[str]) -> Query:
        """Return what asks for a word, under whichever term it stands; the one that counts most decides."""
        queries = [Query.term_query(self._schema, field, term, "freq") for term in terms]
        return queries[0] if len(queries) == 1 else Query.disjunction_max_query(queries)

    def _run(self, field: str, readings: Sequence[Sequence[str]], slop: int) -> Query:
        """Return what asks for words of a field that follow each other at most ``slop`` places apart, as one of the
        tongues reads them."""
        if not readings[0]:
            return Query.empty_query()
        if len(readings[0]) == 1:
            return self._word(field, [term for (term,) in readings])
        held = (words for words in readings if all(self._searcher.doc_freq(field, term) for term in words))
        return _any(self._phrase(field, words, slop) for words in held)

    def _phrase(self, field: str, asked: Sequence[str], slop: int) -> Query:
        """Return what asks for a phrase: one with gaps as every phrase without that it may be, since tantivy's own slop
        takes words in any order, and for words that come again memory without end."""
        if slop > widest_slop(len(asked)):  # of a text with more words than were counted
            return _all(self._phrase(field, pair, slop) for pair in pairwise(asked))
        shapes = product(range(1, slop + 1), repeat=len(asked) - 1)
        placed = (list(zip(accumulate(shape, initial=0), asked, strict=True)) for shape in shapes)
        runs = _any(Query.phrase_query(self._schema, field, list(words)) for words in placed)
        return Query.boost_query(runs, self._share_of_rarest(field, asked))

    def _share_of_rarest(self, field: str, asked: Sequence[str]) -> float:
        """Return by what a phrase is to be weighed so that it counts as its rarest word: tantivy has it as rare as all
        its words together, and phrases then decide everything."""
        articles = self._searcher.num_docs
        held = (self._searcher.doc_freq(field, term) for term in asked)
        rarities = [log(1 + (articles - each + 0.5) / (each + 0.5)) for each in held]
        return max(rarities) / (sum(rarities) or 1.0)

    def _fitting(self, glob: Glob, field: Field | None) -> Query:
        """Return what asks for any word that fits; it counts as much in every article."""
        if field in NAMES:
            return _unscored(self._fitting_in(glob, [str(field)], [str(field)]))
        zones = list(ZONES) if field is None else [field]
        found = self._fitting_in(
            glob,
            [str(zone) for zone in zones],
            [each for zone in zones for each in (str(zone), forms_of(zone))],
        )
        return Query.const_score_query(found, 0.0 if glob.is_any_word else 1.0)

    def _fitting_in(self, glob: Glob, fields: Sequence[str], with_forms: Sequence[str]) -> Query:
        if glob.is_any_word:
            return _any(self._holding(FILLED, field) for field in fields)
        asked = ((field, self._lexicon.fitting(field, glob, self._terms)) for field in with_forms)
        return _any(Query.term_set_query(self._schema, field, terms) for field, terms in asked if terms)

    def _terms(self, field: str, prefix: str) -> list[str]:
        return [term for term, _ in self._searcher.terms_with_prefix(field, prefix)]

    def _holding(self, field: str, value: str) -> Query:
        return _unscored(Query.term_query(self._schema, field, value, "basic"))


def steady_score(tree: Node) -> float | None:
    """Return what every article that matches a tree scores; None where they can differ."""
    match tree:
        case And(children=children):
            scores = [score for child in children if (score := steady_score(child)) is not None]
            return sum(scores) if len(scores) == len(children) else None
        case Or(children=children):
            return None if any(steady_score(child) != 0.0 for child in children) else 0.0
        case Pattern(pattern=pattern, field=field):
            return (
                0.0
                if field in NAMES
                else float(sum(not each.is_any_word for each in analysis.globs(pattern)))
            )
        case Term() | Phrase():
            return None if tree.field in (None, *ZONES) else 0.0
        case _:
            return 0.0


def _worth(weight: float) -> float:
    """Return by how much one occurrence of such a weight scores more than one of weight 1, both in a text of average
    length: a phrase is found part by part, and its best part stands for what BM25F would make of all."""
    return weight * (_K1 + 1) / (weight + _K1)


def _slop(leaf: Term | Phrase) -> int:
    return leaf.slop if isinstance(leaf, Phrase) else 1


def _everything() -> Query:
    return _unscored(Query.all_query())


def _unscored(query: Query) -> Query:
    return Query.const_score_query(query, 0.0)


def _all(queries: Iterable[Query]) -> Query:
    return Query.boolean_query([(Occur.Must, query) for query in queries])


def _any(queries: Iterable[Query]) -> Query:
    several = list(queries)
    return (
        Query.boolean_query([(Occur.Should, query) for query in several]) if several else Query.empty_query()
    )
