"""Fields of exports by the names they go by (IPTC ninjs, schema.org, Media Cloud, NewsAPI, GDELT, JSON Feed), and the
draft that a record of such fields gives.

Law: a name means the same wherever it stands; of several names for one field the first in the table that has a value
is taken, and what was taken for what is told.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from app.domain.article import UNDATED, Draft, Published
from app.errors import ParameterError
from app.intake.dates import read_dates
from app.intake.language import language_of
from app.intake.markup import one_line, plain_paragraphs
from app.intake.moments import moment
from app.intake.page import address_of, domain_of, joined, name_of, repeats

_PLAIN = re.compile(r"[\W_]+")
_PARAGRAPHS = "\n\n"
# Forms of a text from the plainest on; one that is not listed comes last.
_ROLES = ("plaintext", "main", "plain", "text", "html", "html5", "xhtml", "web", "xml", "nitf")
_VALUES = ("value", "name", "content", "title", "byline", "@id", "url")
_DEEPEST = 8  # of values in values
_DESCRIBED = 300  # characters of a description that can still be a deck
_LANGUAGE = re.compile(r"([A-Za-z]{2})(?![^\W_])")
_FOR_PEOPLE = re.compile(r"\d{1,2}[./]\d{1,2}[./]\d{4}\b")
_MONTHS_IN_WORDS = re.compile(r"[^\W\d_]{3,}")


@cache
def _known() -> Mapping[str, tuple[str, ...]]:
    told = json.loads(files("app.intake").joinpath("data/fields.json").read_text(encoding="utf-8"))
    return {field: tuple(names) for field, names in told.items()}


def plain_name(column: str) -> str:
    """Return the name of a column as it is compared: ``Publish_Date`` is ``publishdate``."""
    return _PLAIN.sub("", column).casefold()


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Which columns stand for which field of an article, the likeliest first."""

    of: Mapping[str, tuple[str, ...]]

    @property
    def has_text(self) -> bool:
        """Whether there is a column for the text or for a summary of it, without which there is no article."""
        return bool(self.of.keys() & {"body_text", "deck"})

    def __str__(self) -> str:
        return ", ".join(f"{field} from {columns[0]!r}" for field, columns in self.of.items())


def fields() -> tuple[str, ...]:
    """Return the names of the fields that columns can stand for."""
    return tuple(_known())


