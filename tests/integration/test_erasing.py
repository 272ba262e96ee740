"""Erasing and withdrawing an article whose record shares its lines with others: what else stands there stays."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from app.archive import Archive
from app.domain.article import ArticleId
from app.domain.decision import Action, Ask, Reason
from app.domain.delivery import Outcome
from app.errors import WithdrawnError
from app.intake import Manner
from tests.factories import paragraph, write

WHY = Reason(who="Ada Marsh", why="The agency recalled it.")
HEADLINES = ("Ferry late at the “Old Quay”", "The café of the brown house", "Storm 𝕏 closes the road")
BODIES = tuple(f"{paragraph(nth)} Épée {{à}} <nth> & ħ.\n\n{paragraph(nth + 50)}" for nth in range(3))

Maker = Callable[[Sequence[dict[str, str]]], str]


def records() -> list[dict[str, str]]:
    return [
        {"headline": headline, "body_text": body, "url": f"https://ferry.example/{nth}"}
        for nth, (headline, body) in enumerate(zip(HEADLINES, BODIES, strict=True))
    ]


def rss(told: Sequence[dict[str, str]], between: str = "") -> str:
    items = between.join(
        f"<item id='{nth}'><title>{escape(each['headline'])}</title><link>{each['url']}</link>"
        f"<description>{escape(each['body_text'])}</description></item>"
        for nth, each in enumerate(told)
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Ferry</title>{items}</channel></rss>'


def newsml(told: Sequence[dict[str, str]]) -> str:
    items = "".join(
        f'<n:newsItem xmlns:n="http://iptc.org/std/nar/2006-10-01/" guid="urn:x:{nth}"><n:contentMeta>'
        f"<n:headline>{escape(each['headline'])}</n:headline></n:contentMeta><n:contentSet><n:inlineData>"
        f"{escape(each['body_text'])}</n:inlineData></n:contentSet></n:newsItem>"
        for nth, each in enumerate(told)
    )
    return f"<newsMessage><itemSet>{items}</itemSet></newsMessage>"


def warc(content: bytes) -> bytes:
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + content
    head = "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://ferry.example/\r\n"
    head += "WARC-Date: 2025-10-22T09:00:00Z\r\n"
    head += f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(block)}\r\n\r\n"
    return head.encode() + block + b"\r\n\r\n"


MAKERS: dict[str, Maker] = {
    "a list on one line": lambda told: json.dumps(told, ensure_ascii=False),
    "a list, escaped": json.dumps,
    "lines that end in the next": lambda told: json.dumps(told, ensure_ascii=False, indent=1).replace("},\n {", "}, {"),
    "an object with a list": lambda told: json.dumps({"status": "ok", "articles": told}, ensure_ascii=False),
    "JSON Lines": lambda told: "\n".join(json.dumps(each, ensure_ascii=False) for each in told) + "\n",
    "objects one after the other": lambda told: " ".join(json.dumps(each) for each in told),
    "a feed on one line": rss,
    "a feed whose items share lines": lambda told: rss(told).replace("<link>", "\r\n<link>"),
    "NewsML": newsml,
}  # fmt: skip


def decide(archive: Archive, action: Action, number: int) -> None:
    archive.decide(Ask(action=action, article=ArticleId(number)), WHY)


def put(folder: Path, name: str, content: bytes) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(content)
    return folder


def texts_of(archive: Archive, *numbers: int) -> list[tuple[str | None, str]]:
    return [(each.headline, each.body_text) for each in (archive.article(ArticleId(n)) for n in numbers)]


def check_the_second_is_gone_and_the_others_are_not(archive: Archive, folder: Path, content: bytes) -> None:
    archive.ingest([put(folder / "in", "a.json", content)])
    assert archive.totals().articles == 3
    before, kept = texts_of(archive, 1, 3), archive.capture(ArticleId(1)).content
    decide(archive, Action.WITHDRAW, 2)
    shown = archive.capture(ArticleId(1)).content
    decide(archive, Action.RESTORE, 2)
    assert archive.capture(ArticleId(1)).content == kept
    decide(archive, Action.ERASE, 2)
    left = archive.capture(ArticleId(1)).content
    assert left == shown  # what was withdrawn was masked at the same bytes
    assert len(left) == len(kept)
    assert left.count(b"\n") == kept.count(b"\n")
    for _ in range(2):
        report = archive.reread(everything=True)
        told = [note.note for note in report.notes if "erased" in note.note]
        assert (told, report.rejected) == (["Article 2 was erased; its record is blank."], ())
    assert texts_of(archive, 1, 3) == before
    with pytest.raises(WithdrawnError):
        archive.article(ArticleId(2))
    again = archive.ingest([put(folder / "more", "b.json", content)])
    assert [each.outcome for each in again.items] == [Outcome.SEEN, Outcome.WITHDRAWN, Outcome.SEEN]
    assert archive.capture(ArticleId(3)).content == left
    assert archive.check().holds


@pytest.mark.parametrize("maker", MAKERS.values(), ids=MAKERS)
def test_only_the_record_is_blank(archive: Archive, tmp_path: Path, maker: Maker) -> None:
    content = maker(records()).encode()
    check_the_second_is_gone_and_the_others_are_not(archive, tmp_path, content)
    left = archive.capture(ArticleId(1)).content
    alone = maker(records()[1:2]).encode()
    assert not any(word in left for word in (b"brown house", b"ferry.example/1", paragraph(1).encode()))
    assert b"brown house" in alone


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("kind", ["a list on one line", "a feed on one line"])
def test_a_record_is_blank_in_every_encoding(
    archive: Archive, tmp_path: Path, kind: str, encoding: str
) -> None:
    content = MAKERS[kind](records()).encode(encoding)
    check_the_second_is_gone_and_the_others_are_not(archive, tmp_path, content)
    assert "brown house" not in archive.capture(ArticleId(1)).content.decode(encoding)


def test_what_decoding_takes_out_moves_no_bytes(archive: Archive, tmp_path: Path) -> None:
    told = rss(records()).replace("<item", "\r\n\x07<item").encode("ascii", "xmlcharrefreplace")
    content = told.replace(b"?>", b" encoding='latin-1'?>", 1).replace(b"house", b"h\xf4use")
    check_the_second_is_gone_and_the_others_are_not(archive, tmp_path, content)
    assert b"brown" not in archive.capture(ArticleId(1)).content


def test_an_answer_of_a_web_server_keeps_its_length(archive: Archive, tmp_path: Path) -> None:
    content = warc(json.dumps(records(), ensure_ascii=False).encode())
    check_the_second_is_gone_and_the_others_are_not(archive, tmp_path, content)
    assert b"brown house" not in archive.capture(ArticleId(1)).content


def test_each_of_near_copies_on_one_line_goes_by_itself(archive: Archive, tmp_path: Path) -> None:
    told = [{"headline": "The same", "body_text": f"{BODIES[0]} Note {nth}."} for nth in range(4)]
    archive.ingest([put(tmp_path / "in", "a.json", json.dumps(told).encode())])
    for number in (1, 4):
        decide(archive, Action.ERASE, number)
    left = json.loads(archive.capture(ArticleId(2)).content)
    assert left == [{}, told[1], told[2], {}]
    archive.reread(everything=True)
    assert [body[-7:] for _, body in texts_of(archive, 2, 3)] == ["Note 1.", "Note 2."]


def test_a_neighbour_that_is_left_alone_on_the_line_stays_in_sight(archive: Archive, tmp_path: Path) -> None:
    archive.ingest([put(tmp_path / "in", "a.json", json.dumps(records()[:2]).encode())])
    decide(archive, Action.ERASE, 1)
    archive.reread(everything=True)
    assert texts_of(archive, 2) == [(HEADLINES[1], BODIES[1])]


def test_a_file_with_one_record_may_be_read_again(archive: Archive, tmp_path: Path) -> None:
    archive.ingest([put(tmp_path / "in", "a.json", json.dumps(records()[0]).encode())])
    decide(archive, Action.ERASE, 1)
    report = archive.reread(everything=True)
    assert [note.note for note in report.notes] == ["Article 1 was erased; its record is blank."]
    assert report.rejected == ()
    assert archive.totals().articles == 0
    assert archive.check().holds


def test_a_record_under_columns_that_a_person_named_is_found(archive: Archive, tmp_path: Path) -> None:
    told = [{"kopf": each["headline"], "rumpf": each["body_text"]} for each in records()]
    folder = put(tmp_path / "in", "a.json", json.dumps(told).encode())
    archive.ingest([folder], manner=Manner(columns=(("headline", "kopf"), ("body_text", "rumpf"))))
    decide(archive, Action.ERASE, 2)
    assert json.loads(archive.capture(ArticleId(1)).content) == [told[0], {}, told[2]]


def test_where_records_cannot_be_told_apart_all_of_their_lines_go(archive: Archive, tmp_path: Path) -> None:
    feed = rss(records()).replace("<channel>", "<channel><!-- <item></item> -->")
    archive.ingest([put(tmp_path / "in", "a.xml", feed.encode())])
    decide(archive, Action.ERASE, 2)
    assert archive.capture(ArticleId(1)).content.strip() == b""
    archive.ingest([put(tmp_path / "more", "b.xml", feed.encode())])
    assert archive.capture(ArticleId(1)).content.strip() == b""


def test_a_text_goes_even_where_its_record_is_taken_for_another(archive: Archive, tmp_path: Path) -> None:
    feed = (
        rss(records())
        .replace("<channel>", "<channel><!-- <item></item> -->")
        .replace("</channel>", "<item/></channel>")
    )
    archive.ingest([put(tmp_path / "in", "a.xml", feed.encode())])
    assert archive.totals().articles == 3
    decide(archive, Action.ERASE, 2)
    assert b"brown house" not in archive.capture(ArticleId(1)).content


def test_rows_of_a_table_go_with_their_lines(archive: Archive, tmp_path: Path) -> None:
    rows = [f'"{each["headline"]}","{each["body_text"]}"' for each in records()]
    folder = write(tmp_path / "in", a_csv="headline,body_text\n" + "\n".join(rows) + "\n")
    archive.ingest([folder])
    decide(archive, Action.ERASE, 2)
    left = archive.capture(ArticleId(1)).content.decode()
    assert left == "\n".join(["headline,body_text", rows[0], "", "", "", rows[2], ""])
