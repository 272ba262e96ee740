"""How text becomes the words that are indexed and asked for: one analysis for every engine and for the highlights.

Law: a text has at least one word exactly when it holds a letter or a digit, and what a question asks for is always
among the terms that the same word is indexed under. Change anything here and raise ``VERSION``: an index made by
another version is refused.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import chain

import Stemmer  # type: ignore[import-not-found]

from app.domain.snowball import SNOWBALL
from app.domain.text import CHARACTERS

VERSION = 6

_TAG = ":"  # behind the language of a term, where that is not English; no word holds one

_LONGEST_TERM = (
    80  # a run of letters longer than that is no word; without a bound a 10 MB line would be one term
)

_LONGEST_KEPT = 40  # of what stands between two spaces, in code points: longer ones seldom come again

_MOST_KEPT = 100_000

_MOST_PARTS = 4  # of a word with apostrophes; nobody writes more

# Marks that Python's \w leaves out: combining accents, Hebrew and Arabic points, the vowel signs of Indic scripts; and
# what is invisible inside a word (soft hyphen, joiners, direction marks).
_MARKS = r"\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670\u0900-\u0dff\u00ad\u200b-\u200f\u2060\ufeff"

# What belongs to the character before it: vowels, tones and other signs of Thai, Lao, Burmese and Khmer, and the sound
# marks of half-width Katakana. Some are
# letters to Unicode, but none begins a syllable; without its signs a character could be any of twenty syllables.
_SIGNS = (
    r"\u0e30-\u0e3a\u0e45\u0e47-\u0e4e\u0eb0-\u0ebd\u0ec8-\u0ece\u102b-\u103e\u1056-\u1059\u105e-\u1060\u1062-\u1064"
    r"\u1067-\u106d\u1071-\u1074\u1082-\u108d\u108f\u109a-\u109d\ua9e5\uaa7b-\uaa7d\u17b4-\u17d3\u17dd\uff9e\uff9f"
)
_STACKED = rf"[\u1039\u17d2][{CHARACTERS}]"  # a letter written below another one
# One syllable of Korean, also where its letters stand one by one (NFD).
_SYLLABLE = r"(?:[\u1100-\u1112][\u1161-\u1175]|[\uac00-\ud7a3])[\u11a8-\u11c2]?"
_LETTER = rf"[^\W\d_{CHARACTERS}]"
_REST = rf"[^\W_{CHARACTERS}]*(?:[{_MARKS}]+[^\W_{CHARACTERS}]*)*"
# No letter of the same word stands before or behind; characters adjoin words of other scripts (C#을).
_BEGINS, _ENDS = rf"(?<![^\W{CHARACTERS}])", rf"(?![^\W{CHARACTERS}])"
_APOSTROPHE = "['’‘‛´`′ʻʼ＇]"  # and what is typed in its place
_CURRENCY = "[€$£¥₹₽]"

_KINDS = {
    "syllable": _SYLLABLE,
    "character": rf"(?=[^\W_])[{CHARACTERS}](?:[\u200c\u200d]?(?:{_STACKED}|[{_SIGNS}]))*",
    "initials": rf"{_BEGINS}{_LETTER}(?:\.{_LETTER})+{_ENDS}\.?(?:{_APOSTROPHE}s\b)?",  # U.S., U.S.A, p.m.
    "sharp": rf"{_BEGINS}{_LETTER}(?:\+\+|\#){_ENDS}",  # C++, C#
    "number": rf"{_CURRENCY}?\d+(?:,\d{{3}}(?!\d))*(?:\.\d+)*{_REST}",  # 19th, 1,000, €140, $1.5bn
    "word": rf"{_LETTER}{_REST}(?:(?:{_APOSTROPHE}|&){_LETTER}{_REST})*",  # O'Neill, AT&T; al-Sharaa is two words
}
_WORD = re.compile("|".join(_KINDS.values()))
_KIND = re.compile("|".join(f"(?P<{kind}>{pattern})" for kind, pattern in _KINDS.items()))
_AROUND = '.,;:!?()[]“”"'  # what may stand around a word and belongs to none
_ENDING = re.compile(rf"{_APOSTROPHE}(?:s|t|ll|re|ve|d|m)$", re.IGNORECASE)
_JOINT = re.compile(_APOSTROPHE)
_SIGN = re.compile(f"[{_SIGNS}]")
_UNHEARD = frozenset({"Mn", "Cf", "Zs"})  # accents, what is invisible, spaces
# Letters that have no decomposition in Unicode and that people type without their stroke.
_STROKES = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h"}
)


@dataclass(frozen=True, slots=True)
class Word:
    """One word as it is compared: ``asked`` is the term a question looks for, ``terms`` (``asked`` among them) are
    those it is indexed under, ``form`` is the word as it was written, folded, for wildcards."""

    asked: str
    terms: tuple[str, ...]
    form: str


def fold(text: str) -> str:
    """Return ``text`` without case, accents, ligatures and invisible characters, the letters of Korean as syllables,
    and the digits of every script as those of ASCII. A mark that counts as a letter stays where it stands by itself."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(map(_heard, decomposed))
    if not kept and any(map(str.isalnum, text)):
        kept = text
    return unicodedata.normalize("NFC", kept).casefold().translate(_STROKES)


