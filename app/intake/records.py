"""Records in files of a program's making (JSON, JSON Lines, CSV and TSV), each with the lines it stands on.

Law: a record that is broken is told with its lines, and the rest are taken.
"""

import csv
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.intake.places import Places

_DELIMITERS = ",\t;|"
_LONGEST_CELL = 16 * 1024 * 1024
_JSON_START = re.compile(r"\s*(?:\[\s*\{|\{)\s*(?:\"[^\"\n]{0,200}\"\s*:|\})")
_LISTS = ("articles", "items", "results", "documents", "data", "docs", "stories", "hits", "item", "response")
_DEEPEST = 3
_DECODER = json.JSONDecoder()
_WHITE = re.compile(r"[\s,]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One record with its lines (from 1); ``trouble`` says what is wrong with it instead."""

    fields: dict[str, object]
    first_line: int
    last_line: int
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
        return None
    try:
        told = json.loads(text)
    except (ValueError, RecursionError) as error:
        return _json_lines(text) or _damaged(text, error)
    match told:
        case list():
            return Records(kind="a JSON list", records=_listed(text, text.index("["), told), about={})
        case dict():
            found = _list_of_records(told)
            if found is None:
                whole = Record(fields=told, first_line=1, last_line=text.rstrip().count("\n") + 1)
                return Records(kind="a JSON object", records=(whole,), about={})
            name, listed, about = found
            records = _within(text, name, listed)
            return Records(kind=f"JSON with a list of {name!r}", records=records, about=about)
    return None


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
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            told = json.loads(line)
        except (ValueError, RecursionError) as error:
            records.append(_broken(number, number, f"It is no JSON: {error}."[:200]))
            continue
        if isinstance(told, dict):
            records.append(Record(fields=told, first_line=number, last_line=number))
        else:
            records.append(_broken(number, number, "It is no JSON object."))
    if all(record.trouble for record in records):
        return None
    return Records(kind="JSON Lines", records=records, about={})


def _damaged(text: str, error: Exception) -> Records:
    """Return the records of a list that stand before a damage, and the rest as a broken one."""
    beginning = re.match(r"\s*\[", text) or re.search(rf'"(?:{"|".join(_LISTS)})"\s*:\s*\[', text)
    places = Places(text)
    records: list[Record] = []
    at = beginning.end() if beginning else len(text)
    while at < len(text):
        start = _after_white(text, at)
        try:
            told, at = _DECODER.raw_decode(text, start)
        except (ValueError, RecursionError):
            break
        records.append(_record(told, places.span(start, at)))
    first = places.line(_after_white(text, at)) if beginning else 1
    records.append(_broken(first, places.last, f"It is damaged JSON: {error}."[:200]))
    return Records(kind="damaged JSON", records=records, about={})


def _after_white(text: str, at: int) -> int:
    found = _WHITE.match(text, at)
    return found.end() if found else at


def _record(told: object, lines: tuple[int, int]) -> Record:
    """Return what stands on some lines as a record."""
    first, last = lines
    if isinstance(told, dict):
        return Record(fields=told, first_line=first, last_line=last)
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
        records.append(_record(each, places.span(start, at)))
    return records


def table_header(line: str) -> tuple[str, list[str]] | None:
    """Return the delimiter and the columns of a table, as its first line has them; None where it is none."""
    best: tuple[str, list[str]] | None = None
    for delimiter in _DELIMITERS:
        try:
            columns = next(csv.reader([line], delimiter=delimiter), [])
        except csv.Error:
            continue
        if len(columns) > 1 and (best is None or len(columns) > len(best[1])):
            best = delimiter, columns
    return best


def table_records(text: str, delimiter: str) -> Iterator[Record]:
    """Yield the rows of a table with a header, each with its lines."""
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader((f"{line}\n" for line in text.split("\n")), delimiter=delimiter)
    columns = [column.strip() for column in next(reader)]
    while True:
        first = reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield _broken(first, reader.line_num, f"The row cannot be read: {error}.")
            continue
        if not any(cell.strip() for cell in row):
            continue
        if len(row) > len(columns):
            yield _broken(first, reader.line_num, f"The row has {len(row)} cells for {len(columns)} columns.")
            continue
        yield Record(
            fields=dict(zip(columns, row, strict=False)), first_line=first, last_line=reader.line_num
        )
