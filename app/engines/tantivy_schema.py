"""What one article looks like inside a tantivy index: its fields, and how our words become its tokens.

Law: the words are those of ``analysis``, taken apart before tantivy sees them. Change anything here and raise
``VERSION``.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from tantivy import (
    Document,
    Filter,
    Index,
    PreTokenizedString,
    Schema,
    SchemaBuilder,
    TextAnalyzerBuilder,
    Token,
    Tokenizer,
)

from app.domain.query import Field, Flag
from app.engines import analysis, tantivy_blocks
from app.engines.analysis import Word
from app.engines.port import Entry
from app.engines.rows import NAMES, ZONES, names_of, parts_of
from app.engines.scoring import SCORING

VERSION = 6

# All words of headline, deck and body, each as often as one in its part is worth: with this BM25 is BM25F.
TEXT = "text"
FILLED = "filled"  # the names of the fields that have a word
FLAGS = "flags"

# Words of two values of a field are so many places apart: no phrase reaches from one into the other.
_APART = 1_000
_SPACED = "spaced"  # a tokenizer: what stands between spaces


def forms_of(zone: Field) -> str:
    """Return the field with the words of a part as they are written, where they are not among their own terms."""
    return f"{zone}_forms"


def schema() -> Schema:
    """Return the fields of the index."""
    builder = SchemaBuilder()
    builder.add_text_field(TEXT, tokenizer_name=_SPACED, index_option="freq")
    for zone in ZONES:
        builder.add_text_field(str(zone), tokenizer_name=_SPACED, index_option="position")
        builder.add_text_field(forms_of(zone), tokenizer_name=_SPACED, index_option="basic")
    for name in NAMES:
        builder.add_text_field(str(name), tokenizer_name=_SPACED, index_option="position")
    for raw in (FILLED, FLAGS):
        builder.add_text_field(raw, tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("article", indexed=True, fast=True)
    builder.add_integer_field(str(Field.STORY), indexed=True)
    for day in (Field.PUBLISHED, Field.SEEN):
        builder.add_integer_field(str(day), fast=True)
    tantivy_blocks.add_fields(builder)
    return builder.build()


def open_index(folder: Path) -> Index:
    """Return the index in a folder, ready to be read and written; an empty folder becomes an empty index."""
    index = Index(schema(), str(folder))
    long_enough = Filter.remove_long(
        1_000
    )  # none of our terms is as long; without a filter tantivy drops shorter ones
    index.register_tokenizer(_SPACED, TextAnalyzerBuilder(Tokenizer.whitespace()).filter(long_enough).build())
    index.config_reader(reload_policy="manual")
    return index


def document(entry: Entry) -> tuple[Document, list[int]]:
    """Return an article as tantivy's writer takes it, and the lengths of its zones in words."""
    made = Document()
    weighted: list[str] = []
    lengths: list[int] = []
    tongue = analysis.tongue_of(entry.language)
    for field, part in parts_of(entry).items():
        words = tongue.words(part)
        lengths.append(len(words))
        _add(made, field, [words])
        forms = {word.form for word in words if word.form not in word.terms}
        made.add_text(forms_of(field), " ".join(forms))
        weighted += [term for word in words for term in word.terms] * round(SCORING.weights[field])
    made.add_text(TEXT, " ".join(weighted))
    for field, values in names_of(entry).items():
        _add(made, field, [analysis.EXACT.words(value) for value in values])
    for flag, holds in flags_of(entry).items():
        if holds:
            made.add_text(FLAGS, str(flag))
    made.add_integer("article", entry.article)
    tantivy_blocks.stand(made, entry.article)
    made.add_integer(str(Field.STORY), entry.story)
    made.add_integer(str(Field.SEEN), entry.seen.toordinal())
    if entry.published:
        made.add_integer(str(Field.PUBLISHED), entry.published.toordinal())
    return made, lengths


def flags_of(entry: Entry) -> Mapping[Flag, bool]:
    """Return which properties an article has."""
    return {
        Flag.DUPLICATE: entry.original != entry.article,
        Flag.DATED: entry.published is not None,
        Flag.HEADED: bool(entry.headline),
    }


def _add(made: Document, field: Field, values: Sequence[Sequence[Word]]) -> None:
    tokens = list(_tokens(values))
    if tokens:
        made.add_pre_tokenized_text(str(field), PreTokenizedString("", tokens))
        made.add_text(FILLED, str(field))


def _tokens(values: Sequence[Sequence[Word]]) -> Iterator[Token]:
    """Yield the terms of the values of a field, all terms of a word at the place of the word."""
    first = 0
    for words in values:
        for place, word in enumerate(words, first):
            for term in word.terms:
                yield Token(term, place, 0, 0)
        first += len(words) + _APART
