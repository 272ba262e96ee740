"""Where a reader of an answer stands, so that the next rows are right although articles arrive meanwhile.

Law: a cursor counts no article that arrived after its first page, and belongs to one question. It is opaque: what it
holds may change with any version.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Self

from xxhash import xxh3_64_hexdigest

from app.domain.article import LARGEST_ID, ArticleId
from app.errors import ParameterError

_LONGEST = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """``until``: the newest article that counts; ``after``: those that stand for the last rows shown, the last first,
    several because one can be withdrawn; ``rows``: how many were shown; ``today``: the day of the first page, from
    which relative days and ages count."""

    until: ArticleId
    after: tuple[ArticleId, ...]
    rows: int
    today: date

    def written(self, asked: Mapping[str, object]) -> str:
        """Return the cursor as text; ``asked`` is all that the order of the rows depends on."""
        numbers = (self.until, self.rows, self.today.toordinal(), *self.after)
        held = json.dumps([_digest(asked), *numbers], separators=(",", ":"))
        return urlsafe_b64encode(held.encode()).decode().rstrip("=")

    @classmethod
    def read(cls, text: str, asked: Mapping[str, object]) -> Self:
        """Return the cursor that was written; raises ``ParameterError`` for any other, and for another question's."""
        try:
            held = json.loads(urlsafe_b64decode(f"{text[:_LONGEST]}{'=' * (-len(text) % 4)}"))
            digest, until, rows, day, *after = held
            shown = tuple(ArticleId(int(each)) for each in after)
            today = date.fromordinal(int(day))
            cursor = cls(until=ArticleId(int(until)), after=shown, rows=int(rows), today=today)
        except (ValueError, TypeError, OverflowError) as error:
            raise ParameterError(
                "cursor", "This is no cursor. Give one as an answer gave it, or none."
            ) from error
        numbers = (cursor.until, cursor.rows, *cursor.after)
        if digest != _digest(asked) or not 0 <= min(numbers) <= max(numbers) <= LARGEST_ID:
            raise ParameterError(
                "cursor", "This cursor belongs to another question. Ask again without it, from the first row."
            )
        return cursor


def _digest(asked: Mapping[str, object]) -> str:
    return xxh3_64_hexdigest(json.dumps(asked, sort_keys=True, default=str).encode("utf-8", "surrogatepass"))
