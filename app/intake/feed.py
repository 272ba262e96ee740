"""Reads feeds: RSS, Atom and RDF, an article per entry (feedparser).

Law: nothing is fetched. An entry's text is its content where the feed has it, else its summary, which is told.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO

import feedparser  # type: ignore[import-untyped]

from app.domain.article import UNDATED, Draft, Published
from app.intake.content import root_at
from app.intake.decode import Decoded
from app.intake.language import language_of
from app.intake.markup import elements, one_line, plain_paragraphs
from app.intake.moments import moment
from app.intake.page import address_of, bounded, domain_of, joined, name_of
from app.intake.places import Places
from app.intake.reading import Reading, Refusal, Unreadable

_LARGEST = 16 * 1024 * 1024  # bytes
_TOO_LARGE = f"The feed is larger than {_LARGEST // 1024 // 1024} MiB; cut it into parts."
_ENTITIES = re.compile(r"""<!ENTITY(?:[^<>"']|"[^"]{0,5000}"|'[^']{0,5000}'){0,2000}+>""", re.IGNORECASE)
_LATE_ENTITY = re.compile(r"\s*<!", re.IGNORECASE)  # a declaration whose end was not found
_IN_UTF8 = {"content-type": "application/xml; charset=utf-8"}
_ENTITIES_LEFT = "The feed declares entities, which are not resolved; fetch it again without them."
_DATES = ("published", "updated", "created")
_Entry = Mapping[str, object]


def read_feed(
    content: bytes, decoded: Decoded, *, today: date, url: str | None = None
) -> Reading | Unreadable:
    """Return the articles in a feed that stands at ``url``, or why there are none."""
    if len(content) > _LARGEST:
        return Unreadable(reason=_TOO_LARGE)
    headers = {"content-location": url} if url else {}
    root = root_at(decoded.text)
    declared = decoded.text[:root]
    if "<!ENTITY" in declared.upper():  # the parser would put them in, as often as they are named
        declared = _ENTITIES.sub("", declared)
        content, headers = (declared + decoded.text[root:]).encode("utf-8", "replace"), headers | _IN_UTF8
    if "<!ENTITY" in declared.upper() or _LATE_ENTITY.match(decoded.text, root):
        return Unreadable(reason=_ENTITIES_LEFT)
    try:
        feed = feedparser.parse(BytesIO(content), sanitize_html=False, response_headers=headers)
    except Exception as error:
        return Unreadable(
            reason=f"The feed is damaged ({type(error).__name__}: {error}); fetch it again."[:300]
        )
    entries: Sequence[_Entry] = feed.entries
    if not entries:
        return Unreadable(reason="The feed has no entries, or is damaged before the first; fetch it again.")
    title, language = one_line(feed.feed.get("title")), str(feed.feed.get("language") or "")[:2].lower()
    home = domain_of(feed.feed.get("link"))
    base = url or str(feed.feed.get("link") or "")
    drafts: list[Draft] = []
    refused: list[Refusal] = []
    summaries = 0
    spans = elements(decoded.text, "item|entry", len(entries))
    places = Places(decoded.text)
    for entry, span in zip(entries, spans, strict=True):
        lines = places.span(*span) if span else (1, places.last)  # of the whole feed
        address = _address(entry, base)
        draft, in_full = _draft(entry, lines, today=today, source=title, language=language or None)
        domain = home or domain_of(address)
        draft = draft and replace(
            draft, url=address, domain=domain, name=_name(entry, url or domain), span=span
        )
        if draft is None:
            refused.append(
                Refusal(
                    first_line=lines[0],
                    last_line=lines[1],
                    reason="The entry has no text.",
                    blank=not entry.get("title"),
                )
            )
            continue
        drafts.append(draft)
        summaries += not in_full
    if not drafts:
        return Unreadable(
            reason=f"None of the {len(entries)} entries of the feed has a text; fetch the pages it names."
        )
    partly = f" Of {summaries} entries it has only a summary." if summaries else ""
    return Reading(
        encoding=str(feed.get("encoding") or decoded.encoding).upper(),
        notices=(
            f"It was read as a feed ({feed.version or 'of no known version'}) of {len(entries)} entries.{partly}",
        ),
        drafts=tuple(drafts),
        refused=tuple(refused),
    )


def _draft(
    entry: _Entry,
    lines: tuple[int, int],
    *,
    today: date,
    source: str | None,
    language: str | None,
) -> tuple[Draft | None, bool]:
    """Return the draft of an entry, and whether the feed has it in full."""
    content = entry.get("content")
    full = [str(each.get("value") or "") for each in content] if isinstance(content, list) else []
    told = max(full, key=len, default="")
    body = plain_paragraphs(told) or plain_paragraphs(str(entry.get("summary") or ""))
    body_text = "\n\n".join(body)
    if not any(map(str.isalnum, body_text)):
        return None, False
    draft = Draft(
        headline=one_line(str(entry.get("title") or "")),
        byline=_byline(entry),
        body_text=body_text,
        language=language_of(body_text) or language,
        source=source,
        published=_published(entry, today=today),
        first_line=lines[0],
        last_line=lines[1],
    )
    return draft, bool(told.strip())


def _address(entry: _Entry, base: str) -> str | None:
    """Return the address of an entry, else the name by which its feed tells it from all others."""
    told = [str(entry.get(name) or "") for name in ("link", "id")]
    link = joined(base, told[0]) if told[0] else ""
    return address_of(link, told[1]) or name_of(told[1])


def _name(entry: _Entry, feed: str | None) -> str | None:
    """Return by what its feed tells an entry from all others; a bare number means something only in that feed."""
    told = str(entry.get("id") or "").strip()
    if not told or told == entry.get("link"):
        return None
    is_whole = name_of(told) is not None or told.startswith(("http://", "https://"))
    name = told if is_whole else f"{feed} {told}" if feed else ""
    return bounded(name)


def _byline(entry: _Entry) -> str | None:
    authors = entry.get("authors")
    names = [one_line(str(each.get("name") or "")) for each in authors] if isinstance(authors, list) else []
    return "; ".join(dict.fromkeys(name for name in names if name)) or one_line(
        str(entry.get("author") or "")
    )


def _published(entry: _Entry, *, today: date) -> Published:
    # Asked by its keys, since the entry itself gives one date for another.
    for name in (name for name in _DATES if name in set(entry.keys())):
        found = moment(entry.get(name), f"{name} of the entry", today=today)
        if found.at:
            return found
        parsed = entry.get(f"{name}_parsed")
        if isinstance(parsed, tuple):
            year, month, day, hour, minute, second = parsed[:6]
            at = datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC)
            found = moment(at.isoformat(), f"{name} of the entry", today=today)
            if found.at:
                return found
    return UNDATED
