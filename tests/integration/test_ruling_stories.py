"""Which stories articles go back to when rulings hold no longer, and what is said of these stories then."""

import json
from pathlib import Path

import pytest
from sqlalchemy import update

from app.archive import Archive
from app.domain.article import StoryId
from app.domain.decision import Action
from app.store.database import Database
from app.store.tables import StoryRecord
from tests.factories import pairs_of_copies, write
from tests.integration.test_decisions import WHY, ask, original_of, story_of
from tests.integration.test_story_decisions import decide, stories


@pytest.fixture
def pairs(archive: Archive, tmp_path: Path) -> Archive:
    """Articles 1 and 2, 3 and 4, 5 and 6, 7 and 8 are copies, in stories 1 to 4."""
    archive.ingest([write(tmp_path / "in", **pairs_of_copies(4))])
    assert stories(archive) == {1: {1, 2}, 2: {3, 4}, 3: {5, 6}, 4: {7, 8}}
    return archive


def another_copy(folder: Path, pair: int, *, dated: str | None = None) -> Path:
    title, _, body = pairs_of_copies(pair)[f"f{pair - 1}b_txt"].partition("\n")
    fields = {"title": title.replace("told again", "told a third time"), "date": dated, "text": body}
    return write(folder, g_json=json.dumps(fields))


def test_a_ruling_that_takes_the_place_of_two_gives_back_a_story_with_all_that_was_said_of_it(
    pairs: Archive, database: Database
) -> None:
    pairs.decide(ask(Action.REPEATS, 8, 6), WHY)
    decide(pairs, Action.RENAME, 2, headline="The short affair")
    decide(pairs, Action.RENAME, 3, headline="The long affair")
    with database.write() as session:  # as if the mending had parted it from story 1
        session.execute(update(StoryRecord).where(StoryRecord.id == 3).values(split_from=1))
    pairs.decide(ask(Action.APART, 4, 2), WHY)
    pairs.decide(ask(Action.ORIGINAL, 3), WHY)
    pairs.decide(ask(Action.REPEATS, 4, 6), WHY)
    assert stories(pairs) == {1: {1, 2}, 2: {3, 4, 5, 6, 7, 8}}
    pairs.decide(ask(Action.REPEATS, 4, 2), WHY)
    assert stories(pairs)[3] == {5, 6, 7, 8}
    shown = pairs.story(StoryId(3))
    assert (shown.headline, shown.named, shown.split_from) == ("The long affair", True, 1)
    assert pairs.story(StoryId(4)).id == 3


def test_what_two_rulings_moved_one_after_the_other_goes_back_to_where_the_first_found_it(
    pairs: Archive,
) -> None:
    pairs.decide(ask(Action.REPEATS, 3, 1), WHY)
    pairs.decide(ask(Action.REPEATS, 1, 5), WHY)
    assert stories(pairs) == {3: {1, 2, 3, 4, 5, 6}, 4: {7, 8}}
    pairs.decide(ask(Action.REPEATS, 1, 3), WHY)
    assert [original_of(pairs, number) for number in (1, 2, 3, 4)] == [3, 3, None, 3]
    assert stories(pairs) == {2: {1, 2, 3, 4}, 3: {5, 6}, 4: {7, 8}}


def test_a_ruling_whose_place_was_taken_does_not_hold_again_when_its_successor_gives_way(
    pairs: Archive,
) -> None:
    first = pairs.decide(ask(Action.REPEATS, 4, 2), WHY)
    pairs.decide(ask(Action.REPEATS, 4, 6), WHY)
    pairs.decide(ask(Action.REPEATS, 4, 8), WHY)
    assert not pairs.decision(first.id).in_force
    assert stories(pairs) == {1: {1, 2}, 3: {5, 6}, 4: {3, 4, 7, 8}}


@pytest.mark.parametrize("instead", [None, 6])
def test_what_another_ruling_keeps_in_a_family_keeps_its_story_too(
    pairs: Archive, instead: int | None
) -> None:
    made = pairs.decide(ask(Action.REPEATS, 4, 2), WHY)
    pairs.decide(ask(Action.ORIGINAL, 3), WHY)
    pairs.decide(ask(Action.REPEATS, 2, 3), WHY)
    if instead:
        pairs.decide(ask(Action.REPEATS, 4, instead), WHY)
    else:
        pairs.undo(made.id, WHY)
    assert {1, 2, 3, 4} <= stories(pairs)[1]
    assert pairs.story(StoryId(2)).id == 1


