"""Lists of subscriptions (OPML): the addresses of feeds, with their titles."""

import re

from lxml.etree import LxmlError, XMLParser, fromstring  # type: ignore[import-untyped]

from app.intake.reading import Unreadable

_MOST = 10_000
# Some programs write feed://example.org/rss, and feed:https://example.org/rss.
_FEED_SCHEME = re.compile(r"^feed:(//)?", re.IGNORECASE)


def _as_web(found: re.Match[str]) -> str:
    return "https://" if found[1] else ""


def feeds_in(content: bytes) -> list[tuple[str, str | None]] | Unreadable:
    """Return the feeds of a list, each address once, in order; or why there are none."""
    parser = XMLParser(resolve_entities=False, no_network=True, huge_tree=False, recover=True)
    try:
        root = fromstring(content, parser)
    except (LxmlError, ValueError) as error:
        return Unreadable(reason=f"It is no OPML: {error}. Export the list again."[:300])
    found: dict[str, str | None] = {}
    for outline in root.iter("{*}outline", "{*}OUTLINE") if root is not None else ():
        told = {name.lower(): value for name, value in outline.attrib.items()}
        url = _FEED_SCHEME.sub(_as_web, told.get("xmlurl", "").strip())
        if url.startswith(("http://", "https://")) and len(found) < _MOST:
            found.setdefault(url, (told.get("title") or told.get("text") or "").strip() or None)
    return list(found.items()) or Unreadable(reason="It names no feeds. Export the list again, as OPML.")
