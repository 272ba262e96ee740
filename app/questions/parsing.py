"""From the user's text to the engine-neutral tree: the only user of whoosh-compat.

Law: a text either becomes a tree that says exactly what its wording says, or a ``QueryError`` with positions.
whoosh-compat reads the grammar of Whoosh (AND before OR before a space, lower-case ``and`` a word) and the dates;
``scan`` checks beside it what it would pass over in silence.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

import whoosh_compat
from whoosh_compat import ast

from app.domain.query import (
    And,
    DayRange,
    Everything,
    Field,
    Flag,
    Has,
    Node,
    Not,
    Nothing,
    Or,
    Parsed,
    Pattern,
    Phrase,
    Term,
    widest_slop,
)
from app.errors import QueryError, Trouble
from app.questions.language import ANY_TEXT, BY_NAME, FIELDS, FieldEntry, Kind
from app.questions.scan import DaysWritten, Scan, lone_words, scan, unquoted
from app.questions.values import (
    has_characters,
    holds_word,
    host_named,
    parted_at_commas,
    runs_of_characters,
    wants_more_than_characters,
    words_in,
)
from app.questions.wording import wording

MOST_WIDE = 100  # wildcards and distances: each may stand for thousands of words or hundreds of phrases
MOST_OPEN = 10  # wildcards without a beginning: for each all words of the archive are looked through

_LARGEST = 2**64 - 1  # that the library reads; no story and no delivery has as high a number

_KINDS = {
    Kind.TEXT: whoosh_compat.FieldKind.TEXT,
    Kind.KEYWORD: whoosh_compat.FieldKind.KEYWORD,
    Kind.NUMBER: whoosh_compat.FieldKind.U64,
    Kind.DAY: whoosh_compat.FieldKind.DATE,
    Kind.FLAG: whoosh_compat.FieldKind.KEYWORD,
}
_REGISTRY = whoosh_compat.FieldRegistry(
    [whoosh_compat.FieldSpec(e.name, _KINDS[e.kind], date_only=e.kind is Kind.DAY) for e in FIELDS]
)
_WILD = re.compile(r"[*?]")
_JOINT = re.compile(r"(?<=[^\W_])'(?=[\w*?])")
# al-*a-*b is three words, two of them open.
_OPEN = re.compile(r"(?<![^\W_])(?<![*?])(?:\**\?|\*+(?=[^\W_]))")
_JOINING = re.compile(r"\|\||&&")
_CODE = re.compile(r"[a-z]{2,3}", re.IGNORECASE)  # of ISO 639
_COLON = re.compile(r"(?P<name>\w+):")
_NO_WORD = "This question holds no word that could be found, so nothing can match."
_UNREADABLE_DAY = (
    "“{}” is no day that can be read. "
    "Write 2025-10-21, 2025-10 or 2025, a range [2025-10-01 TO 2025-10-31] with one side empty or not, "
    "today, yesterday or 'last week', 'this month', 'last year'; OR between several."
)
_REASONS = {
    whoosh_compat.DiagnosticKind.BAD_DATE: _UNREADABLE_DAY,
    whoosh_compat.DiagnosticKind.PATTERN_ON_NUMERIC: "“{}”: a number takes no wildcard.",
    whoosh_compat.DiagnosticKind.TOO_DEEP: "The question is nested too deep. Ask for less at once.",
}


def parse(text: str, *, today: date, max_chars: int) -> Parsed:
    """Return what ``text`` asks for; relative days count from ``today``. An empty text asks for everything.

    Raises ``QueryError`` with one trouble or more, in code points of ``text``.
    """
    return _parsed(text, today, max_chars)


@lru_cache(maxsize=256)  # the next page of an answer, its facets and its course over time ask the same again
def _parsed(text: str, today: date, max_chars: int) -> Parsed:
    if len(text) > max_chars:
        detail = f"The question has {len(text)} characters; {max_chars} are allowed. Ask for less at once."
        raise QueryError(text, (Trouble(detail=detail, start=max_chars, end=len(text)),))
    if not text.strip():
        return Parsed(tree=Everything(), interpretation=wording(Everything()))
    scanned = scan(text)
    if scanned.troubles:
        raise QueryError(text, scanned.troubles)
    result = _ask_library(scanned.text, today)
    reader = _Reader(scanned)
    tree = reader.tree(result.ast)
    upside_down = _upside_down(scanned, today)
    turned = {(trouble.start, trouble.end) for trouble in upside_down}  # the library cannot read some of them
    diagnosed = [each for each in _diagnosed(scanned, result) if (each.start, each.end) not in turned]
    troubles = (*diagnosed, *upside_down, *reader.troubles)
    if troubles:
        raise QueryError(text, tuple(sorted(set(troubles), key=lambda t: (t.start, t.end))))
    notices = [*_operator_notices(scanned), *reader.notices]
    if tree is None:
        tree = Nothing()
        notices.append(_NO_WORD)
    return Parsed(tree=tree, interpretation=wording(tree), notices=tuple(dict.fromkeys(notices)))


def _ask_library(text: str, today: date) -> whoosh_compat.ParseResult:
    noon = datetime.combine(today, time(12), tzinfo=UTC)
    return whoosh_compat.parse(text, registry=_REGISTRY, default_fields=[ANY_TEXT], tz=UTC, basedate=noon)


def _diagnosed(scanned: Scan, result: whoosh_compat.ParseResult) -> list[Trouble]:
    troubles = []
    for diagnostic in result.diagnostics:
        told = diagnostic.raw_value or scanned.text
        if diagnostic.kind is whoosh_compat.DiagnosticKind.BAD_NUMBER:
            detail = _no_number(told, diagnostic.field)
        else:
            detail = _REASONS.get(diagnostic.kind, "“{}” cannot be asked like this.").format(told)
        troubles.append(scanned.trouble(detail, diagnostic.startchar, diagnostic.endchar))
    return troubles


def _no_number(told: str, field: whoosh_compat.FieldRef | None) -> str:
    """Say what is wrong with a number: that it is none, or that it is beyond what the library reads."""
    if told.isdecimal():
        return f"“{told}” is too large: numbers go up to {_LARGEST:,}."
    example = BY_NAME[field.name].example if field else "story:5"
    return f"“{told}” is no number. Write digits, as in {example}."


def _upside_down(scanned: Scan, today: date) -> list[Trouble]:
    """Return a trouble for each range whose last day is before its first: the library would swap them in silence."""
    troubles = []
    for days in scanned.ranges:
        first, last = (_span(bound, days, today) for bound in (days.first, days.last))
        if first and last and first.first and last.last and first.first > last.last:
            detail = f"This range is upside down: {days.first} is after {days.last}."
            troubles.append(Trouble(detail=detail, start=days.start, end=days.end))
    return troubles


def _span(bound: str, days: DaysWritten, today: date) -> DayRange | None:
    """Return the days that one end of a range stands for, or None where it is open or unreadable."""
    if not (told := unquoted(bound)):
        return None
    node = _ask_library(scan(f'{days.field}:"{told}"').text, today).ast
    return _days(node) if isinstance(node, ast.DateRange) else None


def _days(node: ast.DateRange) -> DayRange:
    first = node.lo.date() if node.lo else None
    last = (node.hi if node.incl_hi else node.hi - timedelta(microseconds=1)).date() if node.hi else None
    return DayRange(field=Field(node.field.name), first=first, last=last)


def _operator_notices(scanned: Scan) -> list[str]:
    notices = []
    words = {match.group() for match in lone_words(scanned)}
    if "or" in words:
        notices.append("“or” in small letters is searched as a word. Write OR in capitals for either of two.")
    if "not" in words:
        notices.append(
            "“not” in small letters is searched as a word. Write NOT in capitals to leave something out."
        )
    return notices


class _Reader:
    """Turns the library's tree into ours, collecting what the user should know."""

    def __init__(self, scanned: Scan) -> None:
        self._scanned = scanned
        self._wide = 0
        self._open = 0
        self.troubles: list[Trouble] = []
        self.notices: list[str] = []

    def tree(self, node: ast.Node) -> Node | None:  # noqa: PLR0911 (a return per kind of node)
        """Return our node for the library's, or None where it holds no word (punctuation only)."""
        match node:
            case ast.And(children=children):
                return self._group(And, children)
            case ast.Or(children=children):
                return self._group(Or, children)
            case ast.Not(child=child):
                inner = self.tree(child)
                return None if inner is None else Not(child=inner)
            case ast.AndNot(positive=positive, negative=negative):
                return self._group(And, (positive, ast.Not(child=negative)))
            case ast.Boosted(child=child):
                self.notices.append("A weight after ^ has no effect here.")
                return self.tree(child)
            case ast.Every(field=field):
                return self._every(node, field)
            case _:
                return self._leaf(node)

    def _group(self, group: type[And] | type[Or], children: tuple[ast.Node, ...]) -> Node | None:
        read = (self.tree(child) for child in children)
        nodes = tuple(child for child in read if child is not None)
        if len(nodes) < 2:
            return nodes[0] if nodes else None
        if group is And:
            self.notices += _never_both(nodes)
        return group(children=nodes)

    def _leaf(self, node: ast.Node) -> Node | None:
        match node:
            case ast.Term(field=field, text=text):
                return self._word(node, field, str(text))
            case ast.Phrase(field=field, text=text, slop=slop):
                return self._phrase(node, field, text, slop)
            case ast.Prefix(field=field, text=text):
                return self._pattern(node, field, f"{text}*")
            case ast.Wildcard(field=field, pattern=pattern):
                return self._pattern(node, field, pattern)
            case ast.DateRange():
                return _dated(_days(node))
            case _:  # ErrorLeaf has its diagnostic; Nothing is an empty pair of parentheses
                return None

    def _word(self, node: ast.Node, field: whoosh_compat.FieldRef | None, text: str) -> Node | None:
        entry = BY_NAME[field.name] if field else BY_NAME[ANY_TEXT]
        if entry.kind is Kind.FLAG:
            return self._flag(node, entry.name, text)
        if entry.kind is Kind.TEXT:
            self._notice_word(text, entry.field)
        if not holds_word(text):
            self._notice_no_word(text, entry)
            return None
        match entry.field:
            case Field.DOMAIN:
                return Term(text=host_named(text), field=entry.field)
            case Field.URL:
                return Term(text=text, field=entry.field)
            case Field.LANGUAGE:  # an article has one
                if not all(map(_CODE.fullmatch, parted_at_commas(text))):
                    self.notices.append("Languages go by their codes: language:de finds German.")
                return _joined(Or, _terms(text, entry.field))
            case _:
                return _joined(And, _terms(text, entry.field))

    def _phrase(
        self, node: ast.Node, field: whoosh_compat.FieldRef | None, text: str, slop: int
    ) -> Node | None:
        entry = BY_NAME[field.name] if field else BY_NAME[ANY_TEXT]
        if entry.kind is not Kind.TEXT:
            return self._word(node, field, text)
        if not holds_word(text):
            self._notice_no_word(text, entry)
            return None
        if "*" in text:
            self.notices.append("Inside quotation marks * is no wildcard.")
        if entry.field is Field.DOMAIN:
            text = host_named(text)
        if slop > 1:
            self._count_wide(node)
        words = words_in(text)
        widest = widest_slop(words)
        if slop > widest:
            self.notices.append(
                f"{words} words can be looked for at most {widest} places apart; a wider distance is read so."
            )
        return Phrase(text=text, field=entry.field, slop=min(max(slop, 1), widest))

    def _pattern(self, node: ast.Node, field: whoosh_compat.FieldRef | None, pattern: str) -> Node | None:
        entry = BY_NAME[field.name] if field else BY_NAME[ANY_TEXT]
        if entry.kind is Kind.FLAG:
            return self._flag(node, entry.name, pattern)
        if not holds_word(pattern) and "?" not in pattern:
            return self._every(node, field)
        self._count_wide(node)
        self._count_open(node, pattern)
        if entry.field is Field.DOMAIN:
            pattern = host_named(pattern)
        if _JOINT.search(pattern):
            bare = _JOINT.sub("", pattern)
            self.notices.append(
                f"The apostrophe in “{pattern}” does not count: it finds any word like “{bare}”."
            )
        if has_characters(pattern):
            return self._characters(pattern, entry.field)
        if pattern.endswith("?") and "*" not in pattern and holds_word(pattern):
            self.notices.append(f"The question mark in “{pattern}” stands for exactly one letter.")
        return _wild(pattern, entry.field)

    def _count_wide(self, node: ast.Node) -> None:
        self._wide += 1
        if self._wide == MOST_WIDE + 1:
            self._one_more(
                node, f"{MOST_WIDE} words with wildcards and phrases with distances", "Ask for less at once."
            )

    def _count_open(self, node: ast.Node, pattern: str) -> None:
        before, self._open = self._open, self._open + len(_OPEN.findall(pattern))
        if before <= MOST_OPEN < self._open:
            most = f"{MOST_OPEN} words with a wildcard at their beginning"
            self._one_more(node, most, "Write how they begin, or ask for less at once.")

    def _one_more(self, node: ast.Node, most: str, instead: str) -> None:
        detail = f"A question can hold {most}; this is one more. {instead}"
        self.troubles.append(self._scanned.trouble(detail, node.startchar, node.endchar))

    def _characters(self, pattern: str, field: Field | None) -> Node | None:
        """Return what a pattern asks of characters, which are words of their own: that they stand there in a row; None
        where it has only signs that belong to one."""
        if wants_more_than_characters(pattern):
            self.notices.append(
                f"“{pattern}”: beside characters of scripts without spaces a wildcard is passed over."
            )
        runs = [_wild(run, field) for run in runs_of_characters(pattern)]
        return _joined(And, runs) if runs else None

    def _flag(self, node: ast.Node, name: str, value: str) -> Node | None:
        known = [flag for flag in Flag if flag.value.startswith(f"{name}:")]
        for flag in known:
            if flag.value == f"{name}:{value.casefold()}":
                return Has(flag=flag)
        detail = f"{name}:{value} is not known; there is {' and '.join(known)}."
        self.troubles.append(self._scanned.trouble(detail, node.startchar, node.endchar))
        return None

    def _every(self, node: ast.Node, field: whoosh_compat.FieldRef | None) -> Node | None:
        if field and BY_NAME[field.name].kind is Kind.FLAG:
            return self._flag(node, field.name, "*")
        match BY_NAME[field.name].field if field else None:
            case None | Field.STORY | Field.DELIVERY:
                return Everything()
            case Field.HEADLINE:
                return Has(flag=Flag.HEADED)
            case named:
                return Pattern(pattern="*", field=named)

    def _notice_no_word(self, text: str, entry: FieldEntry) -> None:
        if entry.field is not None:
            self.notices.append(f"“{entry.name}:{text}” holds no word, so it is left out.")
        elif text and not text.strip("-"):
            self.notices.append(f"Behind “{text}” stands no word directly, so it leaves nothing out.")

    def _notice_word(self, text: str, field: Field | None) -> None:
        """Tell what a word that looks like more is read as."""
        if text in {"AND", "OR", "NOT", "ANDNOT"}:
            self.notices.append(f"{text} has nothing to join here, so it is searched as a word.")
        elif field is Field.URL:
            pass
        elif sign := _JOINING.search(text):
            self.notices.append(
                f"“{sign.group()}” joins what stands before and behind it, with spaces between."
            )
        elif text.startswith(("–", "—")) and holds_word(text):
            self.notices.append(
                f"The dash in “{text}” leaves nothing out. For that write a hyphen: -{text[1:]}."
            )
        elif text.startswith(":") and holds_word(text):
            self.notices.append(f"“{text}” is searched as a word. A field stands directly before its colon.")
        elif field is not None or not (colon := _COLON.match(text)):
            pass
        elif colon["name"] in BY_NAME:
            self.notices.append(f"Nothing follows {colon.group()} directly, so it is searched as a word.")
        else:
            self.notices.append(f"“{colon.group()}” names no field, so it is searched as text.")


