"""Side by side and who carried it, over a real server and the samples: what pages and API say."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import httpx
import pytest

from app.archive import Archive
from app.web.app import create_app
from tests.serving import SAMPLES, filled_archive, served


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """The samples, and the same again at two sources."""
    with filled_archive(tmp_path_factory.mktemp("web")) as archive:
        for source in ("The Herald", "The Courier"):
            archive.ingest([SAMPLES], source=source)
        yield archive


@pytest.fixture(scope="module")
def site(archive: Archive) -> Iterator[httpx.Client]:
    with served(create_app(archive)) as client:
        yield client


def ask(site: httpx.Client, path: str) -> Any:
    answer = site.get(f"/api/v1/{path}")
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.fixture(scope="module")
def articles(site: httpx.Client) -> list[Any]:
    hits = ask(site, "search?q=*&fold=none&page_size=100")["hits"]
    return [ask(site, f"articles/{hit['article']['id']}") for hit in hits]


def linked(articles: list[Any], kind: str) -> tuple[int, int]:
    """Two articles of which the first repeats the second in this way."""
    return next(
        (article["id"], link["article"])
        for article in articles
        for link in article["repeats"]
        if link["kind"] == kind
    )


def plain(html: str) -> str:
    """What a reader sees of a page, and a screen reader says."""
    return " ".join(unescape(re.sub(r"<[^>]+>", "", html)).split())


def test_a_comparison_rebuilds_both_bodies(site: httpx.Client, articles: list[Any]) -> None:
    bodies = {article["id"]: article["body_text"] for article in articles}
    for kind in ("copy", "part", "contains"):
        here, there = linked(articles, kind)
        shown = ask(site, f"articles/{here}/compare/{there}")
        for side, article in (("here", here), ("there", there)):
            held = sorted(
                (row[f"{side}_at"], row[side]) for row in shown["paragraphs"] if row[side] is not None
            )
            assert "\n\n".join(text for _, text in held) == bodies[article]


def test_a_comparison_gives_the_link_of_the_article_and_the_places_of_its_passages(
    site: httpx.Client, articles: list[Any]
) -> None:
    here, there = linked(articles, "copy")
    article = next(each for each in articles if each["id"] == here)
    shown = ask(site, f"articles/{here}/compare/{there}")
    assert shown["link"] == next(link for link in article["repeats"] if link["article"] == there)
    for figure in ("jaccard", "containment", "shared_words"):
        assert shown[figure] == shown["link"][figure]
    assert shown["passages"]
    for passage in shown["passages"]:
        text = article["body_text"][passage["here"]["start"] : passage["here"]["end"]]
        assert " ".join(text.split()).startswith(passage["beginning"].removesuffix(" …"))


def test_every_link_says_its_rule_and_one_side_why_it_is_the_original(articles: list[Any]) -> None:
    links = [link for article in articles for link in article["repeats"]]
    assert links
    assert all(re.search(r"\d+ of \d+ words", link["rule"]) for link in links)
    for article in articles:
        if article["duplicate_of"]:
            link = next(each for each in article["repeats"] if each["article"] == article["duplicate_of"])
            assert link["original_because"] == article["original_because"] is not None


def test_the_page_marks_what_differs_in_words_too(site: httpx.Client, articles: list[Any]) -> None:
    here, there = linked(articles, "copy")
    html = site.get(f"/articles/{here}/compare/{there}").text
    shown = ask(site, f"articles/{here}/compare/{there}")
    changed = [run for row in shown["paragraphs"] for run in row["words"] if run["text"].strip()]
    own = [run for run in changed if run["kind"] == "only_here"]
    other = [run for run in changed if run["kind"] == "only_there"]
    assert own
    assert other
    said = plain(html)
    for letter, runs in (("A", own), ("B", other)):
        for run in runs:
            assert "".join(f"[only {letter}: {run['text']}]".split()) in "".join(said.split())
    assert shown["link"]["rule"] in said


def test_the_page_says_plainly_that_two_articles_are_not_linked(
    site: httpx.Client, articles: list[Any]
) -> None:
    one = articles[0]["id"]
    held = {link["article"] for link in articles[0]["repeats"]}
    other = next(article["id"] for article in articles[1:] if article["id"] not in held)
    said = plain(site.get(f"/articles/{one}/compare/{other}").text)
    assert "Two articles that are not linked" in said
    assert ask(site, f"articles/{one}/compare/{other}")["link"] is None
    assert "An article beside itself" in plain(site.get(f"/articles/{one}/compare/{one}").text)


def test_long_stretches_that_are_alike_are_folded_and_not_lost(
    site: httpx.Client, articles: list[Any]
) -> None:
    whole, part = linked(articles, "contains")
    html = site.get(f"/articles/{whole}/compare/{part}").text
    assert re.search(r"<summary>\d+ paragraphs alike</summary>", html)
    said = plain(html)
    for row in ask(site, f"articles/{whole}/compare/{part}")["paragraphs"]:
        assert " ".join((row["here"] or row["there"]).split()) in said


def test_an_article_page_leads_to_the_comparison_and_to_those_who_carried_it(
    site: httpx.Client, articles: list[Any]
) -> None:
    copy, original = linked(articles, "copy")
    if next(each for each in articles if each["id"] == copy)["duplicate_of"] != original:
        copy, original = original, copy
    html = site.get(f"/articles/{original}").text
    assert f'href="/articles/{original}/compare/{copy}"' in html
    assert f'href="/articles/{original}/syndication"' in html
    assert f'href="/articles/{original}/syndication"' in site.get(f"/articles/{copy}").text


def test_who_carried_an_article_is_paged_alike_on_page_and_in_the_api(
    site: httpx.Client, articles: list[Any]
) -> None:
    most = max(articles, key=lambda article: (article["carried"], article["duplicate_of"] is None))
    assert most["carried"] > 1
    whole = ask(site, f"articles/{most['id']}/syndication")
    assert whole["total"] == most["carried"] == len(whole["carriers"])
    address = f"/api/v1/articles/{most['id']}/syndication?page_size=1"
    rows = []
    while address:
        answer = site.get(address).json()
        rows += answer["carriers"]
        address = answer["next"]
    assert rows == whole["carriers"]
    second = plain(site.get(f"/articles/{most['id']}/syndication?page_size=1&page=2").text)
    assert f"Page 2 of {whole['total']}" in second
    assert (rows[1]["source"] or rows[1]["file"]) in second


def test_asked_for_a_duplicate_the_answer_is_that_of_its_original(
    site: httpx.Client, articles: list[Any]
) -> None:
    copy = next(article for article in articles if article["duplicate_of"])
    answer = ask(site, f"articles/{copy['id']}/syndication")
    assert answer["article"] == copy["id"]
    assert answer["original"]["id"] == copy["duplicate_of"]
    assert answer["carriers"] == ask(site, f"articles/{copy['duplicate_of']}/syndication")["carriers"]
    said = plain(site.get(f"/articles/{copy['id']}/syndication").text)
    assert f"You asked for article {copy['id']}, which repeats this one" in said


@pytest.mark.parametrize(
    "path", ["/articles/1/compare/999", "/articles/999/compare/1", "/articles/999/syndication"]
)
def test_an_article_that_is_not_there_is_a_404(site: httpx.Client, path: str) -> None:
    assert site.get(path).status_code == site.get(f"/api/v1{path}").status_code == 404


@pytest.mark.parametrize("path", ["/articles/1/compare/2?page=1", "/articles/1/syndication?pages=1"])
def test_a_parameter_that_is_not_known_is_refused(site: httpx.Client, path: str) -> None:
    assert site.get(path).status_code == site.get(f"/api/v1{path}").status_code == 422
