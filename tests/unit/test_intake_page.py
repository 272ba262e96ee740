"""Pages: the article without the page around it, and what the page says of it."""

from datetime import UTC, date, datetime

import pytest

from app.domain.article import Draft, Precision
from app.intake import Reading, Unreadable, read
from app.intake.decode import Decoded, decode
from app.intake.page import read_page

TODAY = date(2026, 11, 23)
PARAGRAPHS = (
    "The council of Harwick agreed late on Monday to rebuild the old bridge over the river, after two years of debate.",
    "Mayor Anna Harwell told reporters that work would begin in the spring and that it would cost nine million euros.",
    "Boats will be able to pass below it at any tide, which the harbour master has asked for since the last storm.",
)
JSON_LD = """<script type="application/ld+json">{"@context": "https://schema.org", "@graph": [{"@type": "WebSite",
"name": "x"}, {"@type": "NewsArticle", "headline": "Council agrees to rebuild bridge", "author": [{"name": "Jane Doe"},
{"name": "Tom Reed"}], "datePublished": "2025-10-21T09:30:00+02:00", "articleSection": "Local"}]}</script>"""


def page(head: str = "", before: str = "", paragraphs: tuple[str, ...] = PARAGRAPHS) -> bytes:
    """A page with a navigation, an article and a foot."""
    body = "\n".join(f"<p>{each}</p>" for each in paragraphs)
    return f"""<!doctype html>
<html lang="en"><head><title>Council agrees to rebuild bridge | Harwick Post</title>{head}</head>
<body><nav><a href="/">Home</a> <a href="/sport">Sport</a></nav>
<article><h1>Council agrees to rebuild bridge</h1>{before}
{body}</article>
<footer><p>All rights reserved. Subscribe to our newsletter.</p></footer></body></html>""".encode()


def only(content: bytes) -> Draft:
    found = read(content, today=TODAY)
    assert isinstance(found, Reading), found
    assert found.notices[0] == "It was read as an HTML page."
    return found.drafts[0]


def test_the_text_is_the_article_without_the_page_around_it() -> None:
    draft = only(page())
    assert draft.body_text == "\n\n".join(PARAGRAPHS)
    assert draft.headline == "Council agrees to rebuild bridge"
    assert (draft.first_line, draft.last_line, draft.language) == (1, 8, "en")


def test_json_ld_tells_who_wrote_it_when_and_where_it_stood() -> None:
    draft = only(page(JSON_LD))
    assert (draft.byline, draft.section) == ("Jane Doe, Tom Reed", "Local")
    assert draft.published.at == datetime(2025, 10, 21, 7, 30, tzinfo=UTC)
    assert (draft.published.precision, draft.published.found_in) == (
        Precision.SECOND,
        "JSON-LD datePublished",
    )


def test_meta_elements_tell_it_too() -> None:
    head = """<meta property="og:site_name" content="Harwick Post"><meta name="author" content="Jane Doe">
    <meta property="article:published_time" content="2025-10-21"><meta property="article:section" content="Local">
    <link rel="canonical" href="https://www.harwick.example/bridge?utm_source=x">"""
    draft = only(page(head))
    assert (draft.source, draft.domain, draft.section) == ("Harwick Post", "harwick.example", "Local")
    assert draft.url == "https://www.harwick.example/bridge"
    assert draft.published.at == datetime(2025, 10, 21, tzinfo=UTC)
    assert draft.published.precision is Precision.DAY


def test_a_date_more_than_a_day_ahead_is_left_out_and_the_article_stays() -> None:
    draft = only(page(JSON_LD.replace("2025-10-21", "2031-10-21")))
    assert draft.published.at is None


def test_a_description_is_the_deck_where_the_page_prints_it_apart() -> None:
    deck = "Work is to begin in spring"
    head = f'<meta name="description" content="{deck}">'
    assert only(page(head, f"<p class='lead'>{deck}</p>")).deck == deck
    assert only(page(head)).deck is None
    assert only(page(f'<meta name="description" content="{PARAGRAPHS[0][:60]}…">')).deck is None


def test_the_name_of_the_site_beside_the_headline_is_no_part_of_it() -> None:
    head = '<meta property="og:site_name" content="Harwick Post">'
    head += '<meta property="og:title" content="Bridge to be built | Harwick Post">'
    assert only(page(head)).headline == "Bridge to be built"


@pytest.mark.parametrize("name", ["windows-1251", "iso-8859-2", "shift_jis"])
def test_the_encoding_is_the_one_the_page_declares(name: str) -> None:
    sentence = {
        "windows-1251": "Совет города согласился в понедельник восстановить старый мост через реку, сказал мэр.",
        "iso-8859-2": "Rada města se v pondělí večer shodla, že starý most přes řeku bude znovu postaven.",
        "shift_jis": "市議会は月曜日の夜、二年にわたる議論の末、川に架かる古い橋を再建することで合意したと発表した。",
    }[name]
    content = page(f'<meta charset="{name}">', paragraphs=(sentence,) * 3).decode().encode(name)
    draft = only(content)
    assert sentence in draft.body_text


def test_the_server_outweighs_the_page_in_what_the_encoding_is() -> None:
    content = page(paragraphs=("Совет города согласился в понедельник восстановить старый мост.",) * 3)
    decoded = decode(content.decode().encode("koi8-r"), "koi8-r")
    assert isinstance(decoded, Decoded)
    found = read_page(decoded, today=TODAY)
    assert isinstance(found, Reading)
    assert "Совет города" in found.drafts[0].body_text


def test_nothing_is_run_and_nothing_but_text_comes_out() -> None:
    text = only(page(before="<script>document.write('x')</script><style>p {}</style><!-- note -->")).body_text
    assert "document" not in text
    assert "<" not in text
    assert "note" not in text


@pytest.mark.parametrize("depth", [100_000])
def test_a_page_nested_without_end_is_read_or_refused(depth: int) -> None:
    content = b"<!doctype html><html><body>" + b"<div>" * depth + PARAGRAPHS[0].encode()
    assert isinstance(read(content, today=TODAY), Reading | Unreadable)


def test_a_page_that_would_take_too_long_is_refused() -> None:
    found = read(b"<!doctype html><html><body>" + b"<p>x</p>" * 1_000_000, today=TODAY)
    assert isinstance(found, Unreadable)
    assert "million characters" in found.reason
