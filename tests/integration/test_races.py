"""Several processes at once, and processes that are killed: the archive ends up as if they had come one by one."""

import multiprocessing
import signal
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.archive import Archive, open_archive
from app.ingest import deliver
from app.ingest.pieces import Piece
from app.intake.files import Refused
from app.store.database import Database
from app.store.tables import ArticleRecord, Base, RepeatRecord
from tests.factories import article, make_settings, paragraph, write


def _ingest(home: Path, url: str | None, folder: Path, barrier_at: float) -> None:
    time.sleep(max(0.0, barrier_at - time.time()))
    with open_archive(make_settings(home, database_url=url)) as archive:
        archive.ingest([folder])


def _together(home: Path, url: str | None, folders: list[Path]) -> None:
    """Ingest each folder in a process of its own, all at once."""
    spawn = multiprocessing.get_context("spawn")
    at = time.time() + 2.5
    processes = [spawn.Process(target=_ingest, args=(home, url, folder, at)) for folder in folders]
    for process in processes:
        process.start()
    for process in processes:
        process.join(120)
    assert [process.exitcode for process in processes] == [0] * len(folders)


def counts(database: Database) -> dict[str, int]:
    """How many rows each table has."""
    with database.read() as session:
        return {
            name: session.scalar(select(func.count()).select_from(table)) or 0
            for name, table in Base.metadata.tables.items()
        }


def test_two_processes_on_the_same_files_end_with_each_once(
    home: Path, database_url: str | None, tmp_path: Path
) -> None:
    folder = write(tmp_path / "in", **{f"f{nth}_txt": article(nth) for nth in range(8)})
    _together(home, database_url, [folder, folder])
    with open_archive(make_settings(home, database_url=database_url)) as archive:
        assert archive.check().holds
        assert archive.totals().articles == 8
        database = Database(make_settings(home, database_url=database_url).database)
        held = counts(database)
        archive.ingest([folder])
        again = counts(database)
        database.close()
    assert (held["article"], held["sighting"], held["capture"], held["reading"]) == (8, 8, 8, 8)
    changed = {name for name in held if held[name] != again[name]}
    assert changed == {"delivery", "item"}  # the log, and nothing else


def test_two_processes_on_two_halves_of_a_family_find_it(
    home: Path, database_url: str | None, tmp_path: Path
) -> None:
    body = [paragraph(nth) for nth in range(8)]

    def variant(nth: int) -> str:
        return f"Headline {nth} of the family\n\n" + "\n\n".join([*body[:7], paragraph(1000 + nth)])

    halves = [
        write(tmp_path / side, **{f"f{nth}_txt": variant(nth) for nth in numbers})
        for side, numbers in (("left", range(4)), ("right", range(4, 8)))
    ]
    _together(home, database_url, halves)
    with open_archive(make_settings(home, database_url=database_url)) as archive:
        held = archive.totals()
        assert (held.articles, held.originals, held.stories) == (8, 1, 1)
    # Every text is linked to every other, whichever process brought it: what one process ends with, whatever the order.
    assert len(links(home, database_url)) == 28
    alone = tmp_path / "alone"
    with open_archive(make_settings(alone)) as archive:
        archive.ingest(halves[::-1])
    assert links(home, database_url) == links(alone, None)
    assert grouped(home, database_url) == grouped(alone, None)


def test_two_processes_on_articles_of_one_sentence_group_them_as_one_does(
    home: Path, database_url: str | None, tmp_path: Path
) -> None:
    sentences = [paragraph(nth, sentences=1) for nth in range(6)]
    near = [f"{each[:-1]}, they said." for each in sentences[:3]]
    halves = [
        write(tmp_path / side, **{f"f{nth}_txt": f"{each}\n" for nth, each in enumerate(texts)})
        for side, texts in (("left", sentences), ("right", near))
    ]
    _together(home, database_url, halves)
    alone = tmp_path / "alone"
    with open_archive(make_settings(alone)) as archive:
        archive.ingest(halves[::-1])
        held = archive.totals()
        assert (held.articles, held.originals) == (9, 6)
        assert archive.check().holds
    assert links(home, database_url) == links(alone, None)
    assert grouped(home, database_url) == grouped(alone, None)


