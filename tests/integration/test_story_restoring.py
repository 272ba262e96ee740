"""Stories whose articles are put out of sight and come back: their ids, and what people said of them."""

from collections.abc import Iterator, Sequence
from itertools import chain, repeat
from pathlib import Path

import pytest

from app.archive import Archive
from app.domain.article import ArticleId, StoryId
from app.domain.changes import Change, Merge, Move
from app.domain.decision import Action, Ask
from app.errors import EmptiedError, NotFoundError
from app.store import story_links, story_memory
from app.store.database import Database
from tests.factories import NOW, paragraph, report, write
from tests.integration.test_story_decisions import WHY, decide, stories


def withdraw(archive: Archive, *articles: int) -> list[int]:
    return [archive.decide(Ask(action=Action.WITHDRAW, article=ArticleId(each)), WHY).id for each in articles]


def restore(archive: Archive, *articles: int) -> None:
    for each in articles:
        archive.decide(Ask(action=Action.RESTORE, article=ArticleId(each)), WHY)


def told(archive: Archive, story: int) -> tuple[int, str, bool, bool]:
    shown = archive.story(StoryId(story))
    return shown.id, shown.headline, shown.named, shown.locked


@pytest.mark.parametrize("undoing", [False, True])
def test_a_story_left_without_articles_comes_back_with_its_last_one(
    archive: Archive, folder: Path, undoing: bool
) -> None:
    printed = told(archive, 2)
    decide(archive, Action.RENAME, 2, headline="The short affair")
    decide(archive, Action.LOCK, 2)
    (made,) = withdraw(archive, 3)
    if undoing:
        archive.undo(made, WHY)
    else:
        restore(archive, 3)
    assert stories(archive) == {1: {1, 2}, 2: {3}, 3: {4}}
    assert told(archive, 2) == (2, "The short affair", True, True)
    for each in archive.decisions(story=StoryId(2), page=1, page_size=10).rows:
        if each.action in {Action.RENAME, Action.LOCK}:
            archive.undo(each.id, WHY)
    assert told(archive, 2) == printed
    assert archive.check().holds


def test_a_merged_story_comes_back_as_one_with_the_ids_that_lead_to_it(
    archive: Archive, folder: Path
) -> None:
    made = decide(archive, Action.MERGE, 2, into=3)
    withdraw(archive, 3, 4)
    assert stories(archive) == {1: {1, 2}}
    restore(archive, 3, 4)
    assert stories(archive) == {1: {1, 2}, 3: {3, 4}}
    assert archive.story(StoryId(2)).id == 3
    archive.undo(made.id, WHY)
    assert stories(archive) == {1: {1, 2}, 2: {3}, 3: {4}}


def test_what_was_moved_into_a_story_comes_back_there_in_any_order(archive: Archive, folder: Path) -> None:
    decide(archive, Action.MOVE, 2, articles=(1,))
    withdraw(archive, 1, 3)
    restore(archive, 1, 3)
    assert stories(archive) == {1: {2}, 2: {1, 3}, 3: {4}}


def test_an_article_comes_back_into_a_story_that_was_locked_with_it(archive: Archive, folder: Path) -> None:
    decide(archive, Action.LOCK, 1)
    withdraw(archive, 2)
    restore(archive, 2)
    assert stories(archive)[1] == {1, 2}


def test_what_comes_back_is_where_it_stood_before_a_decision_that_was_undone_meanwhile(
    archive: Archive, folder: Path
) -> None:
    moved = decide(archive, Action.MOVE, 3, articles=(2,))
    withdraw(archive, 2)
    archive.undo(moved.id, WHY)
    restore(archive, 2)
    assert stories(archive) == {1: {1, 2}, 2: {3}, 3: {4}}


def test_what_comes_back_is_with_its_story_that_became_part_of_another(
    archive: Archive, folder: Path
) -> None:
    withdraw(archive, 2)
    decide(archive, Action.MERGE, 1, into=3)
    restore(archive, 2)
    assert stories(archive) == {2: {3}, 3: {1, 2, 4}}


