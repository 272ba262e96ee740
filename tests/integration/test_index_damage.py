"""An archive whose index was damaged: `check` sees it, and `check --repair` and `reindex` mend it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.archive import Archive, open_archive
from app.domain.delivery import IndexState
from app.errors import IndexUnavailableError
from app.web.app import create_app
from tests.entries import generation, keep_seals
from tests.factories import article, make_settings, write
from tests.serving import served

KINDS = ("_stored.col", "row.col", "pst", "trm", "toc")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of an archive of three articles that all hold the word "affair"."""
    folder = tmp_path_factory.mktemp("made")
    with open_archive(make_settings(folder / "home")) as archive:
        archive.ingest([write(folder / "in", **{f"a{n}_txt": article(n) for n in range(3)})])
    return folder / "home"


@pytest.fixture
def damaged(request: pytest.FixtureRequest, made: Path, home: Path) -> Iterator[Archive]:
    """The archive, one file of its index zeroed in place, as a failing disk would do it: nothing but bytes differ."""
    shutil.copytree(made, home)
    (file,) = generation(home / "index").glob(f"*.{request.param}")
    file.write_bytes(bytes(file.stat().st_size))
    keep_seals(home / "index")
    with open_archive(make_settings(home)) as archive:
        yield archive


def in_whole(archive: Archive) -> bool:
    return archive.check().holds and archive.search("affair").total == 3


@pytest.mark.parametrize("damaged", KINDS, indirect=True)
def test_checking_sees_zeros_and_repairing_mends_them(damaged: Archive) -> None:
    agreement = damaged.check()
    assert not agreement.holds
    assert "not as it was written" in str(agreement.unavailable)
    with pytest.raises(IndexUnavailableError):
        damaged.search("affair")
    assert damaged.repair().holds
    assert in_whole(damaged)


@pytest.mark.parametrize("damaged", KINDS, indirect=True)
def test_repairing_and_rebuilding_mend_what_nobody_has_checked(damaged: Archive, home: Path) -> None:
    assert damaged.repair().holds
    assert in_whole(damaged)
    (home / "index" / "CURRENT").unlink()
    assert damaged.reindex() == 3
    assert in_whole(damaged)


@pytest.mark.parametrize("damaged", ["row.col"], indirect=True)
def test_serving_reads_the_index_whole_at_its_start(damaged: Archive) -> None:
    with served(create_app(damaged)) as client:
        answers = (client.get("/api/v1/search?q=affair") for _ in range(200))
        refused = next(answer for answer in answers if answer.status_code != 200)
        assert refused.status_code == 503
        assert "reindex" in refused.json()["detail"]
        assert damaged.reindex() == 3
        assert client.get("/api/v1/search?q=affair").json()["total"] == 3


@pytest.mark.parametrize("damaged", ["pst"], indirect=True)
def test_what_arrives_waits_until_a_damaged_index_is_mended(damaged: Archive, tmp_path: Path) -> None:
    damaged.verify_index()
    report = damaged.ingest([write(tmp_path / "more", b_txt=article(9))])
    assert report.index is IndexState.BEHIND
    assert damaged.repair().holds
    assert damaged.search("affair").total == 4
