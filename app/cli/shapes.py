"""The JSON of what the API does not have: ``split``, ``check`` and the dry run of ``ingest``."""

from collections.abc import Mapping

from pydantic import AliasPath, Field

from app.domain import delivery
from app.domain.article import RepeatKind
from app.domain.furniture import FurnitureReport
from app.indexing import Agreement
from app.ingest.regroup import Regrouped
from app.intake import Reading, Role
from app.schema import Fate, File, Line, Placed, Ratio, Report, Shape


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
    section: str | None
    url: str | None
    source: str | None
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


class InRun(Placed):
    """Another draft of the same dry run."""


class InRunRepeat(InRun):
    """A link to another draft of the same dry run, as ``repeats`` has them to articles."""

    file: File = Field(validation_alias=AliasPath("draft", "file"))
    first_line: Line = Field(validation_alias=AliasPath("draft", "first_line"))
    last_line: Line = Field(validation_alias=AliasPath("draft", "last_line"))
    kind: RepeatKind
    jaccard: Ratio
    containment: Ratio


class RehearsedFate(Fate):
    """What would become of one text. Where an id is null because its article would be new, the draft is named."""

    seen_in_run: InRun | None
    duplicate_of_in_run: InRun | None
    repeats_in_run: tuple[InRunRepeat, ...]


class Rehearsal(Report):
    """The report of a dry run."""

    items: tuple[RehearsedFate, ...]


class FurnitureLine(Shape):
    """A line that is furniture, and how many articles of its source print it."""

    articles: int
    text: str


class FurnitureOfSource(Shape):
    """What is furniture of a source."""

    source: str
    furniture: tuple[FurnitureLine, ...]


class Furnishings(Shape):
    """What is furniture, and of how many articles other lines are left out than before."""

    sources: tuple[FurnitureOfSource, ...]
    articles_changed: int


class Grouping(Shape):
    """How many articles were weighed anew, and how many of them were moved into another story."""

    articles: int
    moved: int


def shape_rehearsal(report: delivery.Report) -> Rehearsal:
    """Return the JSON of a dry run."""
    return Rehearsal.model_validate(report)


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


def shape_furniture(report: FurnitureReport) -> Furnishings:
    """Return what was learnt as `newsfold furniture --json` prints it."""
    return Furnishings.model_validate(report)


def shape_regrouped(report: Regrouped) -> Grouping:
    """Return what `newsfold regroup --json` prints."""
    return Grouping.model_validate(report)
