"""The pages over a real server and a real archive of the samples: what they say, and that they are sound HTML."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import httpx
import pytest

from app.archive import Archive, open_archive
from app.config import Settings
from app.domain.article import ArticleId
from app.domain.query import Fold
from app.web.app import create_app
from tests.factories import article as paragraphs
from tests.factories import make_settings, write
from tests.integration.test_decisions import variants
from tests.serving import filled_archive, served

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


class Outline(HTMLParser):
    """Reads a page strictly: what is opened is closed, in order; collects ids, headings, links and loaded files."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.headings: list[str] = []
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.labelled: set[str] = set()
        self.fields: set[str] = set()
        self.inline: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag not in VOID:
            self.open.append(tag)
        if "id" in given:
            self.ids.append(given["id"])
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(tag)
        if tag == "a":
            self.links.append(given["href"])
        if tag in {"link", "script", "img", "iframe"}:
            self.loaded.append(given.get("href") or given.get("src") or "")
        if tag == "label":
            self.labelled.add(given["for"])
        if tag in {"input", "select"} and given.get("type") != "hidden":
            self.fields.add(given["id"])
        written_in = tag == "style" or (tag == "script" and "src" not in given)
        if written_in or "style" in given or any(name.startswith("on") for name in given):
            self.inline.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    with filled_archive(tmp_path_factory.mktemp("web")) as archive:
        yield archive


@pytest.fixture(scope="module")
def site(archive: Archive) -> Iterator[httpx.Client]:
    with served(create_app(archive)) as client:
        yield client


def read(site: httpx.Client, path: str, status: int = 200) -> str:
    answer = site.get(path)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    return answer.text


@pytest.fixture(scope="module")
def crawled(site: httpx.Client) -> dict[str, str]:
    """Every page that links from the front page lead to (but no searches that other searches offer), and problems."""
    waiting = ["/", "/?q=ferry&fold=story&sort=relevance&from=&to=", "/?q=ferry&fold=none", "/docs"]
    found: dict[str, str] = {}
    while waiting:
        path = waiting.pop()
        if path in found:
            continue
        found[path] = read(site, path)
        for link in Outline(found[path]).links:
            address = link.partition("#")[0]
            if address.startswith("?"):
                address = path.partition("?")[0] + address
            asked = address.endswith("/similar") or ("?" in path and "?" in address)
            beyond = asked or address.startswith(("/api/", "/openapi"))
            if address and not beyond:
                waiting.append(address)
    return found | {path: site.get(path).text for path in ("/nothing", "/?q=%22", "/?page=0", "/?nothing=1")}


def test_every_kind_of_page_can_be_reached_from_the_front_page(crawled: dict[str, str]) -> None:
    for path in ("/stories", "/sources", "/deliveries", "/deliveries/1", "/help", "/docs"):
        assert path in crawled
    assert any(re.fullmatch(r"/articles/\d+", path) for path in crawled)
    assert any(re.fullmatch(r"/stories/\d+", path) for path in crawled)


def test_every_page_is_sound(crawled: dict[str, str]) -> None:
    for path, html in crawled.items():
        outline = Outline(html)
        assert outline.open == [], path
        assert len(outline.ids) == len(set(outline.ids)), path
        assert outline.headings.count("h1") == 1, path
        levels = [int(heading[1]) for heading in outline.headings]
        assert all(after <= before + 1 for before, after in pairwise(levels)), (
            path,
            levels,
        )
        assert outline.fields <= outline.labelled, path


def test_no_script_is_written_into_a_page_and_nothing_is_loaded_from_elsewhere(
    crawled: dict[str, str],
) -> None:
    for path, html in crawled.items():
        outline = Outline(html)
        assert outline.inline == [], path
        assert all(address.startswith("/") and not address.startswith("//") for address in outline.loaded), (
            path
        )


def test_every_link_leads_somewhere(site: httpx.Client, crawled: dict[str, str]) -> None:
    links = {link.partition("#")[0] for html in crawled.values() for link in Outline(html).links}
    for link in links:
        if link.startswith(("/api/", "/openapi")):
            assert site.get(link).status_code == 200, link


def test_what_a_row_folds_away_is_offered_without_nesting_the_question_ever_deeper(
    site: httpx.Client,
) -> None:
    path = "/?q=ferry+OR+storm&fold=story"
    for _ in range(4):
        links = Outline(read(site, path)).links
        narrower = next((link for link in links if "fold=none" in link and "story%3A" in link), path)
        path = narrower.replace("fold=none", "fold=story")
    assert path.count("story%3A") == 1


