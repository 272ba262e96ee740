"""Articles as they are indexed, and questions asked in one line, for the tests of the engines."""

from dataclasses import replace
from datetime import date

from app.domain.article import ArticleId, StoryId
from app.domain.entry import Entry
from app.domain.query import Fold, Matches, Question, Sort
from app.engines.port import Engine
from app.questions import parse

TODAY = date(2025, 11, 5)

BASE = Entry(
    article=ArticleId(1),
    original=ArticleId(1),
    story=StoryId(1),
    headline=None,
    deck=None,
    body_text="",
    byline=None,
    sources=(),
    language="en",
    url=None,
    published=None,
    seen=TODAY,
    stamp="s",
)


def entry(number: int, body: str, *, story: int = 0, original: int = 0, **fields: object) -> Entry:
    ids = {
        "article": ArticleId(number),
        "original": ArticleId(original or number),
        "story": StoryId(story or number),
        "stamp": f"stamp {number} {body}",
    }
    return replace(BASE, body_text=body, **ids, **fields)  # type: ignore[arg-type]


def put(engine: Engine, *entries: Entry) -> None:
    with engine.writing(timeout_s=5) as batch:
        for one in entries:
            batch.put(one)
        batch.commit()


def ask(
    engine: Engine,
    text: str,
    *,
    fold: Fold = Fold.NONE,
    sort: Sort = Sort.RELEVANCE,
    first: int = 0,
    rows: int = 50,
) -> Matches:
    tree = parse(text, today=TODAY, max_chars=2000).tree
    return engine.find(Question(tree=tree, fold=fold, sort=sort, first_row=first, rows=rows))


def found(engine: Engine, text: str, *, sort: Sort = Sort.RELEVANCE) -> list[int]:
    return [row.article for row in ask(engine, text, sort=sort).rows]
