"""Grouping all stories anew: articles weigh as though they had come at once, and what people decided stays."""

import json
import random
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import select, update

from app.archive import Archive, open_archive
from app.domain.article import ArticleId, StoryId
from app.domain.decision import Action, Ask
from app.domain.profile import Profile, Vector
from app.domain.story import key_terms
from app.ingest import deliver
from app.ingest import regroup as job
from app.store import outbox, shelf
from app.store.database import Database
from app.store.story_memory import StoryChanges, StoryMemory
from app.store.tables import ArticleRecord, FrequencyRecord, PostingRecord, RelatedRecord, StoryRecord
from tests.factories import NOW, article, make_settings, pairs_of_copies, paragraph, report, write
from tests.integration.test_cli import Shell
from tests.integration.test_stories import check_sums, grouping
from tests.integration.test_story_decisions import WHY, decide, stories

NOTHING = StoryChanges(opened=frozenset(), closed=frozenset(), moved=frozenset())
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


@pytest.mark.usefixtures("grown")
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


@pytest.mark.usefixtures("grown")
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


@pytest.mark.usefixtures("grown")
def test_what_people_decided_about_stories_stays(archive: Archive, tmp_path: Path) -> None:
    archive.ingest([write(tmp_path / "in", a_txt=report(1, 1), b_txt=report(1, 2), c_txt=article(7))])
    decide(archive, Action.MOVE, 2, articles=(2,))
    decide(archive, Action.RENAME, 1, headline="The quay")
    archive.regroup()
    assert stories(archive) == {1: {1}, 2: {2, 3}}
    assert archive.stories(page=1, page_size=9).rows[-1].headline == "The quay"


@pytest.mark.usefixtures("grown")
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


State = tuple[dict[frozenset[str], str], dict[frozenset[frozenset[str]], float]]


def state(database: Database) -> State:
    """Which articles are together, what their stories are called, and what these are related to."""
    with database.read() as session:
        inside: dict[int, set[str]] = {}
        for story, digest in session.execute(select(ArticleRecord.story_id, ArticleRecord.digest)):
            inside.setdefault(story, set()).add(digest)
        named = {story: frozenset(digests) for story, digests in inside.items()}
        called = session.execute(select(StoryRecord.id, StoryRecord.headline))
        related = session.execute(select(RelatedRecord))
        return (
            {named[story]: headline for story, headline in called},
            {frozenset((named[each.story_id], named[each.other_id])): each.similarity for (each,) in related},
        )


def test_a_small_archive_is_the_same_in_whatever_order_and_however_many_deliveries(
    archive: Archive, database: Database, tmp_path: Path
) -> None:
    archive.ingest([write(tmp_path / "all", **{f"n{nth}_txt": text for nth, text in enumerate(TEXTS)})])
    expected = state(database)
    assert max(map(len, expected[0])) > 1
    for seed in range(4):
        order = random.Random(seed).sample(TEXTS, len(TEXTS))  # noqa: S311 - no secret
        settings = make_settings(tmp_path / f"home{seed}")
        with open_archive(settings) as other:
            for nth, text in enumerate(order):
                other.ingest([write(tmp_path / f"{seed}-{nth}", a_txt=text)])
            opened = Database(settings.database)
            assert state(opened) == expected
            check_sums(opened)
            assert other.check().holds
            opened.close()


NEAR = {
    name: f"The {name} affair\n\n{paragraph(33, 2)} {paragraph(seed, 10)}\n"
    for name, seed in {"kalo": 11, "vordun": 22, "prasho": 44}.items()
}


@pytest.mark.usefixtures("grown")
def test_relations_are_those_of_the_stories_as_they_are(
    archive: Archive, database: Database, tmp_path: Path
) -> None:
    archive.ingest([write(tmp_path / "in", a_txt=NEAR["kalo"], b_txt=NEAR["vordun"], c_txt=article(7))])
    assert stories(archive) == {1: {1}, 2: {2}, 3: {3}}
    (told,) = state(database)[1].items()
    with database.write() as session:
        session.execute(update(RelatedRecord).values(story_id=2, other_id=3, similarity=0.9))
    archive.regroup()
    ((pair, near),) = state(database)[1].items()
    assert pair == told[0]
    assert near == pytest.approx(told[1], abs=0.05)
    (related,) = archive.story(StoryId(2)).related
    assert (related.id, bool(related.shared)) == (1, True)


