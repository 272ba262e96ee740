"""Taking an article's text out of the captures it stands in; what else stands there stays, on the same lines."""

from collections.abc import Collection

from app.intake.erasing import runs_of_text, without_lines
from app.store import captures, deliveries
from app.store.database import Session


def erase_lines(
    session: Session, sha256: str, runs: Collection[tuple[int, int]], titles: Collection[str]
) -> None:
    """Make the lines of ``runs`` blank in a capture, and those that print one of ``titles`` again."""
    content = deliveries.content_of(session, sha256)
    gone = runs_of_text(content, runs, titles)
    captures.rewrite(session, sha256, without_lines(content, gone), gone)
