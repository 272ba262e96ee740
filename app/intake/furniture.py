"""The furniture of web pages, line by line: menus, buttons, adverts, forms, credits, and the rule that knew
each.

Law: what is listed here is furniture wherever it stands; what is furniture only by its place is judged in
``layout``. The lists are in ``data/furniture.json``; they are compared after case folding.
"""

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

# Punctuation and marks that decorate a line without changing what it is: "Read more »", "[Advertisement]".
_DECORATION = " \t\xa0\u200b\ufeff.,:;!?…|/\\<>»«›‹→←▶►▼▲•·*-–—_=+#()[]{}\"'“”‘’。！？：，、「」【】"
_PREFIX_LENGTH = 60
_LONGEST_LISTED = 64
_LONGEST_OPENING = 60  # words of a line that one of the openings can condemn
_LONGEST_BY_CUES = 80  # words of a line that so many cues can condemn
_FEWEST_CUES = 2


def _whole(name: str, *alternatives: str) -> tuple[str, str]:
    return name, "|".join(alternatives)


def _first_of(*named: tuple[str, str]) -> tuple[re.Pattern[str], tuple[str, ...]]:
    """Return one pattern for all, whose group number says which name it has."""
    pattern = "|".join(f"({alternatives})" for _, alternatives in named)
    return re.compile(pattern, re.IGNORECASE), tuple(name for name, _ in named)


# Matched against a whole line of any length up to 400 characters …
_LONG_PATTERNS = (
    _whole("no letters", r"[\W\d_]+"),
    _whole(
        "a web or mail address",
        r"https?://\S+",
        r"(?:www\.)?[\w-]+(?:\.[\w-]+)*\.[a-z]{2,12}(?:/\S*)?",
        r"[^\s@]+@[^\s@]+\.[a-z]{2,12}",
    ),
    _whole(
        "a labelled field of a database",
        r"(?:section|length|load-date|language|publication-type|journal-code|graphic|subject|industry|geographic"
        r"|person|company|organization|document type|pub date|publication (?:date|title|subject)|word count"
        r"|proquest document id|document url|full text|issn|wc|hd|pd|sn|sc|la|cy): .{1,300}",
        r"length: +\d+ words",
        r"\d{1,6} words",
    ),
)
# … and against a short one only.
_SHORT_PATTERNS = (
    _whole("a temperature", r"[-+−]?\d{1,3}(?:[.,]\d)?\s?°?\s?[CF]"),
    _whole("a time of day", r"\d{1,2}[:.]\d{2}(?: ?[ap]\.?m\.?)?(?: ?[A-Z]{2,4})?"),
    _whole(
        "an age",
        r"(?:updated |posted |published )?(?:\d{1,3}|an?) ?"
        r"(?:[smhdw]|sec|mins?|hrs?|seconds?|minutes?|hours?|days?|weeks?|months?|years?) ago",
        r"vor \d+ \w+|il y a \d+ \w+|hace \d+ \w+|\d+ \w+ назад|منذ \d+ \w+",
        r"\d+ ?(?:分钟|分|小时|小時|时间|時間|天|日)前",
    ),
    _whole(
        "a count",
        r"[\d.,]+ ?[km]? (?:comments?|shares?|views?|likes?|reads?|followers?|retweets?|replies|photos|images)",
        r"[\d.,]+ (?:kommentare?|commentaires?|comentarios?|комментари\w+)",
    ),
    _whole(
        "a reading time",
        r"(?:reading time:? ?)?(?:about |estimated )?\d{1,3}[- ]?(?:min|mins|minutes?)\.?"
        r"(?:[- ](?:read|reading(?: time)?|listen|watch))?",
    ),
    _whole("an image placeholder", r"\S*(?:_img|\.(?:jpe?g|png|gif|webp|svg|mp4))"),
    _whole(
        "an advertising slot", r"(?:sponsored|advertisement|ad)s?[ -]{1,3}\w*(?:ad|spot|img|slot|banner)\w*"
    ),
)
_LONG = _first_of(*_LONG_PATTERNS)
_SHORT = _first_of(*_SHORT_PATTERNS, *_LONG_PATTERNS)
_LONGEST_PATTERNED = 400

