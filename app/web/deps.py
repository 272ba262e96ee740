"""What routes ask for: the archive, and the parameters of an address, checked.

Law: a parameter that a route does not know, or that is given twice, is refused, by name; an empty one is as good as
none, as forms send it. A number has one spelling, so that a thing has one address.
"""

import re
from collections import Counter
from collections.abc import Collection
from datetime import date
from typing import Annotated

from fastapi import Depends, Path, Query, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from app import schema, shapes
from app.archive import Archive
from app.cursors import LONGEST
from app.domain.article import LARGEST_ID
from app.domain.attention import Attention, Span
from app.domain.delivery import ItemReport, Outcome, Report
from app.domain.query import STORY_SIZES, Facet, Fold, Results, Sort
from app.domain.views import LAST_PAGE, Listing
from app.errors import ParameterError

UNKNOWN = "unknown_parameter"


def _archive(request: Request) -> Archive:
    archive: Archive = request.state.archive
    return archive


def _day(text: object) -> object:
    """Only YYYY-MM-DD: pydantic reads a bare number as seconds since 1970, and Python week dates as days."""
    if isinstance(text, str) and not re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII):
        raise PydanticCustomError(
            "day", "{text} is not a day; write it as YYYY-MM-DD", {"text": repr(text[:40])}
        )
    if isinstance(text, str):
        try:
            date.fromisoformat(text)
        except ValueError:
            raise PydanticCustomError("day", "there is no day {text}", {"text": text}) from None
    return text


def _whole(text: object) -> object:
    """Only digits, the first no zero: pydantic reads ``1.0``, ``+1``, ``01`` and ``1_0`` as numbers, too."""
    if isinstance(text, str) and not re.fullmatch("[1-9][0-9]*", text):
        raise PydanticCustomError(
            "whole",
            "{text} is no positive whole number; write digits alone, without leading zeros",
            {"text": repr(text[:40])},
        )
    return text


def _switch(text: object) -> object:
    """pydantic does not say what it takes for true and false."""
    if isinstance(text, str) and text.lower() not in _SWITCHES:
        raise PydanticCustomError("switch", "{text} is neither 1 nor 0", {"text": repr(text[:40])})
    return text


def given_once(request: Request) -> None:
    """Refuse parameters that are given more than once: which of their values counts is anybody's guess. Of a facet
    all count."""
    times = Counter(name for name, _ in request.query_params.multi_items())
    repeated = [
        {"type": "repeated", "loc": ("query", name), "msg": f"It is given {count} times; give it once"}
        for name, count in times.items()
        if count > 1 and name not in _REPEATED
    ]
    if repeated:
        raise RequestValidationError(repeated)


def _says_something(value: object) -> bool:
    return bool(value.strip()) if isinstance(value, str) else True


def _said(value: object) -> object:
    """Return a value, of several those that say something: a form sends a facet of which nothing is chosen."""
    return [each for each in value if _says_something(each)] if isinstance(value, list) else value


_REPEATED = frozenset(("facet", *Facet))
_SIZES = ", ".join(f"`{name}`" for _, name in STORY_SIZES)

Values = Annotated[list[Annotated[str, StringConstraints(max_length=300)]], Field(max_length=50)]
_SWITCHES = frozenset({"0", "1", "false", "true", "no", "yes", "off", "on"})
Switch = Annotated[bool, BeforeValidator(_switch)]
Day = Annotated[date, BeforeValidator(_day)]
Whole = Annotated[int, BeforeValidator(_whole)]
OpenArchive = Annotated[Archive, Depends(_archive)]
# The bounds stand before the spelling, or the description of the API would not have them.
Id = Annotated[
    int,
    Path(ge=1, le=LARGEST_ID, description="A positive whole number, without leading zeros.", examples=[12]),
    BeforeValidator(_whole),
]


