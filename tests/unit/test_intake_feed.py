"""Feeds: an article per entry."""

import time
from datetime import UTC, date, datetime

from app.intake import Reading, Unreadable, read

TODAY = date(2026, 11, 23)
TEXT = "The council of Harwick agreed late on Monday to rebuild the old bridge over the river."

RSS = f"""<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>
<title>Harwick Post</title><link>https://www.harwick.example/</link><language>en-gb</language>
<item>
 <title>Bridge &amp; quay</title><link>https://www.harwick.example/bridge</link><guid>1</guid>
 <author>jane@harwick.example (Jane Doe)</author>
 <pubDate>Tue, 21 Oct 2025 11:30:00 +0200</pubDate>
 <description>Short.</description><content:encoded><![CDATA[<p>{TEXT}</p><script>x</script><p>Second.</p>]]></content:encoded>
</item>
<item><title>Only a summary</title><link>https://elsewhere.example/x</link><description>{TEXT}</description></item>
<item><title>Nothing</title></item>
</channel></rss>"""

ATOM = f"""<feed xmlns="http://www.w3.org/2005/Atom"><title>Harwick Post</title>
<entry><title type="html">A &lt;i&gt;bridge&lt;/i&gt;</title><link href="https://a.example/1"/><id>urn:1</id>
<author><name>Jane Doe</name></author><updated>2025-10-21T09:30:00Z</updated>
<content type="html">&lt;p&gt;{TEXT}&lt;/p&gt;</content></entry></feed>"""


def reading(content: str) -> Reading:
    found = read(content.encode(), today=TODAY)
    assert isinstance(found, Reading), found
    return found


def test_an_entry_is_an_article_with_its_lines() -> None:
    found = reading(RSS)
    first, second = found.drafts
    assert (first.headline, first.body_text, first.url) == (
        "Bridge & quay",
        f"{TEXT}\n\nSecond.",
        "https://www.harwick.example/bridge",
    )
    assert (first.source, first.domain, first.language) == ("Harwick Post", "harwick.example", "en")
    assert first.published.at == datetime(2025, 10, 21, 9, 30, tzinfo=UTC)
    assert [(draft.first_line, draft.last_line) for draft in found.drafts] == [(4, 9), (10, 10)]
    assert second.domain == "harwick.example"


def test_what_has_only_a_summary_or_no_text_is_told() -> None:
    found = reading(RSS)
    assert "Of 1 entries it has only a summary." in found.notices[0]
    assert [(each.first_line, each.reason) for each in found.refused] == [(11, "The entry has no text.")]


def test_atom_is_read_as_well() -> None:
    draft = reading(ATOM).drafts[0]
    assert (draft.headline, draft.byline, draft.body_text) == ("A bridge", "Jane Doe", TEXT)
    assert draft.published.at == datetime(2025, 10, 21, 9, 30, tzinfo=UTC)


def test_no_entity_leads_to_a_file() -> None:
    bomb = RSS.replace("<rss", '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss').replace(
        "Short.", "&x;"
    )
    assert "root:" not in str(read(bomb.encode(), today=TODAY))


def test_a_feed_that_is_cut_off_gives_what_stands_before() -> None:
    found = read(RSS[: RSS.index("Only a summary")].encode(), today=TODAY)
    assert isinstance(found, Reading)
    assert found.drafts[0].headline == "Bridge & quay"


def test_a_feed_without_entries_is_refused() -> None:
    found = read(b"<rss version='2.0'><channel><title>x</title></channel></rss>", today=TODAY)
    assert isinstance(found, Unreadable)
    assert "no entries" in found.reason


def test_entities_of_a_feed_are_not_resolved() -> None:
    bomb = f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;>">]>{RSS[39:]}'
    found = reading(bomb.replace("Bridge &amp; quay", "Bridge &a; &b;"))
    assert "aaaa" not in (found.drafts[0].headline or "")
    assert found.drafts[0].body_text == f"{TEXT}\n\nSecond."
    long = read(bomb.replace('"aaaa"', f'"{"a" * 6_000}"').encode(), today=TODAY)
    assert isinstance(long, Unreadable) or "aaaa" not in str(long.drafts)


def test_a_feed_of_entries_that_never_end_takes_no_long_time() -> None:
    began = time.process_time()
    read(b"<rss><channel>" + b"<item><title>x</title>" * 20_000, today=TODAY)
    assert time.process_time() - began < 20


def test_links_from_where_the_feed_stands_are_made_whole() -> None:
    relative = RSS.replace(
        "<link>https://www.harwick.example/bridge</link>", "<link>/bridge?utm_source=rss</link>"
    )
    assert reading(relative).drafts[0].url == "https://www.harwick.example/bridge"


def test_an_entry_without_an_address_is_known_by_its_name() -> None:
    atom = ATOM.replace('<link href="https://a.example/1"/>', "")
    assert reading(atom).drafts[0].url == "urn:1"


def test_a_long_comment_before_the_feed_hides_nothing() -> None:
    long = RSS.replace("?>\n", f"?>\n<!-- {'licence ' * 2_000} -->\n", 1)
    assert [draft.headline for draft in reading(long).drafts] == ["Bridge & quay", "Only a summary"]


def test_comments_hide_no_entities() -> None:
    hidden = f'<?xml version="1.0"?><!-- <rss --><!DOCTYPE rss [<!ENTITY a "{"A" * 500}">]>{RSS[39:]}'
    found = read(hidden.replace("Bridge &amp; quay", "Bridge &a;&a;").encode(), today=TODAY)
    assert "AAAA" not in str(found)


def test_comments_without_end_in_sight_take_no_long_time() -> None:
    began = time.process_time()
    for text in ("<!DOCTYPE a>" + "<!---->" * 500 + "x", "<!---->" * 5_000 + "x", "<!DOCTYPE a [" * 5_000):
        read(text.encode(), today=TODAY)
    assert time.process_time() - began < 5


def test_links_that_are_no_addresses_are_no_trouble() -> None:
    odd = RSS.replace("https://www.harwick.example/bridge", "http://[oops").replace(
        "<link>https://www.harwick.example/</link>", "<link>http://[bad</link>"
    )
    assert [draft.headline for draft in reading(odd).drafts] == ["Bridge & quay", "Only a summary"]


def test_bare_numbers_mean_something_only_in_their_feed() -> None:
    assert reading(RSS).drafts[0].name == "harwick.example 1"
