"""What became of a delivery: the report that intake owes for every line of every file."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from app.domain.article import ArticleId, DeliveryId, RepeatKind, StoryId


class Outcome(StrEnum):
    """What became of one draft.

    ``NEW``: a text the archive did not hold. ``DUPLICATE``: such a text, and it repeats another article. ``SEEN``:
    the text was there; this is a further sighting. ``UNCHANGED``: this very sighting was known. ``WITHDRAWN``: a
    person withdrew or erased the text, and it stays so.
    """

    NEW = "new"
    DUPLICATE = "duplicate"
    SEEN = "seen"
    UNCHANGED = "unchanged"
    WITHDRAWN = "withdrawn"


class IndexState(StrEnum):
    """Whether the index holds what the delivery wrote."""

    CURRENT = "current"
    BEHIND = "behind"


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat:
    """A link between two articles, as seen from one of them: the other, the kind, and the shares of 4-word shingles
    (``jaccard``: common of all; ``containment``: common of the smaller text's)."""

    article: ArticleId
    kind: RepeatKind
    jaccard: float
    containment: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftPlace:
    """Where a draft stands in the files of a run."""

    file: str
    first_line: int
    last_line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRepeat:
    """A link to another draft of the same dry run, which has no article yet."""

    draft: DraftPlace
    kind: RepeatKind
    jaccard: float
    containment: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemReport:
    """What became of one draft. In a dry run the ids of what would be made are None, and where they would lead is told
    by the draft of this run that they would be made from: ``seen_in_run`` for ``article`` (the same text, earlier in
    the run), ``duplicate_of_in_run`` and ``repeats_in_run``."""

    file: str
    first_line: int
    last_line: int
    outcome: Outcome
    article: ArticleId | None
    duplicate_of: ArticleId | None
    repeats: tuple[Repeat, ...]
    story: StoryId | None
    seen_in_run: DraftPlace | None = None
    duplicate_of_in_run: DraftPlace | None = None
    repeats_in_run: tuple[RunRepeat, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """A file that gave no article, and why."""

    file: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DroppedRun:
    """Consecutive lines of a file that were left out for one reason."""

    file: str
    first_line: int
    last_line: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FileNote:
    """Something to know about how a file was read: its encoding, bytes that had to be marked or removed."""

    file: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The report of a delivery. ``delivery`` is None in a dry run; ``index`` is None when the report is read later.
    ``files`` and ``files_read`` say how far one is that came over the web."""

    delivery: DeliveryId | None
    started: datetime
    finished: datetime | None
    source: str | None
    items: tuple[ItemReport, ...]
    rejected: tuple[Rejection, ...]
    dropped: tuple[DroppedRun, ...]
    notes: tuple[FileNote, ...]
    stories_new: int
    index: IndexState | None
    files: int | None = None
    files_read: int | None = None

    @property
    def is_under_way(self) -> bool:
        """Whether it came over the web and is still being read, or waits for it."""
        return self.finished is None and self.files is not None and self.files_read is not None

    @property
    def outcomes(self) -> list[tuple[Outcome, int]]:
        """How many items had each outcome that there is."""
        return [(outcome, count) for outcome in Outcome if (count := self.count(outcome))]

    def indexed(self, state: IndexState) -> "Report":
        """Return the report with what the index said."""
        return replace(self, index=state)

    def count(self, *outcomes: Outcome) -> int:
        """Return how many items had one of ``outcomes``."""
        return sum(1 for each in self.items if each.outcome in outcomes)

    @property
    def drafts(self) -> int:
        """How many drafts were read."""
        return len(self.items)

    @property
    def articles_new(self) -> int:
        """How many articles the archive gained."""
        return self.count(Outcome.NEW, Outcome.DUPLICATE)

    @property
    def sightings_new(self) -> int:
        """How many sightings the archive gained."""
        return self.count(Outcome.NEW, Outcome.DUPLICATE, Outcome.SEEN)

    @property
    def duplicates(self) -> int:
        """How many new articles repeat another."""
        return self.count(Outcome.DUPLICATE)
