"""Reads HTML pages: the article's text without the page's furniture (trafilatura), and what the page says of it.

Law: nothing of a page is run or fetched. The whole page is the article's place: first line to last.
"""

import re
from collections.abc import Sequence
from copy import deepcopy
from datetime import date, timedelta
from html import unescape
from urllib.parse import urljoin

from courlan import clean_url
from htmldate import find_date
from lxml.html import HtmlElement  # type: ignore[import-untyped]
from trafilatura import bare_extraction, extract_metadata, load_html

from app.domain.article import UNDATED, Draft, Published
from app.domain.text import fold, host_of
from app.intake.decode import Decoded
from app.intake.language import language_of
from app.intake.moments import moment
from app.intake.page_facts import PageFacts, page_facts
from app.intake.reading import Reading, Unreadable

_FEWEST_WORDS = 10
_LOST = 3  # so many times longer a less careful reading is where the careful one has lost the article
_LARGEST = 6 * 1024 * 1024  # characters; the time of extraction grows faster than the page
LONGEST_ADDRESS = 1_000  # bytes: it stands in an index of the database, and so does where it was seen
_LONGEST_HEADLINE = 300
_LONGEST_DECK = 500
_SENTENCE_ENDS = (".", "!", "?", "…", "。", '"', "”", "’")
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,200}\?>")

_NO_TEXT = "There is no article in this page, only page furniture; save the page of the article itself."
_TOO_DEEP = "The page is nested too deeply to be read; save its text."
_TOO_LARGE = f"The page is longer than {_LARGEST // 1024 // 1024} million characters; save its text."


def read_page(decoded: Decoded, *, today: date, url: str | None = None) -> Reading | Unreadable:
    """Return the article in an HTML page, or why there is none. ``url`` is where it was fetched, if that is known."""
    if len(decoded.text) > _LARGEST:
        return Unreadable(reason=_TOO_LARGE)
    try:
        tree = load_html(_XML_DECLARATION.sub("", decoded.text))
        lines = decoded.text.count("\n") + 1
        draft = None if tree is None else _draft(tree, lines, today=today, url=url)
    except RecursionError:
        return Unreadable(reason=_TOO_DEEP)
    except Exception as error:
        return Unreadable(
            reason=f"The page is damaged ({type(error).__name__}: {error}); save its text."[:300]
        )
    if draft is None:
        return Unreadable(reason=_NO_TEXT)
    return Reading(
        encoding=decoded.encoding,
        notices=("It was read as an HTML page.", *decoded.notices),
        drafts=(draft,),
    )


def _draft(tree: HtmlElement, lines: int, *, today: date, url: str | None) -> Draft | None:
    facts = page_facts(tree, today=today)
    heuristics = extract_metadata(
        deepcopy(tree), default_url=url, date_config={"extensive_search": False}, extensive=False
    )
    text = _text(tree)
    headline = _headline(facts, heuristics.title)
    body = _body(text.split("\n"), headline)
    deck, body = _deck(facts.description, tree, body, headline)
    body_text = "\n\n".join(body)
    if len(body_text.split()) < _FEWEST_WORDS and language_of(body_text) is None:
        return None
    address = address_of(facts.url, url or heuristics.url)
    return Draft(
        headline=headline,
        deck=deck,
        byline=_byline(facts.byline or heuristics.author),
        body_text=body_text,
        language=language_of(body_text) or facts.language,
        section=facts.section,
        url=address,
        source=facts.site or heuristics.sitename,
        domain=domain_of(address),
        published=facts.published if facts.published.at else _guessed(tree, address, today=today),
        first_line=1,
        last_line=lines,
    )


def _text(tree: HtmlElement) -> str:
    """Return the text of the article, a line a paragraph: as little furniture as can be, unless that takes most of the
    text with it."""
    careful = bare_extraction(deepcopy(tree), include_comments=False, favor_precision=True)
    generous = bare_extraction(deepcopy(tree), include_comments=False, fast=True)
    texts = [getattr(each, "text", None) or "" for each in (careful, generous)]
    return texts[0] if _LOST * len(texts[0]) >= len(texts[1]) else texts[1]


def _headline(facts: PageFacts, guessed: str | None) -> str | None:
    headline = unescape(facts.headline or guessed or "").strip()
    if facts.site and len(headline) > len(facts.site):
        # Pages put their own name beside it: "Ministers agree | The Courier".
        headline = re.sub(
            rf"\s+[|\u2013\u2014\u00b7-]\s+{re.escape(facts.site)}\s*$", "", headline, flags=re.IGNORECASE
        )
    return headline[:_LONGEST_HEADLINE] or None


def _body(lines: Sequence[str], headline: str | None) -> list[str]:
    """Return the paragraphs of an extracted text, without the headline before them."""
    paragraphs = [" ".join(line.split()) for line in lines]
    paragraphs = [each for each in paragraphs if any(map(str.isalnum, each))]
    if headline and paragraphs and fold(paragraphs[0]) == fold(headline):
        return paragraphs[1:]
    return paragraphs


def _deck(
    description: str | None, tree: HtmlElement, body: list[str], headline: str | None
) -> tuple[str | None, list[str]]:
    """Return the description of a page where the page prints it apart from the text, and the text without it; most
    repeat how the text begins."""
    told = unescape(description or "").strip()
    if not told or len(told) > _LONGEST_DECK or fold(told) == fold(headline or ""):
        return None, body
    if body and fold(told) == fold(body[0]) and not body[0].endswith(_SENTENCE_ENDS):
        return told, body[1:]
    if repeats(told, " ".join(body)):
        return None, body
    printed = (
        fold(" ".join(element.text_content().split()))
        for element in tree.iter("p", "h2", "h3", "div", "span")
    )
    return (told if any(fold(told) == text for text in printed) else None), body


def _byline(names: str | None) -> str | None:
    return "; ".join(" ".join(name.split()) for name in unescape(names).split(";")) if names else None


def address_of(*told: str | None) -> str | None:
    """Return the address an article is known by, the first that is one, without what only counts visitors."""
    for each in told:
        if each and each.startswith(("http://", "https://")) and len(each) <= LONGEST_ADDRESS:
            return bounded(clean_url(each) or each)  # which spells what is not ASCII with percent signs
    return None


def name_of(*told: str | None) -> str | None:
    """Return the name by which a publisher tells an article from all others (``urn:``, ``tag:``)."""
    names = (each for each in told if each and each.startswith(("urn:", "tag:")))
    return next(filter(None, map(bounded, names)), None)


def bounded(name: str) -> str | None:
    """Return a name or an address, where there is one that is not too long to be kept."""
    return name if 0 < len(name.encode("utf-8", "replace")) <= LONGEST_ADDRESS else None


def joined(base: str, told: str) -> str:
    """Return an address that is told from where it stands; as it is told, where the two make none."""
    try:
        return urljoin(base, told)
    except ValueError:
        return told


def repeats(description: str, body_text: str) -> bool:
    """Return whether a description, which may be cut off, begins with words of the text."""
    return fold(description.rstrip(".… "))[:80] in fold(body_text)


def domain_of(url: str | None) -> str | None:
    """Return the domain of an address, without ``www.``."""
    return (host_of(url) or "").removeprefix("www.") or None


def _guessed(tree: HtmlElement, url: str | None, *, today: date) -> Published:
    """Return the day a page was published as it can be read from its address, its time elements and its text."""
    found = find_date(
        deepcopy(tree),
        extensive_search=False,
        original_date=True,
        url=url,
        max_date=str(today + timedelta(days=1)),
    )
    return (
        moment(found, "the page, by its address, time elements and text", today=today) if found else UNDATED
    )
