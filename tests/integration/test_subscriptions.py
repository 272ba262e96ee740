"""Subscriptions: feeds are asked when they are due, politely, and what they bring is taken in once."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest

from app.archive import Archive, open_archive
from app.domain.article import ArticleId
from app.domain.feed import FeedId, next_time
from app.errors import NotFoundError, ParameterError
from app.fetch import Fetcher
from app.web.app import create_app
from tests.factories import NOW, make_settings, paragraph
from tests.serving import served
from tests.unit.test_intake_page import JSON_LD, page
from tests.web_servers import Answers, answering


class Clock:
    """A clock that stands until it is told."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def web() -> Iterator[Answers]:
    with answering() as answers:
        yield answers


@pytest.fixture
def archive(home: Path, database_url: str | None, clock: Clock) -> Iterator[Archive]:
    fetcher = Fetcher(max_bytes=1 << 20, admits=lambda _: True, clock=clock, between_s=0)
    settings = make_settings(home, database_url=database_url)
    with open_archive(settings, clock=clock, fetcher=fetcher) as opened:
        yield opened


def rss(web: Answers, *numbers: int, changed: str = "") -> str:
    items = "".join(
        f"<item><title>Report {n}</title><link>{web.base}/{n}</link>"
        f"<description>{paragraph(n)}{changed}</description></item>"
        for n in numbers
    )
    return f"<rss version='2.0'><channel><title>Harwick Post</title>{items}</channel></rss>"


def poll(archive: Archive, clock: Clock, *, later: timedelta = timedelta(minutes=31)) -> int:
    clock.now += later
    asked = 0
    while archive.subscriptions.ask_due():
        asked += 1
    return asked


def test_what_a_feed_brings_is_taken_in_once(archive: Archive, web: Answers, clock: Clock) -> None:
    web.set("/feed", rss(web, 1, 2))
    feed, is_new = archive.subscriptions.add(f"{web.base}/feed")
    assert is_new
    assert poll(archive, clock, later=timedelta()) == 1
    assert archive.totals().articles == 2
    assert archive.article(ArticleId(1)).source == "Harwick Post"
    web.set("/feed", rss(web, 2, 3))
    assert poll(archive, clock) == 1
    assert archive.totals().articles == 3
    known = archive.subscriptions.find(feed.id)
    assert (known.title, known.articles, known.failures, known.trouble) == ("Harwick Post", 3, 0, None)
    assert known.delivery == 2


def test_a_feed_that_has_not_changed_makes_no_delivery(archive: Archive, web: Answers, clock: Clock) -> None:
    web.set("/tagged", rss(web, 1), ETag='"1"', Last_Modified="Mon, 23 Nov 2026 12:00:00 GMT")
    web.set("/plain", rss(web, 2))
    for path in ("/tagged", "/plain"):
        archive.subscriptions.add(web.base + path)
    for _ in range(3):
        assert poll(archive, clock) == 2
    assert archive.deliveries(page=1, page_size=10).total == 2
    tagged = [headers for path, headers in web.asked if path == "/tagged"]
    assert tagged[1]["if-none-match"] == '"1"'
    assert tagged[1]["if-modified-since"] == "Mon, 23 Nov 2026 12:00:00 GMT"


def test_an_entry_that_changed_is_a_version(archive: Archive, web: Answers, clock: Clock) -> None:
    web.set("/feed", rss(web, 1))
    archive.subscriptions.add(f"{web.base}/feed")
    poll(archive, clock)
    web.set("/feed", rss(web, 1, changed=" A sentence more."))
    poll(archive, clock)
    assert [each.article.id for each in archive.article(ArticleId(1)).versions] == [1, 2]


def test_the_pause_grows_with_errors_and_ends_with_success(
    archive: Archive, web: Answers, clock: Clock
) -> None:
    feed, _ = archive.subscriptions.add(f"{web.base}/feed")
    for failures, minutes in ((1, 60), (2, 120), (3, 240)):
        clock.now = archive.subscriptions.find(feed.id).ask_next
        assert poll(archive, clock, later=timedelta()) == 1
        known = archive.subscriptions.find(feed.id)
        assert (known.failures, known.ask_next - clock.now) == (failures, timedelta(minutes=minutes))
        assert known.trouble == "The server answered 404."
    web.set("/feed", rss(web, 1))
    clock.now = known.ask_next
    poll(archive, clock, later=timedelta())
    known = archive.subscriptions.find(feed.id)
    assert (known.failures, known.trouble, known.ask_next - clock.now) == (0, None, timedelta(minutes=30))


