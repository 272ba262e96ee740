"""Subscriptions over the web: listed, added, asked at once, removed.

Law: a form does what the API does, and leads back to the list.
"""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool

from app import schema, shapes
from app.domain.feed import FeedId
from app.web import forms
from app.web.deps import Id, ListParameters, NoParameters, OpenArchive, given_once
from app.web.openapi import OPML_BODY, answers
from app.web.render import page

api = APIRouter(prefix=f"{shapes.API}/feeds", tags=["Feeds"], dependencies=[Depends(given_once)])
pages = APIRouter(
    prefix="/feeds",
    default_response_class=HTMLResponse,
    include_in_schema=False,
    dependencies=[Depends(given_once)],
)


class Wanted(BaseModel):
    """A feed to subscribe to."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: str = Field(
        description="Its address.", max_length=1000, examples=["https://gazette.example/feed.xml"]
    )
    source: str | None = Field(
        default=None, max_length=300, description="The outlet, where the feed's own title is not it."
    )
    whole_pages: bool = Field(
        default=False, description="Whether the pages its entries lead to are fetched, and taken in instead."
    )


@api.get("", summary="List the feeds", responses=answers("feeds"))
def feeds(archive: OpenArchive, listed: ListParameters) -> schema.Feeds:
    """List the feeds that are asked from time to time, those in trouble first."""
    listing = archive.subscriptions.list_feeds(page=listed.page, page_size=listed.page_size)
    return shapes.shape_feeds(listing)


@api.post("", summary="Subscribe to a feed", status_code=201, responses=answers("feed", 403, 413, status=201))
def subscribe(archive: OpenArchive, wanted: Wanted, response: Response, _: NoParameters) -> schema.Feed:
    """Subscribe to a feed, which is asked at once and then every half hour; answered with 200 where it was there."""
    feed, is_new = archive.subscriptions.add(wanted.url, source=wanted.source, whole_pages=wanted.whole_pages)
    response.headers["Location"] = f"{shapes.API}/feeds/{feed.id}"
    response.status_code = 201 if is_new else 200
    return shapes.shape_feed(feed)


@api.post(
    "/import",
    summary="Subscribe to the feeds of a list",
    status_code=201,
    responses=answers("imported", 403, 413, status=201),
    openapi_extra=OPML_BODY,
)
async def take_over(request: Request, archive: OpenArchive, _: NoParameters) -> schema.Imported:
    """Subscribe to the feeds that a list of another reader names (OPML)."""
    new, named = await run_in_threadpool(archive.subscriptions.import_list, await request.body())
    return schema.Imported(named=named, new=new)


@api.get("/{feed}", summary="Show a feed", responses=answers("feed", 404))
def feed(archive: OpenArchive, feed: Id, _: NoParameters) -> schema.Feed:
    """Return a feed and how it is."""
    return shapes.shape_feed(archive.subscriptions.find(FeedId(feed)))


@api.post(
    "/{feed}/poll",
    summary="Ask a feed at once",
    status_code=202,
    responses=answers("feed", 403, 404, status=202),
)
def poll(archive: OpenArchive, feed: Id, _: NoParameters) -> schema.Feed:
    """Let a feed be asked in the background as soon as can be."""
    archive.subscriptions.ask_again(FeedId(feed))
    return shapes.shape_feed(archive.subscriptions.find(FeedId(feed)))


@api.delete("/{feed}", summary="Unsubscribe from a feed", responses=answers("feed", 403, 404))
def unsubscribe(archive: OpenArchive, feed: Id, _: NoParameters) -> schema.Feed:
    """Ask a feed no more, and return it as it was; the articles it gave stay."""
    shown = shapes.shape_feed(archive.subscriptions.find(FeedId(feed)))
    archive.subscriptions.remove(FeedId(feed))
    return shown


Form = Annotated[Mapping[str, object], Depends(forms.filled_in)]


@pages.get("")
def listed(request: Request, archive: OpenArchive, asked: ListParameters) -> Response:
    """The feeds, with their health."""
    listing = archive.subscriptions.list_feeds(page=asked.page, page_size=asked.page_size)
    return page(request, "feeds.html", listing=listing)


@pages.post("")
def added(archive: OpenArchive, form: Form) -> Response:
    """Subscribe to a feed."""
    wanted = forms.checked(Wanted, form)
    archive.subscriptions.add(wanted.url, source=wanted.source, whole_pages=wanted.whole_pages)
    return RedirectResponse("/feeds", status_code=303)


@pages.post("/{feed}/poll")
def polled(archive: OpenArchive, feed: Id, _: NoParameters) -> Response:
    """Let a feed be asked at once."""
    archive.subscriptions.ask_again(FeedId(feed))
    return RedirectResponse("/feeds", status_code=303)


@pages.post("/{feed}/remove")
def removed(archive: OpenArchive, feed: Id, _: NoParameters) -> Response:
    """Ask a feed no more."""
    archive.subscriptions.remove(FeedId(feed))
    return RedirectResponse("/feeds", status_code=303)
