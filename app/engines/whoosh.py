# mypy: untyped-calls-exclude="whoosh"
"""The default engine: an index in a folder, written and read with Whoosh, matched and ranked with numpy.

Law: Whoosh keeps the postings; what matches, how it is scored, folded and counted is decided over arrays, because
Whoosh's own collapse counts wrongly and its Python scoring of every match is slow.

The files hold pickles (Whoosh's format): never open an index that somebody else made.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from whoosh.index import create_in

from app.domain.article import ArticleId
from app.domain.query import Field, Highlights, Matches, Node, Question, Weighed
from app.engines import analysis, whoosh_schema
from app.engines.facets import narrowed
from app.engines.folders import FolderEngine
from app.engines.highlights import Highlighter
from app.engines.labels import no_labels
from app.engines.port import Batch, Shown
from app.engines.ranking import Matched, given_groups, page, recency
from app.engines.rows import NAMES
from app.engines.scoring import SCORING, Scoring
from app.engines.vouching import Commit, no_commit, vouching
from app.engines.whoosh_commits import next_commit
from app.engines.whoosh_matching import Matcher
from app.engines.whoosh_reading import DAMAGE, open_snapshot
from app.engines.whoosh_schema import FORMS, TEXT
from app.engines.whoosh_writing import WhooshBatch

# From here on a date range or a phrase takes some queries a tenth of a second and more, and a commit half a second.
_MOST_ARTICLES = 25_000

_VERSIONS = {"schema": whoosh_schema.VERSION, "analysis": analysis.VERSION}


class WhooshEngine(FolderEngine[Matcher]):
    """An index in the folder ``path``; see ``port.Engine`` for the contract."""

    def __init__(self, path: Path, *, archive: int = 0, scoring: Scoring = SCORING) -> None:
        super().__init__(path, versions=_VERSIONS, archive=archive, damage=DAMAGE)
        self._scoring = scoring

    @property
    def most_articles(self) -> int | None:
        """How many articles it answers fast about on a laptop."""
        return _MOST_ARTICLES

    def _make(self, folder: Path, versions: Mapping[str, int]) -> None:
        index = create_in(str(folder), whoosh_schema.schema())
        next_commit(no_commit(folder, versions), index.latest_generation(), no_labels())

    def _batch(self, commit: Commit) -> Batch:
        return WhooshBatch(commit, self._generations)

    def _open(self, commit: Commit, before: Matcher | None) -> Matcher:
        snapshot = open_snapshot(commit, before.snapshot if before else None, self._damaged)
        return Matcher(snapshot, self._scoring)

    def find(self, question: Question) -> Matches:
        """Return one page of the articles that match, and the exact totals."""
        matcher = self._current()
        with vouching(self._damaged, DAMAGE):  # what is kept in memory is no sounder than the rest
            matcher.files.check(opened=True)
        answer = matcher.answer(question.tree)
        found = np.flatnonzero(answer.matches)
        rows = matcher.rows.at(found)
        inside, facets = narrowed(rows, question, matcher.snapshot.labels, matcher.snapshot.sizes)
        rows = rows.where(inside)
        scores = answer.scores[found[inside]] * recency(rows, question)
        given = given_groups(matcher.rows.where(matcher.snapshot.live), question)
        return replace(page(Matched(rows=rows, scores=scores), question, given), facets=facets)

    def weigh(self, parts: Sequence[Node], articles: Sequence[ArticleId]) -> tuple[Weighed, ...]:
        """Return what each part of a question is worth to some articles."""
        matcher = self._current()
        held = [(matcher.rows["article"] == article) & matcher.snapshot.live for article in articles]
        return tuple(
            Weighed(
                articles=int(answer.matches.sum()),
                matches=tuple(bool(answer.matches[each].any()) for each in held),
                scores=tuple(float(answer.scores[each].sum()) for each in held),
            )
            for answer in map(matcher.answer, parts)
        )

    def written(self, forms: Sequence[str], field: Field | None = None) -> list[int]:
        """Return how many articles have each of some words as it is written, or as a stem."""
        fields = (str(field),) if field in NAMES else (TEXT, FORMS)
        return self._current().snapshot.written(forms, fields)

    def highlight(self, tree: Node, shown: Sequence[Shown]) -> tuple[Highlights, ...]:
        """Return where each text matches the tree, in order."""
        self._current()
        return Highlighter(tree).highlights(shown)

    def stamps(self) -> Iterable[tuple[ArticleId, str]]:
        """Yield every article in the index with its stamp."""
        for article, stamp in self._current().snapshot.known():
            yield ArticleId(article), stamp
