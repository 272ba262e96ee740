"""The pages in a real Chromium: searching, reading, finding one's way, on any screen and without JavaScript."""

import re
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect

pytestmark = pytest.mark.browser

ROUTES = [
    "/",
    "/?q=ferry",
    "/stories",
    "/sources",
    "/deliveries",
    "/deliveries/1",
    "/status",
    "/help",
    "/docs",
]
PROBLEMS = ["/?q=ferry+%22open", "/nothing"]


def address(site: httpx.Client, path: str) -> str:
    return str(site.base_url).rstrip("/") + path


def paths(site: httpx.Client) -> list[str]:
    """Every kind of page, with the largest story and the article with the most evidence."""
    story = max(site.get("/api/v1/stories?page_size=100").json()["stories"], key=lambda row: row["size"])
    articles = [
        site.get(f"/api/v1/articles/{brief['id']}").json()
        for brief in site.get(f"/api/v1/stories/{story['id']}").json()["articles"]
    ]
    richest = max(articles, key=lambda article: len(article["repeats"]) * 10 + len(article["dropped"]))
    copy = next(article for article in articles if article["duplicate_of"])
    compared = [
        f"/articles/{copy['id']}/compare/{copy['duplicate_of']}",
        f"/articles/{copy['id']}/syndication",
    ]
    return [*ROUTES, *PROBLEMS, f"/stories/{story['id']}", f"/articles/{richest['id']}", *compared]


def test_a_reader_types_searches_opens_a_story_and_sees_its_articles(
    page: Page, samples: httpx.Client
) -> None:
    page.goto(address(samples, "/"))
    page.get_by_label("Search the archive").fill("ferry inquiry judge")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(
        re.compile(r"^\d+ articles?, \d+ distinct, \d+ stor")
    )
    expect(page.locator("mark").first).to_be_visible()
    row = page.locator("li.hit").first
    size = int(re.findall(r"\d+", row.locator(".size").inner_text())[0])
    row.locator(".beneath a").first.click()
    expect(page).to_have_url(re.compile(r"/stories/\d+$"))
    articles = page.locator("main article h3 a, main .copies a")
    expect(articles).to_have_count(size)
    title = articles.first.inner_text()
    articles.first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


def test_a_question_is_completed_while_it_is_typed(page: Page, samples: httpx.Client) -> None:
    for path in ("/", "/?q=ferry", "/stories"):
        page.goto(address(samples, path))
        box = page.get_by_label("Search the archive")
        box.press("End")
        box.press_sequentially(" jud" if "q=" in path else "ferry jud")
        offered = page.locator("#completions option")
        expect(offered).to_have_count(1)
        expect(offered).to_have_attribute("value", "ferry judge")
        told = samples.get("/api/v1/suggestions?q=ferry+jud").json()["suggestions"][0]["articles"]
        expect(offered).to_have_attribute("label", f"{told} articles")


def test_the_rows_can_be_folded_another_way_and_the_form_remembers(page: Page, samples: httpx.Client) -> None:
    page.goto(address(samples, "/?q=ferry"))
    page.get_by_label("One row per").select_option("article")
    page.get_by_label("Order").select_option("newest first")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_label("One row per")).to_have_value("none")
    expect(page.get_by_label("Order")).to_have_value("newest")
    expect(page.get_by_label("Search the archive")).to_have_value("ferry")
    total = samples.get("/api/v1/search?q=ferry&fold=none").json()["total"]
    expect(page.locator("li.hit")).to_have_count(min(20, total))


def test_days_chosen_in_the_form_narrow_the_answer(page: Page, samples: httpx.Client) -> None:
    page.goto(address(samples, "/?q=*&fold=none"))
    page.get_by_label("From").fill("2025-04-01")
    page.get_by_label("To", exact=True).fill("2025-04-30")
    page.get_by_role("button", name="Search").click()
    expect(page.locator(".read")).to_contain_text("published from 2025-04-01 to 2025-04-30")
    days = page.locator("li.hit .meta time")
    assert all("April 2025" in day for day in days.all_inner_texts())


