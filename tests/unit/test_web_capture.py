"""Captures as downloads: what the bytes are called, and what they are saved as."""

import codecs
from urllib.parse import quote

import pytest

from app.domain.views import CaptureView
from app.web.capture import capture_answer, charset_of, disposition


@pytest.mark.parametrize(
    ("content", "charset"),
    [
        ("naïve".encode(), "utf-8"),
        (codecs.BOM_UTF8 + b"plain", "utf-8"),
        ("naïve".encode("utf-16"), "utf-16"),
        ("naïve".encode("utf-32"), "utf-32"),
        ("naïve".encode("cp1252"), None),
        ("plain".encode("utf-16-le"), None),
        (b"", "utf-8"),
    ],
)
def test_a_character_set_is_named_only_where_the_bytes_leave_no_doubt(
    content: bytes, charset: str | None
) -> None:
    assert charset_of(content) == charset


@pytest.mark.parametrize(
    ("name", "saved"),
    [
        ("monday.txt", "monday.txt"),
        ("../../etc/passwd", "passwd.txt"),
        ("C:\\news\\monday.TXT", "C_news_monday.TXT"),
        ("page 1\\2.txt", "page 1_2.txt"),
        ("page.html", "page.html.txt"),
        ('a"; filename=evil.exe', "a_; filename_evil.exe.txt"),
        ("a\r\nSet-Cookie: x", "a_Set-Cookie_ x.txt"),
        ("invoice\u202etxt.exe", "invoice_txt.exe.txt"),
        ("..", "capture.txt"),
        ("", "capture.txt"),
    ],
)
def test_a_download_has_a_name_that_is_safe_to_save(name: str, saved: str) -> None:
    plain = disposition(name).split('"')[1]
    assert plain == saved.replace(";", "_")
    assert disposition(name).isascii()
    assert disposition(name).isprintable()


def test_a_name_beyond_ascii_is_given_in_full_as_well() -> None:
    header = disposition("Zürich.txt")
    assert 'filename="Z_rich.txt"' in header
    assert header.endswith("filename*=UTF-8''Z%C3%BCrich.txt")


def test_a_name_is_kept_whole_where_a_file_system_takes_it() -> None:
    name = "ü" * 120 + "x" * 11 + ".txt"
    assert len(name.encode()) == 255
    assert disposition(name).endswith(f"''{quote(name)}")


def test_a_longer_name_keeps_its_end() -> None:
    saved = disposition("ü" * 5000 + "x.txt").split("''")[1]
    assert saved == quote("ü" * 125 + "x.txt")


def test_a_capture_the_client_holds_is_not_sent_again() -> None:
    capture = CaptureView(sha256="ab" * 32, name="monday.txt", content=b"text")
    assert capture_answer(capture, held=f'W/"x", "{"ab" * 32}"').status_code == 304
    assert capture_answer(capture, held='"other"').body == b"text"
