"""Texts as databases, indexes and terminals take them, whatever a reader found.

Law: nothing that leaves a reader holds half a character (a lone surrogate, as JSON can spell it) or NUL.
"""

import re
from dataclasses import fields, replace

from app.domain.article import Draft
from app.intake.reading import Reading, Unreadable

_UNSOUND = re.compile("[\0\ud800-\udfff]")
_NOTICE = "Half characters and NULs in it were replaced."


def sound(found: Reading | Unreadable) -> Reading | Unreadable:
    """Return what a reader found, with signs that stand for nothing replaced by U+FFFD, and a notice where there were
    any."""
    if isinstance(found, Unreadable):
        return replace(found, reason=_mended(found.reason))
    drafts = tuple(map(_sound_draft, found.drafts))
    refused = tuple(replace(each, reason=_mended(each.reason)) for each in found.refused)
    notices = tuple(map(_mended, found.notices))
    if any(old is not new for old, new in zip(found.drafts, drafts, strict=True)):
        notices = (*notices, _NOTICE)
    return replace(found, drafts=drafts, refused=refused, notices=notices)


def _sound_draft(draft: Draft) -> Draft:
    """Return a draft that can be kept: the same one, where it can."""
    told = {each.name: getattr(draft, each.name) for each in fields(draft)}
    changed: dict[str, object] = {
        name: _mended(value)
        for name, value in told.items()
        if isinstance(value, str) and _UNSOUND.search(value)
    }
    if any(_UNSOUND.search(each.text) for each in draft.dropped):
        changed["dropped"] = tuple(replace(each, text=_mended(each.text)) for each in draft.dropped)
    if _UNSOUND.search(draft.published.found_in or ""):
        changed["published"] = replace(draft.published, found_in=_mended(draft.published.found_in or ""))
    return replace(draft, **changed) if changed else draft  # type: ignore[arg-type]  # names and types are its own


def _mended(text: str) -> str:
    return _UNSOUND.sub("�", text)
