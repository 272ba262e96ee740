"""Deciding on the pages: every form that is offered does what it says, says what went wrong, and leads back."""

from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import httpx
import pytest

from app.archive import open_archive
from app.web.app import create_app
from tests.factories import article, make_settings, paragraph, write
from tests.serving import served

HTML = {"Accept": "text/html,*/*;q=0.8"}
SAID = {"who": "Adèle; Marsh", "why": "I know <both>."}


class Forms(HTMLParser):
    """Reads the forms of a page that are sent with POST: where to, the values they hold, the actions they offer."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: dict[str, list[tuple[str, str]]] = {}
        self.actions: set[str] = set()
        self._into: list[tuple[str, str]] | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._into = self.forms.setdefault(given["action"], []) if given["method"] == "post" else None
        elif tag == "input" and self._into is not None:
            if given.get("type") == "radio":
                self.actions.add(given["value"])
            elif given.get("type") != "checkbox":
                self._into.append((given["name"], given.get("value", "")))


@pytest.fixture
def site(tmp_path: Path) -> Iterator[httpx.Client]:
    """Articles 1 and 2 repeat each other in story 1, article 3 is story 2, article 4 story 3."""
    body = "\n\n".join(paragraph(nth) for nth in range(8))
    given = write(
        tmp_path / "in",
        a_txt=f"Form one of it\n\n{body}",
        b_txt=f"Form two of it\n\n{body}",
        c_txt=article(9),
        d_txt=article(8),
    )
    with open_archive(make_settings(tmp_path / "home")) as archive:
        archive.ingest([given])
        with served(create_app(archive)) as client:
            yield client


def send(site: httpx.Client, path: str, **filled: str) -> httpx.Response:
    """Fill in the form of a page and send it, with the values that the page gave its other fields."""
    page = Forms(site.get(path, headers=HTML).text)
    target = "/decisions" if "/decisions" in page.forms else next(iter(page.forms))
    assert page.actions >= {filled["action"]} if page.actions else True
    own = str(site.base_url).rstrip("/")
    told = {**dict(page.forms[target]), **{name.replace("__", "."): value for name, value in filled.items()}}
    headers = HTML | {"Origin": own, "Sec-Fetch-Site": "same-origin", "Referer": own + path}
    return site.post(target, data=SAID | told | SAID, headers=headers)


def articles(site: httpx.Client, story: int) -> set[int]:
    shown = site.get(f"/api/v1/stories/{story}", follow_redirects=True).json()
    return {each["id"] for each in shown["articles"]}


def test_a_duplicate_can_be_ruled_apart_and_the_page_says_so(site: httpx.Client) -> None:
    assert "in force here" not in site.get("/articles/2").text
    answer = send(site, "/articles/2", action="apart")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/articles/2")
    assert site.get("/api/v1/articles/2").json()["duplicate_of"] is None
    assert site.get("/api/v1/articles/2").json()["decisions"] == 1
    for number in (1, 2):
        page = site.get(f"/articles/{number}").text
        assert f'1 decision of a person is in force here: <a href="/decisions?article={number}">' in page
    assert "in force here" not in site.get("/articles/3").text


def test_what_is_offered_fits_the_article(site: httpx.Client) -> None:
    everywhere = {"repeats", "move", "withdraw"}
    assert Forms(site.get("/articles/1").text).actions == everywhere
    assert Forms(site.get("/articles/2").text).actions == everywhere | {"apart", "original"}


@pytest.mark.parametrize("action", ["apart", "original", "withdraw"])
def test_the_log_shows_a_decision_and_takes_it_back(site: httpx.Client, action: str) -> None:
    before = site.get("/api/v1/articles/2").json()
    send(site, "/articles/2", action=action)
    log = site.get("/decisions?article=2").text
    assert "I know &lt;both&gt;." in log
    assert "Adèle; Marsh" in log
    assert '<span class="tag">in force</span>' in log
    answer = send(site, "/decisions?article=2", action="")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/articles/2")
    log = site.get("/decisions?article=2").text
    assert "Decision <a" in log
    assert 'undone by <a href="#decision-2">' in log
    assert "<form" not in log.partition("<main")[2]
    assert site.get("/api/v1/articles/2").json() == before


def test_the_name_is_remembered_for_the_next_form_and_kept_from_scripts(site: httpx.Client) -> None:
    answer = send(site, "/articles/3", action="withdraw")
    kept = answer.headers["Set-Cookie"]
    assert "HttpOnly" in kept
    assert "samesite=strict" in kept.lower()
    assert (
        'name="who" required maxlength="1000" autocomplete="name" value="Adèle; Marsh"'
        in site.get("/articles/2").text
    )


def test_a_withdrawn_article_says_so_and_can_be_restored(site: httpx.Client) -> None:
    answer = send(site, "/articles/3", action="withdraw")
    assert answer.headers["Location"] == "/decisions"
    gone = site.get("/articles/3", headers=HTML)
    assert gone.status_code == 410
    assert "I know &lt;both&gt;" in gone.text
    answer = send(site, "/articles/3", action="restore")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/articles/3")
    assert site.get("/articles/3").status_code == 200


def test_an_erased_article_offers_no_way_back(site: httpx.Client) -> None:
    erased = site.post("/api/v1/decisions", json={"action": "erase", "article": 3, **SAID})
    assert erased.status_code == 201
    gone = site.get("/articles/3", headers=HTML)
    assert (gone.status_code, Forms(gone.text).forms) == (410, {})
    assert Forms(site.get("/decisions").text).forms == {}


def test_a_story_is_renamed_locked_merged_and_fed(site: httpx.Client) -> None:
    assert Forms(site.get("/stories/2").text).actions == {"rename", "lock", "merge", "move"}
    answer = send(site, "/stories/1", action="rename", rename__headline="The <long> affair")
    assert answer.headers["Location"] == "/stories/1"
    assert "<h1><bdi>The &lt;long&gt; affair</bdi></h1>" in site.get("/stories/1").text
    assert "called “The &lt;long&gt; affair”" in site.get("/decisions?story=1").text
    send(site, "/stories/1", action="lock")
    page = site.get("/stories/1").text
    assert "2 decisions of people are in force here" in page
    assert "unlock" in Forms(page).actions
    send(site, "/stories/1", action="move", move__articles="3, 4")
    assert articles(site, 1) == {1, 2, 3, 4}
    told = site.get("/decisions").text
    assert 'Articles <a href="/articles/3">3</a>, <a href="/articles/4">4</a> moved to story' in told
    assert site.get("/api/v1/decisions").json()["decisions"][0]["articles"] == [3, 4]


def test_stories_are_merged_and_what_is_ticked_is_split_off(site: httpx.Client) -> None:
    answer = send(site, "/stories/2", action="merge", merge__into="1")
    assert answer.headers["Location"] == "/stories/2"
    assert articles(site, 2) == articles(site, 1) == {1, 2, 3}
    answer = send(site, "/stories/1", action="split_off", split_off__articles="3")
    assert answer.status_code == 303
    assert articles(site, 1) == {1, 2}


def test_an_article_goes_to_the_story_that_is_named(site: httpx.Client) -> None:
    assert send(site, "/articles/3", action="move", move__story="1").status_code == 303
    assert articles(site, 1) == {1, 2, 3}


@pytest.mark.parametrize(
    ("path", "filled", "status", "told"),
    [
        ("/articles/2", {"action": "repeats"}, 422, "other is missing"),
        ("/articles/2", {"action": "repeats", "repeats__other": "x"}, 422, "other: "),
        ("/articles/2", {"action": "repeats", "repeats__other": "2"}, 422, "itself"),
        ("/articles/2", {"action": "repeats", "repeats__other": "99"}, 404, "article 99"),
        ("/stories/1", {"action": "rename", "rename__headline": " "}, 422, "headline is missing"),
        ("/stories/1", {"action": "rename", "rename__headline": "a\0b"}, 422, "control characters"),
        ("/stories/1", {"action": "rename", "rename__headline": "a\u2028b"}, 422, "line breaks"),
        ("/stories/1", {"action": "rename", "rename__headline": "a\u202eb"}, 422, "control characters"),
        (
            "/stories/1",
            {"action": "rename", "rename__headline": "\u200b\u3164\u2800"},
            422,
            "headline is missing",
        ),
        ("/stories/1", {"action": "merge", "merge__into": "1"}, 422, "itself"),
    ],
)
def test_what_goes_wrong_is_a_page_with_a_way_back(
    site: httpx.Client, path: str, filled: dict[str, str], status: int, told: str
) -> None:
    answer = send(site, path, **filled)
    assert answer.status_code == status
    assert told in answer.text
    assert f'<a href="{path}">Back to where you were</a>' in answer.text
    assert site.get("/api/v1/decisions").json()["total"] == 0


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "multipart/form-data; boundary=x"])
def test_only_a_form_is_a_form(site: httpx.Client, kind: str) -> None:
    answer = site.post(
        "/decisions", content=b"action=withdraw&withdraw.article=3", headers={"Content-Type": kind}
    )
    assert answer.status_code == 422
    assert site.get("/articles/3").status_code == 200
