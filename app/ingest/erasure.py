"""Taking an article's text out of the captures it stands in; what else stands there stays, on the same lines."""

from collections.abc import Collection

from app.domain.article import Draft
from app.intake.erasing import Gone, find_gone, is_there, records_in, without
from app.store import captures, deliveries
from app.store.database import Session

Runs = Collection[tuple[int, int]]


def erase_text(session: Session, sha256: str, runs: Runs, text: Draft) -> None:
    """Make a text blank in a capture where it stands on the lines of ``runs``; those lines whole, where it is no record
    of its own or is still read after its record is gone."""
    content = deliveries.content_of(session, sha256)
    told = deliveries.manners_of(session, sha256)
    gone = find_gone(content, [(text, runs)], records_in(content, told))
    if gone.spans and is_there(text, records_in(without(content, gone), told)):
        gone = find_gone(content, [(text, runs)], ())
    _rewrite(session, sha256, content, gone)


def refuse_text(session: Session, sha256: str, received: bytes, draft: Draft) -> None:
    """Make a text that was erased before blank in the capture it comes in again with. Something may be blank there
    already: a record keeps its place all the same, as long as whole lines have not gone."""
    content = deliveries.content_of(session, sha256)
    texts = [(draft, [(draft.first_line, draft.last_line)])]
    keeps_places = len(content) == len(received)
    gone = find_gone(received, texts, [draft]) if keeps_places else find_gone(content, texts, ())
    _rewrite(session, sha256, content, gone)


def _rewrite(session: Session, sha256: str, content: bytes, gone: Gone) -> None:
    captures.rewrite(session, sha256, without(content, gone), gone.lines)
