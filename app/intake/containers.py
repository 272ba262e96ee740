"""What kind of file that holds files a file is, by what is in it."""

import zipfile
from enum import StrEnum
from typing import IO

from app.intake.webarchive import is_web_archive

SNIFFED = 512  # bytes from the beginning of a file that tell its kind
ENCRYPTED = 1  # the flag of a file in a ZIP archive
_TAR_MARK = slice(257, 262)
# Office files and books are ZIP files with parts of Office in them, or with OpenDocument's or EPUB's first file.
_CONTENT_TYPES = "[Content_Types].xml"
_OFFICE_PARTS = ("word/", "ppt/", "xl/")
_MIMETYPE = "mimetype"
_DOCUMENTS = (b"application/vnd.oasis.opendocument", b"application/epub+zip")


class Container(StrEnum):
    """A kind of file that holds files, as it is told."""

    GZIP = "a gzip file"
    BZIP2 = "a bzip2 file"
    XZ = "an xz file"
    ZIP = "a ZIP archive"
    TAR = "a tar archive"
    WEB_ARCHIVE = "a web archive"


_COMPRESSED = ((b"\x1f\x8b", Container.GZIP), (b"BZh", Container.BZIP2), (b"\xfd7zXZ\x00", Container.XZ))


def container_of(head: bytes) -> Container | None:
    """Return what kind of file that holds files begins with these ``SNIFFED`` bytes."""
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return Container.ZIP
    if head[_TAR_MARK] == b"ustar":
        return Container.TAR
    if is_web_archive(head):
        return Container.WEB_ARCHIVE
    return next((kind for mark, kind in _COMPRESSED if head.startswith(mark)), None)


def is_document(stream: IO[bytes]) -> bool:
    """Return whether a ZIP archive is an Office file, an OpenDocument file or a book, which are read as a whole.

    Raises what ``zipfile`` raises for a damaged archive.
    """
    with zipfile.ZipFile(stream) as archive:
        names = archive.namelist()
        if _CONTENT_TYPES in names:
            return any(name.startswith(_OFFICE_PARTS) for name in names)
        if names[:1] != [_MIMETYPE] or archive.infolist()[0].flag_bits & ENCRYPTED:
            return False
        with archive.open(archive.infolist()[0]) as source:
            return source.read(SNIFFED).startswith(_DOCUMENTS)
