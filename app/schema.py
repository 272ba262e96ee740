"""The types of Newsfold's JSON: what every field of the API, and of ``--json``, holds.

Law: a type is read from the fields of a view that have the same names. Ratios have three digits, scores
four; a day is ``YYYY-MM-DD``, a time RFC 3339 in UTC; what is not known is null, never left out.
"""

from datetime import UTC, date, datetime
from typing import Annotated

from pydantic import AfterValidator, AliasPath, BaseModel, BeforeValidator, ConfigDict, Field

from app.domain.article import Precision, Published, RepeatKind, TitleFrom
from app.domain.attention import Span
from app.domain.decision import Action
from app.domain.delivery import IndexState, Outcome
from app.domain.evidence import OriginalBecause
from app.domain.query import Facet, Fold, Sort


class Shape(BaseModel):
    """What all shapes share: they do not change once made, and every field is always there."""

    model_config = ConfigDict(
        frozen=True, from_attributes=True, json_schema_serialization_defaults_required=True
    )


Id = Annotated[int, Field(ge=1, examples=[12])]
Count = Annotated[int, Field(ge=0)]
Line = Annotated[int, Field(ge=1, description="A line of the file, from 1, over line feeds.", examples=[4])]
File = Annotated[str, Field(description="Relative to the folder given.", examples=["monday/ferry.txt"])]
Day = Annotated[date, Field(examples=["2025-10-21"])]
Instant = Annotated[
    datetime, AfterValidator(lambda time: time.astimezone(UTC)), Field(examples=["2025-10-21T09:30:00Z"])
]
Ratio = Annotated[float, AfterValidator(lambda ratio: round(ratio, 3)), Field(ge=0, le=1, examples=[0.913])]
Score = Annotated[float, AfterValidator(lambda score: round(score, 4)), Field(examples=[7.2154])]
Standing = Annotated[
    int, Field(ge=0, description="How many decisions of people about it are in force.", examples=[1])
]
Title = Annotated[str, Field(description="What is shown as the title.", examples=["Ferry strike: day two"])]
Origin = Annotated[TitleFrom, Field(description="Where the title comes from: many texts print no headline.")]
Headline = Annotated[str, Field(examples=["Ferry strike: day two"])]
Publisher = Annotated[str, Field(description="Who published it.", examples=["Harbour Gazette"])]
FirstPublisher = Annotated[
    str,
    Field(description="The first source named for it; its sightings have all.", examples=["Harbour Gazette"]),
]


class When(Shape):
    """When an article was published, and how that is known."""

    date: str | None = Field(description="`YYYY-MM-DD`, or RFC 3339 in UTC.", examples=["2025-10-21"])
    precision: Precision | None = Field(description="How exactly `date` is known.")
    not_after: Day | None = Field(description="An upper bound that the page's own clock gives.")
    found_in: str | None = Field(description="Where the date was read.", examples=["date line 3"])


def _when(published: Published) -> When:
    at = published.at.astimezone(UTC) if published.at else None
    written = None
    if at:
        exact = published.precision is Precision.SECOND
        written = at.isoformat(timespec="seconds").replace("+00:00", "Z") if exact else at.date().isoformat()
    bound, place = published.not_after, published.found_in
    return When(date=written, precision=published.precision, not_after=bound, found_in=place)


Dated = Annotated[When, BeforeValidator(_when)]


class Brief(Shape):
    """An article in one row."""

    id: Id
    title: Title
    title_from: Origin
    source: FirstPublisher | None
    published: Dated
    duplicate_of: Id | None = Field(description="The article that this one repeats.")


class Story(Shape):
    """A story in one row."""

    id: Id
    headline: Headline
    size: Count = Field(description="How many articles it has.", examples=[5])


class Highlights(Shape):
    """Where an article matched, as HTML: the text is escaped, the matches are in `<mark>`."""

    headline: str = Field(description="The title.", examples=["<mark>Ferry</mark> strike: day two"])
    passages: tuple[str, ...] = Field(
        description="Pieces of the text.", examples=[["The <mark>ferry</mark> lay"]]
    )


class Reason(Shape):
    """What of a question speaks for an article. The scores of all reasons add up to the article's."""

    asked: str = Field(description="What was asked for.", examples=["ferry"])
    in_title: Count = Field(description="How often it stands in the title.", examples=[1])
    in_body: Count = Field(description="How often it stands in the text.", examples=[4])
    articles: Count = Field(
        description="How many articles of the archive have it: what is rare counts more.", examples=[21]
    )
    score: Score


