"""How fast both engines answer, beside raw tantivy: ``python -m tests.bench.search [--articles N …]``.

Law: the same articles (AllSides, repeated with other ids where more are asked for) and the same questions for all,
one thread, one run; an answer is what the port gives: a page folded by story, exact totals, and ten highlighted
rows. Raw tantivy is its own tokenizer, its ten best and its own snippets. Wall clock in milliseconds, p50 / p95 of
many questions.
"""

import argparse
import gc
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import tantivy

from app.domain.article import ArticleId, StoryId
from app.domain.entry import Entry, Shown
from app.domain.query import And, DayRange, Field, Fold, Node, Or, Pattern, Phrase, Question, Sort, Term
from app.engines.port import Engine
from app.engines.tantivy import TantivyEngine
from app.engines.whoosh import WhooshEngine
from tests.bench.stories import yardstick
from tests.entries import BASE
from tests.evaluation.corpora import SHARED
from tests.evaluation.stories import day_of, records

_QUESTIONS = 40
_BATCH = 500
_WHOOSH_MOST = 25_000

Answer = Callable[[], object]


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


def families(articles: Sequence[Entry]) -> Iterator[tuple[str, list[Node], list[str]]]:
    """Yield families of questions: their name, the trees, and the same for raw tantivy's parser."""
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
    ones = {"rare word": rare, "common word": common}
    for name, words in ones.items():
        drawn = chance.choices(words, k=_QUESTIONS)
        yield name, [Term(text=word) for word in drawn], drawn
    twos = [(chance.choice(common), chance.choice(middling)) for _ in range(_QUESTIONS)]
    yield "and of two", [And(children=_terms(two)) for two in twos], [f"+{a} +{b}" for a, b in twos]
    yield "or of two", [Or(children=_terms(two)) for two in twos], [f"{a} {b}" for a, b in twos]
    yield "phrase", [Phrase(text=pair) for pair in pairs], [f'"{pair}"' for pair in pairs]
    days = DayRange(
        field=Field.PUBLISHED, first=date(2016, 1, 1), last=date(2016, 1, 1) + timedelta(days=120)
    )
    ranged: list[Node] = [
        And(children=(Term(text=word), days)) for word in chance.choices(common, k=_QUESTIONS)
    ]
    yield "common word and days", ranged, []
    stems = [word[:5] for word in chance.choices(middling, k=_QUESTIONS)]
    yield "prefix", [Pattern(pattern=f"{stem}*") for stem in stems], []


def _terms(words: Sequence[str]) -> tuple[Node, ...]:
    return tuple(Term(text=word) for word in words)


def _pair(chance: random.Random, text: str) -> str:
    words = [word.strip(".,;:()\"'“”‘’") for word in text.split()]
    at = chance.randrange(max(1, len(words) - 2))
    return " ".join(word for word in words[at : at + 2] if word.isalnum()) or "the president"


def timed(answers: Sequence[Answer]) -> str:
    """Run each answer twice, and say how long the second took."""
    spent = []
    for answer in answers:
        answer()
        began = time.perf_counter()
        answer()
        spent.append(1e3 * (time.perf_counter() - began))
    return f"{np.percentile(spent, 50):7.2f} / {np.percentile(spent, 95):7.2f}"


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


def asked(engine: Engine, tree: Node, shown: dict[ArticleId, Shown]) -> Answer:
    """Return what asks an engine for a page with its highlights."""
    question = Question(tree=tree, fold=Fold.STORY, sort=Sort.RELEVANCE, first_row=0, rows=10)
    return lambda: engine.highlight(tree, [shown[row.article] for row in engine.find(question).rows])


class Raw:
    """tantivy as it comes."""

    def __init__(self, folder: Path, articles: Sequence[Entry]) -> None:
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("text", stored=True, tokenizer_name="en_stem")
        folder.mkdir()
        self._index = tantivy.Index(builder.build(), str(folder))
        writer = self._index.writer(128_000_000, 1)
        began = time.process_time()
        for one in articles:
            writer.add_document(tantivy.Document(text=f"{one.headline}\n{one.body_text}"))
        writer.commit()
        writer.wait_merging_threads()
        print(
            f"  raw tantivy: {len(articles) / (time.process_time() - began):,.0f} articles a second of CPU, one commit"
        )
        self._index.reload()

    def asked(self, text: str) -> Answer:
        """Return what asks for the ten best with snippets."""
        query = self._index.parse_query(text, ["text"])

        def answer() -> list[str]:
            searcher = self._index.searcher()
            snippets = tantivy.SnippetGenerator.create(searcher, query, self._index.schema, "text")
            found = searcher.search(query, 10).hits
            return [snippets.snippet_from_doc(searcher.doc(address)).to_html() for _, address in found]

        return answer


def report(most: int, folder: Path) -> None:
    """Fill all that are to be compared with so many articles, ask, and print."""
    articles = entries(most)
    shown = {
        one.article: Shown(article=one.article, title=one.headline or "", body_text=one.body_text)
        for one in articles
    }
    gc.freeze()  # the collector need not look through what only this benchmark holds
    print(f"{most:,} articles; a million squares in Python take {yardstick():.0f} ms")
    raw = Raw(folder / "raw", articles)
    engines: dict[str, Engine] = {"tantivy": TantivyEngine(folder / "tantivy")}
    if most <= _WHOOSH_MOST:
        engines["Whoosh"] = WhooshEngine(folder / "whoosh")
    for name, engine in engines.items():
        fill(engine, articles, name)
    for family, trees, texts in families(articles):
        told = [f"raw tantivy {timed([raw.asked(text) for text in texts])}"] if texts else []
        told += [
            f"{name} {timed([asked(engine, tree, shown) for tree in trees])}"
            for name, engine in engines.items()
        ]
        print(f"  {family:<22}{'   '.join(told)}")


def main() -> None:
    """Print the report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, nargs="+", default=[12_000, 25_000, 100_000])
    parser.add_argument("--folder", type=Path, help="where the indexes are made")
    given = parser.parse_args()
    for most in given.articles:
        with tempfile.TemporaryDirectory(dir=given.folder) as folder:
            report(most, Path(folder))


if __name__ == "__main__":
    main()
