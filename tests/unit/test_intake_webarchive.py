"""Web archives: every page a record, kept as it stands."""

import gzip
import re
from datetime import date
from pathlib import Path
from random import Random

import pytest

from app.intake import Reading, Unreadable, read
from app.intake.files import Refused, Skipped
from app.intake.unpacking import Member
from tests.unit.test_intake_page import JSON_LD, PARAGRAPHS, page
from tests.unit.test_intake_unpacking import taken, tarred, unpacked

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


def answer(name: str, *, headers: str = "Content-Type: text/html\r\n", body: bytes | None = None) -> bytes:
    """A record of an answer, whose page says its name."""
    told = page().replace(b"</h1>", f" {name}</h1>".encode()) if body is None else body
    return record_of("response", f"HTTP/1.1 200 OK\r\n{headers}\r\n".encode() + told)


ONE, TWO, THREE, FOUR = (answer(name) for name in ("one", "two", "three", "four"))
LENGTH = re.compile(rb"Content-Length: (\d+)")
# To the end of the headers of FOUR, where a blank line stands as it does between records.
TO_A_BLANK_LINE = (
    len(TWO) - TWO.index(b"HTTP/1.1") + len(THREE) + FOUR.index(b"\r\n\r\n", FOUR.index(b"HTTP/1.1"))
)


def with_length(record: bytes, length: bytes) -> bytes:
    return LENGTH.sub(b"Content-Length: " + length, record, count=1)


def bodies(found: list[Member | Refused | Skipped]) -> list[bytes]:
    """What was taken, with the line ends behind each record."""
    return [record + b"\r\n\r\n" for record in taken(found).values()]


@pytest.mark.parametrize(
    "broken",
    [
        TWO.replace(b"WARC/1.0", b"XXXX/1.0", 1),
        with_length(TWO, b"abc"),
        with_length(TWO, str(len(TWO) + len(THREE)).encode()),
        with_length(TWO, str(TO_A_BLANK_LINE).encode()),
        with_length(TWO, b"999999999"),
        with_length(TWO, b"200"),
        TWO[:300] + b"\r\n",
        TWO.partition(b"\r\n\r\n")[0] + b"\r\n",
    ],
    ids=[
        "first line",
        "no number",
        "too long",
        "up to a blank line",
        "far too long",
        "too short",
        "cut off",
        "head without an end",
    ],
)
def test_a_broken_record_is_told_and_costs_no_other(tmp_path: Path, broken: bytes) -> None:
    content = ONE + broken + THREE + FOUR
    found = unpacked(tmp_path, content)
    assert bodies(found) == [ONE, THREE, FOUR]
    [told] = [each for each in found if isinstance(each, Refused)]
    assert told.file == f"delivery » record 2 at byte {len(ONE):,}"
    kept = [each.content for each in found if isinstance(each, Member) and each.trouble]
    assert kept == [content]


def test_a_record_in_the_text_of_a_page_is_none(tmp_path: Path) -> None:
    quoting = answer("quoting", body=page() + b"\r\n" + TWO)
    assert bodies(unpacked(tmp_path, quoting + THREE)) == [quoting, THREE]


def test_a_broken_record_of_an_arc_file_costs_no_other(tmp_path: Path) -> None:
    body = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + page()
    head = f"{ADDRESS} 192.0.2.1 20251022100000 text/html ".encode()
    whole = head + f"{len(body)}\n".encode() + body
    version = b"filedesc://x.arc 0.0.0.0 20251022100000 text/plain 4\n1 0\n\n"
    for length in (b"-1", b"100", str(len(body) * 2).encode()):
        found = unpacked(
            tmp_path, version + whole + b"\n" + head + length + b"\n" + body + b"\n" + whole + b"\n"
        )
        assert list(taken(found).values()) == [whole, whole]
        assert any("record 3" in each.file for each in found if isinstance(each, Refused))


# What is large comes out in part before its checksum is seen; bytes by chance, so that it is large when packed as well.
LARGE = answer("large", body=page() + Random(1).randbytes(50_000).hex().encode())  # noqa: S311 - for tests


@pytest.mark.parametrize("records", [(ONE, TWO, THREE), (ONE, LARGE, THREE)], ids=["small", "large"])
@pytest.mark.parametrize("at", [0, 1, 2])
def test_a_damaged_member_gives_no_article_and_costs_no_other(
    tmp_path: Path, at: int, records: tuple[bytes, ...]
) -> None:
    packed = [bytearray(gzip.compress(each)) for each in records]
    packed[at][-8] ^= 1  # its checksum
    content = b"".join(packed)
    found = unpacked(tmp_path, content)
    assert bodies(found) == [each for nth, each in enumerate(records) if nth != at]
    [told] = [each for each in found if isinstance(each, Refused)]
    assert told.file.startswith(f"delivery » member {at + 1} at byte ")
    assert "checksum" in told.reason
    assert content in [each.content for each in found if isinstance(each, Member) and each.trouble]


def test_a_web_archive_inside_a_damaged_file_is_no_member_of_it(tmp_path: Path) -> None:
    around = bytearray(gzip.compress(tarred({"a.txt": LARGE, "b.warc.gz": gzip.compress(ONE)}), 0))
    around[-8] ^= 1
    assert taken(unpacked(tmp_path, bytes(around))) == {}


def test_a_member_that_cannot_be_unpacked_costs_no_other(tmp_path: Path) -> None:
    packed = gzip.compress(TWO)
    found = unpacked(
        tmp_path, gzip.compress(ONE) + packed[:200] + bytes(40) + packed[240:] + gzip.compress(THREE)
    )
    assert bodies(found) == [ONE, THREE]


def test_a_page_that_is_packed_and_damaged_is_refused_in_silence(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    packed = gzip.compress(page(JSON_LD) * 400)
    headers = "Content-Type: text/html\r\nContent-Encoding: gzip\r\n"
    damaged = answer("", headers=headers, body=packed[:-8] + bytes(8))
    [record, _] = taken(unpacked(tmp_path, damaged + with_length(TWO, b"200") + THREE)).values()
    found = read(record, today=TODAY)
    assert isinstance(found, Unreadable)
    assert "broken" in found.reason
    assert capfd.readouterr().err == ""


def test_a_page_is_taken_whose_server_does_not_say_what_it_sends(tmp_path: Path) -> None:
    untold = [answer("", headers="", body=body) for body in (page(), b"\x89PNG\r\n", b"User-agent: *\n")]
    packed = answer("", headers="Content-Encoding: gzip\r\n", body=gzip.compress(page()))
    found = unpacked(tmp_path, b"".join(untold) + packed)
    assert bodies(found) == [untold[0], packed]
    assert any("2 × response that is no page" in str(each) for each in found)


def test_the_text_of_a_page_is_taken_and_no_other_text(tmp_path: Path) -> None:
    texts = [
        record_of(kind, "\n\n".join(PARAGRAPHS).encode()).replace(
            b"application/http; msgtype=response", b"text/plain"
        )
        for kind in ("conversion", "resource")
    ]
    found = unpacked(tmp_path, b"".join(texts))
    assert bodies(found) == texts[:1]
    assert list(taken(found)) == [f"delivery » record 1, {ADDRESS}"]
    reading = read(*taken(found).values(), today=TODAY)
    assert isinstance(reading, Reading)
    assert reading.drafts[0].body_text == "\n\n".join(PARAGRAPHS)
