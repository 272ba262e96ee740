"""Furniture is learnt from the archive and left out of comparison and search, and of nothing else."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import select

from app.archive import Archive, open_archive
from app.domain.article import ArticleId, SourceId
from app.domain.decision import Action, Ask, Reason
from app.domain.query import Fold
from app.ingest import furniture as job
from app.store.database import Database, Session
from app.store.furniture import set_furniture
from app.store.tables import FingerprintRecord, RepeatRecord, SourceRecord
from app.web.app import create_app
from tests.factories import make_settings, paragraph, write
from tests.integration.test_cli import Shell
from tests.integration.test_reread import check_sums
from tests.serving import served

NOTE = (
    "This live blog is kept by our newsroom in Port Ellery, which checks every report before it is printed, names its "
    "sources wherever that endangers nobody, and mends mistakes as soon as they are known. Readers who saw something "
    "themselves may write to the editors, day and night, and will be answered. What is said in letters is theirs. "
    "The newsroom is paid by its readers and by nobody else, and says so under everything that it prints, since there "
    "have been doubts, and since the court of Ellery has asked it to in the matter of the harbour and its master, "
    "of which more is to be read on the pages of the archive, free of charge and without end, whenever you like it."
)
OPENING = (
    "Every Friday this column looks back on the week in the town, its markets, quarrels and weather, and on to "
    "the next one; write to the columnist if you know better, as you usually do, and bring tea when you come."
)


def post(number: int, note: str = NOTE) -> str:
    return f"The {number}th post\n\n{paragraph(number)}\n\n{note}\n"


def posts(folder: Path, first: int, count: int, note: str = NOTE) -> Path:
    return write(folder, **{f"p{number}_txt": post(number, note) for number in range(first, first + count)})


def links(session: Session) -> set[tuple[int, int, str]]:
    return {(row.article_id, row.other_id, row.kind) for row in session.scalars(select(RepeatRecord))}


def state(database: Database) -> tuple[set[tuple[int, int, str]], set[tuple[int, int]]]:
    """Everything that was derived from texts: links and stored fingerprints."""
    with database.read() as session:
        stored = session.execute(select(FingerprintRecord.hash, FingerprintRecord.article_id))
        return links(session), {(hash_, article) for hash_, article in stored}


def total(archive: Archive, query: str) -> int:
    return archive.search(query, fold=Fold.NONE).total


def test_posts_of_a_live_blog_repeat_each_other_until_their_note_is_known(
    archive: Archive, database: Database, tmp_path: Path
) -> None:
    archive.ingest([posts(tmp_path / "in", 1, 6)], source="The Ellery")
    assert state(database)[0]
    report = archive.learn_furniture()
    assert [(each.source, len(each.furniture)) for each in report.sources] == [("The Ellery", 1)]
    assert report.articles_changed == 6
    assert state(database)[0] == set()
    for number in range(1, 7):
        view = archive.article(ArticleId(number))
        assert view.duplicate_of is None
        assert NOTE in view.body_text
        assert [(each.line, each.articles) for each in view.furniture] == [(3, 6)]
    assert len({archive.article(ArticleId(number)).story.id for number in range(1, 7)}) == 6
    assert archive.check().holds
    check_sums(database)


def test_a_weekly_column_with_the_same_opening_repeats_nothing_once_it_is_known(
    archive: Archive, database: Database, tmp_path: Path
) -> None:
    columns = {
        f"c{number}_txt": f"Week {number}\n\n{OPENING}\n\n{paragraph(number)}\n" for number in range(5)
    }
    archive.ingest([write(tmp_path / "in", **columns)], source="The Ellery")
    archive.learn_furniture()
    assert state(database)[0] == set()


def test_the_end_is_the_same_whether_articles_come_before_or_after(
    archive: Archive, database: Database, tmp_path: Path
) -> None:
    archive.ingest([posts(tmp_path / "early", 1, 5)], source="The Ellery")
    archive.learn_furniture()
    archive.ingest([posts(tmp_path / "late", 6, 3)], source="The Ellery")
    found, stored = state(database)
    assert found == set()
    assert archive.learn_furniture().articles_changed == 0
    assert state(database) == (found, stored)


def test_a_hit_is_never_found_by_furniture_alone(archive: Archive, tmp_path: Path) -> None:
    archive.ingest([posts(tmp_path / "in", 1, 5)], source="The Ellery")
    assert total(archive, '"harbour and its master"') == 5
    archive.learn_furniture()
    assert total(archive, '"harbour and its master"') == 0
    word = paragraph(1).split()[1]
    (hit,) = [each for each in archive.search(f"{word}", fold=Fold.NONE).hits if each.article.id == 1]
    assert not any("newsroom" in passage for passage in hit.highlights.passages)


def test_another_source_keeps_the_line(archive: Archive, tmp_path: Path) -> None:
    archive.ingest([posts(tmp_path / "in", 1, 5)], source="The Ellery")
    archive.ingest([posts(tmp_path / "other", 9, 1)], source="The Herald")
    archive.learn_furniture()
    assert total(archive, '"harbour and its master"') == 1
    assert archive.article(ArticleId(6)).furniture == ()


def test_a_line_that_too_few_print_now_is_compared_and_searched_again(
    archive: Archive, database: Database, tmp_path: Path
) -> None:
    archive.ingest([posts(tmp_path / "in", 1, 4)], source="The Ellery")
    before = state(database)
    archive.learn_furniture()
    reason = Reason(who="Ada", why="it was never ours")
    made = archive.decide(Ask(action=Action.WITHDRAW, article=ArticleId(4)), reason)
    assert archive.learn_furniture().articles_changed == 3
    assert total(archive, '"harbour and its master"') == 3
    archive.undo(made.id, reason)
    archive.learn_furniture()
    assert total(archive, '"harbour and its master"') == 0
    assert before[0]
    assert state(database)[0] == set()
    check_sums(database)


def test_a_copy_with_the_note_stays_a_copy(archive: Archive, tmp_path: Path) -> None:
    archive.ingest([posts(tmp_path / "in", 1, 5)], source="The Ellery")
    archive.ingest(
        [write(tmp_path / "again", a_txt=post(1).replace("1th post", "first post"))], source="The Ellery"
    )
    archive.learn_furniture()
    assert archive.article(ArticleId(6)).duplicate_of is not None


def test_a_run_that_is_broken_off_is_finished_by_the_next(
    archive: Archive, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive.ingest([posts(tmp_path / "in", 1, 6)], source="The Ellery")
    monkeypatch.setattr(job, "_STEP", 2)

    def broken(what: str, done: int, total: int | None) -> None:
        if what == "leaving furniture out" and done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        archive.learn_furniture(progress=broken)
    assert archive.learn_furniture().articles_changed == 4
    assert state(database)[0] == set()
    assert archive.check().holds


_KILLED = """
import sys
from pathlib import Path
from app.archive import open_archive
from app.ingest import furniture
from tests.factories import make_settings
furniture._STEP = 20
with open_archive(make_settings(Path(sys.argv[1]))) as archive:
    archive.learn_furniture(progress=lambda *step: print(*step, flush=True))
