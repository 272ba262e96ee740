"""Which article is the original: one test for each way to go wrong by following links blindly."""

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations

from app.domain.article import ArticleId, RepeatKind
from app.domain.family import Link, Member, families
from tests.factories import originals


def member(number: int, words: int = 400, day: int | None = None, received: int | None = None) -> Member:
    published = None if day is None else datetime(2025, 10, 1, tzinfo=UTC) + timedelta(days=day)
    order = number if received is None else received
    return Member(
        article=ArticleId(number), published=published, received=order, words=words, digest=f"{number:06}"
    )


def link(a: int, b: int, kind: str, jaccard: float = 0.95, containment: float = 1.0) -> Link:
    return Link(
        article=ArticleId(a),
        other=ArticleId(b),
        kind=RepeatKind(kind),
        containment=containment,
        jaccard=jaccard,
    )


def test_the_first_published_is_the_original_whichever_came_first() -> None:
    members = [member(1, day=3), member(2, day=1), member(3, day=2)]
    links = [link(2, 1, "copy"), link(3, 1, "copy")]
    assert originals(members, links) == {1: 2, 2: None, 3: 2}


def test_without_dates_the_first_received_is_the_original() -> None:
    members = [member(7, received=2), member(9, received=1)]
    assert originals(members, [link(9, 7, "copy")]) == {7: 9, 9: None}


def test_a_dated_article_goes_before_an_undated_one() -> None:
    members = [member(1), member(2, day=5)]
    assert originals(members, [link(1, 2, "copy")]) == {1: 2, 2: None}


def test_of_two_received_at_once_the_longest_is_the_original() -> None:
    members = [member(1, words=400, received=1), member(2, words=410, received=1)]
    assert originals(members, [link(1, 2, "copy")]) == {1: 2, 2: None}


def test_a_part_is_a_duplicate_of_what_contains_it_though_it_came_first() -> None:
    members = [member(1, words=200, day=1), member(2, words=900, day=2)]
    assert originals(members, [link(1, 2, "part")]) == {1: 2, 2: None}
    assert originals(members, [link(2, 1, "contains")]) == {1: 2, 2: None}


def test_shared_passages_make_no_duplicate() -> None:
    assert originals([member(1), member(2)], [link(1, 2, "shares", 0.2, 0.5)]) == {1: None, 2: None}


def test_a_digest_is_in_no_family_whether_it_came_before_or_after_its_parts() -> None:
    parts = [member(number, words=200) for number in range(2, 7)]
    for received in (1, 99):
        digest = member(1, words=1000, received=received)
        links = [link(1, part.article, "contains") for part in parts]
        assert set(originals([digest, *parts], links).values()) == {None}


def test_copies_of_a_digest_are_duplicates_of_it_and_of_nothing_else() -> None:
    members = [member(1, words=600), member(2, words=600), member(3, words=300), member(4, words=290)]
    links = [link(1, 2, "copy"), *(link(digest, part, "contains") for digest in (1, 2) for part in (3, 4))]
    assert originals(members, links) == {1: None, 2: 1, 3: None, 4: None}


def test_an_article_that_is_part_of_two_unrelated_texts_stays_its_own_original() -> None:
    members = [member(1, words=200), member(2, words=900), member(3, words=800)]
    assert originals(members, [link(1, 2, "part"), link(1, 3, "part")]) == {1: None, 2: None, 3: None}


def test_a_part_of_a_long_version_and_of_its_copies_goes_under_the_long_version() -> None:
    members = [member(1, words=200), member(2, words=900), member(3, words=900), member(4, words=880)]
    links = [
        link(1, 2, "part"),
        link(1, 3, "part"),
        link(1, 4, "part"),
        link(3, 2, "copy"),
        link(4, 2, "copy"),
    ]
    assert originals(members, links) == {1: 2, 2: None, 3: 2, 4: 2}


