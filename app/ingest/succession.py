"""What people decided about articles that a new reading replaces: it holds for those that take their place."""

from collections.abc import Collection, Sequence
from datetime import datetime

from app.domain.article import ArticleId, Draft
from app.domain.decision import Hidden
from app.ingest.filing import Filing
from app.ingest.removal import take_out
from app.store import articles, decisions
from app.store.database import Session

Span = tuple[int, int]
Filed = Sequence[tuple[ArticleId | None, Draft]]


def hand_on(
    session: Session, gone: Collection[tuple[ArticleId, int]], filed: Filed, *, now: datetime
) -> None:
    """Find for each article with its sighting in ``gone`` the one that now stands on most of its lines, and let the
    decisions about the first hold for the second: rulings, its place in a story, that it is out of sight."""
    spans = articles.find_spans(session, {sighting for _, sighting in gone})
    pairs = [
        (old, new)
        for old, sighting in sorted(gone)
        if (new := _successor(spans[sighting], filed)) is not None and new != old
    ]
    decided = decisions.with_decisions(session, [old for old, _ in pairs])
    pairs = [(old, new) for old, new in pairs if old in decided]
    if not pairs:
        return
    known = articles.find_known(session, [article for pair in pairs for article in pair])
    decisions.hand_on(session, pairs)
    filing = Filing(session, now=now)
    filing.settle({new for _, new in pairs if not known[new].hidden})
    filing.flush()
    hidden = [new for old, new in pairs if known[old].hidden and not known[new].hidden]
    take_out(session, hidden, now=now)
    for article in hidden:
        articles.set_hidden(session, article, Hidden.WITHDRAWN)


def _successor(span: Span, filed: Filed) -> ArticleId | None:
    """Return the article whose lines are most of those of ``span``, where that is at least half of them."""
    first, last = span
    shares = [
        (min(last, draft.last_line) - max(first, draft.first_line) + 1, -nth, article)
        for nth, (article, draft) in enumerate(filed)
        if article is not None
    ]
    shared, _, article = max(shares, default=(0, 0, None))
    return article if 2 * shared >= last - first + 1 else None
