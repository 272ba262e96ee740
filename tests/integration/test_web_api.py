"""The web API over a real server and a real archive of the samples."""

import hashlib
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from app import shapes
from app.archive import Archive
from app.domain.article import ArticleId
from app.web.app import create_app
from tests.serving import HOSTILE, SAMPLES, filled_archive, served

LISTS = ["stories", "sources", "deliveries"]


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    with filled_archive(tmp_path_factory.mktemp("web")) as archive:
        yield archive


@pytest.fixture(scope="module")
def site(archive: Archive) -> Iterator[httpx.Client]:
    with served(create_app(archive)) as client:
        yield client


def ask(site: httpx.Client, path: str, **parameters: str | int) -> Any:
    answer = site.get(f"/api/v1/{path}", params=parameters)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/json"
    return answer.json()


def test_a_search_answers_with_rows_and_three_totals(site: httpx.Client) -> None:
    found = ask(site, "search", q="ferry inquiry")
    assert found["query"] == "ferry inquiry"
    assert found["fold"] == "story"
    assert found["total"] >= found["total_originals"] >= found["total_stories"] == len(found["hits"])
    assert sum(1 + hit["folded"] for hit in found["hits"]) == found["total"]
    assert "<mark>" in found["hits"][0]["highlights"]["headline"] + "".join(
        found["hits"][0]["highlights"]["passages"]
    )


@pytest.mark.parametrize(("fold", "unit"), [("story", "_stories"), ("original", "_originals"), ("none", "")])
def test_every_row_of_every_fold_can_be_paged_to(site: httpx.Client, fold: str, unit: str) -> None:
    address: str | None = f"/api/v1/search?q=*&fold={fold}&page_size=3"
    ids: list[int] = []
    total = -1
    while address:
        answer = site.get(address).json()
        ids += [hit["article"]["id"] for hit in answer["hits"]]
        total = answer[f"total{unit}"]
        address = answer["next"]
    assert len(ids) == len(set(ids)) == total > 3


def test_a_page_past_the_end_is_empty_with_the_right_totals(site: httpx.Client) -> None:
    first, far = (ask(site, "search", q="ferry", page=page) for page in (1, 1_000_000_000))
    assert far["hits"] == []
    assert far["next"] is None
    assert far["total"] == first["total"] > 0


def test_without_a_question_every_article_is_found(site: httpx.Client, archive: Archive) -> None:
    assert ask(site, "search")["total"] == archive.totals().articles


def test_days_narrow_a_search_and_stay_in_next(site: httpx.Client) -> None:
    wide = ask(site, "search", q="*", fold="none")
    april = ask(site, "search", q="*", fold="none", page_size=1, **{"from": "2025-04-01", "to": "2025-04-30"})
    assert 1 < april["total"] < wide["total"]
    assert "from=2025-04-01&to=2025-04-30" in april["next"]
    days = [hit["article"]["published"]["date"] for hit in site.get(april["next"]).json()["hits"]]
    assert all(day.startswith("2025-04") for day in days)


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("ferry OR storm", "(ferry OR storm), published from 2025-04-01 to 2025-04-30"),
        ("ferry storm", "ferry AND storm, published from 2025-04-01 to 2025-04-30"),
        ("ferry has:date", "ferry, with a date, published from 2025-04-01 to 2025-04-30"),
        ("", "all articles, published from 2025-04-01 to 2025-04-30"),
    ],
)
def test_what_days_narrow_is_said_without_doubt(site: httpx.Client, question: str, said: str) -> None:
    days = {"from": "2025-04-01", "to": "2025-04-30"}
    for address in ("search", "attention"):
        assert ask(site, address, q=question, **days)["interpretation"] == said
    assert ask(site, "search", q=question, to="2025-04-30")["interpretation"].endswith(
        "published up to 2025-04-30"
    )


def test_an_article_is_what_the_archive_and_the_command_line_show(
    site: httpx.Client, archive: Archive
) -> None:
    for hit in ask(site, "search", q="*", fold="none", page_size=100)["hits"]:
        number = hit["article"]["id"]
        shown = ask(site, f"articles/{number}")
        assert shown == shapes.shape_article(archive.article(ArticleId(number))).model_dump(mode="json")
        assert shown["title"] == hit["article"]["title"]
        assert shown["story"] == hit["story"]["id"]


