"""Grouping all stories anew by what the archive holds now: a job, safe to repeat and to break off.

Law: an article is weighed when it comes, by how common its words are in the archive of that day. Here all are weighed
first, as though they had come at once, some in a transaction; then stories are mended, some in a transaction. What
people decided about stories stays.
"""

from dataclasses import dataclass

from app.domain.article import ArticleId
from app.ingest.filing import Filing
from app.progress import Clock, Progress
from app.store import outbox, stories, story_pins
from app.store.batches import in_steps
from app.store.database import Database

_STEP = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Regrouped:
    """How many articles were weighed anew, and how many of them were moved into another story."""

    articles: int
    moved: int


def regroup(database: Database, *, clock: Clock, progress: Progress) -> Regrouped:
    """Weigh every article by what the archive holds now, and mend all stories."""
    with database.read() as session:
        articles = list(outbox.article_ids(session))
    for done, weighed in enumerate(in_steps(articles, _STEP)):
        progress("weighing articles", done * _STEP, len(articles))
        with database.write() as session:
            Filing(session, now=clock()).reweigh(weighed)
    moved = _gather_families(database, clock)
    with database.read() as session:
        held = list(stories.story_ids(session))
    for done, step in enumerate(in_steps(held, _STEP)):
        progress("mending stories", done * _STEP, len(held))
        with database.write() as session:
            filing = Filing(session, now=clock())
            filing.stories.recount(step)
            moved |= filing.flush().moved
    progress("mending stories", len(held), len(held))
    return Regrouped(articles=len(articles), moved=len(moved))


def _gather_families(database: Database, clock: Clock) -> set[ArticleId]:
    """Put families into one story each that stand in several, as earlier versions could leave them."""
    with database.write() as session:
        filing = Filing(session, now=clock())
        for article, original in story_pins.scattered(session).items():
            filing.stories.follow(article, original)
        return set(filing.flush().moved)
