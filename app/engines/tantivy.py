"""The engine for archives that have outgrown Whoosh: an index in a folder, written, matched and scored by tantivy.

Law: tantivy says what matches and how well; folding, totals and the order of equals are decided over arrays, by the
code that serves every engine.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from operator import itemgetter
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tantivy import DocAddress, Query

from app.domain.article import ArticleId
from app.domain.query import Field, Highlights, Matches, Node, Question, Weighed
from app.engines import analysis, tantivy_schema
from app.engines.caching import Cache
from app.engines.facets import narrowed
from app.engines.folders import FolderEngine
from app.engines.highlights import Highlighter
from app.engines.numbering import are_among
from app.engines.port import Batch, Shown
from app.engines.ranking import Matched, factors_of, given_groups, page, recency
from app.engines.rows import NAMES, ZONES, Rows, StorySizes, languages_of
from app.engines.tantivy_asking import Asking, steady_score
from app.engines.tantivy_blocks import Blocks
from app.engines.tantivy_commits import Ledger, next_commit
from app.engines.tantivy_schema import TEXT, forms_of, open_index
from app.engines.tantivy_writing import TantivyBatch
from app.engines.vouching import Commit, no_commit, vouching

_VERSIONS = {"tantivy": tantivy_schema.VERSION, "analysis": analysis.VERSION}
_DAMAGE = (OSError, ValueError, EOFError)

# The best articles are asked for in steps: so many, then so many times as many, until the page is full.
_FIRST_BEST = 256
_MORE_BEST = 8

_NOTHING = 1e-6  # scores that differ by less are equal

_FEW = 8_000  # so many articles are sooner handed over one by one than added up

_FOUND_BYTES = 16 * 1024 * 1024

_QUERIES = 4  # that are kept, each with all terms that fit its patterns


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    """All articles that match a tree: a bit for each of the index, and where they are few the score of each."""

    bits: NDArray[np.uint8]
    scores: NDArray[np.float64] | None

    @property
    def nbytes(self) -> int:
        """How much memory it takes."""
        return self.bits.nbytes + (self.scores.nbytes if self.scores is not None else 0)

    def places(self, articles: int) -> NDArray[np.int64]:
        """Return which of so many articles of the index they are, ascending."""
        return np.flatnonzero(np.unpackbits(self.bits, count=articles).view(np.bool_))


class Reader:
    """The index as of one commit. Safe between threads."""

    def __init__(self, commit: Commit) -> None:
        self.files = commit.files
        self.files.check()
        self.ledger = Ledger.read(commit.view, commit.number)
        self._rows = Rows.of(self.ledger.rows)
        self._sizes = StorySizes(lambda: self._rows["story"])
        index = open_index(commit.view)
        index.reload()
        self._searcher = index.searcher()
        self._blocks = Blocks(index.schema, self._rows["article"])
        self._asking = Asking(index.schema, self._searcher, analysis.tongues_of(languages_of(self._rows)))
        # Patterns are looked up when a query is made: the best are asked for by the one that found what matches.
        self._query = lru_cache(_QUERIES)(self._asking.query)
        self._found: Cache[_Found] = Cache(_FOUND_BYTES)

    def find(self, question: Question) -> Matches:
        """Return one page of the articles that match, and the exact totals."""
        self.files.check(opened=True)
        # Who turns the page, chooses of a facet or another order asks the same again.
        found = self._found.of(question.tree, lambda: self._matching(self._query(question.tree)))
        rows = self._rows.at(found.places(len(self._rows)))
        inside, facets = narrowed(rows, question, self.ledger.labels, self._sizes)
        rows = rows.where(inside)
        steady = steady_score(question.tree) if question.sort.is_by_score else 0.0
        if steady is not None:
            scores = np.full(len(rows), steady)
        elif found.scores is not None:
            scores = found.scores[inside]
        else:
            return replace(self._by_relevance(self._query(question.tree), rows, question), facets=facets)
        matched = Matched(rows=rows, scores=scores * recency(rows, question))
        return replace(page(matched, question, given_groups(self._rows, question)), facets=facets)

    def _matching(self, query: Query) -> _Found:
        """Return all that match; where these are few they are handed over one by one, with their scores."""
        held = np.zeros(len(self._rows), np.bool_)
        scores = None
        if len(self._rows) > _FEW and self._count(query) > _FEW:
            held[self._blocks.matching(self._searcher, query)] = True
        else:
            scored, articles = self._read(self._searcher.search(query, _FEW, count=False).hits)
            held[self._blocks.places(articles)] = True
            scores = scored[np.argsort(articles)]
        return _Found(bits=np.packbits(held), scores=scores)

    def _count(self, query: Query) -> int:
        """Return how many articles match."""
        count: int = self._searcher.search(query, 1, count=True).count  # type: ignore[attr-defined]  # its stub lacks it
        return count

    def weigh(self, part: Node, articles: Sequence[ArticleId]) -> Weighed:
        """Return what a part of a question is worth to some articles."""
        query = self._asking.query(part)
        found = self._searcher.search(self._asking.within(query, articles), max(1, len(articles))).hits
        held = self._searcher.fast_field_values("article", [address for _, address in found])
        scores = dict(zip(held, (float(score) for score, _ in found), strict=True))
        return Weighed(
            articles=self._count(query),
            matches=tuple(article in scores for article in articles),
            scores=tuple(scores.get(article, 0.0) for article in articles),
        )

    def written(self, forms: Sequence[str], field: Field | None) -> list[int]:
        """Return how many articles have each of some words as it is written, or as a stem."""
        fields = (str(field),) if field in NAMES else (TEXT, *map(forms_of, ZONES))
        return [max(self._searcher.doc_freq(each, form) for each in fields) for form in forms]

    def _by_relevance(self, query: Query, rows: Rows, question: Question) -> Matches:
        bands = self._asking.bands(query, question, factors_of(rows, question))
        given = given_groups(self._rows, question)
        most = _FIRST_BEST
        while True:
            articles, scores, floor = self._best(bands, most)
            there = are_among(articles, rows["article"])  # not all of them have what is chosen
            articles, scores = articles[there], scores[there]
            best = self._rows.at(self._blocks.places(articles))
            answer = page(Matched(rows=best, scores=scores), question, given, rows)
            # Of those that score as the last one of a band, others may not be among the best asked for.
            sure = {*articles[scores > floor + _NOTHING].tolist()}
            if floor < 0 or (
                len(answer.rows) == question.rows and {row.article for row in answer.rows} <= sure
            ):
                return answer
            most *= _MORE_BEST

    def _best(
        self, bands: Sequence[tuple[Query, float]], most: int
    ) -> tuple[NDArray[np.int64], NDArray[np.float64], float]:
        """Return the ``most`` best articles of each band with their scores, and the score that an article that is not
        among them has at most (below 0 where all are)."""
        articles: list[NDArray[np.int64]] = []
        scores: list[NDArray[np.float64]] = []
        floor = -1.0
        for query, factor in bands:
            scored, held = self._read(self._searcher.search(query, most, count=False).hits)
            articles.append(held)
            scores.append(scored * factor)
            if len(held) == most:
                floor = max(floor, float(scores[-1][-1]))
        return np.concatenate(articles), np.concatenate(scores), floor

    def _read(self, hits: Sequence[tuple[Any, DocAddress]]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """Return the scores of hits, and beside each the article."""
        scores = np.fromiter(map(itemgetter(0), hits), np.float64, len(hits))
        addresses = [address for _, address in hits]
        return scores, np.array(self._searcher.fast_field_values("article", addresses), np.int64)

    def stamps(self) -> Iterable[tuple[ArticleId, str]]:
        """Yield every article with its stamp."""
        for article, stamp in self.ledger.stamps():
            yield ArticleId(article), stamp


class TantivyEngine(FolderEngine[Reader]):
    """An index in the folder ``path``; see ``port.Engine`` for the contract."""

    def __init__(self, path: Path, *, archive: int = 0) -> None:
        super().__init__(path, versions=_VERSIONS, archive=archive, damage=_DAMAGE)

    @property
    def most_articles(self) -> int | None:
        """More is no trouble."""
        return None

    def _make(self, folder: Path, versions: Mapping[str, int]) -> None:
        work = folder / "work"
        work.mkdir()
        open_index(work)
        next_commit(no_commit(folder, versions), work, Ledger.empty())

    def _batch(self, commit: Commit) -> Batch:
        return TantivyBatch(commit, self._generations)

    def _open(self, commit: Commit, before: Reader | None) -> Reader:  # noqa: ARG002 - tantivy shares nothing
        with vouching(self._damaged, _DAMAGE):
            return Reader(commit)

    def find(self, question: Question) -> Matches:
        """Return one page of the articles that match, and the exact totals."""
        reader = self._current()
        with vouching(self._damaged, _DAMAGE):
            return reader.find(question)

    def weigh(self, parts: Sequence[Node], articles: Sequence[ArticleId]) -> tuple[Weighed, ...]:
        """Return what each part of a question is worth to some articles."""
        reader = self._current()
        with vouching(self._damaged, _DAMAGE):
            return tuple(reader.weigh(part, articles) for part in parts)

    def written(self, forms: Sequence[str], field: Field | None = None) -> list[int]:
        """Return how many articles have each of some words as it is written, or as a stem."""
        reader = self._current()
        with vouching(self._damaged, _DAMAGE):
            return reader.written(forms, field)

    def highlight(self, tree: Node, shown: Sequence[Shown]) -> tuple[Highlights, ...]:
        """Return where each text matches the tree, in order."""
        self._current()
        return Highlighter(tree).highlights(shown)

    def stamps(self) -> Iterable[tuple[ArticleId, str]]:
        """Yield every article in the index with its stamp."""
        return self._current().stamps()
