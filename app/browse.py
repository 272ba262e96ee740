"""Looking at what the archive holds: articles, captures, stories, sources, deliveries."""

import base64
import hashlib

from app.domain.article import ArticleId, DeliveryId, StoryId
from app.domain.delivery import Report
from app.domain.furniture import lines_in
from app.domain.similar import question_like
from app.domain.status import DeliveryCounts
from app.domain.terms import portrait
from app.domain.views import (
    ArticleView,
    CaptureView,
    DeliveryRow,
    DoubtfulView,
    Listing,
    SourceRow,
    StoryRow,
    StoryView,
    Totals,
)
from app.errors import ParameterError
from app.intake.erasing import find_gone, records_in, without
from app.intake.language import language_of
from app.store import (
    articles,
    captures,
    carriers,
    decisions,
    deliveries,
    doubts,
    evidence,
    furniture,
    sources,
    status,
    stories,
    versions,
)
from app.store.database import Database
from app.store.dating import published_of


def similar_question(database: Database, article: ArticleId) -> str:
    """Return a question for what is like an article and not on its story; raise ``NotFoundError``."""
    with database.read() as session:
        record, _, story = articles.find_article(session, article)
        drawn = portrait(record.headline, record.deck, record.body_text, record.language)
    asked = question_like(drawn)
    return f"({asked}) -story:{story.id}" if asked else "-*"


def question_about(text: str) -> str:
    """Return a question for what is like a text that need not be in the archive; raise ``ParameterError`` where there
    is nothing in it to ask for."""
    asked = question_like(portrait(None, None, text, language_of(text)))
    if not asked:
        raise ParameterError("text", "text: There are no words in it to look for. Paste some sentences.")
    return asked


def view_article(database: Database, article: ArticleId, *, most_repeats: int | None = None) -> ArticleView:
    """Return an article with everything known about it; raise ``NotFoundError``."""
    with database.read() as session:
        record, source, story = articles.find_article(session, article)
        duplicate_of = ArticleId(record.duplicate_of) if record.duplicate_of else None
        explained = evidence.explain_links(session, article, duplicate_of, most=most_repeats)
        return ArticleView(
            id=article,
            uri=_uri(record.digest),
            title=record.title,
            title_from=articles.brief_of(record, source).title_from,
            headline=record.headline,
            deck=record.deck,
            byline=record.byline,
            dateline=record.dateline,
            body_text=record.body_text,
            language=record.language,
            section=record.section,
            status=record.status,
            wordcount=record.wordcount,
            url=record.url,
            source=source,
            published=published_of(record),
            story=story,
            duplicate_of=articles.find_briefs(session, [duplicate_of])[duplicate_of]
            if duplicate_of
            else None,
            original_because=explained.original_because,
            carried=carriers.count_carriers(session, duplicate_of or article),
            repeats=explained.repeats,
            repeats_total=explained.total,
            sightings=articles.find_sightings(session, article),
            dropped=articles.find_dropped(session, article),
            furniture=lines_in(record.body_text, furniture.counts_of(session, article)),
            decisions=decisions.count_standing(session, digest=record.digest),
            versions=versions.find_versions(session, article),
        )


def _uri(digest: str) -> str:
    """Name a text by its digest, as RFC 6920 does it: the same text has the same name in every archive."""
    return "ni:///sha-256;" + base64.urlsafe_b64encode(bytes.fromhex(digest)).rstrip(b"=").decode()


def view_capture(database: Database, article: ArticleId) -> CaptureView:
    """Return the file an article was first seen in, exactly as received, but for articles that are kept out of
    sight: blanks stand there. Raises ``NotFoundError`` and ``WithdrawnError``."""
    with database.read() as session:
        record, file = articles.find_capture(session, article)
        content = record.content
        if withdrawn := captures.find_withdrawn(session, record.sha256):
            texts = [
                (articles.find_text(session, each), captures.find_runs(session, each).get(record.sha256, ()))
                for each in withdrawn
            ]
            told = deliveries.manners_of(session, record.sha256)
            content = without(content, find_gone(content, texts, records_in(content, told)))
        sha256 = hashlib.sha256(content).hexdigest()
        return CaptureView(sha256=sha256, name=file.rsplit("/", 1)[-1], content=content)


def view_story(database: Database, story: StoryId) -> StoryView:
    """Return a story with its timeline; raise ``NotFoundError``."""
    with database.read() as session:
        return stories.find_story(session, story)


def list_stories(database: Database, *, page: int, page_size: int) -> Listing[StoryRow]:
    """Return one page of the stories, those with the newest arrivals first."""
    with database.read() as session:
        return stories.list_stories(session, page=page, page_size=page_size)


def list_sources(database: Database, *, page: int, page_size: int) -> Listing[SourceRow]:
    """Return one page of the sources, by name."""
    with database.read() as session:
        return sources.list_sources(session, page=page, page_size=page_size)


def list_doubtful(database: Database, *, page: int, page_size: int) -> Listing[DoubtfulView]:
    """Return one page of the links that are most worth a look, the most doubtful first."""
    with database.read() as session:
        return doubts.list_doubtful(session, page=page, page_size=page_size)


def list_deliveries(database: Database, *, page: int, page_size: int) -> Listing[DeliveryRow]:
    """Return one page of the deliveries, newest first."""
    with database.read() as session:
        return deliveries.list_deliveries(session, page=page, page_size=page_size)


def view_delivery(database: Database, delivery: DeliveryId) -> Report:
    """Return the report of a delivery; raise ``NotFoundError``."""
    with database.read() as session:
        return deliveries.find_report(session, delivery)


def count_all(database: Database) -> Totals:
    """Return how many articles, originals and stories there are."""
    with database.read() as session:
        return articles.count_all(session)


def count_supply(database: Database) -> tuple[int, DeliveryCounts]:
    """Return how many sources there are, and how many deliveries, and how those are."""
    with database.read() as session:
        return status.count_sources(session), status.count_deliveries(session)