def test_a_copy_comes_back_to_its_original_though_the_story_it_stood_in_is_gone(
    archive: Archive, folder: Path
) -> None:
    withdraw(archive, 3)
    archive.decide(Ask(action=Action.REPEATS, article=ArticleId(4), other=ArticleId(1)), WHY)
    withdraw(archive, 4)
    restore(archive, 4)
    assert stories(archive) == {1: {1, 2, 4}}
    restore(archive, 3)
    assert stories(archive) == {1: {1, 2, 4}, 2: {3}}


@pytest.mark.parametrize("action", [Action.WITHDRAW, Action.ERASE])
def test_a_story_without_an_article_in_sight_says_why(archive: Archive, folder: Path, action: Action) -> None:
    archive.decide(Ask(action=action, article=ArticleId(3)), WHY)
    for asking in (
        lambda: archive.story(StoryId(2)),
        lambda: decide(archive, Action.RENAME, 2, headline="X"),
    ):
        with pytest.raises(EmptiedError, match=r"Story 2 has no article in sight.*I cover this") as met:
            asking()
        assert ("erased" in str(met.value)) == (action is Action.ERASE)
    with pytest.raises(NotFoundError):
        archive.story(StoryId(99))


def test_an_id_that_led_to_a_story_says_why_that_has_no_article_in_sight(
    archive: Archive, folder: Path
) -> None:
    decide(archive, Action.MERGE, 3, into=2)
    withdraw(archive, 3, 4)
    for asked in (2, 3):
        with pytest.raises(EmptiedError, match=rf"Story {asked} has no article in sight.*I cover this"):
            archive.story(StoryId(asked))
    restore(archive, 4)
    assert archive.story(StoryId(3)).id == 2


def test_a_new_report_is_in_a_story_of_its_own_while_the_old_one_is_out_of_sight(
    archive: Archive, folder: Path, tmp_path: Path
) -> None:
    withdraw(archive, 1, 2)
    archive.ingest([write(tmp_path / "more", e_txt=report(1, 3))])
    assert 1 not in stories(archive)
    restore(archive, 1, 2)
    assert {1, 2} <= stories(archive)[archive.story(StoryId(1)).id]


def test_withdrawn_and_restored_every_id_means_what_it_meant(archive: Archive, tmp_path: Path) -> None:
    """A story that mending makes part of another while one of its articles is out of sight has its id back with it."""
    near, one, other = paragraph(33, 4), paragraph(11, 10), paragraph(22, 10)
    told = {
        "a_txt": f"The kalo Miren affair\n\n{near} {one}",
        "b_txt": f"The Vordun Prasho affair\n\n{near} {other}",
        "c_txt": f"The Vordun Prasho affair again\n\n{near} {other} {paragraph(55, 2)}",
        "d_txt": f"The kalo Miren affair again\n\n{one} {paragraph(44, 2)}",
    }
    archive.ingest([write(tmp_path / "in", **told)])
    before = stories(archive)
    assert before == {1: {1, 4}, 2: {2, 3}}
    withdraw(archive, 4)
    assert list(stories(archive).values()) == [{1, 2, 3}]
    assert archive.story(StoryId(1)).id == archive.story(StoryId(2)).id
    restore(archive, 4)
    assert stories(archive) == before
    assert archive.check().holds


def test_no_id_that_has_its_own_life_leads_elsewhere(
    archive: Archive, database: Database, folder: Path
) -> None:
    with database.write() as session:
        story_links.lead_again(session, [StoryId(2), StoryId(9)], StoryId(1))
        assert story_links.leading_to(session, [StoryId(1)]) == {9: 1}
    assert stories(archive) == {1: {1, 2}, 2: {3}, 3: {4}}


def test_an_id_is_given_back_also_where_articles_of_another_story_come_first(
    archive: Archive, folder: Path, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, part, whole = StoryId(1), StoryId(2), StoryId(3)
    parting = (
        Move(story=one, articles=(ArticleId(2),), into=part),
        Move(story=whole, articles=(ArticleId(3),), into=part),
    )
    rounds: Iterator[Sequence[Change]] = chain(
        [(Merge(story=part, into=whole),), (), (), (), parting], repeat(())
    )
    monkeypatch.setattr(story_memory, "mend", lambda *_: next(rounds))
    for _ in range(2):
        with database.write() as session:
            memory = story_memory.StoryMemory(session, NOW)
            memory.touch(one)
            memory.touch(whole)
            memory.flush()
    assert stories(archive) == {1: {1}, 2: {2, 3}, 3: {4}}