def test_the_front_page_shows_the_newest_and_how_much_there_is(site: httpx.Client, archive: Archive) -> None:
    html = read(site, "/")
    totals = archive.totals()
    assert f"{totals.articles} articles, {totals.originals} distinct, {totals.stories} stories" in html
    newest = archive.search("*", fold=Fold.NONE).hits
    assert any(f'href="/articles/{hit.article.id}"' in html for hit in newest)


def test_results_show_totals_highlights_and_how_the_question_was_read(
    site: httpx.Client, archive: Archive
) -> None:
    found = archive.search("ferry inquiry")
    html = read(site, "/?q=ferry+inquiry")
    assert f"{found.total} articles, {found.total_originals} distinct, {found.total_stories} stor" in html
    assert found.interpretation in html
    assert "<mark>" in html
    assert 'value="ferry inquiry"' in html


def test_what_a_row_folds_away_is_one_click_below_it(site: httpx.Client, archive: Archive) -> None:
    hit = next(hit for hit in archive.search("ferry OR inquiry").hits if hit.folded)
    html = read(site, "/?q=ferry+OR+inquiry")
    link = next(link for link in Outline(html).links if f"story%3A{hit.story.id}" in link)
    assert f"<h1>{hit.folded + 1} articles, " in read(site, link)


def test_notices_are_shown(site: httpx.Client, archive: Archive) -> None:
    notices = archive.search("nofield:ferry").notices
    assert notices
    assert "nofield" in read(site, "/?q=nofield:ferry").split('class="notice"')[1]


def test_nothing_found_says_so_and_what_to_do(site: httpx.Client) -> None:
    assert "Nothing matches" in read(site, "/?q=zzqxvw")


@pytest.mark.parametrize(
    "address", ["/?q=%2A&fold=none", "/stories?", "/sources?", "/deliveries?", "/deliveries/1?", "/doubtful?"]
)
def test_a_page_past_the_end_says_how_many_there_are_and_leads_to_the_first_and_the_last(
    site: httpx.Client, address: str
) -> None:
    path, _, kept = address.partition("?")
    html = read(site, f"{address}&page_size=1&page=9999")
    assert "<h2>There is no page 9,999</h2>" in html
    assert "Page 9,999" not in html
    assert "Nothing matches" not in html
    pages = re.search(r"There are ([\d,]+) pages", html)
    last = int(pages[1].replace(",", "")) if pages else 1
    assert ("There is one page" in html) == (last == 1)
    asked = f"?{kept}&page_size=1".replace("?&", "?")
    wanted = {f"{asked}&page=1", f"{asked}&page={last}"}
    assert wanted == {link for link in Outline(html).links if link.startswith(f"{asked}&page=")}
    assert f"Page {last:,} of {last:,}" in read(site, f"{path}{asked}&page={last}") or last == 1


@pytest.mark.parametrize(
    ("address", "says"), [("/?q=zzqxvw", "Nothing matches"), ("/decisions?", "Nothing has")]
)
def test_what_is_empty_has_no_pages(site: httpx.Client, address: str, says: str) -> None:
    html = read(site, f"{address}&page=9")
    assert says in html
    assert "Previous page" not in html
    assert "no page 9" not in html


def test_paging_keeps_the_question(site: httpx.Client) -> None:
    html = read(site, "/?q=*&fold=none&page_size=5&page=2")
    links = Outline(html).links
    assert "?q=%2A&fold=none&page_size=5&page=1" in links
    assert "?q=%2A&fold=none&page_size=5&page=3" in links


def test_an_article_shows_its_text_its_sightings_and_what_was_cut(
    site: httpx.Client, archive: Archive
) -> None:
    for hit in archive.search("*", fold=Fold.NONE, page_size=100).hits:
        article = archive.article(hit.article.id)
        html = read(site, f"/articles/{article.id}")
        shown = Outline(html)
        for sighting in article.sightings:
            assert f"/deliveries/{sighting.delivery}" in shown.links
            assert sighting.capture in html
        assert html.count('<td class="figure" data-label="Line">') == len(article.dropped)
        for repeat in article.repeats:
            assert f"/articles/{repeat.article.id}" in shown.links
        assert f"/stories/{article.story.id}" in shown.links
        assert f"/api/v1/articles/{article.id}/capture" in shown.links
        if article.headline is None:
            assert "No headline is printed" in html


