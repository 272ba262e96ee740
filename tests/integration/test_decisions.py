"""What people decide about duplicates and what is seen: carried out, remembered whatever comes, and undone."""

from pathlib import Path

import pytest

from app.archive import Archive
from app.domain.article import ArticleId
from app.domain.decision import Action, Ask, Reason
from app.errors import ConflictError, NotFoundError, ParameterError
from tests.factories import article, paragraph, write

WHY = Reason(who="Ada Marsh", why="I know both texts.")


def variants(number: int) -> dict[str, str]:
    """One text in so many near copies, the first received first."""
    body = [paragraph(nth) for nth in range(8)]
    texts = (
        "\n\n".join([f"A headline in form {nth}", *body, paragraph(500 + nth, 1)]) for nth in range(number)
    )
    return {f"f{nth}_txt": text for nth, text in enumerate(texts)}


def original_of(archive: Archive, number: int) -> int | None:
    found = archive.article(ArticleId(number)).duplicate_of
    return found.id if found else None


def ask(action: Action, article: int, other: int | None = None) -> Ask:
    return Ask(action=action, article=ArticleId(article), other=ArticleId(other) if other else None)


@pytest.fixture
def folder(archive: Archive, tmp_path: Path) -> Path:
    """Articles 1, 2 and 3 repeat each other; article 4 is another text."""
    given = write(tmp_path / "in", **variants(3), z_txt=article(9))
    archive.ingest([given])
    assert [original_of(archive, number) for number in (1, 2, 3, 4)] == [None, 1, 1, None]
    return given


def test_what_was_ruled_apart_stays_apart_whatever_comes(
    archive: Archive, folder: Path, tmp_path: Path
) -> None:
    archive.decide(ask(Action.APART, 2, 1), WHY)
    assert original_of(archive, 2) is None
    assert original_of(archive, 3) == 1
    archive.ingest([folder])
    archive.reindex()
    archive.reread(everything=True)
    archive.ingest([write(tmp_path / "more", f9_txt=variants(10)["f9_txt"])])
    assert original_of(archive, 2) is None
    assert original_of(archive, 5) == 1
    assert archive.check().holds


def test_what_was_ruled_to_repeat_another_goes_with_it_and_brings_its_copies(
    archive: Archive, folder: Path
) -> None:
    archive.decide(ask(Action.REPEATS, 1, 4), WHY)
    assert [original_of(archive, number) for number in (1, 2, 3, 4)] == [4, 4, 4, None]
    assert archive.article(ArticleId(1)).story.id == archive.article(ArticleId(4)).story.id
    assert archive.search("*").total_originals == 1


def test_an_original_by_ruling_stays_so_when_an_older_text_comes(
    archive: Archive, folder: Path, tmp_path: Path
) -> None:
    archive.decide(ask(Action.ORIGINAL, 3), WHY)
    assert [original_of(archive, number) for number in (1, 2, 3)] == [3, 3, None]
    text = variants(10)["f9_txt"].replace("form 9", "form 9\n\nBy Ada Marsh\n\nOctober 1, 2020", 1)
    archive.ingest([write(tmp_path / "more", old_txt=text)])
    assert [original_of(archive, number) for number in (1, 2, 3, 5)] == [3, 3, None, 3]


def test_undoing_gives_back_what_was_there_and_is_logged(archive: Archive, folder: Path) -> None:
    first = archive.decide(ask(Action.APART, 2, 1), WHY)
    second = archive.decide(ask(Action.REPEATS, 2, 1), Reason(who="Ben", why="They are the same."))
    assert original_of(archive, 2) == 1
    archive.undo(second.id, WHY)
    assert original_of(archive, 2) is None
    archive.undo(first.id, WHY)
    assert original_of(archive, 2) == 1
    log = archive.decisions(article=ArticleId(2), page=1, page_size=10)
    assert [(each.action.value, each.who, each.in_force) for each in log.rows] == [
        ("undo", "Ada Marsh", True),
        ("undo", "Ada Marsh", True),
        ("repeats", "Ben", False),
        ("apart", "Ada Marsh", False),
    ]
    assert [each.undone_by for each in log.rows] == [None, None, 3, 4]
    with pytest.raises(ConflictError, match="undone already, by decision 4"):
        archive.undo(first.id, WHY)


def test_a_later_ruling_about_a_pair_takes_the_place_of_the_earlier(archive: Archive, folder: Path) -> None:
    first = archive.decide(ask(Action.APART, 1, 2), WHY)
    archive.decide(ask(Action.REPEATS, 2, 1), WHY)
    assert original_of(archive, 2) == 1
    with pytest.raises(ConflictError, match="does not hold any more"):
        archive.undo(first.id, WHY)


def test_rulings_that_contradict_each_other_are_refused_and_change_nothing(
    archive: Archive, folder: Path
) -> None:
    archive.decide(ask(Action.REPEATS, 1, 4), WHY)
    archive.decide(ask(Action.REPEATS, 2, 1), WHY)
    with pytest.raises(ConflictError, match="in a circle"):
        archive.decide(ask(Action.REPEATS, 4, 2), WHY)
    with pytest.raises(ConflictError, match="were ruled apart"):
        archive.decide(ask(Action.APART, 2, 4), WHY)
    assert archive.decisions(page=1, page_size=10).total == 2
    assert [original_of(archive, number) for number in (1, 2, 3, 4)] == [4, 4, 4, None]


def test_a_decision_says_who_why_and_what_about(archive: Archive, folder: Path) -> None:
    with pytest.raises(ParameterError, match="who is missing"):
        archive.decide(ask(Action.APART, 1, 2), Reason(who=" ", why="x"))
    with pytest.raises(ParameterError, match="other is missing"):
        archive.decide(ask(Action.APART, 1), WHY)
    with pytest.raises(ParameterError, match="itself"):
        archive.decide(ask(Action.APART, 1, 1), WHY)
    with pytest.raises(NotFoundError):
        archive.decide(ask(Action.APART, 1, 99), WHY)
