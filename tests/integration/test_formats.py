"""Formats, all the way: exports of several sources, archives inside archives, what is taken once."""

import gzip
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from app.archive import Archive
from app.domain.article import ArticleId
from app.domain.decision import Action, Ask, Reason
from app.domain.delivery import Outcome
from app.domain.query import Fold
from app.intake import Manner, Reading, Unreadable
from tests.factories import paragraph
from tests.integration.conftest import Reader
from tests.unit.test_intake_page import JSON_LD, page

WHY = Reason(who="Ada Marsh", why="The agency recalled it.")


def row(number: int, source: str = "The Herald", **more: str) -> dict[str, str]:
    body = "\n\n".join(paragraph(number * 10 + nth) for nth in range(4))
    return {
        "title": f"Report number {number}",
        "text": body,
        "source": source,
        "source_domain": "herald.example",
        **more,
    }


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """JSON Lines of three articles of two sources."""
    rows = [row(1), row(2, "The Post", section="Business"), row(3, url="https://herald.example/3")]
    path = tmp_path / "export.jsonl"
    path.write_text("\n".join(json.dumps(each) for each in rows), encoding="utf-8")
    return path


def found(archive: Archive, question: str) -> list[int]:
    return [hit.article.id for hit in archive.search(question, fold=Fold.NONE).hits]


def test_each_record_is_by_the_source_it_names(archive: Archive, export: Path) -> None:
    archive.ingest([export])
    assert found(archive, 'source:"The Herald"') == [3, 1] or found(archive, 'source:"The Herald"') == [1, 3]
    assert found(archive, 'source:"The Post"') == [2]
    assert sorted(found(archive, "domain:herald.example")) == [1, 2, 3]
    assert archive.article(ArticleId(2)).section == "Business"
    assert archive.article(ArticleId(3)).url == "https://herald.example/3"


def test_a_source_that_is_given_outweighs_what_the_records_say(archive: Archive, export: Path) -> None:
    archive.ingest([export], source="A database")
    assert {archive.article(ArticleId(n)).source for n in (1, 2, 3)} == {"A database"}


def test_an_export_is_taken_once_and_one_that_grew_is_taken_where_it_did(
    archive: Archive, export: Path
) -> None:
    archive.ingest([export])
    again = archive.ingest([export])
    assert [each.outcome for each in again.items] == [Outcome.UNCHANGED] * 3
    with export.open("a", encoding="utf-8") as stream:
        stream.write("\n" + json.dumps(row(4)) + "\n")
    grown = archive.ingest([export])
    assert [each.outcome for each in grown.items] == [*[Outcome.UNCHANGED] * 3, Outcome.NEW]
    assert archive.check().holds


def test_rereading_an_export_keeps_its_articles_and_their_sources(
    archive: Archive, export: Path, new_rules: Callable[[Reader], None]
) -> None:
    archive.ingest([export])
    archive.ingest([export], source="The Post")
    new_rules(lambda _, reading: reading)
    report = archive.reread(everything=False)
    assert report.articles_new == 0
    assert not [note for note in report.notes if "no longer" in note.note]
    carried = [
        sorted(str(seen.source) for seen in archive.article(ArticleId(n)).sightings) for n in (1, 2, 3)
    ]
    assert carried == [["The Herald", "The Post"], ["The Post"], ["The Herald", "The Post"]]


def test_erasing_a_record_leaves_the_others_in_the_file(archive: Archive, export: Path) -> None:
    archive.ingest([export])
    archive.decide(Ask(action=Action.ERASE, article=ArticleId(2)), WHY)
    kept = archive.capture(ArticleId(1)).content.decode()
    assert "Report number 1" in kept
    assert "Report number 3" in kept
    assert "Report number 2" not in kept
    again = archive.ingest([export])
    assert [each.outcome for each in again.items if each.article == 2] == [Outcome.WITHDRAWN]


def test_what_is_packed_is_taken_with_its_place(archive: Archive, export: Path, tmp_path: Path) -> None:
    packed = tmp_path / "packed.zip"
    with zipfile.ZipFile(packed, "w") as target:
        target.writestr("deep/export.jsonl.gz", gzip.compress(export.read_bytes()))
        target.writestr("page.html", page(JSON_LD))
        target.writestr("picture.png", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8)
    report = archive.ingest([packed])
    assert [each.file for each in report.items] == ["packed.zip » deep/export.jsonl.gz"] * 3 + [
        "packed.zip » page.html"
    ]
    assert [each.file for each in report.rejected] == ["packed.zip » picture.png"]
    assert any("SHA-256" in note.note for note in report.notes)
    plain = archive.ingest([export])
    assert [each.outcome for each in plain.items] == [Outcome.SEEN] * 3
    again = archive.ingest([packed])
    assert {each.outcome for each in again.items} == {Outcome.UNCHANGED}
    assert archive.capture(ArticleId(4)).content == page(JSON_LD)