def _heard(char: str) -> str:
    category = unicodedata.category(char)
    if category == "Nd":
        return str(unicodedata.decimal(char))
    return "" if category in _UNHEARD and not _SIGN.match(char) else char


class _Kept(dict[str, tuple[Word, ...]]):
    """The words of what stands between two spaces, by that: no word reaches over a space, and texts repeat themselves.
    Asked as a dictionary it costs a twentieth of reading again, and half of what ``lru_cache`` does."""

    def __init__(self, read: Callable[[str], Word]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, run: str) -> tuple[Word, ...]:
        bare = run.strip(_AROUND)
        plain = bare.isascii() and bare.isalpha()  # nearly all
        words = tuple(map(self._read, [bare] if plain else _WORD.findall(run)))
        if len(run) <= _LONGEST_KEPT:
            if len(self) >= _MOST_KEPT:
                self.clear()
            self[run] = words
        return words


class Tongue:
    """How the words of one language are read; ``shorten`` makes of a word the term it is compared by. Safe between
    threads."""

    def __init__(self, shorten: Callable[[str], str]) -> None:
        self._kept = _Kept(lru_cache(maxsize=_MOST_KEPT)(lambda raw: _word(raw, shorten)))

    def words(self, text: str) -> list[Word]:
        """Return the words of a text, stop words among them."""
        return list(chain.from_iterable(map(self._kept.__getitem__, text.split())))

    def words_of(self, run: str) -> tuple[Word, ...]:
        """Return the words of what stands between two spaces."""
        return self._kept[run]


def _by_snowball(language: str) -> Callable[[str], str]:
    # Without a memory of its own a stemmer keeps nothing from one call to the next, and threads can share it.
    stem: Callable[[str], str] = Stemmer.Stemmer(SNOWBALL[language], 0).stemWord
    if language == "en":
        return lambda word: stem(form) if (form := fold(word)).isascii() and form.isalpha() else form
    # The rules know accents, so these are folded afterwards. The term says its language: of the same letters another
    # one may make something else.
    return lambda word: f"{language}{_TAG}{fold(stem(word.casefold()))}"


EXACT = Tongue(fold)  # names and addresses
ENGLISH = Tongue(_by_snowball("en"))
_UNSTEMMED = Tongue(lambda word: f"{_TAG}{fold(word)}")


@cache
def tongue_of(language: str | None) -> Tongue:
    """Return how a text in a language (ISO 639-1) is read: as English where it is not known, word for word where
    Snowball has no rules for it."""
    if language in {None, "", "en"}:
        return ENGLISH
    return Tongue(_by_snowball(language)) if language in SNOWBALL else _UNSTEMMED


def tongues_of(languages: Iterable[str | None]) -> tuple[Tongue, ...]:
    """Return how the texts of some languages are read, English first."""
    return tuple(dict.fromkeys((ENGLISH, *map(tongue_of, languages))))


def readings(text: str, tongues: Iterable[Tongue]) -> list[tuple[str, ...]]:
    """Return the terms that the words of a question are looked for under, in order, as each tongue reads them: a text
    is of one tongue, and has all or none of a reading."""
    return list(dict.fromkeys(tuple(word.asked for word in tongue.words(text)) for tongue in tongues))


def asked(text: str, tongues: Iterable[Tongue]) -> list[tuple[str, ...]]:
    """Return for each word of a question the terms that it is looked for under, each of them where texts of that tongue
    have it."""
    return [tuple(dict.fromkeys(words)) for words in zip(*readings(text, tongues), strict=True)]


def spans(text: str) -> list[tuple[int, int]]:
    """Return where each word stands (code points, end exclusive), in the order in which every tongue reads them."""
    return [match.span() for match in _WORD.finditer(text)]


