"""The parts of one article: where its text begins and ends, which line is headline, deck, byline, subhead,
furniture.

Law: every paragraph gets exactly one role; nothing is lost, only dropped with the rule that said so.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from app.intake.bylines import dateline_of
from app.intake.furniture import bare
from app.intake.lines import TEXT_WORDS, Judged, Kind
from app.intake.reading import Role

# In the head block, lines of up to so many words that nothing else explains are furniture ("Munich",
# "World").
SHORT_WORDS = 3
# A longer title-like line is a deck: the longest headlines in common use have fourteen words.
HEADLINE_WORDS = 14
# After the last paragraph a line without a final mark is furniture, unless it is as long as a sentence.
TAIL_WORDS = 15

# What a paragraph adds to a run of text, and what breaks one: the main text is the run with the highest sum.
_TEXT_WORTH_WORDS = 60
_COSTS = {
    Kind.FURNITURE: 12.0, Kind.SECTION: 12.0, Kind.TEASER: 12.0, Kind.DATE: 12.0, Kind.BYLINE: 4.0,
    Kind.TITLE: 6.0, Kind.SENTENCE: -3.0, Kind.SEPARATOR: 0.0,
}  # fmt: skip


@dataclass(slots=True)
class Layout:
    """The roles of an article's paragraphs as they are found, in the order of the paragraphs."""

    units: Sequence[Judged]
    roles: list[Role]
    rules: list[str]
    headline: int | None = None
    deck: int | None = None
    bylines: list[int] = field(default_factory=list)
    dateline: str | None = None
    first_text: int = 0
    last_text: int = -1

    def set(self, index: int, role: Role, rule: str) -> None:
        """Give the paragraph at ``index`` its role."""
        self.roles[index] = role
        self.rules[index] = rule


def lay_out(units: Sequence[Judged]) -> Layout | None:
    """Return the roles of ``units``, the paragraphs of one article with its furniture; None without any text."""
    units = _with_text(units)
    span = _main_text(units)
    if span is None:
        return None
    layout = Layout(units, [Role.DROPPED] * len(units), [unit.rule for unit in units])
    layout.first_text, layout.last_text = span
    _lay_out_head(layout)
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

    The maximum-sum run of paragraph values (Bentley 1984, Kadane's algorithm): words of text against a fixed
    cost for each kind of furniture. It begins and ends with text.
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
        else:
            total -= _COSTS[unit.kind]
    return None if best is None else best[1:]


def _lay_out_head(layout: Layout) -> None:
    """Find headline, deck and bylines ahead of the text; what else stands there is furniture or a first
    subhead.
    """
    head = range(layout.first_text)
    units = layout.units
    for index in head:
        if units[index].kind is Kind.TEXT:
            layout.set(
                index, Role.DROPPED, f"apart from the main text: {units[index].words} words among furniture"
            )
    printed = Counter(bare(unit.paragraph.text) for unit in units if unit.kind in (Kind.TITLE, Kind.SENTENCE))
    candidates = [index for index in head if _may_head(units[index], printed)]
    layout.headline = _headline(layout, candidates, printed)
    after = [index for index in candidates if layout.headline is None or index > layout.headline]
    heading = bare(units[layout.headline].paragraph.text) if layout.headline is not None else None
    for index in head:
        unit = units[index]
        if unit.kind is Kind.BYLINE:
            layout.bylines.append(index)
            layout.set(index, Role.BYLINE, "a byline ahead of the text")
        elif unit.kind in (Kind.TITLE, Kind.SENTENCE) and index != layout.headline:
            _place_in_head(layout, index, index in after, heading)
    _mark_separators(layout, head)


def _may_head(unit: Judged, printed: Counter[str]) -> bool:
    """Say whether a line of the head block can be headline or deck."""
    if unit.kind not in (Kind.TITLE, Kind.SENTENCE):
        return False
    return unit.words > SHORT_WORDS or printed[bare(unit.paragraph.text)] > 1


def _headline(layout: Layout, candidates: list[int], printed: Counter[str]) -> int | None:
    """Choose the headline: a line printed again, else the first of those up to 14 words that is not a deck."""
    units = layout.units
    for index in candidates:
        times = printed[bare(units[index].paragraph.text)]
        if times > 1:
            layout.set(index, Role.HEADLINE, f"the headline: printed {times} times")
            return index
    short = [index for index in candidates if units[index].words <= HEADLINE_WORDS]
    if not short:
        return None
    chosen = max(short, key=lambda index: units[index].words)
    words = units[chosen].words
    layout.set(
        chosen,
        Role.HEADLINE,
        f"the headline: with {words} words the longest title-like line up to 14 ahead of the text",
    )
    return chosen


def _place_in_head(layout: Layout, index: int, follows: bool, heading: str | None) -> None:
    """Place a title-like line of the head block that is not the headline."""
    unit = layout.units[index]
    if bare(unit.paragraph.text) == heading:
        layout.set(index, Role.DROPPED, "the headline printed again")
    elif not follows:
        rule = "short and ahead of the text" if unit.words <= SHORT_WORDS else "stands before the headline"
        layout.set(index, Role.DROPPED, f"{rule}: {unit.words} words")
    elif layout.deck is None:
        layout.deck = index
        layout.set(index, Role.DECK, f"the deck: {unit.words} words between headline and text")
    else:
        layout.set(index, Role.SUBHEAD, f"a subhead: {unit.words} words between deck and text")


def _lay_out_text(layout: Layout) -> None:
    """Keep what stands between the first and the last paragraph of text, save furniture and repeats."""
    units = layout.units
    inside = range(layout.first_text, layout.last_text + 1)
    heading = bare(units[layout.headline].paragraph.text) if layout.headline is not None else None
    for index in inside:
        unit = units[index]
        if unit.kind in (Kind.TITLE, Kind.SENTENCE, Kind.SECTION) and bare(unit.paragraph.text) == heading:
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
    _mark_separators(layout, inside)


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
    _mark_separators(layout, tail)


def _mark_separators(layout: Layout, indexes: range) -> None:
    for index in indexes:
        if layout.units[index].kind is Kind.SEPARATOR:
            layout.set(index, Role.SEPARATOR, layout.units[index].rule)
