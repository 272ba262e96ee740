"""What of an article goes into an index, and what of it a result row shows."""

from dataclasses import dataclass
from datetime import date

from app.domain.article import ArticleId, StoryId, TitleFrom


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One article as it is indexed.

    ``original`` is its own id where it repeats nothing; ``sources`` are the names of all that carried it, in order,
    ``domains`` where they publish and where the article was; ``stamp`` is the digest of the entry's content, by which
    database and index are compared.
    """

    article: ArticleId
    original: ArticleId
    story: StoryId
    headline: str | None
    deck: str | None
    body_text: str
    byline: str | None
    sources: tuple[str, ...]
    language: str | None
    section: str | None
    url: str | None
    domains: tuple[str, ...]
    published: date | None
    seen: date
    stamp: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """The text of an article as far as a result row may show it; ``title_from`` says which field the title is, so
    that a question for another field does not mark it."""

    article: ArticleId
    title: str
    body_text: str
    title_from: TitleFrom = TitleFrom.HEADLINE
    language: str | None = None
