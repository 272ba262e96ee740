"""Wire formats in XML: an article per text item."""

from datetime import UTC, date, datetime

from app.intake import Reading, Unreadable, read

TODAY = date(2026, 11, 23)
TEXT = "The council of Harwick agreed late on Monday to rebuild the old bridge over the river."

NITF = f"""<nitf><head><docdata><date.issue norm="20251021T093000Z"/></docdata></head><body>
<body.head><hedline><hl1>Bridge to be rebuilt</hl1><hl2>Work begins in spring</hl2></hedline>
<byline>By Jane Doe</byline><dateline>HARWICK, Oct 21</dateline></body.head>
<body.content><p>{TEXT}</p><p>Second.</p></body.content></body></nitf>"""


def item(kind: str, content: str, status: str = "usable") -> str:
    return f"""<newsItem><itemMeta><itemClass qcode="ninat:{kind}"/><pubStatus qcode="stat:{status}"/>
<provider literal="Harwick News Agency"/><versionCreated>2025-10-21T10:00:00Z</versionCreated></itemMeta>
<contentMeta><language tag="en-GB"/><headline>Bridge</headline><by>Tom Reed</by></contentMeta>
<contentSet>{content}</contentSet></newsItem>"""


def reading(content: str) -> Reading:
    found = read(content.encode(), today=TODAY)
    assert isinstance(found, Reading), found
    return found


def test_nitf_gives_its_parts() -> None:
    draft = reading(NITF).drafts[0]
    assert (draft.headline, draft.deck, draft.byline, draft.dateline) == (
        "Bridge to be rebuilt", "Work begins in spring", "By Jane Doe", "HARWICK, Oct 21",
    )  # fmt: skip
    assert draft.body_text == f"{TEXT}\n\nSecond."
    assert draft.published.at == datetime(2025, 10, 21, 9, 30, tzinfo=UTC)


def test_a_message_gives_its_text_items_and_tells_the_others() -> None:
    message = f"""<?xml version="1.0" encoding="UTF-8"?>
<newsMessage><itemSet>
{item("text", f'<inlineXML contenttype="application/nitf+xml">{NITF}</inlineXML>')}
{item("picture", "")}
{item("text", f"<inlineData>{TEXT}</inlineData>", "canceled")}
</itemSet></newsMessage>"""
    found = reading(message)
    first, second = found.drafts
    assert (first.headline, first.source, second.headline, second.byline) == (
        "Bridge to be rebuilt", "Harwick News Agency", "Bridge", "Tom Reed",
    )  # fmt: skip
    assert second.body_text == TEXT
    assert second.published.at == datetime(2025, 10, 21, 10, 0, tzinfo=UTC)
    assert [each.reason for each in found.refused] == [
        "The item is of the kind 'picture', which is not text."
    ]
    assert any("canceled" in notice for notice in found.notices)
    lines = message.split("\n")
    assert "newsItem" in lines[first.first_line - 1]
    assert "newsItem" in lines[second.first_line - 1]
    assert first.last_line < found.refused[0].first_line < second.first_line


def test_no_entity_is_resolved() -> None:
    bomb = '<?xml version="1.0"?><!DOCTYPE n [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + NITF.replace(
        "Second.", "&x; end"
    )
    assert "root:" not in str(reading(bomb).drafts)


def test_damaged_xml_is_refused_with_its_place() -> None:
    found = read(b"<?xml version='1.0'?>" + NITF[:200].encode(), today=TODAY)
    assert isinstance(found, Unreadable)
    assert "damaged" in found.reason


def test_links_to_other_items_are_no_address() -> None:
    told = item("text", f"<inlineData>{TEXT}</inlineData>").replace(
        "<newsItem>", '<newsItem guid="urn:newsml:h:1">'
    )
    related = told.replace(
        "</itemMeta>", '<link rel="irel:seeAlso" href="https://h.example/dossier"/></itemMeta>'
    )
    assert reading(related).drafts[0].url == "urn:newsml:h:1"
    own = told.replace("</itemMeta>", '<link rel="irel:canonical" href="https://h.example/1"/></itemMeta>')
    assert reading(own).drafts[0].url == "https://h.example/1"


def test_what_an_item_is_may_be_told_by_an_address() -> None:
    def by_uri(told: str) -> str:
        return told.replace('qcode="stat:', 'uri="http://cv.example/pubstatus/').replace(
            'qcode="ninat:', 'uri="http://cv.example/'
        )

    found = reading(by_uri(item("text", f"<inlineData>{TEXT}</inlineData>", "canceled")))
    assert found.drafts[0].status == "canceled"
    photo = read(by_uri(item("picture", f"<inlineData>{TEXT}</inlineData>")).encode(), today=TODAY)
    assert isinstance(photo, Unreadable)
    assert "'picture'" in photo.reason


def test_nitf_tells_its_paper_its_name_and_what_became_of_it() -> None:
    told = NITF.replace(
        "<docdata>",
        '<docdata management-status="canceled"><doc-id id-string="urn:nitf:7"/><du-key version="4"/>',
    )
    told = told.replace("</head>", '<pubdata name="Harwick  Post"/></head>')
    [draft] = reading(told).drafts
    assert (draft.status, draft.source, draft.url, draft.version) == (
        "canceled",
        "Harwick Post",
        "urn:nitf:7",
        4,
    )
    item_told = item("text", f"<inlineData>{TEXT}</inlineData>").replace(
        "<newsItem>", '<newsItem version="12">'
    )
    assert reading(item_told).drafts[0].version == 12


def test_half_characters_and_local_names_are_no_trouble() -> None:
    odd = f'<?xml version="1.0" encoding="utf-7"?>{item("text", f"<inlineData>Hello +2AA- {TEXT}</inlineData>")}'
    assert isinstance(read(odd.encode(), today=TODAY), Reading)
    told = NITF.replace(
        "<docdata>", '<docdata><doc-id regsrc="HNA" id-string="abc123"/><du-key version="2"/>'
    )
    [draft] = reading(told).drafts
    assert (draft.name, draft.version, draft.url) == ("HNA abc123", 2, None)
