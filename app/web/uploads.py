"""What comes in over the web: one article, whole deliveries, and the pages to send them from.

Law: what is sent is read in the background; a page does what the API does.
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from app import schema, shapes
from app.domain.article import DeliveryId
from app.domain.delivery import Outcome
from app.web.deps import Id, NoParameters, OpenArchive, given_once
from app.web.openapi import ARTICLE_BODY, FILES_BODY, answers
from app.web.receiving import Named, Sent, receive, receive_form, take_article
from app.web.render import page

_NEW = frozenset({Outcome.NEW, Outcome.DUPLICATE})

api = APIRouter(prefix=shapes.API, dependencies=[Depends(given_once)])
pages = APIRouter(
    default_response_class=HTMLResponse, include_in_schema=False, dependencies=[Depends(given_once)]
)

About = Annotated[Sent, Query()]
AboutBody = Annotated[Named, Query()]
Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=200,
        description="The sender's own name for the delivery: sent again under it, it is the same one.",
    ),
]


@api.post(
    "/articles",
    summary="Take in one article",
    tags=["Articles"],
    status_code=201,
    responses=answers("taken", 403, 410, 413, status=201),
    openapi_extra=ARTICLE_BODY,
)
async def take(request: Request, archive: OpenArchive, about: About, response: Response) -> schema.Taken:
    """Take in one article as a JSON object, its fields by their usual names (docs/formats.md). Answered with 200 where
    its text was known; a person's withdrawal holds, and is answered with 410."""
    taken = await run_in_threadpool(take_article, archive, await request.body(), about)
    response.headers["Location"] = f"{shapes.API}/articles/{taken.article}"
    response.status_code = 201 if taken.outcome in _NEW else 200
    return taken


@api.post(
    "/deliveries",
    summary="Take in a delivery",
    tags=["Deliveries"],
    status_code=202,
    responses=answers("delivery", 403, 409, 413, status=202),
    openapi_extra=FILES_BODY,
)
async def send(
    request: Request, archive: OpenArchive, about: AboutBody, response: Response, key: Key = None
) -> schema.Report:
    """Send files as a form (multipart/form-data), or one file as the body (JSON Lines, or anything that is read). They
    are read in the background; the answer names the delivery, which says how far it is."""
    delivery = await receive(request, archive, about, key)
    response.headers["Location"] = f"{shapes.API}/deliveries/{delivery}"
    return shapes.shape_report(await run_in_threadpool(archive.delivery, delivery))


@api.post(
    "/deliveries/{delivery}/retry",
    summary="Read again what a delivery rejected",
    tags=["Deliveries"],
    status_code=202,
    responses=answers("delivery", 403, 404, 409, status=202),
)
def retry(archive: OpenArchive, delivery: Id, response: Response, _: NoParameters) -> schema.Report:
    """Read the files that a delivery rejected once more, as a delivery of their own, in the background: after an
    update, when an extra was installed or a limit was raised. What was never kept is to be sent again."""
    again = archive.retry_later(DeliveryId(delivery))
    response.headers["Location"] = f"{shapes.API}/deliveries/{again}"
    return shapes.shape_report(archive.delivery(again))


@pages.post("/deliveries/{delivery}/retry")
def retried(archive: OpenArchive, delivery: Id, _: NoParameters) -> Response:
    """Read again what a delivery rejected, and lead to the new one."""
    return RedirectResponse(f"/deliveries/{archive.retry_later(DeliveryId(delivery))}", status_code=303)


@pages.get("/deliveries/new")
def choose(request: Request, _: NoParameters) -> Response:
    """The form by which files are sent."""
    return page(request, "upload.html")


@pages.post("/deliveries")
async def sent(request: Request, archive: OpenArchive) -> Response:
    """Take files in, or show first how they would be read."""
    name, chosen = await receive_form(request, archive)
    if chosen.action == "look":
        return RedirectResponse(f"/parcels/{name}", status_code=303)
    delivery = await run_in_threadpool(archive.announce, name)
    return RedirectResponse(f"/deliveries/{delivery}", status_code=303)


@pages.get("/parcels/{parcel}")
def look(request: Request, archive: OpenArchive, parcel: str, _: NoParameters) -> Response:
    """How files that were sent would be read, before they are taken in."""
    return page(request, "parcel.html", parcel=parcel, looked=archive.look(parcel))


@pages.post("/parcels/{parcel}/take")
def take_parcel(archive: OpenArchive, parcel: str, _: NoParameters) -> Response:
    """Take in what was looked at."""
    return RedirectResponse(f"/deliveries/{archive.announce(parcel)}", status_code=303)