def test_the_copies_of_a_part_follow_it_under_the_long_version() -> None:
    members = [member(1, words=200), member(2, words=900), member(3, words=200)]
    assert originals(members, [link(1, 2, "part"), link(3, 1, "copy", 1.0)]) == {1: 2, 2: None, 3: 2}


def test_a_part_of_a_part_names_the_root() -> None:
    members = [member(1, words=100), member(2, words=300), member(3, words=900)]
    assert originals(members, [link(1, 2, "part"), link(2, 3, "part")]) == {1: 3, 2: 3, 3: None}


def test_two_excerpts_that_overlap_do_not_make_their_source_a_digest() -> None:
    members = [member(1, words=400), member(2, words=400), member(3, words=900)]
    links = [link(1, 3, "part"), link(2, 3, "part"), link(1, 2, "shares", 0.2, 0.4)]
    assert originals(members, links) == {1: 3, 2: 3, 3: None}


def test_parts_that_share_a_boilerplate_paragraph_still_make_a_digest() -> None:
    members = [member(1, words=400), member(2, words=400), member(3, words=900)]
    links = [link(1, 3, "part"), link(2, 3, "part"), link(1, 2, "shares", 0.06, 0.12)]
    assert originals(members, links) == {1: None, 2: None, 3: None}


def test_a_digest_inside_a_larger_digest_does_not_tie_its_parts_together() -> None:
    members = [member(1, words=200), member(2, words=210), member(3, words=420), member(4, words=900)]
    links = [
        link(3, 1, "contains"),
        link(3, 2, "contains"),
        link(4, 1, "contains"),
        link(4, 2, "contains"),
        link(4, 3, "contains"),
    ]
    assert set(originals(members, links).values()) == {None}


def test_a_chain_of_drifting_copies_does_not_end_under_the_first() -> None:
    members = [member(number, day=number) for number in range(1, 6)]
    links = [link(number, number + 1, "copy", 0.7, 0.85) for number in range(1, 5)]
    found = families(members, links)
    assert found.originals == {1: None, 2: 1, 3: None, 4: 3, 5: None}
    assert found.unsettled == ((3, 1), (5, 3))


def test_a_comparison_settles_what_a_chain_left_open() -> None:
    members = [member(1, day=1), member(2, day=2), member(3, day=3)]
    chain = [link(1, 2, "copy", 0.7, 0.85), link(2, 3, "copy", 0.7, 0.85)]
    assert originals(members, chain)[ArticleId(3)] is None
    settled = families(members, [*chain, link(3, 1, "copy", 0.65, 0.8)])
    assert (settled.originals[ArticleId(3)], settled.unsettled) == (1, ())
    parted = families(members, [*chain, link(3, 1, "shares", 0.2, 0.4)])
    assert (parted.originals[ArticleId(3)], parted.unsettled) == (None, ())


def test_what_a_copy_adds_does_not_draw_in_an_article_that_is_only_there() -> None:
    # 2 is 1 with a brief of 60 words below it; 3 is that brief.
    members = [member(1, words=400, day=1), member(2, words=460, day=2), member(3, words=60, day=3)]
    found = families(members, [link(2, 1, "copy", 0.86, 1.0), link(3, 2, "part", 0.13, 1.0)])
    assert found.originals == {1: None, 2: 1, 3: None}
    assert found.unsettled == ((3, 1),)


def test_a_star_of_ten_thousand_copies_is_one_family_after_an_older_original_arrives() -> None:
    members = [member(number, day=2) for number in range(1, 10_001)]
    links = [link(number, 1, "copy", 0.93) for number in range(2, 10_001)]
    members.append(member(10_001, day=1))
    links.append(link(10_001, 1, "copy", 0.93))
    started = time.process_time()
    found = originals(members, links)
    assert time.process_time() - started < 2
    assert {original for number, original in found.items() if number != 10_001} == {10_001}


def test_ten_thousand_texts_that_all_hold_one_sentence_are_told_apart_in_linear_time() -> None:
    members = [member(number, words=500) for number in range(1, 10_001)] + [member(10_001, words=20)]
    links = [link(number, 10_001, "contains", 0.04) for number in range(1, 10_001)]
    started = time.process_time()
    assert set(originals(members, links).values()) == {None}
    assert time.process_time() - started < 2


