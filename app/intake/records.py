"""Records in files of a program's making (JSON, JSON Lines, CSV and TSV), each with the lines it stands on.

Law: a record that is broken is told with its lines, and the rest are taken.
"""

import csv
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Literal, TypedDict

from app.intake.fields import is_article
from app.intake.places import Places

_DELIMITERS = ",\t;|"
_LONGEST_CELL = 16 * 1024 * 1024
_LONGEST_HEADER = 20_000  # characters; a longer first line is no header
_HEADER_LINES = 20  # blank ones may stand before it
_SEPARATOR = re.compile(r"\ufeff?sep=([,;|\t])\s*")  # what spreadsheets are told the delimiter by
_DOUBLED = re.compile(r'[^\s,;|"]""[^\s,;|"]|[^\s,;|"]"" | ""[^\s,;|"]')
_BACKSLASHED = re.compile(r'\\"')
_OPEN_CELL = re.compile(r'(?:^|\t)"(?:[^"\t\n]|"")*+\n(?:[^"]|"")*+"(?:\t|$)', re.MULTILINE)
_JSON_START = re.compile(r"\s*(?:\[\s*(?:null\s*,\s*){0,20}\{|\{)\s*(?:\"[^\"\n]{0,200}\"\s*:|\})")
_JSON_LINE = re.compile(r"\s*\{\s*\"[^\"\n]{0,200}\"\s*:.*\}\s*")
_FIRST_LINES = 20  # of which most are JSON objects, where a file of damaged beginning is JSON Lines
_LISTS = (
    "articles",
    "items",
    "results",
    "documents",
    "data",
    "docs",
    "stories",
    "hits",
    "item",
    "response",
    "@graph",
)
_DEEPEST = 3
_DECODER = json.JSONDecoder()
_WHITE = re.compile(r"[\s,]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One record with its lines (from 1) and, where they may be those of others as well, its characters; ``trouble``
    says what is wrong with it instead."""

    fields: dict[str, object]
    first_line: int
    last_line: int
    span: tuple[int, int] | None = None
    trouble: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """The records of a file, what kind of file it is, and what it says of all of them (the title of a feed)."""

    kind: str
    records: Sequence[Record]
    about: dict[str, object]


def json_records(text: str) -> Records | None:
    """Return the records of JSON Lines, of a JSON list, or of an object that is one or holds a list of them; None where
    the text is no JSON. Of a damaged list they are those before the damage."""
    if not _JSON_START.match(text):
        return _json_lines(text) if _is_in_lines(text) else None
    try:
        told = json.loads(text)
    except (ValueError, RecursionError) as error:
        return (_json_lines(text) if _is_in_lines(text) else None) or _damaged(text, error)
    match told:
        case list():
            return Records(kind="a JSON list", records=_listed(text, text.index("["), told), about={})
        case dict():
            found = None if is_article(told) else _list_of_records(told)
            if found is None:
                start, end = text.index("{"), len(text.rstrip())
                whole = Record(
                    fields=told, first_line=1, last_line=text.count("\n", 0, end) + 1, span=(start, end)
                )
                return Records(kind="a JSON object", records=(whole,), about={})
            name, listed, about = found
            records = _within(text, name, listed)
            return Records(kind=f"JSON with a list of {name!r}", records=records, about=about)
    return None


def may_be_json(text: str) -> bool:
    """Return whether a text begins as JSON does, or has mostly JSON on its first lines."""
    return _JSON_START.match(text) is not None or _is_in_lines(text)


def _is_in_lines(text: str) -> bool:
    """Return whether at least half of the first lines of a text look like JSON objects."""
    lines = [line for line in islice(text.split("\n", 4 * _FIRST_LINES), 4 * _FIRST_LINES) if line.strip()]
    first = lines[:_FIRST_LINES]
    return bool(first) and sum(_JSON_LINE.fullmatch(line) is not None for line in first) * 2 >= len(first)


def _list_of_records(told: dict[str, object]) -> tuple[str, list[object], dict[str, object]] | None:
    """Return the list of objects that an object holds, at most three deep: its name, it, and what stands beside it."""
    level = [told]
    for _ in range(_DEEPEST):
        for each in level:
            for name in _LISTS:
                value = each.get(name)
                if isinstance(value, list) and value and isinstance(value[0], dict):
                    return name, value, {key: other for key, other in each.items() if key != name}
        level = [value for each in level for value in each.values() if isinstance(value, dict)]
    return None


def _json_lines(text: str) -> Records | None:
    """Return the records of JSON Lines, where at least one line is one."""
    records = []
    start = end = -1
    for number, line in enumerate(text.split("\n"), start=1):
        start, end = end + 1, end + 1 + len(line)  # of the line, without its end
        if not line.strip():
            continue
        try:
            told = json.loads(line)
        except (ValueError, RecursionError) as error:
            records.append(_broken(number, number, f"It is no JSON: {error}."[:200]))
            continue
        if isinstance(told, dict):
            at = start + line.index("{"), start + len(line.rstrip())
            records.append(Record(fields=told, first_line=number, last_line=number, span=at))
        else:
            records.append(_broken(number, number, "It is no JSON object."))
    if all(record.trouble for record in records):
        return None
    return Records(kind="JSON Lines", records=records, about={})


def _damaged(text: str, error: Exception) -> Records:
    """Return the records of a list, or of objects one after the other, that stand before a damage, and the rest as a
    broken one."""
    objects = _whole_object(text)
    beginning = objects or re.match(r"\s*\[", text) or re.search(rf'"(?:{"|".join(_LISTS)})"\s*:\s*\[', text)
    places = Places(text)
    records: list[Record] = []
    at = beginning.end() if beginning else len(text)
    while (start := _after_white(text, at)) < len(text):
        try:
            told, at = _DECODER.raw_decode(text, start)
        except (ValueError, RecursionError):
            break
        records.append(_record(told, places, (start, at)))
    if objects and _after_white(text, at) == len(text):
        return Records(kind="JSON objects", records=records, about={})
    first = places.line(_after_white(text, at)) if beginning else 1
    records.append(_broken(first, places.last, f"It is damaged JSON: {error}."[:200]))
    return Records(kind="damaged JSON", records=records, about={})


def _whole_object(text: str) -> re.Match[str] | None:
    """Return where the first object begins, where a text begins with one that is whole."""
    beginning = re.match(r"\s*(?=\{)", text)
    if beginning is None:
        return None
    try:
        _DECODER.raw_decode(text, beginning.end())
    except (ValueError, RecursionError):
        return None
    return beginning


def _after_white(text: str, at: int) -> int:
    found = _WHITE.match(text, at)
    return found.end() if found else at


def _record(told: object, places: Places, span: tuple[int, int]) -> Record:
    """Return what stands at some characters as a record."""
    first, last = places.span(*span)
    if isinstance(told, dict):
        return Record(fields=told, first_line=first, last_line=last, span=span)
    return _broken(first, last, "It is no JSON object.")


def _broken(first: int, last: int, trouble: str) -> Record:
    return Record(fields={}, first_line=first, last_line=last, trouble=trouble)


def _within(text: str, name: str, told: Sequence[object]) -> list[Record]:
    """Return the records of a list in an object: the first list of that name that reads like it."""
    for found in re.finditer(re.escape(json.dumps(name)) + r"\s*:\s*\[", text):
        try:
            value, _ = _DECODER.raw_decode(text, found.end() - 1)
        except ValueError:
            continue
        if value == told:
            return _listed(text, found.end() - 1, told)
    last = text.count("\n") + 1
    return [Record(fields=each, first_line=1, last_line=last) for each in told if isinstance(each, dict)]


def _listed(text: str, at: int, told: Sequence[object]) -> list[Record]:
    """Return the records of a list that begins at a place in the text."""
    places = Places(text)
    records = []
    at += 1
    for each in told:
        start = _after_white(text, at)
        _, at = _DECODER.raw_decode(text, start)
        records.append(_record(each, places, (start, at)))
    return records


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """How a table is written: its delimiter, its columns, and the line (from 1) they stand on."""

    delimiter: str
    columns: tuple[str, ...]
    line: int


def table_of(text: str) -> Table | None:
    """Return how a table is written, as its first line with anything on it has it; None where that has one column."""
    told: str | None = None
    for number, line in enumerate(text.split("\n", _HEADER_LINES), start=1):
        if told is None and (found := _SEPARATOR.fullmatch(line)):
            told = found[1]
        elif line.strip():
            return _table(line, number, told) if len(line) <= _LONGEST_HEADER else None
    return None


def _table(line: str, number: int, told: str | None) -> Table | None:
    best: Table | None = None
    for delimiter in told or _DELIMITERS:
        try:
            columns = next(csv.reader([line], delimiter=delimiter), [])
        except csv.Error:
            continue
        if len(columns) > 1 and (best is None or len(columns) > len(best.columns)):
            best = Table(
                delimiter=delimiter, columns=tuple(column.strip() for column in columns), line=number
            )
    return best


def table_records(text: str, table: Table) -> Iterator[Record]:
    """Yield the rows of a table, each with its lines."""
    csv.field_size_limit(_LONGEST_CELL)
    lines = text.split("\n")[table.line :]
    reader = csv.reader((f"{line}\n" for line in lines), **_quoting(text, lines, table.delimiter))
    while True:
        first = table.line + reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield _broken(first, table.line + reader.line_num, f"The row cannot be read: {error}.")
            continue
        last = table.line + reader.line_num
        if not any(cell.strip() for cell in row):
            continue
        if any(cell.strip() for cell in row[len(table.columns) :]):
            yield _broken(first, last, f"The row has {len(row)} cells for {len(table.columns)} columns.")
            continue
        yield Record(fields=_row(table.columns, row), first_line=first, last_line=last)


def _row(columns: Sequence[str], row: Sequence[str]) -> dict[str, object]:
    """Return the cells of a row; of several columns of one name, the first that says something."""
    fields: dict[str, object] = {}
    for column, cell in zip(columns, row, strict=False):
        if not fields.get(column):
            fields[column] = cell
    return fields


class _Quoting(TypedDict, total=False):
    delimiter: str
    quoting: Literal[3]
    escapechar: str
    doublequote: bool


def _quoting(text: str, lines: Sequence[str], delimiter: str) -> _Quoting:
    """Return how cells are quoted: as RFC 4180 has it, with backslashes, or, in many files with tabs, not at all."""
    if delimiter == "\t" and any(line.count('"') % 2 for line in lines) and not _OPEN_CELL.search(text):
        return {"delimiter": delimiter, "quoting": csv.QUOTE_NONE}
    if len(_BACKSLASHED.findall(text)) > len(_DOUBLED.findall(text)):
        return {"delimiter": delimiter, "escapechar": "\\", "doublequote": False}
    return {"delimiter": delimiter}
