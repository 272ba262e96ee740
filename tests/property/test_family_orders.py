"""The order of arrival: families built one article at a time end up the same, whatever came first."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.article import ArticleId, RepeatKind
from app.domain.fingerprint import Print, fingerprint
from tests.evaluation.edits import EDITS, Text
from tests.evaluation.family_memory import FamilyMemory
from tests.factories import paragraph, words

NAMED = {edit.name: edit for edit in EDITS}
SOME = [edit for edit in EDITS if edit.parts == 1]


def article(seed: int, paragraphs: int = 6) -> Text:
    """An invented article, printed with paragraphs."""
    made = [paragraph(1000 * seed + nth) for nth in range(paragraphs)]
    return Text(title=f"Headline {seed}", body="\n\n".join(made))


def edited(name: str, seed: int, *texts: Text) -> Text:
    """A text after one kind of edit."""
    body = NAMED[name].apply(np.random.default_rng(seed), texts, [article(700 + seed)])
    return Text(title=f"Headline {seed} {name}", body=body)


@dataclass(frozen=True)
class End:
    """What an archive holds at the end: families, links and (of articles with days of their own) originals."""

    families: frozenset[frozenset[ArticleId]]
    links: frozenset[tuple[ArticleId, ArticleId, RepeatKind]]
    originals: dict[ArticleId, ArticleId | None] | None


def arrived(prints: Sequence[Print], order: Sequence[int], days: Sequence[int] | None = None) -> End:
    """What an archive holds after the texts came in that order; they are named by their place, from 1."""
    memory = FamilyMemory()
    for place in order:
        day = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(days=days[place]) if days else None
        memory.remember(ArticleId(place + 1), prints[place], day)
    families: dict[ArticleId, set[ArticleId]] = defaultdict(set)
    for article in memory.members:
        families[memory.root(article)].add(article)
    return End(
        families=frozenset(frozenset(family) for family in families.values()),
        links=frozenset((a, b, link.kind) for (a, b), link in memory.links.items()),
        originals=memory.original if days and len(set(days)) == len(days) else None,
    )


def a_family() -> list[Text]:
    """An article, what became of it on other desks, a digest with it, and the digest's other part."""
    first, other = article(1), article(2, paragraphs=3)
    agency = edited("agency text, new headline, paragraph added", 3, first)
    return [
        first,
        agency,
        edited("25–30 % of sentences replaced", 4, agency),
        edited("digest of two", 6, edited("numbers changed", 7, first), other),
        other,
    ]


@pytest.mark.parametrize("days", [None, [3, 1, 4, 2, 0], [0, 0, 0, 0, 0]])
def test_every_order_of_five_related_articles_ends_with_the_same_families_and_links(
    days: list[int] | None,
) -> None:
    prints = [fingerprint(text.body) for text in a_family()]
    ends = [arrived(prints, order, days) for order in permutations(range(len(prints)))]
    assert all(end == ends[0] for end in ends)
    assert frozenset({1, 2, 3}) in ends[0].families
    assert len(ends[0].links) > 8


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, len(SOME) - 1)), min_size=2, max_size=9),
    st.integers(0, 10_000),
    st.booleans(),
    st.data(),
)
def test_edits_of_edits_end_in_the_same_families_in_every_order(
    made: list[tuple[int, int]], seed: int, dated: bool, data: st.DataObject
) -> None:
    texts = [article(seed), article(seed + 1)]
    for number, (source, kind) in enumerate(made):
        texts.append(edited(SOME[kind].name, seed + number, texts[source % len(texts)]))
    # A digest of what there is by now, in the middle of it.
    texts.insert(4, edited("digest of two", seed, texts[0], texts[-1]))
    days = list(range(len(texts))) if dated else None
    order = data.draw(st.permutations(range(len(texts))))
    prints = [fingerprint(text.body) for text in texts]
    assert arrived(prints, order, days) == arrived(prints, range(len(prints)), days)


def test_two_issues_of_a_digest_in_one_template_are_nobodys_duplicates_in_any_order() -> None:
    intro, between, close = (paragraph(seed) for seed in (91, 92, 93))
    first, second, third = (article(seed, paragraphs=3).body for seed in (1, 2, 3))
    issues = ["\n\n".join((intro, first, between, other, close)) for other in (second, third)]
    prints = [fingerprint(text) for text in (*issues, first, second, third)]
    ends = [arrived(prints, order) for order in permutations(range(5))]
    assert all(end == ends[0] for end in ends)
    assert ends[0].families == {frozenset({number}) for number in range(1, 6)}
    assert {(1, 3), (1, 4), (2, 3), (2, 5)} == {
        (one, other) for one, other, kind in ends[0].links if kind is RepeatKind.CONTAINS
    }


@pytest.mark.parametrize("own", [100, 220])
def test_a_text_that_holds_another_and_adds_to_it_is_never_folded_under_it(own: int) -> None:
    held = article(1).body
    longer = f"{held}\n\n{' '.join(words(5, own))}"
    for order in permutations(range(2)):
        for days in (None, [0, 1], [1, 0]):
            memory = FamilyMemory()
            for place in order:
                day = datetime(2025, 1, 1 + days[place], tzinfo=UTC) if days else None
                memory.remember(ArticleId(place + 1), fingerprint((held, longer)[place]), day)
            assert memory.original == {1: 2, 2: None}


def test_a_family_larger_than_the_bound_is_one_family_all_the_same() -> None:
    first = article(1)
    texts = [
        first,
        *(
            edited("numbers changed" if nth % 2 else "15 % of sentences inserted", nth, first)
            for nth in range(90)
        ),
    ]
    memory = FamilyMemory()
    for place, text in enumerate(texts):
        memory.remember(ArticleId(place + 1), fingerprint(text.body))
    assert len({memory.root(article) for article in memory.members}) == 1
