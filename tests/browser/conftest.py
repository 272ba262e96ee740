"""A real Chromium, and real sites for it to visit."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from app.archive import open_archive
from app.web.app import create_app
from tests.browser.chromium import ADVICE, find_chromium
from tests.factories import make_settings
from tests.serving import filled_archive, served

# Without these, Chromium calls home at every start, and cannot run as root or without a screen.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        path = find_chromium(playwright.chromium.executable_path)
        if path is None:
            pytest.skip(f"no Chromium: {ADVICE}")
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A site over the samples."""
    with filled_archive(tmp_path_factory.mktemp("browser")) as archive, served(create_app(archive)) as site:
        yield site


@pytest.fixture(scope="session")
def seeds(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A site over the five seeds."""
    home = tmp_path_factory.mktemp("seeds")
    with open_archive(make_settings(home)) as archive:
        archive.ingest([shared / "seeds"])
        with served(create_app(archive)) as site:
            yield site


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser that has been nowhere."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB")
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """An empty tab; whatever a page's console says in anger fails the test."""
    page = context.new_page()
    page.on("console", lambda message: pytest.fail(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    return page
