"""Whether two texts repeat each other: one test for every case that people complain of."""

import numpy as np
import pytest

from app.domain.article import RepeatKind
from app.domain.fingerprint import fingerprint
from app.domain.likeness import compare


def prose(words: int, seed: int) -> str:
    """Return made-up text of so many words; different seeds have no phrase in common."""
    numbers = np.random.default_rng(seed).integers(3000, size=words)
    return " ".join(f"w{number}x{seed}" for number in numbers)


def kind(a: str, b: str) -> RepeatKind | None:
    likeness = compare(fingerprint(a), fingerprint(b))
    return likeness.kind if likeness else None


def test_the_same_body_is_a_copy_with_jaccard_one() -> None:
    likeness = compare(fingerprint(prose(300, 1)), fingerprint(prose(300, 1)))
    assert likeness is not None
    assert (likeness.kind, likeness.jaccard, likeness.containment) == (RepeatKind.COPY, 1.0, 1.0)
    assert [(each.words, each.start, each.other_start) for each in likeness.passages] == [(300, 0, 0)]


def test_a_correction_of_one_number_is_a_copy_and_the_number_is_what_differs() -> None:
    before = f"{prose(120, 1)} killed 17 people {prose(80, 2)}"
    after = before.replace(" 17 ", " 19 ")
    likeness = compare(fingerprint(before), fingerprint(after))
    assert likeness is not None
    assert likeness.kind is RepeatKind.COPY
    assert likeness.shared_words == 202


