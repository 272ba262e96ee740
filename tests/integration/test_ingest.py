"""What ingest promises: every text once, every sighting told, nothing lost and nothing taken twice."""

from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.archive import Archive
from app.domain.delivery import IndexState, Outcome, Report
from app.domain.query import Fold
from app.intake import Manner, Split
from app.store.database import Database
from app.store.tables import ArticleRecord, CaptureRecord, SightingRecord, StoryRecord
from tests.factories import article, paragraph, write


def outcomes(report: Report) -> list[str]:
    return [each.outcome.value for each in report.items]


def test_a_new_text_becomes_an_article_with_a_sighting_and_a_story(archive: Archive, tmp_path: Path) -> None:
    report = archive.ingest([write(tmp_path / "in", a_txt=article(1))])
    (only,) = report.items
    assert only.outcome is Outcome.NEW
    assert (report.articles_new, report.sightings_new, report.stories_new) == (1, 1, 1)
    assert report.index is IndexState.CURRENT
    assert only.article is not None
    view = archive.article(only.article)
    assert view.sightings[0].file == "a.txt"
    assert view.story.id == only.story


def test_ingesting_the_same_folder_twice_changes_nothing_but_the_log(
    archive: Archive, tmp_path: Path
) -> None:
    folder = write(tmp_path / "in", a_txt=article(1), b_txt=article(2))
    first = archive.ingest([folder])
    second = archive.ingest([folder])
    assert outcomes(second) == ["unchanged", "unchanged"]
    assert [each.article for each in second.items] == [each.article for each in first.items]
    assert (second.articles_new, second.sightings_new, second.stories_new) == (0, 0, 0)
    assert archive.totals().articles == 2
    assert archive.deliveries(page=1, page_size=10).total == 2


def test_the_same_text_elsewhere_is_a_further_sighting(archive: Archive, tmp_path: Path) -> None:
    text = article(1)
    archive.ingest([write(tmp_path / "one", a_txt=text)])
    report = archive.ingest([write(tmp_path / "two", a_txt=text)])
    assert outcomes(report) == ["seen"]
    assert (report.articles_new, report.sightings_new) == (0, 1)
    assert archive.totals().articles == 1


def test_the_same_file_under_another_source_is_a_further_sighting(archive: Archive, tmp_path: Path) -> None:
    folder = write(tmp_path / "in", a_txt=article(1))
    archive.ingest([folder], source="The Herald")
    assert outcomes(archive.ingest([folder], source="The Post")) == ["seen"]
    assert outcomes(archive.ingest([folder], source="The Post")) == ["unchanged"]
    assert [row.name for row in archive.sources(page=1, page_size=10).rows] == ["The Herald", "The Post"]


def test_the_same_text_twice_in_one_file_is_two_sightings(archive: Archive, tmp_path: Path) -> None:
    text = article(1)
    folder = write(tmp_path / "in", a_txt=f"1 of 2 DOCUMENTS\n\n{text}\n2 of 2 DOCUMENTS\n\n{text}")
    report = archive.ingest([folder])
    assert outcomes(report) == ["new", "seen"]
    assert outcomes(archive.ingest([folder])) == ["unchanged", "unchanged"]


def test_an_edited_file_leaves_its_untouched_articles_unchanged(archive: Archive, tmp_path: Path) -> None:
    separator = "\n\x0c\n"
    folder = write(tmp_path / "in", a_txt=article(1) + separator + article(2))
    first = archive.ingest([folder])
    write(folder, a_txt=article(3) + separator + article(2))
    second = archive.ingest([folder])
    assert outcomes(second) == ["new", "unchanged"]
    assert second.items[1].article == first.items[1].article
    write(folder, a_txt=article(1) + separator + article(2))
    assert outcomes(archive.ingest([folder])) == ["unchanged", "unchanged"]


