"""The tables. What each row means is said in ARCHITECTURE.md, "The words"."""

from datetime import UTC, date, datetime
from typing import Annotated, ClassVar, NotRequired, TypedDict

from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    TypeDecorator,
    false,
    func,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Moment(TypeDecorator[datetime]):
    """An aware time in UTC. SQLite keeps no zone, so it is taken off on the way in and put back on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a time without a zone: nobody could say which moment it was."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"the time {value} has no zone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - the signature is SQLAlchemy's
        """Return the time in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class LinkRow(TypedDict):
    """A link to another article, as a delivery's report keeps it."""

    article: int
    kind: str
    jaccard: float
    containment: float


class EvidenceRow(TypedDict):
    """What a link rests on; a passage is (first word here, first word there, words), an extent where a part stands
    in the text that contains it (first word, word after the last)."""

    rule: str
    extent: tuple[int, int] | None
    shared_words: int
    measures: NotRequired[dict[str, float]]  # `Measures` by name; links that an older version made have none
    passages: list[tuple[int, int, int]]


class BeforeRow(TypedDict):
    """What a decision changed, for its undoing, beside where its articles stood (`StoodRecord`): the decisions it took
    the place of; of the stories concerned, by id, from which they had split and which ids led to them; and which
    articles went elsewhere. What is not there was not kept then."""

    superseded: list[int]
    split_from: NotRequired[dict[str, int]]
    aliases: NotRequired[dict[str, int]]
    articles: NotRequired[list[int]]


# What stands in JSON columns; a dropped line is (line, text, rule).
Evidence = Annotated[EvidenceRow, mapped_column(JSON)]
Links = Annotated[list[LinkRow], mapped_column(JSON)]
DroppedLines = Annotated[list[tuple[int, str, str]], mapped_column(JSON)]
Texts = Annotated[list[str], mapped_column(JSON)]
Times = Annotated[dict[str, int], mapped_column(JSON)]
Before = Annotated[BeforeRow, mapped_column(JSON)]
Articles = Annotated[list[int], mapped_column(JSON)]
Spans = Annotated[list[tuple[int, int]], mapped_column(JSON)]


# SQLite would give the id of a row that is gone to the next one; ours are addresses.
# A hash of a term. SQLite keeps rows in the order of an INTEGER key, and those of a BIGINT apart from it.
_TERM = BigInteger().with_variant(Integer(), "sqlite")
_NEVER_AGAIN = {"sqlite_autoincrement": True}

# Those that are not their own head, or so short that few hashes in common may do (``candidates.SURELY_MANY``).
_ODD = text("copy_of IS NOT NULL OR wordcount < 320")
_WITH_URL = text("url <> ''")
_WITH_NAME = text("name <> ''")


class Base(DeclarativeBase):
    """The schema."""

    type_annotation_map: ClassVar = {str: Text, datetime: Moment}


class IdentityRecord(Base):
    """The one row by which an index knows that it belongs to this archive: a random number."""

    __tablename__ = "identity"
    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)


class SourceRecord(Base):
    """Who publishes."""

    __tablename__ = "source"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    domain: Mapped[str | None]


class CaptureRecord(Base):
    """The bytes of one file exactly as received, once; but for articles that were erased.

    ``erased`` are the runs of lines (first, last) that are gone: blank lines stand there, so that others keep theirs.
    Records that went from among others have blanks in their place, and are not told there: the file reads as before.
    """

    __tablename__ = "capture"
    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    size: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary)
    received: Mapped[datetime]
    erased: Mapped[Spans] = mapped_column(default=list, server_default="[]")


_WITH_PARCEL = text("parcel IS NOT NULL")
_WAITING = text("finished IS NULL AND parcel IS NOT NULL")


