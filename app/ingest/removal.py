"""Taking an article out of everything that was derived from it (links, families, stories, fingerprints, the index),
and putting it back."""

from collections.abc import Collection
from datetime import datetime

from app.domain.article import ArticleId
from app.domain.decision import Before, Hidden
from app.ingest.filing import Filing, keyed_draft, masked, prepare
from app.store import articles, decisions, furniture, outbox, repeats
from app.store.database import Session
from app.store.story_memory import StoryMemory


def remove(session: Session, gone: Collection[ArticleId], *, now: datetime) -> None:
    """Remove articles that have no sighting any more; but one that a person keeps out of sight stays known, so that it
    stays out of sight when it comes again."""
    in_sight = [each.article for each in articles.find_known(session, gone).values() if not each.hidden]
    take_out(session, in_sight, now=now)
    kept = decisions.with_decisions(session, set(gone) - set(in_sight))
    articles.delete_articles(session, set(gone) - kept)


def put_back(session: Session, article: ArticleId, before: Before, *, now: datetime) -> None:
    """Bring an article that was taken out back into sight: it finds its family as if it were new, and the story that it
    stood in ``before``."""
    mask = furniture.masks_of(session, [article]).get(article, frozenset())
    prepared = masked(prepare(articles.find_text(session, article)), mask)
    filing = Filing(session, returning=[prepared], now=now)
    articles.set_hidden(session, article, None)
    filing.expect(article, prepared, before)
    filing.admit(article, prepared)
    filing.flush()


def take_out(session: Session, gone: Collection[ArticleId], *, now: datetime) -> None:
    """Put articles out of sight (they count as withdrawn) and leave nothing of them but their texts and sightings; what
    repeated them, by itself or by ruling, finds its families anew."""
    if not gone:
        return
    # Out of sight first: rulings about them, which do not hold without them, would draw them into families again.
    around = decisions.ruled_with(session, gone)
    for article in gone:
        articles.set_hidden(session, article, Hidden.WITHDRAWN)
        around |= repeats.remove_article(session, article)
    stories = StoryMemory(session, now)
    for article in gone:
        text = articles.find_compared(session, [article])[article]
        stories.remove(article, text.published.day, keyed_draft(text).counted)
    changes = stories.flush()
    outbox.note(session, changes.moved.union(gone, around))
    filing = Filing(session, now=now)
    filing.reconsider(around - set(gone))
    filing.flush()
