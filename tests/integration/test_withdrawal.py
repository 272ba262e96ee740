"""Articles out of sight: hidden everywhere, not revived by the same text, restored; and erased, with others left."""

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from app.archive import Archive
from app.domain.article import ArticleId
from app.domain.decision import Action, Ask, Reason
from app.domain.delivery import Outcome
from app.errors import ConflictError, NotFoundError, WithdrawnError
from app.intake.erasing import without_lines
from tests.factories import article, paragraph, write

WHY = Reason(who="Ada Marsh", why="The agency recalled it.")
SEPARATOR = "\n\x0c\n"


def decide(archive: Archive, action: Action, number: int) -> None:
    archive.decide(Ask(action=action, article=ArticleId(number)), WHY)


def original(archive: Archive, number: int) -> int | None:
    found = archive.article(ArticleId(number)).duplicate_of
    return found.id if found else None


def copies() -> dict[str, str]:
    body = "\n\n".join(paragraph(nth) for nth in range(8))
    return {
        "a_txt": f"Recalled report of the day\n\n{body}\n",
        "b_txt": f"Recalled report of the night\n\n{body}\n",
    }


def test_a_withdrawn_article_is_hidden_everywhere(archive: Archive, tmp_path: Path) -> None:
    archive.ingest([write(tmp_path / "in", **copies())])
    story = archive.article(ArticleId(1)).story.id
    decide(archive, Action.WITHDRAW, 1)
    for look in (archive.article, archive.capture):
        with pytest.raises(WithdrawnError, match="recalled it"):
            look(ArticleId(1))
    assert archive.totals().articles == 1
    assert [hit.article.id for hit in archive.search("recalled").hits] == [2]
    assert [brief.id for brief in archive.story(story).articles] == [2]
    left = archive.article(ArticleId(2))
    assert left.duplicate_of is None
    assert left.repeats == ()
    assert archive.check().holds


def test_the_same_text_does_not_revive_it(archive: Archive, tmp_path: Path) -> None:
    folder = write(tmp_path / "in", **copies())
    archive.ingest([folder])
    decide(archive, Action.WITHDRAW, 1)
    again = archive.ingest([folder])
    assert [(each.outcome, each.story is None) for each in again.items] == [
        (Outcome.WITHDRAWN, True),
        (Outcome.UNCHANGED, False),
    ]
    elsewhere = archive.ingest([write(tmp_path / "else", a_txt=copies()["a_txt"])])
    assert [each.outcome for each in elsewhere.items] == [Outcome.WITHDRAWN]
    archive.reindex()
    archive.reread(everything=True)
    assert archive.totals().articles == 1
    assert archive.check().holds


def test_a_restored_article_is_what_it_was(archive: Archive, tmp_path: Path) -> None:
    archive.ingest([write(tmp_path / "in", **copies())])
    before = [archive.article(ArticleId(number)) for number in (1, 2)]
    decide(archive, Action.WITHDRAW, 1)
    decide(archive, Action.RESTORE, 1)
    after = [archive.article(ArticleId(number)) for number in (1, 2)]
    # Its terms are weighed anew, so the story may be named after the other of two equals.
    assert [replace(each, story=before[0].story) for each in after] == before
    assert {each.story.id for each in after} == {before[0].story.id}
    assert archive.search("recalled").total == 2
    assert archive.check().holds
    with pytest.raises(ConflictError, match="nothing to restore"):
        decide(archive, Action.RESTORE, 1)


@pytest.mark.parametrize("number", [1, 2])
def test_newcomers_repeat_nothing_that_is_out_of_sight(archive: Archive, tmp_path: Path, number: int) -> None:
    archive.ingest([write(tmp_path / "in", **copies())])
    decide(archive, Action.WITHDRAW, number)
    body = copies()["a_txt"].partition("\n\n")[2]
    archive.ingest([write(tmp_path / "more", c_txt=f"Recalled report of the dawn\n\n{body}")])
    left = 3 - number
    assert [link.article.id for link in archive.article(ArticleId(3)).repeats] == [left]
    decide(archive, Action.RESTORE, number)
    for each in (1, 2, 3):
        linked = sorted(link.article.id for link in archive.article(ArticleId(each)).repeats)
        assert linked == [other for other in (1, 2, 3) if other != each]


