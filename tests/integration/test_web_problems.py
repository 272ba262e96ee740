"""What can go wrong, over a real server: RFC 9457 for programs, a page for browsers, never a trace."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import httpx
import pytest
from structlog.testing import capture_logs

from app.archive import Archive, open_archive
from app.config import Settings
from app.domain.article import ArticleId
from app.domain.delivery import IndexState
from app.domain.views import ArticleView
from app.errors import DatabaseUnavailableError, IndexBusyError
from app.progress import Progress, silent
from app.web.app import create_app
from app.web.headers import SAFE
from tests.factories import article, write
from tests.serving import served

HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
ADDRESSES = [
    "search",
    "attention",
    "attention.csv",
    "articles/1",
    "articles/1/capture",
    "articles/1/similar",
    "stories",
    "stories/1",
    "sources",
    "deliveries",
    "deliveries/1",
    "status",
]
PAGES = [
    "/",
    "/attention",
    "/articles/1",
    "/articles/1/similar",
    "/stories",
    "/stories/1",
    "/sources",
    "/deliveries",
    "/deliveries/1",
    "/status",
    "/help",
    "/docs",
]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A site over an archive that holds nothing."""
    with (
        open_archive(Settings(home=tmp_path_factory.mktemp("empty"))) as archive,
        served(create_app(archive)) as client,
    ):
        yield client


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A site over an archive that holds one article."""
    folder = tmp_path_factory.mktemp("filled")
    with open_archive(Settings(home=folder / "home")) as archive:
        archive.ingest([write(folder / "in", a_txt=article(1))])
        with served(create_app(archive)) as client:
            yield client


def problem(answer: httpx.Response, status: int, name: str) -> Any:
    """Check that an answer is this problem, and return its JSON."""
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert (answer.status_code, told["status"], told["type"]) == (status, status, f"/docs#{name}")
    assert told["title"]
    assert told["detail"]
    assert unquote(told["instance"]) == answer.request.url.path
    return told


@pytest.mark.parametrize("kind", ["articles", "stories", "deliveries"])
@pytest.mark.parametrize(
    "key", ["7", "999", str(2**63 - 1), str(2**63), "9" * 400, "0", "-1", "abc", "1.5", "%00", "½"]
)
def test_an_unknown_id_is_not_found(site: httpx.Client, kind: str, key: str) -> None:
    problem(site.get(f"/api/v1/{kind}/{key}"), 404, "not-found")
    assert site.get(f"/{kind}/{key}", headers=HTML).status_code == 404


@pytest.mark.parametrize("key", ["1.0", "01", "+1", "1_0", "%201", "1%20", "１", "1e0", "0x1"])
def test_a_thing_has_one_address(filled: httpx.Client, key: str) -> None:
    for kind in ("articles", "stories", "deliveries"):
        assert filled.get(f"/api/v1/{kind}/1").status_code == 200
        told = problem(filled.get(f"/api/v1/{kind}/{key}"), 404, "not-found")
        assert "without leading zeros" in told["detail"]
        assert filled.get(f"/{kind}/{key}", headers=HTML).status_code == 404


def test_an_unknown_capture_is_not_found(site: httpx.Client) -> None:
    problem(site.get("/api/v1/articles/7/capture"), 404, "not-found")


@pytest.mark.parametrize("path", ["/api/v1", "/api/v1/nothing", "/api/v2/search"])
def test_an_unknown_address_is_not_found(site: httpx.Client, path: str) -> None:
    problem(site.get(path), 404, "not-found")


@pytest.mark.parametrize("path", ["/nothing", "/static/nothing.css", "/static/../app.py"])
def test_an_unknown_page_is_a_page_that_says_so(site: httpx.Client, path: str) -> None:
    answer = site.get(path, headers=HTML)
    assert answer.status_code == 404
    assert "<h1>Not found</h1>" in answer.text


@pytest.mark.parametrize("address", ADDRESSES)
def test_unknown_parameters_are_refused_by_name(site: httpx.Client, address: str) -> None:
    told = problem(site.get(f"/api/v1/{address}?limit=5&offset=2"), 422, "parameter")
    assert [part["parameter"] for part in told["errors"]] == ["limit", "offset"]
    assert "known are: " in told["detail"]
    if address == "search":
        assert "known are: q, from, to, source, section, language, year" in told["detail"]


@pytest.mark.parametrize("address", PAGES)
def test_unknown_parameters_are_refused_on_pages_too(site: httpx.Client, address: str) -> None:
    answer = site.get(f"{address}?utm_source=x", headers=HTML)
    assert answer.status_code == 422
    assert "There is no parameter &#39;utm_source&#39; here" in answer.text


@pytest.mark.parametrize("address", ADDRESSES)
def test_parameters_that_are_given_twice_are_refused_by_name(filled: httpx.Client, address: str) -> None:
    told = problem(filled.get(f"/api/v1/{address}?page=1&page=2&q=a&q=a&sort=newest"), 422, "parameter")
    assert [part["parameter"] for part in told["errors"]] == ["page", "q"]
    assert told["detail"] == "page: It is given 2 times; give it once. q: It is given 2 times; give it once."


@pytest.mark.parametrize("address", PAGES)
def test_parameters_that_are_given_twice_are_refused_on_pages_too(filled: httpx.Client, address: str) -> None:
    answer = filled.get(f"{address}?q=rain&q=sun", headers=HTML)
    assert answer.status_code == 422
    assert "q: It is given 2 times" in answer.text


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("page", "0"),
        ("page", "1.0"),
        ("page", "01"),
        ("page_size", "+5"),
        ("page", "-1"),
        ("page", "x"),
        ("page", "9" * 40),
        ("page_size", "0"),
        ("page_size", "101"),
        ("fold", "stories"),
        ("sort", "date"),
        ("from", "21.10.2025"),
        ("from", "20251021"),
        ("from", "2025-W43-1"),
        ("from", "1700000000"),
        ("to", "2025-02-30"),
        ("to", "2025-10-21T00:00:00"),
        ("to", "٢٠٢٥-١٠-٢١"),
    ],
)
def test_a_parameter_out_of_bounds_is_named(site: httpx.Client, name: str, value: str) -> None:
    told = problem(site.get("/api/v1/search", params={"q": "x", name: value}), 422, "parameter")
    assert [part["parameter"] for part in told["errors"]] == [name]


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("fold", "'story', 'original' or 'none'"),
        ("sort", "'best', 'relevance', 'newest' or 'oldest'"),
        ("facet", "'source', 'section', 'language', 'year', 'month', 'day', 'duplicate' or 'story_size'"),
        ("explain", "neither 1 nor 0"),
        ("duplicate", "Write yes or no."),
        ("month", "Write YYYY-MM, as in 2025-10, or none."),
        ("from", "write it as YYYY-MM-DD"),
    ],
)
def test_a_wrong_value_is_answered_with_what_is_allowed(site: httpx.Client, name: str, says: str) -> None:
    told = problem(site.get("/api/v1/search", params={"q": "x", name: "maybe"}), 422, "parameter")
    assert [part["parameter"] for part in told["errors"]] == [name]
    assert says in told["detail"]


def test_several_wrong_parameters_are_all_named(site: httpx.Client) -> None:
    told = problem(site.get("/api/v1/search?page=0&fold=x"), 422, "parameter")
    assert {part["parameter"] for part in told["errors"]} == {"page", "fold"}


def test_a_range_of_days_upside_down_is_refused(site: httpx.Client) -> None:
    told = problem(site.get("/api/v1/search?q=x&from=2025-10-22&to=2025-10-21"), 422, "parameter")
    assert told["errors"][0]["parameter"] == "from"


def test_empty_parameters_are_none_as_a_form_sends_them(site: httpx.Client) -> None:
    assert site.get("/api/v1/search?q=&fold=&sort=&from=&to=&page=").status_code == 200


@pytest.mark.parametrize(
    ("query", "start", "end"),
    [
        ('rain "sun', 5, 6),
        ("(rain", 0, 1),
        ("😀 (rain", 2, 3),
        ("published:[2025-10-31 TO 2025-10-01]", None, None),
    ],
)
def test_a_query_error_has_its_place_in_code_points(
    site: httpx.Client, query: str, start: int | None, end: int | None
) -> None:
    told = problem(site.get("/api/v1/search", params={"q": query}), 400, "query")
    part = told["errors"][0]
    assert set(part) == {"detail", "start", "end"}
    assert 0 <= part["start"] <= part["end"] <= len(query)
    if start is not None:
        assert (part["start"], part["end"]) == (start, end)


def test_a_page_marks_the_wrong_part_of_the_query_and_keeps_it_in_the_form(site: httpx.Client) -> None:
    answer = site.get("/", params={"q": 'a<b "sun'}, headers=HTML)
    assert answer.status_code == 400
    assert '<code dir="auto">a&lt;b <mark class="wrong">&#34;</mark>sun</code>' in answer.text
    assert 'value="a&lt;b &#34;sun"' in answer.text


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_only_reading_is_allowed(site: httpx.Client, method: str) -> None:
    answer = site.request(method, "/api/v1/search")
    problem(answer, 405, "method")
    assert answer.headers["allow"] == "GET, HEAD"
    assert site.request(method, "/", headers=HTML).status_code == 405


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "evil.example:80"])
def test_a_foreign_host_name_is_refused(site: httpx.Client, host: str) -> None:
    problem(site.get("/api/v1/search", headers={"Host": host}), 421, "host")
    assert site.get("/", headers={"Host": host, **HTML}).status_code == 421


def test_a_host_name_the_site_was_given_is_served(tmp_path: Path) -> None:
    with (
        open_archive(Settings(home=tmp_path)) as archive,
        served(create_app(archive, hosts=["news.example"])) as site,
    ):
        assert site.get("/api/v1/stories", headers={"Host": "news.example"}).status_code == 200
        assert site.get("/api/v1/stories", headers={"Host": "other.example"}).status_code == 421


@pytest.mark.parametrize(
    ("path", "accept", "kind"),
    [
        ("/api/v1/articles/9", "text/html", "application/problem+json"),
        ("/articles/9", "application/json", "application/problem+json"),
        ("/articles/9", "application/problem+json", "application/problem+json"),
        ("/articles/9", "text/html,application/json;q=0.5", "text/html; charset=utf-8"),
        ("/articles/9", "*/*", "text/html; charset=utf-8"),
    ],
)
def test_programs_get_json_and_browsers_a_page(site: httpx.Client, path: str, accept: str, kind: str) -> None:
    answer = site.get(path, headers={"Accept": accept})
    assert (answer.status_code, answer.headers["content-type"]) == (404, kind)


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/nothing",
        "/?q=%22",
        "/api/v1/search",
        "/api/v1/nothing",
        "/static/newsfold.css",
        "/opensearch.xml",
    ],
)
def test_every_answer_carries_the_safe_headers(site: httpx.Client, path: str) -> None:
    for host in ("localhost", "evil.example"):
        headers = site.get(path, headers={"Host": host}).headers
        assert {name: headers[name] for name in SAFE} == SAFE
    assert "'unsafe-" not in SAFE["Content-Security-Policy"]


def test_a_missing_index_says_so_and_never_answers_empty(tmp_path: Path) -> None:
    with open_archive(Settings(home=tmp_path)) as archive, served(create_app(archive)) as site:
        shutil.rmtree(tmp_path / "index")
        told = problem(site.get("/api/v1/search?q=x"), 503, "index-unavailable")
        assert "newsfold reindex" in told["detail"]
        page = site.get("/?q=x", headers=HTML)
        assert page.status_code == 503
        assert "newsfold reindex" in page.text
        assert site.get("/stories").status_code == 200


class TroubledArchive(Archive):
    """An archive in which every look at an article raises one error."""

    def __init__(self, error: Exception) -> None:
        self.error = error
        self.settings = Settings()

    def take_next(self, *, stopping: Callable[[], bool] = lambda: False) -> bool:  # noqa: ARG002 - the archive's shape
        return False

    def catch_up(self, *, progress: Progress = silent) -> IndexState:  # noqa: ARG002 - the archive's shape
        return IndexState.CURRENT

    def article(self, article: ArticleId, *, most_repeats: int | None = None) -> ArticleView:  # noqa: ARG002 - the archive's shape
        raise self.error


@pytest.mark.parametrize(
    ("error", "status", "name"),
    [
        (IndexBusyError("var/index", 30), 503, "index-busy"),
        (DatabaseUnavailableError("It stayed locked. Try again."), 503, "database-unavailable"),
        (RuntimeError("the password is hunter2"), 500, "unexpected"),
    ],
)
def test_trouble_behind_a_page_is_told_plainly_and_tells_no_secret(
    error: Exception, status: int, name: str
) -> None:
    with capture_logs() as logged, served(create_app(TroubledArchive(error))) as site:
        # The server ends the connection on which an unexpected error went out.
        answer = site.get("/api/v1/articles/1", headers={"Connection": "close"})
        problem(answer, status, name)
        page = site.get("/articles/1", headers={"Connection": "close", **HTML})
        assert page.status_code == status
        assert answer.headers.get("retry-after") == ("5" if name == "index-busy" else None)
        for told in (answer, page):
            assert "hunter2" not in told.text
            assert "Traceback" not in told.text
            assert {header: told.headers[header] for header in SAFE} == SAFE
    written = [each for each in logged if each["event"] == "request_failed"]
    assert [each["path"] for each in written] == ["/api/v1/articles/1", "/articles/1"]
    assert {each["exc_info"] for each in written} == {error if name == "unexpected" else None}


def test_a_question_that_cannot_be_read_offers_its_words(site: httpx.Client) -> None:
    page = site.get("/", params={"q": 'ferry "strike', "sort": "newest"}, headers=HTML)
    assert page.status_code == 400
    assert 'Or search for <a href="/?sort=newest&amp;q=ferry+strike"><bdi>ferry strike</bdi></a>' in page.text
    assert "Or search for" not in site.get("/", params={"q": '"(*'}, headers=HTML).text