def test_a_server_that_wants_to_be_left_alone_is(archive: Archive, web: Answers, clock: Clock) -> None:
    web.set("/feed", status=503, Retry_After="36000")
    feed, _ = archive.subscriptions.add(f"{web.base}/feed")
    poll(archive, clock)
    assert archive.subscriptions.find(feed.id).ask_next - clock.now == timedelta(hours=10)


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/gone", "410"),
        ("/no-feed", "no text"),
        ("/robots", "robots.txt"),
        ("/elsewhere", "Only http and https"),
    ],
)
def test_what_is_wrong_with_a_feed_is_told(
    archive: Archive, web: Answers, clock: Clock, path: str, told: str
) -> None:
    web.set("/gone", status=410)
    web.set("/no-feed", "\x00" * 3)
    web.set("/robots.txt", "User-agent: *\nDisallow: /robots")
    web.set("/elsewhere", status=302, Location="file:///etc/passwd")
    feed, _ = archive.subscriptions.add(web.base + path)
    poll(archive, clock)
    trouble = archive.subscriptions.find(feed.id).trouble
    assert trouble is not None
    assert told in trouble or (path == "/no-feed" and trouble)


def test_one_feed_in_trouble_keeps_no_other_waiting(archive: Archive, web: Answers, clock: Clock) -> None:
    web.set("/b", rss(web, 1))
    for path in ("/a", "/b", "/c"):
        archive.subscriptions.add(web.base + path)
    assert poll(archive, clock) == 3
    assert archive.totals().articles == 1
    assert [feed.failures for feed in archive.subscriptions.list_feeds(page=1, page_size=9).rows] == [1, 1, 0]


def test_the_pages_of_entries_are_fetched_where_it_is_wanted(
    archive: Archive, web: Answers, clock: Clock
) -> None:
    web.set("/feed", rss(web, 1, 2))
    web.set("/1", page(JSON_LD), Content_Type="text/html")
    web.set("/2", status=500)
    feed, _ = archive.subscriptions.add(f"{web.base}/feed", whole_pages=True)
    poll(archive, clock)
    assert archive.totals().articles == 1
    assert archive.article(ArticleId(1)).headline == "Council agrees to rebuild bridge"
    report = archive.delivery(archive.subscriptions.find(feed.id).delivery or 0)  # type: ignore[arg-type]
    assert [each.reason for each in report.rejected] == ["The server answered 500. Check the address."]
    web.set("/2", page(JSON_LD.replace("bridge", "quay")), Content_Type="text/html")
    web.set("/feed", rss(web, 2, 1))
    poll(archive, clock)
    assert web.paths.count("/1") == 1
    assert web.paths.count("/2") == 2


def test_a_feed_is_there_once_and_can_be_removed(archive: Archive, web: Answers) -> None:
    first, is_new = archive.subscriptions.add(f" {web.base}/feed ")
    again, is_new_again = archive.subscriptions.add(f"{web.base}/feed")
    assert (first.id, is_new, is_new_again) == (again.id, True, False)
    archive.subscriptions.remove(first.id)
    assert archive.subscriptions.list_feeds(page=1, page_size=9).total == 0
    for act in (archive.subscriptions.find, archive.subscriptions.remove, archive.subscriptions.ask_again):
        with pytest.raises(NotFoundError, match="feed"):
            act(FeedId(9))


@pytest.mark.parametrize("url", ["", "feed", "file:///etc/passwd", "https://x.example/" + "a" * 1000])
def test_what_is_no_address_is_no_feed(archive: Archive, url: str) -> None:
    with pytest.raises(ParameterError, match="https"):
        archive.subscriptions.add(url)


def test_a_list_of_another_reader_is_taken_over(archive: Archive) -> None:
    opml = b"""<opml><body><outline text="News"><outline text="A" xmlUrl="https://a.example/feed"/>
    <outline title="B" xmlUrl="https://b.example/feed"/></outline><outline xmlUrl="ftp://c.example/"/></body></opml>"""
    assert archive.subscriptions.import_list(opml) == (2, 2)
    assert archive.subscriptions.import_list(opml) == (0, 2)
    assert [feed.title for feed in archive.subscriptions.list_feeds(page=1, page_size=9).rows] == ["A", "B"]
    for wrong in (b"", b"{}", b"<opml/>"):
        with pytest.raises(ParameterError):
            archive.subscriptions.import_list(wrong)


