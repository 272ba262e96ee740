"""What people decide about duplicates and what is seen: carried out, remembered whatever comes, and undone."""

from pathlib import Path

import pytest
from sqlalchemy import update

from app.archive import Archive
from app.domain.article import ArticleId, StoryId
from app.domain.decision import Action, Ask, Reason
from app.errors import ConflictError, NotFoundError, ParameterError
from app.store.database import Database
from app.store.tables import DecisionRecord
from tests.factories import article, pairs_of_copies, paragraph, write

WHY = Reason(who="Ada Marsh", why="I know both texts.")


def variants(number: int) -> dict[str, str]:
    """One text in so many near copies, the first received first."""
    body = [paragraph(nth) for nth in range(8)]
    texts = (
        "\n\n".join([f"A headline in form {nth}", *body, paragraph(500 + nth, 1)]) for nth in range(number)
    )
    return {f"f{nth}_txt": text for nth, text in enumerate(texts)}


def original_of(archive: Archive, number: int) -> int | None:
    found = archive.article(ArticleId(number)).duplicate_of
    return found.id if found else None


def ask(action: Action, article: int, other: int | None = None) -> Ask:
    return Ask(action=action, article=ArticleId(article), other=ArticleId(other) if other else None)


@pytest.fixture
def folder(archive: Archive, tmp_path: Path) -> Path:
    """Articles 1, 2 and 3 repeat each other; article 4 is another text."""
    given = write(tmp_path / "in", **variants(3), z_txt=article(9))
    archive.ingest([given])
    assert [original_of(archive, number) for number in (1, 2, 3, 4)] == [None, 1, 1, None]
    return given


def test_what_was_ruled_apart_stays_apart_whatever_comes(
    archive: Archive, folder: Path, tmp_path: Path
) -> None:
    archive.decide(ask(Action.APART, 2, 1), WHY)
    assert original_of(archive, 2) is None
    assert original_of(archive, 3) == 1
    archive.ingest([folder])
    archive.reindex()
    archive.reread(everything=True)
    archive.ingest([write(tmp_path / "more", f9_txt=variants(10)["f9_txt"])])
    assert original_of(archive, 2) is None
    assert original_of(archive, 5) == 1
    assert archive.check().holds


def test_what_was_ruled_to_repeat_another_goes_with_it_and_brings_its_copies(
    archive: Archive, folder: Path
) -> None:
    archive.decide(ask(Action.REPEATS, 1, 4), WHY)
    assert [original_of(archive, number) for number in (1, 2, 3, 4)] == [4, 4, 4, None]
    assert archive.article(ArticleId(1)).story.id == archive.article(ArticleId(4)).story.id
    assert archive.search("*").total_originals == 1


def test_an_original_by_ruling_stays_so_when_an_older_text_comes(
    archive: Archive, folder: Path, tmp_path: Path
) -> None:
    archive.decide(ask(Action.ORIGINAL, 3), WHY)
    assert [original_of(archive, number) for number in (1, 2, 3)] == [3, 3, None]
    text = variants(10)["f9_txt"].replace("form 9", "form 9\n\nBy Ada Marsh\n\nOctober 1, 2020", 1)
    archive.ingest([write(tmp_path / "more", old_txt=text)])
    assert [original_of(archive, number) for number in (1, 2, 3, 5)] == [3, 3, None, 3]


def test_undoing_gives_back_what_was_there_and_is_logged(archive: Archive, folder: Path) -> None:
    first = archive.decide(ask(Action.APART, 2, 1), WHY)
    second = archive.decide(ask(Action.REPEATS, 2, 1), Reason(who="Ben", why="They are the same."))
    assert original_of(archive, 2) == 1
    archive.undo(second.id, WHY)
    assert original_of(archive, 2) is None
    archive.undo(first.id, WHY)
    assert original_of(archive, 2) == 1
    log = archive.decisions(article=ArticleId(2), page=1, page_size=10)
    assert [(each.action.value, each.who, each.in_force) for each in log.rows] == [
        ("undo", "Ada Marsh", True),
        ("undo", "Ada Marsh", True),
        ("repeats", "Ben", False),
        ("apart", "Ada Marsh", False),
    ]
    assert [each.undone_by for each in log.rows] == [None, None, 3, 4]
    with pytest.raises(ConflictError, match="undone already, by decision 4"):
        archive.undo(first.id, WHY)


