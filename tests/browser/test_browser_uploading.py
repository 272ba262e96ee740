"""Sending files in a real Chromium, without JavaScript: looked at first, taken in, and the report that follows."""

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, expect

from app.archive import open_archive
from app.web.app import create_app
from tests.factories import article, make_settings
from tests.serving import served
from tests.unit.test_intake_page import JSON_LD, page

pytestmark = pytest.mark.browser


@pytest.fixture
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A site over an empty archive."""
    home = tmp_path_factory.mktemp("uploading")
    with open_archive(make_settings(home)) as archive, served(create_app(archive)) as client:
        yield client


@pytest.mark.parametrize("width", [1280, 390])
def test_a_reader_looks_at_files_and_takes_them_in(
    browser: Browser, site: httpx.Client, tmp_path: Path, width: int
) -> None:
    (tmp_path / "report.txt").write_text(article(1), encoding="utf-8")
    (tmp_path / "bridge.html").write_bytes(page(JSON_LD))
    (tmp_path / "empty.txt").write_bytes(b"")
    context = browser.new_context(java_script_enabled=False, viewport={"width": width, "height": 800})
    tab = context.new_page()
    base = str(site.base_url).rstrip("/")
    tab.goto(f"{base}/deliveries")
    tab.get_by_role("link", name="Take in files").first.click()
    tab.get_by_label("Files: choose them").set_input_files([*sorted(tmp_path.iterdir())])
    tab.get_by_label("Source: the outlet").fill("Harwick Post")
    tab.get_by_role("button", name="See how they would be read").click()
    expect(tab.get_by_text("Nothing has been taken in yet")).to_be_visible()
    expect(tab.get_by_role("rowheader", name="Council agrees to rebuild bridge")).to_be_visible()
    expect(tab.get_by_text("Not read: The file is empty")).to_be_visible()
    assert site.get("/api/v1/deliveries").json()["total"] == 0
    tab.get_by_role("button", name="Take them in").click()
    expect(tab).to_have_url(re.compile(r"/deliveries/1$"))
    expect(tab.get_by_role("link", name="article 2")).to_be_visible(
        timeout=20_000
    )  # the page follows by itself
    expect(tab.get_by_text("It is being read")).to_have_count(0, timeout=20_000)
    tab.get_by_role("link", name=re.compile(r"new \(2\)")).click()
    expect(tab.get_by_role("link", name="article 1")).to_be_visible()
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    context.close()
