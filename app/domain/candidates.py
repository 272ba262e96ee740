"""Which stored articles a new text is compared with, and which of its hashes are stored.

Law: both are bounded by constants, however large the archive; families are counted, not articles.
"""

from collections import Counter, defaultdict
from collections.abc import Collection
from typing import NamedTuple

from app.domain.article import ArticleId
from app.domain.fingerprint import Print, required_hits

# A hash that so many families hold is furniture: it is stored for no further family, so a look-up reads at
# most this many rows for a hash (and a few more where two processes store at once).
MOST_FAMILIES = 256

# So many families are compared with a text at most, those with the rarest hashes in common first.
MOST_CANDIDATES = 32

# A text of so few words may have only one hash, and one in common must do.
FEW_WORDS = 40


class Row(NamedTuple):
    """One stored hash that the new text has too: the article it is stored for, its original, its length."""

    hash: int
    article: ArticleId
    original: ArticleId
    words: int


def candidates(a: Print, rows: Collection[Row]) -> list[ArticleId]:
    """Return the articles to compare with ``a``, the likeliest first.

    ``rows`` are all stored rows with a hash of ``a``. Of a family these are the original and, after it, the
    member that holds most of the shared hashes (a family stores a hash once, with whoever brought it).
    """
    families: dict[ArticleId, list[Row]] = defaultdict(list)
    for row in rows:
        families[row.original].append(row)
    held = Counter(value for found in families.values() for value in {row.hash for row in found})
    ranked = []
    for original, found in families.items():
        shared = {row.hash for row in found}
        if len(shared) >= 2 or required_hits(a) == 1 or min(row.words for row in found) < FEW_WORDS:
            ranked.append((-sum(1 / held[value] for value in shared), original))
    chosen: list[ArticleId] = []
    for _, original in sorted(ranked)[:MOST_CANDIDATES]:
        closest = Counter(row.article for row in sorted(families[original])).most_common(1)[0][0]
        chosen.extend(dict.fromkeys((original, closest)))
    return chosen


def hashes_to_store(a: Print, rows: Collection[Row], original: ArticleId | None) -> tuple[int, ...]:
    """Return the hashes of ``a`` to store for it: what its family does not hold yet and is no furniture.

    ``original`` is the original of its family, or None where it founds one. ``rows`` as for `candidates`.
    """
    family = {row.hash for row in rows if row.original == original}
    held = Counter(value for value, _ in {(row.hash, row.original) for row in rows})
    return tuple(value for value in a.hashes if value not in family and held[value] < MOST_FAMILIES)