def test_pauses_are_no_longer_than_a_day() -> None:
    assert next_time(NOW, 99) - NOW == timedelta(days=1)


@pytest.fixture
def site(archive: Archive) -> Iterator[httpx.Client]:
    with served(create_app(archive)) as client:
        yield client


def test_feeds_are_kept_over_the_api(site: httpx.Client, web: Answers) -> None:
    made = site.post("/api/v1/feeds", json={"url": f"{web.base}/feed", "source": "The Post"})
    assert made.status_code == 201
    assert site.post("/api/v1/feeds", json={"url": f"{web.base}/feed"}).status_code == 200
    assert site.get(made.headers["Location"]).json()["source"] == "The Post"
    assert site.get("/api/v1/feeds").json()["total"] == 1
    assert site.post(f"{made.headers['Location']}/poll").status_code == 202
    assert site.post("/api/v1/feeds", json={"url": "ftp://x"}).status_code == 422
    assert site.delete(made.headers["Location"]).status_code == 200
    assert site.get(made.headers["Location"]).status_code == 404


def test_feeds_are_kept_on_a_page(site: httpx.Client, web: Answers) -> None:
    form = {"url": f"{web.base}/<feed>", "source": "1984", "whole_pages": "true"}
    assert site.post("/feeds", data=form).status_code == 303
    shown = site.get("/feeds").text
    assert "&lt;feed&gt;" in shown
    assert "1984" in shown
    assert site.post("/feeds/1/poll").status_code == 303
    assert site.post("/feeds/1/remove").status_code == 303
    assert "&lt;feed&gt;" not in site.get("/feeds").text
    elsewhere = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
    assert site.post("/feeds", data=form, headers=elsewhere).status_code == 403


def test_pages_that_are_left_are_fetched_the_next_time_though_the_feed_is_the_same(
    archive: Archive, web: Answers, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.subscribe._MOST_PAGES", 3)
    web.set("/feed", rss(web, *range(1, 6)), ETag='"1"')
    for n in range(1, 6):
        web.set(f"/{n}", page(JSON_LD.replace("bridge", f"bridge {n}")), Content_Type="text/html")
    web.set("/2", status=503)
    web.set("/5", status=404)
    archive.subscriptions.add(f"{web.base}/feed", whole_pages=True)
    poll(archive, clock)
    assert web.paths == ["/feed", "/1", "/2", "/3"]
    web.set("/2", page(JSON_LD.replace("bridge", "bridge 2")), Content_Type="text/html")
    poll(archive, clock)
    assert web.paths[4:] == ["/feed", "/4", "/5", "/2"]
    poll(archive, clock)
    poll(archive, clock)
    assert web.paths[8:] == ["/feed", "/feed"]  # /5 is gone, and is not asked for until the feed changes


def test_a_list_of_another_reader_is_taken_over_by_the_api(site: httpx.Client) -> None:
    opml = """<opml><BODY><outline XMLURL="https://a.example/feed"/><outline xmlUrl="feed://b.example/feed"/>
    <outline xmlUrl="feed:https://c.example/feed"/></BODY></opml>"""
    made = site.post("/api/v1/feeds/import", content=opml)
    assert (made.status_code, made.json()) == (201, {"named": 3, "new": 3})
    assert {each["url"] for each in site.get("/api/v1/feeds").json()["feeds"]} == {
        "https://a.example/feed", "https://b.example/feed", "https://c.example/feed",
    }  # fmt: skip
    assert site.post("/api/v1/feeds/import", content=b"{}").status_code == 422


def test_a_page_that_never_comes_is_given_up(archive: Archive, web: Answers, clock: Clock) -> None:
    web.set("/feed", rss(web, 1, 2), ETag='"1"')
    web.set("/1", status=503)
    web.set(
        "/2",
        page(JSON_LD.replace('"url": "', '"url": "https://elsewhere.example/')),
        Content_Type="text/html",
    )
    archive.subscriptions.add(f"{web.base}/feed", whole_pages=True)
    for _ in range(8):
        poll(archive, clock)
    assert web.paths.count("/1") == 5
    assert web.paths.count("/2") == 1
    assert archive.deliveries(page=1, page_size=20).total == 5
