"""The date of a text that is seen several times: the earliest that is told, whichever sighting came first."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time
from itertools import permutations
from pathlib import Path

import pytest
from sqlalchemy import create_engine, select, text

from app.archive import Archive, open_archive
from app.domain.article import ArticleId, Precision, Published
from app.domain.carried import CarriedAs
from app.domain.decision import Action, Ask, Reason
from app.domain.profile import Profile
from app.domain.query import Fold, Sort
from app.ingest import regroup
from app.intake import Reading, Unreadable
from app.store.database import Database
from app.store.tables import StoryRecord
from tests.factories import article, make_settings, paragraph, write
from tests.integration.conftest import Reader
from tests.integration.test_migrations import migrate_to
from tests.integration.test_stories import check_sums

TITLE, _, BODY = article(1).partition("\n\n")
LATE = {"title": TITLE, "text": BODY, "source": "Late Daily", "date": "2024-03-09"}
EARLY = LATE | {"source": "Agency", "date": "2024-03-05"}
UNDATED = {key: told for key, told in LATE.items() if key != "date"} | {"source": "Blog"}
EDITED = LATE | {"text": f"{BODY}\n\n{paragraph(77)}", "source": "Gazette", "date": "2024-03-06"}


def told(folder: Path, number: int, record: dict[str, str]) -> Path:
    return write(folder / str(number), a_json=json.dumps(record))


def where(archive: Archive) -> dict[str, tuple[str | None, str | None, bool]]:
    """By the beginning of their texts: the first source, the day, and whether it is an original."""
    found = {}
    for number in range(1, archive.totals().articles + 1):
        shown = archive.article(ArticleId(number))
        day = str(shown.published.day) if shown.published.day else None
        found[shown.body_text[-40:]] = (shown.source, day, shown.duplicate_of is None)
    return found


def test_families_and_days_are_the_same_in_every_order(tmp_path: Path) -> None:
    ends = []
    for nth, order in enumerate(permutations([LATE, EARLY, UNDATED, EDITED])):
        settings = make_settings(tmp_path / f"home{nth}")
        with open_archive(settings) as archive:
            for number, record in enumerate(order):
                archive.ingest([told(tmp_path / f"in{nth}", number, record)])
            story = archive.story(archive.article(ArticleId(1)).story.id)
            ends.append((where(archive), story.first_day, story.last_day, story.sources))
            database = Database(settings.database)
            check_sums(database)
            database.close()
            assert archive.check().holds
    assert all(end == ends[0] for end in ends)
    assert sorted(ends[0][0].values()) == [("Agency", "2024-03-05", True), ("Gazette", "2024-03-06", False)]
    assert {share.name for share in ends[0][3]} == {"Agency", "Blog", "Gazette", "Late Daily"}


def test_a_text_in_one_delivery_twice_has_the_earlier_date(archive: Archive, tmp_path: Path) -> None:
    archive.ingest([told(tmp_path, 1, LATE), told(tmp_path, 2, EARLY)])
    assert list(where(archive).values()) == [("Agency", "2024-03-05", True)]


@pytest.mark.parametrize("records", [[EARLY, LATE], [LATE, EARLY], [EARLY, UNDATED], [UNDATED, EARLY]])
def test_a_text_in_one_file_twice_gives_its_story_one_day(
    archive: Archive, database: Database, tmp_path: Path, records: list[dict[str, str]]
) -> None:
    archive.ingest([write(tmp_path / "in", a_json=json.dumps(records))])
    story = archive.story(archive.article(ArticleId(1)).story.id)
    assert story.first_day == story.last_day == date(2024, 3, 5)
    check_sums(database)


def test_grouping_anew_gives_stories_the_days_of_their_articles(
    archive: Archive, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive.ingest([told(tmp_path, 1, EARLY), told(tmp_path, 2, EDITED)])
    with database.write() as session:
        [story] = session.scalars(select(StoryRecord))
        ghost = replace(Profile.from_bytes(story.profile), days={date(2024, 6, 3): 2})
        story.profile, story.first_day, story.last_day = ghost.to_bytes(), date(2024, 6, 3), date(2024, 6, 3)
    monkeypatch.setattr(regroup, "_STEP", 1)  # its articles are weighed anew one after the other
    archive.regroup()
    check_sums(database)


def test_a_date_that_is_told_later_can_be_searched_for(archive: Archive, tmp_path: Path) -> None:
    archive.ingest([told(tmp_path, 1, UNDATED)])
    archive.ingest([told(tmp_path, 2, EARLY)])
    found = archive.search("published:2024-03-05", fold=Fold.NONE, sort=Sort.NEWEST, page=1, page_size=5)
    assert [hit.article.id for hit in found.hits] == [1]


def test_each_carrier_has_the_date_that_it_told(archive: Archive, tmp_path: Path) -> None:
    for number, record in enumerate([LATE, EARLY, UNDATED]):
        archive.ingest([told(tmp_path, number, record)])
    rows = archive.syndication(ArticleId(1), page=1, page_size=9).carriers.rows
    assert [(row.source, row.carried_as, row.late.days if row.late else None) for row in rows] == [
        ("Late Daily", CarriedAs.SAME, 4),
        ("Blog", CarriedAs.SAME, None),
    ]
    assert [seen.published.day for seen in archive.article(ArticleId(1)).sightings][2] is None


def test_what_is_out_of_sight_has_its_date_when_it_comes_back(archive: Archive, tmp_path: Path) -> None:
    why = Reason(who="Ada", why="a test")
    archive.ingest([told(tmp_path, 1, LATE)])
    archive.decide(Ask(action=Action.WITHDRAW, article=ArticleId(1)), why)
    archive.ingest([told(tmp_path, 2, EARLY)])
    archive.decide(Ask(action=Action.RESTORE, article=ArticleId(1)), why)
    assert archive.story(archive.article(ArticleId(1)).story.id).last_day == date(2024, 3, 5)
    assert list(where(archive).values()) == [("Agency", "2024-03-05", True)]
    assert archive.check().holds


@pytest.mark.parametrize("day", [date(2024, 3, 7), None])
def test_a_new_reading_can_tell_another_date(
    archive: Archive, new_rules: Callable[[Reader], None], tmp_path: Path, day: date | None
) -> None:
    archive.ingest([told(tmp_path, 1, EARLY), told(tmp_path, 2, EDITED)])
    at = datetime.combine(day, time(), tzinfo=UTC) if day else None

    def newer(content: bytes, read: Reading | Unreadable) -> Reading | Unreadable:
        assert isinstance(read, Reading)
        if b"Agency" not in content:
            return read
        dated = Published(at=at, precision=Precision.DAY if at else None)
        return replace(read, drafts=tuple(replace(draft, published=dated) for draft in read.drafts))

    new_rules(newer)
    archive.reread(everything=False)
    assert sorted(where(archive).values(), key=str) == [
        ("Agency", str(day) if day else None, False),
        ("Gazette", "2024-03-06", True),
    ]
    assert archive.check().holds


def test_an_archive_of_before_gives_its_dates_to_the_first_sightings_and_finds_the_others_again(
    home: Path, database_url: str | None, tmp_path: Path
) -> None:
    settings = make_settings(home, database_url=database_url)
    with open_archive(settings) as archive:
        archive.ingest([told(tmp_path, 1, LATE)])
        archive.ingest([told(tmp_path, 2, EARLY)])
    engine = create_engine(settings.database)
    with engine.begin() as connection:
        connection.execute(text("UPDATE article SET published = '2024-03-09 00:00:00+00:00'"))
        migrate_to("0018", connection)
    engine.dispose()
    with open_archive(settings) as archive:
        sightings = archive.article(ArticleId(1)).sightings
        assert [seen.published.day for seen in sightings] == [date(2024, 3, 9), None]
        archive.reread(everything=True)
        assert list(where(archive).values()) == [("Agency", "2024-03-05", True)]