class Hit(Shape):
    """One row of the results."""

    score: Score = Field(description="How well it matches, comparable within one answer only.")
    article: Brief
    highlights: Highlights
    story: Story
    folded: Count = Field(description="How many further matching articles this row stands for.", examples=[4])
    newer: Id | None = Field(description="The newest text at the same address, where that is another.")
    reasons: tuple[Reason, ...] | None = Field(description="With `explain=1`: why it stands where it does.")


class FacetValue(Shape):
    """A value of a facet."""

    value: str = Field(description="`none` where an article has none.", examples=["2025-10"])
    count: Count = Field(description="Rows of the answer that have it.", examples=[9])
    chosen: bool = Field(description="Whether the answer is narrowed to it.")


class FacetCounts(Shape):
    """What the rows of an answer have in common; what is chosen of a facet does not narrow its own counts."""

    facet: Facet
    values: tuple[FacetValue, ...]
    more: Count = Field(description="Further values that are not listed.")


class Results(Shape):
    """One page of the answer to a question, with the exact size of the whole answer in all three units."""

    query: str = Field(description="The question as it was asked.", examples=["ferry strike"])
    interpretation: str = Field(description="As it was understood.", examples=["ferry AND strike"])
    notices: tuple[str, ...] = Field(description="What was read in a way you may not expect.")
    fold: Fold = Field(description="What one row stands for.")
    sort: Sort = Field(description="The order of the rows.")
    total: Count = Field(description="How many articles match.", examples=[13])
    total_originals: Count = Field(description="How many distinct texts match.", examples=[12])
    total_stories: Count = Field(description="How many stories match.", examples=[9])
    page: int = Field(ge=1, examples=[1])
    page_size: int = Field(ge=1, examples=[20])
    next: str | None = Field(
        default=None, description="The next page.", examples=["/api/v1/search?q=ferry&page=2"]
    )
    next_cursor: str | None = Field(
        description="Where the next rows begin, whatever arrives meanwhile; null at the end, and by relevance behind a "
        "page by number beyond the 1,000th row.",
        examples=["JrgVYs3pN-kQ6pQtAAAN"],
    )
    better_spelt: str | None = Field(
        description="Where nothing matches: the question with unknown words replaced by known ones.",
        examples=[None],
    )
    hits: tuple[Hit, ...]
    facets: tuple[FacetCounts, ...] = Field(description="Those that were asked for.")


class Period(Shape):
    """How many articles of some days matched, and how many there were."""

    first: Day
    last: Day
    articles: Count = Field(description="Articles that match.", examples=[9])
    of: Count = Field(description="All articles of that time that have what is chosen.", examples=[120])
    share: Ratio = Field(description="`articles` as a share of `of`.")


class Attention(Shape):
    """How much was published about something over time."""

    query: str = Field(description="The question as it was asked.", examples=["ferry strike"])
    interpretation: str = Field(description="As it was understood.", examples=["ferry AND strike"])
    notices: tuple[str, ...] = Field(description="What was read in a way you may not expect.")
    by: Span = Field(description="How long a period is.")
    total: Count = Field(description="Articles that match.", examples=[13])
    undated: Count = Field(description="Articles that match and stand in no period.", examples=[0])
    periods: tuple[Period, ...] = Field(
        description="From the first that has a match to the last, without a gap."
    )


class Suggestion(Shape):
    """A question that what was typed may become."""

    question: str = Field(description="What was typed, its last word completed.", examples=["ferry strike"])
    articles: Count = Field(description="Articles that match it.", examples=[13])


class Suggestions(Shape):
    """What a question that is being typed may become."""

    query: str = Field(description="What was typed.", examples=["ferry st"])
    suggestions: tuple[Suggestion, ...] = Field(
        description="At most 8, those first whose last word most of the newest headlines have."
    )


class Repeat(Shape):
    """A link to an article with which this one has text in common."""

    article: Id
    kind: RepeatKind = Field(
        description="`copy`: a near copy; `part`: this text is inside the other; `contains`: the other way "
        "round; `shares`: they have passages in common."
    )
    jaccard: Ratio = Field(description="Common 4-word shingles, as a share of all.")
    containment: Ratio = Field(description="Common 4-word shingles, as a share of the smaller text's.")


