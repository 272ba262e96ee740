"""The laws of rulings, on any links and any rulings that do not contradict each other."""

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.article import ArticleId, RepeatKind
from app.domain.family import Link, Member, families
from app.domain.ruling import Ruling, RulingKind, roots_of, ruled_families
from tests.property.test_domain_family_laws import LINKS, MEMBERS


def consistent(rulings: list[Ruling]) -> bool:
    """Whether no two are about one pair, each article repeats one other at most, in no circle, and none apart."""
    pairs = [frozenset((each.article, each.other)) for each in rulings if each.other]
    bound = [each.article for each in rulings if each.kind is RulingKind.REPEATS]
    roots = roots_of(rulings)
    apart = [each for each in rulings if each.kind is RulingKind.APART and each.other]
    return (
        len(set(pairs)) == len(pairs)
        and all(len(pair) == 2 for pair in pairs)
        and len(set(bound)) == len(bound)
        and all(article in roots and roots[article] not in bound for article in bound)
        and not any(
            roots.get(each.article, each.article) == roots.get(each.other, each.other)  # type: ignore[arg-type]
            for each in apart
        )
    )


RULINGS = st.lists(
    st.tuples(st.sampled_from(RulingKind), st.integers(1, 12), st.integers(1, 12)), max_size=6
).map(
    lambda rows: [
        Ruling(
            kind=kind,
            article=ArticleId(article),
            other=None if kind is RulingKind.ORIGINAL else ArticleId(other),
            decision=number,
        )
        for number, (kind, article, other) in enumerate(rows, start=1)
    ]
)


@settings(max_examples=300)
@given(MEMBERS, LINKS, RULINGS.filter(consistent))
def test_every_ruling_is_carried_out(members: list[Member], links: list[Link], rulings: list[Ruling]) -> None:
    links = list({frozenset((link.article, link.other)): link for link in links}.values())
    found = ruled_families(members, links, rulings).originals
    known = {member.article for member in members}
    assert found.keys() == known

    def family(article: ArticleId) -> ArticleId:
        return found[article] or article

    for article in known:
        assert found[family(article)] is None
    crowned = {}
    for each in rulings:
        if each.article in known and (each.other is None or each.other in known):
            match each.kind, each.other:
                case RulingKind.APART, other if other:
                    assert family(each.article) != family(other)
                case RulingKind.REPEATS, other if other:
                    assert family(each.article) == family(other)
                case _:
                    crowned[family(each.article)] = each.article
    for head, article in crowned.items():
        assert head == article


def test_of_rulings_in_a_circle_all_but_the_earliest_hold() -> None:
    circle = [
        Ruling(kind=RulingKind.REPEATS, article=ArticleId(one), other=ArticleId(other), decision=number)
        for number, (one, other) in enumerate([(1, 2), (2, 3), (3, 1)], start=1)
    ]
    assert roots_of(circle) == {2: 1, 3: 1}


@settings(max_examples=300)
@given(MEMBERS, LINKS, RULINGS)
def test_rulings_that_contradict_each_other_still_give_families_without_chains(
    members: list[Member], links: list[Link], rulings: list[Ruling]
) -> None:
    links = list({frozenset((link.article, link.other)): link for link in links}.values())
    found = ruled_families(members, links, rulings).originals
    assert found.keys() == {member.article for member in members}
    assert all(found[original] is None for original in found.values() if original)


@given(MEMBERS, LINKS)
def test_without_rulings_families_are_what_the_links_say(members: list[Member], links: list[Link]) -> None:
    assert ruled_families(members, links, []) == families(members, links)


def test_two_are_apart_that_only_come_together_through_what_is_in_neither_family_alone() -> None:
    """Article 9 is a copy of 6, which was ruled to repeat 10, a part of 7: so it would come to 7, and to its copy 8."""
    members = [
        Member(
            article=ArticleId(number), published=None, received=number, words=length, digest=f"{number:02}"
        )
        for number, length in ((4, 150), (6, 218), (7, 260), (8, 223), (9, 260), (10, 119))
    ]
    links = [
        Link(
            article=ArticleId(one),
            other=ArticleId(other),
            kind=kind,
            containment=containment,
            jaccard=jaccard,
            extent=(0, 119) if kind is RepeatKind.PART else None,
        )
        for one, other, kind, containment, jaccard in (
            (6, 4, RepeatKind.COPY, 0.78, 0.47),
            (8, 7, RepeatKind.COPY, 0.95, 0.79),
            (9, 6, RepeatKind.COPY, 0.96, 0.79),
            (10, 7, RepeatKind.PART, 1.0, 0.45),
        )
    ]
    rulings = [
        Ruling(kind=RulingKind.APART, article=ArticleId(9), other=ArticleId(8), decision=1),
        Ruling(kind=RulingKind.REPEATS, article=ArticleId(6), other=ArticleId(10), decision=2),
    ]
    found = ruled_families(members, links, rulings).originals
    assert (found[ArticleId(9)] or 9) != (found[ArticleId(8)] or 8)
    assert (found[ArticleId(6)] or 6) == (found[ArticleId(10)] or 10)