def test_what_hung_on_a_withdrawn_original_finds_its_family_anew(archive: Archive, tmp_path: Path) -> None:
    body = [paragraph(nth) for nth in range(8)]
    texts = {
        f"f{nth}_txt": f"Form {nth} of it all\n\n" + "\n\n".join([*body, paragraph(70 + nth, 1)])
        for nth in range(3)
    }
    archive.ingest([write(tmp_path / "in", **texts)])
    decide(archive, Action.WITHDRAW, 1)
    second, third = (archive.article(ArticleId(number)).duplicate_of for number in (2, 3))
    assert second is None
    assert third is not None
    assert third.id == 2


@pytest.mark.parametrize("number", [1, 2, 3])
@pytest.mark.parametrize("action", [Action.WITHDRAW, Action.ERASE])
def test_a_ruling_is_at_rest_while_an_article_that_it_names_is_out_of_sight(
    archive: Archive, tmp_path: Path, action: Action, number: int
) -> None:
    archive.ingest([write(tmp_path / "in", **copies(), z_txt=article(9))])
    archive.decide(Ask(action=Action.REPEATS, article=ArticleId(2), other=ArticleId(3)), WHY)
    assert [original(archive, each) for each in (1, 2, 3)] == [3, 3, None]
    decide(archive, action, number)
    left = [each for each in (1, 2, 3) if each != number]
    assert [original(archive, each) for each in left] == {1: [3, None], 2: [None, None], 3: [None, 1]}[number]
    assert archive.check().holds
    if action is Action.WITHDRAW:
        decide(archive, Action.RESTORE, number)
        assert [original(archive, each) for each in (1, 2, 3)] == [3, 3, None]


def test_what_only_a_ruling_joined_parts_when_the_article_between_is_withdrawn(
    archive: Archive, tmp_path: Path
) -> None:
    archive.ingest([write(tmp_path / "first", z_txt=article(9)), write(tmp_path / "then", **copies())])
    archive.decide(Ask(action=Action.REPEATS, article=ArticleId(3), other=ArticleId(1)), WHY)
    archive.decide(Ask(action=Action.ORIGINAL, article=ArticleId(2)), WHY)
    assert [original(archive, each) for each in (1, 2, 3)] == [2, None, 2]
    decide(archive, Action.WITHDRAW, 3)
    assert [original(archive, each) for each in (1, 2)] == [None, None]
    stories = {archive.article(ArticleId(number)).story.id for number in (1, 2)}
    assert len(stories) == 2


def test_what_would_come_back_to_rulings_that_contradict_its_own_is_not_restored(
    archive: Archive, tmp_path: Path
) -> None:
    archive.ingest([write(tmp_path / "in", a_txt=article(1), b_txt=article(2), c_txt=article(3))])
    for one, other in ((1, 2), (2, 3)):
        archive.decide(Ask(action=Action.REPEATS, article=ArticleId(one), other=ArticleId(other)), WHY)
    decide(archive, Action.WITHDRAW, 2)
    archive.decide(Ask(action=Action.REPEATS, article=ArticleId(3), other=ArticleId(1)), WHY)
    with pytest.raises(ConflictError, match=r"in a circle \(decisions 1, 2, 4\). Undo one"):
        decide(archive, Action.RESTORE, 2)
    archive.undo(4, WHY)
    decide(archive, Action.RESTORE, 2)
    assert [original(archive, each) for each in (1, 2, 3)] == [3, 3, None]