def _word(raw: str, shorten: Callable[[str], str]) -> Word:
    if raw.isascii() and raw.isalpha():
        return _joined(raw, [raw], shorten)
    match = _KIND.match(raw)
    match match.lastgroup if match else None:
        case "initials":
            letters = re.split(_APOSTROPHE, raw)[0].replace(".", "")
            form = fold(letters)
            return Word(_dotted(form), (shorten(letters), _dotted(form)), form)
        case "number":
            return _number(fold(raw).replace(",", "")[:_LONGEST_TERM])
        case "word":
            bare = _ENDING.sub("", raw)
            parts = _JOINT.split(bare)
            return _joined(bare, parts if any(parts) else [raw], shorten)  # ʼ by itself counts as a letter
        case _:
            form = fold(raw)[:_LONGEST_TERM]
            return Word(form, (form,), form)


def _dotted(letters: str) -> str:
    """Return the term under which initials are indexed with or without stops, so that U.S. never finds "us"."""
    return ".".join(letters) + "."


def _number(form: str) -> Word:
    bare = form.lstrip("€$£¥₹₽")
    return Word(form, (bare,) if bare == form else (bare, form), bare)


def _joined(bare: str, parts: Sequence[str], shorten: Callable[[str], str]) -> Word:
    """Return a word of which apostrophes hold ``parts`` together."""
    whole = "".join(parts)[:_LONGEST_TERM]
    form = fold(whole)[:_LONGEST_TERM]
    asked = shorten(whole)[:_LONGEST_TERM]
    terms = [asked]
    # O'Neill is found by Neill, l'Élysée by Élysée, d'aujourd'hui by aujourd'hui.
    for first in range(1, min(len(parts), _MOST_PARTS)):
        rest = "".join(parts[first:])
        if len(rest) > 2:
            terms.append(shorten(rest[:_LONGEST_TERM])[:_LONGEST_TERM])
    if 2 <= len(bare) <= 5 and bare.isupper() and bare.isalpha():  # NATO is found by N.A.T.O.
        terms.append(_dotted(form))
    return Word(asked, tuple(dict.fromkeys(terms)), form)


@dataclass(frozen=True, slots=True)
class Glob:
    """A folded pattern: ``prefix`` is what every fitting form begins with."""

    pattern: str
    prefix: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "prefix", re.split(r"[*?]", self.pattern, maxsplit=1)[0])

    @property
    def is_any_word(self) -> bool:
        """Whether every word fits."""
        return not self.pattern.strip("*")

    def fits_form(self, form: str) -> bool:
        """Whether a folded form or a term fits; a term that says its language is no form."""
        if _TAG in form or not form.startswith(self.prefix):
            return False
        return _glob_expression(self.pattern).fullmatch(form) is not None

    def fits(self, word: Word) -> bool:
        """Whether a word fits: as it was written, or by one of the terms it is indexed under."""
        return self.fits_form(word.form) or any(map(self.fits_form, word.terms))


@lru_cache(maxsize=256)
def _glob_expression(pattern: str) -> re.Pattern[str]:
    first, *others = ("".join("." if c == "?" else re.escape(c) for c in part) for part in pattern.split("*"))
    # What stands between two stars is taken where it comes first and never looked for again: without that, a pattern of
    # many stars takes hours over one long word.
    between = "".join(f"(?>.*?{part})" for part in others[:-1])
    return re.compile(f"{first}{between}.*{others[-1]}" if others else first, re.DOTALL)


_GLOB_PIECE = re.compile(rf"(?:[^\W_]|[{_MARKS}{_SIGNS}]|[*?&+#.]|{_CURRENCY}|{_APOSTROPHE})+")
# A full stop is part of a word only between single letters (U.S.) and digits; that of an address parts two.
_GLOB_STOP = re.compile(r"(?<=[^\W\d_]{2})\.|\.(?=[^\W\d_]{2})")


def globs(pattern: str) -> tuple[Glob, ...]:
    """Return the patterns that ``pattern`` asks for, all of which have to fit some word: ``al-Shar*`` is two."""
    parted = _GLOB_STOP.sub(" ", pattern)
    pieces = (_JOINT.sub("", piece.group()).strip(".") for piece in _GLOB_PIECE.finditer(parted))
    return tuple(Glob("".join(c if c in "*?" else fold(c) for c in piece)) for piece in pieces if piece)


def chains(places: Sequence[Sequence[int]], slop: int) -> list[set[int]]:
    """Return, for every word of a phrase, the positions at which it takes part in an occurrence of the phrase.

    ``places`` holds the positions of each word; neighbours of an occurrence are 1 to ``slop`` positions apart, in
    order. All sets are empty when the phrase does not occur.
    """
    reached = [set(places[0])]
    for positions in places[1:]:
        before = reached[-1]
        reached.append({p for p in positions if any(p - gap in before for gap in range(1, slop + 1))})
    for index in range(len(reached) - 2, -1, -1):
        after = reached[index + 1]
        reached[index] = {p for p in reached[index] if any(p + gap in after for gap in range(1, slop + 1))}
    return reached