def test_the_wrong_part_of_a_question_is_marked_in_its_place(
    page: Page, context: BrowserContext, samples: httpx.Client
) -> None:
    tab = context.new_page()  # the console reports the 400 itself
    tab.goto(address(samples, "/"))
    tab.get_by_label("Search the archive").fill('storm AND "coast')
    tab.get_by_role("button", name="Search").click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("The question cannot be understood")
    expect(tab.locator(".query")).to_have_text('storm AND "coast')
    expect(tab.locator(".query .wrong")).to_have_text('"')
    left = tab.locator(".query .wrong").bounding_box()
    start = tab.locator(".query code").bounding_box()
    assert left
    assert start
    assert left["x"] > start["x"] + 9 * 7  # ten characters of the fixed-width face stand before it
    expect(tab.get_by_label("Search the archive")).to_have_value('storm AND "coast')


def test_no_request_leaves_the_machine(browser: Browser, samples: httpx.Client) -> None:
    context = browser.new_context()
    asked: list[str] = []

    def note(request: Request) -> None:
        asked.append(request.url)

    context.on("request", note)
    page = context.new_page()
    for path in paths(samples):
        page.goto(address(samples, path))
    context.close()
    assert {urlsplit(url).netloc for url in asked} == {urlsplit(str(samples.base_url)).netloc}
    assert any(".css" in url for url in asked)


def test_everything_works_without_javascript(browser: Browser, samples: httpx.Client) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address(samples, "/"))
    page.get_by_label("Search the archive").fill("ferry")
    page.get_by_role("button", name="Search").click()
    page.locator("li.hit h2 a").first.click()
    expect(page.locator(".text p").first).to_be_visible()
    page.locator(".record a").first.click()
    expect(page.locator("main article").first).to_be_visible()
    context.close()


@pytest.mark.parametrize("width", [360, 390, 700, 1280])
def test_no_page_is_wider_than_the_screen(browser: Browser, samples: httpx.Client, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    for path in paths(samples):
        page.goto(address(samples, path))
        page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, path
    context.close()


def test_what_a_table_says_is_not_torn_apart_on_a_narrow_screen(
    browser: Browser, samples: httpx.Client
) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 800})
    page = context.new_page()
    for path in ("/deliveries/1", "/docs"):
        page.goto(address(samples, path))
        links = page.locator("td a, td code")
        assert links.count() > 3
        torn = links.evaluate_all(
            """each => each
              .filter(one => one.offsetHeight > 1.7 * parseFloat(getComputedStyle(one.parentElement).lineHeight))
              .map(one => one.outerHTML)"""
        )
        assert torn == [], path
    context.close()


def test_a_line_of_text_is_as_long_as_a_reader_likes_it(page: Page, samples: httpx.Client) -> None:
    page.goto(address(samples, next(path for path in paths(samples) if path.startswith("/articles"))))
    characters = page.evaluate(
        """() => {
          const range = document.createRange(), lines = [];
          for (const paragraph of document.querySelectorAll('.text p')) {
            range.selectNodeContents(paragraph);
            const tops = new Set([...range.getClientRects()].map(box => Math.round(box.top)));
            if (tops.size > 3) lines.push(paragraph.innerText.length / tops.size);
          }
          return lines.sort((a, b) => a - b)[Math.floor(lines.length / 2)];
        }"""
    )
    assert 55 <= characters <= 80


# Every visible element with text of its own: its ink, the ground it stands on, and the start of its HTML.
COLOURS = """() => {
  const clear = 'rgba(0, 0, 0, 0)', style = element => getComputedStyle(element);
  const worded = element => [...element.childNodes].some(node => node.nodeType === 3 && node.textContent.trim());
  const ground = element => {
    while (element !== document.body && style(element).backgroundColor === clear) element = element.parentElement;
    return style(element).backgroundColor;
  };
  return [...document.querySelectorAll('body *')]
    .filter(element => worded(element) && element.offsetParent)
    .map(element => [style(element).color, ground(element), element.outerHTML.slice(0, 90)]);
}"""


