"""Taking an article out of everything that was derived from it: links, families, stories, fingerprints, the index."""

from collections.abc import Collection
from datetime import datetime

from app.domain.article import ArticleId
from app.domain.profile import counted
from app.domain.terms import portrait
from app.ingest.filing import Filing
from app.store import articles, outbox, repeats
from app.store.database import Session
from app.store.story_memory import StoryMemory


def remove(session: Session, gone: Collection[ArticleId], *, now: datetime) -> None:
    """Remove articles that have no sighting any more; what repeated them finds its families anew."""
    if not gone:
        return
    around: set[ArticleId] = set()
    for article in gone:
        around |= repeats.remove_article(session, article)
    stories = StoryMemory(session, [], now)
    for article in gone:
        text = articles.find_text(session, article)
        keys = counted(portrait(text.headline, text.deck, text.body_text, text.language))
        stories.remove(article, text.published.day, keys)
    changes = stories.flush()
    outbox.note(session, changes.moved.union(gone))
    articles.delete_articles(session, gone)
    filing = Filing(session, [], now=now)
    filing.reconsider(around - set(gone))
    filing.flush()
