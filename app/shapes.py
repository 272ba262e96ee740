"""From a view of the domain to the JSON of ``app.schema``: the one way there, for the API and for ``--json``.

Law: nothing is added to a view but ``next``, the address of the next page in the API.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from urllib.parse import urlencode

from app import schema, schema_compared, schema_status
from app.domain import attention, decision, delivery, feed, query, status, views

API = "/api/v1"


def shape_results(
    results: query.Results,
    *,
    published_from: date | None = None,
    published_to: date | None = None,
    chosen: Mapping[query.Facet, Collection[str]] = MappingProxyType({}),
    by_cursor: bool = False,
) -> schema.Results:
    """Return the JSON of a page of results; the days, what is chosen and whether it was asked by cursor are those of
    the question, for ``next``."""
    if not (results.next_cursor if by_cursor else results.has_next):
        return schema.Results.model_validate(results)
    asked = {"q": results.query, "fold": results.fold, "sort": results.sort}
    days = {"from": published_from, "to": published_to}
    given = asked | {name: day.isoformat() for name, day in days.items() if day}
    explained = {"explain": "1"} if any(hit.reasons is not None for hit in results.hits) else {}
    facets = {"facet": [str(view.facet) for view in results.facets]}
    narrowed = {str(facet): sorted(values) for facet, values in chosen.items()}
    where = {"cursor": str(results.next_cursor)} if by_cursor else {"page": str(results.page + 1)}
    page = where | {"page_size": str(results.page_size)}
    following = urlencode(given | narrowed | facets | explained | page, doseq=True)
    return schema.Results.model_validate(results).model_copy(update={"next": f"{API}/search?{following}"})


def shape_attention(found: attention.Attention) -> schema.Attention:
    """Return the JSON of what matches over time."""
    return schema.Attention.model_validate(found)


def attention_as_csv(found: attention.Attention) -> str:
    """Return the periods as a table for spreadsheets and programs (RFC 4180)."""
    rows = shape_attention(found).periods
    lines = (f"{row.first},{row.last},{row.articles},{row.of},{row.share}" for row in rows)
    return "".join(f"{line}\r\n" for line in (",".join(schema.Period.model_fields), *lines))


def shape_suggestions(typed: str, found: Sequence[query.Suggestion]) -> schema.Suggestions:
    """Return the JSON of what a question may become."""
    return schema.Suggestions(query=typed, suggestions=tuple(map(schema.Suggestion.model_validate, found)))


def shape_article(article: views.ArticleView) -> schema.Article:
    """Return the JSON of an article."""
    return schema.Article.model_validate(article)


def shape_comparison(comparison: views.ComparisonView) -> schema_compared.Comparison:
    """Return the JSON of two articles side by side."""
    return schema_compared.Comparison.model_validate(comparison)


def shape_syndication(found: views.SyndicationView) -> schema_compared.Syndication:
    """Return the JSON of a page of those who carried an article."""
    listing = found.carriers
    following = _next(f"articles/{found.asked}/syndication", listing)
    return schema_compared.Syndication(
        total=listing.total,
        page=listing.page,
        page_size=listing.page_size,
        next=following["next"],
        article=found.asked,
        original=schema.Brief.model_validate(found.original),
        carriers=tuple(schema_compared.Carrier.model_validate(each) for each in listing.rows),
    )


def shape_story(story: views.StoryView) -> schema.Timeline:
    """Return the JSON of a story."""
    return schema.Timeline.model_validate(story)


def shape_report(report: delivery.Report) -> schema.Report:
    """Return the JSON of a delivery's report."""
    return schema.Report.model_validate(report)


def shape_taken(report: delivery.Report, item: delivery.ItemReport) -> schema.Taken:
    """Return the JSON of what became of one article that was sent."""
    return schema.Taken.model_validate(
        {
            "delivery": report.delivery,
            "outcome": item.outcome,
            "article": item.article,
            "duplicate_of": item.duplicate_of,
            "story": item.story,
        }
    )


def _next(path: str, listing: views.Listing[views.Row]) -> dict[str, str | None]:
    if not listing.has_next:
        return {"next": None}
    return {"next": f"{API}/{path}?page={listing.page + 1}&page_size={listing.page_size}"}


def shape_stories(listing: views.Listing[views.StoryRow]) -> schema.Stories:
    """Return the JSON of a page of stories."""
    return schema.Stories.model_validate(listing).model_copy(update=_next("stories", listing))


def shape_doubtful(listing: views.Listing[views.DoubtfulView]) -> schema.DoubtfulLinks:
    """Return the JSON of a page of doubtful links."""
    return schema.DoubtfulLinks.model_validate(listing).model_copy(update=_next("doubtful", listing))


def shape_sources(listing: views.Listing[views.SourceRow]) -> schema.Sources:
    """Return the JSON of a page of sources."""
    return schema.Sources.model_validate(listing).model_copy(update=_next("sources", listing))


def shape_deliveries(listing: views.Listing[views.DeliveryRow]) -> schema.Deliveries:
    """Return the JSON of a page of deliveries."""
    return schema.Deliveries.model_validate(listing).model_copy(update=_next("deliveries", listing))


def shape_fates(listing: views.Listing[delivery.ItemReport], *, of: int, outcome: str | None) -> schema.Fates:
    """Return the JSON of a page of what became of texts."""
    path = f"deliveries/{of}/items"
    told = _next(path, listing)
    if outcome and told["next"]:
        told = {"next": f"{told['next']}&outcome={outcome}"}
    return schema.Fates.model_validate(listing).model_copy(update=told)


def shape_feed(found: feed.Feed) -> schema.Feed:
    """Return the JSON of a feed."""
    return schema.Feed.model_validate(found)


def shape_feeds(listing: views.Listing[feed.Feed]) -> schema.Feeds:
    """Return the JSON of a page of feeds."""
    return schema.Feeds.model_validate(listing).model_copy(update=_next("feeds", listing))


def shape_decision(made: decision.Decision) -> schema.Decision:
    """Return the JSON of a decision."""
    return schema.Decision.model_validate(made)


def shape_decisions(
    listing: views.Listing[decision.Decision], *, article: int | None = None, story: int | None = None
) -> schema.Decisions:
    """Return the JSON of a page of decisions; ``article`` and ``story`` are what it was asked with, for ``next``."""
    asked = {name: value for name, value in (("article", article), ("story", story)) if value}
    following = _next("decisions", listing)
    if asked and following["next"]:
        following = {"next": f"{following['next']}&{urlencode(asked)}"}
    return schema.Decisions.model_validate(listing).model_copy(update=following)


def shape_status(found: status.Status) -> schema_status.Status:
    """Return the JSON of how the archive is."""
    return schema_status.Status.model_validate(found)
