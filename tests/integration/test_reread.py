"""Rereading after the rules have changed: the same text stays, what no reading confirms goes, nothing else."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import func, select, text

from app.archive import Archive, open_archive
from app.domain.article import ArticleId
from app.domain.decision import Action, Ask, Reason
from app.domain.delivery import Report
from app.domain.furniture import without
from app.domain.profile import Profile, Vector
from app.domain.story import key_terms
from app.domain.terms import background, portrait
from app.domain.weighing import keyed
from app.errors import NotFoundError
from app.intake import Manner, Reading, Split, Unreadable, read
from app.store.database import Database
from app.store.furniture import masks_of
from app.store.tables import ArticleRecord, FingerprintRecord, FrequencyRecord, PostingRecord, StoryRecord
from tests.factories import article, make_settings, paragraph, write
from tests.integration.conftest import Reader


def without_last_paragraph(_: bytes, reading: Reading | Unreadable) -> Reading | Unreadable:
    """As if the last paragraph had been found to be furniture."""
    assert isinstance(reading, Reading)
    drafts = (replace(each, body_text=each.body_text.rsplit("\n\n", 1)[0]) for each in reading.drafts)
    return replace(reading, drafts=tuple(drafts))


def articles_of(report: Report) -> list[ArticleId]:
    return [each.article for each in report.items if each.article]


def check_sums(database: Database) -> None:
    """Frequencies, postings, profiles and sizes must be those of the articles there are."""
    with database.read() as session:
        records = session.scalars(select(ArticleRecord).where(ArticleRecord.hidden.is_(None))).all()
        masks = masks_of(session, [ArticleId(each.id) for each in records])
        expected: dict[int, int] = {}
        for each in records:
            text = without(each.body_text, masks.get(ArticleId(each.id), ()))
            read = keyed(portrait(each.headline, each.deck, text, each.language), background())
            for key in read.counted.tolist():
                expected[key] = expected.get(key, 0) + 1
        held = {row.term: row.articles for row in session.scalars(select(FrequencyRecord)) if row.articles}
        assert held == expected
        heaviest = {
            (term.key, each.id)
            for each in records
            for term in key_terms(Profile.of(Vector.from_bytes(each.vector), None))
        }
        posted = [
            (row.term, article)
            for row in session.scalars(select(PostingRecord))
            for article in np.frombuffer(row.articles, [("article", "<i8"), ("weight", "<f4")])[
                "article"
            ].tolist()
        ]
        assert sorted(posted) == sorted(heaviest)
        for story in session.scalars(select(StoryRecord)):
            size = sum(1 for each in records if each.story_id == story.id)
            assert story.size == size == Profile.from_bytes(story.profile).size


def test_where_no_rule_has_changed_nothing_changes(archive: Archive, tmp_path: Path) -> None:
    folder = write(tmp_path / "in", a_txt=article(1) + "\n\x0c\n" + article(2))
    both = archive.ingest([folder])
    whole = archive.ingest([folder], manner=Manner(split=Split.NEVER))
    report = archive.reread(everything=True)
    assert {each.outcome.value for each in report.items} == {"unchanged"}
    assert archive.totals().articles == 3
    assert articles_of(archive.ingest([folder])) == articles_of(both)
    assert articles_of(archive.ingest([folder], manner=Manner(split=Split.NEVER))) == articles_of(whole)


def test_texts_that_changed_are_replaced_and_everything_derived_follows(
    archive: Archive, database: Database, tmp_path: Path, new_rules: Callable[[Reader], None]
) -> None:
    folder = write(tmp_path / "in", **{f"f{nth}_txt": article(nth) for nth in range(4)})
    old = articles_of(archive.ingest([folder]))
    new_rules(without_last_paragraph)
    report = archive.reread(everything=False)
    assert [each.outcome.value for each in report.items] == ["new"] * 4
    assert not set(articles_of(report)) & set(old)
    assert len(report.notes) == 4
    for gone in old:
        with pytest.raises(NotFoundError):
            archive.article(gone)
    assert archive.totals().articles == 4
    assert archive.search("*").total == 4
    assert archive.check().holds
    check_sums(database)
    assert archive.reread(everything=False).items == ()
    assert [each.outcome.value for each in archive.ingest([folder]).items] == ["unchanged"] * 4


def test_an_article_that_another_reading_still_gives_stays(
    archive: Archive, tmp_path: Path, new_rules: Callable[[Reader], None]
) -> None:
    separator = "\n\x0c\n"
    folder = write(tmp_path / "in", a_txt=article(1) + separator + article(2))
    kept = articles_of(archive.ingest([folder]))[0]
    first = (folder / "a.txt").read_bytes()

    def only_the_second(content: bytes, reading: Reading | Unreadable) -> Reading | Unreadable:
        assert isinstance(reading, Reading)
        return replace(reading, drafts=reading.drafts[1:]) if content == first else reading

    new_rules(only_the_second)
    write(folder, a_txt=article(1) + separator + article(3))
    edited = archive.ingest([folder])
    archive.reread(everything=False)
    view = archive.article(kept)
    assert len(view.sightings) == 1
    assert archive.capture(kept).content == (folder / "a.txt").read_bytes()
    assert articles_of(archive.ingest([folder])) == articles_of(edited)


def test_ids_are_not_given_twice(
    archive: Archive, tmp_path: Path, new_rules: Callable[[Reader], None]
) -> None:
    folder = write(tmp_path / "in", a_txt=article(1), b_txt=article(2))
    old = archive.ingest([folder])
    new_rules(lambda content, reading: Unreadable(reason="no more") if b"affair" in content else reading)
    archive.reread(everything=False)
    assert archive.totals().articles == archive.totals().stories == 0
    new_rules(lambda _, reading: reading)
    fresh = archive.ingest([write(tmp_path / "new", c_txt=article(3))])
    assert not set(articles_of(fresh)) & set(articles_of(old))
    assert not {each.story for each in fresh.items} & {each.story for each in old.items}
    assert old.delivery is not None
    assert archive.delivery(old.delivery).items == old.items


def test_a_family_that_is_reread_is_one_family_again(
    archive: Archive, database: Database, tmp_path: Path, new_rules: Callable[[Reader], None]
) -> None:
    body = [paragraph(nth) for nth in range(7)]
    texts = {
        f"f{nth}_txt": f"Headline {nth}\n\n"
        + "\n\n".join([*body, paragraph(700 + nth, sentences=2), paragraph(9)])
        for nth in range(6)
    }
    archive.ingest([write(tmp_path / "in", **texts)])
    assert archive.totals().originals == 1
    new_rules(without_last_paragraph)
    archive.reread(everything=False)
    assert (archive.totals().articles, archive.totals().originals, archive.totals().stories) == (6, 1, 1)
    check_sums(database)
    with database.read() as session:
        heads = session.scalars(select(ArticleRecord.id).where(ArticleRecord.copy_of.is_(None))).all()
        (head,) = heads
        stored = session.scalar(
            select(func.count()).select_from(FingerprintRecord).where(FingerprintRecord.article_id == head)
        )
    assert stored


def test_the_report_of_a_delivery_stays_what_it_was(archive: Archive, tmp_path: Path) -> None:
    folder = write(tmp_path / "in", a_txt=article(1) + "\nLEAVE A REPLY\n", b_txt=article(2).encode("utf-16"))
    (folder / "link").symlink_to(folder)
    report = archive.ingest([folder])
    assert report.delivery is not None
    assert report.dropped
    assert {note.file for note in report.notes} == {"b.txt", "link"}
    archive.reread(everything=True)
    stored = archive.delivery(report.delivery)
    assert (stored.dropped, stored.items, stored.rejected) == (report.dropped, report.items, report.rejected)
    assert set(stored.notes) == set(report.notes)


def test_what_an_older_reader_rejected_is_read_again_by_a_newer_one(
    home: Path, tmp_path: Path, new_rules: Callable[[Reader], None]
) -> None:
    folder = write(tmp_path / "in", a_txt=b"LEAVE A REPLY\n")
    with open_archive(make_settings(home)) as archive:
        assert archive.ingest([folder]).rejected
        (taken,) = (read(article(1).encode(), today=date(2026, 1, 1)),)
        new_rules(lambda content, reading: taken if content.startswith(b"LEAVE") else reading)
        report = archive.ingest([folder])
        assert (report.articles_new, report.rejected) == (1, ())


def test_an_address_that_is_read_otherwise_makes_no_second_sighting(archive: Archive, tmp_path: Path) -> None:
    path = tmp_path / "export.jsonl"
    told = {
        "title": "Bridge",
        "text": paragraph(1),
        "url": "https://a.example/x?utm_source=rss&b=1",
        "version": 3,
    }
    path.write_text(json.dumps(told), encoding="utf-8")
    archive.ingest([path])
    with archive._database.write() as session:  # as an older reader left it
        session.execute(text("UPDATE sighting SET url = 'https://a.example/x?utm_source=rss&b=1', name = ''"))
        session.execute(text("UPDATE article SET version = NULL"))
    archive.reread(everything=True)
    [sighting] = archive.article(ArticleId(1)).sightings
    assert sighting.url == "https://a.example/x?b=1"
    with archive._database.read() as session:
        assert session.scalar(text("SELECT version FROM article")) == 3


@pytest.mark.parametrize("other", ["a", "b"])
def test_an_article_that_a_ruling_names_goes_when_no_reading_gives_it(
    archive: Archive, tmp_path: Path, new_rules: Callable[[Reader], None], other: str
) -> None:
    folder = write(tmp_path / "in", a_txt=article(1), b_txt=article(2))
    archive.ingest([folder])
    archive.decide(
        Ask(action=Action.REPEATS, article=ArticleId(1), other=ArticleId(2)), Reason(who="Ada", why="Known.")
    )
    gone = (folder / f"{other}.txt").read_bytes()

    def no_more(content: bytes, reading: Reading | Unreadable) -> Reading | Unreadable:
        return Unreadable(reason="It is no article.") if content == gone else reading

    new_rules(no_more)
    archive.reread(everything=False)
    left = archive.article(ArticleId(2 if other == "a" else 1))
    assert left.duplicate_of is None
    with pytest.raises(NotFoundError):
        archive.article(ArticleId(1 if other == "a" else 2))
    assert archive.check().holds


def test_what_followed_a_ruled_article_that_is_read_anew_finds_its_family_again(
    archive: Archive, tmp_path: Path, new_rules: Callable[[Reader], None]
) -> None:
    shared = "\n\n".join(paragraph(nth) for nth in range(6))
    texts = {name: f"Headline {name}\n\n{shared}\n\n{paragraph(50 + nth)}\n" for nth, name in enumerate("ab")}
    folder = write(tmp_path / "in", a_txt=texts["a"], b_txt=texts["b"], z_txt=article(9))
    archive.ingest([folder])
    archive.decide(
        Ask(action=Action.REPEATS, article=ArticleId(1), other=ArticleId(3)), Reason(who="Ada", why="Known.")
    )
    new_rules(without_last_paragraph)
    archive.reread(everything=False)
    found = {row.headline: row.duplicate_of for row in map(archive.article, map(ArticleId, (4, 5, 6)))}
    assert found["Headline a"] is not None
    assert found["Headline a"].id == 6
    assert archive.check().holds


def test_rulings_leave_a_text_that_stands_elsewhere_for_the_one_read_anew(
    archive: Archive, tmp_path: Path, new_rules: Callable[[Reader], None]
) -> None:
    folder = write(tmp_path / "in", a_txt=article(1), b_txt=article(1) + "\n", z_txt=article(9))
    archive.ingest([folder])
    archive.decide(
        Ask(action=Action.REPEATS, article=ArticleId(1), other=ArticleId(2)), Reason(who="Ada", why="Known.")
    )

    def otherwise(content: bytes, reading: Reading | Unreadable) -> Reading | Unreadable:
        assert isinstance(reading, Reading)
        if content != (folder / "a.txt").read_bytes():
            return reading
        body = "\n\n".join(paragraph(700 + nth) for nth in range(5))
        return replace(reading, drafts=tuple(replace(each, body_text=body) for each in reading.drafts))

    new_rules(otherwise)
    archive.reread(everything=False)
    originals = [archive.article(ArticleId(number)).duplicate_of for number in (1, 2, 3)]
    assert [each.id if each else None for each in originals] == [None, None, 2]