SharedWords = Annotated[
    Count, Field(description="Words of the shorter text that stand in common passages.", examples=[203])
]
Because = Annotated[
    OriginalBecause,
    Field(
        description="Why the original is that: `published_first`; `received_first`, where that does not decide; "
        "`longest`, where nothing does; `holds_the_other`: whichever was first, it has another's text and more; "
        "`repeated_by_all`: not all copies repeat what was first, and all repeat it; "
        "`ruled`: a person said so, or that what would be before it repeats it."
    ),
]


class LinkedPassage(Shape):
    """A passage that two linked texts share. Words are those that are compared: furniture is not."""

    words: Count = Field(examples=[203])
    word_here: Id = Field(description="With which word of this text it begins, from 1.")
    word_there: Id = Field(description="With which word of the other it begins.")
    beginning: str = Field(description="Its first words, as they are here.", examples=["No ferry left …"])


class ExplainedRepeat(Repeat):
    """A link to an article with which this one has text in common, and what made it. What differs, and every passage
    in code points, is in the comparison of the two (`/articles/{article}/compare/{other}`)."""

    article: Id = Field(validation_alias=AliasPath("article", "id"))
    title: Title = Field(validation_alias=AliasPath("article", "title"))
    rule: str = Field(description="What made the link, as a sentence.")
    shared_words: SharedWords
    passages: tuple[LinkedPassage, ...] = Field(description="The longest that both share, five at most.")
    passages_total: Count = Field(description="How many there are in all.", examples=[1])
    original_because: Because | None = Field(description="Null where neither is the other's original.")


class Placed(Shape):
    """A run of lines in a file."""

    file: File
    first_line: Line
    last_line: Line


class Sighting(Placed):
    """One appearance of exactly this text."""

    delivery: Id
    received: Instant
    source: Publisher | None
    url: str | None
    capture: str = Field(description="The SHA-256 of the file.", examples=["9f86d081884c7d65" * 4])
    published: Dated


class Cut(Shape):
    """A line that was left out when the article was read, and the rule that said so."""

    line: Line
    text: str = Field(examples=["Share this page"])
    rule: str = Field(examples=["page furniture"])


class Furnishing(Shape):
    """A line of the text that its source prints in one article after the other: left out of comparison and search."""

    line: Line
    articles: Count | None = Field(
        description="How many articles of the source print it; null where it is furniture no more, and left out until "
        "`newsfold furniture` comes to the article.",
        examples=[14],
    )


class Version(Shape):
    """A text that stood at the address of an article."""

    article: Id = Field(validation_alias=AliasPath("article", "id"))
    title: Title = Field(validation_alias=AliasPath("article", "title"))
    received: Instant = Field(description="When it was first received from there.")
    number: int | None = Field(description="The number its publisher gave it.", examples=[2])


class Article(Shape):
    """An article with everything that is known about it."""

    id: Id
    uri: str = Field(description="A name for this article that stays.")
    title: Title
    title_from: Origin
    headline: Headline | None
    deck: str | None = Field(description="The line below the headline.", examples=["Crews and owners meet"])
    byline: str | None = Field(examples=["By Ada Marsh"])
    dateline: str | None = Field(examples=["PORT ELLERY"])
    body_text: str = Field(description="The text: paragraphs, one blank line between.")
    language: str | None = Field(description="ISO 639-1.", examples=["en"])
    section: str | None = Field(description="The part of the paper it stood in.", examples=["Business"])
    status: str | None = Field(description="`canceled` or `withheld`, where its publisher took it back.")
    wordcount: Count = Field(examples=[412])
    url: str | None
    source: FirstPublisher | None
    published: Dated
    story: Id = Field(description="The story it belongs to.", validation_alias=AliasPath("story", "id"))
    story_headline: Headline = Field(validation_alias=AliasPath("story", "headline"))
    duplicate_of: Id | None = Field(default=None, validation_alias=AliasPath("duplicate_of", "id"))
    original_because: Because | None = Field(
        description="Why the original of its family is that, the same of every member; null where it is alone."
    )
    carried: Count = Field(description="How many carried the original elsewhere.", examples=[14])
    repeats: tuple[ExplainedRepeat, ...] = Field(description="Every link by text, whichever side came first.")
    sightings: tuple[Sighting, ...] = Field(description="Where exactly this text appeared.")
    dropped: tuple[Cut, ...] = Field(description="What was cut around its first sighting, and why.")
    furniture: tuple[Furnishing, ...] = Field(description="Lines of `body_text` that are furniture.")
    decisions: Standing
    versions: tuple[Version, ...] = Field(
        description="All texts that stood at its address, in order of arrival; none where it is the only one."
    )


