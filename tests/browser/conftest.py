"""A real Chromium, and real sites for it to visit."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from app.archive import open_archive
from app.config import Settings
from app.web.app import create_app
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


def chromium(playwright_path: str) -> str:
    """Return a Chromium: the one that NEWSFOLD_CHROMIUM names, the system's, else Playwright's; or skip."""
    named = os.environ.get("NEWSFOLD_CHROMIUM")
    if named:
        return named
    for name in ("/usr/bin/chromium", "chromium", "chromium-browser", "google-chrome"):
        found = shutil.which(name)
        if found:
            return found
    if Path(playwright_path).is_file():
        return playwright_path
    pytest.skip(
        "no Chromium: `apt-get install chromium`, or `playwright install chromium`, or set NEWSFOLD_CHROMIUM"
    )


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        path = chromium(playwright.chromium.executable_path)
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
    with open_archive(Settings(home=home)) as archive:
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
