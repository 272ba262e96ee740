"""How fast both engines answer, beside plain ones: ``python -m tests.bench.search [--articles N …] [--plot FILE]``.

Law: the same articles (AllSides, repeated with other ids where more are asked for) and the same questions for all,
one thread, one run. An answer of the archive is all that the API gives but its JSON: the question read, a page folded
by story, exact totals, rows from the database, headlines and passages marked. Plain engines give their ten best with
their own snippets (``tests.bench.peers``). Wall clock in milliseconds, p50 / p95 of many questions, which are all asked
twice: the first time (in brackets), and again when all have been asked.
"""

import argparse
import gc
import random
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from app.collector import collect_seldom
from app.domain.article import ArticleId, StoryId
from app.domain.entry import Entry
from app.domain.query import And, DayRange, Field, Fold, Node, Or, Pattern, Phrase, Sort, Term
from app.engines.port import Engine
from app.engines.tantivy import TantivyEngine
from app.engines.whoosh import WhooshEngine
from app.search import answer
from app.store.database import Database
from tests.bench.opening import opened
from tests.bench.peers import Answer, Peer, PlainFts5, PlainTantivy, PlainWhoosh
from tests.bench.search_plot import Row, Times, drawn
from tests.bench.stories import yardstick
from tests.entries import BASE
from tests.evaluation.corpora import SHARED
from tests.evaluation.stories import day_of, records

_QUESTIONS = 40
_BATCH = 500  # as many as a commit of the product indexes
_WHOOSH_MOST = 25_000
_TODAY = date(2026, 11, 26)


