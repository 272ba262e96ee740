"""Exports: records whose fields are mapped by name, each with its lines."""

import json
from datetime import UTC, date, datetime

import pytest

from app.intake import Reading, Unreadable, read

TODAY = date(2026, 11, 23)
TEXT = "The council of Harwick agreed late on Monday to rebuild the old bridge over the river."


def reading(content: str) -> Reading:
    found = read(content.encode(), today=TODAY)
    assert isinstance(found, Reading), found
    return found


def reason(content: str) -> str:
    found = read(content.encode(), today=TODAY)
    assert isinstance(found, Unreadable), found
    return found.reason


def record(**fields: object) -> dict[str, object]:
    return {"title": "Bridge to be rebuilt", "text": TEXT, **fields}


def test_json_lines_give_an_article_a_line() -> None:
    found = reading("\n".join(json.dumps(record(title=f"Bridge {n}")) for n in range(3)) + "\n")
    assert [draft.headline for draft in found.drafts] == ["Bridge 0", "Bridge 1", "Bridge 2"]
    assert [(draft.first_line, draft.last_line) for draft in found.drafts] == [(1, 1), (2, 2), (3, 3)]
    assert found.notices[0] == "It was read as JSON Lines: headline from 'title', body_text from 'text'."


def test_a_broken_line_is_told_and_the_rest_are_taken() -> None:
    found = reading(f'{json.dumps(record())}\n{{"title": "cut off\n[1]\n{json.dumps(record(text=""))}\n')
    assert len(found.drafts) == 1
    assert [each.first_line for each in found.refused] == [2, 3, 4]
    assert "no JSON" in found.refused[0].reason
    assert found.refused[2].reason == "The record has no text."


@pytest.mark.parametrize(
    "wrap",
    [lambda rows: rows, lambda rows: {"status": "ok", "articles": rows}, lambda rows: {"r": {"hits": rows}}],
)
def test_a_list_of_records_is_found_wherever_it_stands_with_its_lines(wrap) -> None:  # type: ignore[no-untyped-def]
    rows = [record(title="One"), record(title="Two")]
    content = json.dumps(wrap(rows), indent=2)
    found = reading(content)
    lines = content.split("\n")
    for draft in found.drafts:
        stands = "\n".join(lines[draft.first_line - 1 : draft.last_line])
        assert json.dumps(draft.headline) in stands
        assert stands.count("title") == 1


def test_records_before_a_damage_are_taken() -> None:
    content = json.dumps({"articles": [record(title="One"), record(title="Two")]}, indent=1)
    found = reading(content[: content.index("Two")])
    assert [draft.headline for draft in found.drafts] == ["One"]
    assert "damaged" in found.refused[0].reason


@pytest.mark.parametrize(
    ("fields", "published"),
    [
        ({"publishedAt": "2025-10-21T09:30:00Z"}, datetime(2025, 10, 21, 9, 30, tzinfo=UTC)),
        ({"publish_date": "2025-10-21"}, datetime(2025, 10, 21, tzinfo=UTC)),
        ({"seendate": "20251021T093000Z"}, datetime(2025, 10, 21, 9, 30, tzinfo=UTC)),
        ({"pubDate": "Tue, 21 Oct 2025 11:30:00 +0200"}, datetime(2025, 10, 21, 9, 30, tzinfo=UTC)),
        ({"date": "21-OCT-2025 15:01:01.79"}, datetime(2025, 10, 21, tzinfo=UTC)),
        ({"timestamp": 1761039000}, datetime(2025, 10, 21, 9, 30, tzinfo=UTC)),
        ({"date": "2031-10-21"}, None),
        ({"date": "soon"}, None),
    ],
)
def test_dates_are_read_as_programs_write_them(fields: dict[str, object], published: datetime | None) -> None:
    draft = reading(json.dumps([record(**fields)])).drafts[0]
    assert (
        draft.published.at
        and draft.published.at.replace(
            hour=0 if "date" in fields else draft.published.at.hour,
            minute=0 if "date" in fields else draft.published.at.minute,
            second=0,
        )
    ) == published


