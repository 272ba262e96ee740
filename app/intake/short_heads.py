"""Whether a line of one to three words ahead of the text is its headline: "Quay closed", "Rates cut", "王毅访德".

Law: the text has to speak of it, or its look and its place have to leave nothing else that it could be. The name of a
paper, a section or a place is worse than no headline. Figures: docs/splitting.md.
"""

import itertools
import math
from collections.abc import Sequence

from app.intake.background import background
from app.intake.furniture import bare
from app.intake.language import language_of
from app.intake.lines import Judged, Kind, asks
from app.intake.paragraphs import UNSPACED
from app.intake.terms import Terms

# Lines of up to so many words are short: ahead of a text they are furniture as often as a headline.
SHORT_WORDS = 3
# More short lines than these ahead of a text are a menu.
_MOST_LINES = 3
# A word of a lone line tells what the text is about where fewer than half of all articles have it; among other short
# lines, where fewer than one in seven has it.
_TELLING_ALONE = math.log(2)
_TELLING_AMONG_OTHERS = math.log(7)
# How common a word is we know in English alone; elsewhere words of so many letters tell.
_TELLING_LETTERS = 4
# "Opinion:" and "Rates cut, " go on; "(Jane Doe/Agency)" and "<ACME.O>" are asides.
_GOES_ON = frozenset(":;,-–—：；，、،؛")
_ASIDES = frozenset("([{<@#*")


def short_headline(head: Sequence[Judged], opening: Sequence[str]) -> tuple[int, str] | None:
    """Return the index of the short line in ``head`` that is the headline, and the rule that says so; else None.

    ``head``: what stands ahead of the text, without any line long enough for a headline; ``opening``: the beginnings
    of the first paragraphs of the text.
    """
    lines = _short_lines(head)
    if not lines or any(unit.kind in (Kind.TEXT, Kind.TEASER) for unit in head):
        return None
    first = lines[0]
    if len(lines) == 1 and first == 0 and asks(head[0].paragraph.text):
        return 0, f"the headline: a question of {head[0].words} words that stands first"
    deck = next((index for index, unit in enumerate(head) if _is_long(unit)), len(head))
    possible = [index for index in lines if index < deck and _may_be_headline(head, index)]
    if not possible:
        return None
    terms = Terms(language := language_of("\n\n".join(opening)))
    lead = frozenset(itertools.chain.from_iterable(map(terms.of, opening)))
    least = _TELLING_ALONE if len(lines) == 1 else _TELLING_AMONG_OTHERS
    for index in possible:
        shared = frozenset(terms.of(head[index].paragraph.text)) & lead
        if telling := sum(_tells(term, language, least) for term in shared):
            return (
                index,
                f"the headline: {head[index].words} words ahead of the text, shares {telling} with it",
            )
    if possible == lines == [0] and _stands_free(head):
        return 0, f"the headline: {head[0].words} words, the first line and the only one ahead of the text"
    return None


def _short_lines(head: Sequence[Judged]) -> list[int]:
    """Return the indexes of the short lines, each as it is printed first; none where they are a menu."""
    printed: dict[str, int] = {}
    for index, unit in enumerate(head):
        if unit.kind in (Kind.TITLE, Kind.SENTENCE) and unit.words <= SHORT_WORDS:
            printed.setdefault(bare(unit.paragraph.text), index)
            if len(printed) > _MOST_LINES:
                return []
    return list(printed.values())


def _is_long(unit: Judged) -> bool:
    return unit.kind in (Kind.TITLE, Kind.SENTENCE) and unit.words > SHORT_WORDS


def _may_be_headline(head: Sequence[Judged], index: int) -> bool:
    """Say whether a short line is complete, no aside, and no single word above a date, as the name of a place is."""
    text = head[index].paragraph.text
    place = head[index].words == 1 and index + 1 < len(head) and head[index + 1].kind is Kind.DATE
    return not place and text[0] not in _ASIDES and text.rstrip("\"'”’) ")[-1:] not in _GOES_ON


def _tells(term: str, language: str | None, least: float) -> bool:
    if language not in ("en", None):
        return len(term) >= _TELLING_LETTERS or UNSPACED.match(term) is not None
    return background().rarity(term) >= least


def _stands_free(head: Sequence[Judged]) -> bool:
    """Say whether the first line reads like a sentence ("Quay closed"), and no furniture stands with it: names of
    papers, sections, places and people have capitals, or are one word."""
    opening, *others = head[0].paragraph.text.split()
    sentence = opening[0].isupper() and not opening.isupper() and all(word[0].islower() for word in others)
    return bool(others) and sentence and all(unit.kind not in (Kind.FURNITURE, Kind.SECTION) for unit in head)
