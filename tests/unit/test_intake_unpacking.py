"""Files in files: opened within limits, whatever their names say."""

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
from pathlib import Path

import pytest

from app.intake.files import Found, Refused, Skipped
from app.intake.unpacking import Limits, Member, members

TEXT = b"The council of Harwick agreed late on Monday to rebuild the old bridge over the river.\n"
ROOM = Limits(file=1 << 20, unpacked=1 << 22)


def unpacked(folder: Path, content: bytes, limits: Limits = ROOM) -> list[Member | Refused | Skipped]:
    path = folder / "delivery"
    path.write_bytes(content)
    return list(members(Found(place=str(path), file="delivery", path=path), limits))


def taken(found: list[Member | Refused | Skipped]) -> dict[str, bytes]:
    return {each.found.file: each.content for each in found if isinstance(each, Member) and not each.trouble}


def troubles(found: list[Member | Refused | Skipped]) -> list[str]:
    return [each.reason for each in found if isinstance(each, Refused)] + [
        each.trouble for each in found if isinstance(each, Member) and each.trouble
    ]


def zipped(files: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


def tarred(files: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
        link = tarfile.TarInfo("link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    return stream.getvalue()


def test_a_plain_file_is_itself(tmp_path: Path) -> None:
    assert taken(unpacked(tmp_path, TEXT)) == {"delivery": TEXT}


@pytest.mark.parametrize("compress", [gzip.compress, bz2.compress, lzma.compress])
def test_a_compressed_file_is_opened(tmp_path: Path, compress) -> None:  # type: ignore[no-untyped-def]
    found = unpacked(tmp_path, compress(TEXT))
    assert taken(found) == {"delivery": TEXT}
    assert isinstance(found[0], Skipped)
    assert "SHA-256" in found[0].note


def test_archives_are_opened_inside_each_other(tmp_path: Path) -> None:
    inner = gzip.compress(tarred({"a.txt": TEXT}))
    found = taken(unpacked(tmp_path, zipped({"b/c.tgz": inner, "d.txt": TEXT})))
    assert found == {"delivery » b/c.tgz » a.txt": TEXT, "delivery » d.txt": TEXT}


def test_names_are_labels_and_lead_nowhere(tmp_path: Path) -> None:
    found = unpacked(
        tmp_path, zipped({"../../etc/passwd": TEXT, "/root\\x\x07.txt": TEXT, "__MACOSX/y": TEXT})
    )
    assert list(taken(found)) == ["delivery » etc/passwd", "delivery » root/x�.txt"]
    assert any(isinstance(each, Skipped) and "hidden" in each.note for each in found)


def test_a_link_in_an_archive_is_passed_over(tmp_path: Path) -> None:
    found = unpacked(tmp_path, tarred({"a.txt": TEXT}))
    assert list(taken(found)) == ["delivery » a.txt"]
    assert any(isinstance(each, Skipped) and "link" in each.note for each in found)


def test_no_more_comes_out_than_the_limit_allows(tmp_path: Path) -> None:
    bomb = zipped({f"{n}.txt": bytes(900_000) for n in range(9)})
    assert len(bomb) < 20_000
    found = unpacked(tmp_path, bomb)
    assert len(taken(found)) == 4
    assert any("NEWSFOLD_MAX_UNPACKED_MB" in told for told in troubles(found))


def test_a_file_inside_that_is_too_large_is_refused_alone(tmp_path: Path) -> None:
    found = unpacked(tmp_path, zipped({"large.txt": bytes(1 << 21), "small.txt": TEXT}))
    assert list(taken(found)) == ["delivery » small.txt"]
    assert "NEWSFOLD_MAX_FILE_MB" in troubles(found)[0]


def test_what_is_packed_too_deep_is_refused(tmp_path: Path) -> None:
    content = TEXT
    for _ in range(9):
        content = gzip.compress(content)
    assert "deep" in troubles(unpacked(tmp_path, content))[0]


def test_what_stands_before_a_damage_is_read_and_the_file_is_kept(tmp_path: Path) -> None:
    content = gzip.compress(TEXT * 2_000 + bytes(range(256)) * 40)[:-400]
    found = unpacked(tmp_path, content)
    assert taken(found)["delivery"].startswith(TEXT)
    kept = [each for each in found if isinstance(each, Member) and each.trouble]
    assert [each.content for each in kept] == [content]
    assert "damaged" in (kept[0].trouble or "")


def test_a_damaged_file_in_an_archive_costs_no_other(tmp_path: Path) -> None:
    content = zipped({"a.txt": TEXT * 50, "b.txt": TEXT})
    at = content.index(b"a.txt") + 12
    found = unpacked(tmp_path, content[:at] + bytes([content[at] ^ 0xFF]) + content[at + 1 :])
    assert "delivery » b.txt" in taken(found)
    assert "damaged" in troubles(found)[0]


def test_an_archive_with_a_password_is_kept_and_told(tmp_path: Path) -> None:
    content = bytearray(zipped({"a.txt": TEXT}))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + offset] |= 1
    found = unpacked(tmp_path, bytes(content))
    assert taken(found) == {}
    assert "password" in troubles(found)[0]


PARTS = {"_rels/x.rels": b"<r/>", **{f"docProps/{n}.xml": b"<x/>" for n in range(9)}}
TYPES = {"[Content_Types].xml": b"<Types/>"}


@pytest.mark.parametrize(
    "files",
    [
        TYPES | {"word/document.xml": b"<w/>"},
        PARTS | {"xl/workbook.xml": b"<x/>"} | TYPES,
        {"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<c/>"},
        {"mimetype": b"application/epub+zip", "a.xhtml": b"<html/>"},
    ],
    ids=["Word", "types last", "OpenDocument", "EPUB"],
)
def test_an_office_file_is_no_archive(tmp_path: Path, files: dict[str, bytes]) -> None:
    content = zipped(files)
    assert taken(unpacked(tmp_path, content)) == {"delivery": content}


@pytest.mark.parametrize(
    "files",
    [
        {"mimetype": b"x"},
        TYPES,
        {"b.txt": TEXT, "mimetype": b"application/epub+zip"},
    ],
    ids=["another type", "no parts", "not the first"],
)
def test_an_archive_with_a_name_of_office_files_is_one(tmp_path: Path, files: dict[str, bytes]) -> None:
    found = taken(unpacked(tmp_path, zipped({**files, "a.txt": TEXT})))
    assert found["delivery » a.txt"] == TEXT


@pytest.mark.parametrize(
    "content",
    [*(pack(b"") for pack in (gzip.compress, bz2.compress, lzma.compress)), zipped({}), zipped({"a/": b""})],
    ids=["gzip", "bzip2", "xz", "ZIP", "folders"],
)
def test_what_holds_nothing_is_refused(tmp_path: Path, content: bytes) -> None:
    assert troubles(unpacked(tmp_path, content)) == ["It is empty: there is nothing in it to read."]


def test_several_members_are_one_file_and_zeros_behind_them_nothing(tmp_path: Path) -> None:
    content = gzip.compress(TEXT) + gzip.compress(b"") + gzip.compress(TEXT) + bytes(900)
    found = unpacked(tmp_path, content)
    assert taken(found) == {"delivery": TEXT * 2}
    assert troubles(found) == []


def test_a_damaged_member_ends_a_file_that_is_no_web_archive(tmp_path: Path) -> None:
    damaged = bytearray(gzip.compress(b"wrong " + TEXT))
    damaged[-8] ^= 1
    found = unpacked(tmp_path, gzip.compress(TEXT) + bytes(damaged) + gzip.compress(TEXT))
    assert taken(found) == {"delivery": TEXT}
    assert len(troubles(found)) == 2


def test_a_file_that_does_not_match_its_checksum_gives_nothing(tmp_path: Path) -> None:
    damaged = bytearray(gzip.compress(TEXT))
    damaged[-8] ^= 1
    found = unpacked(tmp_path, bytes(damaged))
    assert taken(found) == {}
    assert "checksum" in troubles(found)[0]


def test_damaged_members_count_towards_the_limit(tmp_path: Path) -> None:
    damaged = bytearray(gzip.compress(b"WARC/1.0\r\nA: b\r\n" + bytes(2_500_000)))
    damaged[-8] ^= 1
    found = unpacked(tmp_path, bytes(damaged) * 9)
    assert any("NEWSFOLD_MAX_UNPACKED_MB" in told for told in troubles(found))
