"""What people decided about articles that a new reading replaces: it holds for those that take their place."""

from collections.abc import Collection, Sequence
from datetime import datetime

from app.domain.article import ArticleId, Draft
from app.domain.text import words
from app.ingest.filing import Filing
from app.ingest.removal import take_out
from app.store import articles, decisions
from app.store.database import Session

_MOST_WORDS = 0.5

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
        if (new := _successor(articles.find_text(session, old), spans[sighting], filed)) is not None
        and new != old
    ]
    decided = decisions.with_decisions(session, [old for old, _ in pairs])
    pairs = [(old, new) for old, new in pairs if old in decided]
    if not pairs:
        return
    known = articles.find_known(session, [article for pair in pairs for article in pair])
    take_out(session, [new for old, new in pairs if known[old].hidden and not known[new].hidden], now=now)
    ruled = decisions.ruled_with(session, known)
    decisions.hand_on(session, pairs)
    filing = Filing(session, now=now)
    filing.settle(ruled | decisions.ruled_with(session, known))
    filing.flush()


def _successor(old: Draft, span: Span, filed: Filed) -> ArticleId | None:
    """Return the article whose lines are most of those of ``span``, where that is at least half of them; of several on
    the same lines (records of a file without line ends) the one that has most words in common with the old text, where
    that is most of them."""
    first, last = span
    shares = [
        (min(last, draft.last_line) - max(first, draft.first_line) + 1, article, draft)
        for article, draft in filed
        if article is not None
    ]
    most = max((shared for shared, _, _ in shares), default=0)
    if 2 * most < last - first + 1:
        return None
    there = [(article, draft) for shared, article, draft in shares if shared == most]
    if len({article for article, _ in there}) == 1:
        return there[0][0]
    alike, article = max((_likeness(old, draft), article) for article, draft in there)
    return article if alike >= _MOST_WORDS else None


def _likeness(old: Draft, new: Draft) -> float:
    """Return the share of words that two texts have in common, of all they have."""
    a, b = set(words(old.body_text)), set(words(new.body_text))
    return len(a & b) / max(1, len(a | b))