@pytest.mark.usefixtures("grown")
def test_the_order_has_nothing_to_do_with_arrival(
    archive: Archive, database: Database, tmp_path: Path
) -> None:
    days = ("", "2021-03-04", "2019-01-02", "", "2021-03-04", "2020-05-06")
    for nth, day in enumerate(days):
        told = {"title": f"The affair {nth}", "text": paragraph(nth * 10, 4), "date": day}
        archive.ingest([write(tmp_path / str(nth), a_json=json.dumps([told]))])
    with database.read() as session:
        (oldest, middle, *same, one, other) = [unit[0] for unit in shelf.Shelf(session).units]
        digests = dict(session.execute(select(ArticleRecord.id, ArticleRecord.digest)).all())
    assert (oldest, middle, set(same), {one, other}) == (3, 6, {2, 5}, {1, 4})
    assert digests[same[0]] < digests[same[1]]
    assert digests[one] < digests[other]


@pytest.mark.usefixtures("grown")
def test_every_article_is_once_under_each_of_its_terms_by_date(
    archive: Archive, database: Database, tmp_path: Path
) -> None:
    for nth, text in enumerate(TEXTS):
        archive.ingest([write(tmp_path / str(nth), a_txt=text)])
    archive.regroup()
    under: dict[int, list[int]] = defaultdict(list)
    with database.read() as session:
        for article_id in shelf.articles_by_date(session):
            vector = session.get_one(ArticleRecord, article_id).vector
            for term in key_terms(Profile.of(Vector.from_bytes(vector), None)):
                under[term.key].append(article_id)
        for posting in session.scalars(select(PostingRecord)):
            held = np.frombuffer(posting.articles, np.dtype([("article", "<i8"), ("weight", "<f4")]))
            assert held["article"].tolist() == under[posting.term]


def test_a_dry_run_tells_the_stories_that_come_out(archive: Archive, tmp_path: Path) -> None:
    archive.ingest([write(tmp_path / "in", a_txt=TEXTS[0], b_txt=TEXTS[9])])
    folder = write(tmp_path / "more", c_txt=TEXTS[1], d_txt=TEXTS[6], e_txt=TEXTS[7])
    told = archive.rehearse([folder])
    made = archive.ingest([folder])
    known = {1, 2}
    assert [each.story for each in told.items] == [
        each.story if each.story in known else None for each in made.items
    ]
    assert told.stories_new == made.stories_new


@pytest.mark.parametrize(
    ("fewest", "few", "much", "brought", "settles"),
    [
        (10, 20, 0.2, 1, True),  # ten articles, of which it brought one
        (10, 20, 0.2, 0, False),
        (10, 9, 0.2, 1, False),
        (9, 20, 0.2, 1, False),
        (9, 20, 0.1, 1, True),
        (9, 20, 0.1, 0, False),
        (9, 9, 0.1, 1, False),
    ],
)
def test_only_a_delivery_to_a_small_archive_ends_with_grouping_it_anew(
    archive: Archive,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    fewest: int,
    few: int,
    much: float,
    brought: int,
    settles: bool,
) -> None:
    archive.ingest([write(tmp_path / "in", **{f"n{nth}_txt": text for nth, text in enumerate(TEXTS[:9])})])
    for name, value in {"_FEWEST": fewest, "_FEW": few, "_MUCH": much}.items():
        monkeypatch.setattr(job, name, value)
    called: list[object] = []

    def settle(session: object, **_: object) -> StoryChanges:
        called.append(session)
        return NOTHING

    monkeypatch.setattr(deliver, "settle", settle)
    if not brought:
        archive.ingest([write(tmp_path / "first", a_txt=article(20))])
        called.clear()
    archive.ingest([write(tmp_path / "more", b_txt=TEXTS[9] if brought else TEXTS[0])])
    assert bool(called) is settles


