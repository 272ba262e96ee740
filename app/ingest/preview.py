"""Looking at how a file would be read: nothing of it is taken in."""

from datetime import date
from pathlib import Path

from app.intake import Reading, Split, Unreadable, read
from app.intake.files import Found, Refused, content_of, walk


def preview(path: Path, *, split: Split, max_bytes: int, today: date) -> Reading | Unreadable | Refused:
    """Return how the one file at ``path`` would be read, or why it would be rejected."""
    for each in walk([path]):
        if isinstance(each, Refused):
            return each
        if isinstance(each, Found):
            content = content_of(each, max_bytes=max_bytes)
            return content if isinstance(content, Refused) else read(content, split=split, today=today)
    return Unreadable(reason="There is no file to read here. Name one file.")
