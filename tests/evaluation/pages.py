"""Web pages turned into plain text, as somebody would who copies a page into a file, with the article's true text
and what the page calls its title.

Law: nothing here looks at what the reader does; the lines of a page follow its block elements alone.
"""

import gzip
import json
import re
from dataclasses import dataclass
from html import unescape
from html.parser import HTMLParser

from tests.evaluation.corpora import SHARED, Part, part_of

_BLOCKS = frozenset(
    [
        *(
            "address",
            "article",
            "aside",
            "blockquote",
            "body",
            "br",
            "button",
            "dd",
            "div",
            "dl",
            "dt",
            "fieldset",
        ),
        *(
            "figcaption",
            "figure",
            "footer",
            "form",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "header",
            "hr",
            "iframe",
            "img",
        ),
        *(
            "input",
            "label",
            "legend",
            "li",
            "main",
            "nav",
            "ol",
            "option",
            "p",
            "pre",
            "section",
            "select",
            "table",
        ),
        *("tbody", "td", "tfoot", "th", "thead", "tr", "ul", "video"),
    ]
)
# Where a page says its title: mostly with the name of the site beside it.
_TITLES = tuple(
    re.compile(pattern, re.IGNORECASE | re.DOTALL)
    for pattern in (
        r"<title[^>]*>(.*?)</title>",
        r"<h1[^>]*>(.*?)</h1>",
        r"""<meta[^>]*property=["']og:title["'][^>]*content="([^"]*)""",
        r"""<meta[^>]*content="([^"]*)"[^>]*property=["']og:title["']""",
    )
)
_TELLING_TITLE = 15  # characters of a title that can be a part of another only by being the same
_UNSEEN = frozenset(["head", "script", "style", "noscript", "template", "svg", "textarea", "title"])


class _Lines(HTMLParser):
    """Collects the visible text of a page, a line per block."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = []
        self._parts: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self._unseen += tag in _UNSEEN
        if tag in _BLOCKS:
            self.close_line()

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        if tag in _BLOCKS:
            self.close_line()

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self._parts.append(data)

    def close_line(self) -> None:
        """End the line at hand; lines of white space alone are none."""
        line = " ".join("".join(self._parts).split())
        if line:
            self.lines.append(line)
        self._parts = []


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page as lines, the text of its article as the people who made the set copied it, and its titles, folded."""

    name: str
    lines: tuple[str, ...]
    truth: str
    titles: frozenset[str]

    def is_title(self, line: str) -> bool:
        """Say whether ``line`` is one of the titles of the page, with or without the name of the site."""
        folded = folded_text(line)
        return any(
            folded == title
            or (len(folded) > _TELLING_TITLE and folded in title)
            or (len(title) > _TELLING_TITLE and title in folded)
            for title in self.titles
        )

    def is_article(self, line: str) -> bool:
        """Say whether ``line`` belongs to the article: a whole line of the truth, or a long part of one."""
        folded = folded_text(line)
        return folded in self.truth_lines or (len(folded) >= 25 and folded in folded_text(self.truth))

    @property
    def truth_lines(self) -> frozenset[str]:
        """The lines of the truth, folded."""
        return frozenset(folded_text(line) for line in self.truth.split("\n"))


def folded_text(text: str) -> str:
    """Return ``text`` as letters and digits in lower case: markup moves white space and marks about."""
    return re.sub(r"[\W_]+", " ", text.casefold()).strip()


def pages(*parts: Part) -> list[Page]:
    """Return the pages of these parts, in the order of their names."""
    truth = json.loads((SHARED / "data/html/ground-truth.json").read_text(encoding="utf-8"))
    found: list[Page] = []
    for name, each in sorted(truth.items()):
        if part_of(each["articleBody"]) not in parts:
            continue
        with gzip.open(
            SHARED / f"data/html/html/{name}.html.gz", "rt", encoding="utf-8", errors="replace"
        ) as stream:
            html = stream.read()
        truth_text = each["articleBody"]
        found.append(Page(name=name, lines=lines_of(html), truth=truth_text, titles=titles_of(html)))
    return found


def lines_of(html: str) -> tuple[str, ...]:
    """Return the visible lines of a page."""
    parser = _Lines()
    parser.feed(html)
    parser.close()
    parser.close_line()
    return tuple(parser.lines)


def titles_of(html: str) -> frozenset[str]:
    """Return what a page calls its title: in its head, for those who share it, and as its first heading; folded."""
    found = (match for pattern in _TITLES for match in pattern.findall(html))
    return frozenset(folded_text(unescape(re.sub(r"<[^>]+>", " ", match))) for match in found) - {""}