def luminance(colour: str) -> float:
    """The relative luminance of a CSS ``rgb()`` colour (WCAG 2.2)."""
    parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_stands_out_from_its_ground(browser: Browser, samples: httpx.Client, scheme: str) -> None:
    context = browser.new_context(color_scheme="dark" if scheme == "dark" else "light")
    page = context.new_page()
    for path in paths(samples):
        page.goto(address(samples, path))
        pairs = page.evaluate(COLOURS)
        assert pairs
        for ink, ground, html in pairs:
            light, dark = sorted((luminance(ink), luminance(ground)), reverse=True)
            assert (light + 0.05) / (dark + 0.05) >= 4.5, (path, html, ink, ground)
    context.close()


def test_the_keyboard_finds_the_text_and_shows_where_it_is(page: Page, samples: httpx.Client) -> None:
    page.goto(address(samples, "/stories"))
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the text")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    focused = page.locator("main a:focus")
    expect(focused).to_have_count(1)
    assert focused.evaluate("e => getComputedStyle(e).outlineStyle") == "solid"


def test_hostile_text_runs_nothing(context: BrowserContext, samples: httpx.Client) -> None:
    page = context.new_page()
    page.on("dialog", lambda dialog: pytest.fail(f"a script ran: {dialog.message}"))
    for path in ("/?q=brickyard", "/?q=%3Cscript%3Ealert(1)%3C%2Fscript%3E", "/deliveries/2", "/sources"):
        page.goto(address(samples, path))
    page.goto(address(samples, "/?q=brickyard"))
    page.locator("li.hit h2 a").first.click()
    expect(page.locator(".text")).to_contain_text("<script>alert(3)</script>")
    assert page.locator("main script, main img").count() == 0


def test_a_reader_goes_from_a_duplicate_to_both_texts_side_by_side(page: Page, samples: httpx.Client) -> None:
    copy = samples.get("/api/v1/search?q=is:duplicate&fold=none").json()["hits"][0]["article"]
    page.goto(address(samples, f"/articles/{copy['id']}"))
    page.get_by_role("link", name="Side by side").first.click()
    expect(page).to_have_url(re.compile(rf"/articles/{copy['id']}/compare/\d+$"))
    sides = page.locator("header .side")
    boxes = [side.bounding_box() for side in sides.all()]
    assert boxes[0]
    assert boxes[1]
    assert boxes[0]["y"] == boxes[1]["y"]
    page.set_viewport_size({"width": 390, "height": 800})
    stacked = [side.bounding_box() for side in sides.all()]
    assert stacked[0]
    assert stacked[1]
    assert stacked[0]["x"] == stacked[1]["x"]
    page.get_by_role("link", name="Change sides").click()
    expect(page).to_have_url(re.compile(rf"/articles/\d+/compare/{copy['id']}$"))


def test_the_file_as_received_is_saved_and_not_shown(page: Page, samples: httpx.Client) -> None:
    page.goto(address(samples, "/?q=brickyard"))
    page.locator("li.hit h2 a").first.click()
    with page.expect_download() as saving:
        page.get_by_role("link", name="The file as received").click()
    assert saving.value.suggested_filename == "mar_k_et.txt"


@pytest.mark.shared
def test_the_summit_story_of_the_seeds_shows_its_five_articles(page: Page, seeds: httpx.Client) -> None:
    page.goto(address(seeds, "/"))
    expect(page.locator(".holds")).to_have_text("The archive holds 13 articles, 13 distinct, 9 stories.")
    page.get_by_label("Search the archive").fill("Budapest summit")
    page.get_by_role("button", name="Search").click()
    summit = page.locator("li.hit").filter(has_text="5 articles")
    expect(summit).to_have_count(1)
    summit.locator(".beneath a").first.click()
    articles = page.locator("main article h3 a")
    expect(articles).to_have_count(5)
    files = set()
    for link in [each.get_attribute("href") for each in articles.all()]:
        page.goto(address(seeds, str(link)))
        expect(page.locator(".text p").first).to_be_visible()
        files.add(page.locator(".evidence .file").first.inner_text()[:3])
    assert files == {"000", "001", "002", "003", "004"}