def test_a_delivery_that_is_cut_off_before_its_end_is_settled_by_the_next(
    archive: Archive, database: Database, tmp_path: Path
) -> None:
    folder = write(tmp_path / "in", **{f"n{nth}_txt": text for nth, text in enumerate(TEXTS)})

    def broken(what: str, done: int, total: int | None) -> None:
        if what == "weighing articles":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        archive.ingest([folder], progress=broken)
    for story in (1, 2):  # as though there had been nothing to be placed by
        with database.write() as session:
            memory = StoryMemory(session, NOW)
            memory.reopen_story(StoryId(90 + story), None, ())
            memory.send({ArticleId(story): StoryId(90 + story)})
            memory.rearrange([])
    assert archive.ingest([folder]).articles_new == 0
    settled = state(database)
    archive.regroup()
    assert state(database) == settled
    assert {1, 2, 3, 4, 5, 6} in stories(archive).values()


@pytest.mark.usefixtures("grown")
def test_the_newest_stories_are_the_newest_afterwards(archive: Archive, tmp_path: Path) -> None:
    for nth, text in enumerate((TEXTS[0], TEXTS[9], article(12), TEXTS[1])):
        archive.ingest([write(tmp_path / str(nth), a_txt=text)])
    before = [row.id for row in archive.stories(page=1, page_size=9).rows]
    archive.regroup()
    assert [row.id for row in archive.stories(page=1, page_size=9).rows] == before == [1, 3, 2]


@pytest.mark.usefixtures("grown")
def test_what_is_decided_while_it_runs_stays(archive: Archive, database: Database, tmp_path: Path) -> None:
    folder = write(tmp_path / "in", **{f"n{nth}_txt": text for nth, text in enumerate(TEXTS)})
    archive.ingest([folder])
    one, other = StoryId(90), StoryId(91)
    with database.write() as session:  # as though a worse rule had grouped them
        memory = StoryMemory(session, NOW)
        for story, inside in ((one, (1, 2, 3, 7)), (other, (4, 5, 6, 8, 9, 10))):
            memory.reopen_story(story, None, ())
            memory.send(dict.fromkeys(map(ArticleId, inside), story))
        memory.rearrange([])
        outbox.note(session, set(map(ArticleId, range(1, 11))))
    assert stories(archive) == {90: {1, 2, 3, 7}, 91: {4, 5, 6, 8, 9, 10}}

    def deciding(what: str, done: int, total: int | None) -> None:
        if what == "writing stories":
            decide(archive, Action.SPLIT_OFF, one, articles=(2,))
            archive.decide(Ask(action=Action.WITHDRAW, article=ArticleId(1)), WHY)
            archive.ingest([write(tmp_path / "more", x_txt=article(30))])

    archive.regroup(progress=deciding)
    check_sums(database)
    assert archive.check().holds
    left = [{2}, {3, 7}, {4, 5, 6}, {8, 9}, {10}, {11}]
    assert sorted(stories(archive).values(), key=min) == left
    archive.regroup()
    assert sorted(stories(archive).values(), key=min) == left
    check_sums(database)


@pytest.mark.usefixtures("grown")
def test_what_goes_out_of_sight_while_articles_are_weighed_is_left_out(
    archive: Archive, database: Database, tmp_path: Path
) -> None:
    archive.ingest([write(tmp_path / "in", **{f"n{nth}_txt": text for nth, text in enumerate(TEXTS)})])

    def deciding(what: str, done: int, total: int | None) -> None:
        if what == "weighing articles":
            archive.decide(Ask(action=Action.WITHDRAW, article=ArticleId(5)), WHY)
            archive.decide(Ask(action=Action.ERASE, article=ArticleId(6)), WHY)

    assert archive.regroup(progress=deciding).articles == 10
    assert archive.totals().articles == 8
    check_sums(database)
    assert archive.check().holds


@pytest.mark.usefixtures("grown")
def test_articles_are_read_again_where_there_are_more_than_it_holds(
    archive: Archive, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = {f"n{nth}_txt": text for nth, text in enumerate(TEXTS)} | pairs_of_copies(2)
    archive.ingest([write(tmp_path / "in", **texts)])
    archive.regroup()
    expected = state(database)
    monkeypatch.setattr(shelf, "_MOST_READ", 2)
    archive.regroup()
    assert state(database) == expected
    assert archive.check().holds
