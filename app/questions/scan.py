"""The checks beside the parser: what whoosh-compat reads leniently and a reader should be told about.

Law: every position in a ``Trouble`` is in code points of the text as the user wrote it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from app.errors import Trouble
from app.questions.language import BY_NAME, Kind

DEEPEST = 20  # parentheses inside parentheses; nobody writes more by hand, and every level costs stack in the parser

_STRAIGHT = str.maketrans(dict.fromkeys("“”„‟«»＂", '"') | dict.fromkeys("‘’‚‛‹›´`′ʻʼ＇", "'"))
_HYPHENS = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-"))
_BRACKETS = "[]{}"  # punctuation, outside a range of days: like spaces
_ENDS = rf"(?![^\s(){re.escape(_BRACKETS)}])"
_OPERATOR = re.compile(rf"(?:AND|OR|ANDNOT|&&|\|\|){_ENDS}")
_SPELT = {"&&": "AND", "||": "OR"}
_UNOFFERED = re.compile(rf"(?:ANDMAYBE|REQUIRE){_ENDS}")
_NEGATION = re.compile(rf"NOT{_ENDS}")
_MINUS = re.compile(r"[-−]++(?=[^\s–—)])")
_DOUBLED = re.compile(r"(?<=[^\W_])'{2,}+(?=[^\W_])")  # O''Neill, as some keyboards and databases have it
_DASHES = re.compile(r"[-−]++")
_FIELD = re.compile(r"(?P<name>\w+):")
# The parser takes the first moment after a day, month or year for its end, and after these there is none; as nothing
# comes after them, they are given to it as ranges that are open at that end.
_LAST_DAYS = re.compile(r"9999(?:-12(?:-31)?)?", re.ASCII)
_LAST_DAYS_HERE = re.compile(rf"(?P<quote>[\"']?)(?P<days>{_LAST_DAYS.pattern})(?P=quote){_ENDS}", re.ASCII)
# How far apart the words of a phrase may stand, and what is taken for it.
_DISTANCE = re.compile(r'~[^\s()"^]*|\s+~[-−]?\d+')
_PLACES = re.compile(r"~[1-9]\d*", re.ASCII)
_FAR = "~99999"
_NO_DISTANCE = (
    "“{}” does not say how far apart the words may be. Write ~ and a number from 1 directly behind the quotation mark: "
    "~1 is side by side, ~3 leaves two words between."
)
# The parser takes a question mark for a wildcard and a second colon for that of a field.
_ADDRESS = re.compile(rf"\w+://[^\s()\"*?:]*[?:][^\s()\"*]*{_ENDS}")
_ANY_DAY = re.compile(rf"\*{_ENDS}")
_ANY = "*"  # as an end of a range: open
# What people call last, the parser calls previous.
_LAST = re.compile(r"(?:last|previous)\s+(?P<of>week|month|year)", re.IGNORECASE)
_DAY_FIELDS = "|".join(entry.name for entry in BY_NAME.values() if entry.kind is Kind.DAY)
_DAYS = re.compile(rf"\b(?:{_DAY_FIELDS}):(?:\[[^\]]*|\"[^\"]*|'[^']*|[^\s()]*)", re.IGNORECASE)
# A single quotation mark ends a phrase only at the end of a word; all others are apostrophes. What it holds is bounded,
# so that many marks that open and never close take no time.
_SINGLE = re.compile(rf"'(?=[^\s'])[^\"()]{{1,300}}?(?<=\S)'(?![^\s()~^{re.escape(_BRACKETS)}])")
# Cut at TO afterwards: an expression that also found TO in it, and took off the spaces, tried every way to share out a
# run of spaces, and 20,000 of them took a day.
_RANGE = re.compile(r"\[(?P<days>[^\]}]*+)\]")
_TO = re.compile(r"\bTO\b", re.IGNORECASE)
_QUOTED_RANGE = re.compile(r"(?P<quote>[\"'])(?P<days>[^\"']*)(?P=quote)")
# Abbreviations of Hebrew have a sign of their own before their last letter, which keyboards do not.
_GERSHAYIM = re.compile(r'(?<=[\u05d0-\u05ea])"(?=[\u05d0-\u05ea])')


@dataclass(frozen=True, slots=True, kw_only=True)
class DaysWritten:
    """A range of days as it was written: both ends as text (empty or a star where open), and where it stands."""

    field: str
    first: str
    last: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """``text`` is what the parser gets; ``origin`` maps each of its positions (and its end) to the user's text."""

    text: str
    origin: tuple[int, ...]
    ranges: tuple[DaysWritten, ...]
    troubles: tuple[Trouble, ...]

    def trouble(self, detail: str, start: int | None, end: int | None) -> Trouble:
        """Return a trouble at a place of ``text``, moved to the user's text."""
        first = self.origin[start or 0]
        last = self.origin[min(len(self.text) if end is None else end, len(self.text))]
        return Trouble(detail=detail, start=first, end=max(last, first))


