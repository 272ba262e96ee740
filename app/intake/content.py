"""What kind of content a text is, by its look and not by a file's name.

Law: content that another reader will understand better is refused here, with what to do instead.
"""

import json
import re

from app.intake.reading import Unreadable

_SAMPLE = 4_096
_HTML_START = re.compile(
    r"\s*(?:<\?xml[^>]{0,200}\?>\s*)?(?:<!--.{0,500}?-->\s*)?<(?:!doctype html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
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
_XML_START = re.compile(r"\s*<(?:\?xml\b|rss\b|feed\b|rdf:RDF\b|opml\b|nitf\b|newsItem\b|newsMessage\b)")


def refusal(text: str) -> Unreadable | None:
    """Return why ``text`` cannot be read as plain text (HTML, XML or JSON), or None where it can."""
    head = text[:_SAMPLE]
    if _HTML_START.match(head) or _HTML_PIECE.match(head) or len(_HTML_TAG.findall(head)) >= _FEWEST_TAGS:
        return Unreadable(reason="HTML pages are not read yet; save the page as text.")
    if _XML_START.match(head):
        return Unreadable(reason="XML files (feeds, NewsML) are not read yet; save the articles as text.")
    if _is_json(text):
        return Unreadable(reason="JSON files are not read yet; save the articles as text.")
    return None


def _is_json(text: str) -> bool:
    """Say whether the text is JSON: by its ends, then by its first line or the whole (JSON Lines, or one
    object).
    """
    stripped = text.strip()
    if (stripped[:1], stripped[-1:]) not in {("{", "}"), ("[", "]")}:
        return False
    for candidate in (stripped.split("\n", 1)[0], stripped):
        try:
            json.loads(candidate)
        except (ValueError, RecursionError):
            continue
        return True
    return False