def test_a_later_ruling_about_a_pair_takes_the_place_of_the_earlier(archive: Archive, folder: Path) -> None:
    first = archive.decide(ask(Action.APART, 1, 2), WHY)
    archive.decide(ask(Action.REPEATS, 2, 1), WHY)
    assert original_of(archive, 2) == 1
    with pytest.raises(ConflictError, match="does not hold any more"):
        archive.undo(first.id, WHY)


def test_rulings_that_contradict_each_other_are_refused_and_change_nothing(
    archive: Archive, folder: Path
) -> None:
    archive.decide(ask(Action.REPEATS, 1, 4), WHY)
    archive.decide(ask(Action.REPEATS, 2, 1), WHY)
    with pytest.raises(ConflictError, match="in a circle"):
        archive.decide(ask(Action.REPEATS, 4, 2), WHY)
    with pytest.raises(ConflictError, match="were ruled apart"):
        archive.decide(ask(Action.APART, 2, 4), WHY)
    assert archive.decisions(page=1, page_size=10).total == 2
    assert [original_of(archive, number) for number in (1, 2, 3, 4)] == [4, 4, 4, None]


def test_a_decision_says_who_why_and_what_about(archive: Archive, folder: Path) -> None:
    with pytest.raises(ParameterError, match="who is missing"):
        archive.decide(ask(Action.APART, 1, 2), Reason(who=" ", why="x"))
    with pytest.raises(ParameterError, match="other is missing"):
        archive.decide(ask(Action.APART, 1), WHY)
    with pytest.raises(ParameterError, match="itself"):
        archive.decide(ask(Action.APART, 1, 1), WHY)
    with pytest.raises(NotFoundError):
        archive.decide(ask(Action.APART, 1, 99), WHY)


@pytest.mark.parametrize(
    ("who", "why", "told"),
    [
        ("\u200b\u2060", "x", "who is missing"),
        ("Ada", "\u3164\u2800", "why is missing"),
        ("Ada\n7  2026-11-26 12:00  Story 1 is locked. Ben", "x", "who holds line breaks"),
        ("Ada", "seen\u2029by both", "why holds line breaks"),
        ("Ada", "seen\u202eyb", "why holds line breaks or control characters"),
    ],
)
def test_who_and_why_are_text_in_one_line(
    archive: Archive, folder: Path, who: str, why: str, told: str
) -> None:
    with pytest.raises(ParameterError, match=told):
        archive.decide(ask(Action.APART, 1, 2), Reason(who=who, why=why))


def story_of(archive: Archive, number: int) -> int:
    return archive.article(ArticleId(number)).story.id


@pytest.fixture
def pairs(archive: Archive, tmp_path: Path) -> Archive:
    """Articles 1 and 2, 3 and 4, 5 and 6 are copies, in stories 1, 2 and 3."""
    archive.ingest([write(tmp_path / "in", **pairs_of_copies(3))])
    assert [original_of(archive, number) for number in range(1, 7)] == [None, 1, None, 3, None, 5]
    assert [story_of(archive, number) for number in range(1, 7)] == [1, 1, 2, 2, 3, 3]
    return archive


