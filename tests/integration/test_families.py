"""Families in the archive, on random texts that share paragraphs: whatever was stored can be derived anew."""

import random
from collections import defaultdict
from pathlib import Path

import pytest
from sqlalchemy import select

from app.archive import Archive, open_archive
from app.domain.article import ArticleId
from app.domain.family import families
from app.intake import Manner, Split
from app.store import repeats
from app.store.database import Database
from app.store.tables import ArticleRecord
from tests.factories import make_settings, paragraph, write


def texts(seed: int, number: int = 12) -> list[str]:
    """Texts cut out of, and mixed from, the same dozen paragraphs."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    stock = [paragraph(seed * 1000 + nth) for nth in range(12)]
    made = []
    for nth in range(number):
        length = chance.randint(2, 6)
        start = chance.randint(0, 12 - length)
        body = stock[start : start + length] if chance.random() < 0.6 else chance.sample(stock, length)
        if chance.random() < 0.3:
            body = [*body, paragraph(seed * 1000 + 500 + nth)]
        made.append(f"Headline {seed} {nth} of it\n\n" + "\n\n".join(body))
    return made


def originals(database: Database) -> dict[int, int | None]:
    with database.read() as session:
        rows = session.execute(select(ArticleRecord.id, ArticleRecord.duplicate_of))
        return dict(rows.all())


@pytest.mark.parametrize("seed", range(6))
def test_one_batch_and_one_by_one_give_the_same_families(tmp_path: Path, seed: int) -> None:
    found = []
    for way in ("batch", "single"):
        settings = make_settings(tmp_path / way / "home")
        files = {f"f{nth:02}_txt": text for nth, text in enumerate(texts(seed))}
        folder = write(tmp_path / way / "in", **files)
        with open_archive(settings) as archive:
            for path in [folder] if way == "batch" else sorted(folder.iterdir()):
                archive.ingest([path], manner=Manner(split=Split.NEVER))
            assert archive.check().holds
        database = Database(settings.database)
        found.append(originals(database))
        with database.read() as session:
            for article, original in found[-1].items():
                members, links, _ = repeats.find_component(session, [ArticleId(article)])
                assert families(members, links).originals[ArticleId(article)] == original
        database.close()
    assert found[0] == found[1]
    assert all(found[0][original] is None for original in found[0].values() if original)


def held(database: Database) -> tuple[object, object]:
    """The families and the links of an archive, its articles named by their digests."""
    with database.read() as session:
        articles = session.execute(
            select(ArticleRecord.id, ArticleRecord.digest, ArticleRecord.duplicate_of)
        ).all()
        name = {id_: digest for id_, digest, _ in articles}
        families: dict[int, set[str]] = defaultdict(set)
        for id_, digest, original in articles:
            families[original or id_].add(digest)
        links = set()
        for id_, digest in name.items():
            for link in repeats.find_links(session, ArticleId(id_)):
                links.add((digest, name[link.article], link.kind, link.jaccard, link.containment))
    return {frozenset(family) for family in families.values()}, links


@pytest.mark.parametrize("seed", range(4))
def test_families_and_links_are_the_same_in_every_order_in_one_delivery_and_in_several(
    tmp_path: Path, seed: int
) -> None:
    written = texts(seed, number=16)
    ends = []
    for nth, deliveries in enumerate((1, 4, 16)):
        order = list(range(16))
        random.Random(seed + nth).shuffle(order)  # noqa: S311 - no secret
        settings = make_settings(tmp_path / str(nth) / "home")
        with open_archive(settings) as archive:
            for delivery in range(deliveries):
                files = {
                    f"f{place:02}_txt": written[order[place]] for place in range(delivery, 16, deliveries)
                }
                archive.ingest(
                    [write(tmp_path / str(nth) / str(delivery), **files)], manner=Manner(split=Split.NEVER)
                )
        database = Database(settings.database)
        ends.append(held(database))
        database.close()
    assert ends[0] == ends[1] == ends[2]


def test_a_duplicate_is_in_its_originals_story_whichever_came_first(archive: Archive, tmp_path: Path) -> None:
    body = [paragraph(nth) for nth in range(8)]
    short = "An excerpt of a report\n\n" + "\n\n".join(body[3:5])
    long = "The whole of the report\n\n" + "\n\n".join(body)
    for nth, text in enumerate((short, long)):
        archive.ingest([write(tmp_path / str(nth), a_txt=text)])
    excerpt = archive.article(ArticleId(1))
    assert excerpt.duplicate_of is not None
    assert excerpt.story.id == archive.article(excerpt.duplicate_of.id).story.id
    assert archive.totals().stories == 1