def grouped(home: Path, url: str | None) -> tuple[set[frozenset[str]], set[frozenset[str]]]:
    """The families and the stories of an archive, each as the digests of its articles."""
    database = Database(make_settings(home, database_url=url).database)
    families: dict[int, set[str]] = defaultdict(set)
    stories: dict[int | None, set[str]] = defaultdict(set)
    with database.read() as session:
        rows = select(
            ArticleRecord.id, ArticleRecord.digest, ArticleRecord.duplicate_of, ArticleRecord.story_id
        )
        for article_id, digest, original, story in session.execute(rows):
            families[original or article_id].add(digest)
            stories[story].add(digest)
    database.close()
    return set(map(frozenset, families.values())), set(map(frozenset, stories.values()))


def links(home: Path, url: str | None) -> set[tuple[str, str, str, float]]:
    """The links of an archive, its articles named by their digests."""
    database = Database(make_settings(home, database_url=url).database)
    with database.read() as session:
        digest = dict(session.execute(select(ArticleRecord.id, ArticleRecord.digest)).all())
        found = {
            (min(pair), max(pair), link.kind, link.jaccard)
            for link in session.scalars(select(RepeatRecord))
            for pair in [(digest[link.article_id], digest[link.other_id])]
        }
    database.close()
    return found


_KILLED = """
import sys
from pathlib import Path
from app.archive import open_archive
from tests.factories import make_settings
print("ready", flush=True)
with open_archive(make_settings(Path(sys.argv[1]))) as archive:
    archive.ingest([Path(sys.argv[2])])
print("done", flush=True)
"""


@pytest.mark.parametrize("after_s", [0.15, 0.4, 0.8, 1.3])
def test_an_ingest_that_is_killed_is_finished_by_running_it_again(
    home: Path, tmp_path: Path, after_s: float
) -> None:
    folder = write(tmp_path / "in", **{f"f{nth:03}_txt": article(nth, paragraphs=3) for nth in range(250)})
    with subprocess.Popen(
        [sys.executable, "-c", _KILLED, str(home), str(folder)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(after_s)
        process.send_signal(signal.SIGKILL)
    with open_archive(make_settings(home)) as archive:
        archive.ingest([folder])
        assert archive.totals().articles == 250
        archive.catch_up()
        assert archive.check().holds
        sightings = [
            archive.article(row.article).sightings for row in archive.ingest([folder]).items if row.article
        ]
        assert {len(seen) for seen in sightings} == {1}


def test_a_fresh_home_is_made_once_by_many_processes(
    home: Path, database_url: str | None, tmp_path: Path
) -> None:
    empty = write(tmp_path / "in", a_txt=article(1))
    _together(home, database_url, [empty] * 4)
    with open_archive(make_settings(home, database_url=database_url)) as archive:
        assert archive.totals().articles == 1


def test_an_index_written_by_another_process_is_searched_at_once(
    archive: Archive, home: Path, tmp_path: Path
) -> None:
    assert archive.search("zebrafish").total == 0
    text = article(5).replace("The", "The zebrafish", 1)
    url = archive.settings.database_url
    _together(home, url, [write(tmp_path / "in", a_txt=text)])
    assert archive.search("zebrafish").total == 1


def test_a_file_that_another_process_finishes_meanwhile_is_reported_once(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dump = "\n\x0c\n".join(article(nth, paragraphs=2) for nth in range(430))
    folder = write(tmp_path / "in", a_txt=dump)
    gathered = deliver._batches
    settings = make_settings(home)

    def overtaken(read: Iterator[Piece | Refused]) -> Iterator[list[Piece | Refused]]:
        batches = list(gathered(read))
        monkeypatch.undo()
        with open_archive(settings) as other:
            assert len(other.ingest([folder]).items) == 430
        yield from batches

    monkeypatch.setattr(deliver, "_batches", overtaken)
    with open_archive(settings) as archive:
        report = archive.ingest([folder])
        assert (report.drafts, report.sightings_new) == (430, 0)
        assert len({each.article for each in report.items}) == 430
        assert archive.totals().articles == 430