def test_a_family_goes_back_though_the_original_it_has_now_came_since(pairs: Archive, tmp_path: Path) -> None:
    made = pairs.decide(ask(Action.REPEATS, 4, 2), WHY)
    pairs.ingest([another_copy(tmp_path / "more", 2, dated="2019-05-04")])
    assert stories(pairs)[1] == {1, 2, 3, 4, 9}
    pairs.undo(made.id, WHY)
    assert [original_of(pairs, number) for number in (3, 4, 9)] == [9, 9, None]
    assert stories(pairs) == {1: {1, 2}, 2: {3, 4, 9}, 3: {5, 6}, 4: {7, 8}}


def test_a_family_goes_where_those_go_that_would_lead_it_without_an_original_that_came_since(
    pairs: Archive, tmp_path: Path
) -> None:
    joined = pairs.decide(ask(Action.REPEATS, 5, 4), WHY)
    pairs.decide(ask(Action.REPEATS, 3, 1), WHY)
    pairs.decide(ask(Action.REPEATS, 6, 2), WHY)
    pairs.undo(joined.id, WHY)
    assert stories(pairs) == {2: {1, 2, 3, 4, 5, 6}, 4: {7, 8}}
    pairs.ingest([another_copy(tmp_path / "more", 1, dated="2019-05-04")])
    pairs.decide(ask(Action.REPEATS, 3, 7), WHY)
    assert stories(pairs) == {1: {1, 2, 5, 6, 9}, 4: {3, 4, 7, 8}}


def test_a_family_stays_where_some_who_would_lead_it_did_not_come_with_the_ruling(
    pairs: Archive, tmp_path: Path
) -> None:
    made = pairs.decide(ask(Action.REPEATS, 4, 2), WHY)
    pairs.ingest([another_copy(tmp_path / "more", 2, dated="2019-05-04")])
    pairs.decide(ask(Action.REPEATS, 5, 9), WHY)
    pairs.undo(made.id, WHY)
    assert [original_of(pairs, number) for number in (3, 4, 5, 6, 9)] == [9, 9, 9, 9, None]
    assert stories(pairs) == {1: {1, 2}, 2: {3, 4, 5, 6, 9}, 4: {7, 8}}
    assert pairs.story(StoryId(3)).id == 2


def test_a_family_stays_with_an_original_that_came_since_and_that_a_person_put_where_it_is(
    pairs: Archive, tmp_path: Path
) -> None:
    made = pairs.decide(ask(Action.REPEATS, 4, 2), WHY)
    pairs.ingest([another_copy(tmp_path / "more", 2, dated="2019-05-04")])
    apart = pairs.decide(ask(Action.APART, 9, 4), WHY)
    decide(pairs, Action.MOVE, 4, articles=(9,))
    pairs.undo(apart.id, WHY)
    pairs.undo(made.id, WHY)
    assert [original_of(pairs, number) for number in (3, 4)] == [9, 9]
    assert [story_of(pairs, number) for number in (3, 4, 9)] == [4, 4, 4]


def test_a_copy_that_came_since_stays_with_an_original_that_a_person_put_where_it_is(
    pairs: Archive, tmp_path: Path
) -> None:
    made = pairs.decide(ask(Action.REPEATS, 4, 2), WHY)
    pairs.decide(ask(Action.ORIGINAL, 3), WHY)
    decide(pairs, Action.MOVE, 3, articles=(3,))
    pairs.ingest([another_copy(tmp_path / "more", 2)])
    pairs.undo(made.id, WHY)
    assert [original_of(pairs, number) for number in (3, 4, 9)] == [None, 3, 3]
    assert [story_of(pairs, number) for number in (3, 4, 9)] == [3, 3, 3]


def test_a_copy_that_a_person_put_where_it_is_stays_when_its_original_goes_back(pairs: Archive) -> None:
    made = pairs.decide(ask(Action.REPEATS, 4, 2), WHY)
    apart = pairs.decide(ask(Action.APART, 3, 4), WHY)
    decide(pairs, Action.MOVE, 3, articles=(4,))
    pairs.undo(apart.id, WHY)
    pairs.undo(made.id, WHY)
    assert original_of(pairs, 4) == 3
    assert [story_of(pairs, number) for number in (3, 4)] == [3, 3]


def test_a_name_that_came_with_a_story_leaves_with_it(pairs: Archive) -> None:
    printed = pairs.story(StoryId(1)).headline
    decide(pairs, Action.RENAME, 2, headline="The long affair")
    made = pairs.decide(ask(Action.REPEATS, 4, 2), WHY)
    assert pairs.story(StoryId(1)).headline == "The long affair"
    pairs.undo(made.id, WHY)
    assert [pairs.story(StoryId(number)).headline for number in (1, 2)] == [printed, "The long affair"]
    assert not pairs.story(StoryId(1)).named
