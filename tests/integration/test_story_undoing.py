"""Taking decisions about stories back: in their order, with names, locks and aliases as the log has them."""

import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from app.archive import Archive, open_archive
from app.domain.article import ArticleId, StoryId
from app.domain.decision import REGROUPING, Action, Ask
from app.errors import ConflictError, NotFoundError, ParameterError, WithdrawnError
from app.intake import Reading, Unreadable
from app.store import headlines
from app.store.database import Database
from app.store.story_pins import kept_stories
from tests.factories import article, make_settings, report, write
from tests.integration.conftest import Reader
from tests.integration.test_migrations import migrate_to
from tests.integration.test_story_decisions import WHY, decide, stories

STORY_ACTIONS = (*REGROUPING, Action.RENAME, Action.LOCK, Action.UNLOCK)
BEFORE = {1: {1, 2}, 2: {3}, 3: {4}}  # as ``folder`` makes them


def headline(archive: Archive, story: int) -> str:
    return archive.story(StoryId(story)).headline


def holding(archive: Archive) -> set[int]:
    return {each.id for each in archive.decisions(page=1, page_size=100).rows if each.standing}


def test_an_earlier_decision_is_not_undone_while_a_later_one_about_the_same_articles_holds(
    archive: Archive, folder: Path
) -> None:
    first = decide(archive, Action.MOVE, 2, articles=(1,))
    second = decide(archive, Action.MOVE, 3, articles=(1, 2))
    with pytest.raises(ConflictError, match=f"Undo decision {second.id} first"):
        archive.undo(first.id, WHY)
    assert stories(archive) == {2: {3}, 3: {1, 2, 4}}
    assert holding(archive) == {first.id, second.id}
    archive.undo(second.id, WHY)
    assert stories(archive) == {1: {2}, 2: {1, 3}, 3: {4}}
    archive.undo(first.id, WHY)
    assert stories(archive) == BEFORE


def test_decisions_about_other_articles_are_undone_in_any_order(archive: Archive, folder: Path) -> None:
    first = decide(archive, Action.MOVE, 1, articles=(3,))
    second = decide(archive, Action.MOVE, 1, articles=(4,))
    archive.undo(first.id, WHY)
    assert stories(archive) == {1: {1, 2, 4}, 2: {3}}
    archive.undo(second.id, WHY)
    assert stories(archive) == BEFORE


def test_an_article_goes_back_to_its_story_though_that_was_left_empty_since(
    archive: Archive, folder: Path
) -> None:
    first = decide(archive, Action.MOVE, 2, articles=(4,))
    second = decide(archive, Action.MOVE, 1, articles=(3,))
    archive.undo(first.id, WHY)
    assert stories(archive) == {1: {1, 2, 3}, 3: {4}}
    archive.undo(second.id, WHY)
    assert stories(archive) == BEFORE


def test_an_article_goes_back_to_what_its_story_became_part_of(archive: Archive, folder: Path) -> None:
    moved = decide(archive, Action.MOVE, 3, articles=(1,))
    decide(archive, Action.MERGE, 1, into=2)
    archive.undo(moved.id, WHY)
    assert stories(archive) == {2: {1, 2, 3}, 3: {4}}


@pytest.mark.parametrize("seed", range(5))
def test_whatever_was_decided_undoing_it_gives_everything_back(
    archive: Archive, folder: Path, seed: int
) -> None:
    started = [archive.story(StoryId(story)) for story in BEFORE]
    chance = random.Random(seed)  # noqa: S311 - no secret is made of it
    for step in range(12):
        action = chance.choice([*STORY_ACTIONS, Action.UNDO, Action.WITHDRAW, Action.RESTORE])
        seen = Ask(action=action, article=ArticleId(chance.randint(1, 4)))
        moving: dict[str, object] = {"articles": tuple(chance.sample(range(1, 5), chance.choice([1, 2])))}
        more: dict[Action, dict[str, object]] = {
            Action.MERGE: {"into": chance.randint(1, 4)},
            Action.MOVE: moving,
            Action.SPLIT_OFF: moving,
            Action.RENAME: {"headline": f"Name {step}"},
        }
        with suppress(ConflictError, NotFoundError, ParameterError, WithdrawnError):
            if action in {Action.WITHDRAW, Action.RESTORE}:
                archive.decide(seen, WHY)
            elif action is Action.UNDO:
                archive.undo(chance.choice(sorted(holding(archive)) or [99]), WHY)
            else:
                decide(archive, action, chance.randint(1, 4), **more.get(action, {}))
    while held := holding(archive):
        archive.undo(max(held), WHY)
    assert stories(archive) == BEFORE
    for before in started:
        after = archive.story(before.id)
        assert (after.headline, after.named, after.locked) == (before.headline, False, False)


