"""Whatever people rule, move, merge, withdraw, restore and undo, in any order: families and stories are as the law has
them."""

from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.archive import open_archive
from app.curate.decide import decide, undo
from app.domain.article import ArticleId, StoryId
from app.domain.decision import Action, Ask, Reason
from app.domain.ruling import RulingKind, ruled_families
from app.errors import NewsfoldError
from app.store import repeats
from app.store.database import Database
from app.store.tables import AliasRecord, ArticleRecord, StoryRecord
from tests.factories import make_settings, pairs_of_copies, write

WHY = Reason(who="Ada Marsh", why="I know them.")
PAIRS = 4  # articles 1 and 2, 3 and 4 … are copies

RULED = {Action(kind.value) for kind in RulingKind}
SEEN = {Action.WITHDRAW, Action.RESTORE}
REGROUPED = {Action.MOVE, Action.MERGE, Action.SPLIT_OFF}
TAKEN_BACK = RULED | REGROUPED | {Action.WITHDRAW}
ARTICLES = st.integers(1, 2 * PAIRS)
STEPS = st.lists(
    st.tuples(st.sampled_from(sorted(RULED | SEEN | REGROUPED | {Action.UNDO})), ARTICLES, ARTICLES),
    max_size=12,
)

Rows = list[tuple[int, int | None, int | None, str | None]]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of an archive with pairs of copies, each pair a story of its own."""
    folder = tmp_path_factory.mktemp("rulings")
    with open_archive(make_settings(folder / "home")) as archive:
        archive.ingest([write(folder / "in", **pairs_of_copies(PAIRS))])
        assert (archive.totals().articles, archive.totals().stories) == (2 * PAIRS, PAIRS)
    return folder / "home"


def asked(action: Action, one: int, other: int) -> Ask:
    match action:
        case Action.APART | Action.REPEATS:
            return Ask(action=action, article=ArticleId(one), other=ArticleId(other))
        case Action.MOVE | Action.SPLIT_OFF:
            return Ask(action=action, articles=(ArticleId(one),), story=StoryId(other))
        case Action.MERGE:
            return Ask(action=action, story=StoryId(one), into=StoryId(other))
        case _:
            return Ask(action=action, article=ArticleId(one))


class Desk:
    """Someone who decides, each time a minute later; what is refused changes nothing."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._began = datetime.now(UTC)  # later than anything was received
        self._minutes = count()

    def clock(self) -> datetime:
        return self._began + timedelta(minutes=next(self._minutes))

    def ask(self, action: Action, one: int, other: int) -> int | None:
        try:
            if action is Action.UNDO:
                return undo(self.database, one, WHY, clock=self.clock).id
            return decide(self.database, asked(action, one, other), WHY, clock=self.clock).id
        except NewsfoldError:
            return None

    def rows(self) -> Rows:
        with self.database.read() as session:
            found = session.execute(
                select(
                    ArticleRecord.id, ArticleRecord.duplicate_of, ArticleRecord.story_id, ArticleRecord.hidden
                ).order_by(ArticleRecord.id)
            )
            return [(article, of, story, hidden) for article, of, story, hidden in found]

    def families(self) -> dict[int, int | None]:
        return {article: of for article, of, _, _ in self.rows()}

    def ids(self) -> set[int]:
        """The ids of stories that lead somewhere."""
        with self.database.read() as session:
            return {
                *session.scalars(select(StoryRecord.id)),
                *session.scalars(select(AliasRecord.story_id)),
            }


def check(desk: Desk) -> None:
    rows = desk.rows()
    original = desk.families()
    story = {article: where for article, _, where, _ in rows}
    shown = {article for article, _, _, hidden in rows if hidden is None}
    for article, of in original.items():
        assert (article in shown) == (story[article] is not None)
        if of is not None:
            assert {article, of} <= shown
            assert original[of] is None
            assert story[article] == story[of]
    with desk.database.read() as session:
        members, links, rulings = repeats.find_component(session, [ArticleId(each) for each in shown])
        assert ruled_families(members, links, rulings).originals == {each: original[each] for each in shown}
        for record in session.scalars(select(StoryRecord)):
            assert record.size == list(story.values()).count(record.id)


def opened(home: str, made: Path) -> Database:
    copytree(made, home, dirs_exist_ok=True)
    return Database(make_settings(Path(home)).database)


@settings(max_examples=15)
@given(STEPS)
def test_families_and_stories_hold_whatever_is_decided(
    made: Path, steps: list[tuple[Action, int, int]]
) -> None:
    with TemporaryDirectory() as home, closing(opened(home, made)) as database:
        desk = Desk(database)
        for action, one, other in steps:
            before, ids = desk.rows(), desk.ids()
            decided = desk.ask(action, one, other)
            check(desk)
            if decided is not None and action in TAKEN_BACK:
                assert action is Action.WITHDRAW or ids <= desk.ids()
                ruled = desk.families()
                assert desk.ask(Action.UNDO, decided, 0)
                assert desk.rows() == before
                check(desk)
                assert desk.ask(action, one, other)
                assert desk.families() == ruled


@settings(max_examples=15)
@given(st.tuples(st.sampled_from(sorted(TAKEN_BACK)), ARTICLES, ARTICLES))
def test_undoing_gives_every_article_its_story_back(made: Path, step: tuple[Action, int, int]) -> None:
    with TemporaryDirectory() as home, closing(opened(home, made)) as database:
        desk = Desk(database)
        before = desk.rows()
        if decided := desk.ask(*step):
            assert desk.ask(Action.UNDO, decided, 0)
        assert desk.rows() == before
