"""Which of the dates around an article is the day it was published, and which only bounds it.

Law: a date is the article's own where its label says so, where it stands with the byline, or directly between
headline and text. A bare date ahead of the headline is the page's clock: the article is not later.
"""

from app.domain.article import UNDATED, Published
from app.intake.dates import PrintedDate
from app.intake.layout import Layout
from app.intake.lines import Kind
from app.intake.reading import Role


def published_of(layout: Layout) -> Published:
    """Return when the article was published as far as its lines say: a date, an upper bound, or neither."""
    own: list[tuple[int, int, PrintedDate]] = []
    clocks: list[tuple[int, PrintedDate]] = []
    for index, unit in enumerate(layout.units):
        for printed in unit.dates:
            rank = _rank(layout, index, printed)
            if rank is not None:
                own.append((rank, index, printed))
            elif index < layout.first_text:
                clocks.append((index, printed))
    if own:
        _, index, printed = min(own, key=lambda found: found[:2])
        return Published(at=printed.at, precision=printed.precision, found_in=_place(layout, index))
    if clocks:
        index, printed = max(clocks, key=lambda found: found[1].at)
        return Published(not_after=printed.day, found_in=_place(layout, index))
    return UNDATED


def _rank(layout: Layout, index: int, printed: PrintedDate) -> int | None:
    """Return how directly a date speaks of the article's publication (0 best), or None where it does not."""
    if index > layout.first_text and layout.roles[index] is not Role.BYLINE:
        # Dates after the text belong to other articles as often as to this one, unless they are labelled.
        return 3 if printed.label == "published" and index > layout.last_text else None
    if printed.label == "published":
        return 0
    if layout.units[index].kind is Kind.BYLINE or _beside_byline(layout, index):
        return 1
    if layout.headline is not None and layout.headline < index < layout.first_text:
        return 1 if printed.label is None else 2
    return 2 if printed.label == "updated" else None


def _beside_byline(layout: Layout, index: int) -> bool:
    return index - 1 in layout.bylines or index + 1 in layout.bylines


def _place(layout: Layout, index: int) -> str:
    kind = "byline" if layout.units[index].kind is Kind.BYLINE else "date line"
    return f"{kind}, line {layout.units[index].paragraph.first}"