def test_fields_of_the_usual_services_are_known() -> None:
    newsapi = {
        "source": {"id": None, "name": "Harwick Post"},
        "author": "Jane Doe",
        "title": "Bridge",
        "content": TEXT,
        "url": "https://www.harwick.example/b",
    }
    draft = reading(json.dumps({"status": "ok", "totalResults": 1, "articles": [newsapi]})).drafts[0]
    assert (draft.source, draft.byline, draft.url, draft.domain) == (
        "Harwick Post",
        "Jane Doe",
        newsapi["url"],
        "harwick.example",
    )
    schema = {
        "@type": "NewsArticle",
        "headline": "Bridge",
        "articleBody": TEXT,
        "author": [{"name": "Jane"}, {"name": "Tom"}],
        "articleSection": "Local",
        "inLanguage": "en-GB",
    }
    draft = reading(json.dumps(schema)).drafts[0]
    assert (draft.byline, draft.section, draft.language) == ("Jane; Tom", "Local", "en")


def test_html_in_a_field_becomes_paragraphs() -> None:
    draft = reading(
        json.dumps([record(text=f"<p>{TEXT}</p><p>Second &amp; last.</p>", title="A &quot;bridge&quot;")])
    ).drafts[0]
    assert draft.body_text == f"{TEXT}\n\nSecond & last."
    assert draft.headline == 'A "bridge"'


def test_ninjs_gives_its_main_headline_and_plainest_body() -> None:
    item = {
        "uri": "urn:x", "type": "text", "versioncreated": "2025-10-21T09:30:00Z", "pubstatus": "canceled",
        "headlines": [{"role": "main", "value": "Bridge"}, {"role": "short", "value": "B"}],
        "bodies": [{"role": "html", "value": "<p>x</p>"}, {"role": "plaintext", "value": TEXT}],
    }  # fmt: skip
    found = reading(json.dumps(item))
    assert (found.drafts[0].headline, found.drafts[0].body_text) == ("Bridge", TEXT)
    assert any("canceled" in notice and "kept" in notice for notice in found.notices)
    assert "'picture', which is not text" in reason(json.dumps({**item, "type": "picture"}))


def test_a_json_feed_is_by_its_title() -> None:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Harwick Post",
        "items": [
            {"id": "1", "url": "https://a.example/1", "title": "Bridge", "content_html": f"<p>{TEXT}</p>"}
        ],
    }
    draft = reading(json.dumps(feed)).drafts[0]
    assert (draft.source, draft.url, draft.body_text) == ("Harwick Post", "https://a.example/1", TEXT)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_a_table_gives_an_article_a_row(delimiter: str) -> None:
    rows = [
        ["Title", "Full Text", "Pub Date"],
        ["One", f'"{TEXT}\n\nA ""second"" paragraph."', "2025-10-21"],
        ["Two", TEXT, ""],
    ]
    found = reading("\n".join(delimiter.join(row) for row in rows))
    assert [(draft.first_line, draft.last_line) for draft in found.drafts] == [(2, 4), (5, 5)]
    assert found.drafts[0].body_text == f'{TEXT}\n\nA "second" paragraph.'
    assert found.drafts[0].published.day == date(2025, 10, 21)


def test_a_row_with_too_many_cells_is_told() -> None:
    found = reading(f"title,text\nOne,{TEXT}\nTwo,{TEXT},3\n")
    assert len(found.drafts) == 1
    assert found.refused[0].reason == "The row has 3 cells for 2 columns."


def test_columns_that_nobody_knows_are_told() -> None:
    told = reason('[{"kopf": "x", "rumpf": "y"}]')
    assert "no column is known to hold a text" in told
    assert "'kopf', 'rumpf'" in told


def test_prose_with_commas_is_no_table_and_prose_in_brackets_no_json() -> None:
    for text in (
        f"Monday, Tuesday, and the title of it\n\n{TEXT}",
        f"[Photo: AP]\n\n{TEXT}",
        f"{{Note}} {TEXT}",
    ):
        assert reading(text).lines