def entries(most: int) -> list[Entry]:
    """Return so many articles; a text comes again after 12,000 others."""
    rows = list(records(SHARED / "data" / "news" / "allsides-12k.jsonl.gz"))
    found = []
    for number in range(most):
        row = rows[number % len(rows)]
        day = day_of(row["date"])
        found.append(
            replace(
                BASE,
                article=ArticleId(number + 1),
                original=ArticleId(number + 1),
                story=StoryId(number // 3 + 1),
                headline=row["title"],
                body_text=row["text"],
                published=day,
                stamp=f"{number:016x}",
            )
        )
    return found


def families(articles: Sequence[Entry]) -> Iterator[tuple[str, list[Node]]]:
    """Yield families of questions: their name and the trees."""
    chance = random.Random(7)  # noqa: S311 - questions, not secrets
    sample = chance.sample(articles, min(3000, len(articles)))
    counts = Counter(word for one in sample for word in {*one.body_text.lower().split()} if word.isalpha())
    common = [
        word
        for word, count in counts.items()
        if len(sample) / 4 < count < len(sample) / 1.5 and len(word) > 3
    ]
    middling = [word for word, count in counts.items() if len(sample) / 100 < count < len(sample) / 10]
    rare = [word for word, count in counts.items() if count < 4 and len(word) > 5]
    pairs = [_pair(chance, chance.choice(sample).body_text) for _ in range(_QUESTIONS)]
    yield "rare word", [Term(text=word) for word in chance.choices(rare, k=_QUESTIONS)]
    yield "common word", [Term(text=word) for word in chance.choices(common, k=_QUESTIONS)]
    twos = [(chance.choice(common), chance.choice(middling)) for _ in range(_QUESTIONS)]
    yield "and of two", [And(children=_terms(two)) for two in twos]
    yield "or of two", [Or(children=_terms(two)) for two in twos]
    yield "phrase", [Phrase(text=pair) for pair in pairs]
    days = DayRange(
        field=Field.PUBLISHED, first=date(2016, 1, 1), last=date(2016, 1, 1) + timedelta(days=120)
    )
    ranged = [And(children=(Term(text=word), days)) for word in chance.choices(common, k=_QUESTIONS)]
    yield "common word and days", list(ranged)
    stems = [word[:5] for word in chance.choices(middling, k=_QUESTIONS)]
    yield "prefix", [Pattern(pattern=f"{stem}*") for stem in stems]


def _terms(words: Sequence[str]) -> tuple[Node, ...]:
    return tuple(Term(text=word) for word in words)


def _pair(chance: random.Random, text: str) -> str:
    words = [word.strip(".,;:()\"'“”‘’") for word in text.split()]
    at = chance.randrange(max(1, len(words) - 2))
    return " ".join(word for word in words[at : at + 2] if word.isalnum()) or "the president"


def timed(answers: Sequence[Answer]) -> Times:
    """Run all answers, and then all of them again; return what both took."""
    first, again = ([_milliseconds(each) for each in answers] for _ in range(2))
    return Times(
        first_p50=float(np.percentile(first, 50)),
        first_p95=float(np.percentile(first, 95)),
        p50=float(np.percentile(again, 50)),
        p95=float(np.percentile(again, 95)),
    )


def _milliseconds(answer: Answer) -> float:
    began = time.perf_counter()
    answer()
    return 1e3 * (time.perf_counter() - began)


def fill(engine: Engine, articles: Sequence[Entry], name: str) -> None:
    """Index articles, some in a commit, and say what it took."""
    engine.create()
    began = time.process_time()
    with engine.writing(timeout_s=5) as batch:
        for start in range(0, len(articles), _BATCH):
            for one in articles[start : start + _BATCH]:
                batch.put(one)
            batch.commit()
            print(f"{name}: {start + _BATCH:,} of {len(articles):,}", file=sys.stderr)
    spent = time.process_time() - began
    print(f"  {name}: {len(articles) / spent:,.0f} articles a second of CPU, commits of {_BATCH}")


def asked(database: Database, engine: Engine, tree: Node) -> Answer:
    """Return what asks the archive for a page, from the words of the question to the marked rows."""
    text = _question(tree)
    return lambda: answer(
        database,
        engine,
        text,
        fold=Fold.STORY,
        sort=Sort.BEST,
        page=1,
        page_size=10,
        published_from=None,
        published_to=None,
        chosen={},
        facets=(),
        explain=False,
        cursor=None,
        today=_TODAY,
        max_chars=1_000,
    )


def _question(tree: Node) -> str:
    match tree:
        case And(children=children):
            return " ".join(map(_question, children))
        case Or(children=children):
            return " OR ".join(map(_question, children))
        case Phrase(text=text):
            return f'"{text}"'
        case Pattern(pattern=pattern):
            return pattern
        case DayRange(first=first, last=last):
            return f"published:[{first} TO {last}]"
        case Term(text=text):
            return text
        case _:
            raise AssertionError(tree)


def stored(path: Path, articles: Sequence[Entry]) -> Database:
    """Return a database that holds what rows of an answer show of these articles."""
    Database(f"sqlite:///{path}").close()
    connection = sqlite3.connect(path)
    stories = Counter(one.story for one in articles)
    with connection:
        connection.executemany(
            "INSERT INTO story (id, headline, size, touched, profile, locked, named)"
            " VALUES (?, 'A story', ?, '2026-01-01 00:00:00.000000', x'', 0, 0)",
            stories.items(),
        )
        connection.executemany(
            "INSERT INTO article (id, digest, title, title_from, headline, body_text, language, wordcount, received,"
            " published, precision, story_id, vector)"
            " VALUES (?, ?, ?, 'headline', ?, ?, 'en', 1, '2026-01-01 00:00:00.000000', ?, 'day', ?, x'')",
            (
                (
                    one.article,
                    f"{one.article:064}",
                    one.headline,
                    one.headline,
                    one.body_text,
                    f"{one.published} 00:00:00.000000" if one.published else None,
                    one.story,
                )
                for one in articles
            ),
        )
    connection.close()
    return Database(f"sqlite:///{path}")


def report(most: int, folder: Path) -> list[Row]:
    """Fill all that are to be compared with so many articles, ask, print, and return what was measured."""
    articles = entries(most)
    gc.freeze()  # the collector need not look through what only this benchmark holds
    print(f"{most:,} articles; a million squares in Python take {yardstick():.0f} ms", flush=True)
    peers: dict[str, Peer] = {
        "raw tantivy": PlainTantivy(folder / "raw", articles),
        "SQLite FTS5": PlainFts5(folder / "fts5", articles),
    }
    engines: dict[str, Engine] = {"tantivy": TantivyEngine(folder / "tantivy")}
    if most <= _WHOOSH_MOST:
        peers["stock Whoosh"] = PlainWhoosh(folder / "stock", articles)
        engines["Whoosh"] = WhooshEngine(folder / "whoosh")
    for name, engine in engines.items():
        fill(engine, articles, name)
        print(f"  {name}: opening takes {opened(name, folder / name.lower())}", flush=True)
    database = stored(folder / "archive.db", articles)
    measured: list[Row] = []
    for family, trees in families(articles):
        told = []
        for name, peer in peers.items():
            answers = [each for tree in trees if (each := peer.asked(tree))]
            told += [(name, timed(answers))] if answers else []
        told += [
            (f"archive on {name}", timed([asked(database, engine, tree) for tree in trees]))
            for name, engine in engines.items()
        ]
        print(f"  {family:<22}{'   '.join(f'{name} {times}' for name, times in told)}", flush=True)
        measured += [Row(most, family, name, times) for name, times in told]
    database.close()
    return measured


def main() -> None:
    """Print the report, and draw it where that is wanted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, nargs="+", default=[12_000, 25_000, 100_000])
    parser.add_argument("--folder", type=Path, help="where the indexes are made")
    parser.add_argument("--plot", type=Path, help="the SVG file to draw")
    given = parser.parse_args()
    collect_seldom()
    measured: list[Row] = []
    for most in given.articles:
        with tempfile.TemporaryDirectory(dir=given.folder) as folder:
            measured += report(most, Path(folder))
    if given.plot:
        given.plot.write_text(drawn(measured), encoding="utf-8")


if __name__ == "__main__":
    main()