def test_links_to_articles_outside_the_component_are_ignored() -> None:
    assert originals([member(1)], [link(1, 2, "copy")]) == {1: None}


def test_a_changed_copy_of_the_longest_article_in_a_digest_is_no_copy_of_the_digest() -> None:
    # 1 is 2 and a brief 3; 4 is 2 with other sentences in a quarter of it, and looks like a near copy of 1 as well.
    members = [member(1, words=1100), member(2, words=1000), member(3, words=100), member(4, words=1000)]
    links = [link(1, 2, "contains", 0.9), link(1, 3, "contains", 0.1), link(4, 1, "copy", 0.5)]
    assert originals(members, [*links, link(4, 2, "copy", 0.55)]) == {1: None, 2: None, 3: None, 4: 2}


def test_parts_that_stand_in_the_same_words_are_one_text_though_nobody_compared_them() -> None:
    members = [member(1, words=900), member(2, words=300), member(3, words=280), member(4, words=300)]
    within = [
        replace(link(part, 1, "part"), extent=extent) for part, extent in ((2, (0, 300)), (3, (10, 290)))
    ]
    assert originals(members[:3], within) == {1: None, 2: 1, 3: 1}
    elsewhere = replace(link(4, 1, "part"), extent=(300, 600))
    found = families(members, [*within, elsewhere])
    assert set(found.originals.values()) == {None}
    assert found.unsettled == ((2, 3),)


def test_a_chain_does_not_overrule_a_comparison() -> None:
    members = [member(1, words=400, day=1), member(2, words=440, day=2), member(3, words=480, day=3)]
    links = [link(1, 2, "copy", 0.9), link(2, 3, "copy", 0.9)]
    assert originals(members, links) == {1: None, 2: 1, 3: 1}
    assert originals(members, [*links, link(3, 1, "contains", 0.8)])[ArticleId(3)] is None


def test_copies_of_a_part_keep_their_own_head() -> None:
    members = [member(1, words=200), member(2, words=900), member(3, words=200)]
    found = families(members, [link(1, 2, "part"), link(3, 1, "copy", 1.0)])
    assert (found.originals[ArticleId(3)], found.heads) == (2, {1: 1, 2: 2, 3: 1})


def test_of_undated_copies_the_one_that_most_others_repeat_is_the_centre_whoever_came_first() -> None:
    links = [link(1, 2, "copy", 0.7, 0.85), link(2, 3, "copy", 0.7, 0.85)]
    for received in permutations(range(3)):
        members = [member(number + 1, received=order) for number, order in enumerate(received)]
        assert originals(members, links) == {1: 2, 2: None, 3: 2}


def test_the_first_received_of_undated_copies_is_the_original_unless_one_holds_it_or_hardly_repeats_it() -> (
    None
):
    members = [member(1), member(2), member(3)]
    links = [link(1, 2, "copy", 0.9), link(2, 3, "copy", 0.9)]
    first = {1: None, 2: 1, 3: 1}
    assert originals(members, links) == first
    assert originals(members, [*links, link(3, 1, "shares", 0.2, 0.4)]) == first
    assert originals(members, [*links, link(3, 1, "shares", 0.05, 0.1)]) == {1: 2, 2: None, 3: 2}
    assert originals(members, [*links, link(3, 1, "contains", 0.6)]) == {1: 2, 2: None, 3: 2}


def test_an_undated_article_whose_copy_holds_a_brief_it_lacks_is_not_named_the_briefs_original() -> None:
    # 2 is 1 with a brief of 60 words below it; 3 is that brief.
    members = [member(1, words=400), member(2, words=460), member(3, words=60)]
    found = families(members, [link(2, 1, "copy", 0.86, 1.0), link(3, 2, "part", 0.13, 1.0)])
    assert found.originals == {1: 2, 2: None, 3: 2}
