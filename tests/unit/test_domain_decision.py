"""The log in words: every kind of decision has its sentence, and what passes is never in force."""

from dataclasses import replace

import pytest

from app.domain.article import ArticleId, StoryId
from app.domain.decision import Action, Decision
from tests.factories import NOW


def made(action: Action, *, in_force: bool = True) -> Decision:
    return Decision(
        id=9,
        made=NOW,
        action=action,
        who="Ada",
        why="seen",
        in_force=in_force,
        article=ArticleId(2),
        other=ArticleId(1),
        story=StoryId(4),
        into=StoryId(5),
        headline="The {odd} affair",
        undoes=3,
        articles=(ArticleId(6), ArticleId(7)),
    )


@pytest.mark.parametrize(
    ("action", "sentence"),
    [
        (Action.APART, "Article 2 is no duplicate of article 1"),
        (Action.REPEATS, "Article 2 is a duplicate of article 1"),
        (Action.MERGE, "Story 4 is part of story 5"),
        (Action.SPLIT_OFF, "Articles 6, 7 of story 4 became story 5"),
        (Action.MOVE, "Articles 6, 7 moved to story 4"),
        (Action.RENAME, "Story 4 is called “The {odd} affair”"),
        (Action.UNDO, "Decision 3 is undone"),
    ],
)
def test_a_decision_has_its_sentence(action: Action, sentence: str) -> None:
    assert made(action).sentence == sentence


def test_one_article_is_told_as_one() -> None:
    alone = replace(made(Action.MOVE), articles=(ArticleId(6),))
    assert alone.sentence == "Article 6 moved to story 4"


def test_every_action_has_a_sentence_of_its_own() -> None:
    assert len({made(action).sentence for action in Action}) == len(Action)


def test_only_what_holds_and_can_be_taken_back_is_standing() -> None:
    passing = {Action.RESTORE, Action.ERASE, Action.UNDO}
    assert {action for action in Action if made(action).standing} == set(Action) - passing
    assert not any(made(action, in_force=False).standing for action in Action)
