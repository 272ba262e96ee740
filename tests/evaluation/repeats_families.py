"""Whole families, taken in one article at a time: do they come out the same in every order, and unmixed?

Law: what is merged wrongly is counted against who descends from whom, not against our own links.
"""

from collections import defaultdict
from collections.abc import Sequence, Set
from datetime import UTC, datetime, timedelta
from itertools import combinations

import numpy as np

from app.domain.article import ArticleId
from app.domain.fingerprint import fingerprint
from tests.evaluation.edits import EDITS, Text
from tests.evaluation.family_memory import FamilyMemory
from tests.evaluation.repeats_texts import Half


def print_families(half: Half, chance: np.random.Generator) -> None:
    """Print how far families built one article at a time agree in several orders, and whether any are merged.

    Sixty families of twelve: an article and edits of it, or of edits of it; with digests and strangers among them.
    """
    texts, family_of = _family_texts(half, chance)
    prints = [fingerprint(text) for text in texts]
    days = [
        datetime(2025, 1, 1, tzinfo=UTC) + timedelta(hours=int(hour))
        for hour in chance.permutation(len(texts))
    ]
    true = _pairs(family_of)
    orders = (
        ("as written", np.arange(len(texts))),
        ("backwards", np.arange(len(texts))[::-1]),
        *((f"shuffled {number}", chance.permutation(len(texts))) for number in (1, 2, 3)),
    )
    for dated in (True, False):
        ends = []
        for name, order in orders:
            memory = FamilyMemory()
            for place in order.tolist():
                memory.remember(ArticleId(place + 1), prints[place], days[place] if dated else None)
            found = _pairs([memory.root(ArticleId(place + 1)) for place in range(len(texts))])
            links = {(*pair, link.kind) for pair, link in memory.links.items()}
            ends.append((found, links))
            stored = sum(len(held) for held in memory.stored.values()) / sum(each.words for each in prints)
            print(
                f"families {'dated' if dated else 'undated':7} {name:10}: pairs of one family {len(found & true)}, "
                f"merged wrongly {len(found - true)}; as in the first order: "
                f"pairs {_agreement(found, ends[0][0]):.4f}, links {_agreement(links, ends[0][1]):.4f}; "
                f"comparisons an article {memory.comparisons / len(texts):.1f}, rows a word {stored:.3f}"
            )
    print(f"families: {len(true)} pairs descend from one article, excerpts of other parts of it among them\n")


def _family_texts(half: Half, chance: np.random.Generator) -> tuple[list[str], list[int]]:
    edits = [edit for edit in EDITS if edit.parts == 1]
    texts: list[str] = []
    family_of: list[int] = []
    for place in chance.choice(len(half.texts), size=60, replace=False).tolist():
        members = [half.texts[place]]
        while len(members) < 12:
            source = members[0] if chance.random() < 0.7 else members[int(chance.integers(len(members)))]
            edit = edits[int(chance.integers(len(edits)))]
            strange = half.strange[300 + int(chance.integers(len(half.strange) - 300))]
            members.append(Text(title=source.title, body=edit.apply(chance, [source], [strange])))
        texts += [member.body for member in members]
        family_of += [place] * len(members)
    for number in range(40):
        picked = chance.choice(60, size=3, replace=False).tolist()
        texts.append("\n\n".join(texts[12 * family] for family in picked))
        family_of.append(-1 - number)
    for number, text in enumerate(half.strange[:300]):
        texts.append(text.body)
        family_of.append(-100 - number)
    return texts, family_of


def _pairs(groups: Sequence[int]) -> set[tuple[int, int]]:
    members: dict[int, list[int]] = defaultdict(list)
    for place, group in enumerate(groups):
        members[group].append(place)
    return {pair for each in members.values() for pair in combinations(each, 2)}


def _agreement(a: Set[object], b: Set[object]) -> float:
    """Return the share of all that either has which both have."""
    return len(a & b) / len(a | b)