_TEASER_PHRASES = (
    "read more", "continue reading", "read the full story", "read the full article", "weiterlesen", "mehr lesen",
    "lire la suite", "leer más", "seguir leyendo", "leia mais", "leggi tutto", "читать далее", "подробнее",
    "اقرأ المزيد", "阅读更多", "続きを読む",
)  # fmt: skip
_ARROWS = " \t\xa0»›→>.…"
_TEASER_END = re.compile(
    r"(?:\[(?:…|\.{3})\]|\((?:…|\.{3}|more(?:…|\.{3})?)\)"
    rf"|(?:…|\.{{3}}|[.!?])\s*\(?(?:{'|'.join(_TEASER_PHRASES)})\)?)\s*[»›→>.…]*$",
    re.IGNORECASE,
)
_MENU_MARKS = ("   ", " | ", " > ", " » ", " › ", " • ", " · ", " / ")  # where white space is spaces alone
_MENU_MARK = re.compile(r"\s[|>»›•·/]\s|\s{3,}|\t")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lexicon:
    lines: frozenset[str]
    sections: frozenset[str]
    openings: re.Pattern[str]
    cues: re.Pattern[str]
    listed_cues: tuple[
        str, ...
    ]  # looking for each is faster than the pattern, which tells those inside others apart


@lru_cache(maxsize=1)
def _lexicon() -> _Lexicon:
    listed = json.loads(files("app.intake").joinpath("data/furniture.json").read_text(encoding="utf-8"))
    return _Lexicon(
        lines=frozenset(bare(line) for lines in listed["lines"].values() for line in lines),
        sections=frozenset(bare(line) for line in listed["sections"]),
        openings=re.compile("|".join(re.escape(opening) for opening in listed["openings"])),
        cues=re.compile("|".join(re.escape(cue) for cue in listed["cues"])),
        listed_cues=tuple(listed["cues"]),
    )


def bare(text: str) -> str:
    """Return ``text`` case-folded, its white space as single spaces, without the marks that decorate a line."""
    return " ".join(text.casefold().split()).strip(_DECORATION)


def furniture_rule(text: str, words: int) -> str | None:
    """Return the rule by which ``text``, a line of ``words`` words, is page furniture; else None."""
    if words > _LONGEST_BY_CUES:
        return None
    return _listed(text) or _shaped(text) or _worded(text.casefold(), words)


def _listed(text: str) -> str | None:
    return (
        "a fixed phrase of web pages"
        if len(text) <= _LONGEST_LISTED and bare(text) in _lexicon().lines
        else None
    )


def _shaped(text: str) -> str | None:
    """Try the patterns that describe whole lines."""
    if len(text) > _LONGEST_PATTERNED:
        return None
    pattern, names = _SHORT if len(text) <= _LONGEST_LISTED else _LONG
    if (match := pattern.fullmatch(text)) and match.lastindex:
        return names[match.lastindex - 1]
    return "a row of menu entries" if _is_menu(text) else None


def _worded(folded: str, words: int) -> str | None:
    """Try the words: one opening that pages use, or two cues anywhere."""
    lexicon = _lexicon()
    if words <= _LONGEST_OPENING and (opening := lexicon.openings.match(folded)):
        return f"opens like page furniture (“{opening.group()}”)"
    if len([cue for cue in lexicon.listed_cues if cue in folded]) < _FEWEST_CUES:
        return None
    cues = dict.fromkeys(lexicon.cues.findall(folded))
    return (
        f"{len(cues)} cues of page furniture in {words} words ({', '.join(list(cues)[:3])})"
        if len(cues) >= _FEWEST_CUES
        else None
    )


def is_section_name(text: str) -> bool:
    """Say whether ``text`` is the name of a section or a page of a site; between paragraphs it may be a
    subhead.
    """
    return len(text) <= _LONGEST_LISTED and bare(text) in _lexicon().sections


def is_teaser(text: str) -> bool:
    """Say whether a paragraph was cut off to make the reader click: it ends in "[…]" or "… Read more"."""
    end = text[-_PREFIX_LENGTH:].rstrip(_ARROWS)
    # Most paragraphs end otherwise, and to see that is fast.
    if end[-1:] not in "])" and not end.casefold().endswith(_TEASER_PHRASES):
        return False
    return _TEASER_END.search(text, max(0, len(text) - _PREFIX_LENGTH)) is not None


def _is_menu(text: str) -> bool:
    """Say whether ``text`` is three or more short entries set off by marks, and no sentence."""
    # Where all is printable, white space is spaces alone, and to look for each mark is fast.
    if text.isprintable() and not any(map(text.__contains__, _MENU_MARKS)):
        return False
    if not _MENU_MARK.search(text):
        return False
    entries = [entry for entry in _MENU_MARK.split(text) if entry and not entry.isspace()]
    return len(entries) >= 3 and all(len(entry.split()) <= 4 and not entry.endswith(".") for entry in entries)