@pytest.mark.parametrize("length", [12, 25, 40])
def test_a_correction_in_a_one_sentence_article_is_a_copy(length: int) -> None:
    words = prose(length, 1).split()
    corrected = [*words[: length // 2], "nineteen", *words[length // 2 + 1 :]]
    assert kind(" ".join(words), " ".join(corrected)) is RepeatKind.COPY


def test_one_article_of_one_sentence_repeats_itself() -> None:
    assert kind("Rain fell.", "rain fell") is RepeatKind.COPY
    assert kind("Rain fell.", "Snow fell.") is None


def test_an_excerpt_is_part_and_its_source_contains_it() -> None:
    whole = prose(800, 1)
    excerpt = " ".join(whole.split()[100:300])
    assert kind(excerpt, whole) is RepeatKind.PART
    assert kind(whole, excerpt) is RepeatKind.CONTAINS


def test_a_digest_contains_each_of_its_five_parts() -> None:
    parts = [prose(150, seed) for seed in range(5)]
    digest = "\n\n".join(parts)
    assert [kind(digest, part) for part in parts] == [RepeatKind.CONTAINS] * 5


def test_a_digest_of_a_long_and_a_short_article_is_a_copy_of_neither() -> None:
    parts = [prose(800, 1), prose(150, 2)]
    assert [kind("\n\n".join(parts), part) for part in parts] == [RepeatKind.CONTAINS] * 2


def test_a_paragraph_added_is_still_a_copy() -> None:
    story = prose(400, 1)
    assert kind(story, f"{story}\n\n{prose(50, 2)}") is RepeatKind.COPY


@pytest.mark.parametrize("place", [0, 4, 8])
@pytest.mark.parametrize("words", [100, 220, 700])
def test_a_text_that_holds_another_and_adds_a_passage_contains_it(words: int, place: int) -> None:
    story = [prose(50, seed) for seed in range(8)]
    longer = [*story[:place], prose(words, 99), *story[place:]]
    assert kind("\n\n".join(longer), "\n\n".join(story)) is RepeatKind.CONTAINS


def test_what_is_added_above_and_below_counts_together() -> None:
    story = prose(412, 1)
    assert kind(f"{prose(110, 2)}\n\n{story}\n\n{prose(110, 3)}", story) is RepeatKind.CONTAINS
    assert kind(f"{prose(60, 2)}\n\n{story}\n\n{prose(60, 3)}", story) is RepeatKind.CONTAINS
    assert kind(f"{prose(40, 2)}\n\n{story}\n\n{prose(40, 3)}", story) is RepeatKind.COPY


def test_sentences_added_here_and_there_leave_a_copy() -> None:
    story = [prose(60, seed) for seed in range(10)]
    longer = [f"{paragraph} {prose(20, 100 + nth)}" for nth, paragraph in enumerate(story)]
    assert kind("\n\n".join(longer), "\n\n".join(story)) is RepeatKind.COPY


def test_a_digest_is_no_copy_of_a_cut_down_article_that_makes_up_most_of_it() -> None:
    sentences = [prose(20, seed) for seed in range(40)]
    cut = [sentence for nth, sentence in enumerate(sentences) if nth % 5]
    digest = " ".join([*cut, prose(200, 99)])
    assert kind(digest, " ".join(sentences)) is RepeatKind.CONTAINS


def test_a_refrain_in_common_makes_no_copy_of_texts_that_say_different_things() -> None:
    refrain = f"{prose(12, 9)} {'tick ' * 4000}"
    assert kind(refrain + prose(900, 1), refrain + prose(900, 2)) is RepeatKind.SHARES
    assert kind(refrain + prose(100, 1), refrain + prose(900, 2)) is RepeatKind.SHARES


def test_live_blog_posts_with_the_same_boilerplate_are_no_copies() -> None:
    boilerplate = prose(90, 9)
    posts = [f"{boilerplate}\n\n{prose(110, seed)}\n\n{prose(30, 8)}" for seed in (1, 2)]
    assert kind(*posts) is RepeatKind.SHARES


def test_two_articles_around_much_furniture_are_no_copies() -> None:
    furniture = prose(900, 9)
    one, other = (fingerprint(f"{prose(250, seed)}\n\n{furniture}") for seed in (1, 2))
    likeness = compare(one, other)
    assert likeness is not None
    assert likeness.jaccard > 0.6
    assert likeness.kind is RepeatKind.SHARES


def test_scattered_phrases_do_not_make_a_short_text_part_of_a_long_one() -> None:
    phrases = [prose(6, seed) for seed in range(20)]
    long = "\n".join(f"{prose(30, 100 + number)} {phrase}" for number, phrase in enumerate(phrases))
    assert kind(" ".join(reversed(phrases)), long) is None


def test_a_weekly_column_with_the_same_opening_is_no_copy() -> None:
    opening = prose(35, 9)
    assert kind(f"{opening} {prose(500, 1)}", f"{opening} {prose(450, 2)}") is None


def test_fifty_words_in_common_are_a_link_however_long_the_texts() -> None:
    quotation = prose(50, 9)
    likeness = compare(
        fingerprint(f"{prose(5000, 1)} {quotation} {prose(300, 3)}"),
        fingerprint(f"{prose(900, 2)} {quotation}"),
    )
    assert likeness is not None
    assert likeness.kind is RepeatKind.SHARES
    assert [(each.words, each.start, each.other_start) for each in likeness.passages] == [(50, 5000, 900)]


def test_reordered_paragraphs_are_a_copy() -> None:
    paragraphs = [prose(60, seed) for seed in range(8)]
    assert kind("\n\n".join(paragraphs), "\n\n".join(reversed(paragraphs))) is RepeatKind.COPY


def test_a_word_misspelt_in_seven_is_a_copy() -> None:
    words = prose(300, 1).split()
    noisy = [f"{word}q" if place % 7 == 3 else word for place, word in enumerate(words)]
    likeness = compare(fingerprint(" ".join(words)), fingerprint(" ".join(noisy)))
    assert likeness is not None
    assert likeness.kind is RepeatKind.COPY
    assert likeness.jaccard < 0.45


def test_a_text_that_repeats_itself_is_a_copy_of_itself() -> None:
    refrain = " ".join(f"b{place % 10}" for place in range(23))
    assert kind(refrain, refrain) is RepeatKind.COPY


def test_a_text_that_a_page_prints_twice_is_a_copy_of_it() -> None:
    assert kind(prose(200, 1), f"{prose(200, 1)} {prose(200, 1)}") is RepeatKind.COPY


def test_an_article_of_a_hundred_thousand_words_is_compared_like_any_other() -> None:
    long = prose(100_000, 1)
    part = " ".join(long.split()[50_000:50_400])
    assert len(fingerprint(long).hashes) <= 13_000
    assert kind(part, long) is RepeatKind.PART


@pytest.mark.parametrize("text", ["", " \n", "—!?…", "\u200b"])
def test_a_text_without_words_has_no_hashes_and_repeats_nothing(text: str) -> None:
    empty = fingerprint(text)
    assert (empty.hashes, empty.words) == ((), 0)
    assert compare(empty, fingerprint(prose(50, 1))) is None
    assert compare(empty, empty) is None


def test_a_language_without_spaces_is_compared_by_character() -> None:
    text = "安倍晋三首相は十八日の記者会見で、衆議院を解散すると表明した。"
    assert fingerprint(text).words > 20
    assert kind(text, text.replace("十八", "十九")) is RepeatKind.COPY