class Parameters(BaseModel):
    """The parameters of a route. This one has none."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _known_and_given(cls, given: dict[str, object]) -> dict[str, object]:
        known = [field.alias or name for name, field in cls.model_fields.items()]
        unknown = [name for name in given if name not in known]
        if unknown:
            context = {"unknown": unknown, "known": ", ".join(known) or "none"}
            raise PydanticCustomError(UNKNOWN, "unknown parameters", context)
        return {name: _said(value) for name, value in given.items() if _says_something(value)}


class Paging(Parameters):
    """Which part of a list."""

    page: Whole = Field(default=1, ge=1, le=LAST_PAGE, description="Which page, from 1.")
    page_size: Whole = Field(default=20, ge=1, le=100, description="How many rows a page has.")


class Fates(Paging):
    """Which texts of a delivery."""

    outcome: Outcome | None = Field(default=None, description="Only those with this outcome.")

    def of(self, report: Report) -> Listing[ItemReport]:
        """Return one page of them."""
        wanted = [each for each in report.items if self.outcome in (None, each.outcome)]
        first = (self.page - 1) * self.page_size
        rows = tuple(wanted[first : first + self.page_size])
        return Listing(total=len(wanted), page=self.page, page_size=self.page_size, rows=rows)


class Question(Parameters):
    """A question, and what its answer is narrowed to."""

    q: str = Field(
        "*", description="The question (see `/help`); every article without one.", examples=["ferry"]
    )
    published_from: Day | None = Field(
        default=None, alias="from", description="Published on this day or later."
    )
    published_to: Day | None = Field(
        default=None, alias="to", description="Published on this day or earlier."
    )

    source: Values = Field([], description="Carried by one of these sources.", examples=[["Harbour Herald"]])
    section: Values = Field(
        [], description="In one of these sections, as they are written.", examples=[["Business"]]
    )
    language: Values = Field([], description="In one of these languages, as two letters.", examples=[["de"]])
    year: Values = Field([], description="Published in one of these years.", examples=[["2025"]])
    month: Values = Field([], description="Published in one of these months.", examples=[["2025-10"]])
    day: Values = Field([], description="Published on one of these days.", examples=[["2025-10-21"]])
    duplicate: Values = Field([], description="Whether it repeats another: `yes`, `no`.", examples=[["no"]])
    story_size: Values = Field(
        [], description=f"How many articles its story has: {_SIZES}.", examples=[["2-4", "5-9"]]
    )

    @property
    def narrowed(self) -> dict[Facet, frozenset[str]]:
        """What is chosen of each facet."""
        return {facet: frozenset(values) for facet in Facet if (values := getattr(self, facet))}


class Typed(Parameters):
    """The beginning of a question."""

    q: str = Field("", description="What was typed of it.", examples=["ferry st"])


class Pasted(BaseModel):
    """A text that need not be in the archive."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: str = Field(
        description="The text; its beginning counts most.", examples=["No ferry left on Tuesday."]
    )


class Followed(Question):
    """A question that is followed over time."""

    by: Span = Field(default=Span.MONTH, description="How long a period is; weeks begin on Monday.")

    def of(self, archive: Archive) -> Attention:
        """Return the archive's answer."""
        return archive.attention(
            self.q,
            by=self.by,
            published_from=self.published_from,
            published_to=self.published_to,
            chosen=self.narrowed,
        )


class Asked(Paging, Question):
    """A question, and how its answer is wanted."""

    fold: Fold = Field(default=Fold.STORY, description="What one row stands for.")
    sort: Sort = Field(
        Sort.BEST,
        description="The order of the rows: `best` is `relevance` with a little more for what is recent; undated "
        "articles come last by time.",
    )
    facet: list[Facet] = Field([], description="What to count the answer by; can be given several times.")

    cursor: str | None = Field(
        default=None, max_length=LONGEST, description="Go on where an answer with this `next_cursor` ended."
    )
    explain: Switch = Field(default=False, description="Whether each row says why it stands where it does.")

    @property
    def chosen(self) -> bool:
        """Whether anything was asked for: the form without a word in it is not a question."""
        return not self.model_fields_set.isdisjoint({"q", "published_from", "published_to", "page", *Facet})

    def of(self, archive: Archive, *, facets: Collection[Facet] = ()) -> Results:
        """Return the archive's answer, counted by these facets and those that are asked for."""
        if self.cursor and "page" in self.model_fields_set:
            raise ParameterError("cursor", "Give page or cursor, not both: each says where the rows begin.")
        return archive.search(
            self.q,
            fold=self.fold,
            sort=self.sort,
            page=self.page,
            page_size=self.page_size,
            published_from=self.published_from,
            published_to=self.published_to,
            chosen=self.narrowed,
            facets={*self.facet, *facets},
            explain=self.explain,
            cursor=self.cursor,
        )

    def shaped(self, results: Results) -> schema.Results:
        """Return the JSON of the answer, with the address of the rows behind it."""
        return shapes.shape_results(
            results,
            published_from=self.published_from,
            published_to=self.published_to,
            chosen=self.narrowed,
            by_cursor=self.cursor is not None,
        )


NoParameters = Annotated[Parameters, Query()]
FateParameters = Annotated[Fates, Query()]
ListParameters = Annotated[Paging, Query()]
SearchParameters = Annotated[Asked, Query()]
TypedParameters = Annotated[Typed, Query()]
AttentionParameters = Annotated[Followed, Query()]
