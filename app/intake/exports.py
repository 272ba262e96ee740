"""Reads exports: JSON, JSON Lines, JSON Feed, ninjs, CSV and TSV, their fields mapped by name.

Law: a record without a text is told and not taken; which column was taken for which field is told as well.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from app.domain.article import Draft
from app.intake.decode import Decoded
from app.intake.fields import Columns, draft_of, mapped
from app.intake.markup import one_line
from app.intake.reading import TAKEN_BACK, Reading, Refusal, Unreadable, taken_back
from app.intake.records import Record, Records, json_records, table_header, table_records

Named = Iterable[tuple[str, str]]  # what a person says: which field is which column

_NO_ARTICLE = frozenset(
    {"picture", "photo", "image", "graphic", "video", "audio", "event", "planning", "calendar", "package"}
)
_MOST_TOLD = 40  # columns in a message
_HEADER = 20_000  # characters; a longer first line is no header


def read_json(decoded: Decoded, named: Named = (), *, today: date) -> Reading | Unreadable | None:
    """Return the articles in a JSON file, or why there are none; None where the text is no JSON."""
    records = json_records(decoded.text)
    return None if records is None else _read(decoded, records, named, today=today)


def read_table(decoded: Decoded, named: Named = (), *, today: date) -> Reading | Unreadable | None:
    """Return the articles in a table; None where the text is none: its first line names no column for a text, or none
    for a headline, an address or a date beside it."""
    first = decoded.text.split("\n", 1)[0]
    header = table_header(first) if len(first) <= _HEADER else None
    if header is None:
        return None
    delimiter, columns = header
    mapping = mapped(columns, named)
    if not mapping.has_text or not {"headline", "url", "published"} & mapping.of.keys():
        return None
    name = "TSV" if delimiter == "\t" else "CSV"
    rows = Records(kind=f"a {name} table", records=list(table_records(decoded.text, delimiter)), about={})
    return _read(decoded, rows, named, today=today)


def _read(decoded: Decoded, records: Records, named: Named, *, today: date) -> Reading | Unreadable:
    mapping = mapped(dict.fromkeys(name for each in records.records for name in each.fields), named)
    if not mapping.has_text and any(not each.trouble for each in records.records):
        return Unreadable(reason=_no_text(records, mapping))
    about = one_line(str(records.about.get("title") or "")) if "version" in records.about else None
    drafts: list[Draft] = []
    refused: list[Refusal] = []
    notices = [f"It was read as {records.kind}: {mapping}."]
    for each in records.records:
        lines = (each.first_line, each.last_line)
        trouble = each.trouble or _no_article(each)
        draft = None if trouble else draft_of(each.fields, mapping, lines, today=today, source=about)
        if draft is not None:
            status = _status(each)
            drafts.append(replace(draft, status=status))
            if status:
                notices.append(taken_back(lines, status))
        else:
            reason = trouble or "The record has no text."
            refused.append(Refusal(first_line=lines[0], last_line=lines[1], reason=reason))
    if not drafts:
        return Unreadable(reason=_only_refused(records, refused))
    return Reading(
        encoding=decoded.encoding,
        notices=(*notices, *decoded.notices),
        drafts=tuple(drafts),
        refused=tuple(refused),
    )


def _no_article(record: Record) -> str | None:
    kind = str(record.fields.get("type") or "").lower()
    return f"It is of the type {kind!r}, which is not text." if kind in _NO_ARTICLE else None


def _status(record: Record) -> str | None:
    """Return what a publisher says of a record that it took back."""
    told = str(record.fields.get("pubstatus") or record.fields.get("pubStatus") or "")
    return told if (told := told.removeprefix("stat:").lower()) in TAKEN_BACK else None


def _no_text(records: Records, mapping: Columns) -> str:
    if records.records and all(_no_article(each) for each in records.records):
        return _no_article(records.records[0]) or ""
    names = list(dict.fromkeys(name for each in records.records for name in each.fields))[:_MOST_TOLD]
    known = f" It has {mapping}." if mapping.of else ""
    told = ", ".join(map(repr, names)) or "none"
    return (
        f"It is {records.kind}, and no column is known to hold a text.{known} Its columns: {told}. Name one of them "
        "body_text, or say which it is with --map body_text=COLUMN."
    )


def _only_refused(records: Records, refused: Sequence[Refusal]) -> str:
    reasons = Counter(each.reason for each in refused)
    told = " ".join(f"{reason} ({count} of {len(refused)})" for reason, count in reasons.most_common(3))
    return f"It is {records.kind}, and none of its records is an article: {told}"
