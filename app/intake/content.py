"""What kind of content a text is, by its look and not by a file's name."""

import re
from enum import StrEnum

from app.intake.reading import Unreadable

_SAMPLE = 4_096
_HTML_START = re.compile(
    r"\s*<(?:!doctype html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_HTML_DOCTYPE = re.compile(r"<!doctype\s+html\b", re.IGNORECASE)
_HTML_TAG = re.compile(
    r"</?(?:html|head|body|div|span|p|a|script|style|meta|link|table|tr|td|ul|li|img|br|h[1-6])\b[^<>]{0,500}>",
    re.IGNORECASE,
)
_FEWEST_TAGS = 8
# A piece of a page; a lone <img> or <br> at the beginning is what copying a page as text leaves behind.
_HTML_PIECE = re.compile(
    r"\s*<(div|span|p|a|script|style|table|tr|td|ul|li|h[1-6])\b[^<>]{0,500}>.*?</\1\s*>",
    re.IGNORECASE | re.DOTALL,
)
# What stands ahead of the root: declarations, instructions and comments, each with how it ends.
_ASIDE = re.compile(r"\s*(<!--|<\?|<!DOCTYPE\b)", re.IGNORECASE)
_DOCTYPE_ENDS = re.compile(r"[^\[>]{0,2000}(?:\[[^\]]{0,50000}\]\s*)?>")
_XML_START = re.compile(r"\s*<(?:[\w.-]+:)?([A-Za-z][\w.-]*)[\s/>]")
_OPML = "It is a list of subscriptions (OPML) and holds no articles; fetch the feeds it names."
_XML = "It is XML of a kind that is not read (<{root}>); save the articles as text."
_NEWSML = frozenset(
    {"newsitem", "newsmessage", "newsml", "nitf", "contentset", "packageitem", "planningitem"}
)


class Kind(StrEnum):
    """What a text is; ``TEXT`` may still be JSON, a table or a message, which only reading tells."""

    PAGE = "page"
    FEED = "feed"
    NEWSML = "newsml"
    TEXT = "text"


def kind_of(text: str) -> Kind | Unreadable:
    """Return what kind of content a text is, or why nothing reads it."""
    begins = root_at(text)
    head = text[begins : begins + _SAMPLE]
    if _HTML_START.match(head) or _HTML_DOCTYPE.search(text, 0, begins):
        return Kind.PAGE
    root = _XML_START.match(head)
    if root and (kind := _kind_of_xml(root[1], is_declared=text.lstrip()[:5].lower() == "<?xml")):
        return kind
    is_page = _HTML_PIECE.match(head) or len(_HTML_TAG.findall(head)) >= _FEWEST_TAGS
    return Kind.PAGE if is_page else Kind.TEXT


def root_at(text: str) -> int:
    """Return where a document begins behind its declarations and comments, however long these are."""
    at = 0
    while begun := _ASIDE.match(text, at):
        end = _end_of_aside(text, begun)
        if end is None:
            break
        at = end
    return at


def _end_of_aside(text: str, begun: re.Match[str]) -> int | None:
    match begun[1]:
        case "<!--" | "<?" as mark:
            close = "-->" if mark == "<!--" else "?>"
            end = text.find(close, begun.end())
            return None if end < 0 else end + len(close)
        case _:
            found = _DOCTYPE_ENDS.match(text, begun.end())
            return found.end() if found else None


def _kind_of_xml(root: str, *, is_declared: bool) -> Kind | Unreadable | None:
    """Return what a document is by the name of its root; None where it may still be something else."""
    match root.lower():
        case "rss" | "feed" | "rdf" | "channel":
            return Kind.FEED
        case name if name in _NEWSML:
            return Kind.NEWSML
        case "opml":
            return Unreadable(reason=_OPML)
        case _ if is_declared:
            return Unreadable(reason=_XML.format(root=root))
        case _:
            return None
