"""The JSON of the two commands that the API does not have: ``split`` and ``check``."""

from collections.abc import Mapping

from app.indexing import Agreement
from app.intake import Reading, Role
from app.schema import Shape


class PreviewLine(Shape):
    """One line of the file, and the rule that gave it its role."""

    line: int
    role: Role
    rule: str
    text: str


class PreviewBoundary(Shape):
    """A place where an article could begin."""

    line: int
    cut: bool
    rule: str
    figures: Mapping[str, float]


class PreviewDraft(Shape):
    """One article as it would be read."""

    first_line: int
    last_line: int
    headline: str | None
    deck: str | None
    byline: str | None
    dateline: str | None
    language: str | None
    body_text: str


class Preview(Shape):
    """How a file would be read."""

    file: str
    encoding: str
    notices: tuple[str, ...]
    drafts: tuple[PreviewDraft, ...]
    boundaries: tuple[PreviewBoundary, ...]
    lines: tuple[PreviewLine, ...]


class Comparison(Shape):
    """How the index stands to the database."""

    holds: bool
    articles: int
    missing: tuple[int, ...]
    stale: tuple[int, ...]
    extra: tuple[int, ...]
    waiting: int
    unavailable: str | None


def shape_reading(file: str, reading: Reading) -> Preview:
    """Return the JSON of a preview."""
    return Preview(
        file=file,
        encoding=reading.encoding,
        notices=reading.notices,
        drafts=tuple(PreviewDraft.model_validate(draft) for draft in reading.drafts),
        boundaries=tuple(PreviewBoundary.model_validate(boundary) for boundary in reading.boundaries),
        lines=tuple(
            PreviewLine(line=line.number, role=line.role, rule=line.rule, text=line.text)
            for line in reading.lines
        ),
    )


def shape_agreement(agreement: Agreement) -> Comparison:
    """Return the JSON of a check."""
    return Comparison.model_validate(agreement)
