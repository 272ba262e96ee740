"""Reads exports: JSON, JSON Lines, JSON Feed, ninjs, CSV and TSV, their fields mapped by name.

Law: a record without a text is told and not taken; which column was taken for which field is told as well.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from app.domain.article import Draft
from app.intake.decode import Decoded
from app.intake.fields import Columns, draft_of, mapped, not_there
from app.intake.markup import one_line
from app.intake.page import address_of
from app.intake.reading import TAKEN_BACK, Reading, Refusal, Unreadable, number_of, taken_back
from app.intake.records import Record, Records, json_records, table_of, table_records

Named = Sequence[tuple[str, str]]  # what a person says: which field is which column

_NO_ARTICLE = frozenset(
    {"picture", "photo", "image", "graphic", "video", "audio", "event", "planning", "calendar", "package"}
)
_MOST_TOLD = 40  # columns in a message


def read_json(
    decoded: Decoded, named: Named = (), *, today: date, base: str | None = None
) -> Reading | Unreadable | None:
    """Return the articles in a JSON file that stands at ``base``, or why there are none; None where the text is no
    JSON."""
    records = json_records(decoded.text)
    return None if records is None else _read(decoded, records, named, today=today, base=base)


def read_table(decoded: Decoded, named: Named = (), *, today: date) -> Reading | Unreadable | None:
    """Return the articles in a table, or why there are none; None where the text is none: its first line names no
    column for a text, or none for a headline, an address or a date beside it."""
    table = table_of(decoded.text)
    if table is None:
        return None
    mapping = mapped(table.columns, named)
    beside = {"headline", "url", "published"} & mapping.of.keys()
    if not beside or not (mapping.has_text or named):
        return None
    name = "TSV" if table.delimiter == "\t" else "CSV"
    rows = Records(kind=f"a {name} table", records=list(table_records(decoded.text, table)), about={})
    return _read(decoded, rows, named, today=today)


def _read(
    decoded: Decoded, records: Records, named: Named, *, today: date, base: str | None = None
) -> Reading | Unreadable:
    columns = list(dict.fromkeys(name for each in records.records for name in each.fields))
    mapping = mapped(columns, named)
    if columns and (missing := not_there(columns, named)):
        return Unreadable(reason=_not_there(records, missing, columns))
    if not mapping.has_text and any(not each.trouble for each in records.records):
        return Unreadable(reason=_no_text(records, mapping))
    base = base or _home(records.about)
    about = one_line(str(records.about.get("title") or "")) if "version" in records.about else None
    drafts: list[Draft] = []
    refused: list[Refusal] = []
    notices = [f"It was read as {records.kind}: {mapping}."]
    for each in records.records:
        lines = (each.first_line, each.last_line)
        trouble = each.trouble or _no_article(each)
        draft = (
            None if trouble else draft_of(each.fields, mapping, lines, today=today, source=about, base=base)
        )
        if draft is not None:
            status = _status(each)
            version = number_of(each.fields.get("version"))
            drafts.append(replace(draft, status=status, version=version, span=each.span))
            if status:
                notices.append(taken_back(lines, status))
        else:
            reason = trouble or "The record has no text."
            refused.append(
                Refusal(
                    first_line=lines[0], last_line=lines[1], reason=reason, blank=not (trouble or each.fields)
                )
            )
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
    names = list(dict.fromkeys(name for each in records.records for name in each.fields))
    known = f" It has {mapping}." if mapping.of else ""
    return (
        f"It is {records.kind}, and no column is known to hold a text.{known} Its columns: {_listed(names)}. "
        "Name one of them body_text, or say which it is with --map body_text=COLUMN."
    )


def _not_there(records: Records, missing: Sequence[str], columns: Sequence[str]) -> str:
    return (
        f"It is {records.kind} and has no column {_listed(missing)}, which --map names. Its columns: "
        f"{_listed(columns)}. Name one of them."
    )


def _listed(names: Sequence[str]) -> str:
    return ", ".join(map(repr, names[:_MOST_TOLD])) or "none"


def _home(about: Mapping[str, object]) -> str | None:
    """Return where a list of articles says that it stands."""
    return address_of(*(str(about.get(name) or "") for name in ("home_page_url", "feed_url")))


def _only_refused(records: Records, refused: Sequence[Refusal]) -> str:
    reasons = Counter(each.reason for each in refused)
    told = " ".join(f"{reason} ({count} of {len(refused)})" for reason, count in reasons.most_common(3))
    return f"It is {records.kind}, and none of its records is an article: {told}"
