"""The same address with another text: a version of it, kept, shown and compared."""

import json
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import text

from app.archive import Archive
from app.domain.article import ArticleId
from app.domain.decision import Action, Ask, Reason
from app.domain.query import Fold
from tests.factories import paragraph

ADDRESS = "https://www.harwick.example/bridge"


def row(*numbers: int, url: str = ADDRESS) -> dict[str, str]:
    return {"title": "Bridge to be rebuilt", "text": "\n\n".join(paragraph(n) for n in numbers), "url": url}


def deliver(archive: Archive, path: Path, *rows: Mapping[str, object]) -> None:
    path.write_text("\n".join(json.dumps(each) for each in rows), encoding="utf-8")
    archive.ingest([path])


def versions(archive: Archive, article: int) -> list[int]:
    return [each.article.id for each in archive.article(ArticleId(article)).versions]


def test_a_changed_text_at_an_address_is_a_version_of_it(archive: Archive, tmp_path: Path) -> None:
    deliver(archive, tmp_path / "monday.jsonl", row(1, 2, 3), row(9, url="https://elsewhere.example/"))
    assert versions(archive, 1) == []
    deliver(archive, tmp_path / "tuesday.jsonl", row(1, 2, 4))
    deliver(archive, tmp_path / "wednesday.jsonl", row(1, 5, 4))
    for article in (1, 3, 4):
        assert versions(archive, article) == [1, 3, 4]
    newest = archive.article(ArticleId(1)).newest_version
    assert newest is not None
    assert newest.article.id == 4
    assert archive.article(ArticleId(4)).newest_version is None
    assert versions(archive, 2) == []


def test_the_newest_is_found_and_each_can_be_opened(archive: Archive, tmp_path: Path) -> None:
    deliver(archive, tmp_path / "monday.jsonl", row(1, 2, 3))
    deliver(archive, tmp_path / "tuesday.jsonl", row(1, 2, 4))
    word = next(
        word for word in paragraph(4).split() if word.isalpha() and word not in paragraph(1) + paragraph(2)
    )
    assert [hit.article.id for hit in archive.search(word, fold=Fold.ORIGINAL).hits] == [2]
    assert paragraph(3) in archive.article(ArticleId(1)).body_text


def test_the_same_text_at_the_same_address_is_no_version(archive: Archive, tmp_path: Path) -> None:
    deliver(archive, tmp_path / "monday.jsonl", row(1, 2))
    deliver(archive, tmp_path / "tuesday.jsonl", row(1, 2))
    assert versions(archive, 1) == []


def test_a_version_that_was_withdrawn_is_none(archive: Archive, tmp_path: Path) -> None:
    deliver(archive, tmp_path / "monday.jsonl", row(1, 2, 3))
    deliver(archive, tmp_path / "tuesday.jsonl", row(1, 2, 4))
    archive.decide(Ask(action=Action.WITHDRAW, article=ArticleId(2)), Reason(who="Ada", why="Recalled."))
    assert versions(archive, 1) == []


def test_versions_that_are_numbered_stand_in_their_order_however_they_came(
    archive: Archive, tmp_path: Path
) -> None:
    told = [{**row(1, n), "version": version} for n, version in ((4, "3"), (2, 1), (3, 2))]
    for number, each in enumerate(told):
        deliver(archive, tmp_path / f"{number}.jsonl", each)
    assert versions(archive, 1) == [2, 3, 1]
    newest = archive.article(ArticleId(2)).newest_version
    assert newest is not None
    assert (newest.article.id, newest.number) == (1, 3)
    deliver(archive, tmp_path / "unnumbered.jsonl", row(1, 5))
    assert versions(archive, 1) == [1, 2, 3, 4]


def feed(link: str, guid: str, *numbers: int) -> str:
    body = "\n\n".join(paragraph(n) for n in numbers)
    return (
        "<rss version='2.0'><channel><title>Harwick Post</title><link>https://www.harwick.example/</link><item>"
        f"<title>Bridge</title><link>{link}</link><guid isPermaLink='false'>{guid}</guid>"
        f"<description>{body}</description></item></channel></rss>"
    )


def test_an_entry_that_keeps_its_name_and_not_its_address_is_a_version(
    archive: Archive, tmp_path: Path
) -> None:
    told = [
        feed("https://www.harwick.example/bridge-to-be-rebuilt", "https://www.harwick.example/?p=7", 1, 2),
        feed("https://www.harwick.example/bridge-to-be-torn-down", "https://www.harwick.example/?p=7", 1, 3),
        feed("https://www.harwick.example/quay", "8", 4, 5),
        feed("https://www.harwick.example/quay-closed", "8", 4, 6),
        feed("https://other.example/x", "8", 9).replace("www.harwick", "www.elsewhere"),
    ]
    for number, content in enumerate(told):
        path = tmp_path / f"{number}.rss"
        path.write_text(content, encoding="utf-8")
        archive.ingest([path])
    assert [versions(archive, article) for article in (1, 2)] == [[1, 2], [1, 2]]
    assert [versions(archive, article) for article in (3, 4)] == [[3, 4], [3, 4]]
    assert versions(archive, 5) == []


def test_names_are_learnt_when_captures_are_read_again(archive: Archive, tmp_path: Path) -> None:
    for number in (2, 3):
        deliver(
            archive,
            tmp_path / f"{number}.jsonl",
            {**row(1, number, url=f"https://a.example/{number}"), "uri": "urn:harwick:7"},
        )
    assert versions(archive, 1) == [1, 2]
    with archive._database.write() as session:
        session.execute(text("UPDATE sighting SET name = ''"))
    assert versions(archive, 1) == []
    archive.reread(everything=True)
    assert versions(archive, 1) == [1, 2]


def test_an_answer_says_where_a_newer_text_stands(archive: Archive, tmp_path: Path) -> None:
    for day, numbers in enumerate(((1, 2, 3), (1, 2, 4), (1, 5, 4)), start=1):
        deliver(archive, tmp_path / f"{day}.jsonl", row(*numbers))
    deliver(
        archive, tmp_path / "other.jsonl", row(9, url="https://elsewhere.example/"), {"text": paragraph(8)}
    )
    newer = {hit.article.id: hit.newer for hit in archive.search("*", fold=Fold.NONE).hits}
    assert newer == {1: 3, 2: 3, 3: None, 4: None, 5: None}
    archive.decide(Ask(action=Action.WITHDRAW, article=ArticleId(3)), Reason(who="Ada", why="Recalled."))
    newer = {hit.article.id: hit.newer for hit in archive.search("*", fold=Fold.NONE).hits}
    assert newer == {1: 2, 2: None, 4: None, 5: None}