def test_the_log_of_an_article_and_a_story_has_what_was_moved(archive: Archive, folder: Path) -> None:
    moved = decide(archive, Action.MOVE, 3, articles=(2,))
    undone = archive.undo(moved.id, WHY)
    for about in (
        archive.decisions(article=ArticleId(2), page=1, page_size=10),
        archive.decisions(story=StoryId(1), page=1, page_size=10),
    ):
        assert [each.id for each in about.rows] == [undone.id, moved.id]
    decide(archive, Action.MOVE, 3, articles=(2,))
    assert archive.decisions(article=ArticleId(1), page=1, page_size=10).total == 0
    assert archive.article(ArticleId(2)).decisions == archive.story(StoryId(1)).decisions == 1


def test_the_id_of_a_merged_story_stands_for_the_one_it_became(archive: Archive, folder: Path) -> None:
    merged = decide(archive, Action.MERGE, 2, into=3)
    for action, more in (
        (Action.RENAME, {"headline": "The affair"}),
        (Action.LOCK, {}),
        (Action.MOVE, {"articles": (2,)}),
        (Action.SPLIT_OFF, {"articles": (4,)}),
    ):
        assert decide(archive, action, 2, **more).story == 3
    assert decide(archive, Action.MERGE, 1, into=2).into == 3
    with pytest.raises(ConflictError, match="are one already: story 3"):
        decide(archive, Action.MERGE, 1, into=2)
    assert archive.decisions(story=StoryId(1), page=1, page_size=10).total == 6
    assert archive.decisions(story=StoryId(2), page=1, page_size=10).rows[-1].id == merged.id


def test_undoing_a_merge_gives_back_name_lock_origin_and_aliases(archive: Archive, folder: Path) -> None:
    split = decide(archive, Action.SPLIT_OFF, 1, articles=(2,))
    part = int(split.into or 0)
    inner = decide(archive, Action.MERGE, 3, into=part)
    decide(archive, Action.RENAME, part, headline="My name")
    decide(archive, Action.LOCK, part)
    decide(archive, Action.RENAME, 2, headline="Its own name")
    merged = decide(archive, Action.MERGE, part, into=2)
    assert headline(archive, part) == headline(archive, 2) == "Its own name"
    archive.undo(merged.id, WHY)
    shown = archive.story(StoryId(part))
    assert (shown.id, shown.headline, shown.named, shown.locked) == (part, "My name", True, True)
    assert shown.split_from == 1
    assert archive.story(StoryId(3)).id == part
    assert headline(archive, 2) == "Its own name"
    archive.undo(inner.id, WHY)
    assert stories(archive)[3] == {4}


def test_a_name_goes_with_its_story_into_one_that_has_none(archive: Archive, folder: Path) -> None:
    printed = headline(archive, 1)
    named = decide(archive, Action.RENAME, 2, headline="A name")
    merged = decide(archive, Action.MERGE, 2, into=1)
    assert archive.story(StoryId(1)).named
    assert headline(archive, 1) == "A name"
    assert named.id in holding(archive)
    archive.undo(merged.id, WHY)
    assert (headline(archive, 1), headline(archive, 2)) == (printed, "A name")
    decide(archive, Action.MERGE, 2, into=1)
    archive.undo(named.id, WHY)
    assert headline(archive, 1) not in ("", "A name")
    assert not archive.story(StoryId(1)).named


def test_a_name_that_was_replaced_after_a_merge_comes_back_when_its_successor_goes(
    archive: Archive, folder: Path
) -> None:
    printed = headline(archive, 1)
    decide(archive, Action.RENAME, 2, headline="A name")
    merged = decide(archive, Action.MERGE, 2, into=1)
    renamed = decide(archive, Action.RENAME, 1, headline="Another")
    archive.undo(merged.id, WHY)
    assert headline(archive, 1) == "Another"
    archive.undo(renamed.id, WHY)
    assert (headline(archive, 1), headline(archive, 2)) == (printed, "A name")


def test_what_a_merge_ended_is_not_undone_as_if_it_held(archive: Archive, folder: Path) -> None:
    decide(archive, Action.RENAME, 1, headline="One")
    named = decide(archive, Action.RENAME, 2, headline="Two")
    locked = decide(archive, Action.LOCK, 2)
    decide(archive, Action.MERGE, 2, into=1)
    assert not archive.story(StoryId(1)).locked
    for ended in (named, locked):
        with pytest.raises(ConflictError, match="a later one took its place"):
            archive.undo(ended.id, WHY)


def test_a_story_that_was_named_is_not_emptied_by_undoing(archive: Archive, folder: Path) -> None:
    split = decide(archive, Action.SPLIT_OFF, 1, articles=(2,))
    named = decide(archive, Action.RENAME, int(split.into or 0), headline="The part")
    with pytest.raises(ConflictError, match=f"Undo decision {named.id} first"):
        archive.undo(split.id, WHY)
    archive.undo(named.id, WHY)
    archive.undo(split.id, WHY)
    assert stories(archive) == BEFORE