def test_split_never_gives_one_article_and_is_remembered_apart(archive: Archive, tmp_path: Path) -> None:
    folder = write(tmp_path / "in", a_txt=article(1) + "\n\x0c\n" + article(2))
    assert len(archive.ingest([folder]).items) == 2
    assert len(archive.ingest([folder], manner=Manner(split=Split.NEVER)).items) == 1
    assert outcomes(archive.ingest([folder], manner=Manner(split=Split.NEVER))) == ["unchanged"]


def test_a_near_copy_is_an_article_of_its_own_that_points_at_its_original(
    archive: Archive, tmp_path: Path
) -> None:
    body = [paragraph(nth) for nth in range(6)]
    changed = [*body[:5], paragraph(99)]
    folder = write(
        tmp_path / "in",
        a_txt="The first headline\n\n" + "\n\n".join(body),
        b_txt="Another headline\n\n" + "\n\n".join(changed),
    )
    report = archive.ingest([folder])
    original, copy = report.items
    assert outcomes(report) == ["new", "duplicate"]
    assert copy.duplicate_of == original.article
    assert copy.story == original.story
    assert report.articles_new == 2
    assert copy.repeats[0].kind.value == "copy"
    assert original.repeats[0].article == copy.article


@pytest.mark.parametrize("whole_first", [True, False])
def test_an_excerpt_points_at_the_whole_whichever_came_first(
    archive: Archive, tmp_path: Path, whole_first: bool
) -> None:
    body = [paragraph(nth) for nth in range(9)]
    whole = "The whole report\n\n" + "\n\n".join(body)
    part = "An excerpt of it\n\n" + "\n\n".join(body[2:5])
    texts = (whole, part) if whole_first else (part, whole)
    reports = [archive.ingest([write(tmp_path / str(nth), a_txt=text)]) for nth, text in enumerate(texts)]
    first, second = (report.items[0].article for report in reports)
    whole_id, part_id = (first, second) if whole_first else (second, first)
    assert whole_id is not None
    assert part_id is not None
    of = archive.article(part_id).duplicate_of
    assert of is not None
    assert of.id == whole_id
    assert archive.article(whole_id).duplicate_of is None
    assert archive.search("*", fold=Fold.ORIGINAL).total_originals == 1


@pytest.mark.parametrize("digest_at", [0, 2, 4])
def test_a_digest_is_in_nobodys_family_whenever_it_comes(
    archive: Archive, tmp_path: Path, digest_at: int
) -> None:
    bodies = [[paragraph(part * 50 + nth) for nth in range(5)] for part in range(4)]
    texts = [f"Headline number {part}\n\n" + "\n\n".join(body) for part, body in enumerate(bodies)]
    digest = "Evening digest\n\n" + paragraph(777) + "\n\n" + "\n\n".join(p for body in bodies for p in body)
    texts.insert(digest_at, digest)
    ids = []
    for nth, text in enumerate(texts):
        (only,) = archive.ingest(
            [write(tmp_path / str(nth), a_txt=text)], manner=Manner(split=Split.NEVER)
        ).items
        assert only.article is not None
        ids.append(only.article)
    views = [archive.article(id_) for id_ in ids]
    assert [view.duplicate_of for view in views] == [None] * 5
    assert {link.kind.value for link in views[digest_at].repeats} == {"contains"}
    assert len(views[digest_at].repeats) == 4


def test_a_dry_run_reports_the_same_and_archives_nothing(archive: Archive, tmp_path: Path) -> None:
    folder = write(tmp_path / "in", a_txt=article(1), b_txt=article(2), c_txt=b"")
    known = archive.ingest([write(tmp_path / "known", a_txt=article(1))])
    rehearsed = archive.rehearse([folder])
    assert outcomes(rehearsed) == ["seen", "new"]
    assert rehearsed.delivery is None
    assert [each.article for each in rehearsed.items] == [known.items[0].article, None]
    assert len(rehearsed.rejected) == 1
    assert archive.totals().articles == 1
    assert archive.deliveries(page=1, page_size=10).total == 1
    assert outcomes(archive.ingest([folder])) == ["seen", "new"]


