"""How an engine is written: the contract of ``app.engines.port`` for writers, rebuilds and what is cut off."""

from pathlib import Path
from threading import Event, Thread

import pytest

from app.domain.article import ArticleId
from app.domain.query import Everything
from app.engines.port import Engine
from app.engines.tantivy import TantivyEngine
from app.engines.whoosh import WhooshEngine
from app.errors import IndexBusyError, IndexUnavailableError
from tests.entries import ask, entry, found, put


def drop_and_stop(engine: Engine) -> None:
    with engine.writing(timeout_s=5) as batch:
        batch.drop(ArticleId(1))
        raise InterruptedError


def rebuild_and_stop(engine: Engine) -> None:
    with engine.rebuilding(timeout_s=5) as batch:
        batch.put(entry(2, "ferry"))
        batch.commit()
        batch.put(entry(3, "ferry"))
        raise InterruptedError


def test_put_replaces_and_drop_removes_and_dropping_the_unknown_does_nothing(engine: Engine) -> None:
    put(engine, entry(1, "ferry"), entry(2, "ferry"))
    put(engine, entry(1, "bridge"))
    assert (found(engine, "ferry"), found(engine, "bridge")) == ([2], [1])
    with engine.writing(timeout_s=5) as batch:
        batch.drop(ArticleId(2))
        batch.drop(ArticleId(99))
        batch.put(entry(3, "ferry"))
        batch.put(entry(3, "tram"))
        batch.commit()
    assert (found(engine, "ferry"), found(engine, "tram")) == ([], [3])
    assert sorted(engine.stamps()) == [(1, "stamp 1 bridge"), (3, "stamp 3 tram")]


def test_nothing_is_seen_before_the_commit_and_nothing_is_kept_without_it(engine: Engine) -> None:
    put(engine, entry(1, "ferry"))
    with engine.writing(timeout_s=5) as batch:
        batch.put(entry(2, "ferry"))
        assert found(engine, "ferry") == [1]
        assert list(batch.stamps()) == [(1, "stamp 1 ferry")]
        batch.commit()
        assert set(found(engine, "ferry")) == {1, 2}
        batch.put(entry(3, "ferry"))
    assert set(found(engine, "ferry")) == {1, 2}
    with pytest.raises(InterruptedError):
        drop_and_stop(engine)
    assert set(found(engine, "ferry")) == {1, 2}


def test_a_second_writer_waits_and_then_says_so(engine: Engine) -> None:
    held, finish = Event(), Event()

    def hold() -> None:
        with engine.writing(timeout_s=5):
            held.set()
            finish.wait(10)

    thread = Thread(target=hold)
    thread.start()
    assert held.wait(10)
    with pytest.raises(IndexBusyError), engine.writing(timeout_s=0.05):
        pass
    with pytest.raises(IndexBusyError), engine.rebuilding(timeout_s=0.05):
        pass
    finish.set()
    thread.join()
    put(engine, entry(1, "ferry"))
    assert found(engine, "ferry") == [1]


def test_a_rebuild_is_seen_only_when_it_is_whole(engine: Engine) -> None:
    put(engine, entry(1, "ferry"))
    with engine.rebuilding(timeout_s=5) as batch:
        assert list(batch.stamps()) == []
        batch.put(entry(2, "ferry"))
        batch.commit()
        assert found(engine, "ferry") == [1]
    assert found(engine, "ferry") == [2]


def test_an_interrupted_rebuild_goes_on_where_it_was(engine: Engine) -> None:
    put(engine, entry(1, "ferry"))
    with pytest.raises(InterruptedError):
        rebuild_and_stop(engine)
    assert found(engine, "ferry") == [1]
    put(engine, entry(4, "ferry"))
    with engine.rebuilding(timeout_s=5) as batch:
        assert list(batch.stamps()) == [(2, "stamp 2 ferry")]
        batch.put(entry(5, "ferry"))
        batch.commit()
    assert set(found(engine, "ferry")) == {2, 5}


def test_a_wiped_index_is_unavailable_until_it_is_made_again(engine: Engine) -> None:
    put(engine, entry(1, "ferry"))
    engine.wipe()
    with pytest.raises(IndexUnavailableError, match="is missing"):
        ask(engine, "ferry")
    with pytest.raises(IndexUnavailableError):
        list(engine.stamps())
    with pytest.raises(IndexUnavailableError):
        engine.highlight(Everything(), [])
    with pytest.raises(IndexUnavailableError), engine.writing(timeout_s=1):
        pass
    engine.create()
    assert ask(engine, "*").total == 0
    put(engine, entry(1, "ferry"))
    engine.create()  # does nothing where there is an index
    assert found(engine, "ferry") == [1]


def test_a_rebuild_works_where_there_is_no_index(engine: Engine) -> None:
    engine.wipe()
    with engine.rebuilding(timeout_s=5) as batch:
        batch.put(entry(1, "ferry"))
        batch.commit()
    assert found(engine, "ferry") == [1]


@pytest.mark.parametrize("made", [WhooshEngine, TantivyEngine])
@pytest.mark.parametrize("is_begun", [True, False])
def test_an_index_that_was_cut_off_while_it_was_made_is_made_anew(
    tmp_path: Path, made: type[WhooshEngine] | type[TantivyEngine], is_begun: bool
) -> None:
    first = tmp_path / "index" / "00000001"
    first.mkdir(parents=True)
    if is_begun:
        (first / "UNFINISHED").touch()
    engine = made(tmp_path / "index")
    engine.create()
    put(engine, entry(1, "ferry"))
    assert found(engine, "ferry") == [1]


@pytest.mark.parametrize("made", [WhooshEngine, TantivyEngine])
def test_an_index_that_lost_its_pointer_is_not_made_anew(
    tmp_path: Path, made: type[WhooshEngine] | type[TantivyEngine]
) -> None:
    engine = made(tmp_path / "index")
    engine.create()
    put(engine, entry(1, "ferry"))
    (tmp_path / "index" / "CURRENT").unlink()
    again = made(tmp_path / "index")
    again.create()
    with pytest.raises(IndexUnavailableError, match="lost its pointer"):
        ask(again, "ferry")
