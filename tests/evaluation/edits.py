"""What becomes of a text on its way from desk to desk: every kind of edit that must still be recognised.

Law: an edit is a function of a chance, a text and texts that have nothing to do with it; no edit knows how repeats are
found.
"""

import re
import string
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from numpy.random import Generator

from app.domain.article import RepeatKind

COPY, PART, CONTAINS, SHARES = RepeatKind.COPY, RepeatKind.PART, RepeatKind.CONTAINS, RepeatKind.SHARES

_SENTENCE = re.compile(r"(?<=[.!?][\"”’')\s])\s*(?=[\"“‘'(A-Z0-9])")
_CHROME = (
    "Home News Sport Weather Video Newsletters Sign in",
    "Share this on Facebook Twitter LinkedIn Email Copy link",
    "Advertisement",
    "Read more",
    "Most popular in this section",
    "Get the day's headlines in your inbox every morning. Enter your address to subscribe.",
    "Copyright. All rights reserved. This material may not be published, broadcast or redistributed.",
    "Leave a comment Your name Your email Post",
)
_TYPOGRAPHY = str.maketrans(
    {'"': "”", "'": "’", "-": "–", "“": '"', "”": '"', "’": "'", "‘": "'", "–": "-", "—": "-"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A text with its title."""

    title: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One kind of edit. ``kinds`` are the right links from the edited text to each text it was made of.

    ``parts`` is how many archived texts it is made of; the rest of the texts ``apply`` receives are strange to it.
    No kind at all means that the two must not be folded: shared passages or no link is right.
    """

    name: str
    apply: Callable[[Generator, Sequence[Text], Sequence[Text]], str]
    kinds: frozenset[RepeatKind]
    parts: int = 1


def sentences(text: str) -> list[str]:
    """Return the sentences of a text, each with the white space that follows it left out."""
    return [sentence for sentence in _SENTENCE.split(text) if sentence.strip()]


def paragraphs(text: str) -> list[str]:
    """Return the paragraphs of a text; of one printed in a single block, groups of three sentences."""
    found = [paragraph for paragraph in text.split("\n") if paragraph.strip()]
    if len(found) > 2:
        return found
    each = sentences(text)
    return [" ".join(each[start : start + 3]) for start in range(0, len(each), 3)]


def _title_changed(chance: Generator, texts: Sequence[Text], strange: Sequence[Text]) -> str:
    return f"{strange[0].title}\n\n{texts[0].body}"


def _dropped(chance: Generator, texts: Sequence[Text], strange: Sequence[Text]) -> str:
    each = sentences(texts[0].body)
    gone = set(chance.choice(len(each), size=round(len(each) * 0.2), replace=False).tolist())
    return " ".join(sentence for place, sentence in enumerate(each) if place not in gone)


def _inserted(chance: Generator, texts: Sequence[Text], strange: Sequence[Text]) -> str:
    each = sentences(texts[0].body)
    for sentence in sentences(strange[0].body)[: max(1, round(len(each) * 0.15))]:
        each.insert(int(chance.integers(len(each) + 1)), sentence)
    return " ".join(each)


def _replaced(chance: Generator, texts: Sequence[Text], strange: Sequence[Text]) -> str:
    each = sentences(texts[0].body)
    count = round(len(each) * chance.uniform(0.25, 0.3))
    others = sentences(strange[0].body)
    for number, place in enumerate(chance.choice(len(each), size=count, replace=False).tolist()):
        each[place] = others[number % len(others)]
    return " ".join(each)


def _third_cut(chance: Generator, texts: Sequence[Text], strange: Sequence[Text]) -> str:
    words = texts[0].body.split()
    third = len(words) // 3
    return " ".join(words[third:] if chance.random() < 0.5 else words[: len(words) - third])


def _excerpt(chance: Generator, texts: Sequence[Text], strange: Sequence[Text]) -> str:
    words = texts[0].body.split()
    length = len(words) // 4
    start = int(chance.integers(len(words) - length + 1))
    return " ".join(words[start : start + length])


def _digest(chance: Generator, texts: Sequence[Text], strange: Sequence[Text]) -> str:
    return "\n\n".join(f"{text.title}\n\n{text.body}" for text in texts)


def _longer(chance: Generator, texts: Sequence[Text], strange: Sequence[Text]) -> str:
    return f"{texts[0].body}\n\n{strange[0].body}"


def _chrome(chance: Generator, texts: Sequence[Text], strange: Sequence[Text]) -> str:
    lines = chance.permutation(len(_CHROME))
    above, below = lines[:3], lines[3:6]
    return "\n".join(
        [*(_CHROME[n] for n in above), texts[0].title, texts[0].body, *(_CHROME[n] for n in below)]
    )


def _lede_rewritten(chance: Generator, texts: Sequence[Text], strange: Sequence[Text]) -> str:
    return " ".join([*sentences(strange[0].body)[:2], *sentences(texts[0].body)[2:]])


def _reordered(chance: Generator, texts: Sequence[Text], strange: Sequence[Text]) -> str:
    each = paragraphs(texts[0].body)
    return "\n\n".join(each[place] for place in chance.permutation(len(each)))


def _numbers(chance: Generator, texts: Sequence[Text], strange: Sequence[Text]) -> str:
    return re.sub(r"\d+", lambda found: str(int(chance.integers(1, 10 ** len(found.group())))), texts[0].body)


def _typography(chance: Generator, texts: Sequence[Text], strange: Sequence[Text]) -> str:
    return texts[0].body.translate(_TYPOGRAPHY)


def _wrong_letters(chance: Generator, texts: Sequence[Text], strange: Sequence[Text]) -> str:
    letters = list(texts[0].body)
    places = [place for place, letter in enumerate(letters) if letter.isalpha()]
    for place in chance.choice(places, size=round(len(places) * 0.02), replace=False).tolist():
        letters[place] = _other_letter(chance, letters[place])
    return "".join(letters)


def _wrong_words(chance: Generator, texts: Sequence[Text], strange: Sequence[Text]) -> str:
    words = texts[0].body.split()
    for place in chance.choice(len(words), size=round(len(words) * 0.15), replace=False).tolist():
        at = int(chance.integers(len(words[place])))
        words[place] = words[place][:at] + _other_letter(chance, words[place][at]) + words[place][at + 1 :]
    return " ".join(words)


def _other_letter(chance: Generator, letter: str) -> str:
    choice = [other for other in string.ascii_lowercase if other != letter.lower()]
    return choice[int(chance.integers(len(choice)))]


def _agency(chance: Generator, texts: Sequence[Text], strange: Sequence[Text]) -> str:
    added = paragraphs(strange[0].body)[0]
    each = paragraphs(texts[0].body)
    each.insert(int(chance.integers(len(each) + 1)), " ".join(added.split()[:70]))
    return "\n\n".join([strange[0].title, *each])


def _own_words(
    chance: Generator, texts: Sequence[Text], strange: Sequence[Text], least: float = 0.1
) -> list[str]:
    """Words to add that make up ``least`` to 60 % of the whole, and are 100 at least: more than a paragraph."""
    share = chance.uniform(least, 0.6)
    count = max(100, round(len(texts[0].body.split()) * share / (1 - share)))
    return " ".join(text.body for text in strange).split()[:count]


def _own_text_added(chance: Generator, texts: Sequence[Text], strange: Sequence[Text]) -> str:
    each = paragraphs(texts[0].body)
    place = (0, len(each), int(chance.integers(len(each) + 1)))[int(chance.integers(3))]
    each.insert(place, " ".join(_own_words(chance, texts, strange)))
    return "\n\n".join(each)


def _own_text_around(chance: Generator, texts: Sequence[Text], strange: Sequence[Text]) -> str:
    words = _own_words(chance, texts, strange, least=0.2)
    middle = len(words) // 2
    return "\n\n".join((" ".join(words[:middle]), texts[0].body, " ".join(words[middle:])))


def _digest_of_cut(chance: Generator, texts: Sequence[Text], strange: Sequence[Text]) -> str:
    return "\n\n".join(f"{text.title}\n\n{_dropped(chance, [text], strange)}" for text in texts)


def _same_boilerplate(chance: Generator, texts: Sequence[Text], strange: Sequence[Text]) -> str:
    words, others = texts[0].body.split(), strange[0].body.split()
    length = min(len(words), len(others))
    shared = int(length * chance.uniform(0.2, 0.45))
    return " ".join(words[:shared] + others[: length - shared])


def _same_opening(chance: Generator, texts: Sequence[Text], strange: Sequence[Text]) -> str:
    return " ".join(texts[0].body.split()[:40]) + "\n\n" + strange[0].body


def _quotation(chance: Generator, texts: Sequence[Text], strange: Sequence[Text]) -> str:
    words, others = texts[0].body.split(), strange[0].body.split()
    start = int(chance.integers(max(1, len(words) - 60)))
    middle = len(others) // 2
    return " ".join(others[:middle] + words[start : start + 60] + others[middle:])


EDITS = (
    Edit(name="title changed", apply=_title_changed, kinds=frozenset({COPY})),
    Edit(name="20 % of sentences dropped", apply=_dropped, kinds=frozenset({COPY, PART})),
    Edit(name="15 % of sentences inserted", apply=_inserted, kinds=frozenset({COPY})),
    Edit(name="25–30 % of sentences replaced", apply=_replaced, kinds=frozenset({COPY})),
    Edit(name="head or tail third cut", apply=_third_cut, kinds=frozenset({COPY, PART})),
    Edit(name="quarter-length excerpt", apply=_excerpt, kinds=frozenset({PART})),
    Edit(name="digest of two", apply=_digest, kinds=frozenset({CONTAINS}), parts=2),
    Edit(name="digest of five", apply=_digest, kinds=frozenset({CONTAINS}), parts=5),
    Edit(name="chrome added", apply=_chrome, kinds=frozenset({COPY})),
    Edit(name="lede rewritten", apply=_lede_rewritten, kinds=frozenset({COPY})),
    Edit(name="paragraphs reordered", apply=_reordered, kinds=frozenset({COPY})),
    Edit(name="numbers changed", apply=_numbers, kinds=frozenset({COPY})),
    Edit(name="quotes and dashes changed", apply=_typography, kinds=frozenset({COPY})),
    Edit(name="2 % of letters wrong", apply=_wrong_letters, kinds=frozenset({COPY})),
    Edit(name="a letter wrong in 15 % of words", apply=_wrong_words, kinds=frozenset({COPY})),
    Edit(name="agency text, new headline, paragraph added", apply=_agency, kinds=frozenset({COPY})),
    Edit(name="own text added, 10–60 % of the whole", apply=_own_text_added, kinds=frozenset({CONTAINS})),
    Edit(name="own text above and below, 20–60 %", apply=_own_text_around, kinds=frozenset({CONTAINS})),
)

# Not in the list of edits, and as important: what must not be folded under its source.
TRAPS = (
    Edit(name="as much text of its own again", apply=_longer, kinds=frozenset({CONTAINS})),
    Edit(
        name="digest of two, 20 % of sentences dropped",
        apply=_digest_of_cut,
        kinds=frozenset({CONTAINS, SHARES}),
        parts=2,
    ),
    Edit(name="20–45 % boilerplate in common", apply=_same_boilerplate, kinds=frozenset()),
    Edit(name="an opening of 40 words in common", apply=_same_opening, kinds=frozenset()),
    Edit(name="a quotation of 60 words in common", apply=_quotation, kinds=frozenset()),
)
