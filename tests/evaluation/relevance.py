"""How good the order of the answers is: nDCG@10 and MAP on three judged collections, beside plain BM25.

Law: the numbers in ``app.engines.scoring`` were chosen on every other query of each collection (the curve is printed);
the queries between them are the report, beside all. A query is asked as the OR of its words, as is usual for these
collections. All rankings read the same words: plain BM25 takes an article as one bag of them, title and text alike.
"""

import gzip
import json
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain, product
from math import log, log2
from pathlib import Path
from statistics import fmean

from rich.console import Console
from rich.table import Table

from app.domain.article import ArticleId, StoryId
from app.domain.entry import Entry
from app.domain.query import Field, Fold, Node, Or, Question, Sort, Term
from app.engines import analysis
from app.engines.port import Engine
from app.engines.scoring import SCORING, Scoring
from app.engines.tantivy import TantivyEngine
from app.engines.whoosh import WhooshEngine
from tests.evaluation.corpora import SHARED

COLLECTIONS = ("cran", "time", "npl")
DEPTH = 1000  # of a ranking, for the average precision
REFERENCE = {
    "cran": 0.528,
    "time": 0.745,
    "npl": 0.416,
}  # plain BM25's nDCG@10 as measured before the first line

Ranking = list[int]
Rank = Callable[[str], Ranking]


@dataclass(frozen=True, kw_only=True)
class Collection:
    """Documents (title, text), queries, and what is relevant to each query, with its gain; documents count from 1."""

    documents: list[tuple[str, str]]
    queries: dict[str, str]
    gains: dict[str, dict[int, float]]


def collection(folder: Path) -> Collection:
    """Read a collection in the layout of BEIR; judgements of 0 and below mean not relevant."""
    read = list(_lines(folder / "corpus.jsonl.gz"))
    numbers = {one["_id"]: number for number, one in enumerate(read, start=1)}
    gains: dict[str, dict[int, float]] = defaultdict(dict)
    for line in (folder / "qrels.tsv").read_text("utf-8").splitlines()[1:]:
        query, document, gain = line.split("\t")
        if float(gain) > 0 and document in numbers:
            gains[query][numbers[document]] = float(gain)
    queries = {one["_id"]: one["text"] for one in _lines(folder / "queries.jsonl.gz")}
    documents = [(one["title"], one["text"]) for one in read]
    return Collection(
        documents=documents, queries={q: t for q, t in queries.items() if gains[q]}, gains=gains
    )


def halves(judged: Collection) -> tuple[Collection, Collection]:
    """Return a collection with the queries to tune on, and with those to report."""
    queries = list(judged.queries.items())
    first, second = (replace(judged, queries=dict(queries[start::2])) for start in (0, 1))
    return first, second


def _lines(file: Path) -> Iterator[dict[str, str]]:
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def evaluate(judged: Collection, rank: Rank) -> tuple[float, float]:
    """Return the mean nDCG@10 (linear gains) and the mean average precision over all queries with a judgement."""
    measured = [_measure(judged.gains[query], rank(text)) for query, text in judged.queries.items()]
    return fmean(gain for gain, _ in measured), fmean(precision for _, precision in measured)


def _measure(gains: Mapping[int, float], ranking: Ranking) -> tuple[float, float]:
    gained = sum(gains.get(document, 0.0) / log2(place + 2) for place, document in enumerate(ranking[:10]))
    best = sum(gain / log2(place + 2) for place, gain in enumerate(sorted(gains.values(), reverse=True)[:10]))
    hits = [place for place, document in enumerate(ranking[:DEPTH], start=1) if document in gains]
    precisions = sum(number / place for number, place in enumerate(hits, start=1))
    return gained / best, precisions / len(gains)


