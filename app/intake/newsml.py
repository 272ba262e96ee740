"""Reads wire formats in XML: NewsML-G2 and NITF (IPTC), an article per text item.

Law: entities are not resolved and nothing is fetched. Photo, video, planning and event items are told as not text; what
its publisher took back is told, and kept.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from lxml.etree import LxmlError, XMLParser, _Element, fromstring  # type: ignore[import-untyped]

from app.domain.article import UNDATED, Draft, Published
from app.intake.decode import Decoded
from app.intake.language import language_of
from app.intake.markup import elements, local_name, tree_paragraphs
from app.intake.moments import moment
from app.intake.page import address_of, bounded, domain_of, name_of
from app.intake.reading import TAKEN_BACK, Reading, Refusal, Unreadable, number_of, taken_back

_ITEMS = frozenset(["newsitem", "packageitem", "planningitem", "conceptitem", "knowledgeitem", "catalogitem"])
_TEXT = "text"
_OWN_LINKS = frozenset({"canonical", "permalink", "sameas", "ispermalink"})


def read_newsml(decoded: Decoded, *, today: date) -> Reading | Unreadable:
    """Return the articles in a NewsML-G2 or NITF document, or why there are none."""
    parser = XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, remove_comments=True, encoding="utf-8"
    )
    try:
        root = fromstring(decoded.text.strip().encode("utf-8", "replace"), parser)
    except LxmlError as error:
        return Unreadable(reason=f"The XML is damaged: {error}. Ask for the file again."[:300])
    items = [each for each in root.iter() if local_name(each) in _ITEMS]
    items = items or [each for each in root.iter() if local_name(each) == "nitf"]
    before = decoded.text[: len(decoded.text) - len(decoded.text.lstrip())].count("\n")
    drafts: list[Draft] = []
    refused: list[Refusal] = []
    notices = [f"It was read as {'NITF' if local_name(root) == 'nitf' else 'NewsML-G2'}, {len(items)} items."]
    names = "|".join(sorted({str(local_name(each)) for each in items})) or "nitf"
    for item, span in zip(items, elements(decoded.text, names, len(items)), strict=True):
        lines = (before + (item.sourceline or 1), before + _last_line(item))
        trouble = _no_text(item)
        draft = None if trouble else _draft(item, lines, today=today)
        if draft is None:
            refused.append(
                Refusal(
                    first_line=lines[0],
                    last_line=lines[1],
                    reason=trouble or "The item has no text.",
                    blank=len(item) == 0,
                )
            )
            continue
        status = _status(item)
        if status in TAKEN_BACK:
            notices.append(taken_back(lines, status))
            draft = replace(draft, status=status)
        drafts.append(replace(draft, version=_version(item), span=span))
    if not drafts:
        told = " ".join(dict.fromkeys(each.reason for each in refused)) or "It has no items."
        return Unreadable(reason=f"There is no text in this NewsML: {told}")
    return Reading(
        encoding=decoded.encoding,
        notices=(*notices, *decoded.notices),
        drafts=tuple(drafts),
        refused=tuple(refused),
    )


def _last_line(item: _Element) -> int:
    """Return the line on which an item ends, as far as its parts say."""
    last = max((each.sourceline or 1) for each in item.iter())
    tail = next((each for each in item.iter() if each.sourceline == last and each.text), None)
    return last + (tail.text.count("\n") if tail is not None and tail.text else 0)


def _no_text(item: _Element) -> str | None:
    name = local_name(item)
    if name == "nitf":
        return None
    kind = _code(item, "itemclass") or (_TEXT if name == "newsitem" else name or "")
    if name == "newsitem" and kind in (_TEXT, "composite"):
        return None
    return f"The item is of the kind {kind!r}, which is not text."


def _code(item: _Element, name: str) -> str | None:
    """Return the code of a property, without its scheme: ``ninat:text`` is ``text``, and so is ``https://…/text``."""
    found = _first(item, name)
    if found is None:
        return None
    told = found.get("qcode") or found.get("uri") or ""
    return re.split("[:/]", told)[-1].lower() or None