def _never_both(nodes: Sequence[Node]) -> Iterator[str]:
    """Tell, of the parts that an article is to have all of, two that it cannot have together."""
    for field in (Field.PUBLISHED, Field.SEEN):
        days = [node for node in nodes if isinstance(node, DayRange) and node.field is field]
        latest = max(days, key=lambda each: each.first or date.min, default=None)
        earliest = min(days, key=lambda each: each.last or date.max, default=None)
        if latest and earliest and (latest.first or date.min) > (earliest.last or date.max):
            yield f"No article is {wording(earliest)} and {wording(latest)} at once. Write OR for either."
    for field in (Field.LANGUAGE, Field.STORY):
        named = {node.text.casefold() for node in nodes if isinstance(node, Term) and node.field is field}
        if len(named) > 1:
            yield f"An article has one {field}. Write OR for either of several."


def _terms(text: str, field: Field | None) -> list[Node]:
    return [Term(text=part, field=field) for part in parted_at_commas(text)]


def _wild(pattern: str, field: Field | None) -> Node:
    """Return what asks for a pattern, or for a word where its wildcards have gone."""
    if _WILD.search(pattern):
        return Pattern(pattern=pattern, field=field)
    return Term(text=pattern, field=field)


def _joined(group: type[And] | type[Or], nodes: list[Node]) -> Node:
    return nodes[0] if len(nodes) == 1 else group(children=tuple(nodes))


def _dated(days: DayRange) -> Node:
    """Return the range, or what a range open on both sides says."""
    if days.first or days.last:
        return days
    return Has(flag=Flag.DATED) if days.field is Field.PUBLISHED else Everything()
