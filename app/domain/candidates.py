"""Which stored articles a new text is compared with, and which of its hashes are stored.

Law: both are bounded by constants, however large the archive; groups of copies are counted, not articles.
"""

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import NamedTuple

from app.domain.article import ArticleId
from app.domain.fingerprint import WINDOW, Print, required_hits

# A hash that so many groups of copies hold is furniture: it is stored for no further one, so a look-up reads at most
# this many rows for a hash (and a few more where two processes store at once).
MOST_HEADS = 64

# A group that seems to share so much of the shorter text is compared in any case: a digest of fifty articles has
# fifty such groups. Of the others, with a phrase or some furniture in common, only the likeliest are.
CLOSE = 0.25
MOST_CLOSE = 64
MOST_OTHERS = 12

# A text of so few words may have only one hash, and one in common must do.
FEW_WORDS = 40

_WORDS_A_HASH = (WINDOW + 1) / 2


class Row(NamedTuple):
    """One stored hash that the new text has too: the article it is stored for, its head, its length."""

    hash: int
    article: ArticleId
    head: ArticleId
    words: int


@dataclass(slots=True)
class _Group:
    """What a group of copies shares with the new text: hashes, the sum of their rarity, hashes and length by member."""

    hits: int = 0
    rarity: float = 0.0
    members: dict[ArticleId, int] = field(default_factory=dict)
    lengths: dict[ArticleId, int] = field(default_factory=dict)

    def closest(self, words: int) -> ArticleId:
        """Return the member that holds most of the shared hashes, else the one nearest to so many words."""
        return max(
            self.members, key=lambda each: (self.members[each], -abs(self.lengths[each] - words), -each)
        )


def candidates(a: Print, rows: Collection[Row]) -> list[tuple[ArticleId, ...]]:
    """Return the articles to compare with ``a``, one group of copies after the other, the likeliest first.

    ``rows`` are all stored rows with a hash of ``a``. Of a group these are its head (see `Families`) and, where it
    is another, the member that holds most of the shared hashes (a group stores a hash once, with whoever brought
    it); when the head turns out to be a copy of ``a``, the other need not be compared. Takes time in proportion
    to the rows.
    """
    needed = required_hits(a)
    close: list[tuple[float, int, ArticleId, ArticleId]] = []
    others: list[tuple[float, int, ArticleId, ArticleId]] = []
    for head, group in _groups(rows).items():
        closest = group.closest(a.words)
        words = group.lengths[closest]
        if group.hits < needed and words >= FEW_WORDS:
            continue
        shared = group.hits / max(1.0, min(len(a.hashes), words / _WORDS_A_HASH))
        # The rarest hashes first; among equals, the text of about this length.
        ranked = (-group.rarity, abs(words - a.words), head, closest)
        (close if shared >= CLOSE else others).append(ranked)
    chosen = [*sorted(close)[:MOST_CLOSE], *sorted(others)[:MOST_OTHERS]]
    return [tuple(dict.fromkeys((head, closest))) for _, _, head, closest in chosen]


def hashes_to_store(a: Print, rows: Collection[Row], head: ArticleId) -> tuple[int, ...]:
    """Return the hashes of ``a`` to store for it: what its group of copies does not hold yet and is no furniture.

    ``head`` is the head of its group, itself where it founds one. ``rows`` as for `candidates`, with the heads of
    now.
    """
    group = {row.hash for row in rows if row.head == head}
    held = Counter(row.hash for row in rows)
    return tuple(value for value in a.hashes if value not in group and held[value] < MOST_HEADS)


def _groups(rows: Collection[Row]) -> dict[ArticleId, _Group]:
    held = Counter([row.hash for row in rows])
    groups: dict[ArticleId, _Group] = defaultdict(_Group)
    for value, article, head, words in rows:
        group = groups[head]
        group.hits += 1
        group.rarity += 1 / held[value]
        group.members[article] = group.members.get(article, 0) + 1
        group.lengths[article] = words
    return groups
