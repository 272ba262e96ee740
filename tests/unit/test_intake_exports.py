"""Exports: records whose fields are mapped by name, each with its lines."""

import json
from datetime import UTC, date, datetime

import pytest

from app.intake import Manner, Reading, Unreadable, read

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


def test_half_characters_and_nuls_are_replaced_and_told() -> None:
    found = reading(
        '{"title": "Cut \\ud83d", "text": "Harwick\\u0000 votes on Monday.", "author": "\\udc00"}'
    )
    [draft] = found.drafts
    assert (draft.headline, draft.body_text) == ("Cut �", "Harwick� votes on Monday.")
    assert any("Half characters" in notice for notice in found.notices)
    assert "\ud83d" not in reason('{"\\ud83d": "no text under a name that is known"}')
    assert not any("Half" in notice for notice in reading(json.dumps(record())).notices)


@pytest.mark.parametrize("beside", [{"items": [{"name": "photo"}]}, {"meta": {"data": [{"key": "value"}]}}])
def test_an_article_that_holds_a_list_is_that_article(beside: dict[str, object]) -> None:
    assert [draft.headline for draft in reading(json.dumps(record(**beside))).drafts] == [
        "Bridge to be rebuilt"
    ]


def test_one_field_may_be_spelt_in_several_ways() -> None:
    rows = [
        {"headline": "One", "body_text": TEXT, "pub_date": "2025-10-21"},
        {"Headline": "Two", "bodyText": TEXT, "pubDate": "2025-10-22"},
    ]
    drafts = reading("\n".join(map(json.dumps, rows))).drafts
    assert [(draft.headline, draft.published.day) for draft in drafts] == [
        ("One", date(2025, 10, 21)), ("Two", date(2025, 10, 22)),
    ]  # fmt: skip
    assert reading(f"title,text,date,title\nOne,{TEXT},2025-10-21,\n").drafts[0].headline == "One"


@pytest.mark.parametrize("before", ["sep=;\n", "\n\n", "\ufeffsep=;\n"])
def test_what_stands_before_the_columns_is_passed_over(before: str) -> None:
    found = reading(f"{before}title;text;date\nOne;{TEXT};2025-10-21\n")
    [draft] = found.drafts
    assert draft.headline == "One"
    assert draft.first_line == before.count("\n") + 2


def test_quotation_marks_in_a_table_with_tabs_are_text() -> None:
    rows = [f'{n}" pipes\t{TEXT} "Now\t2025-10-21' for n in range(3)]
    drafts = reading("\n".join(["title\ttext\tdate", '"Odd\t' + f"{TEXT}\t2025-10-21", *rows])).drafts
    assert [draft.headline for draft in drafts] == ['"Odd', '0" pipes', '1" pipes', '2" pipes']


def test_empty_cells_at_the_end_and_backslashes_are_read() -> None:
    assert len(reading(f"title,text,date\nOne,{TEXT},2025-10-21,\nTwo,{TEXT},2025-10-22,,\n").drafts) == 2
    escaped = reading(f'title,text,date\n"He said \\"no\\" to it","{TEXT}","2025-10-21"\n')
    assert escaped.drafts[0].headline == 'He said "no" to it'
    doubled = reading(f'title,text,date\n"He said ""no"" to \\it","{TEXT}","2025-10-21"\n')
    assert doubled.drafts[0].headline == 'He said "no" to \\it'


@pytest.mark.parametrize(
    "content",
    [f"title,story one,date\nOne,{TEXT},2025-10-21\n", json.dumps([{"title": "One", "rumpf": TEXT}])],
)
def test_a_column_that_is_named_and_not_there_is_told(content: str) -> None:
    found = read(content.encode(), manner=Manner(columns=(("body_text", "Rumf"),)), today=TODAY)
    assert isinstance(found, Unreadable)
    assert "no column 'Rumf'" in found.reason
    assert "'title'" in found.reason


@pytest.mark.parametrize(
    ("content", "refused"),
    [
        ("oops\n" + "\n".join(json.dumps(record()) for _ in range(2)), 1),
        (f"[null, {json.dumps(record())}, {json.dumps(record())}]", 1),
        (json.dumps({"@graph": [{"@type": "Organization", "name": "Post"}, record(), record()]}), 1),
        (json.dumps(record(), indent=1) + "\n" + json.dumps(record(), indent=1) + "\n", 0),
    ],
)
def test_json_that_is_out_of_the_ordinary_is_read_all_the_same(content: str, refused: int) -> None:
    found = reading(content)
    assert [draft.body_text for draft in found.drafts] == [TEXT, TEXT]
    assert len(found.refused) == refused


