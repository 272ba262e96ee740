"""The help and the documentation say what the parser does: every row of the one table is tried."""

from datetime import date

import pytest

from app.domain.query import Field, Flag
from app.questions import HelpEntry, help_entries, parse
from tests.conftest import ROOT

DOCUMENT = ROOT / "docs" / "query-language.md"


def row(entry: HelpEntry) -> str:
    return f"| `{entry.write}` | {entry.meaning} | `{entry.example}` |"


@pytest.mark.parametrize("entry", help_entries(), ids=lambda entry: entry.write)
def test_every_example_can_be_asked_as_it_stands(entry: HelpEntry) -> None:
    parsed = parse(entry.example, today=date(2025, 11, 5), max_chars=2000)
    assert parsed.notices == ()
    assert " " in entry.write or entry.write in entry.example


def test_the_document_holds_the_table_and_nothing_else_as_a_table() -> None:
    written = [line for line in DOCUMENT.read_text("utf-8").splitlines() if line.startswith("| `")]
    assert written == [row(entry) for entry in help_entries()]


def test_every_field_and_flag_has_an_entry() -> None:
    told = " ".join(f"{entry.write} {entry.meaning}" for entry in help_entries())
    assert all(f"{field.value}:" in told for field in Field)
    assert all(flag.value in told for flag in Flag)
