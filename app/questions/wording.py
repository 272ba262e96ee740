"""A query tree said in plain words, so that a reader sees what was understood.

Law: the wording is unambiguous: wherever AND and OR meet, parentheses say what belongs together.
"""

from datetime import date

from app.domain.query import (
    Among,
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
    Pattern,
    Phrase,
    Term,
)

_FLAGS = {Flag.DUPLICATE: "duplicates", Flag.DATED: "with a date", Flag.HEADED: "with a headline"}
_OPERATORS = {"AND", "OR", "NOT", "ANDNOT"}


def wording(tree: Node) -> str:
    """Return the tree in plain words: what is searched, then what narrows it, as in ``summit, published in …``."""
    if not isinstance(tree, And):
        return _clause(tree)
    words = [_part(child) for child in tree.children if not _narrows(child)]
    narrowing = [_part(child) for child in tree.children if _narrows(child)]
    return ", ".join([" AND ".join(words), *narrowing] if words else narrowing)


_NARROWING = frozenset(
    {
        Field.STORY,
        Field.DELIVERY,
        Field.LANGUAGE,
        Field.SOURCE,
        Field.BYLINE,
        Field.URL,
        Field.DOMAIN,
        Field.SECTION,
    }
)


def _narrows(node: Node) -> bool:
    match node:
        case DayRange() | Has():
            return True
        case Term(field=field) | Phrase(field=field) | Pattern(field=field):
            return field in _NARROWING
        case Not(child=child):
            return _narrows(child)
        case _:
            return False


def _part(node: Node) -> str:
    """Word a part of a larger whole: in parentheses where it has parts of its own."""
    clause = _clause(node)
    return f"({clause})" if isinstance(node, And | Or) else clause


def _clause(node: Node) -> str:  # noqa: PLR0911 (a return per kind of node)
    match node:
        case And(children=children):
            return " AND ".join(_part(child) for child in children)
        case Or(children=children):
            return " OR ".join(_part(child) for child in children)
        case Not(child=child):
            return f"NOT {_part(child)}"
        case Everything():
            return "all articles"
        case Nothing():
            return "nothing"
        case Has(flag=flag):
            return _FLAGS[flag]
        case DayRange():
            return _days(node)
        case Among(articles=articles):
            return f"one of {len(articles)} articles"
        case _:
            return _words(node)


def _days(days: DayRange) -> str:
    match days.first, days.last:
        case date() as first, date() as last if first == last:
            return f"{days.field} on {first.isoformat()}"
        case date() as first, date() as last:
            return f"{days.field} from {first.isoformat()} to {last.isoformat()}"
        case date() as first, None:
            return f"{days.field} from {first.isoformat()} on"
        case None, date() as last:
            return f"{days.field} up to {last.isoformat()}"
        case _:
            return f"{days.field} on any day"


def _words(node: Term | Phrase | Pattern) -> str:
    match node:
        case Term(text=text):
            said = (
                f'"{text}"' if text.upper() in _OPERATORS or not text.isprintable() or " " in text else text
            )
        case Phrase(text=text, slop=slop):
            said = f'"{" ".join(text.split())}"{_between(slop - 1)}'
        case Pattern(pattern=pattern):
            said = pattern
    return _placed(said, node.field)


def _between(words: int) -> str:
    """Say how many words may stand between two of a phrase."""
    match words:
        case 0:
            return ""
        case 1:
            return " (at most 1 word between)"
        case _:
            return f" (at most {words} words between)"


def _placed(said: str, field: Field | None) -> str:  # noqa: PLR0911 (a return per field)
    match field:
        case None:
            return said
        case Field.HEADLINE | Field.DECK | Field.BODY | Field.BYLINE:
            return f"{said} in the {field.value}"
        case Field.URL:
            return f"{said} in the address"
        case Field.DOMAIN:
            return f"from the domain {said}"
        case Field.SECTION:
            return f"from the section {said}"
        case Field.SOURCE:
            return f"from the source {said}"
        case Field.LANGUAGE:
            return f"in the language {said}"
        case Field.STORY | Field.DELIVERY:
            return f"in {field} {said}"
        case _:
            return f"{field.value} {said}"
