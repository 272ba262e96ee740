"""What is furniture in the texts of a source, and what is not, however often it is printed."""

import random
from functools import partial

import pytest

from app.domain.furniture import LEAST_ARTICLES, find_furniture, keys_of, lines_in, without
from tests.factories import paragraph

DISCLAIMER = "The views expressed here are those of the author and need not be those of this newspaper."
GREETING = "Welcome to my weekly letter, in which I look back on what happened in town and what did not."


def post(number: int, *furniture: str) -> str:
    """An article of its own, with furniture below."""
    return "\n\n".join([paragraph(number), paragraph(number + 500), *furniture])


def found(*texts: str) -> list[str]:
    return [each.text for each in find_furniture(partial(iter, texts))]


def test_a_line_under_articles_about_different_things_is_furniture() -> None:
    texts = [post(number, DISCLAIMER) for number in range(LEAST_ARTICLES)]
    (only,) = find_furniture(partial(iter, texts))
    assert (only.text, only.articles) == (DISCLAIMER, LEAST_ARTICLES)


def test_one_article_fewer_is_not_enough() -> None:
    assert found(*(post(number, DISCLAIMER) for number in range(LEAST_ARTICLES - 1))) == []


def test_copies_of_one_text_make_none_of_its_lines_furniture() -> None:
    assert found(*(f"{post(1)}\n\n{paragraph(2)}" for _ in range(9))) == []


def test_versions_of_one_report_make_none_of_its_lines_furniture() -> None:
    opening = paragraph(7)
    versions = [
        f"{opening} The toll rose to {toll}.\n\n{paragraph(8)}\n\n{paragraph(9)}" for toll in range(9)
    ]
    assert found(*versions) == []


def test_copies_do_not_hide_furniture_and_it_is_counted_with_them() -> None:
    texts = [post(number, DISCLAIMER) for number in range(LEAST_ARTICLES)] + [post(0, DISCLAIMER)] * 3
    (only,) = find_furniture(partial(iter, texts))
    assert (only.text, only.articles) == (DISCLAIMER, LEAST_ARTICLES + 3)


def test_two_lines_of_furniture_do_not_hide_each_other() -> None:
    texts = [post(number, GREETING, DISCLAIMER) for number in range(LEAST_ARTICLES)]
    assert set(found(*texts)) == {GREETING, DISCLAIMER}


def test_short_lines_are_no_furniture() -> None:
    assert found(*(post(number, "Reporting by Ada Marsh and Tom Hale") for number in range(9))) == []


def test_case_and_white_space_make_no_difference() -> None:
    printed = [DISCLAIMER, DISCLAIMER.upper(), f"  {DISCLAIMER}", DISCLAIMER.replace(" ", "  ")]
    assert len(found(*(post(number, line) for number, line in enumerate(printed)))) == 1


def test_the_order_of_texts_makes_no_difference() -> None:
    texts = [post(number % 7, *([DISCLAIMER] if number % 3 else [GREETING])) for number in range(21)]
    expected = find_furniture(partial(iter, texts))
    for seed in range(10):
        random.Random(seed).shuffle(texts)  # noqa: S311 - an order, not a secret
        assert find_furniture(partial(iter, texts)) == expected


@pytest.mark.parametrize("texts", [[], [""], ["\n\n"], [DISCLAIMER] * 9])
def test_where_nothing_else_is_said_nothing_is_furniture(texts: list[str]) -> None:
    assert found(*texts) == []


def test_a_text_without_its_furniture_keeps_all_else() -> None:
    body_text = post(1, DISCLAIMER)
    mask = keys_of(DISCLAIMER).keys()
    assert without(body_text, mask).strip() == post(1)
    assert without(body_text, ()) == body_text
    assert [each.line for each in lines_in(body_text, dict.fromkeys(mask, 4))] == [5]
