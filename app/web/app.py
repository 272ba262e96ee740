"""The whole site on one screen."""

from collections.abc import AsyncIterator, Callable, Collection
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext
from functools import partial
from importlib.metadata import version
from typing import TypedDict

from fastapi import FastAPI

from app.archive import Archive, open_archive
from app.collector import collect_seldom
from app.config import load_settings
from app.logs import configure_logs
from app.web import decisions, feeds, uploads
from app.web.api import api
from app.web.changes import Changes
from app.web.guard import Guard
from app.web.openapi import DESCRIPTION, TAGS, describe
from app.web.pages import pages
from app.web.problems import HANDLED, refuse
from app.web.render import Assets
from app.worker import Upkeep, Worker


class State(TypedDict):
    """What every request finds in ``request.state``."""

    archive: Archive


def create_app(archive: Archive, *, hosts: Collection[str] = ()) -> FastAPI:
    """Return the site over an archive that its caller opened and will close.

    ``hosts`` are the names it answers to besides localhost and addresses in numbers; ``*`` means all. While it runs,
    workers keep the index up to date and take in what is uploaded.
    """
    return _site(nullcontext(archive), hosts, archive.settings.max_upload_bytes)


def create_app_from_environment() -> FastAPI:
    """Return the site as ``uvicorn --factory --workers`` makes it in each process: over an archive of its own."""
    settings = load_settings()
    configure_logs(settings.log_level)
    collect_seldom()
    hosts = settings.hosts.replace(",", " ").split()
    return _site(open_archive(settings), hosts, settings.max_upload_bytes)


def _take_next(archive: Archive, stopping: Callable[[], bool]) -> bool:
    archive.take_next(stopping=stopping)
    return True


def _ask_next(archive: Archive, _: Callable[[], bool]) -> bool:
    archive.subscriptions.ask_due()
    return True


def _site(opened: AbstractContextManager[Archive], hosts: Collection[str], max_upload_bytes: int) -> FastAPI:
    @asynccontextmanager
    async def running(_: FastAPI) -> AsyncIterator[State]:
        with opened as archive:
            workers = (
                Worker("index", Upkeep(archive.catch_up, archive.verify_index, archive.empty_log)),
                Worker("intake", partial(_take_next, archive)),
                Worker("feeds", partial(_ask_next, archive)),
            )
            for worker in workers:
                worker.start()
            try:
                yield {"archive": archive}
            finally:
                for worker in workers:
                    worker.stop()
                for worker in workers:
                    worker.wait()

    site = FastAPI(
        title="Newsfold",
        version=version("newsfold"),
        description=DESCRIPTION,
        openapi_tags=TAGS,
        docs_url=None,  # FastAPI's own pages load their scripts from elsewhere; /docs is ours
        redoc_url=None,
        lifespan=running,
    )
    for error in HANDLED:
        site.add_exception_handler(error, refuse)
    site.add_middleware(Changes, max_upload_bytes=max_upload_bytes)
    site.add_middleware(Guard, hosts=hosts)
    for router in (
        uploads.api,
        api,
        decisions.api,
        feeds.api,
        uploads.pages,
        pages,
        decisions.pages,
        feeds.pages,
    ):
        site.include_router(router)
    site.mount("/static", Assets(), name="static")
    describe(site)
    return site
