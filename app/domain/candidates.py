"""Which stored articles a new text is compared with, and which of its hashes are stored.

Law: both are bounded by constants, however large the archive; groups of copies are counted, not articles. Below the
bounds every article that meets the new text (see `meet`) is compared with it, whatever came first.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.domain.article import ArticleId, RepeatKind
from app.domain.fingerprint import FEW_WORDS, MANY_WORDS, WINDOW, Print, meet, required_hits
from app.domain.likeness import Likeness, compare

# A hash that so many groups of copies hold is furniture: it is stored for no further one, so a look-up reads at most
# this many rows for a hash (and a few more where two processes store at once).
MOST_HEADS = 64

# A group that seems to share so much of the shorter text is compared in any case: a digest of fifty articles has
# fifty such groups. Of the others, with a phrase or some furniture in common, only the likeliest are.
CLOSE = 0.25
MOST_CLOSE = 64
MOST_OTHERS = 12

# Every member of a group of so many copies is compared with a new text, as long as the text has been compared with
# fewer than MOST_COMPARED. Of a larger group only the head is, and the closest member when that is no copy.
MOST_MEMBERS = 64
MOST_COMPARED = 256

# The store counts the words of a text a little differently: only what is sure to be long is held to be so. An index of
# the store is made for this number: another one needs another index.
_COUNTED_MORE = 1.25
SURELY_MANY = int(MANY_WORDS * _COUNTED_MORE)
_SURELY_MORE_THAN_FEW = int(FEW_WORDS * _COUNTED_MORE)

_WORDS_A_HASH = (WINDOW + 1) / 2


class Row(NamedTuple):
    """One stored hash that the new text has too: the article it is stored for, its head, its length."""

    hash: int
    article: ArticleId
    head: ArticleId
    words: int


class Candidate(NamedTuple):
    """A group of copies that a new text may repeat: its head (see `Families`), and the member that holds most of the
    shared hashes (a group stores a hash once, with whoever brought it)."""

    head: ArticleId
    closest: ArticleId


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

    def may_meet(self, words: int) -> bool:
        """Whether a member may share enough hashes with a text of so many words."""
        return self.hits >= required_hits(words, int(min(self.lengths.values()) / _COUNTED_MORE))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Stored:
    """Stored rows in arrays of one length, sorted by hash: the hash, the article it is stored for, the head of its
    group of copies, and how many words the store counted in that text (of a long one at least ``SURELY_MANY``)."""

    hashes: NDArray[np.int64]
    articles: NDArray[np.int64]
    heads: NDArray[np.int64]
    words: NDArray[np.int64]

    def where(self, chosen: NDArray[np.bool_]) -> "Stored":
        """Return some of the rows."""
        return Stored(
            hashes=self.hashes[chosen],
            articles=self.articles[chosen],
            heads=self.heads[chosen],
            words=self.words[chosen],
        )


def telling(texts: Sequence[Print], stored: Stored) -> NDArray[np.bool_]:
    """Return which rows may make a candidate for one of some texts, as long as no group changes.

    In a large archive most rows are no news: their group has one or two phrases of five words in common with a text.
    """
    lengths = [len(text.hashes) for text in texts]
    asked = np.concatenate([np.zeros(0, np.int64), *(np.array(text.hashes, np.int64) for text in texts)])
    first = np.searchsorted(stored.hashes, asked)
    counts = np.searchsorted(stored.hashes, asked, side="right") - first
    # One entry for every row of every text: the row, and the text.
    rows = np.arange(counts.sum()) + np.repeat(first - (np.cumsum(counts) - counts), counts)
    text_of = np.repeat(np.repeat(np.arange(len(texts)), lengths), counts)
    _, group_of = np.unique(stored.heads, return_inverse=True)
    _, pairs, hits = np.unique(
        text_of * (len(group_of) + 1) + group_of[rows], return_inverse=True, return_counts=True
    )
    own = np.array([text.words for text in texts], np.int64)
    shorter = np.minimum(own[text_of], (stored.words / _COUNTED_MORE).astype(np.int64)[rows])
    enough = hits[pairs] >= 1 + (shorter >= FEW_WORDS) + (shorter >= MANY_WORDS)  # as `required_hits` says
    found = np.zeros(len(stored.hashes), np.bool_)
    found[rows[np.bincount(pairs, weights=enough)[pairs] > 0]] = True
    return found


def candidates(a: Print, rows: Collection[Row], held: Mapping[int, int]) -> list[Candidate]:
    """Return the groups of copies that ``a`` may repeat, the likeliest first.

    ``rows`` are the stored rows with a hash of ``a`` that are `telling`; ``held`` says how many rows there are of each
    hash. Takes time in proportion to the rows.
    """
    close: list[tuple[float, int, Candidate]] = []
    others: list[tuple[float, int, Candidate]] = []
    for head, group in _groups(a, rows, held).items():
        closest = group.closest(a.words)
        words = group.lengths[closest]
        shared = group.hits / max(1.0, min(len(a.hashes), words / _WORDS_A_HASH))
        # The rarest hashes first; among equals, the text of about this length.
        ranked = (-group.rarity, abs(words - a.words), Candidate(head, closest))
        (close if shared >= CLOSE else others).append(ranked)
    return [found for _, _, found in (*sorted(close)[:MOST_CLOSE], *sorted(others)[:MOST_OTHERS])]


def likenesses(
    a: Print,
    found: Sequence[Candidate],
    members: Callable[[ArticleId], Sequence[ArticleId] | None],
    print_of: Callable[[ArticleId], Print],
) -> Iterator[tuple[ArticleId, Likeness]]:
    """Yield the articles of the groups in ``found`` that ``a`` repeats, each with its likeness.

    ``members`` names all members of a head's group, itself included, or None where they are more than
    ``MOST_MEMBERS``.
    """
    compared = 0
    for head, closest in found:
        group = members(head) if compared < MOST_COMPARED else None
        for other in group if group is not None else dict.fromkeys((head, closest)):
            b = print_of(other)
            compared += 1
            likeness = compare(a, b)
            if likeness is not None and meet(a, b):
                yield other, likeness
                if group is None and likeness.kind is RepeatKind.COPY:
                    break  # it is in that group now, and the closest member says nothing new


def hashes_to_store(
    article: ArticleId, a: Print, rows: Collection[Row], held: Mapping[int, int], head: ArticleId
) -> tuple[int, ...]:
    """Return the hashes to store for an article with the text ``a``: what its group of copies does not hold yet and
    is no furniture.

    ``head`` is the head of its group, itself where it founds one. ``rows`` and ``held`` as for `candidates`, with the
    heads of now and all rows of this group among them. A short text stores what its group holds as well: one hash must
    do to find it, and the rows of a longer member do not tell of it.
    """
    short = a.words < FEW_WORDS
    own = {row.hash for row in rows if (row.article == article if short else row.head == head)}
    return tuple(value for value in a.hashes if value not in own and held.get(value, 0) < MOST_HEADS)


def _groups(a: Print, rows: Collection[Row], held: Mapping[int, int]) -> dict[ArticleId, _Group]:
    """Return what groups of copies share with ``a``, but for those that share too little for any of their members."""
    hits = Counter([row.head for row in rows])
    one_may_do = a.words < FEW_WORDS
    groups: dict[ArticleId, _Group] = defaultdict(_Group)
    for value, article, head, words in rows:
        if hits[head] == 1 and not one_may_do and words >= _SURELY_MORE_THAN_FEW:
            continue
        group = groups[head]
        group.hits += 1
        group.rarity += 1 / held[value]
        group.members[article] = group.members.get(article, 0) + 1
        group.lengths[article] = words
    return {head: group for head, group in groups.items() if group.may_meet(a.words)}
