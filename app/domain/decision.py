"""What a person can decide about articles and stories: the words of it, and the log of what was decided.

Law: a decision is remembered for ever, with who, when and why. It holds until another takes its place or it is
undone, and undoing it is a decision as well.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from app.domain.article import ArticleId, StoryId


class Action(StrEnum):
    """What was decided. The first three are rulings about who repeats whom, the next three are about what is seen,
    the others about stories."""

    APART = "apart"
    REPEATS = "repeats"
    ORIGINAL = "original"
    WITHDRAW = "withdraw"
    RESTORE = "restore"
    ERASE = "erase"
    MERGE = "merge"
    SPLIT_OFF = "split_off"
    MOVE = "move"
    RENAME = "rename"
    LOCK = "lock"
    UNLOCK = "unlock"
    UNDO = "undo"


class Hidden(StrEnum):
    """Why an article is out of sight: withdrawn (it can be restored), or erased (its text is gone)."""

    WITHDRAWN = "withdrawn"
    ERASED = "erased"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Who decides, and why: both are said."""

    who: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What a person asks to be decided; which fields are needed follows from the action (`needed`).

    ``article`` and ``other`` are for rulings and for what is seen; ``articles`` leave the story ``story`` together
    (``SPLIT_OFF``) or go to it (``MOVE``); ``story`` becomes part of ``into`` (``MERGE``).
    """

    action: Action
    article: ArticleId | None = None
    other: ArticleId | None = None
    story: StoryId | None = None
    into: StoryId | None = None
    articles: tuple[ArticleId, ...] = ()
    headline: str | None = None


NEEDED: dict[Action, tuple[str, ...]] = {
    Action.APART: ("article", "other"),
    Action.REPEATS: ("article", "other"),
    Action.ORIGINAL: ("article",),
    Action.WITHDRAW: ("article",),
    Action.RESTORE: ("article",),
    Action.ERASE: ("article",),
    Action.MERGE: ("story", "into"),
    Action.SPLIT_OFF: ("story", "articles"),
    Action.MOVE: ("articles", "story"),
    Action.RENAME: ("story", "headline"),
    Action.LOCK: ("story",),
    Action.UNLOCK: ("story",),
}


_TOLD = {
    Action.APART: "Article {made.article} is no duplicate of article {made.other}",
    Action.REPEATS: "Article {made.article} is a duplicate of article {made.other}",
    Action.ORIGINAL: "Article {made.article} is the original of its family",
    Action.WITHDRAW: "Article {made.article} is withdrawn",
    Action.RESTORE: "Article {made.article} is restored",
    Action.ERASE: "Article {made.article} is erased",
    Action.MERGE: "Story {made.story} is part of story {made.into}",
    Action.SPLIT_OFF: "{moved} of story {made.story} became story {made.into}",
    Action.MOVE: "{moved} moved to story {made.story}",
    Action.RENAME: "Story {made.story} is called “{made.headline}”",
    Action.LOCK: "Story {made.story} is locked",
    Action.UNLOCK: "Story {made.story} is unlocked",
    Action.UNDO: "Decision {made.undoes} is undone",
}

# What puts articles into stories, or holds them there.
REGROUPING = (Action.MERGE, Action.SPLIT_OFF, Action.MOVE)

# What is done once and not for as long as it holds.
PASSING = (Action.RESTORE, Action.ERASE, Action.UNDO)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One line of the log. ``in_force`` says whether it holds today; ``undoes`` names the decision it took back,
    ``undone_by`` the one that took it back; ``articles`` are all that went to another story, families whole."""

    id: int
    made: datetime
    action: Action
    who: str
    why: str
    in_force: bool
    article: ArticleId | None
    other: ArticleId | None
    story: StoryId | None
    into: StoryId | None
    headline: str | None
    undoes: int | None
    undone_by: int | None = None
    articles: tuple[ArticleId, ...] = ()

    @property
    def standing(self) -> bool:
        """Whether it holds today and could be taken back: what takes another back, and erasing, cannot."""
        return self.in_force and self.action not in PASSING

    @property
    def sentence(self) -> str:
        """What was decided, in a sentence without its full stop; a headline stands last in it, in quotation marks."""
        moved = ", ".join(map(str, self.articles))
        noun = "Article" if len(self.articles) == 1 else "Articles"
        return _TOLD[self.action].format(made=self, moved=f"{noun} {moved}".rstrip())


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """What a decision changed, for its undoing: the decisions it took the place of, the story and the pinned story of
    every article it put or held somewhere (by digest); of the stories concerned, from which they had split, and which
    ids led to them. ``articles`` are those that went elsewhere.

    No headline is among it: what a person called a story is in the log, and any other is chosen anew, so that none
    outlives the article it was printed over.
    """

    superseded: tuple[int, ...] = ()
    stories: dict[str, tuple[StoryId, StoryId | None]] = field(default_factory=dict)
    split_from: dict[StoryId, StoryId] = field(default_factory=dict)
    aliases: dict[StoryId, StoryId] = field(default_factory=dict)
    articles: tuple[ArticleId, ...] = ()