class Related(Shape):
    """A story that has to do with another."""

    id: Id
    headline: Headline
    similarity: Ratio
    shared: tuple[str, ...] = Field(description="The names and terms that say so.", examples=[["ferry"]])


class CoveredDay(Shape):
    """One day of a story."""

    day: Day
    articles: Count = Field(description="How many articles were published.", examples=[3])
    originals: Count = Field(description="How many of them repeat no other.", examples=[2])
    sources: Count = Field(description="By how many sources that are known.", examples=[2])
    so_far: Count = Field(description="How many articles there had been by its end.", examples=[4])


class Contribution(Shape):
    """A source of a story."""

    name: Publisher
    articles: Count = Field(description="How many of the story's articles it has.", examples=[2])


class Timeline(Shape):
    """A story: its articles in order of time, the undated ones last."""

    id: Id
    headline: Headline
    first_day: Day | None = Field(description="The day of its first dated article.")
    last_day: Day | None = Field(description="The day of its last dated article.")
    articles: tuple[Brief, ...]
    related: tuple[Related, ...]
    locked: bool = Field(description="Whether only people change which articles it has.", examples=[False])
    named: bool = Field(description="Whether a person gave it its headline.", examples=[False])
    split_from: Id | None = Field(description="The story whose articles it began with.")
    split_into: tuple[Id, ...] = Field(description="The stories that began with articles of this one.")
    names: tuple[str, ...] = Field(description="The names that weigh most in it.", examples=[["Port Ellery"]])
    terms: tuple[str, ...] = Field(description="The other words that weigh most.", examples=[["ferry"]])
    first: Brief | None = Field(description="The earliest published article, else the first received.")
    coverage: tuple[CoveredDay, ...] = Field(description="The days on which it was covered.")
    sources: tuple[Contribution, ...] = Field(description="Who took part, most articles first.")
    decisions: Standing


class Page(Shape):
    """One page of a list."""

    total: Count = Field(description="How many rows there are in all.", examples=[9])
    page: int = Field(ge=1, examples=[1])
    page_size: int = Field(ge=1, examples=[20])
    next: str | None = Field(default=None, description="The next page.", examples=["/api/v1/stories?page=2"])


class StoryRow(Story):
    """A story in a list."""

    first_day: Day | None
    last_day: Day | None


class Stories(Page):
    """Stories, the newest activity first."""

    stories: tuple[StoryRow, ...] = Field(validation_alias="rows")


class Source(Shape):
    """Who publishes."""

    id: Id
    name: Publisher
    domain: str | None = Field(examples=["gazette.example"])
    articles: Count = Field(description="How many distinct texts it carried, first or later.", examples=[40])
    sightings: Count = Field(description="How many appearances of them.", examples=[44])


class Sources(Page):
    """Sources by name."""

    sources: tuple[Source, ...] = Field(validation_alias="rows")


class Doubtful(Shape):
    """A link that folds one article under another, and how doubtful that is."""

    article: Id = Field(validation_alias=AliasPath("article", "id"))
    title: Title = Field(validation_alias=AliasPath("article", "title"))
    other: Id = Field(validation_alias=AliasPath("other", "id"))
    other_title: Title = Field(validation_alias=AliasPath("other", "title"))
    kind: RepeatKind
    jaccard: Ratio
    containment: Ratio
    rule: str = Field(description="What made the link, as a sentence.")
    shared_words: SharedWords
    doubt: Ratio = Field(
        description="1 where a little less in common would have kept them apart.", examples=[0.62]
    )


class DoubtfulLinks(Page):
    """Links that fold one article under another, the most doubtful first."""

    links: tuple[Doubtful, ...] = Field(validation_alias="rows")


class Figures(Shape):
    """A delivery in figures."""

    started: Instant
    finished: Instant | None = Field(description="Null for one that is running or was cut off.")
    source: Publisher | None
    drafts: Count = Field(description="How many texts were read.", examples=[13])
    articles_new: Count = Field(description="How many articles the archive gained.", examples=[13])
    sightings_new: Count = Field(description="How many sightings: new, duplicate and seen.", examples=[13])
    duplicates: Count = Field(description="How many new articles repeat another.", examples=[1])