def scan(text: str) -> Scan:
    """Check quotes, parentheses, brackets and operators, and rewrite what the parser does not know."""
    return _Scanner(text).run()


class _Scanner:
    """One pass over the text, from left to right."""

    def __init__(self, text: str) -> None:
        self._text = _straightened(text)
        self._at = 0
        self._written: list[str] = []
        self._origin: list[int] = []
        self._open: list[int] = []
        self._unopened: list[int] = []
        self._ranges: list[DaysWritten] = []
        self._troubles: list[Trouble] = []
        self._operator: int | None = None  # where an operator ended, while nothing but space has followed

    def run(self) -> Scan:
        while self._at < len(self._text):
            self._step()
        self._unpaired(self._open, "not closed")
        self._unpaired(self._unopened, "never opened")
        return Scan(
            text="".join(self._written),
            origin=(*self._origin, len(self._text)),
            ranges=tuple(self._ranges),
            troubles=tuple(sorted(self._troubles, key=lambda t: t.start)),
        )

    def _step(self) -> None:
        char = self._text[self._at]
        if char.isspace() or char in _BRACKETS or self._leaves_out():
            self._put(" ")
            return
        if self._begins_word() and self._operator_here():
            return
        self._operator = None
        match char:
            case '"':
                self._quoted('"')
            case "(":
                self._opened()
            case ")":
                self._closed()
            case "'" if self._begins_word():
                self._quoted("'")
            case _:
                self._plain()

    def _plain(self) -> None:
        if self._begins_word() and (minus := _MINUS.match(self._text, self._at)):
            self._put("NOT ", minus.end())
        elif dashes := _DASHES.match(self._text, self._at):
            # They are one dash, as in well--known: none of them is a minus by itself.
            self._copy(dashes.end())
        elif self._begins_word() and (field := self._field_here()):
            self._fielded(field)
        elif self._begins_word() and self._address_here():
            pass
        elif doubled := _DOUBLED.match(self._text, self._at):
            self._put("'", doubled.end())
        elif self._begins_word() and (word := _UNOFFERED.match(self._text, self._at)):
            for letter in word.group().lower():
                self._put(letter)
        else:
            self._put(self._text[self._at])

    def _operator_here(self) -> bool:
        joining = _OPERATOR.match(self._text, self._at)
        word = joining or _NEGATION.match(self._text, self._at)
        if word is None or (word.group() in _SPELT and not self._stands_between(word)):
            return False
        if joining and self._operator is not None:
            self._fault(f"Between {word.group()} and the operator before it a word is missing.", *word.span())
        self._put(_SPELT.get(word.group(), word.group()), word.end())
        self._operator = self._at
        return True

    def _stands_between(self, sign: re.Match[str]) -> bool:
        before, behind = self._text[: sign.start()].rstrip(), self._text[sign.end() :].lstrip()
        return before[-1:] not in ("", "(") and behind[:1] not in ("", ")")

    def _field_here(self) -> re.Match[str] | None:
        field = _FIELD.match(self._text, self._at)
        return field if field and field["name"].lower() in BY_NAME else None

    def _fielded(self, field: re.Match[str]) -> None:
        name = field["name"].lower()
        minus = _MINUS.match(self._text, field.end())
        self._put(f"NOT {name}:" if minus else f"{name}:", minus.end() if minus else field.end())
        if self._at == len(self._text):
            return
        entry = BY_NAME[name]
        if self._text[self._at] in "[{":
            self._range(name)
        elif (entry.kind is Kind.DAY and self._days_here(name)) or self._address_here():
            pass
        elif self._text[self._at] == "'":
            self._quoted("'")

    def _address_here(self) -> bool:
        """Write an address in quotation marks, and say whether one is here."""
        address = _ADDRESS.match(self._text, self._at)
        if address:
            self._put(f'"{address.group()}"', address.end())
        return address is not None

    def _days_here(self, name: str) -> bool:
        """Write days that the parser does not know in its own way, and say whether they are here."""
        if last_days := _LAST_DAYS_HERE.match(self._text, self._at):
            self._put(f"[{last_days['days']} TO]", last_days.end())
        elif (quoted := _QUOTED_RANGE.match(self._text, self._at)) and (days := _last(quoted["days"])):
            self._put(f'"{days}"', quoted.end())
        elif quoted and _TO.search(quoted["days"]):
            self._note_range(name, _TO.split(quoted["days"], maxsplit=1), *quoted.span())
            return False  # the parser reads it, but swaps what is upside down
        elif any_day := _ANY_DAY.match(self._text, self._at):
            self._put("[TO]", any_day.end())
        else:
            return False
        return True

    def _range(self, name: str) -> None:
        start = self._at
        range_ = _RANGE.match(self._text, start)
        ends = _TO.split(range_["days"], maxsplit=1) if range_ else []
        end = range_.end() if range_ else self._end_of_bracket(start)
        if BY_NAME[name].kind is not Kind.DAY:
            self._fault(f"{name}: takes no range; published: and seen: do.", start, end)
        elif len(ends) < 2:
            self._fault(
                "Write a range of days as [2025-10-01 TO 2025-10-31]; one side may be empty.", start, end
            )
        else:
            self._note_range(name, ends, start, end)
            self._copy(start + 1)
            self._at += len(ends[0]) - len(ends[0].lstrip())  # the parser takes no space there
            self._bound(ends[0])
            self._copy(end - 1 - len(ends[1].lstrip()))
            self._bound("" if _LAST_DAYS.fullmatch(unquoted(ends[1])) else ends[1])
            self._at = end - 1
        self._copy(end)
        if self._text[self._at : self._at + 1] not in ("", "^", "~"):
            self._part()

    def _part(self) -> None:
        """Write a space where there is none."""
        self._written.append(" ")
        self._origin.append(self._at)

    def _note_range(self, name: str, ends: list[str], start: int, end: int) -> None:
        first, last = map(str.strip, ends)
        self._ranges.append(DaysWritten(field=name, first=first, last=last, start=start, end=end))

    def _bound(self, told: str) -> None:
        """Write one end of a range, which stands here, as the parser knows it: words in single quotation marks."""
        bare = _last(told) or unquoted(told)
        self._put(f"'{bare}'" if " " in bare else bare, self._at + len(told.strip()))

    def _end_of_bracket(self, start: int) -> int:
        end = re.compile(r"[\]}]").search(self._text, start)
        return end.end() if end else len(self._text)

    def _quoted(self, mark: str) -> None:
        start = self._at
        single = _SINGLE.match(self._text, start) if mark == "'" else None
        end = single.end() - 1 if single else self._text.find(mark, start + 1)
        if end < 0:
            self._fault("This quotation mark is not closed.", start, start + 1)
            end = len(self._text) - 1
        for position in range(start, end + 1):
            inside = self._text[position]
            self._put('"' if position in (start, end) else " " if inside == '"' else inside)
        if distance := _DISTANCE.match(self._text, self._at):
            if not _PLACES.fullmatch(distance.group()):
                self._fault(_NO_DISTANCE.format(distance.group().strip()), *distance.span())
            elif len(distance.group()) > len(_FAR):
                self._put(_FAR, distance.end())  # the parser fails on a number of thousands of digits

    def _leaves_out(self) -> bool:
        """Whether an apostrophe stands before a word for what is left out, as in 'tis, and begins no phrase."""
        if self._text[self._at] != "'" or not self._begins_word():
            return False
        return _SINGLE.match(self._text, self._at) is None

    def _opened(self) -> None:
        self._open.append(self._at)
        if len(self._open) == DEEPEST + 1:
            detail = f"Parentheses are nested more than {DEEPEST} deep here. Ask for less at once."
            self._fault(detail, self._at, self._at + 1)
        self._put("(")

    def _closed(self) -> None:
        if self._open:
            self._open.pop()
        else:
            self._unopened.append(self._at)
        self._put(")")

    def _unpaired(self, places: list[int], fault: str) -> None:
        """Tell parentheses of one kind at the first of them: a message for each would be as long as the question."""
        match places:
            case []:
                return
            case [start]:
                self._fault(f"This parenthesis was {fault}.", start, start + 1)
            case [start, *_]:
                self._fault(f"{len(places)} parentheses were {fault}; this is the first.", start, start + 1)

    def _begins_word(self) -> bool:
        before = self._written[-1][-1:] if self._written else " "
        return before in " (-−"

    def _put(self, written: str, end: int | None = None) -> None:
        """Write what stands for the next character, or for all before ``end``, and go on behind it."""
        self._written.append(written)
        self._origin.extend([self._at] * len(written))
        self._at = self._at + 1 if end is None else end

    def _copy(self, end: int) -> None:
        """Write all before ``end`` as it stands."""
        while self._at < end:
            self._put(self._text[self._at])

    def _fault(self, detail: str, start: int, end: int) -> None:
        self._troubles.append(Trouble(detail=detail, start=start, end=end))


def lone_words(scanned: Scan) -> Iterator[re.Match[str]]:
    """Yield the words of a query that stand outside quotation marks."""
    bare = re.sub(r'"[^"]*"', lambda quoted: " " * len(quoted.group()), scanned.text)
    return re.finditer(r"(?<!\S)\w+(?!\S)", bare)


def _straightened(text: str) -> str:
    """Return a text, as long as before, with straight quotation marks and apostrophes, with hyphens in its days, and
    without NUL."""
    straight = _GERSHAYIM.sub("\u05f4", text.translate(_STRAIGHT).replace("\0", " "))
    return _DAYS.sub(lambda days: days.group().translate(_HYPHENS), straight)


def _last(told: str) -> str | None:
    """Return the parser's words for the last week, month or year; None for other days."""
    last = _LAST.fullmatch(unquoted(told))
    return f"previous {last['of'].lower()}" if last else None


def unquoted(told: str) -> str:
    """Return one end of a range without spaces and quotation marks around it; a star is an open one, as nothing is."""
    return "" if told.strip() == _ANY else told.strip("\"' ")
