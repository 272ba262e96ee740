"""Comparing: two articles side by side, and one text with all who carried it."""

from dataclasses import dataclass

from app.domain.article import ArticleId
from app.domain.carried import lateness
from app.domain.diff import compare_lines, compare_paragraphs
from app.domain.evidence import Carriage, find_carriage, find_common
from app.domain.fingerprint import Print, fingerprint
from app.domain.query import Brief
from app.domain.views import CarrierView, ComparisonView, Listing, SyndicationView
from app.store import articles, carriers, evidence
from app.store.database import Database, Session

_WHOLE = Carriage(share=1.0, added_words=0, added=(), added_more=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Side:
    """What is compared of an article."""

    brief: Brief
    headline: str | None
    deck: str | None
    byline: str | None
    body_text: str


def compare_articles(database: Database, article: ArticleId, other: ArticleId) -> ComparisonView:
    """Return any two articles side by side, linked or not; raise ``NotFoundError``."""
    with database.read() as session:
        here, there = _side(session, article), _side(session, other)
        between = evidence.explain_pair(session, article, other)
    return ComparisonView(
        article=here.brief,
        other=there.brief,
        link=between.link,
        original_because=between.original_because,
        ruling=between.ruling,
        rulings=between.rulings,
        common=find_common(here.body_text, there.body_text),
        headline=compare_lines(here.headline, there.headline),
        deck=compare_lines(here.deck, there.deck),
        byline=compare_lines(here.byline, there.byline),
        paragraphs=compare_paragraphs(here.body_text, there.body_text),
    )


def _side(session: Session, article: ArticleId) -> _Side:
    record, source, _ = articles.find_article(session, article)
    return _Side(
        brief=articles.brief_of(record, source),
        headline=record.headline,
        deck=record.deck,
        byline=record.byline,
        body_text=record.body_text,
    )


def view_syndication(database: Database, article: ArticleId, *, page: int, page_size: int) -> SyndicationView:
    """Return one page of those who carried an article, or, of a duplicate, its original; raise ``NotFoundError``.

    Only the texts of the page are read and compared with the original, one after the other.
    """
    with database.read() as session:
        record, source, _ = articles.find_article(session, article)
        if record.duplicate_of:
            record, source, _ = articles.find_article(session, ArticleId(record.duplicate_of))
        original = articles.brief_of(record, source)
        found = carriers.list_carriers(session, original.id, page=page, page_size=page_size)
        briefs = articles.find_briefs(session, [each.article for each in found.rows])
        carriages = _carriages(session, original.id, fingerprint(record.body_text), list(briefs))
    rows = tuple(
        _carrier(original, each, briefs[each.article], carriages[each.article]) for each in found.rows
    )
    listing = Listing(total=found.total, page=page, page_size=page_size, rows=rows)
    return SyndicationView(asked=article, original=original, carriers=listing)


def _carriages(
    session: Session, original: ArticleId, print_: Print, carrying: list[ArticleId]
) -> dict[ArticleId, Carriage]:
    return {
        article: _WHOLE
        if article == original
        else find_carriage(print_, articles.find_text(session, article).body_text)
        for article in carrying
    }


def _carrier(original: Brief, carrier: carriers.Carrier, brief: Brief, carriage: Carriage) -> CarrierView:
    return CarrierView(
        article=brief,
        carried_as=carrier.carried_as,
        source=carrier.source,
        file=carrier.file,
        url=carrier.url,
        published=carrier.published,
        received=carrier.received,
        late=lateness(original.published, carrier.published),
        share=carriage.share,
        added_words=carriage.added_words,
        added=carriage.added,
        added_more=carriage.added_more,
    )