def plain_bm25(judged: Collection) -> Rank:
    """Return a ranking by BM25 (k1=1.2, b=.75), written out here and owing the engine nothing but its words."""
    bags = [
        Counter(word.asked for part in document for word in analysis.ENGLISH.words(part))
        for document in judged.documents
    ]
    lengths = [bag.total() for bag in bags]
    mean = sum(lengths) / len(lengths)
    postings: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for number, bag in enumerate(bags, start=1):
        for term, count in bag.items():
            postings[term].append((number, count))

    def rank(text: str) -> Ranking:
        scores: dict[int, float] = defaultdict(float)
        for word in set(analysis.ENGLISH.words(text)):
            found = postings.get(word.asked, [])
            rarity = log(1 + (len(bags) - len(found) + 0.5) / (len(found) + 0.5))
            for number, count in found:
                norm = 1.2 * (0.25 + 0.75 * lengths[number - 1] / mean)
                scores[number] += rarity * 2.2 * count / (count + norm)
        return sorted(scores, key=lambda number: (-scores[number], number))[:DEPTH]

    return rank


def filled(engine: Engine, judged: Collection) -> Engine:
    """Index a collection with a real engine: a document's title is its headline."""
    engine.create()
    with engine.writing(timeout_s=10) as batch:
        for number, (title, text) in enumerate(judged.documents, start=1):
            batch.put(_entry(number, title, text))
            if number % 1000 == 0:
                batch.commit()
        batch.commit()
    return engine


def _entry(number: int, title: str, text: str) -> Entry:
    return Entry(
        article=ArticleId(number),
        original=ArticleId(number),
        story=StoryId(number),
        headline=title or None,
        deck=None,
        body_text=text.removeprefix(title).lstrip(" .") if title else text,
        byline=None,
        sources=(),
        language="en",
        section=None,
        url=None,
        domains=(),
        published=None,
        seen=date(2025, 1, 1),
        stamp="",
    )


def _question(text: str) -> Question:
    asked = dict.fromkeys(text.split())
    tree: Node = Or(children=tuple(Term(text=word) for word in asked if analysis.ENGLISH.words(word)))
    return Question(tree=tree, fold=Fold.NONE, sort=Sort.RELEVANCE, first_row=0, rows=DEPTH)


def _ranked_by(engine: Engine) -> Rank:
    return lambda text: [int(row.article) for row in engine.find(_question(text)).rows]


def main() -> None:
    """Print the curve and the report."""
    console = Console(width=120)
    measures = [
        f"{ranking} {figure}" for ranking in ("Whoosh", "tantivy", "plain") for figure in ("nDCG@10", "MAP")
    ]
    report = Table("collection", "queries", *measures, "to reach")
    judged = {name: collection(SHARED / "data" / "relevance" / name) for name in COLLECTIONS}
    with tempfile.TemporaryDirectory() as folder:
        for name, each in judged.items():
            engines = (
                filled(WhooshEngine(Path(folder) / name), each),
                filled(TantivyEngine(Path(folder) / f"{name}-t"), each),
            )
            ranks = [*map(_ranked_by, engines), plain_bm25(each)]
            for told, asked in {"between": halves(each)[1], "all": each}.items():
                measured = chain.from_iterable(evaluate(asked, rank) for rank in ranks)
                report.add_row(name, told, *(f"{figure:.3f}" for figure in measured), f"{REFERENCE[name]}")
        console.print(_curve({Path(folder) / name: halves(each)[0] for name, each in judged.items()}))
    console.print(report)


def _curve(judged: Mapping[Path, Collection]) -> Table:
    """Return the nDCG@10 of the queries to tune on over the numbers of the scoring: k1 and b first, then the headline
    with the best of them. The mean decides."""
    curve = Table("k1", "b", "headline", *(place.name for place in judged), "mean", title="tuning, nDCG@10")

    def mean(scoring: Scoring) -> float:
        figures = [
            evaluate(each, _ranked_by(WhooshEngine(place, scoring=scoring)))[0]
            for place, each in judged.items()
        ]
        told = (
            scoring.k1,
            scoring.b,
            scoring.weights[Field.HEADLINE],
            *(f"{figure:.3f}" for figure in (*figures, fmean(figures))),
        )
        curve.add_row(*map(str, told))
        return fmean(figures)

    grid = [
        replace(SCORING, k1=k1, b=b) for k1, b in product((1.2, 1.6, 2.0, 2.4), (0.6, 0.7, 0.75, 0.8, 0.9))
    ]
    best = max(grid, key=mean)
    for headline in (1.0, 2.0, 6.0):
        mean(replace(best, weights={**SCORING.weights, Field.HEADLINE: headline}))
    return curve


if __name__ == "__main__":
    main()