def test_records_without_text_are_rejected_with_their_lines(archive: Archive, tmp_path: Path) -> None:
    path = tmp_path / "export.json"
    path.write_text(json.dumps([row(1), {"title": "Nothing", "text": ""}], indent=1), encoding="utf-8")
    report = archive.ingest([path])
    assert [each.outcome for each in report.items] == [Outcome.NEW]
    assert [each.reason for each in report.rejected] == ["Lines 8–11: The record has no text."]


def test_columns_that_a_person_names_outweigh_their_names(archive: Archive, tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text(f"Kopf,Rumpf,Title\nBridge,{paragraph(1)},not this\n", encoding="utf-8")
    manner = Manner(columns=(("headline", "Kopf"), ("body_text", "Rumpf")))
    report = archive.ingest([path], manner=manner)
    shown = archive.article(ArticleId(report.items[0].article or 0))
    assert (shown.headline, shown.body_text) == ("Bridge", paragraph(1))
    assert "headline from 'Kopf'" in report.notes[0].note
    assert [each.outcome for each in archive.ingest([path], manner=manner).items] == [Outcome.UNCHANGED]


def test_named_columns_hold_when_a_file_is_read_again(
    archive: Archive, tmp_path: Path, new_rules: Callable[[Reader], None]
) -> None:
    path = tmp_path / "export.json"
    path.write_text(json.dumps([{"kopf": "Bridge", "rumpf": paragraph(1)}]), encoding="utf-8")
    archive.ingest([path])
    archive.ingest([path], manner=Manner(columns=(("body_text", "rumpf"),)))
    new_rules(lambda _, reading: reading)
    report = archive.reread(everything=False)
    assert [item.article for item in report.items] == [1]
    assert archive.totals().articles == 1


def test_what_a_publisher_takes_back_is_marked_and_stays(archive: Archive, tmp_path: Path) -> None:
    path = tmp_path / "wire.json"
    item = {"uri": "urn:wire:1", "type": "text", "headline": "Bridge", "body_text": paragraph(1)}
    path.write_text(json.dumps(item), encoding="utf-8")
    archive.ingest([path])
    assert archive.article(ArticleId(1)).status is None
    path.write_text(json.dumps({**item, "pubstatus": "canceled"}), encoding="utf-8")
    report = archive.ingest([path])
    assert any("canceled" in note.note for note in report.notes)
    assert archive.article(ArticleId(1)).status == "canceled"
    assert [hit.article.id for hit in archive.search(paragraph(1).split()[0]).hits] == [1]


def test_an_update_of_the_wire_is_a_version(archive: Archive, tmp_path: Path) -> None:
    for nth, text in enumerate((paragraph(1), f"{paragraph(1)} {paragraph(2)}")):
        path = tmp_path / f"wire{nth}.json"
        path.write_text(
            json.dumps({"uri": "urn:wire:1", "type": "text", "body_text": text}), encoding="utf-8"
        )
        archive.ingest([path])
    assert [each.article.id for each in archive.article(ArticleId(1)).versions] == [1, 2]


def test_a_decision_about_a_record_is_handed_to_its_own_new_text(
    archive: Archive, tmp_path: Path, new_rules: Callable[[Reader], None]
) -> None:
    path = tmp_path / "one-line.json"
    path.write_text(json.dumps([row(1), row(2), row(3)]), encoding="utf-8")
    archive.ingest([path])
    archive.decide(Ask(action=Action.WITHDRAW, article=ArticleId(2)), WHY)

    def shorter(_: bytes, reading: Reading | Unreadable) -> Reading | Unreadable:
        assert isinstance(reading, Reading)
        drafts = [replace(each, body_text=each.body_text.rpartition("\n\n")[0]) for each in reading.drafts]
        return replace(reading, drafts=tuple(drafts))

    new_rules(shorter)
    report = archive.reread(everything=False)
    hidden = [each.outcome is Outcome.WITHDRAWN for each in report.items]
    assert hidden == [False, True, False]
