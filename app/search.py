"""Answering a question: parse it, ask the engine, and load what the page shows in one look at the database."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date

from app.cursors import MOST_GIVEN, Cursor, following
from app.domain.attention import MOST_PERIODS, Attention, Span, TooManyPeriodsError, periods
from app.domain.facets import Chosen, check_chosen, viewed
from app.domain.query import (
    NONE,
    And,
    DayRange,
    Everything,
    Facet,
    Field,
    Fold,
    Hit,
    Match,
    Node,
    Parsed,
    Question,
    Results,
    Sort,
)
from app.engines.port import Engine
from app.errors import ParameterError
from app.questions import parse, wording
from app.reasons import why
from app.scopes import Scopes
from app.spelling import better_spelt
from app.store import outbox
from app.store.articles import find_shown
from app.store.database import Database
from app.store.versions import find_newest

MOST_ROWS = 100
_THE_BEST_WERE_GIVEN = (
    f"The best {MOST_GIVEN:,} rows were given by relevance; from here on the newest of the others come first."
)


def answer(
    database: Database,
    engine: Engine,
    text: str,
    *,
    fold: Fold,
    sort: Sort,
    page: int,
    page_size: int,
    published_from: date | None,
    published_to: date | None,
    chosen: Chosen,
    facets: Collection[Facet],
    explain: bool,
    cursor: str | None,
    today: date,
    max_chars: int,
) -> Results:
    """Return one page (from 1) of the answer to ``text``.

    Raises ``QueryError`` for a question that cannot be understood, ``ParameterError`` for a parameter out of bounds
    and ``IndexUnavailableError`` when there is no index to be trusted: never an empty answer instead.
    """
    _check(page, page_size, published_from, published_to)
    check_chosen(chosen)
    asked: dict[str, object] = {
        "q": text,
        "fold": fold,
        "sort": sort,
        "from": published_from,
        "to": published_to,
    }
    asked |= {facet: sorted(values) for facet, values in chosen.items()}
    standing = Cursor.read(cursor, asked) if cursor else None
    today = standing.today if standing else today
    parsed = _between(parse(text, today=today, max_chars=max_chars), published_from, published_to)
    tree = Scopes(database).resolved(parsed.tree)
    question = Question(
        tree=tree,
        fold=fold,
        sort=sort,
        first_row=(page - 1) * page_size,
        rows=page_size,
        chosen={facet: values for facet, values in chosen.items() if values},
        facets=frozenset(facets),
        today=today,
    )
    notices = parsed.notices
    if standing:
        question = standing.behind(question)
        notices += (_THE_BEST_WERE_GIVEN,) if standing.has_given_the_best else ()
    found = engine.find(question)
    hits, behind = _hits(database, engine, question, found.rows, explain=explain)
    results = Results(
        query=text,
        interpretation=parsed.interpretation,
        notices=notices + _behind(behind),
        fold=fold,
        sort=sort,
        total=found.total,
        total_originals=found.total_originals,
        total_stories=found.total_stories,
        page=found.first_row // page_size + 1 if standing else page,
        page_size=page_size,
        hits=hits,
        facets=viewed(found.facets, chosen),
    )
    if not found.total:
        return replace(results, better_spelt=better_spelt(engine, text, tree))
    behind_these = following(question, found, today, results.rows)
    return replace(results, next_cursor=behind_these.written(asked) if behind_these else None)


def attention(
    database: Database,
    engine: Engine,
    text: str,
    *,
    by: Span,
    published_from: date | None,
    published_to: date | None,
    chosen: Chosen,
    today: date,
    max_chars: int,
) -> Attention:
    """Return how many articles match ``text`` over time, beside all that have what is chosen.

    Raises as ``answer`` does.
    """
    _check(1, 1, published_from, published_to)
    check_chosen(chosen)
    parsed = parse(text, today=today, max_chars=max_chars)
    asked, everything = (
        _between(replace(parsed, tree=tree), published_from, published_to)
        for tree in (parsed.tree, Everything())
    )
    scopes = Scopes(database)
    found, of = (_by_day(engine, scopes.resolved(each.tree), chosen) for each in (asked, everything))
    undated = found.pop(NONE, 0)
    of.pop(NONE, None)
    try:
        counted = periods(_dated(found), _dated(of), by)
    except TooManyPeriodsError as error:
        raise ParameterError(
            "by",
            f"There are more than {MOST_PERIODS:,} of a {by}. Ask by a longer time, or between two days.",
        ) from error
    return Attention(
        query=text,
        interpretation=asked.interpretation,
        notices=parsed.notices,
        by=by,
        total=sum(found.values()) + undated,
        undated=undated,
        periods=counted,
    )


def _dated(counts: dict[str, int]) -> dict[date, int]:
    return {date.fromisoformat(day): count for day, count in counts.items()}


def _by_day(engine: Engine, tree: Node, chosen: Chosen) -> dict[str, int]:
    question = Question(
        tree=tree,
        fold=Fold.NONE,
        sort=Sort.NEWEST,
        first_row=0,
        rows=0,
        chosen={facet: values for facet, values in chosen.items() if values},
        facets=frozenset({Facet.DAY}),
    )
    return dict(engine.find(question).facets[Facet.DAY])


def _check(page: int, page_size: int, first: date | None, last: date | None) -> None:
    if page < 1:
        raise ParameterError("page", f"Pages count from 1; {page} is none of them.")
    if not 1 <= page_size <= MOST_ROWS:
        raise ParameterError("page_size", f"A page has 1 to {MOST_ROWS} rows; {page_size} was asked for.")
    if first and last and first > last:
        raise ParameterError("from", f"The range runs backwards: {first} is after {last}. Swap from and to.")


def _between(parsed: Parsed, first: date | None, last: date | None) -> Parsed:
    """Narrow a question to articles published from ``first`` to ``last``."""
    if first is None and last is None:
        return parsed
    days = DayRange(field=Field.PUBLISHED, first=first, last=last)
    asked = parsed.tree.children if isinstance(parsed.tree, And) else (parsed.tree,)
    tree = And(children=(*asked, days))
    return replace(parsed, tree=tree, interpretation=wording(tree))


def _hits(
    database: Database, engine: Engine, question: Question, rows: tuple[Match, ...], *, explain: bool
) -> tuple[tuple[Hit, ...], int]:
    """Load what the rows show; an article that has gone since the index was written is left out."""
    with database.read() as session:
        shown = find_shown(session, [row.article for row in rows])
        newer = find_newest(session, list(shown))
        behind = outbox.waiting(session)
    rows = tuple(row for row in rows if row.article in shown)
    texts = [shown[row.article][2] for row in rows]
    highlights = engine.highlight(question.tree, texts)
    days = [shown[row.article][0].published.day for row in rows]
    reasons = why(engine, question, texts, days) if explain else [None] * len(rows)
    hits = tuple(
        Hit(
            score=row.score,
            article=shown[row.article][0],
            highlights=marked,
            story=shown[row.article][1],
            folded=row.folded,
            newer=newer.get(row.article),
            reasons=told,
        )
        for row, marked, told in zip(rows, highlights, reasons, strict=True)
    )
    return hits, behind


def _behind(waiting: int) -> tuple[str, ...]:
    if not waiting:
        return ()
    articles = "One change is" if waiting == 1 else f"{waiting} changes are"
    return (
        f"{articles} not in the index yet; a running `newsfold serve` catches up, or run `newsfold check --repair`.",
    )
