"""Reads plain text: judges its lines, cuts it into articles, and lays each of them out.

Law: a pure function of the text, the mode and the day of receipt: the same file always gives the same
reading.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from app.domain.article import Draft, DroppedLine
from app.intake.decode import Decoded
from app.intake.language import language_of
from app.intake.layout import Layout
from app.intake.lines import Judged, judge
from app.intake.markdown import Front, front_matter, unmarked
from app.intake.moments import moment
from app.intake.paragraphs import paragraphs
from app.intake.parts import lay_out
from app.intake.published import published_of
from app.intake.reading import Boundary, Line, Reading, Role, Split, Unreadable
from app.intake.separators import separator_mark
from app.intake.split import articles_of

_KEPT = frozenset({Role.HEADLINE, Role.DECK, Role.BYLINE, Role.DATELINE, Role.BODY, Role.SUBHEAD})
_IN_BODY = frozenset({Role.DATELINE, Role.BODY, Role.SUBHEAD})


def read_plain(decoded: Decoded, *, split: Split, today: date) -> Reading | Unreadable:
    """Return the articles in a plain text, or why there are none.

    ``today`` is the day of receipt; a date more than one day after it is ignored. With ``Split.NEVER`` there
    is exactly one draft. Never raises on content; time and memory are near linear in its length.
    """
    lines = decoded.text.split("\n")
    if lines[-1] == "":
        lines.pop()
    front = front_matter(lines)
    read = paragraphs(unmarked(lines, front))
    units = [separator_mark(paragraph) or judge(paragraph, today=today) for paragraph in read]
    groups, boundaries = articles_of(units) if split is Split.AUTO else ([units], [])
    layouts = [layout for group in groups if (layout := lay_out(group))]
    if not layouts:
        return Unreadable(reason=_no_text(units))
    return _reading(decoded, lines, layouts, boundaries, front=front, today=today)


def _no_text(units: Sequence[Judged]) -> str:
    if not units:
        return "There is nothing in it but white space."
    first = f"“{units[0].paragraph.text[:40]}”: {units[0].rule}"
    return (
        f"There is no article text in it, only page furniture and titles in {len(units)} paragraphs "
        f"(the first, {first}); save the article itself."
    )


def _reading(
    decoded: Decoded,
    lines: Sequence[str],
    layouts: Sequence[Layout],
    boundaries: Sequence[Boundary],
    *,
    front: Front,
    today: date,
) -> Reading:
    drafts = [_draft(layout) for layout in layouts]
    drafts[0] = _fronted(drafts[0], front, today=today)
    described = _described(lines, layouts, front)
    return Reading(
        encoding=decoded.encoding,
        notices=decoded.notices,
        drafts=tuple(_with_dropped(drafts, described)),
        lines=tuple(described),
        boundaries=tuple(_at_first_lines(boundaries, drafts)),
    )


def _fronted(draft: Draft, front: Front, *, today: date) -> Draft:
    """Return the first draft with what the front matter says and the text itself does not."""
    told = front.told("date", "published", "pubdate")
    dated = moment(told, "the front matter", today=today) if told else draft.published
    return replace(
        draft,
        headline=draft.headline or front.told("title", "headline"),
        deck=draft.deck or front.told("subtitle", "description"),
        byline=draft.byline or front.told("author", "authors", "byline"),
        published=draft.published if draft.published.at else dated,
    )


def _at_first_lines(boundaries: Sequence[Boundary], drafts: Sequence[Draft]) -> list[Boundary]:
    """Place every cut at the first line that was kept of the article it opens."""
    opened = iter(drafts[1:])
    return [
        replace(boundary, line=next(opened).first_line) if boundary.cut else boundary
        for boundary in boundaries
    ]


def _draft(layout: Layout) -> Draft:
    """Assemble the draft of one article, as yet without its dropped lines."""
    kept = [index for index, role in enumerate(layout.roles) if role in _KEPT]
    body_text = "\n\n".join(
        layout.units[index].paragraph.text for index in kept if layout.roles[index] in _IN_BODY
    )
    return Draft(
        headline=layout.units[layout.headline].paragraph.text if layout.headline is not None else None,
        deck=layout.units[layout.deck].paragraph.text if layout.deck is not None else None,
        byline="; ".join(dict.fromkeys(layout.units[index].byline or "" for index in layout.bylines)) or None,
        dateline=layout.dateline,
        body_text=body_text,
        language=language_of(body_text),
        published=published_of(layout),
        first_line=layout.units[kept[0]].paragraph.first,
        last_line=layout.units[kept[-1]].paragraph.last,
    )


def _described(lines: Sequence[str], layouts: Sequence[Layout], front: Front) -> list[Line]:
    """Return every line with its role; the lines of one paragraph share theirs."""
    roles = [(Role.BLANK, "a blank line")] * (len(lines) + 1)
    roles[1 : front.lines + 1] = [(Role.DROPPED, "front matter of Markdown")] * front.lines
    for layout in layouts:
        for unit, role, rule in zip(layout.units, layout.roles, layout.rules, strict=True):
            first, last = unit.paragraph.first, unit.paragraph.last
            roles[first : last + 1] = [(role, rule)] * (last + 1 - first)
    return [
        Line(number=number, text=text, role=roles[number][0], rule=roles[number][1])
        for number, text in enumerate(lines, start=1)
    ]


def _with_dropped(drafts: Sequence[Draft], described: Sequence[Line]) -> list[Draft]:
    """Give every dropped line to the last draft that begins before it, those ahead of all to the first."""
    dropped: list[list[DroppedLine]] = [[] for _ in drafts]
    current = 0
    for line in described:
        if current + 1 < len(drafts) and line.number >= drafts[current + 1].first_line:
            current += 1
        if line.role in (Role.DROPPED, Role.SEPARATOR):
            dropped[current].append(DroppedLine(line=line.number, text=line.text.strip(), rule=line.rule))
    return [replace(draft, dropped=tuple(lines)) for draft, lines in zip(drafts, dropped, strict=True)]
