"""A capture as a download: the bytes exactly as received, under a name that is safe to save.

Law: a browser saves a capture and never shows or runs it, whatever the bytes and the name pretend to be.
"""

import codecs
import re
from urllib.parse import quote

from starlette.responses import Response

from app.domain.views import CaptureView

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What no file system takes, what ends a name early, and what turns the direction of writing to disguise an ending.
_UNSAFE = re.compile(r'[\x00-\x1f\x7f-\x9f<>:"/\\|?*\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]+')
_LONGEST_NAME = 255  # bytes, which is what file systems take


def capture_answer(capture: CaptureView, *, held: str) -> Response:
    """Return the download of a capture, or 304 where ``held`` (If-None-Match) says that the client has it."""
    etag = f'"{capture.sha256}"'
    headers = {"Cache-Control": "no-cache", "ETag": etag}
    if etag in held:
        return Response(status_code=304, headers=headers)
    charset = charset_of(capture.content)
    headers["Content-Type"] = f"text/plain; charset={charset}" if charset else "text/plain"
    headers["Content-Disposition"] = disposition(capture.name)
    return Response(capture.content, headers=headers)


def charset_of(content: bytes) -> str | None:
    """Return the character set where the bytes leave no doubt: a byte order mark, or valid UTF-8 without NUL."""
    for mark, charset in _MARKS:
        if content.startswith(mark):
            return charset
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return None if b"\0" in content else "utf-8"


def disposition(name: str) -> str:
    """Return a Content-Disposition header (RFC 6266): an ASCII name for old clients, the full one in RFC 8187.

    The name is the last part of the path, with ``_`` for what is unsafe in one, and ends in ``.txt``. A backslash is
    part of a name here, and unsafe elsewhere.
    """
    safe = _UNSAFE.sub("_", name.rsplit("/", 1)[-1]).strip(". ") or "capture"
    full = _fitting(safe if safe.casefold().endswith(".txt") else f"{safe}.txt")
    plain = re.sub(r"[^A-Za-z0-9 ._-]", "_", full)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(full, safe='')}"


def _fitting(name: str) -> str:
    """Cut the beginning of a name that no file system takes: its end says more, and counts."""
    return name.encode()[-_LONGEST_NAME:].decode(errors="ignore").lstrip(". ")