def test_text_that_begins_like_json_is_text() -> None:
    assert reading("{ the bridge } was rebuilt in spring, said the council of Harwick.\n\n" + TEXT).lines


def test_addresses_are_compared_without_what_only_counts_visitors() -> None:
    urls = [
        reading(json.dumps(record(url=url))).drafts[0].url
        for url in ("https://a.example/x?b=2&a=1&utm_source=rss", "https://a.example/x?a=1&b=2")
    ]
    assert urls[0] == urls[1]
    named = record(mainEntityOfPage={"@id": "https://a.example/x"})
    assert reading(json.dumps(named)).drafts[0].url == "https://a.example/x"
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "home_page_url": "https://a.example/",
        "title": "A",
    }
    listed = reading(json.dumps({**feed, "items": [{"id": "1", "url": "/93", "content_text": TEXT}]}))
    assert listed.drafts[0].url == "https://a.example/93"


@pytest.mark.parametrize(
    ("told", "day"),
    [
        (1612011200000000, date(2021, 1, 30)),
        ("1612011200000.5", date(2021, 1, 30)),
        ("16.10.2025", date(2025, 10, 16)),
        ("16/10/2025", date(2025, 10, 16)),
        ("10/16/2025", date(2025, 10, 16)),
        ("161201120000000000", None),
        ("03/04/2025", None),
    ],
)
def test_dates_are_read_as_they_are_written_or_not_at_all(told: object, day: date | None) -> None:
    assert reading(json.dumps(record(date=told))).drafts[0].published.day == day


def test_a_language_is_a_code_or_none() -> None:
    short = "¿Por?"
    assert reading(json.dumps(record(text=short, language="Spanish"))).drafts[0].language is None
    assert reading(json.dumps(record(text=short, language="es-MX"))).drafts[0].language == "es"


def test_inline_tags_and_addresses_part_no_paragraphs_and_entities_are_read() -> None:
    told = "First <em>line</em> here.\n\nMarks &amp; Co said it&#8217;s done, write to <a.b@c.example>.\n\nThird."
    assert reading(json.dumps(record(text=told))).drafts[0].body_text == (
        "First line here.\n\nMarks & Co said it’s done, write to <a.b@c.example>.\n\nThird."
    )


def test_values_in_values_and_odd_addresses_are_no_trouble() -> None:
    deep: object = "x"
    for _ in range(600):
        deep = [deep]
    assert reading(json.dumps(record(title=deep))).drafts[0].headline is None
    odd = {"version": "https://jsonfeed.org/version/1.1", "home_page_url": "https://a.example/", "title": "A"}
    found = reading(json.dumps({**odd, "items": [{"url": "//[oops", "content_text": TEXT}]}))
    assert found.drafts[0].url is None
    several = record(url=["https://a.example/b", "https://c.example/d"])
    assert reading(json.dumps(several)).drafts[0].url == "https://a.example/b"


def test_addresses_and_names_are_bounded_in_bytes() -> None:
    assert reading(json.dumps(record(url="https://a.example/" + "橋" * 900))).drafts[0].url is None
    assert reading(json.dumps(record(uri="urn:" + "橋" * 900))).drafts[0].name is None


def test_a_damaged_list_with_an_empty_object_on_a_line_keeps_its_articles() -> None:
    text = f'[\n{{"title": "One",\n "text": "{TEXT}"}},\n{{}}\n,\n{{"title": "cut'
    found = reading(text)
    assert [draft.headline for draft in found.drafts] == ["One"]


def test_pieces_of_html_give_their_text_and_nothing_else() -> None:
    told = "<b>Hi</b> there <script>var x=1</script> <abbr title='y'>NATO</abbr> <!-- secret --> <style>p{}</style>end"
    assert reading(json.dumps(record(text=told))).drafts[0].body_text == "Hi there NATO end"
    wrapped = "Read it <a\nhref='https://x.example'>here now</a>, they said."
    assert reading(json.dumps(record(text=wrapped))).drafts[0].body_text == "Read it here now, they said."


def test_times_without_marks_and_without_seconds_are_read() -> None:
    found = reading(json.dumps(record(date="202510161430"))).drafts[0].published
    assert found.day == date(2025, 10, 16)