"""


@pytest.mark.parametrize(
    "step", ["learning furniture 0", "leaving furniture out 0 ", "leaving furniture out 20"]
)
def test_a_job_that_is_killed_is_finished_by_the_next(home: Path, tmp_path: Path, step: str) -> None:
    with open_archive(make_settings(home)) as archive:
        archive.ingest([posts(tmp_path / "in", 1, 30)], source="The Ellery")
        before = archive.rehearse_furniture().articles_changed
    with subprocess.Popen(
        [sys.executable, "-c", _KILLED, str(home)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    ) as process:
        assert process.stdout is not None
        assert any(line.startswith(step) for line in process.stdout)
        time.sleep(0.05)
        process.send_signal(signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    database = Database(make_settings(home).database)
    with open_archive(make_settings(home)) as archive:
        archive.learn_furniture()
        assert archive.rehearse_furniture().articles_changed == 0
        assert all(archive.article(ArticleId(number)).furniture for number in (1, 15, 30))
        archive.catch_up()
        assert archive.check().holds
    check_sums(database)
    assert before == 30
    assert state(database)[0] == set()
    database.close()


def test_a_line_that_is_furniture_no_more_is_shown_without_a_number_until_the_job_comes(
    archive: Archive, database: Database, tmp_path: Path
) -> None:
    archive.ingest([posts(tmp_path / "in", 1, 5)], source="The Ellery")
    archive.learn_furniture()
    with database.write() as session:  # as a job leaves it that was broken off before it came to the articles
        (source,) = session.scalars(select(SourceRecord.id))
        set_furniture(session, SourceId(source), [])
    with served(create_app(archive)) as site:
        assert site.get("/api/v1/articles/1").json()["furniture"] == [{"line": 3, "articles": None}]
        html = site.get("/articles/1", headers={"Accept": "text/html"}).text
    marked = html[html.index('<p class="furniture"') :].partition("</p>")[0]
    assert "furniture when last learnt" in marked
    archive.learn_furniture()
    assert archive.article(ArticleId(1)).furniture[0].articles == 5


def test_what_a_person_ruled_stays(archive: Archive, tmp_path: Path) -> None:
    archive.ingest([posts(tmp_path / "in", 1, 5)], source="The Ellery")
    ask = Ask(action=Action.REPEATS, article=ArticleId(2), other=ArticleId(1))
    archive.decide(ask, Reason(who="Ada", why="the second grew out of the first"))
    archive.learn_furniture()
    original = archive.article(ArticleId(2)).duplicate_of
    assert original is not None
    assert original.id == 1


def test_a_rehearsal_says_the_same_and_changes_nothing(
    archive: Archive, database: Database, tmp_path: Path
) -> None:
    archive.ingest([posts(tmp_path / "in", 1, 5)], source="The Ellery")
    before = state(database)
    rehearsed = archive.rehearse_furniture()
    assert state(database) == before
    assert rehearsed == archive.learn_furniture()


def test_page_and_api_mark_the_line(archive: Archive, tmp_path: Path) -> None:
    archive.ingest([posts(tmp_path / "in", 1, 5)], source="The Ellery")
    archive.learn_furniture()
    with served(create_app(archive)) as site:
        assert site.get("/api/v1/articles/1").json()["furniture"] == [{"line": 3, "articles": 5}]
        html = site.get("/articles/1", headers={"Accept": "text/html"}).text
    marked = html[html.index('<p class="furniture"') :].partition("</p>")[0]
    assert NOTE[:40] in marked
    assert "in 5 articles of its source" in marked


def test_the_command_tells_what_is_furniture(home: Path, tmp_path: Path) -> None:
    shell = Shell(home)
    assert "No source prints a line" in shell("furniture").stdout
    assert shell("ingest", posts(tmp_path / "in", 1, 5), "--source", "The Ellery").returncode == 0
    tried = shell("furniture", "--dry-run").stdout
    assert "1 line of 1 source; other lines than before would be left out of 5 articles." in " ".join(
        tried.split()
    )
    told = shell("furniture").stdout
    assert "5  This live blog is kept by our newsroom" in told
    assert shell.json("furniture")["articles_changed"] == 0


def test_articles_that_are_empty_after_cleaning_repeat_nothing_and_are_shown(
    archive: Archive, tmp_path: Path
) -> None:
    archive.ingest([posts(tmp_path / "in", 1, 5)], source="The Ellery")
    empty = {f"e{nth}_txt": f"Notice {nth} of the newsroom\n\n{NOTE}\n" for nth in range(2)}
    archive.ingest([write(tmp_path / "before", **empty)], source="The Ellery")
    archive.learn_furniture()
    late = write(tmp_path / "after", e_txt=f"The last notice of the newsroom\n\n{NOTE}\n")
    archive.ingest([late], source="The Ellery")
    for number in (6, 7, 8):
        view = archive.article(ArticleId(number))
        assert (view.body_text, view.repeats, view.duplicate_of) == (NOTE, (), None)
        assert [line.line for line in view.furniture] == [1]
        assert archive.compare(view.id, ArticleId(1)).link is None
    assert total(archive, "notice") == 3
    assert total(archive, "harbour") == 0
    assert archive.check().holds
