"""Furniture and the order of arrival: whatever came first, and whenever the job ran, the end is the same."""

import random
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.archive import open_archive
from app.store.database import Database
from app.store.tables import ArticleRecord, MaskRecord, RepeatRecord
from tests.factories import make_settings, paragraph, write
from tests.integration.test_furniture import NOTE, OPENING, post

ELLERY, HERALD = "The Ellery", "The Herald"


def _texts() -> list[tuple[str, str]]:
    """What two sources print: posts under one note, columns under one opening, texts that both carry, a copy, and texts
    that are hardly more than furniture."""
    columns = [(HERALD, f"Week {week}\n\n{OPENING}\n\n{paragraph(week)}\n") for week in range(20, 24)]
    return [
        *((ELLERY, post(number)) for number in range(1, 6)),
        *columns,
        (HERALD, post(1)),
        (HERALD, f"Week 30\n\n{OPENING}\n\n{paragraph(30)}\n\n{NOTE}\n"),
        (ELLERY, post(40, OPENING)),
        (ELLERY, f"Only the note here\n\n{NOTE}\n"),
        (ELLERY, post(3).replace("3th post", "third post again")),
        (HERALD, f"A note and a column\n\n{OPENING}\n\n{NOTE}\n"),
    ]


TEXTS = _texts()
Groups = frozenset[frozenset[str]]


@dataclass(frozen=True)
class End:
    """What an archive holds of texts, which are named by their digests."""

    links: frozenset[frozenset[str]]
    masks: Mapping[str, bytes]
    families: Groups
    stories: Groups


def _end(database: Database) -> End:
    families: dict[int, set[str]] = defaultdict(set)
    stories: dict[int, set[str]] = defaultdict(set)
    digests: dict[int, str] = {}
    with database.read() as session:
        for record in session.scalars(select(ArticleRecord)):
            digests[record.id] = record.digest
            families[record.duplicate_of or record.id].add(record.digest)
            stories[record.story_id or 0].add(record.digest)
        pairs = session.execute(select(RepeatRecord.article_id, RepeatRecord.other_id)).all()
        masks = {digests[record.article_id]: record.lines for record in session.scalars(select(MaskRecord))}
    return End(
        links=frozenset(frozenset((digests[one], digests[other])) for one, other in pairs),
        masks=masks,
        families=frozenset(map(frozenset, families.values())),
        stories=frozenset(map(frozenset, stories.values())),
    )


def _arrived(order: Sequence[int], learning_after: Collection[int]) -> End:
    with TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        with open_archive(make_settings(home)) as archive:
            for place, number in enumerate(order):
                source, text = TEXTS[number]
                archive.ingest([write(Path(folder) / str(place), a_txt=text)], source=source)
                if place in learning_after:
                    archive.learn_furniture()
            archive.learn_furniture()
            assert archive.learn_furniture().articles_changed == 0
            assert archive.check().holds
        database = Database(make_settings(home).database)
        try:
            return _end(database)
        finally:
            database.close()


@pytest.fixture(scope="module")
def as_printed() -> End:
    return _arrived(range(len(TEXTS)), ())


@given(seed=st.integers(0, 10_000), runs=st.integers(0, 3))
@settings(max_examples=6, deadline=None)
def test_every_order_of_two_sources_texts_ends_the_same(as_printed: End, seed: int, runs: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - no secret is made of it
    order = chance.sample(range(len(TEXTS)), len(TEXTS))
    assert _arrived(order, chance.sample(order, runs)) == as_printed


def test_the_texts_have_what_could_go_wrong(as_printed: End) -> None:
    assert as_printed.masks
    assert as_printed.links
    assert len(as_printed.families) < sum(map(len, as_printed.families))
