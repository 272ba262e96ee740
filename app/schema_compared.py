"""The types of Newsfold's JSON for articles compared: side by side, and a text with all who carried it.

Law: as in ``app.schema``.
"""

from pydantic import AliasPath, Field

from app.domain.carried import CarriedAs
from app.domain.diff import RowKind
from app.domain.ruling import RulingKind
from app.domain.wording import RunKind
from app.schema import (
    Because,
    Brief,
    Count,
    Dated,
    ExplainedRepeat,
    File,
    Id,
    Instant,
    Page,
    Publisher,
    Ratio,
    Shape,
    SharedWords,
    Title,
)


class Span(Shape):
    """A piece of a text, in code points, the end exclusive."""

    start: Count = Field(examples=[0])
    end: Count = Field(examples=[37])


class Passage(Shape):
    """A passage that two texts share; it may bridge a few words that differ."""

    words: Count = Field(examples=[48])
    beginning: str = Field(description="Its first words, as they are here.", examples=["No ferry left …"])
    here: Span
    there: Span


class Run(Shape):
    """Consecutive words, with the white space between them."""

    kind: RunKind = Field(description="`equal` on both sides; `only_here`; `only_there`.")
    text: str = Field(examples=["No ferry left"])


class ComparedLine(Shape):
    """A line that each side has or has not."""

    kind: RowKind
    here: str | None
    there: str | None
    words: tuple[Run, ...] = Field(description="Empty but for what is on both sides and differs.")


class ComparedParagraph(ComparedLine):
    """What corresponds: one paragraph on a side, several (blank lines between) where the other side breaks the text
    elsewhere, or none."""

    kind: RowKind = Field(
        description="`equal`; `changed`; `moved`: the same paragraph, changed or not, elsewhere; `only_here`; "
        "`only_there`."
    )
    here: str | None = Field(default=None, validation_alias=AliasPath("here", "text"))
    here_at: Id | None = Field(
        default=None,
        validation_alias=AliasPath("here", "first"),
        description="Which paragraph of its text it is, or begins with.",
    )
    there: str | None = Field(default=None, validation_alias=AliasPath("there", "text"))
    there_at: Id | None = Field(default=None, validation_alias=AliasPath("there", "first"))


class Comparison(Shape):
    """Two articles side by side: `article` is here, `other` is there."""

    article: Brief
    other: Brief
    link: ExplainedRepeat | None = Field(description="Null where their texts gave none.")
    original_because: Because | None = Field(description="Null where neither is the other's original.")
    ruling: RulingKind | None = Field(
        description="What a person ruled of the two: `apart`: neither repeats the other; `repeats`: one is a "
        "duplicate of the other."
    )
    jaccard: Ratio = Field(validation_alias=AliasPath("common", "jaccard"))
    containment: Ratio = Field(validation_alias=AliasPath("common", "containment"))
    shared_words: SharedWords = Field(validation_alias=AliasPath("common", "shared_words"))
    passages: tuple[Passage, ...] = Field(
        validation_alias=AliasPath("common", "passages"),
        description="The passages that both bodies share, in the order of the one here.",
    )
    only_here: tuple[Span, ...] = Field(
        validation_alias=AliasPath("common", "only_here"), description="What is in no passage."
    )
    only_there: tuple[Span, ...] = Field(validation_alias=AliasPath("common", "only_there"))
    headline: ComparedLine
    deck: ComparedLine
    byline: ComparedLine
    paragraphs: tuple[ComparedParagraph, ...]


class Late(Shape):
    """How long after the original it was published; below zero where it was before."""

    days: int = Field(description="Calendar days, in UTC.", examples=[1])
    hours: int | None = Field(description="Null unless both times are known to the second.", examples=[26])


class Carrier(Shape):
    """One who carried a text: a source, or, where none is known, a file."""

    article: Id = Field(validation_alias=AliasPath("article", "id"))
    title: Title = Field(validation_alias=AliasPath("article", "title"))
    carried_as: CarriedAs = Field(
        description="`same`: the very text; `repeats`: a duplicate of it; `holds`: among other texts, as a digest."
    )
    source: Publisher | None
    file: File
    url: str | None
    published: Dated = Field(description="Of the very text elsewhere, the day there is not known.")
    received: Instant
    late: Late | None = Field(description="Null where either day of publication is not known.")
    share: Ratio = Field(description="How much of the original's words it has.")
    added_words: Count = Field(description="How many words it has of its own.", examples=[27])
    added: tuple[str, ...] = Field(
        description="How its longest runs of own words begin, three at most; a changed word is one as well.",
        examples=[["Our own reporter adds …"]],
    )
    added_more: Count = Field(description="How many shorter runs there are.", examples=[0])


class Syndication(Page):
    """Who carried an original, in order of time."""

    article: Id = Field(description="The article that was asked for.")
    original: Brief = Field(description="The article that was carried: the one asked for, or its original.")
    carriers: tuple[Carrier, ...]