def test_a_story_shows_every_article_once_and_its_related_stories(
    site: httpx.Client, archive: Archive
) -> None:
    for row in archive.stories(page=1, page_size=100).rows:
        story = archive.story(row.id)
        links = Outline(read(site, f"/stories/{row.id}")).links
        for brief in story.articles:
            # A copy of an article elsewhere also links to what it repeats.
            assert links.count(f"/articles/{brief.id}") >= 1
        for related in story.related:
            assert f"/stories/{related.id}" in links


def test_hostile_text_is_shown_as_text_everywhere(site: httpx.Client, crawled: dict[str, str]) -> None:
    shown = [html for html in crawled.values() if "alert(" in html]
    assert len(shown) >= 3
    for html in crawled.values():
        assert html.count("<script") == 1  # the page's own
        assert "<img" not in html
        assert "<i>Brindle" not in html
        assert "mar<k>et" not in html


def test_a_file_of_the_site_is_kept_for_good_only_by_its_content(site: httpx.Client) -> None:
    css = next(address for address in Outline(read(site, "/")).loaded if ".css" in address)
    assert "immutable" in site.get(css).headers["cache-control"]
    assert site.get(css.partition("?")[0]).headers["cache-control"] == "no-cache"
    assert site.get("/static/favicon.svg").headers["content-type"] == "image/svg+xml"


def test_the_site_has_a_sign_where_browsers_look_for_one(site: httpx.Client) -> None:
    answer = site.get("/favicon.ico")
    assert answer.status_code == 200
    assert answer.headers["content-type"] in {"image/x-icon", "image/vnd.microsoft.icon"}
    assert answer.content[:4] == b"\0\0\1\0"
    assert {address.partition("?")[0] for address in Outline(read(site, "/")).loaded} >= {
        "/favicon.ico",
        "/static/favicon.svg",
    }


def test_browsers_can_search_from_the_address_bar(site: httpx.Client) -> None:
    assert 'rel="search" href="/opensearch.xml"' in read(site, "/")
    answer = site.get("/opensearch.xml")
    assert answer.headers["content-type"].startswith("application/opensearchdescription+xml")
    assert f'template="{site.base_url}/?q={{searchTerms}}' in answer.text
    name = re.search("<ShortName>(.*)</ShortName>", answer.text)
    assert name
    assert len(name[1]) <= 16


def test_the_list_of_sources_leads_to_what_each_carried(tmp_path: Path) -> None:
    folder = write(tmp_path / "in", a_txt=paragraphs(1))
    with open_archive(Settings(home=tmp_path / "home")) as archive, served(create_app(archive)) as site:
        for source in ("Harbour Herald", 'The "Daily" Bee', "Bee (west) \\"):
            archive.ingest([folder], source=source)
        links = [link for link in Outline(read(site, "/sources")).links if "source" in link and "?" in link]
        assert len(links) == 3
        for link in links:
            assert "<h1>1 article, " in read(site, link)


def test_an_empty_archive_says_how_to_fill_it(tmp_path: Path) -> None:
    with open_archive(Settings(home=tmp_path)) as archive, served(create_app(archive)) as site:
        assert "newsfold ingest PATH" in read(site, "/")
        for path in ("/stories", "/sources", "/deliveries", "/?q=ferry"):
            Outline(read(site, path))


def test_pages_say_the_numbers_that_decisions_ask_for(site: httpx.Client) -> None:
    shown = site.get("/api/v1/articles/1").json()
    page = site.get("/articles/1").text
    assert "Article 1 ·" in page
    assert f"story {shown['story']}" in page or f"({shown['story']})" in page
    assert f"Story {shown['story']}</p>" in site.get(f"/stories/{shown['story']}").text


def test_of_many_copies_a_story_shows_some_and_where_all_are(tmp_path: Path) -> None:
    with open_archive(make_settings(tmp_path / "copied")) as copied, served(create_app(copied)) as client:
        copied.ingest([write(tmp_path / "in", **variants(24))])
        page = client.get(f"/stories/{copied.article(ArticleId(1)).story.id}").text
    assert page.count('class="label">Repeated<') == 20
    assert 'href="/articles/1/syndication">All 23 that repeat it' in page