def test_an_erased_text_is_gone_from_database_and_captures_and_its_neighbours_stay(
    archive: Archive, tmp_path: Path, home: Path, database_url: str | None
) -> None:
    secret, other = article(1, headline="The secret of the brown house"), article(2)
    file = secret + SEPARATOR + other
    folder = write(tmp_path / "in", a_txt=file)
    archive.ingest([folder])
    decide(archive, Action.ERASE, 1)
    with pytest.raises(WithdrawnError, match="gone for good"):
        archive.article(ArticleId(1))
    capture = archive.capture(ArticleId(2)).content.decode()
    assert capture.count("\n") == file.count("\n")
    assert "secret" not in capture
    assert all(line in capture for line in other.splitlines())
    if database_url is None:
        dump = "\n".join(sqlite3.connect(home / "archive.db").iterdump())
        assert secret.split("\n\n")[1][:60] not in dump
    with pytest.raises(WithdrawnError, match="gone for good"):
        decide(archive, Action.RESTORE, 1)
    with pytest.raises(WithdrawnError):
        decide(archive, Action.ERASE, 1)


def test_erasing_ends_a_withdrawal_which_is_not_undone_after_it(archive: Archive, tmp_path: Path) -> None:
    archive.ingest([write(tmp_path / "in", a_txt=article(1), b_txt=article(2))])
    decide(archive, Action.WITHDRAW, 1)
    decide(archive, Action.ERASE, 1)
    withdrawal = archive.decision(1)
    assert not withdrawal.in_force
    assert not withdrawal.standing
    with pytest.raises(WithdrawnError, match=r"Article 1 was erased on .* gone for good"):
        archive.undo(1, WHY)
    with pytest.raises(ConflictError, match="Article 2 is not withdrawn"):
        decide(archive, Action.RESTORE, 2)
    assert archive.decisions(page=1, page_size=9).total == 2


def test_an_erased_text_is_refused_when_it_comes_again_and_its_companions_are_taken(
    archive: Archive, tmp_path: Path
) -> None:
    secret = article(1, headline="The secret of the brown house")
    archive.ingest([write(tmp_path / "in", a_txt=secret)])
    decide(archive, Action.ERASE, 1)
    report = archive.ingest([write(tmp_path / "more", b_txt=secret + SEPARATOR + article(3))])
    assert [each.outcome for each in report.items] == [Outcome.WITHDRAWN, Outcome.NEW]
    assert [each.file for each in report.rejected] == ["b.txt"]
    assert "recalled it" in report.rejected[0].reason
    capture = archive.capture(ArticleId(2)).content.decode()
    assert "secret" not in capture
    again = archive.reread(everything=True)
    assert [note.file for note in again.notes if "erased" in note.note] == ["a.txt", "b.txt"]
    assert archive.totals().articles == 1


def test_a_file_shared_with_a_withdrawn_article_is_shown_without_its_lines(
    archive: Archive, tmp_path: Path
) -> None:
    file = article(1, headline="The secret of the brown house") + SEPARATOR + article(2)
    archive.ingest([write(tmp_path / "in", a_txt=file)])
    decide(archive, Action.WITHDRAW, 1)
    assert b"secret" not in archive.capture(ArticleId(2)).content
    decide(archive, Action.RESTORE, 1)
    assert archive.capture(ArticleId(2)).content == file.encode()


def test_nothing_can_be_decided_about_what_is_not_there(archive: Archive) -> None:
    for action in (Action.WITHDRAW, Action.RESTORE, Action.ERASE):
        with pytest.raises(NotFoundError):
            decide(archive, action, 7)


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "utf-32"]
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_are_made_blank_in_every_encoding(encoding: str, end: str) -> None:
    lines = [
        "Éine Zeile Ċ ഊ" if encoding.startswith("utf") else "Éine Zeile",
        "the second line",
        "a third one",
        "",
    ]
    blank = [lines[0], "", lines[2], ""]
    assert without_lines(end.join(lines).encode(encoding), [(2, 2)]) == end.join(blank).encode(encoding)
