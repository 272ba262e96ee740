"""Bytes to text: the encoding is named, repairs are reported, what is no text is refused."""

import pytest

from app.intake.decode import Decoded, bytes_at, decode
from app.intake.reading import Unreadable

GERMAN = "Über die Größe des Verlustes sprach in Köln niemand, sagte der Bürgermeister."
RUSSIAN = "Президент заявил в четверг, что переговоры продолжатся на следующей неделе."
CHINESE = "总统星期四表示，谈判将于下周继续进行。"


def decoded(content: bytes) -> Decoded:
    found = decode(content)
    assert isinstance(found, Decoded), found
    return found


def refused(content: bytes) -> str:
    found = decode(content)
    assert isinstance(found, Unreadable), found
    return found.reason


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (GERMAN.encode("utf-8"), "UTF-8"),
        (GERMAN.encode("utf-8-sig"), "UTF-8 with a byte order mark"),
        (GERMAN.encode("utf-16"), "UTF-16 with a byte order mark"),
        (b"\xfe\xff" + GERMAN.encode("utf-16-be"), "UTF-16 with a byte order mark"),
        (GERMAN.encode("utf-32"), "UTF-32 with a byte order mark"),
        (GERMAN.encode("utf-16-le"), "UTF-16-LE without a byte order mark"),
        (GERMAN.encode("utf-16-be"), "UTF-16-BE without a byte order mark"),
        (GERMAN.encode("cp1252"), "cp1252"),
    ],
)
def test_every_encoding_is_read_and_named(content: bytes, encoding: str) -> None:
    found = decoded(content)
    assert found.text == GERMAN
    assert found.encoding == encoding
    assert found.notices == ()


@pytest.mark.parametrize("text", [RUSSIAN, CHINESE + "\n" + CHINESE])
def test_utf_16_without_a_mark_is_known_in_other_scripts(text: str) -> None:
    assert decoded(text.encode("utf-16-le")).text == text
    assert decoded(text.encode("utf-16-be")).text == text


def test_a_few_bad_bytes_in_utf_8_are_marked_and_reported() -> None:
    content = "It’s “mostly” valid — so it’s taken.".encode() + b" \xff\xfe"
    found = decoded(content)
    assert found.encoding == "UTF-8"
    assert found.text.count("�") == 2
    assert found.notices == ("Bytes that could not be decoded stand as U+FFFD: 2.",)


def test_a_high_byte_alone_is_cp1252_not_damaged_utf_8() -> None:
    found = decoded("A café in the centre of town was closed.".encode("cp1252"))
    assert (found.encoding, found.text) == ("cp1252", "A café in the centre of town was closed.")


def test_bytes_that_cp1252_does_not_know_are_marked_and_reported() -> None:
    found = decoded("A café in the centre of town was closed.".encode("cp1252") + b"\x81")
    assert found.text.endswith("�")
    assert found.notices == ("Bytes that could not be decoded stand as U+FFFD: 1.",)


def test_stray_nuls_are_removed_and_reported() -> None:
    found = decoded(b"A stray\x00 NUL stands in this line of text.")
    assert found.text == "A stray NUL stands in this line of text."
    assert found.notices == ("NUL characters removed: 1.",)


def test_other_control_characters_are_removed_and_reported() -> None:
    found = decoded(b"A bell \x07 rings in this line of text.\tA tab stays.")
    assert found.text == "A bell  rings in this line of text.\tA tab stays."
    assert found.notices == ("Other control characters removed: 1.",)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_line_end_becomes_a_line_feed(end: str) -> None:
    assert decoded(f"One line.{end}Another line.{end}".encode()).text == "One line.\nAnother line.\n"


@pytest.mark.parametrize("content", [b"", b"   \r\n\t", b"\xef\xbb\xbf", b"\xff\xfe", b"\x00\x00\x00"])
def test_nothing_is_called_empty(content: bytes) -> None:
    assert "empty" in refused(content)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7 and some text that looks like words", "PDF"),
        (b"PK\x03\x04 word/document.xml", "ZIP"),
        (b"{\\rtf1 Some text.}", "RTF"),
        (bytes(range(256)) * 40, "binary"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(0, 256, 3)) * 20, "binary"),
        (b"Text with too many zero bytes. " + b"\x00" * 40 + b"\x01\x02" * 10, "binary"),
    ],
)
def test_binary_content_is_refused_before_cp1252_is_tried(content: bytes, kind: str) -> None:
    assert kind in refused(content)


def test_binary_content_behind_a_text_like_beginning_is_refused() -> None:
    assert "binary" in refused(b"A harmless line of text.\n" * 4_000 + bytes(range(256)) * 1_000)


@pytest.mark.parametrize("encoding", ["cp1251", "koi8-r"])
def test_an_unknown_one_byte_encoding_is_refused_rather_than_garbled(encoding: str) -> None:
    assert "encoding is not known" in refused(RUSSIAN.encode(encoding))


@pytest.mark.parametrize(
    "codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-32", "cp1252", "shift_jis"]
)
def test_a_place_in_the_text_leads_to_its_bytes(codec: str) -> None:
    written = (
        "Ein{\x07\r\n \x00}\r\n"
        + ("{日本}" if codec == "shift_jis" else "{é}")
        + "x" * 70_000
        + "\r\n{end}\r\n"
    )
    content = written.encode(codec)
    read = decode(content, codec)
    assert isinstance(read, Decoded)
    places = [at for at, char in enumerate(read.text) if char in "{}"]
    found = bytes_at(content, read.codec, places)
    for at in places:
        rest = content[found[at] :]
        unmarked = {"utf-16": "utf-16-le", "utf-32": "utf-32-le", "utf-8-sig": "utf-8"}.get(codec, codec)
        assert rest.startswith(read.text[at].encode(unmarked))


def test_a_place_behind_bad_bytes_leads_to_its_bytes() -> None:
    content = (
        b"sixteen caf\xc3\xa9s, \xc3\xa9t\xc3\xa9 and \xe2\x80 bad \xff ones {here} " + 4 * b"caf\xc3\xa9"
    )
    read = decode(content)
    assert isinstance(read, Decoded)
    at = read.text.index("{")
    assert bytes_at(content, read.codec, [at]) == {at: content.index(b"{")}


def test_a_character_that_stands_across_two_steps_is_found_where_it_begins() -> None:
    content = ("x" * 65_535 + "é and more").encode()
    assert bytes_at(content, "utf-8", [65_535, 65_536]) == {65_535: 65_535, 65_536: 65_537}
