"""Articles as they are indexed, questions asked in one line, and a disk that fails, for the tests of the engines."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

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
    section=None,
    url=None,
    domains=(),
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
    tree = parse(text, today=TODAY, max_chars=20_000).tree
    return engine.find(Question(tree=tree, fold=fold, sort=sort, first_row=first, rows=rows, today=TODAY))


def found(engine: Engine, text: str, *, sort: Sort = Sort.RELEVANCE) -> list[int]:
    return [row.article for row in ask(engine, text, sort=sort).rows]


def generation(place: Path) -> Path:
    """Return the folder of the generation in use of a Whoosh index."""
    return place / (place / "CURRENT").read_text().strip()


def keep_seals(place: Path) -> None:
    """Make the manifest of a Whoosh index believe that nobody has written to a file since: so it is when a failing
    disk changes bytes by itself."""
    manifest = generation(place) / "MANIFEST"
    told = json.loads(manifest.read_text())
    for name, (_, seal) in told["files"].items():
        stat = (manifest.parent / name).stat()
        seal[:] = stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns
    manifest.write_text(json.dumps(told))