class DeliveryRecord(Base):
    """One run of intake.

    ``parcel`` names the folder in which the files of one that came over the web wait, ``claimed_until`` until when a
    worker has them to itself. ``idempotency_key`` is the sender's own name for it, ``content_digest`` what was sent
    under that. ``files`` and ``files_read`` say how far it is.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        Index("delivery_key", "idempotency_key", unique=True),
        Index("delivery_waiting", "id", sqlite_where=_WAITING, postgresql_where=_WAITING),
        Index("delivery_parcel", "parcel", sqlite_where=_WITH_PARCEL, postgresql_where=_WITH_PARCEL),
        _NEVER_AGAIN,
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    started: Mapped[datetime]
    finished: Mapped[datetime | None]
    source_id: Mapped[int | None] = mapped_column(ForeignKey("source.id"))
    origin: Mapped[Texts]
    split: Mapped[str]
    stories_new: Mapped[int] = mapped_column(default=0)
    parcel: Mapped[str | None]
    idempotency_key: Mapped[str | None]
    content_digest: Mapped[str | None] = mapped_column(String(64))
    claimed_until: Mapped[datetime | None]
    files: Mapped[int | None]
    files_read: Mapped[int | None]


class ReadingRecord(Base):
    """How a capture at a place was read: kept so that known bytes are not read again, and a reading can be replaced.

    ``place`` is the resolved path or upload name, ``columns`` what a person named them to be. ``complete`` is set with
    its last article, so that a reading that was cut off is taken up again. ``reason`` is set where the capture was
    rejected.
    """

    __tablename__ = "reading"
    id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(ForeignKey("capture.sha256"))
    source_id: Mapped[int | None] = mapped_column(ForeignKey("source.id"))
    place: Mapped[str]
    split: Mapped[str]
    delivery_id: Mapped[int] = mapped_column(ForeignKey("delivery.id"))
    reader_version: Mapped[int]
    complete: Mapped[bool]
    file: Mapped[str]
    reason: Mapped[str | None]
    columns: Mapped[str] = mapped_column(default="", server_default="")
    __table_args__ = (
        Index(
            "reading_identity",
            "sha256",
            func.coalesce(source_id, 0),
            "place",
            "split",
            "columns",
            unique=True,
        ),
        Index("reading_delivery", "delivery_id"),
    )


class StoryRecord(Base):
    """The articles about one event. ``profile`` is the state that new articles are compared with.

    ``locked``: only people change which articles it has. ``named``: a person gave it its headline. ``split_from`` is
    the story whose articles it began with.
    """

    __tablename__ = "story"
    id: Mapped[int] = mapped_column(primary_key=True)
    headline: Mapped[str]
    first_day: Mapped[date | None]
    last_day: Mapped[date | None]
    size: Mapped[int]
    touched: Mapped[datetime]
    profile: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    locked: Mapped[bool] = mapped_column(default=False, server_default=false())
    named: Mapped[bool] = mapped_column(default=False, server_default=false())
    split_from: Mapped[int | None]
    __table_args__ = (
        Index("story_touched", "touched", "id"),
        Index("story_split", "split_from"),
        # As the database is asked, to the letter: else SQLite reads every story instead.
        Index("story_locked", "id", sqlite_where=text("locked = 1"), postgresql_where=text("locked")),
        _NEVER_AGAIN,
    )


class ArticleRecord(Base):
    """One distinct text.

    ``duplicate_of`` names the original of its family, ``copy_of`` the head of the copies it is gathered with (which
    store their common fingerprints once); both are derived from ``repeats`` and null for the original, the head.
    ``hidden`` is set while a person keeps the article out of sight (`Hidden`); it has no story and no links then.
    """

    __tablename__ = "article"
    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    title: Mapped[str]
    title_from: Mapped[str]
    headline: Mapped[str | None]
    deck: Mapped[str | None]
    byline: Mapped[str | None]
    dateline: Mapped[str | None]
    body_text: Mapped[str]
    language: Mapped[str | None]
    section: Mapped[str | None]
    status: Mapped[str | None]
    version: Mapped[int | None]
    wordcount: Mapped[int]
    url: Mapped[str | None]
    source_id: Mapped[int | None] = mapped_column(ForeignKey("source.id"))
    published: Mapped[datetime | None]
    precision: Mapped[str | None]
    not_after: Mapped[date | None]
    found_in: Mapped[str | None]
    received: Mapped[datetime]
    duplicate_of: Mapped[int | None] = mapped_column(ForeignKey("article.id"))
    copy_of: Mapped[int | None] = mapped_column(ForeignKey("article.id"))
    # Null at the end of a transaction only where ``hidden`` is set; its story is found after the article has an id.
    story_id: Mapped[int] = mapped_column(ForeignKey("story.id"), nullable=True)
    vector: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    hidden: Mapped[str | None]
    __table_args__ = (
        Index("article_story", "story_id"),
        Index("article_family", "duplicate_of"),
        Index("article_copies", "copy_of"),
        Index("article_received", "received", "id"),
        Index("article_brief", "id", "copy_of", "story_id", "wordcount"),
        Index("article_odd", "id", "copy_of", "wordcount", sqlite_where=_ODD, postgresql_where=_ODD),
        _NEVER_AGAIN,
    )


class SightingRecord(Base):
    """One appearance of exactly an article's text.

    ``name`` is what its publisher calls it whatever its address, empty where that is not known.
    ``place`` is the resolved path or upload name, ``file`` how it is shown (relative to the folder that was given);
    ``nth`` counts the text's occurrences in that file, from 1. The span is an attribute and no part of the identity,
    and so is the date of publication, which is told there (``published`` to ``found_in``, as for an article).
    """

    __tablename__ = "sighting"
    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"))
    source_id: Mapped[int | None] = mapped_column(ForeignKey("source.id"))
    url: Mapped[str] = mapped_column(default="")
    name: Mapped[str] = mapped_column(default="", server_default="")
    place: Mapped[str]
    file: Mapped[str]
    nth: Mapped[int]
    delivery_id: Mapped[int] = mapped_column(ForeignKey("delivery.id"))
    received: Mapped[datetime]
    sha256: Mapped[str] = mapped_column(ForeignKey("capture.sha256"))
    first_line: Mapped[int]
    last_line: Mapped[int]
    dropped: Mapped[DroppedLines]
    published: Mapped[datetime | None]
    precision: Mapped[str | None]
    not_after: Mapped[date | None]
    found_in: Mapped[str | None]
    __table_args__ = (
        Index(
            "sighting_identity", "article_id", func.coalesce(source_id, 0), "url", "place", "nth", unique=True
        ),
        Index("sighting_source", "source_id"),
        Index("sighting_url", "url", "article_id", sqlite_where=_WITH_URL, postgresql_where=_WITH_URL),
        Index("sighting_name", "name", "article_id", sqlite_where=_WITH_NAME, postgresql_where=_WITH_NAME),
    )


class ItemRecord(Base):
    """One line of a delivery's report. The first delivery's lines are also how a reading remembers its articles.

    No foreign keys to article and story: a report says what happened then, and stays true when they are gone.
    """

    __tablename__ = "item"
    delivery_id: Mapped[int] = mapped_column(ForeignKey("delivery.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    reading_id: Mapped[int] = mapped_column(ForeignKey("reading.id"))
    file: Mapped[str]
    first_line: Mapped[int]
    last_line: Mapped[int]
    outcome: Mapped[str]
    article_id: Mapped[int]
    duplicate_of: Mapped[int | None]
    repeats: Mapped[Links]
    story_id: Mapped[int | None]
    __table_args__ = (Index("item_reading", "reading_id", "delivery_id"),)


class RejectionRecord(Base):
    """A file of a delivery that gave no article, and why. ``sha256`` is null where its bytes were never had."""

    __tablename__ = "rejection"
    id: Mapped[int] = mapped_column(primary_key=True)
    delivery_id: Mapped[int] = mapped_column(ForeignKey("delivery.id"), index=True)
    file: Mapped[str]
    reason: Mapped[str]
    sha256: Mapped[str | None] = mapped_column(ForeignKey("capture.sha256"))


class RemarkRecord(Base):
    """What a delivery's report says of a file: lines left out and why, or, without lines, how it was read."""

    __tablename__ = "remark"
    id: Mapped[int] = mapped_column(primary_key=True)
    delivery_id: Mapped[int] = mapped_column(ForeignKey("delivery.id"), index=True)
    file: Mapped[str]
    first_line: Mapped[int | None]
    last_line: Mapped[int | None]
    text: Mapped[str]


