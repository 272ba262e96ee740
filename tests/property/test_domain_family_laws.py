"""The laws of families, on any links whatever, also such as no comparison would give."""

import random
from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from app.domain.article import ArticleId, RepeatKind
from app.domain.family import Link, Member, families
from tests.factories import originals

MEMBERS = st.lists(
    st.tuples(st.none() | st.integers(0, 3), st.integers(0, 4), st.integers(1, 400)), min_size=1, max_size=12
).map(
    lambda rows: [
        Member(
            article=ArticleId(number + 1),
            published=None if day is None else datetime(2025, 1, 1, tzinfo=UTC) + timedelta(days=day),
            received=received,
            words=words,
            digest=f"{number:02}",
        )
        for number, (day, received, words) in enumerate(rows)
    ]
)
LINKS = st.lists(
    st.builds(
        Link,
        article=st.integers(1, 12).map(ArticleId),
        other=st.integers(1, 13).map(ArticleId),
        kind=st.sampled_from(RepeatKind),
        containment=st.sampled_from([0.1, 0.5, 0.9, 1.0]),
        jaccard=st.sampled_from([0.05, 0.4, 0.9, 1.0]),
        extent=st.none() | st.tuples(st.integers(0, 100), st.integers(101, 300)),
    ),
    max_size=30,
)


@given(MEMBERS, LINKS)
def test_an_original_has_no_original_and_every_member_is_told(
    members: list[Member], links: list[Link]
) -> None:
    found = originals(members, links)
    assert found.keys() == {member.article for member in members}
    for article, original in found.items():
        assert original != article
        assert original is None or found[original] is None


@given(MEMBERS, LINKS)
def test_the_order_of_members_and_links_makes_no_difference(members: list[Member], links: list[Link]) -> None:
    # Two links between the same two articles would contradict each other: a store holds one.
    links = list({frozenset((link.article, link.other)): link for link in links}.values())
    mirrored = [
        Link(
            article=link.other,
            other=link.article,
            kind=link.kind.inverse,
            containment=link.containment,
            jaccard=link.jaccard,
            extent=link.extent,
        )
        for link in reversed(links)
    ]
    assert families(members, links) == families(members[::-1], mirrored)


@given(MEMBERS, LINKS)
def test_without_copies_and_parts_everyone_is_an_original(members: list[Member], links: list[Link]) -> None:
    shares = [link for link in links if link.kind is RepeatKind.SHARES]
    assert set(originals(members, shares).values()) == {None}


@given(MEMBERS, st.sampled_from([0.7, 0.9, 1.0]))
def test_the_head_of_copies_that_all_repeat_each_other_is_the_most_senior(
    members: list[Member], jaccard: float
) -> None:
    links = [
        Link(article=a.article, other=b.article, kind=RepeatKind.COPY, containment=0.9, jaccard=jaccard)
        for a, b in combinations(members, 2)
    ]
    most_senior = min(members, key=lambda member: member.seniority).article
    assert set(families(members, links).heads.values()) == {most_senior}


@given(MEMBERS, LINKS)
def test_a_head_is_its_own_head(members: list[Member], links: list[Link]) -> None:
    heads = families(members, links).heads
    assert all(heads[head] == head for head in heads.values())


@given(MEMBERS, LINKS, st.randoms(use_true_random=False))
def test_which_articles_are_one_family_does_not_depend_on_the_order_of_arrival(
    members: list[Member], links: list[Link], chance: random.Random
) -> None:
    links = list({frozenset((link.article, link.other)): link for link in links}.values())
    new = dict(zip(range(1, 14), chance.sample(range(1, 14), 13), strict=True))
    later = [
        replace(member, article=ArticleId(new[member.article]), received=chance.randint(0, 4))
        for member in members
    ]
    renamed = [
        replace(link, article=ArticleId(new[link.article]), other=ArticleId(new[link.other]))
        for link in links
    ]
    back = {there: here for here, there in new.items()}
    assert _partition(originals(members, links)) == _partition(
        {
            ArticleId(back[article]): original and ArticleId(back[original])
            for article, original in originals(later, renamed).items()
        }
    )


def _partition(found: dict[ArticleId, ArticleId | None]) -> set[frozenset[ArticleId]]:
    together: dict[ArticleId, set[ArticleId]] = defaultdict(set)
    for article, original in found.items():
        together[original or article].add(article)
    return {frozenset(family) for family in together.values()}