def test_the_capture_is_kept_to_the_byte_and_once(
    archive: Archive, database: Database, tmp_path: Path
) -> None:
    content = "\ufeff".encode() + article(1).replace("\n", "\r\n").encode()
    report = archive.ingest([write(tmp_path / "in", a_txt=content, b_txt=content)])
    assert report.items[0].article is not None
    assert archive.capture(report.items[0].article).content == content
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(CaptureRecord)) == 1
        assert session.scalar(select(func.count()).select_from(SightingRecord)) == 2


def test_files_in_folders_are_taken_in_path_order_and_shown_relative(
    archive: Archive, tmp_path: Path
) -> None:
    root = tmp_path / "in"
    write(root / "b", z_txt=article(1))
    write(root / "a" / "deep", y_txt=article(2))
    write(root, c_txt=article(3))
    report = archive.ingest([root])
    assert [each.file for each in report.items] == ["a/deep/y.txt", "b/z.txt", "c.txt"]


def test_every_article_has_a_story_and_sizes_add_up(
    archive: Archive, database: Database, tmp_path: Path
) -> None:
    archive.ingest([write(tmp_path / "in", **{f"f{nth}_txt": article(nth) for nth in range(12)})])
    with database.read() as session:
        assert not session.scalar(select(func.count()).where(ArticleRecord.story_id.is_(None)))
        assert session.scalar(select(func.sum(StoryRecord.size))) == 12


def test_the_copy_that_was_published_first_becomes_the_original(archive: Archive, tmp_path: Path) -> None:
    body = [paragraph(nth) for nth in range(6)]

    def dated(nth: int, day: str) -> str:
        return f"Headline number {nth}\n\nPublished {day} March 2025\n\n" + "\n\n".join(
            [*body, paragraph(500 + nth)]
        )

    ids = []
    for nth, day in enumerate(["14", "15", "12", "16"]):
        (only,) = archive.ingest([write(tmp_path / str(nth), a_txt=dated(nth, day))]).items
        assert only.article is not None
        ids.append(only.article)
    views = [archive.article(id_) for id_ in ids]
    assert [view.published.day.day for view in views if view.published.day] == [14, 15, 12, 16]
    assert [view.duplicate_of.id if view.duplicate_of else None for view in views] == [
        ids[2],
        ids[2],
        None,
        ids[2],
    ]
    assert archive.check().holds
    assert archive.search("*", fold=Fold.ORIGINAL).total_originals == 1


def test_many_copies_are_one_family(archive: Archive, tmp_path: Path) -> None:
    body = [paragraph(nth) for nth in range(5)]
    texts = {
        f"f{nth:03}_txt": f"Headline {nth}\n\n" + "\n\n".join([*body, paragraph(900 + nth, sentences=1)])
        for nth in range(60)
    }
    report = archive.ingest([write(tmp_path / "in", **texts)])
    assert report.duplicates == 59
    assert {each.duplicate_of for each in report.items[1:]} == {report.items[0].article}
    assert (archive.totals().originals, archive.totals().stories) == (1, 1)


def test_a_text_that_is_empty_after_cleaning_is_rejected_and_kept(archive: Archive, tmp_path: Path) -> None:
    furniture = "Share this page\n\nSubscribe to our newsletter\n\nAll rights reserved\n\nRead more\n"
    folder = write(tmp_path / "in", a_txt=furniture, b_txt=article(1))
    report = archive.ingest([folder])
    assert [each.file for each in report.items] == ["b.txt"]
    (rejected,) = report.rejected
    assert rejected.file == "a.txt"
    assert "no article text in it, only page furniture" in rejected.reason
    assert archive.totals().articles == 1
    assert archive.check().holds