class FingerprintRecord(Base):
    """One winnowed hash of one article's text."""

    __tablename__ = "fingerprint"
    hash: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"), primary_key=True)
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 - SQLAlchemy wants it so


class RepeatRecord(Base):
    """A link between two articles, stored once, as seen from the one that came later. ``doubt`` is null where it folds
    nothing."""

    __tablename__ = "repeats"
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"), primary_key=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("article.id"), primary_key=True)
    kind: Mapped[str]
    jaccard: Mapped[float]
    containment: Mapped[float]
    evidence: Mapped[Evidence]
    doubt: Mapped[float | None]
    __table_args__ = (Index("repeats_other", "other_id"), Index("repeats_doubt", "doubt"))


class PostingRecord(Base):
    """The newest articles that have a term among their heaviest: how stories that may be a newcomer's are found."""

    __tablename__ = "posting"
    term: Mapped[int] = mapped_column(_TERM, primary_key=True, autoincrement=False)
    articles: Mapped[bytes] = mapped_column(LargeBinary)


class FrequencyRecord(Base):
    """In how many articles of this archive a term occurs."""

    __tablename__ = "frequency"
    term: Mapped[int] = mapped_column(_TERM, primary_key=True, autoincrement=False)
    articles: Mapped[int]


class FurnitureRecord(Base):
    """A line that a source prints in one article after the other: its key, and how many articles print it."""

    __tablename__ = "furniture"
    source_id: Mapped[int] = mapped_column(ForeignKey("source.id"), primary_key=True)
    line: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    articles: Mapped[int]
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 - SQLAlchemy wants it so


