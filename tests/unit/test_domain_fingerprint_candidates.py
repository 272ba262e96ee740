"""Which articles a new text is compared with: nothing true is left out, and nothing grows with the archive."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
import pytest

from app.domain.article import ArticleId
from app.domain.candidates import (
    MOST_CLOSE,
    MOST_HEADS,
    MOST_OTHERS,
    SURELY_MANY,
    Candidate,
    Row,
    Stored,
    candidates,
    hashes_to_store,
    telling,
)
from app.domain.fingerprint import Print, fingerprint

NEW = ArticleId(500)


def prose(words: int, seed: int) -> str:
    """Return made-up text of so many words; different seeds have no phrase in common."""
    return " ".join(f"w{number}x{seed}" for number in np.random.default_rng(seed).integers(3000, size=words))


def found_among(a: Print, rows: Sequence[Row]) -> list[Candidate]:
    """Return the candidates among all rows there are."""
    return candidates(a, rows, Counter(row.hash for row in rows))


def stored_beside(rows: Sequence[Row], a: Print, head: ArticleId) -> tuple[int, ...]:
    """Return what a new article stores beside all rows there are."""
    return hashes_to_store(NEW, a, rows, Counter(row.hash for row in rows), head)


def rows(a: Print, article: int, head: int | None = None, words: int = 400) -> list[Row]:
    """Return the rows of an article that has every hash of ``a``."""
    return [Row(value, ArticleId(article), ArticleId(head or article), words) for value in a.hashes]


@pytest.mark.parametrize(("words", "enough"), [(400, 3), (300, 2), (150, 2), (60, 1)])
def test_as_many_hashes_in_common_make_a_candidate_as_it_takes_to_meet_it(words: int, enough: int) -> None:
    a = fingerprint(prose(400, 1))
    assert found_among(a, rows(a, 7, words=words)[: enough - 1]) == []
    assert found_among(a, rows(a, 7, words=words)[:enough]) == [Candidate(ArticleId(7), ArticleId(7))]


def test_one_hash_is_enough_where_either_text_is_short() -> None:
    long, short = fingerprint(prose(400, 1)), fingerprint(prose(25, 2))
    assert found_among(long, rows(long, 7, words=25)[:1]) == [Candidate(ArticleId(7), ArticleId(7))]
    assert found_among(short, rows(short, 7, words=400)[:1]) == [Candidate(ArticleId(7), ArticleId(7))]


def test_a_group_is_its_head_and_the_member_that_holds_most() -> None:
    a = fingerprint(prose(400, 1))
    held = [*rows(a, 7, head=7)[:3], *rows(a, 9, head=7)[3:20], *rows(a, 8, head=7)[20:25]]
    assert found_among(a, held) == [(7, 9)]


def test_the_source_comes_before_a_hundred_articles_with_the_same_furniture() -> None:
    a = fingerprint(prose(400, 1))
    furniture = [row for article in range(100, 100 + MOST_HEADS) for row in rows(a, article)[:8]]
    found = found_among(a, [*furniture, *rows(a, 7)[8:30]])
    assert found[0].head == 7
    assert len(found) == 1 + MOST_OTHERS


def test_a_few_rare_hashes_weigh_more_than_many_common_ones() -> None:
    a = fingerprint(prose(400, 1))
    furniture = [row for article in range(100, 150) for row in rows(a, article)[:8]]
    assert found_among(a, [*furniture, *rows(a, 7)[8:11]])[0].head == 7


def test_every_part_of_a_digest_of_fifty_articles_is_a_candidate() -> None:
    parts = [prose(60, seed) for seed in range(50)]
    digest = fingerprint("\n\n".join(parts))
    held = [
        Row(value, ArticleId(number), ArticleId(number), 60)
        for number, part in enumerate(parts)
        for value in set(fingerprint(part).hashes) & set(digest.hashes)
    ]
    assert len(found_among(digest, held)) == 50 < MOST_CLOSE


def test_what_is_left_out_as_telling_nothing_makes_no_candidate() -> None:
    chance = np.random.default_rng(5)
    lengths = {article: int(chance.choice([20, 70, 79, 81, 200, 310, 330, 600])) for article in range(1, 60)}
    for words in (30, 100, 250, 260, 700):
        a = fingerprint(prose(words, words))
        held = [
            Row(value, ArticleId(article), ArticleId(article - (article % 4 == 0)), length)
            for article, length in lengths.items()
            for value in chance.choice(
                a.hashes, size=min(len(a.hashes), int(chance.integers(4))), replace=False
            ).tolist()
        ]
        held.sort()
        numbers = np.array([row[:3] for row in held], np.int64)
        stored = Stored(
            hashes=numbers[:, 0],
            articles=numbers[:, 1],
            heads=numbers[:, 2],
            words=np.array([min(row.words, SURELY_MANY) for row in held]),
        )
        worth = telling([a], stored)
        counts = Counter(row.hash for row in held)
        kept = [row for row, told in zip(held, worth, strict=True) if told]
        assert candidates(a, kept, counts) == candidates(a, held, counts)
    assert not worth.all()


def test_a_copy_stores_only_what_its_group_does_not_hold() -> None:
    a = fingerprint(prose(400, 1))
    held = rows(a, 7)[5:]
    assert stored_beside(held, a, ArticleId(7)) == a.hashes[:5]
    assert stored_beside(held, a, NEW) == a.hashes


def test_a_hash_that_too_many_groups_hold_is_not_stored_again() -> None:
    a = fingerprint(prose(400, 1))
    held = [row for article in range(1, 1 + MOST_HEADS) for row in rows(a, article)[:8]]
    assert stored_beside(held, a, NEW) == a.hashes[8:]
    assert stored_beside(held[8:], a, NEW) == a.hashes