def named_columns(named: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Return which column a person names for which field (``FIELD=COLUMN``); raise ``ParameterError`` for a field that
    there is not."""
    found = []
    for each in named:
        field, is_there, column = each.partition("=")
        if not is_there or not column.strip() or field.strip() not in fields():
            told = f"map {each}: Write it as FIELD=COLUMN; the fields are {', '.join(fields())}."
            raise ParameterError("map", told)
        found.append((field.strip(), column.strip()))
    return tuple(found)


def mapped(columns: Iterable[str], named: Iterable[tuple[str, str]] = ()) -> Columns:
    """Return what columns of these names stand for; ``named`` (field, column) outweighs what is known of names."""
    there: dict[str, list[str]] = defaultdict(list)
    for column in columns:
        there[plain_name(column)].append(column)
    found = {
        field: tuple(column for name in names for column in there.get(name, ()))
        for field, names in _known().items()
    }
    for field, column in named:
        if plain_name(column) in there:
            found[field] = tuple(there[plain_name(column)])
    return Columns(of={field: each for field, each in found.items() if each})


def not_there(columns: Iterable[str], named: Iterable[tuple[str, str]]) -> list[str]:
    """Return the columns that a person names and that there are not."""
    there = {plain_name(column) for column in columns}
    return [column for _, column in named if plain_name(column) not in there]


def is_article(record: Mapping[str, object]) -> bool:
    """Return whether an object has a text of its own, and is no list of articles with a description."""
    texts = (record[column] for column in mapped(record).of.get("body_text", ()))
    return any(isinstance(each, str) and each.strip() != "" for each in texts)


def draft_of(
    record: Mapping[str, object],
    mapping: Columns,
    lines: tuple[int, int],
    *,
    today: date,
    source: str | None = None,
    base: str | None = None,
) -> Draft | None:
    """Return the draft a record gives, or None where it has no text. ``source`` stands in where it names none; ``base``
    is where addresses begin that are told from there."""

    def told(field: str) -> object:
        return next((record[name] for name in mapping.of.get(field, ()) if record.get(name)), None)

    body = plain_paragraphs(_text(told("body_text"), _PARAGRAPHS) or "")
    body_text = "\n\n".join(body or plain_paragraphs(_text(told("deck"), _PARAGRAPHS) or ""))
    if not any(map(str.isalnum, body_text)):
        return None
    headline = one_line(_text(told("headline")))
    url, name = _address(record, mapping, base)
    language = _LANGUAGE.match(_text(told("language")) or "")
    return Draft(
        headline=headline,
        deck=_deck(one_line(_text(told("deck"))), body_text, headline),
        byline=one_line(_text(told("byline"), "; ")),
        dateline=one_line(_text(told("dateline"))),
        body_text=body_text,
        language=language_of(body_text) or (language[1].lower() if language else None),
        section=one_line(_text(told("section"))),
        url=url or name,
        name=name,
        source=one_line(_text(told("source"))) or source,
        domain=_domain(_text(told("domain"))) or domain_of(url),
        published=_published(record, mapping, today=today),
        first_line=lines[0],
        last_line=lines[1],
    )


def _text(value: object, between: str = ", ", deepest: int = _DEEPEST) -> str | None:
    """Return a value as text: of objects their value or name, of lists all of them."""
    if not deepest:
        return None
    match value:
        case str():
            return value
        case dict():
            return _text(
                next((value[name] for name in _VALUES if value.get(name)), None), deepest=deepest - 1
            )
        case [{"role": str()}, *_]:  # ninjs: the same in several forms
            return _text(min(value, key=_rank_of_role), deepest=deepest - 1)
        case list():
            texts = (_text(each, deepest=deepest - 1) for each in value)
            return between.join(dict.fromkeys(text for text in texts if text)) or None
        case _:
            return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _rank_of_role(each: object) -> int:
    role = each.get("role") if isinstance(each, dict) else None
    return _ROLES.index(role) if role in _ROLES else len(_ROLES)


def _deck(told: str | None, body_text: str, headline: str | None) -> str | None:
    """Return a description that adds to the text: most repeat how it begins."""
    if not told or len(told) > _DESCRIBED or told == headline:
        return None
    return None if repeats(told, body_text) else told


def _address(
    record: Mapping[str, object], mapping: Columns, base: str | None
) -> tuple[str | None, str | None]:
    """Return the address of an article and its name where it comes from (``urn:``): its versions are known by both."""
    values = (record.get(name) for name in mapping.of.get("url", ()))
    each = (one for value in values for one in (value if isinstance(value, list) else [value]))
    told = [text for one in each if (text := _text(one))]
    whole = [joined(base, text) if base and text.startswith("/") else text for text in told]
    return address_of(*whole), name_of(*whole)


def _domain(told: str | None) -> str | None:
    if told is None:
        return None
    return domain_of(told if "//" in told else f"//{told}")


def _published(record: Mapping[str, object], mapping: Columns, *, today: date) -> Published:
    for name in mapping.of.get("published", ()):
        told = record.get(name)
        found = moment(told, f"field {name!r}", today=today)
        if (
            not found.at
            and isinstance(told, str)
            and (_MONTHS_IN_WORDS.search(told) or _FOR_PEOPLE.match(told))
        ):
            found = _in_words(told, name, today=today)
        if found.at:
            return found
    return UNDATED


def _in_words(told: str, name: str, *, today: date) -> Published:
    """Read a date that is written for people: 26-FEB-1987 15:01, 16 October 2025."""
    printed, _ = read_dates(told.replace("-", " "), today=today)
    if not printed:
        return UNDATED
    return Published(at=printed[0].at, precision=printed[0].precision, found_in=f"field {name!r}")
