"""What stories have to do with each other, when one that became part of another gets its own life back."""

from pathlib import Path

import pytest

from app.archive import Archive
from app.domain.article import ArticleId, StoryId
from app.domain.decision import Action, Ask
from app.domain.story import Related
from app.store import story_links
from app.store.database import Database
from app.store.story_memory import StoryMemory
from tests.factories import article, write
from tests.integration.test_story_decisions import WHY, decide, stories

FERRY, TUNNEL = "kalomi rentas vorel", "dunpra shobri nelgar"
Ties = dict[int, dict[int, tuple[object, set[str]]]]


def related(archive: Archive) -> Ties:
    """By story, what is related to it: how near, and what both have."""
    return {
        number: {
            each.id: (pytest.approx(each.similarity, abs=0.001), set(each.shared))
            for each in archive.story(StoryId(number)).related
        }
        for number in stories(archive)
    }


def tied(archive: Archive) -> dict[int, set[int]]:
    return {number: set(others) for number, others in related(archive).items()}


def find_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no article be found by its terms, as where the newest under each of them are others."""
    monkeypatch.setattr(StoryMemory, "nearest", lambda *_: [])


@pytest.fixture
def ties(archive: Archive, tmp_path: Path) -> Ties:
    """Five stories of one article each: 1 is about the ferry and 2 about the tunnel, 3 is near to 1, 4 to 2, and 5 to
    both."""
    told = (f"{FERRY} itho", f"{TUNNEL} fesho", f"{FERRY} gartas", f"{TUNNEL} bremi", f"{FERRY} {TUNNEL}")
    texts = {f"f{number}_txt": article(number, headline=title) for number, title in enumerate(told)}
    archive.ingest([write(tmp_path / "in", **texts)])
    assert tied(archive) == {1: {3, 5}, 2: {4, 5}, 3: {1, 5}, 4: {2, 5}, 5: {1, 2, 3, 4}}
    return related(archive)


@pytest.mark.parametrize("searched", [True, False])
def test_undoing_a_merge_gives_both_stories_what_each_was_related_to(
    archive: Archive, ties: Ties, monkeypatch: pytest.MonkeyPatch, searched: bool
) -> None:
    if not searched:
        find_nothing(monkeypatch)
    merged = decide(archive, Action.MERGE, 1, into=2)
    assert tied(archive)[2] == {3, 4, 5}
    archive.undo(merged.id, WHY)
    assert related(archive) == ties


def test_stories_that_were_related_to_each_other_are_so_again_when_their_merge_is_undone(
    archive: Archive, ties: Ties, monkeypatch: pytest.MonkeyPatch
) -> None:
    find_nothing(monkeypatch)
    merged = decide(archive, Action.MERGE, 3, into=1)
    archive.undo(merged.id, WHY)
    assert related(archive) == ties


def test_a_story_of_several_articles_is_related_again_to_what_one_of_them_is_near_to(
    archive: Archive, ties: Ties, tmp_path: Path
) -> None:
    archive.ingest([write(tmp_path / "more", g_txt=article(8), h_txt=article(9))])
    decide(archive, Action.MOVE, 1, articles=(6, 7))
    before = tied(archive)
    assert before[1] == {3, 5}
    merged = decide(archive, Action.MERGE, 1, into=2)
    archive.undo(merged.id, WHY)
    assert tied(archive) == before


def test_undoing_a_ruling_gives_a_story_it_emptied_what_that_was_related_to(
    archive: Archive, ties: Ties
) -> None:
    decide(archive, Action.LOCK, 5)  # else the mending takes it into the story of 1 and 2
    made = archive.decide(Ask(action=Action.REPEATS, article=ArticleId(1), other=ArticleId(2)), WHY)
    assert archive.story(StoryId(1)).id == 2
    archive.undo(made.id, WHY)
    assert related(archive) == ties


def test_stories_that_are_opened_again_together_are_related_to_each_other_and_to_the_same(
    archive: Archive, ties: Ties
) -> None:
    moved = decide(archive, Action.MOVE, 2, articles=(1, 3))
    archive.undo(moved.id, WHY)
    assert related(archive) == ties


def test_what_came_while_two_stories_were_one_is_related_to_the_one_it_is_near_to(
    archive: Archive, ties: Ties, tmp_path: Path
) -> None:
    merged = decide(archive, Action.MERGE, 1, into=2)
    archive.ingest([write(tmp_path / "more", g_txt=article(9, headline=f"{FERRY} elomvor"))])
    assert stories(archive)[6] == {6}
    archive.undo(merged.id, WHY)
    assert 6 in tied(archive)[1]
    assert tied(archive)[2] == {4, 5}


def test_a_story_that_was_left_without_articles_is_related_again_to_what_it_is_near_to(
    archive: Archive, ties: Ties
) -> None:
    decide(archive, Action.MOVE, 1, articles=(4,))
    moved = decide(archive, Action.MOVE, 2, articles=(1,))
    archive.decide(Ask(action=Action.WITHDRAW, article=ArticleId(4)), WHY)
    archive.undo(moved.id, WHY)
    assert tied(archive)[1] == {3, 5}


def test_a_story_is_not_related_for_what_has_left_it(
    archive: Archive, database: Database, ties: Ties, tmp_path: Path
) -> None:
    archive.ingest([write(tmp_path / "more", g_txt=article(9))])
    with database.write() as session:  # as if an article of story 6, which has gone elsewhere, had been near
        story_links.relate(
            session, [(StoryId(2), Related(story=StoryId(6), similarity=0.2, shared=("harbour",)))]
        )
    merged = decide(archive, Action.MERGE, 1, into=2)
    archive.undo(merged.id, WHY)
    assert tied(archive)[2] == {4, 5}
    assert 6 not in tied(archive)[1]