def test_a_story_that_a_ruling_empties_leads_to_the_other_and_undoing_gives_it_back(pairs: Archive) -> None:
    called = pairs.story(StoryId(2)).headline
    made = pairs.decide(ask(Action.REPEATS, 4, 2), WHY)
    assert [original_of(pairs, number) for number in (1, 2, 3, 4)] == [None, 1, 1, 1]
    assert pairs.story(StoryId(2)).id == 1
    pairs.undo(made.id, WHY)
    assert [original_of(pairs, number) for number in range(1, 7)] == [None, 1, None, 3, None, 5]
    assert [story_of(pairs, number) for number in range(1, 7)] == [1, 1, 2, 2, 3, 3]
    assert pairs.story(StoryId(2)).headline == called
    assert pairs.check().holds


def test_undoing_gives_a_story_its_name_and_the_ids_that_led_to_it_back(pairs: Archive) -> None:
    pairs.decide(Ask(action=Action.RENAME, story=StoryId(2), headline="The long affair"), WHY)
    pairs.decide(Ask(action=Action.RENAME, story=StoryId(1), headline="The short affair"), WHY)
    pairs.decide(ask(Action.REPEATS, 6, 4), WHY)
    assert pairs.story(StoryId(3)).id == 2
    made = pairs.decide(ask(Action.REPEATS, 4, 2), WHY)
    assert {pairs.story(StoryId(number)).headline for number in (1, 2, 3)} == {"The short affair"}
    pairs.undo(made.id, WHY)
    assert pairs.story(StoryId(1)).headline == "The short affair"
    assert [pairs.story(StoryId(number)).id for number in (2, 3)] == [2, 2]
    assert pairs.story(StoryId(2)).headline == "The long affair"


@pytest.mark.parametrize("crowned", [1, 3])
def test_what_came_to_a_family_since_goes_back_with_it(pairs: Archive, tmp_path: Path, crowned: int) -> None:
    made = pairs.decide(ask(Action.REPEATS, 4, 2), WHY)
    pairs.decide(ask(Action.ORIGINAL, crowned), WHY)
    again = pairs_of_copies(2)["f1b_txt"].replace("told again", "told a third time")
    pairs.ingest([write(tmp_path / "more", g_txt=again)])
    assert (original_of(pairs, 7), story_of(pairs, 7)) == (crowned, 1)
    pairs.undo(made.id, WHY)
    assert (original_of(pairs, 7), story_of(pairs, 7)) == (3, 2)


def test_a_ruling_that_takes_the_place_of_another_lets_go_of_what_that_one_joined(pairs: Archive) -> None:
    pairs.decide(ask(Action.ORIGINAL, 3), WHY)
    pairs.decide(ask(Action.REPEATS, 4, 6), WHY)
    assert [original_of(pairs, number) for number in (5, 6)] == [3, 3]
    second = pairs.decide(ask(Action.REPEATS, 4, 2), WHY)
    assert [original_of(pairs, number) for number in range(1, 7)] == [3, 3, None, 3, None, 5]
    pairs.undo(second.id, WHY)
    assert [original_of(pairs, number) for number in range(1, 7)] == [None, 1, None, 3, 3, 3]


def test_undoing_finds_an_article_that_came_again_under_another_id(
    archive: Archive, folder: Path, database: Database
) -> None:
    made = archive.decide(ask(Action.REPEATS, 4, 2), WHY)
    with database.write() as session:  # as if both had been away: their ids are others now
        session.execute(update(DecisionRecord).values(article_id=94, other_id=92))
    archive.undo(made.id, WHY)
    assert original_of(archive, 4) is None


def test_what_a_person_put_where_it_is_does_not_go_back_when_a_ruling_is_undone(pairs: Archive) -> None:
    made = pairs.decide(ask(Action.REPEATS, 4, 2), WHY)
    pairs.decide(Ask(action=Action.MOVE, story=StoryId(3), articles=(ArticleId(3),)), WHY)
    assert [story_of(pairs, number) for number in range(1, 7)] == [3] * 6
    pairs.undo(made.id, WHY)
    assert [original_of(pairs, number) for number in (1, 2, 3, 4)] == [None, 1, None, 3]
    assert [story_of(pairs, number) for number in range(1, 7)] == [3] * 6


