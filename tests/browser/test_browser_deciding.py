"""Deciding in a real Chromium: a duplicate ruled apart on its page, seen there and in the log, and taken back."""

import re
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from app.web.app import create_app
from tests.serving import filled_archive, served

pytestmark = pytest.mark.browser


@pytest.fixture
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A site over the samples, of which this test alone may change something."""
    with filled_archive(tmp_path_factory.mktemp("deciding")) as archive, served(create_app(archive)) as site:
        yield site


@pytest.mark.parametrize("width", [1280, 390])
def test_a_reader_rules_a_duplicate_apart_sees_it_and_takes_it_back(
    browser: Browser, site: httpx.Client, width: int
) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": width, "height": 800})
    page = context.new_page()
    copy = site.get("/api/v1/search?q=is:duplicate&fold=none").json()["hits"][0]["article"]
    page.goto(f"{str(site.base_url).rstrip('/')}/articles/{copy['id']}")
    expect(page.get_by_text("This text repeats")).to_be_visible()
    page.get_by_text("Decide about this article").click()
    page.get_by_role("button", name="Decide").click()
    expect(page.get_by_text("This text repeats")).to_be_visible()  # the browser asks for what is missing
    page.get_by_label("It is not a duplicate").check()
    sign(page, "Ada Marsh", "Two reports of one day.")
    page.get_by_role("button", name="Decide").click()
    expect(page).to_have_url(re.compile(rf"/articles/{copy['id']}$"))
    expect(page.get_by_text("This text repeats")).to_have_count(0)
    page.get_by_text("1 decision of a person is in force here").get_by_role("link").click()
    expect(page.locator(".log .tag")).to_have_text("in force")
    page.get_by_text("Undo decision 1").click()
    expect(page.get_by_label("Your name")).to_have_value("Ada Marsh")
    sign(page, "Ada Marsh", "I was wrong.")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("This text repeats")).to_be_visible()
    context.close()


def test_a_page_elsewhere_decides_nothing_in_the_reader_s_browser(
    browser: Browser, site: httpx.Client
) -> None:
    port = site.base_url.port
    context = browser.new_context()
    page = context.new_page()
    form = (
        f'<form method="post" action="http://127.0.0.1:{port}/decisions"><input name="action" value="withdraw">'
        '<input name="withdraw.article" value="1"><input name="who" value="x"><input name="why" value="x">'
        "<button>Win</button></form>"
    )
    # The same server under its other name is another site to a browser.
    page.route("**/elsewhere", lambda route: route.fulfill(body=form, content_type="text/html"))
    page.goto(f"http://localhost:{port}/elsewhere")
    page.get_by_role("button", name="Win").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Not changed from there")
    assert site.get("/api/v1/articles/1").status_code == 200
    context.close()


def sign(page: Page, who: str, why: str) -> None:
    page.get_by_label("Your name").fill(who)
    page.get_by_label("Why").fill(why)
