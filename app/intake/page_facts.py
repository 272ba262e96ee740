"""What a page says of its article to machines: JSON-LD (schema.org), Open Graph and other meta elements.

Law: facts are taken as they are written, from the first place in a fixed order that has them; what contradicts the
reader's own findings is for the reader to settle.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from lxml.html import HtmlElement  # type: ignore[import-untyped]

from app.domain.article import UNDATED, Published
from app.intake.moments import moment

_ARTICLES = frozenset(
    {
        *("Article", "NewsArticle", "AnalysisNewsArticle", "BackgroundNewsArticle", "OpinionNewsArticle"),
        *(
            "ReportageNewsArticle",
            "ReviewNewsArticle",
            "AskPublicNewsArticle",
            "LiveBlogPosting",
            "BlogPosting",
        ),
        *("Report", "TechArticle", "SocialMediaPosting", "AdvertiserContentArticle", "SatiricalArticle"),
    }
)
_DATES = (
    "article:published_time",
    "datepublished",
    "parsely-pub-date",
    "sailthru.date",
    "pubdate",
    "dc.date.issued",
)
_MOST_NODES = 2_000  # of a page's JSON-LD; more is no description of an article
_LONGEST_JSON = 4_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFacts:
    """What a page tells; None where it does not."""

    headline: str | None
    description: str | None
    byline: str | None
    url: str | None
    section: str | None
    site: str | None
    language: str | None
    published: Published


def page_facts(tree: HtmlElement, *, today: date) -> PageFacts:
    """Return what a page says of its article."""
    meta = _meta(tree)
    told = next(_articles(tree), {})
    canonical = next((link.get("href") for link in tree.iterfind(".//link[@rel='canonical']")), None)
    return PageFacts(
        headline=_text(told.get("headline")) or meta.get("og:title"),
        description=meta.get("og:description") or _text(told.get("description")) or meta.get("description"),
        byline=_names(told.get("author")) or meta.get("author") or meta.get("article:author_name"),
        url=canonical or meta.get("og:url") or _text(told.get("url")),
        section=_text(told.get("articleSection"))
        or meta.get("article:section")
        or meta.get("parsely-section"),
        site=meta.get("og:site_name") or _names(told.get("publisher")),
        language=(_text(told.get("inLanguage")) or tree.get("lang") or "")[:2].lower() or None,
        published=_published(told, meta, today=today),
    )


def _published(told: Mapping[str, object], meta: Mapping[str, str], *, today: date) -> Published:
    candidates = [("JSON-LD datePublished", told.get("datePublished"))]
    candidates += [(f"meta element {name}", meta.get(name)) for name in _DATES]
    for found_in, value in candidates:
        published = moment(value, found_in, today=today)
        if published.at:
            return published
    return UNDATED


def _meta(tree: HtmlElement) -> dict[str, str]:
    """Return the meta elements by name, the first of each name."""
    found: dict[str, str] = {}
    for element in tree.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop")
        content = (element.get("content") or "").strip()
        if name and content:
            found.setdefault(name.strip().lower(), " ".join(content.split()))
    return found


def _articles(tree: HtmlElement) -> Iterator[Mapping[str, object]]:
    """Yield what JSON-LD says is an article, in the order of the page."""
    for script in tree.iterfind(".//script[@type='application/ld+json']"):
        text = script.text or ""
        if len(text) > _LONGEST_JSON:
            continue
        try:
            told = json.loads(text.strip().removesuffix(";"), strict=False)
        except (ValueError, RecursionError):
            continue
        for node in _nodes(told):
            types = node.get("@type")
            if _ARTICLES.intersection(types if isinstance(types, list) else [str(types)]):
                yield node


def _nodes(told: object) -> Iterator[dict[str, object]]:
    ahead = [told]
    for _ in range(_MOST_NODES):
        if not ahead:
            return
        match ahead.pop(0):
            case dict() as node:
                yield node
                graph = node.get("@graph")
                ahead += (
                    graph
                    if isinstance(graph, list)
                    else [node.get("mainEntity"), node.get("mainEntityOfPage")]
                )
            case list() as nodes:
                ahead += nodes


def _names(value: object) -> str | None:
    """Return the names of people or organisations, joined; addresses are no names."""
    values = value if isinstance(value, list) else [value]
    names = [_text(each.get("name") if isinstance(each, dict) else each) for each in values]
    kept = dict.fromkeys(name for name in names if name and "://" not in name)
    return ", ".join(kept) or None


def _text(value: object) -> str | None:
    """Return a value as one line; of several, the first."""
    if isinstance(value, list):
        value = next((each for each in value if isinstance(each, str)), None)
    return " ".join(value.split()) or None if isinstance(value, str) else None
