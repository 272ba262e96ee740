"""Web archives: every page a record, kept as it stands."""

import gzip
from datetime import date
from pathlib import Path

from app.intake import Reading, Unreadable, read
from tests.unit.test_intake_page import JSON_LD, PARAGRAPHS, page
from tests.unit.test_intake_unpacking import taken, unpacked

TODAY = date(2026, 11, 23)
ADDRESS = "https://www.harwick.example/bridge"


def record_of(kind: str, block: bytes) -> bytes:
    """A record of a WARC file."""
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {ADDRESS}\r\nWARC-Date: 2025-10-22T10:00:00Z\r\n"
    )
    role = "request" if kind == "request" else "response"
    head += f"Content-Type: application/http; msgtype={role}\r\nContent-Length: {len(block)}\r\n\r\n"
    return head.encode() + block + b"\r\n\r\n"


def web_archive(*, compressed: bool, status: str = "200 OK") -> bytes:
    """A WARC file with a request, an answer and a picture."""
    answer = f"HTTP/1.1 {status}\r\nContent-Type: ".encode()
    records = (
        record_of("request", b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"),
        record_of("response", answer + b"text/html; charset=utf-8\r\n\r\n" + page(JSON_LD)),
        record_of("response", answer + b"image/png\r\n\r\n\x89PNG"),
    )
    return b"".join(gzip.compress(each) if compressed else each for each in records)


def test_a_page_is_a_record_that_is_kept_as_it_stands(tmp_path: Path) -> None:
    content = web_archive(compressed=False)
    found = unpacked(tmp_path, content)
    [(name, record)] = taken(found).items()
    assert name == f"delivery » record 2, {ADDRESS}"
    assert record in content
    assert record.startswith(b"WARC/1.")
    notes = [str(each) for each in found]
    assert any("1 × request, 1 × response that is no page" in note for note in notes)


def test_compressed_by_record_it_gives_the_same(tmp_path: Path) -> None:
    [record] = taken(unpacked(tmp_path, web_archive(compressed=True))).values()
    assert gzip.compress(record)
    found = read(record, today=TODAY)
    assert isinstance(found, Reading)
    assert found.drafts[0].body_text == "\n\n".join(PARAGRAPHS)


def test_the_record_tells_the_address_and_the_day_it_was_fetched(tmp_path: Path) -> None:
    [record] = taken(unpacked(tmp_path, web_archive(compressed=False))).values()
    found = read(record, today=TODAY)
    assert isinstance(found, Reading)
    draft = found.drafts[0]
    assert (draft.url, draft.domain, draft.published.day) == (ADDRESS, "harwick.example", date(2025, 10, 21))
    lines = record.split(b"\n")
    assert lines[draft.first_line - 1] == b"<!doctype html>"
    assert b"</html>" in lines[draft.last_line - 1]
    late = read(record.replace(b"2025-10-21T09", b"2025-10-29T09"), today=TODAY)
    assert isinstance(late, Reading)
    assert late.drafts[0].published.at is None


def test_an_answer_that_is_no_page_says_so(tmp_path: Path) -> None:
    [record] = taken(unpacked(tmp_path, web_archive(compressed=False, status="404 Not Found"))).values()
    found = read(record, today=TODAY)
    assert isinstance(found, Unreadable)
    assert "404" in found.reason


def test_an_arc_file_gives_its_pages_too(tmp_path: Path) -> None:
    body = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + page()
    head = f"{ADDRESS} 192.0.2.1 20251022100000 text/html {len(body)}\n".encode()
    version = b"1 0 test\nURL IP-address Archive-date Content-type Archive-length\n"
    first = f"filedesc://x.arc 0.0.0.0 20251022100000 text/plain {len(version)}\n".encode() + version + b"\n"
    [record] = taken(unpacked(tmp_path, first + head + body + b"\n")).values()
    found = read(record, today=TODAY)
    assert isinstance(found, Reading)
    assert found.drafts[0].url == ADDRESS


def test_a_web_archive_that_is_cut_off_gives_what_stands_before(tmp_path: Path) -> None:
    content = web_archive(compressed=False)
    found = unpacked(tmp_path, content[: content.index(b"image/png")])
    assert len(taken(found)) == 1
