"""The parts of one article: where its text begins and ends, what stands in it, and what is furniture around it.

Law: decided by place and kind alone, one article at a time; every paragraph gets exactly one role.
"""

from collections.abc import Sequence

from app.intake.bylines import dateline_of
from app.intake.furniture import bare
from app.intake.heads import lay_out_head
from app.intake.layout import Layout
from app.intake.lines import TEXT_WORDS, Judged, Kind, asks
from app.intake.reading import Role

# After the last paragraph a line without a final mark is furniture, unless it is as long as a sentence.
TAIL_WORDS = 15

# What a paragraph adds to a run of text, and what breaks one: the main text is the run with the highest sum.
_TEXT_WORTH_WORDS = 60
_COSTS = {
    Kind.FURNITURE: 12.0, Kind.SECTION: 12.0, Kind.DATE: 12.0, Kind.TITLE: 6.0, Kind.BYLINE: 4.0, Kind.TEASER: 4.0,
    Kind.SENTENCE: -3.0, Kind.SEPARATOR: 0.0,
}  # fmt: skip
# One title-like line between paragraphs is a subhead, and a few may be a list; so many in a row are a menu.
MENU_LINES = 6


def lay_out(units: Sequence[Judged]) -> Layout | None:
    """Return the roles of ``units``, the paragraphs of one article with its furniture; None without any text."""
    units = _with_text(units)
    span = _main_text(units)
    if span is None:
        return None
    layout = Layout(units, [Role.DROPPED] * len(units), [unit.rule for unit in units])
    layout.first_text, layout.last_text = span
    lay_out_head(layout)
    _lay_out_text(layout)
    _lay_out_tail(layout)
    return layout


def _with_text(units: Sequence[Judged]) -> Sequence[Judged]:
    """Take teasers, else short sentences, for the text where there is no other: a digest or a flash has no
    more.
    """
    kinds = {unit.kind for unit in units}
    if Kind.TEXT in kinds:
        return units
    for kind in (Kind.TEASER, Kind.SENTENCE):
        if sum(unit.words for unit in units if unit.kind is kind) >= TEXT_WORDS:
            rule = "text: there is no longer paragraph"
            return [unit._replace(kind=Kind.TEXT, rule=rule) if unit.kind is kind else unit for unit in units]
    return units


def _main_text(units: Sequence[Judged]) -> tuple[int, int] | None:
    """Return the first and last paragraph of the run that holds the most text at the least furniture.

    The maximum-sum run of paragraph values (Bentley 1984, Kadane's algorithm): words of text against a cost for each
    kind of furniture. The run begins and ends with text, or begins with short sentences ahead of it; a question there
    is a headline ten times as often as it opens the text.
    """
    best: tuple[float, int, int] | None = None
    total, start = 0.0, 0
    for index, unit in enumerate(units):
        if unit.kind is Kind.TEXT:
            if total <= 0.0:
                total, start = 0.0, index
            total += min(unit.words, _TEXT_WORTH_WORDS)
            if best is None or total > best[0]:
                best = total, start, index
        elif best or unit.kind is not Kind.SENTENCE or not asks(unit.paragraph.text):
            total -= _COSTS[unit.kind]
    return None if best is None else best[1:]


def _lay_out_text(layout: Layout) -> None:
    """Keep what stands between the first and the last paragraph of text, save furniture and repeats."""
    units = layout.units
    inside = range(layout.first_text, layout.last_text + 1)
    heading = bare(units[layout.headline].paragraph.text) if layout.headline is not None else None
    menus = _menus(units, inside)
    for index in inside:
        unit = units[index]
        if index in menus:
            layout.set(index, Role.DROPPED, f"one of {menus[index]} short lines in a row, as in a menu")
        elif unit.kind in (Kind.TITLE, Kind.SENTENCE, Kind.SECTION) and bare(unit.paragraph.text) == heading:
            layout.set(index, Role.DROPPED, "the headline printed again")
        elif unit.kind in (Kind.TITLE, Kind.SECTION):
            layout.set(index, Role.SUBHEAD, f"a subhead: {unit.words} words between paragraphs")
        elif unit.kind in (Kind.TEXT, Kind.SENTENCE):
            layout.set(index, Role.BODY, unit.rule)
        elif unit.kind is Kind.BYLINE and index - layout.first_text <= 1:
            layout.bylines.append(index)
            layout.set(index, Role.BYLINE, "a byline after the first paragraph")
    first = layout.first_text
    layout.dateline = dateline_of(units[first].paragraph.text)
    if layout.dateline:
        layout.set(first, Role.DATELINE, f"text that opens with a dateline; {units[first].rule}")
    layout.drop_separators(inside)


def _menus(units: Sequence[Judged], indexes: range) -> dict[int, int]:
    """Return the title-like lines that stand in rows of at least ``MENU_LINES``, each with the length of its row."""
    menus: dict[int, int] = {}
    row: list[int] = []
    for index in (*indexes, indexes.stop):
        kind = units[index].kind if index in indexes else Kind.TEXT
        if kind in (Kind.TITLE, Kind.SECTION, Kind.FURNITURE):
            row.append(index)
            continue
        lines = [at for at in row if units[at].kind is not Kind.FURNITURE]
        if len(row) >= MENU_LINES:
            menus.update(dict.fromkeys(lines, len(row)))
        row = []
    return menus


def _lay_out_tail(layout: Layout) -> None:
    """Keep what goes on directly after the last paragraph as sentences; the rest is furniture."""
    tail = range(layout.last_text + 1, len(layout.units))
    going_on = True
    for index in tail:
        unit = layout.units[index]
        sentence = unit.kind is Kind.SENTENCE or (unit.kind is Kind.TITLE and unit.words >= TAIL_WORDS)
        going_on = going_on and sentence
        if going_on:
            layout.set(index, Role.BODY, unit.rule)
            layout.last_text = index
        elif unit.kind is Kind.TEXT:
            layout.set(index, Role.DROPPED, f"apart from the main text: {unit.words} words among furniture")
        elif unit.kind in (Kind.TITLE, Kind.SENTENCE, Kind.BYLINE):
            layout.set(index, Role.DROPPED, f"after the last paragraph: {unit.rule}")
    layout.drop_separators(tail)
