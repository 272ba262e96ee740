"""Plain search engines on the same texts, to measure the archive beside: tantivy, SQLite FTS5 and Whoosh as they come.

Law: each with its own stemming tokenizer, its ten best and its own snippets; nothing is folded or counted.
"""

import sqlite3
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

import tantivy
from whoosh.analysis.analyzers import StemmingAnalyzer
from whoosh.fields import TEXT, Schema
from whoosh.index import create_in
from whoosh.qparser.default import QueryParser

from app.domain.entry import Entry
from app.domain.query import And, Node, Or, Pattern, Phrase, Term

Answer = Callable[[], object]
_BEST = 10


class Peer(Protocol):
    """A search engine that is filled when it is made."""

    def asked(self, tree: Node) -> Answer | None:
        """Return what asks a question; None where it is not one that the engine takes as it comes."""


class PlainTantivy:
    """tantivy with its English stemmer."""

    def __init__(self, folder: Path, articles: Sequence[Entry]) -> None:
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("text", stored=True, tokenizer_name="en_stem")
        folder.mkdir()
        self._index = tantivy.Index(builder.build(), str(folder))
        writer = self._index.writer(128_000_000, 1)
        began = time.process_time()
        for one in articles:
            writer.add_document(tantivy.Document(text=_text(one)))
        writer.commit()
        writer.wait_merging_threads()
        _tell("raw tantivy", articles, began)
        self._index.reload()

    def asked(self, tree: Node) -> Answer | None:
        """Return what asks for the ten best with snippets."""
        text = _written(tree, both=" AND ", either=" OR ", prefix=None)
        if text is None:
            return None
        query = self._index.parse_query(text, ["text"])

        def answer() -> list[str]:
            searcher = self._index.searcher()
            snippets = tantivy.SnippetGenerator.create(searcher, query, self._index.schema, "text")
            found = searcher.search(query, _BEST).hits
            return [snippets.snippet_from_doc(searcher.doc(address)).to_html() for _, address in found]

        return answer


class PlainFts5:
    """SQLite's full-text index with the Porter stemmer."""

    def __init__(self, folder: Path, articles: Sequence[Entry]) -> None:
        folder.mkdir()
        self._connection = sqlite3.connect(folder / "fts5.db")
        self._connection.execute("CREATE VIRTUAL TABLE page USING fts5(text, tokenize = 'porter unicode61')")
        began = time.process_time()
        with self._connection:
            self._connection.executemany("INSERT INTO page VALUES (?)", ((_text(one),) for one in articles))
        _tell("SQLite FTS5", articles, began)

    def asked(self, tree: Node) -> Answer | None:
        """Return what asks for the ten best with snippets."""
        text = _written(tree, both=" AND ", either=" OR ", prefix="*")
        sql = "SELECT snippet(page, 0, '<b>', '</b>', '…', 32) FROM page WHERE page MATCH ? ORDER BY rank LIMIT ?"
        return None if text is None else lambda: self._connection.execute(sql, (text, _BEST)).fetchall()


class PlainWhoosh:
    """Whoosh with its Porter stemmer."""

    def __init__(self, folder: Path, articles: Sequence[Entry]) -> None:
        folder.mkdir()
        schema = Schema(text=TEXT(analyzer=StemmingAnalyzer(), stored=True))
        index = create_in(str(folder), schema)
        began = time.process_time()
        writer = index.writer(limitmb=256)
        for one in articles:
            writer.add_document(text=_text(one))
        writer.commit()
        _tell("stock Whoosh", articles, began)
        self._searcher = index.searcher()
        self._parser = QueryParser("text", schema)

    def asked(self, tree: Node) -> Answer | None:
        """Return what asks for the ten best with snippets."""
        text = _written(tree, both=" AND ", either=" OR ", prefix="*")
        if text is None:
            return None
        query = self._parser.parse(text)
        return lambda: [hit.highlights("text") for hit in self._searcher.search(query, limit=_BEST)]


def _text(one: Entry) -> str:
    return f"{one.headline}\n{one.body_text}"


def _tell(name: str, articles: Sequence[Entry], began: float) -> None:
    spent = time.process_time() - began
    print(f"  {name}: {len(articles) / spent:,.0f} articles a second of CPU, one commit", flush=True)


def _written(tree: Node, *, both: str, either: str, prefix: str | None) -> str | None:
    """Return a tree as most parsers take it; None where it asks for more than words of a text."""
    match tree:
        case Term(text=text, field=None):
            return text
        case Phrase(text=text, field=None):
            return f'"{text}"'
        case Pattern(pattern=pattern, field=None) if prefix and pattern.count("*") == 1:
            return pattern.replace("*", prefix)
        case And(children=children) | Or(children=children):
            parts = [_written(child, both=both, either=either, prefix=prefix) for child in children]
            joint = both if isinstance(tree, And) else either
            return None if None in parts else joint.join(part for part in parts if part)
        case _:
            return None
