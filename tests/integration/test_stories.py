"""Stories in the archive: grouped, mended whatever the order of arrival, merged without losing an id."""

import random
from pathlib import Path

import pytest
from sqlalchemy import select

from app.archive import Archive, open_archive
from app.cli.main import samples_folder
from app.domain.article import ArticleId, StoryId
from app.domain.profile import Profile
from app.store.database import Database
from app.store.tables import AliasRecord, ArticleRecord, StoryRecord
from app.web.app import create_app
from tests.factories import make_settings, words, write
from tests.serving import served

FERRY = ("02", "03", "04", "05", "06")


def grouping(archive: Archive, database: Database) -> set[frozenset[str]]:
    """The stories as sets of digests, so that two archives can be compared."""
    with database.read() as session:
        rows = session.execute(select(ArticleRecord.story_id, ArticleRecord.digest)).all()
    return {frozenset(digest for story, digest in rows if story == one) for one, _ in rows}


def check_sums(database: Database) -> None:
    """What a story says of itself must be what its articles say."""
    with database.read() as session:
        for story in session.scalars(select(StoryRecord)):
            days = session.scalars(
                select(ArticleRecord.published).where(ArticleRecord.story_id == story.id)
            ).all()
            dated = sorted(day.date() for day in days if day)
            assert story.size == len(days) == Profile.from_bytes(story.profile).size
            assert (story.first_day, story.last_day) == ((dated[0], dated[-1]) if dated else (None, None))
            assert story.headline


@pytest.mark.usefixtures("grown")
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_samples_make_the_same_stories_in_any_order_one_by_one(tmp_path: Path, seed: int) -> None:
    files = sorted(samples_folder().glob("*.txt"))[1:]  # the dump is one file and cannot be shuffled
    groupings: list[set[frozenset[str]]] = []
    for order in (files, random.Random(seed).sample(files, len(files))):  # noqa: S311 - no secret
        settings = make_settings(tmp_path / f"home{len(groupings)}")
        with open_archive(settings) as archive:
            for path in order:
                archive.ingest([path])
            database = Database(settings.database)
            check_sums(database)
            assert archive.check().holds
            groupings.append(grouping(archive, database))
            database.close()
    assert groupings[0] == groupings[1]


def test_a_merged_story_lives_on_under_its_old_address(
    archive: Archive, database: Database, tmp_path: Path
) -> None:
    first, second = (path.read_bytes() for path in sorted(samples_folder().glob("*.txt"))[1:3])
    ids = [
        archive.ingest([write(tmp_path / str(nth), a_txt=text)]).items[0].story
        for nth, text in enumerate((first, second))
    ]
    assert ids[0] == ids[1]
    assert ids[0] is not None
    with database.write() as session:
        session.add(AliasRecord(story_id=999, into_id=ids[0]))
    assert archive.story(StoryId(999)).id == ids[0]
    with served(create_app(archive)) as client:
        for prefix in ("/api/v1", ""):
            answer = client.get(f"{prefix}/stories/999")
            assert (answer.status_code, answer.headers["location"]) == (307, f"{prefix}/stories/{ids[0]}")


def test_a_duplicate_stays_in_the_story_of_its_original(archive: Archive) -> None:
    archive.ingest([samples_folder()])
    seen = 0
    for number in range(1, archive.totals().articles + 1):
        view = archive.article(ArticleId(number))
        if view.duplicate_of:
            seen += 1
            assert archive.article(view.duplicate_of.id).story.id == view.story.id
    assert seen >= 2


def test_a_story_whose_articles_follow_an_original_that_came_later_leads_to_theirs(
    archive: Archive, tmp_path: Path
) -> None:
    told = list(words(1, 300)) + list(words(2, 300))
    texts = (
        ("The first half", "February 1, 2024", " ".join(told[:360])),
        ("The second half", "June 2, 2024", " ".join(told[240:])),
        ("The whole of it", "January 1, 2024", " ".join(told)),
    )
    stories = []
    for nth, (headline, day, body) in enumerate(texts):
        text = f"{headline}\n\nBy Ada Marsh\n\n{day}\n\n{body}.\n"
        stories.append(archive.ingest([write(tmp_path / str(nth), a_txt=text)]).items[0].story)
    assert stories == [1, 2, 1]
    assert [archive.article(ArticleId(number)).story.id for number in (1, 2, 3)] == [1, 1, 1]
    assert archive.story(StoryId(2)).id == 1