def test_repeats_are_linked_from_both_sides(site: httpx.Client) -> None:
    copies = ask(site, "search", q="is:duplicate", fold="none")["hits"]
    assert copies
    for hit in copies:
        copy = ask(site, f"articles/{hit['article']['id']}")
        original = ask(site, f"articles/{copy['duplicate_of']}")
        assert original["id"] in [repeat["article"] for repeat in copy["repeats"]]
        assert copy["id"] in [repeat["article"] for repeat in original["repeats"]]


def test_a_story_has_the_articles_that_name_it(site: httpx.Client) -> None:
    for row in ask(site, "stories", page_size=100)["stories"]:
        story = ask(site, f"stories/{row['id']}")
        assert len(story["articles"]) == row["size"]
        assert {ask(site, f"articles/{brief['id']}")["story"] for brief in story["articles"]} == {row["id"]}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_can_be_paged_through(site: httpx.Client, name: str) -> None:
    whole = ask(site, name, page_size=100)
    address: str | None = f"/api/v1/{name}?page_size=1"
    rows = []
    while address:
        answer = site.get(address).json()
        rows += answer[name]
        address = answer["next"]
    assert rows == whole[name]
    assert len(rows) == whole["total"] > 0


def test_a_delivery_reports_every_text_and_what_was_rejected(site: httpx.Client) -> None:
    report = ask(site, "deliveries/2")
    assert report["drafts"] == len(report["items"]) == 1
    assert [each["file"] for each in report["rejected"]] == ["nothing.txt"]
    row = next(row for row in ask(site, "deliveries")["deliveries"] if row["id"] == 2)
    for figure in ("drafts", "articles_new", "sightings_new", "duplicates", "started", "finished", "source"):
        assert row[figure] == report[figure]
    assert row["rejected"] == 1


def article_of(site: httpx.Client, file: str) -> int:
    """Return the id of the article whose first sighting is in ``file``."""
    for delivery in ask(site, "deliveries")["deliveries"]:
        for fate in ask(site, f"deliveries/{delivery['id']}")["items"]:
            if fate["file"] == file and fate["outcome"] in {"new", "duplicate"}:
                return int(fate["article"])
    raise LookupError(file)


def test_a_capture_is_the_file_byte_for_byte(site: httpx.Client) -> None:
    seen = set()
    for file in sorted(SAMPLES.glob("*.txt")):
        try:
            number = article_of(site, file.name)
        except LookupError:
            continue  # the same text again: its article's first sighting is in another file
        answer = site.get(f"/api/v1/articles/{number}/capture")
        assert answer.content == file.read_bytes()
        assert answer.headers["etag"] == f'"{hashlib.sha256(answer.content).hexdigest()}"'
        seen.add(answer.headers["content-type"])
    assert seen == {"text/plain", "text/plain; charset=utf-8", "text/plain; charset=utf-16"}


def test_a_capture_is_saved_and_never_shown(site: httpx.Client) -> None:
    address = f"/api/v1/articles/{article_of(site, 'mar<k>et.txt')}/capture"
    answer = site.get(address)
    assert answer.content == HOSTILE.encode("utf-16")
    assert answer.headers["content-disposition"].startswith('attachment; filename="mar_k_et.txt"')
    assert answer.headers["x-content-type-options"] == "nosniff"
    again = site.get(address, headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_text_that_looks_like_html_stays_text_and_is_escaped_in_highlights(site: httpx.Client) -> None:
    shown = ask(site, f"articles/{article_of(site, 'mar<k>et.txt')}")
    assert "<script>alert(3)</script>" in shown["body_text"]
    marked = ask(site, "search", q="market traders council brickyard")["hits"][0]["highlights"]
    html = marked["headline"] + "".join(marked["passages"])
    assert html.count("<") == html.count("<mark>") + html.count("</mark>") > 0


def test_head_is_answered_as_get_without_a_body(site: httpx.Client) -> None:
    got, head = site.get("/api/v1/stories"), site.head("/api/v1/stories")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == got.headers["content-length"]
