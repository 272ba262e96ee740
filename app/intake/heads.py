"""The head of an article: headline, deck, bylines, and the furniture above and between them.

Law: what the text speaks of decides: a headline shares words with the first paragraphs, a menu does not.
"""

from collections import Counter
from collections.abc import Iterable
from itertools import islice

from app.domain.text import words
from app.intake.furniture import bare
from app.intake.layout import Layout
from app.intake.lines import Judged, Kind
from app.intake.paragraphs import UNSPACED
from app.intake.reading import Role
from app.intake.short_heads import SHORT_WORDS, short_headline

# A longer title-like line is a deck: the longest headlines in common use have fourteen words.
HEADLINE_WORDS = 14
# The headline is known by the words it shares with so much of the text; shorter words say nothing.
_LEAD_PARAGRAPHS = 6
_LEAD_CHARACTERS = 600
_TELLING_LETTERS = 4
_FEWEST_SHARED = 2
# A line that shares such a part of the words that the best line shares is as good, as a deck below the headline may
# share more. In a menu some line shares a word or two by chance, so there the part is larger.
_NEARLY = 0.5
_NEARLY_IN_MENU = 0.8
# More title-like lines than these between headline and text are a menu, of which only the first can be a deck.
_MOST_SUBHEADS = 2
_MENU_SHARED = 3


def lay_out_head(layout: Layout) -> None:
    """Give every paragraph ahead of ``layout.first_text`` its role."""
    head = range(layout.first_text)
    units = layout.units
    printed = Counter(bare(unit.paragraph.text) for unit in units if unit.kind in (Kind.TITLE, Kind.SENTENCE))
    opening = _opening(layout)
    lead = _telling(" ".join(opening))
    titles = [index for index in head if units[index].kind in (Kind.TITLE, Kind.SENTENCE)]
    menu = _are_a_menu(layout, titles)
    candidates = [index for index in titles if _may_head(units[index], printed, menu=menu)]
    layout.headline = _headline(layout, candidates, printed, lead)
    if layout.headline is None and (short := short_headline(units[: layout.first_text], opening)):
        layout.headline, rule = short
        layout.set(layout.headline, Role.HEADLINE, rule)
    for index in head:
        unit = units[index]
        if unit.kind is Kind.BYLINE:
            layout.bylines.append(index)
            layout.set(index, Role.BYLINE, "a byline ahead of the text")
        elif unit.kind is Kind.TEXT:
            layout.set(index, Role.DROPPED, f"apart from the main text: {unit.words} words among furniture")
        elif unit.kind in (Kind.TITLE, Kind.SENTENCE) and index != layout.headline:
            _place_above(layout, index)
    _place_below(layout, [index for index in candidates if index > _or_before(layout.headline)], lead)
    layout.drop_separators(head)


def _or_before(headline: int | None) -> int:
    return -1 if headline is None else headline


def _are_a_menu(layout: Layout, titles: Iterable[int]) -> bool:
    """Say whether so many different lines are more than headline, deck and subheads."""
    return len({bare(layout.units[index].paragraph.text) for index in titles}) > 1 + _MOST_SUBHEADS


def _may_head(unit: Judged, printed: Counter[str], *, menu: bool) -> bool:
    """Say whether a title-like line of the head block can be headline or deck: a short one where it is printed again,
    but not in a menu, which is often printed twice."""
    return unit.words > SHORT_WORDS or (not menu and printed[bare(unit.paragraph.text)] > 1)


def _opening(layout: Layout) -> list[str]:
    """Return the beginnings of the first paragraphs of the text: what it is about."""
    texts = (unit.paragraph.text for unit in layout.units[layout.first_text :] if unit.kind is Kind.TEXT)
    return [text[:_LEAD_CHARACTERS] for text in islice(texts, _LEAD_PARAGRAPHS)]


def _telling(text: str) -> frozenset[str]:
    """Return the words of ``text`` that say something; all of them where words are not divided by spaces."""
    longer = frozenset(word for word in words(text) if len(word) >= _TELLING_LETTERS)
    return longer | frozenset(UNSPACED.findall(text))


def _headline(
    layout: Layout, candidates: list[int], printed: Counter[str], lead: frozenset[str]
) -> int | None:
    """Choose the headline among lines of up to 14 words: one that is printed again and shares a word with the
    text's beginning (in a menu, nearly as many as the best); else the first that shares nearly as many as the best;
    else, where none shares two, the longest of those that share most."""
    texts = [unit.paragraph.text for unit in layout.units[: layout.first_text]]
    lengths = {index: layout.units[index].words for index in candidates}
    shared = {
        index: len(_telling(texts[index]) & lead) for index in candidates if lengths[index] <= HEADLINE_WORDS
    }
    if not shared:
        return None
    menu = _are_a_menu(layout, shared)
    nearly = max(_FEWEST_SHARED, max(shared.values()) * (_NEARLY_IN_MENU if menu else _NEARLY))
    telling = [index for index in shared if shared[index] >= nearly]
    possible = telling if menu else [index for index in shared if shared[index]]
    again = [index for index in possible if printed[bare(texts[index])] > 1]
    longest = max(shared, key=lambda index: (shared[index], lengths[index]))
    chosen = [*again, *telling, longest][0]
    times = f", and is printed {printed[bare(texts[chosen])]} times" if again else ""
    rule = f"the headline: {lengths[chosen]} words ahead of the text, shares {shared[chosen]} with it{times}"
    layout.set(chosen, Role.HEADLINE, rule)
    return chosen


def _place_above(layout: Layout, index: int) -> None:
    """Drop a title-like line of the head block; those after the headline are looked at once more."""
    unit = layout.units[index]
    if layout.headline is not None and bare(unit.paragraph.text) == bare(
        layout.units[layout.headline].paragraph.text
    ):
        rule = "the headline printed again"
    elif unit.words <= SHORT_WORDS:
        rule = f"short and ahead of the text: {unit.words} words"
    else:
        rule = f"stands before the headline: {unit.words} words"
    layout.set(index, Role.DROPPED, rule)


def _place_below(layout: Layout, after: list[int], lead: frozenset[str]) -> None:
    """Choose deck and first subheads among the lines between headline and text; a row of them is a menu."""
    units = layout.units
    heading = None if layout.headline is None else bare(units[layout.headline].paragraph.text)
    lines = [index for index in after if bare(units[index].paragraph.text) != heading]
    menu = len(lines) > 1 + _MOST_SUBHEADS
    for index in lines:
        unit = units[index]
        if layout.deck is None and (not menu or len(_telling(unit.paragraph.text) & lead) >= _MENU_SHARED):
            layout.deck = index
            layout.set(index, Role.DECK, f"the deck: {unit.words} words between headline and text")
        elif menu:
            layout.set(
                index, Role.DROPPED, f"one of {len(lines)} lines between headline and text, as in a menu"
            )
        else:
            layout.set(index, Role.SUBHEAD, f"a subhead: {unit.words} words between deck and text")
