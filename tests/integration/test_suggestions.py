"""What a question that is being typed may become: on both engines, over the API, and as browsers ask for it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from app.archive import Archive, open_archive
from app.errors import IndexUnavailableError
from app.web.app import create_app
from tests.factories import article, make_settings, write
from tests.serving import SAMPLES, served


@pytest.fixture(scope="module", params=["whoosh", "tantivy"])
def archive(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    home = tmp_path_factory.mktemp("suggestions")
    with open_archive(make_settings(home, index_url=f"{request.param}:{home / 'index'}")) as archive:
        archive.ingest([SAMPLES])
        yield archive


@pytest.fixture(scope="module")
def site(archive: Archive) -> Iterator[httpx.Client]:
    with served(create_app(archive)) as client:
        yield client


@contextmanager
def headed(home: Path, folder: Path, *headlines: str) -> Iterator[Archive]:
    """Open an archive of articles with these headlines."""
    records = [{"headline": each, "body": article(n)} for n, each in enumerate(headlines)]
    with open_archive(make_settings(home)) as archive:
        archive.ingest([write(folder / "in", a_json=json.dumps(records))])
        yield archive


def completed(archive: Archive, typed: str) -> list[str]:
    return [each.question for each in archive.suggestions(typed)]


def test_the_last_word_is_completed_by_words_of_headlines(archive: Archive) -> None:
    assert completed(archive, "jud") == ["judge"]
    assert completed(archive, "JUD") == ["judge"]
    assert completed(archive, "inquiry jud") == ["inquiry judge"]
    assert completed(archive, "(storm OR jud") == []
    assert completed(archive, "storm OR jud") == ["storm OR judge"]
    assert completed(archive, "headline:inquiry -storm jud") == ["headline:inquiry -storm judge"]


def test_every_suggestion_finds_as_many_articles_as_it_says(archive: Archive) -> None:
    begun = {f"{first}{second}" for first in "abcdefghijklmnopqrstuvw" for second in "aeiourl"}
    told = [each for typed in sorted(begun) for each in archive.suggestions(typed)]
    assert len(told) > 20
    for each in told:
        assert archive.search(each.question).total == each.articles > 0


def test_what_more_headlines_have_comes_first_and_of_the_forms_of_a_word_one(archive: Archive) -> None:
    found = archive.suggestions("in")
    assert found[0].question == "inquiry"
    assert len({each.question.removesuffix("s") for each in found}) == len(found)


def test_where_accents_are_typed_words_that_have_them_come_first(home: Path, tmp_path: Path) -> None:
    with headed(
        home, tmp_path, "A ghost haunts the pier", "It haunts him still", "Alte Häuser am Hafen"
    ) as german:
        assert completed(german, "hau") == ["haunts", "häuser"]
        assert completed(german, "Häu") == ["häuser", "haunts"]


def test_a_word_is_offered_without_its_possessive(home: Path, tmp_path: Path) -> None:
    with headed(home, tmp_path, "Tarrick’s inquiry", "Tarrick's report", "Tarrick speaks") as archive:
        assert completed(archive, "tar") == ["tarrick"]


def test_where_each_character_is_a_word_the_run_of_them_is_completed(home: Path, tmp_path: Path) -> None:
    with headed(home, tmp_path, "서울에서 국제 회의", "동서울 삼성SDI가", "Seoul") as korean:
        assert completed(korean, "서울") == ["서울에서"]
        assert completed(korean, "회의 서울") == ["회의 서울에서"]
        assert completed(korean, "삼성") == ["삼성sdi가"]
        assert completed(korean, "울에") == []


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "j",
        "judge ",
        "judge*",
        "judge",
        "zzyzx",
        "source:cap",
        "headline:jud",
        '"the jud',
        "-jud",
        "published:jud",
        "storm AND (jud",
        "ju\u200bd",
        "*" * 40,
        "jud" * 4_000,
        "storm OR OR jud",
        "../jud",
    ],
)
def test_what_cannot_be_completed_is_no_error(archive: Archive, typed: str) -> None:
    assert archive.suggestions(typed) == ()


def test_the_api_and_the_browser_are_told_the_same(site: httpx.Client) -> None:
    answer = site.get("/api/v1/suggestions", params={"q": "inquiry jud"}).json()
    [suggestion] = answer["suggestions"]
    assert answer["query"] == "inquiry jud"
    typed, questions, told, addresses = site.get("/suggestions", params={"q": "inquiry jud"}).json()
    assert (typed, questions) == ("inquiry jud", [suggestion["question"]])
    assert told == [f"{suggestion['articles']} articles"]
    assert addresses == [f"{site.base_url}/?q=inquiry+judge"]
    assert site.get(addresses[0]).status_code == 200


def test_browsers_are_told_where_to_ask(site: httpx.Client) -> None:
    answer = site.get("/suggestions", params={"q": "jud"})
    assert answer.headers["content-type"].startswith("application/x-suggestions+json")
    assert "suggestions?q={searchTerms}" in site.get("/opensearch.xml").text
    assert site.get("/suggestions").json() == ["", [], [], []]


def test_without_an_index_it_says_so(archive: Archive, site: httpx.Client) -> None:
    archive._engine.wipe()
    try:
        with pytest.raises(IndexUnavailableError):
            archive.suggestions("jud")
        assert site.get("/api/v1/suggestions", params={"q": "jud"}).status_code == 503
    finally:
        archive.reindex()
