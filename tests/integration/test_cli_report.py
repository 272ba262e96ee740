"""The printed report of a delivery: a table where it fits, else a list; what a dry run says of drafts not yet filed."""

from pathlib import Path

import pytest

from app.archive import Archive, open_archive
from app.cli import report, tables, terminal
from app.cli.shapes import shape_rehearsal
from app.domain.article import ArticleId
from app.domain.delivery import DraftPlace, Outcome
from tests.factories import article, make_settings, paragraph, write

BODY = [paragraph(nth) for nth in range(9)]
WHOLE = "The whole report\n\n" + "\n\n".join(BODY)
COPY = "Another headline\n\n" + "\n\n".join([*BODY[:8], paragraph(99)])
PART = "An excerpt of it\n\n" + "\n\n".join(BODY[2:5])
LONG = "some-name-as-long-as-those-of-real-clippings-are.txt"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = write(tmp_path / "in", b_txt=WHOLE, c_txt=PART, d_txt=WHOLE + "\n\n", e_txt=article(7))
    (folder / LONG).write_text(COPY, "utf-8")
    return folder


def printed(width: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """Return what has been printed, and have what follows printed to a terminal of that width."""
    for module in (report, tables, terminal):
        monkeypatch.setattr(module.out, "_width", width)
    return capsys.readouterr().out.splitlines()


@pytest.mark.parametrize("width", [40, 50, 60])
def test_in_a_narrow_terminal_every_line_fits_and_nothing_is_cut_short(
    archive: Archive,
    folder: Path,
    width: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    made = archive.ingest([folder])
    printed(width, monkeypatch, capsys)
    report.print_report(made)
    lines = printed(width, monkeypatch, capsys)
    assert [line for line in lines if not line.startswith(" ")][:5] == [
        "b.txt",
        "c.txt",
        "d.txt",
        "e.txt",
        LONG,
    ]
    rows = [line for line in lines if line.startswith("  ")]
    assert all(len(line) <= width for line in rows)
    assert "  1–19: new, article 1, story 1" in rows
    assert "  1–7: duplicate, article 2, story 1" in rows
    assert "    part 1" in rows


def test_in_a_wide_terminal_it_is_a_table(
    archive: Archive, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    made = archive.ingest([folder])
    printed(120, monkeypatch, capsys)
    report.print_report(made)
    lines = printed(120, monkeypatch, capsys)
    assert lines[0].split() == ["file", "lines", "outcome", "article", "repeats", "story"]
    assert len(lines[1].rstrip()) <= 120
    assert "…" not in lines[2]


def test_a_dry_run_names_the_drafts_that_a_run_would_link(archive: Archive, folder: Path) -> None:
    rehearsed = {each.file: each for each in archive.rehearse([folder]).items}
    made = {each.file: each for each in archive.ingest([folder]).items}
    assert [each.outcome for each in rehearsed.values()] == [each.outcome for each in made.values()]
    whole = rehearsed["b.txt"]
    assert (whole.article, whole.duplicate_of, whole.repeats, whole.seen_in_run) == (None, None, (), None)
    assert rehearsed["d.txt"].seen_in_run == place(whole)
    firsts = {made[each.file].article: place(each) for each in rehearsed.values() if not each.seen_in_run}
    for name, real in made.items():
        told = rehearsed[name]
        assert told.duplicate_of_in_run == (firsts[real.duplicate_of] if real.duplicate_of else None)
        assert [(link.draft, link.kind, link.jaccard, link.containment) for link in told.repeats_in_run] == [
            (firsts[link.article], link.kind, link.jaccard, link.containment) for link in real.repeats
        ]


def place(each: DraftPlace | object) -> DraftPlace:
    return DraftPlace(file=each.file, first_line=each.first_line, last_line=each.last_line)  # type: ignore[union-attr]


def test_a_dry_run_leads_to_articles_where_they_are_there_and_to_drafts_where_not(
    archive: Archive, tmp_path: Path
) -> None:
    known = archive.ingest([write(tmp_path / "known", a_txt=PART)]).items[0].article
    whole, copy = archive.rehearse([write(tmp_path / "in", b_txt=WHOLE, c_txt=COPY)]).items
    assert [link.article for link in whole.repeats] == [known]
    assert [link.draft for link in whole.repeats_in_run] == [place(copy)]
    assert (copy.outcome, copy.duplicate_of, copy.duplicate_of_in_run) == (
        Outcome.DUPLICATE,
        None,
        place(whole),
    )


def test_drafts_with_the_same_name_and_lines_are_told_apart(archive: Archive, tmp_path: Path) -> None:
    first, second = (write(tmp_path / name, a_txt=WHOLE) for name in ("one", "two"))
    items = archive.rehearse([first, second]).items
    assert [each.seen_in_run is not None for each in items] == [False, True]


def test_the_json_of_a_dry_run_has_the_drafts_and_that_of_a_run_has_not(home: Path, folder: Path) -> None:
    with open_archive(make_settings(home)) as archive:
        told = shape_rehearsal(archive.rehearse([folder])).model_dump(mode="json")
    whole, part, again, alone, copy = told["items"]
    assert told["delivery"] is None
    assert again["seen_in_run"] == {key: whole[key] for key in ("file", "first_line", "last_line")}
    assert part["repeats"] == []
    assert {each["file"]: each["kind"] for each in part["repeats_in_run"]} == {"b.txt": "part", LONG: "part"}
    assert set(part["repeats_in_run"][0]) == {
        "file",
        "first_line",
        "last_line",
        "kind",
        "jaccard",
        "containment",
    }
    assert part["duplicate_of_in_run"] == again["seen_in_run"]
    assert (alone["seen_in_run"], alone["duplicate_of_in_run"], alone["repeats_in_run"]) == (None, None, [])
    assert copy["story"] is None


def test_a_dry_run_is_printed_with_the_drafts(
    archive: Archive, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    rehearsed = archive.rehearse([folder])
    printed(60, monkeypatch, capsys)
    report.print_report(rehearsed)
    lines = printed(60, monkeypatch, capsys)
    assert "    same as b.txt 1–19" in lines
    assert "    part b.txt 1–19" in lines
    assert ArticleId(1) not in {each.article for each in rehearsed.items}


def test_in_a_narrow_terminal_the_rule_of_a_line_stands_below_it(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = write(tmp_path / "in", a_txt=article(1) + "\nLEAVE A REPLY\n") / "a.txt"
    printed(50, monkeypatch, capsys)
    tables.print_preview(archive.preview(file))  # type: ignore[arg-type]
    lines = printed(50, monkeypatch, capsys)
    at = next(nth for nth, line in enumerate(lines) if "LEAVE A REPLY" in line)
    assert lines[at].endswith("dropped   LEAVE A REPLY")
    assert lines[at + 1] == "       a fixed phrase of web pages"
