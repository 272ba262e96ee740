"""Grouping all stories anew: articles weigh as though they had come at once, and what people decided stays."""

import random
from pathlib import Path

import pytest
from sqlalchemy import select

from app.archive import Archive, open_archive
from app.domain.article import ArticleId, StoryId
from app.domain.decision import Action
from app.ingest import regroup as job
from app.store.database import Database
from app.store.story_memory import StoryMemory
from app.store.tables import ArticleRecord, FrequencyRecord
from tests.factories import NOW, article, make_settings, pairs_of_copies, report, write
from tests.integration.test_cli import Shell
from tests.integration.test_stories import check_sums, grouping
from tests.integration.test_story_decisions import decide, stories

TEXTS = [*(report(1, day) for day in range(1, 7)), *(report(2, day) for day in range(1, 4)), article(8)]


def weighed(database: Database) -> dict[str, bytes]:
    """The vector of every article, by the digest of its text."""
    with database.read() as session:
        rows = session.execute(select(ArticleRecord.digest, ArticleRecord.vector))
        return {row.digest: row.vector for row in rows}


def counted(database: Database) -> dict[int, int]:
    """How many articles are counted under every term."""
    with database.read() as session:
        rows = session.execute(select(FrequencyRecord.term, FrequencyRecord.articles))
        return {row.term: row.articles for row in rows}


def test_whatever_came_first_articles_weigh_the_same_afterwards(tmp_path: Path) -> None:
    ends = []
    for seed in (1, 2):
        order = random.Random(seed).sample(TEXTS, len(TEXTS))  # noqa: S311 - no secret
        settings = make_settings(tmp_path / f"home{seed}")
        with open_archive(settings) as archive:
            for nth, text in enumerate(order):
                archive.ingest([write(tmp_path / f"{seed}-{nth}", a_txt=text)])
            database = Database(settings.database)
            before = weighed(database), counted(database)
            assert archive.regroup().articles == len(TEXTS)
            check_sums(database)
            assert archive.check().holds
            assert weighed(database) != before[0]
            assert counted(database) == before[1]
            ends.append((weighed(database), grouping(archive, database)))
            assert archive.regroup().moved == 0
            assert weighed(database) == ends[-1][0]
            database.close()
    assert ends[0] == ends[1]


def test_a_family_that_an_earlier_version_left_in_two_stories_is_in_one(
    archive: Archive, database: Database, tmp_path: Path
) -> None:
    archive.ingest([write(tmp_path / "in", **pairs_of_copies(2))])
    with database.write() as session:
        memory = StoryMemory(session, NOW)
        memory.move(StoryId(1), {ArticleId(2)}, StoryId(2))
        memory.keep()
    assert stories(archive) == {1: {1}, 2: {2, 3, 4}}
    assert archive.regroup().moved == 1
    assert stories(archive) == {1: {1, 2}, 2: {3, 4}}
    check_sums(database)


def test_what_people_decided_about_stories_stays(archive: Archive, tmp_path: Path) -> None:
    archive.ingest([write(tmp_path / "in", a_txt=report(1, 1), b_txt=report(1, 2), c_txt=article(7))])
    decide(archive, Action.MOVE, 2, articles=(2,))
    decide(archive, Action.RENAME, 1, headline="The quay")
    archive.regroup()
    assert stories(archive) == {1: {1}, 2: {2, 3}}
    assert archive.stories(page=1, page_size=9).rows[-1].headline == "The quay"


def test_the_command_can_be_broken_off_and_given_again(
    archive: Archive, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for nth, text in enumerate(TEXTS):
        archive.ingest([write(tmp_path / str(nth), a_txt=text)])
    monkeypatch.setattr(job, "_STEP", 3)

    def broken(what: str, done: int, total: int | None) -> None:
        if what == "weighing articles" and done == 6:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        archive.regroup(progress=broken)
    check_sums(database)
    half = weighed(database)
    archive.regroup()
    check_sums(database)
    assert weighed(database) != half
    assert archive.check().holds


def test_an_empty_archive_has_nothing_to_group(home: Path) -> None:
    shell = Shell(home)
    assert "0 articles weighed anew; 0 articles are in another story now." in shell("regroup").stdout
    assert shell.json("regroup") == {"articles": 0, "moved": 0}