def test_of_two_originals_of_one_family_the_later_takes_the_place_of_the_earlier(pairs: Archive) -> None:
    first = pairs.decide(ask(Action.ORIGINAL, 2), WHY)
    second = pairs.decide(ask(Action.ORIGINAL, 1), WHY)
    other = pairs.decide(ask(Action.ORIGINAL, 4), WHY)
    assert [original_of(pairs, number) for number in (1, 2, 3)] == [None, 1, 4]
    assert [pairs.decision(made.id).in_force for made in (first, second, other)] == [False, True, True]
    pairs.undo(second.id, WHY)
    assert [original_of(pairs, number) for number in (1, 2)] == [2, None]
    assert pairs.decision(first.id).in_force


def test_what_is_ruled_to_repeat_another_is_no_original_by_an_earlier_ruling(
    archive: Archive, folder: Path
) -> None:
    archive.decide(ask(Action.ORIGINAL, 4), WHY)
    made = archive.decide(ask(Action.REPEATS, 4, 1), WHY).id
    assert [original_of(archive, number) for number in (1, 2, 3, 4)] == [None, 1, 1, 1]
    archive.undo(made, WHY)
    archive.decide(ask(Action.REPEATS, 1, 4), WHY)
    assert [original_of(archive, number) for number in (1, 2, 3, 4)] == [4, 4, 4, None]


def test_a_family_goes_where_a_person_put_one_of_it_until_it_parts_again(pairs: Archive) -> None:
    made = pairs.decide(Ask(action=Action.MOVE, story=StoryId(3), articles=(ArticleId(1),)), WHY)
    ruled = pairs.decide(ask(Action.REPEATS, 2, 4), WHY)
    assert [original_of(pairs, number) for number in (1, 2, 3, 4)] == [3, 3, None, 3]
    assert [story_of(pairs, number) for number in (1, 2, 3, 4)] == [3, 3, 3, 3]
    with pytest.raises(ConflictError, match=f"Undo decision {ruled.id} first"):
        pairs.undo(made.id, WHY)
    pairs.undo(ruled.id, WHY)
    assert [story_of(pairs, number) for number in (1, 2, 3, 4)] == [3, 3, 2, 2]
    pairs.undo(made.id, WHY)
    assert [story_of(pairs, number) for number in (1, 2, 3, 4)] == [1, 1, 2, 2]


def test_of_two_that_people_put_into_different_stories_the_original_says_where_the_family_is(
    pairs: Archive,
) -> None:
    pairs.decide(Ask(action=Action.MOVE, story=StoryId(1), articles=(ArticleId(3),)), WHY)
    moved = pairs.decide(Ask(action=Action.MOVE, story=StoryId(3), articles=(ArticleId(1),)), WHY)
    ruled = pairs.decide(ask(Action.REPEATS, 2, 4), WHY)
    assert [story_of(pairs, number) for number in (1, 2, 3, 4)] == [1, 1, 1, 1]
    with pytest.raises(ConflictError, match=f"Undo decision {ruled.id} first"):
        pairs.undo(moved.id, WHY)
    pairs.decide(ask(Action.APART, 2, 4), WHY)
    assert [story_of(pairs, number) for number in (1, 2, 3, 4)] == [3, 3, 1, 1]


def test_a_family_is_moved_whole_also_by_one_whose_original_came_from_elsewhere(pairs: Archive) -> None:
    pairs.decide(Ask(action=Action.MOVE, story=StoryId(3), articles=(ArticleId(1),)), WHY)
    pairs.decide(ask(Action.REPEATS, 2, 4), WHY)
    pairs.decide(Ask(action=Action.SPLIT_OFF, story=StoryId(3), articles=(ArticleId(3),)), WHY)
    assert [story_of(pairs, number) for number in range(1, 7)] == [4, 4, 4, 4, 3, 3]
