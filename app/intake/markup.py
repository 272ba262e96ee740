"""Pieces of HTML, as feeds and exports carry them, as paragraphs of text.

Law: nothing is run or fetched; scripts, styles and forms give no text.
"""

import json
import re
from collections.abc import Iterator
from importlib.resources import files

from lxml.etree import LxmlError  # type: ignore[import-untyped]
from lxml.html import HtmlElement, fragment_fromstring  # type: ignore[import-untyped]

from app.intake.paragraphs import paragraphs

_TAGS = "p|br|div|span|a|b|i|em|strong|ul|ol|li|h[1-6]|blockquote|img|figure|table|sup|sub|u|s|font|code|pre|hr|small"
_TAG = re.compile(rf"</?(?:{_TAGS})(?=[\s/>])[^<>]*>", re.IGNORECASE)
# What begins no tag: an address (<jane@example.org>), a number that is less than another.
_OTHER = re.compile(r"<(?!/?[A-Za-z][\w-]{0,40}[\s/>]|!--)")
_SILENT_PIECES = re.compile(
    r"<(script|style)\b[^<>]{0,2000}>.*?</\1\s*>|<!--.*?-->", re.IGNORECASE | re.DOTALL
)
_IN_TAG = re.compile(r"<[A-Za-z/][^<>\n]{0,500}\n[^<>]{0,500}>")
# Tags that part paragraphs; without one, lines and blank lines do, as in plain text.
_PARTS = re.compile(r"<(?:p|br|div|ul|ol|li|h[1-6]|blockquote|figure|table|pre|hr)(?=[\s/>])", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,8});", re.IGNORECASE)
_NAMES = json.loads(files("app.intake").joinpath("data/markup.json").read_text(encoding="utf-8"))
_BLOCKS = frozenset(_NAMES["blocks"].split())
_SILENT = frozenset(_NAMES["silent"].split())
_SPACE = re.compile(r"\s+")


def has_markup(text: str) -> bool:
    """Return whether a text is a piece of HTML."""
    return _TAG.search(text) is not None


def plain_paragraphs(text: str) -> list[str]:
    """Return the paragraphs of a text that may be a piece of HTML, each on one line."""
    if has_markup(text) and _PARTS.search(text):
        return markup_paragraphs(text)
    if has_markup(text) or _ENTITY.search(text):
        text = _SILENT_PIECES.sub(" ", _OTHER.sub("&lt;", text.replace("\r\n", "\n")))
        text = _IN_TAG.sub(lambda tag: tag[0].replace("\n", " "), text)
        text = "\n".join(" ".join(markup_paragraphs(line)) for line in text.split("\n"))
    return [paragraph.text for paragraph in paragraphs(text.replace("\r\n", "\n").split("\n"))]


def one_line(text: str | None) -> str | None:
    """Return a title or a name, which may be a piece of HTML, as one line; None where nothing is left."""
    if not text:
        return None
    if has_markup(text) or _ENTITY.search(text):
        text = " ".join(markup_paragraphs(text))
    return " ".join(text.split()) or None


def markup_paragraphs(html: str) -> list[str]:
    """Return the paragraphs of a piece of HTML; none where it cannot be read."""
    try:
        tree = fragment_fromstring(html.replace("\0", ""), create_parent="div")
    except (LxmlError, ValueError):
        return []
    return tree_paragraphs(tree)


def tree_paragraphs(tree: HtmlElement) -> list[str]:
    """Return the paragraphs of an element: what block elements part."""
    found = "".join(_pieces(tree)).split("\n")
    return [line for each in found if (line := _SPACE.sub(" ", each).strip())]


def _pieces(tree: HtmlElement) -> Iterator[str]:
    """Yield the texts of a tree in order, line feeds around block elements; without recursion, since trees are deep."""
    ahead: list[tuple[HtmlElement | None, str]] = [(tree, "")]
    while ahead:
        element, text = ahead.pop()
        yield text
        if element is None:
            continue
        name = local_name(element)
        block = "\n" if name in _BLOCKS else ""
        ahead.append((None, block + _SPACE.sub(" ", element.tail or "") if element is not tree else block))
        if name is None or name in _SILENT:  # None: a comment
            continue
        ahead.extend((child, "") for child in reversed(element))
        yield block + _SPACE.sub(" ", element.text or "")


def elements(text: str, names: str, number: int) -> list[tuple[int, int]] | list[None]:
    """Return the characters of each element of one of these names (``item|entry``) that stands in no other, as they are
    spelt. Comments and what is quoted are not known from markup: where there are not as many as ``number``, they cannot
    be told apart, and None stands for each."""
    ends = re.compile(rf"<(/?)(?:\w{{1,40}}:)?({names})\b([^<>]{{0,2000}})>", re.IGNORECASE)
    spans: list[tuple[int, int]] = []
    begun: tuple[str, int] | None = None
    for found in ends.finditer(text):
        closes, name, rest = found.groups()
        if not closes and not begun and not rest.endswith("/"):
            begun = name, found.start()
        elif closes and begun and begun[0] == name:
            spans.append((begun[1], found.end()))
            begun = None
    return spans if len(spans) == number else [None] * number


def local_name(element: HtmlElement) -> str | None:
    """Return the name of an element without its namespace, in lower case; None for comments and instructions."""
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else None