class MaskRecord(Base):
    """The keys of the lines that are left out when an article is compared and searched, as fingerprints and index have
    it now."""

    __tablename__ = "mask"
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"), primary_key=True)
    lines: Mapped[bytes] = mapped_column(LargeBinary)


class RelatedRecord(Base):
    """Two stories that have to do with each other, stored once with the lower id first."""

    __tablename__ = "related"
    story_id: Mapped[int] = mapped_column(ForeignKey("story.id"), primary_key=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("story.id"), primary_key=True)
    similarity: Mapped[float]
    shared: Mapped[Texts]
    __table_args__ = (Index("related_other", "other_id"),)


class AliasRecord(Base):
    """A story that was merged into another: its id goes on leading there.

    ``articles`` are those that it had, and ``split_from`` the story whose articles it had begun with: where they part
    from the other story again, they get their id back.
    """

    __tablename__ = "alias"
    story_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    into_id: Mapped[int] = mapped_column(ForeignKey("story.id"), index=True)
    articles: Mapped[Articles] = mapped_column(server_default="[]")
    split_from: Mapped[int | None]


class OutboxRecord(Base):
    """An article whose index entry may be out of date; written in the transaction that changed the article."""

    __tablename__ = "outbox"
    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int]


class DecisionRecord(Base):
    """What a person decided: the log, and at once the rule for as long as it is ``in_force``.

    Articles are named by digest, which is what a decision holds for whenever that text comes in again; the ids are
    those they had then. ``before`` is what undoing needs. ``undoes`` names the decision that this one took back.
    """

    __tablename__ = "decision"
    id: Mapped[int] = mapped_column(primary_key=True)
    made: Mapped[datetime]
    action: Mapped[str]
    who: Mapped[str]
    why: Mapped[str]
    in_force: Mapped[bool]
    article_id: Mapped[int | None]
    digest: Mapped[str | None] = mapped_column(String(64))
    other_id: Mapped[int | None]
    other_digest: Mapped[str | None] = mapped_column(String(64))
    story_id: Mapped[int | None]
    into_id: Mapped[int | None]
    headline: Mapped[str | None]
    undoes: Mapped[int | None] = mapped_column(ForeignKey("decision.id"))
    before: Mapped[Before]
    __table_args__ = (
        Index("decision_digest", "digest"),
        Index("decision_other", "other_digest"),
        Index("decision_story", "story_id"),
        Index("decision_into", "into_id"),
        Index("decision_undoes", "undoes"),
        _NEVER_AGAIN,
    )


class StoodRecord(Base):
    """Where an article stood before a decision put it elsewhere or held it where it was: its story, and the story it
    was pinned to if it was. By digest, as decisions name articles."""

    __tablename__ = "stood"
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    story_id: Mapped[int]
    pinned_id: Mapped[int | None]
    __table_args__ = (Index("stood_digest", "digest"), Index("stood_story", "story_id"))


class FeedRecord(Base):
    """A feed that is asked from time to time (`domain.feed.Feed`)."""

    __tablename__ = "feed"
    id: Mapped[int] = mapped_column(primary_key=True)
    url: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str | None]
    source: Mapped[str | None]
    whole_pages: Mapped[bool]
    added: Mapped[datetime]
    etag: Mapped[str | None]
    modified: Mapped[str | None]
    body_digest: Mapped[str | None] = mapped_column(String(64))
    asked: Mapped[datetime | None]
    ask_next: Mapped[datetime]
    brought: Mapped[datetime | None]
    failures: Mapped[int]
    trouble: Mapped[str | None]
    articles: Mapped[int]
    delivery_id: Mapped[int | None]
    tried: Mapped[Times] = mapped_column(server_default="{}")
    __table_args__ = (Index("feed_next", "ask_next"), _NEVER_AGAIN)


class PinRecord(Base):
    """An article that a person put into a story, by its digest: no mending takes it out again."""

    __tablename__ = "pin"
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    story_id: Mapped[int] = mapped_column(index=True)