@pytest.mark.parametrize("both", [True, False])
def test_the_mending_loses_no_name(archive: Archive, folder: Path, tmp_path: Path, both: bool) -> None:
    locked = decide(archive, Action.LOCK, 1)
    archive.ingest([write(tmp_path / "more", e_txt=report(1, 3))])
    assert stories(archive)[4] == {5}
    archive.undo(locked.id, WHY)
    decide(archive, Action.RENAME, 4, headline="The affair")
    if both:
        decide(archive, Action.RENAME, 1, headline="The scandal")
    archive.ingest([write(tmp_path / "yet", g_txt=report(1, 4))])
    assert headline(archive, 4) == "The affair"
    assert headline(archive, 1) == ("The scandal" if both else "The affair")
    assert archive.story(StoryId(4)).id == (4 if both else 1)


def test_what_repeats_a_moved_article_goes_back_with_it(
    archive: Archive, folder: Path, tmp_path: Path
) -> None:
    moved = decide(archive, Action.MOVE, 3, articles=(1,))
    copy = report(1, 1).replace("What happened", "All that happened")
    archive.ingest([write(tmp_path / "more", e_txt=copy)])
    assert stories(archive)[3] == {1, 4, 5}
    decide(archive, Action.LOCK, 3)  # so that it is not the mending that moves the copy
    archive.undo(moved.id, WHY)
    assert stories(archive)[3] == {4}
    assert {1, 5} <= stories(archive)[1]


def test_a_text_out_of_sight_finds_the_story_it_was_put_into_when_a_merge_is_undone(
    archive: Archive, folder: Path
) -> None:
    decide(archive, Action.MOVE, 3, articles=(2,))
    archive.decide(Ask(action=Action.WITHDRAW, article=ArticleId(2)), WHY)
    merged = decide(archive, Action.MERGE, 3, into=2)
    archive.undo(merged.id, WHY)
    archive.decide(Ask(action=Action.RESTORE, article=ArticleId(2)), WHY)
    assert stories(archive)[3] == {2, 4}


def test_a_pin_to_a_story_that_became_part_of_another_keeps_that_one_from_mending(
    archive: Archive, database: Database, folder: Path
) -> None:
    decide(archive, Action.MERGE, 2, into=1)
    with database.write() as session:
        session.execute(text("UPDATE pin SET story_id = 2"))
        assert kept_stories(session) == {1}


def test_a_move_is_undone_of_the_text_that_a_new_reading_gave(
    archive: Archive, folder: Path, new_rules: Callable[[Reader], None]
) -> None:
    def longer(_: bytes, reading: Reading | Unreadable) -> Reading | Unreadable:
        assert isinstance(reading, Reading)
        drafts = (
            replace(each, body_text=f"{each.body_text}\n\nA line that was lost.") for each in reading.drafts
        )
        return replace(reading, drafts=tuple(drafts))

    moved = decide(archive, Action.MOVE, 3, articles=(2,))
    new_rules(longer)
    report = archive.reread(everything=True)
    new = report.items[1].article
    assert archive.article(ArticleId(new or 0)).story.id == 3
    assert archive.decision(moved.id).articles == (new,)
    archive.undo(moved.id, WHY)
    assert archive.article(ArticleId(new or 0)).story.id == 1
    assert archive.article(ArticleId(new or 0)).decisions == 0


def test_the_headline_of_an_article_out_of_sight_does_not_come_back(
    archive: Archive, database: Database, folder: Path
) -> None:
    old = headline(archive, 1)
    bearer = next(number for number in (1, 2) if archive.article(ArticleId(number)).headline == old)
    named = decide(archive, Action.RENAME, 1, headline="The affair")
    decide(archive, Action.MERGE, 1, into=2)
    archive.decide(Ask(action=Action.WITHDRAW, article=ArticleId(bearer)), WHY)
    archive.undo(named.id, WHY)
    archive.decide(Ask(action=Action.ERASE, article=ArticleId(bearer)), WHY)
    assert not {old, "The affair"} & {row.headline for row in archive.stories(page=1, page_size=10).rows}
    with database.read() as session:
        kept = session.execute(text("SELECT headline, before FROM decision")).all()
    assert old not in str(kept)


def test_a_large_story_is_named_anew_when_the_article_it_was_called_after_goes(
    archive: Archive, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(headlines, "MOST_FOR_HEADLINE", 0)
    old = headline(archive, 1)
    bearer = next(number for number in (1, 2) if archive.article(ArticleId(number)).headline == old)
    archive.decide(Ask(action=Action.WITHDRAW, article=ArticleId(bearer)), WHY)
    assert headline(archive, 1) not in ("", old)


def test_what_was_decided_before_the_tables_changed_can_be_undone(
    home: Path, database_url: str | None, tmp_path: Path
) -> None:
    settings = make_settings(home, database_url=database_url)
    given = write(tmp_path / "in", a_txt=report(1, 1), b_txt=report(1, 2), c_txt=article(7), d_txt=article(8))
    with open_archive(settings) as archive:
        archive.ingest([given])
        moved = decide(archive, Action.MOVE, 3, articles=(2,))
    engine = create_engine(settings.database)
    with engine.begin() as connection:
        migrate_to("0016", connection)
        before = connection.scalar(text("SELECT before FROM decision"))
        assert "stories" in str(before)
    engine.dispose()
    with open_archive(settings) as archive:
        archive.undo(moved.id, WHY)
        assert stories(archive) == BEFORE
