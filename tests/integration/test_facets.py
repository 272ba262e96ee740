"""Facets over a real server and a real archive of the samples: counted, chosen, chosen again, taken back."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.archive import Archive, open_archive
from app.domain.query import Facet, Fold
from app.web.app import create_app
from tests.factories import make_settings
from tests.integration.test_cli import Shell
from tests.serving import filled_archive, served


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    with filled_archive(tmp_path_factory.mktemp("facets")) as archive:
        yield archive


@pytest.fixture(scope="module")
def site(archive: Archive) -> Iterator[httpx.Client]:
    with served(create_app(archive)) as client:
        yield client


def ask(site: httpx.Client, **parameters: str | int | list[str]) -> Any:
    answer = site.get("/api/v1/search", params=parameters)
    assert answer.status_code == 200, answer.text
    return answer.json()


def counted(found: Any, facet: str) -> dict[str, int]:
    (values,) = [each["values"] for each in found["facets"] if each["facet"] == facet]
    return {each["value"]: each["count"] for each in values}


@pytest.mark.parametrize("facet", list(Facet))
def test_a_facet_of_which_nothing_is_said_narrows_nothing(site: httpx.Client, facet: Facet) -> None:
    found = ask(site, q="*")
    assert found["total"] == ask(site, q="*", **{facet.value: ""})["total"] > 0
    values = counted(ask(site, q="*", facet=facet.value), facet.value)
    some = next(iter(values))
    assert (
        ask(site, q="*", **{facet.value: ["", some]})["total"]
        == ask(site, q="*", **{facet.value: some})["total"]
    )


@pytest.mark.parametrize("fold", list(Fold))
def test_the_values_of_a_facet_that_every_article_has_once_add_up(site: httpx.Client, fold: Fold) -> None:
    found = ask(site, q="*", fold=fold, facet=["language", "duplicate"])
    sums = {name: sum(counted(found, name).values()) for name in ("language", "duplicate")}
    if fold is Fold.NONE:
        assert sums == dict.fromkeys(sums, found["total"])
    else:  # a story of articles in two languages counts for each
        assert all(
            total >= found[f"total_{'stories' if fold is Fold.STORY else 'originals'}"]
            for total in sums.values()
        )


def test_what_is_chosen_finds_as_many_as_were_counted_and_leaves_the_facet_open(site: httpx.Client) -> None:
    for facet in Facet:
        before = counted(ask(site, q="the", fold="none", facet=[facet]), facet)
        for value, count in list(before.items())[:4]:
            after = ask(site, q="the", fold="none", facet=[facet], **{facet: value})
            assert after["total"] == count > 0, (facet, value)
            assert counted(after, facet) == before


def test_two_values_of_one_facet_are_either_and_of_two_facets_both(site: httpx.Client) -> None:
    months = counted(ask(site, q="*", fold="none", facet=["month"]), "month")
    first, second = list(months)[:2]
    both = ask(site, q="*", fold="none", month=[first, second], facet=["language", "month"])
    assert both["total"] == months[first] + months[second]
    languages = counted(both, "language")
    narrowed = ask(site, q="*", fold="none", month=[first, second], language="en", facet=["month"])
    assert narrowed["total"] == languages["en"] == sum(list(counted(narrowed, "month").values())[:2])


def test_the_next_page_is_narrowed_and_counted_as_this_one(site: httpx.Client) -> None:
    first = ask(site, q="*", fold="none", language=["en", "de"], facet=["language", "year"], page_size=3)
    second = site.get(first["next"]).json()
    assert (second["total"], second["facets"]) == (first["total"], first["facets"])
    assert not {hit["article"]["id"] for hit in first["hits"]} & {
        hit["article"]["id"] for hit in second["hits"]
    }


def test_what_nobody_has_finds_nothing_and_can_be_taken_back(site: httpx.Client) -> None:
    found = ask(site, q="*", language="xx", facet=["language"])
    assert found["total"] == 0
    assert counted(found, "language")["xx"] == 0
    page = site.get("/", params={"q": "*", "language": "xx"}, headers={"accept": "text/html"}).text
    assert 'aria-current="true"' in page
    assert 'href="?q=%2A"' in page


def test_a_page_narrows_by_a_link_and_keeps_what_was_asked(site: httpx.Client) -> None:
    page = site.get("/", params={"q": "harbour", "sort": "newest", "page": 1}).text
    assert 'href="?q=harbour&amp;sort=newest&amp;year=2025"' in page
    facets = page.partition("<aside")[2].partition('<p class="more">')[0]
    assert "page=1" not in facets


SECTIONS = """headline,body,section
Ferries stay in port,No ferry left the harbour on Tuesday while the crews met the owners.,Business
Crews go back,The ferry crews voted on Friday to sail again after a week ashore.,BUSINESS
A lamp for the ferry,The pier has a new lamp that ferry passengers had asked for since spring.,"Town & Country"
Harbour cup,The ferry master won the rowing cup with a lead of four lengths.,
"""


def test_sections_are_counted_chosen_and_shown(tmp_path: Path) -> None:
    (tmp_path / "sections.csv").write_text(SECTIONS, "utf-8")
    with open_archive(make_settings(tmp_path / "home")) as archive:
        archive.ingest([tmp_path / "sections.csv"])
        with served(create_app(archive)) as site:
            found = ask(site, q="ferry", fold="none", facet="section")
            counts = {"BUSINESS": 1, "Business": 1, "Town & Country": 1, "none": 1}
            assert counted(found, "section") == counts
            assert ask(site, q="section:business", fold="none")["total"] == 2
            both = ask(site, q="ferry", fold="none", section=["Business", "none"], facet="section")
            assert (both["total"], counted(both, "section")) == (2, counts)
            page = site.get("/", params={"q": "ferry", "section": "Town & Country"}).text
            assert '<h3 class="label">Section</h3>' in page
            assert "Town &amp; Country" in page
            assert "no section named" in page
            assert 'href="?q=ferry&amp;section=Town+%26+Country&amp;section=BUSINESS"' in page
            followed = site.get("/api/v1/attention", params={"q": "ferry", "section": "none"}).json()
            assert followed["total"] == 1


@pytest.mark.parametrize(
    ("parameters", "named"),
    [
        ({"facet": "colour"}, "facet"),
        ({"source": "x" * 301}, "source"),
        ({"day": ["2025-01-01"] * 51}, "day"),
    ],
)
def test_what_is_no_facet_or_too_much_is_refused_by_name(
    site: httpx.Client, parameters: dict[str, Any], named: str
) -> None:
    answer = site.get("/api/v1/search", params=parameters)
    assert answer.status_code == 422
    assert named in answer.json()["detail"]


def test_a_value_that_no_article_can_have_is_refused_with_those_there_are(site: httpx.Client) -> None:
    for address in ("search", "attention"):
        told = site.get(f"/api/v1/{address}", params={"q": "*", "story_size": ["1", "3"]})
        assert told.status_code == 422
        (part,) = told.json()["errors"]
        assert part["parameter"] == "story_size"
        assert "Write 1, 2-4, 5-9 or over-9." in part["detail"]


def test_the_command_line_counts_and_narrows(tmp_path_factory: pytest.TempPathFactory) -> None:
    home = tmp_path_factory.mktemp("home")
    with filled_archive(home) as archive:
        expected = archive.search("*", facets=[Facet.LANGUAGE], chosen={Facet.DUPLICATE: frozenset({"no"})})
    run = Shell(home / "home")
    told = run("search", "*", "--facet", "language", "--only", "duplicate=no")
    assert told.returncode == 0, told.stderr
    (view,) = expected.facets
    assert f"language: {', '.join(f'{each.value} {each.count}' for each in view.values)}" in told.stdout
    assert run("search", "*", "--only", "colour=red").returncode == 2
    assert "Write yes or no." in run("search", "*", "--only", "duplicate=maybe").stderr
    wrong = run("search", "*", "--only", "language")
    assert (wrong.returncode, "--only language=de" in wrong.stderr) == (2, True)


def test_what_came_with_a_delivery_is_found_by_its_number(site: httpx.Client) -> None:
    total = ask(site, q="*", fold="none")["total"]
    of = {number: ask(site, q=f"delivery:{number}", fold="none") for number in (1, 2, 3)}
    assert of[1]["total"] + of[2]["total"] == total > of[1]["total"] > 0 < of[2]["total"]
    assert of[3]["total"] == 0
    assert of[1]["interpretation"] == "in delivery 1"
    both = ask(site, q="the -delivery:1 OR delivery:2", fold="none")
    assert {hit["article"]["id"] for hit in both["hits"]} == {hit["article"]["id"] for hit in of[2]["hits"]}
    narrowed = ask(site, q="judge delivery:1", explain=1)
    assert narrowed["hits"]
    assert [reason["asked"] for reason in narrowed["hits"][0]["reasons"]] == ["judge"]
    for q in ("delivery:9999999999", "delivery:0"):
        assert ask(site, q=q)["total"] == 0
    assert site.get("/api/v1/search", params={"q": "delivery:one"}).status_code == 400
    followed = site.get("/api/v1/attention", params={"q": "delivery:1"}).json()
    assert followed["total"] == of[1]["total"]
    assert site.get("/api/v1/suggestions", params={"q": "delivery:1 jud"}).json()["suggestions"]
    assert 'href="/?q=delivery%3A1"' in site.get("/deliveries/1").text