def _status(item: _Element) -> str | None:
    """Return what its publisher says of an item: the pubStatus of NewsML-G2, the management status of NITF."""
    docdata = _first(item, "docdata")
    told = docdata.get("management-status") if docdata is not None else None
    return _code(item, "pubstatus") or (told or "").lower() or None


def _within(source: str | None, identity: _Element | None) -> str | None:
    """Return the name of a NITF document, which means something only at its agency or paper."""
    told = identity.get("id-string") if identity is not None else None
    agency = (identity.get("regsrc") if identity is not None else None) or source
    return bounded(f"{agency} {told}") if told and agency else None


def _version(item: _Element) -> int | None:
    """Return the number of the version: NewsML-G2 has it on the item, NITF beside the key of its document."""
    key = _first(item, "du-key")
    return number_of(item.get("version") or (key.get("version") if key is not None else None))


def _first(item: _Element, *names: str) -> _Element | None:
    """Return the first element of the first of these names that there is."""
    for name in names:
        for each in item.iter():
            if local_name(each) == name:
                return each
    return None


def _line(item: _Element, *names: str) -> str | None:
    found = _first(item, *names)
    return " ".join(" ".join(tree_paragraphs(found)).split()) or None if found is not None else None


def _draft(item: _Element, lines: tuple[int, int], *, today: date) -> Draft | None:
    body_text = "\n\n".join(_body(item))
    if not any(map(str.isalnum, body_text)):
        return None
    language = _first(item, "language")
    tag = language.get("tag") or "" if language is not None else ""
    identity = _first(item, "doc-id")
    names = [item.get("guid"), identity.get("id-string") if identity is not None else None]
    link = address_of(*_links(item), *names)
    return Draft(
        headline=_line(item, "hl1", "headline", "hedline", "title"),
        deck=_line(item, "hl2"),
        byline=_line(item, "byline", "by"),
        dateline=_line(item, "dateline"),
        body_text=body_text,
        language=language_of(body_text) or tag[:2].lower() or None,
        url=link or name_of(*names),
        name=name_of(*names) or _within(_source(item), identity),
        source=_source(item),
        domain=domain_of(link),
        published=_published(item, today=today),
        first_line=lines[0],
        last_line=lines[1],
    )


def _body(item: _Element) -> list[str]:
    """Return the paragraphs of the content: NITF's, those of a page inside, or plain text."""
    content = _first(item, "body.content", "body", "inlinexml")
    if content is not None:
        return tree_paragraphs(content)
    data = _first(item, "inlinedata")
    return (
        [line.strip() for line in (data.text or "").split("\n") if line.strip()] if data is not None else []
    )


def _source(item: _Element) -> str | None:
    publication = _first(item, "pubdata")
    if publication is not None and publication.get("name"):
        return " ".join(publication.get("name").split())
    for name in ("infosource", "provider", "creditline"):
        found = _first(item, name)
        if found is not None:
            literal = found.get("literal") or (found.text or "").strip()
            return _line(found, "name") or literal or None
    return None


def _links(item: _Element) -> Iterator[str]:
    """Yield where an item itself stands; most links of an item lead to others."""
    for each in item.iter():
        name, role = local_name(each), (each.get("rel") or "").rpartition(":")[2].casefold()
        if name == "permalink" or (name == "link" and role in _OWN_LINKS):
            yield each.get("href") or (each.text or "").strip()


def _published(item: _Element, *, today: date) -> Published:
    """Return when an item was issued: as NITF says, else the creation of its content, else that of its version."""
    for name in (
        "date.issue",
        "date.release",
        "contentcreated",
        "firstcreated",
        "versioncreated",
        "contentmodified",
    ):
        found = _first(item, name)
        if found is not None:
            told = found.get("norm") or (found.text or "").strip()
            published = moment(told, f"element {found.tag.rpartition('}')[2]}", today=today)
            if published.at:
                return published
    return UNDATED
