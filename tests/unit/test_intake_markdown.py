"""Markdown is read as the plain text it stands for, line by line."""

import time
from datetime import date

from app.intake import Reading, read
from app.intake.reading import Role
from tests.factories import paragraph

TODAY = date(2026, 11, 23)


def reading(content: str) -> Reading:
    found = read(content.encode(), today=TODAY)
    assert isinstance(found, Reading), found
    return found


def test_marks_are_taken_off_and_lines_stay_where_they_were() -> None:
    text = f"# Council votes to rebuild the bridge\n\n*By Jane Doe*\n\n{paragraph(1)}\n\n"
    text += f"## What comes next\n\n{paragraph(2)}\n"
    text += f"\n{paragraph(3)} See [the **plan**](https://h.example/plan) and ![a bridge](b.png).\n"
    [draft] = reading(text).drafts
    assert (draft.headline, draft.byline) == ("Council votes to rebuild the bridge", "Jane Doe")
    assert "What comes next" in draft.body_text
    assert draft.body_text.endswith("See the plan and a bridge.")
    assert (draft.first_line, draft.last_line) == (1, 11)


def test_front_matter_says_what_the_text_does_not_and_is_told_as_left_out() -> None:
    front = 'title: "Council votes to rebuild the bridge"\ndate: 2025-10-21\nauthor: Jane Doe\ntags: [a]'
    text = f"---\n{front}\n---\n\n{paragraph(1)}\n"
    found = reading(text)
    [draft] = found.drafts
    assert (draft.headline, draft.byline, draft.published.day) == (
        "Council votes to rebuild the bridge", "Jane Doe", date(2025, 10, 21),
    )  # fmt: skip
    assert draft.body_text == paragraph(1)
    assert [each.line for each in draft.dropped] == [1, 2, 3, 4, 5, 6]
    assert [line.role for line in found.lines[:6]] == [Role.DROPPED] * 6
    assert draft.published.found_in == "the front matter"


def test_text_without_headings_keeps_its_stars_and_lines() -> None:
    text = f"Council votes to rebuild the bridge\n\n{paragraph(1)} It got *** and 2 * 3 * 4 and [sic](!).\n"
    assert "*** and 2 * 3 * 4 and [sic](!)" in reading(text).drafts[0].body_text


def test_long_lines_of_blanks_and_marks_take_no_long_time() -> None:
    began = time.process_time()
    for line in ("# a" + " " * 20_000 + "b.", "# a" + "#" * 20_000 + "b.", "> " * 20_000, "*" * 20_000):
        reading(f"---\na: b\n---\n\n{line}\n\n{paragraph(1)}\n")
        reading(f"---\na: {' ' * 20_000}.\n---\n\n# Title of it\n\n{paragraph(1)}\n")
    assert time.process_time() - began < 10


def test_rules_between_articles_are_no_front_matter() -> None:
    first = f"Ferries stop in the storm\n\nBy Jane Doe\n\nLONDON: The ferries stopped.\n\n{paragraph(1)}"
    found = reading(f"---\n{first}\n---\nBridge to be rebuilt\n\nBy Tom Reed\n\n{paragraph(2)}\n")
    assert any(paragraph(1) in draft.body_text for draft in found.drafts)


def test_signs_within_a_line_stay() -> None:
    text = f"# Prices are rising again\n\n{paragraph(1)} It is > 5 and a -> b, if x > y.\n\n> Quoted: {paragraph(2)}\n"
    [draft] = reading(text).drafts
    assert "It is > 5 and a -> b, if x > y." in draft.body_text
    assert f"Quoted: {paragraph(2)}" in draft.body_text
    assert "> Quoted" not in draft.body_text