class DeliveryRow(Figures):
    """A delivery in a list."""

    id: Id
    rejected: Count = Field(description="How many files gave no article.", examples=[0])


class Deliveries(Page):
    """Deliveries, the newest first."""

    deliveries: tuple[DeliveryRow, ...] = Field(validation_alias="rows")


class Fate(Placed):
    """What became of one text of a delivery. In a dry run the ids of what would be made are null."""

    outcome: Outcome = Field(
        description="`new`; `duplicate`: an article of its own that repeats another; `seen`: the same text "
        "again, a further sighting; `unchanged`: this very sighting was known; `withdrawn`: a person withdrew or "
        "erased it, and it stays so."
    )
    article: Id | None
    duplicate_of: Id | None
    repeats: tuple[Repeat, ...]
    story: Id | None


class Rejected(Shape):
    """A file that gave no article, and why."""

    file: File
    reason: str = Field(examples=["It is empty."])


class DroppedRun(Placed):
    """Consecutive lines of a file that were left out for one reason."""

    reason: str = Field(examples=["page furniture"])


class Note(Shape):
    """Something to know about how a file was read."""

    file: File
    note: str = Field(examples=["Read as cp1252."])


class Report(Figures):
    """The report of a delivery: what became of every text, and every line that was left out."""

    delivery: Id | None = Field(description="Null in a dry run.")
    files: Count | None = Field(
        description="How many files there are to read, where that is known.", examples=[3]
    )
    files_read: Count | None = Field(description="How many of them have been read so far.", examples=[3])
    stories_new: Count = Field(examples=[9])
    rejected: tuple[Rejected, ...]
    dropped: tuple[DroppedRun, ...]
    notes: tuple[Note, ...]
    index: IndexState | None = Field(description="Whether the index held it all; null later on.")
    items: tuple[Fate, ...]


class Fates(Page):
    """What became of texts of a delivery, in order."""

    items: tuple[Fate, ...] = Field(validation_alias="rows")


class Feed(Shape):
    """A feed that is asked from time to time, and how it is."""

    id: Id
    url: str = Field(examples=["https://gazette.example/feed.xml"])
    title: str | None = Field(description="What it calls itself.", examples=["Harbour Gazette"])
    source: str | None = Field(description="The outlet it was said to be of.", examples=["Harbour Gazette"])
    whole_pages: bool = Field(description="Whether the pages its entries lead to are taken in.")
    added: Instant
    asked: Instant | None = Field(description="When it was asked last.")
    ask_next: Instant = Field(description="When it is asked again.")
    brought: Instant | None = Field(description="When it last had something new.")
    failures: Count = Field(description="How many times in a row it failed.", examples=[0])
    trouble: str | None = Field(description="What went wrong the last time.")
    articles: Count = Field(description="How many articles it gave in all.", examples=[120])
    delivery: Id | None = Field(description="The delivery of what it had last.")


class Feeds(Page):
    """Feeds, those in trouble first."""

    feeds: tuple[Feed, ...] = Field(validation_alias="rows")


class Imported(Shape):
    """What became of a list of subscriptions."""

    named: Count = Field(description="Feeds that the list names.", examples=[12])
    new: Count = Field(description="Those that were not there before.", examples=[9])


class Taken(Shape):
    """What became of one article that was sent."""

    delivery: Id
    outcome: Outcome = Field(description="`new`, `duplicate`, `seen` or `unchanged`.")
    article: Id
    duplicate_of: Id | None
    story: Id | None


class Decision(Shape):
    """What a person decided, with who, when and why."""

    id: Id
    made: Instant
    action: Action = Field(description="What was decided.", examples=["apart"])
    who: str = Field(examples=["Ada Marsh"])
    why: str = Field(examples=["Another event of the same name."])
    in_force: bool = Field(description="Whether it holds today.", examples=[True])
    article: Id | None = Field(description="The article it is about.")
    other: Id | None = Field(description="The article that one does or does not repeat.")
    story: Id | None = Field(description="The story it is about.")
    into: Id | None = Field(description="The story that one became part of, or that was split off.")
    headline: str | None = Field(description="The headline that a person gave.")
    undoes: Id | None = Field(description="The decision that it took back.")
    undone_by: Id | None = Field(description="The decision that took it back.")
    articles: tuple[Id, ...] = Field(description="The articles that went to another story, families whole.")


class Decisions(Page):
    """Decisions, the newest first."""

    decisions: tuple[Decision, ...] = Field(validation_alias="rows")
