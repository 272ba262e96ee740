"""What people decide about stories: carried out, left alone by the mending, remembered, and undone."""

from pathlib import Path

import pytest

from app.archive import Archive
from app.domain.article import ArticleId, StoryId
from app.domain.decision import Action, Ask, Decision, Reason
from app.errors import ConflictError, NotFoundError, ParameterError
from tests.factories import article, report, write

WHY = Reason(who="Ada Marsh", why="I cover this.")


def decide(archive: Archive, action: Action, story: int, **more: object) -> Decision:
    asked = {"into": StoryId, "headline": str}
    fields = {
        name: tuple(map(ArticleId, value)) if isinstance(value, tuple) else asked[name](value)
        for name, value in more.items()
    }
    return archive.decide(Ask(action=action, story=StoryId(story), **fields), WHY)  # type: ignore[arg-type]


def stories(archive: Archive) -> dict[int, set[int]]:
    listed = archive.stories(page=1, page_size=100).rows
    return {row.id: {brief.id for brief in archive.story(row.id).articles} for row in listed}


def test_merged_stories_stay_merged_whatever_comes(archive: Archive, folder: Path, tmp_path: Path) -> None:
    decide(archive, Action.MERGE, 2, into=1)
    assert stories(archive) == {1: {1, 2, 3}, 3: {4}}
    assert archive.story(StoryId(2)).id == 1
    archive.ingest([write(tmp_path / "more", e_txt=report(1, 3), f_txt=article(9))])
    archive.reread(everything=True)
    archive.reindex()
    found = stories(archive)
    assert found[1] == {1, 2, 3, 5}
    assert archive.check().holds


def test_undoing_a_merge_gives_the_story_its_id_and_articles_back(archive: Archive, folder: Path) -> None:
    merged = decide(archive, Action.MERGE, 2, into=1)
    archive.undo(merged.id, WHY)
    assert stories(archive) == {1: {1, 2}, 2: {3}, 3: {4}}
    assert archive.check().holds


def test_what_was_split_off_is_not_taken_back_by_the_mending(
    archive: Archive, folder: Path, tmp_path: Path
) -> None:
    split = decide(archive, Action.SPLIT_OFF, 1, articles=(2,))
    assert split.into == 4
    assert stories(archive) == {1: {1}, 2: {3}, 3: {4}, 4: {2}}
    archive.ingest([write(tmp_path / "more", e_txt=report(1, 3))])
    found = stories(archive)
    assert (1 in found[1], 2 in found[4]) == (True, True)
    assert 2 not in found[1]
    archive.undo(split.id, WHY)
    assert {1, 2} <= stories(archive)[1]
    assert archive.check().holds


def test_a_moved_article_stays_and_comes_back_when_undone(archive: Archive, folder: Path) -> None:
    moved = decide(archive, Action.MOVE, 3, articles=(2,))
    archive.ingest([folder])
    archive.reread(everything=True)
    assert stories(archive) == {1: {1}, 2: {3}, 3: {2, 4}}
    archive.undo(moved.id, WHY)
    assert stories(archive) == {1: {1, 2}, 2: {3}, 3: {4}}


def test_a_family_moves_whole(archive: Archive, folder: Path, tmp_path: Path) -> None:
    copy = report(1, 1).replace("What happened", "All that happened")
    archive.ingest([write(tmp_path / "more", e_txt=copy)])
    assert archive.article(ArticleId(5)).duplicate_of is not None
    decide(archive, Action.MOVE, 3, articles=(5,))
    assert stories(archive)[3] == {1, 4, 5}


def test_around_a_family_of_unlike_texts_the_mending_comes_to_rest(
    archive: Archive, folder: Path, tmp_path: Path
) -> None:
    archive.decide(Ask(action=Action.REPEATS, article=ArticleId(4), other=ArticleId(2)), WHY)
    assert stories(archive) == {1: {1, 2, 4}, 2: {3}}
    for number in (3, 4, 5):
        archive.ingest([write(tmp_path / str(number), e_txt=report(1, number))])
    assert stories(archive) == {1: {1, 2, 4, 5, 6, 7}, 2: {3}}


def test_a_name_given_by_a_person_stays(archive: Archive, folder: Path, tmp_path: Path) -> None:
    before = archive.story(StoryId(1)).headline
    first = decide(archive, Action.RENAME, 1, headline="The affair")
    second = decide(archive, Action.RENAME, 1, headline="The long affair")
    archive.ingest([write(tmp_path / "more", e_txt=report(1, 3))])
    assert archive.story(StoryId(1)).headline == "The long affair"
    archive.undo(second.id, WHY)
    assert archive.story(StoryId(1)).headline == "The affair"
    archive.undo(first.id, WHY)
    assert archive.story(StoryId(1)).headline == before


def test_a_locked_story_takes_no_newcomers_but_copies(archive: Archive, folder: Path, tmp_path: Path) -> None:
    locked = decide(archive, Action.LOCK, 1)
    with pytest.raises(ConflictError, match="locked already"):
        decide(archive, Action.LOCK, 1)
    copy = report(1, 1).replace("What happened", "All that happened")
    archive.ingest([write(tmp_path / "more", e_txt=report(1, 3), f_txt=copy)])
    assert stories(archive)[1] == {1, 2, 6}
    archive.undo(locked.id, WHY)
    archive.ingest([write(tmp_path / "yet", g_txt=report(1, 4))])
    assert {1, 2, 5, 6, 7} in stories(archive).values()


def test_a_pinned_text_finds_its_story_again_when_it_comes_back(archive: Archive, folder: Path) -> None:
    decide(archive, Action.MOVE, 3, articles=(2,))
    archive.decide(Ask(action=Action.WITHDRAW, article=ArticleId(2)), WHY)
    archive.decide(Ask(action=Action.RESTORE, article=ArticleId(2)), WHY)
    assert stories(archive)[3] == {2, 4}


def test_what_cannot_be_done_is_refused_in_a_sentence(archive: Archive, folder: Path) -> None:
    for action, story, more, error, told in (
        (Action.MERGE, 1, {"into": 1}, ParameterError, "with itself"),
        (Action.MERGE, 1, {"into": 99}, NotFoundError, "story 99"),
        (Action.MERGE, 99, {"into": 1}, NotFoundError, "story 99"),
        (Action.SPLIT_OFF, 1, {"articles": (1, 2)}, ConflictError, "all of story 1"),
        (Action.SPLIT_OFF, 1, {"articles": (3,)}, ConflictError, "Not all of these"),
        (Action.MOVE, 1, {"articles": (1,)}, ConflictError, "already"),
        (Action.MOVE, 1, {"articles": (77,)}, NotFoundError, "article 77"),
        (Action.RENAME, 1, {"headline": ""}, ParameterError, "headline is missing"),
        (Action.UNLOCK, 1, {}, ConflictError, "not locked"),
        (Action.LOCK, 99, {}, NotFoundError, "story 99"),
    ):
        with pytest.raises(error, match=told):
            decide(archive, action, story, **more)
    assert archive.decisions(page=1, page_size=10).total == 0
