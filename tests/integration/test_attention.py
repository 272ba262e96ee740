"""A question followed over time, over a real server: JSON, CSV, the page and the command line say the same."""

import csv
import re
from collections.abc import Iterator
from datetime import date
from html import unescape
from io import StringIO
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.web.app import create_app
from tests.integration.test_cli import Shell
from tests.serving import filled_archive, served


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("attention")


@pytest.fixture(scope="module")
def site(place: Path) -> Iterator[httpx.Client]:
    with filled_archive(place) as archive, served(create_app(archive)) as client:
        yield client


def follow(site: httpx.Client, **parameters: str) -> Any:
    answer = site.get("/api/v1/attention", params=parameters)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize("by", ["day", "week", "month", "year"])
def test_every_article_is_in_one_period_or_undated(site: httpx.Client, by: str) -> None:
    found = follow(site, q="the", by=by)
    total = site.get("/api/v1/search", params={"q": "the", "fold": "none"}).json()["total"]
    assert found["total"] == total == found["undated"] + sum(each["articles"] for each in found["periods"])
    assert all(0 <= each["articles"] <= each["of"] for each in found["periods"])


def test_a_period_holds_what_a_search_between_its_days_finds(site: httpx.Client) -> None:
    for each in follow(site, q="the", by="month", language="en")["periods"]:
        asked = {"fold": "none", "from": each["first"], "to": each["last"], "language": "en"}
        for question, expected in (("the", each["articles"]), ("*", each["of"])):
            assert site.get("/api/v1/search", params={"q": question, **asked}).json()["total"] == expected


def test_between_two_days_nothing_else_is_counted(site: httpx.Client) -> None:
    found = follow(site, **{"q": "*", "by": "day", "from": "2025-04-01", "to": "2025-04-30"})
    assert found["undated"] == 0
    assert {date.fromisoformat(each["first"]).month for each in found["periods"]} == {4}


def test_csv_page_and_command_line_say_what_the_json_says(site: httpx.Client, place: Path) -> None:
    found = follow(site, q="the", by="month")
    table = site.get("/api/v1/attention.csv", params={"q": "the", "by": "month"})
    assert table.headers["content-type"] == "text/csv; charset=utf-8"
    assert "attachment" in table.headers["content-disposition"]
    read = list(csv.DictReader(StringIO(table.text)))
    assert [{name: str(value) for name, value in each.items()} for each in found["periods"]] == read
    page = site.get("/attention", params={"q": "the"}).text
    assert page.count("<rect ") == sum(1 for each in found["periods"] if each["articles"])
    assert f"from={found['periods'][-1]['first']}" in page
    run = Shell(place / "home")
    assert run.json("attention", "the") == found
    assert list(csv.DictReader(StringIO(run("attention", "the", "--csv").stdout))) == read
    assert run("attention", "the").stdout.count("█") > 0


def test_what_matches_nothing_has_no_period(site: httpx.Client) -> None:
    assert follow(site, q="zyzzyva")["periods"] == []
    assert (
        site.get("/api/v1/attention.csv", params={"q": "zyzzyva"}).text == "first,last,articles,of,share\r\n"
    )
    assert "Nothing that has a day matches" in site.get("/attention", params={"q": "zyzzyva"}).text


def test_the_page_says_what_the_answer_is_narrowed_to_and_takes_it_back(site: httpx.Client) -> None:
    asked = {"q": "the", "by": "year", "language": "en", "source": "Harbour Herald"}
    shown = site.get("/attention", params=asked).text
    assert (
        "Narrowed to carried by: <bdi>Harbour Herald</bdi>; language: <bdi>English</bdi>. Each share" in shown
    )
    assert 'href="?q=the&amp;by=year&amp;source=Harbour+Herald" aria-current="true"' in shown
    assert "Narrowed" not in site.get("/attention", params={"q": "the"}).text


def test_the_lenient_reading_is_followed_over_time_as_well(site: httpx.Client) -> None:
    refused = site.get("/attention", params={"q": "(ferry", "by": "year"})
    assert refused.status_code == 400
    (offered,) = re.findall(r'href="(/attention[^"]*q=ferry[^"]*)"', refused.text)
    assert site.get(unescape(offered)).status_code == 200


@pytest.mark.parametrize("day", ["2017-02-30", "2017-13-01", "0000-01-01"])
def test_a_day_that_does_not_exist_is_told_in_plain_words(site: httpx.Client, day: str) -> None:
    refused = site.get("/api/v1/search", params={"q": "ferry", "from": day})
    assert refused.status_code == 422
    assert f"there is no day {day}" in refused.json()["detail"]


def test_a_question_that_cannot_be_read_says_where(site: httpx.Client) -> None:
    for address in ("/api/v1/attention", "/api/v1/attention.csv", "/attention"):
        assert site.get(address, params={"q": '"open'}).status_code == 400
    assert site.get("/api/v1/attention", params={"by": "decade"}).status_code == 422
