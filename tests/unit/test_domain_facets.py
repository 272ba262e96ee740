"""Facets as they are listed: in order, bounded, and what is chosen always there."""

import pytest

from app.domain.facets import MOST_VALUES, check_chosen, viewed
from app.domain.query import NONE, Facet
from app.errors import ParameterError


def values(facet: Facet, counts: dict[str, int], *chosen: str) -> list[str]:
    (view,) = viewed({facet: counts}, {facet: frozenset(chosen)})
    return [each.value for each in view.values]


def test_sources_stand_by_frequency_and_days_from_the_newest() -> None:
    assert values(Facet.SOURCE, {"b": 2, NONE: 9, "a": 2, "c": 5}) == ["c", "a", "b", NONE]
    assert values(Facet.MONTH, {"2024-12": 9, NONE: 9, "2025-02": 1}) == ["2025-02", "2024-12", NONE]
    assert values(Facet.STORY_SIZE, {"over-9": 9, "1": 1, "5-9": 3}) == ["1", "5-9", "over-9"]


def test_the_rarest_are_counted_and_not_listed_but_what_is_chosen_is() -> None:
    counts = {f"source {number:03}": 1_000 - number for number in range(MOST_VALUES + 3)}
    (view,) = viewed({Facet.SOURCE: counts}, {Facet.SOURCE: frozenset({"source 052", "gone"})})
    assert len(view.values) == MOST_VALUES + 2
    assert view.more == 2
    assert [(each.value, each.count) for each in view.values if each.chosen] == [
        ("source 052", 948),
        ("gone", 0),
    ]


def test_values_that_are_no_days_are_listed_all_the_same() -> None:
    assert values(Facet.DAY, {"2025-10-01": 1}, "next-week", "²") == ["²", "next-week", "2025-10-01"]


@pytest.mark.parametrize(
    ("facet", "value", "says"),
    [
        (Facet.STORY_SIZE, "7", "Write 1, 2-4, 5-9 or over-9."),
        (Facet.STORY_SIZE, NONE, "Write 1, 2-4, 5-9 or over-9."),
        (Facet.DUPLICATE, "maybe", "Write yes or no."),
        (Facet.YEAR, "25", "Write YYYY, as in 2025, or none."),
        (Facet.YEAR, "2025-10", "Write YYYY, as in 2025, or none."),
        (Facet.MONTH, "2025-13", "Write YYYY-MM, as in 2025-10, or none."),
        (Facet.DAY, "2025-02-29", "Write YYYY-MM-DD, as in 2025-10-21, or none."),
        (Facet.DAY, "20251021", "Write YYYY-MM-DD, as in 2025-10-21, or none."),
        (Facet.DAY, "٢٠٢٥-١٠-٢١", "Write YYYY-MM-DD, as in 2025-10-21, or none."),
    ],
)
def test_a_value_that_no_article_can_have_is_refused_with_those_there_are(
    facet: Facet, value: str, says: str
) -> None:
    with pytest.raises(ParameterError) as refused:
        check_chosen({Facet.SOURCE: frozenset({"Bee"}), facet: frozenset({value})})
    assert refused.value.name == facet
    assert str(refused.value) == f"{facet}: {value!r} is none of its values. {says}"


def test_a_value_that_an_article_can_have_is_none_to_refuse() -> None:
    days = {Facet.YEAR: {"0001", NONE}, Facet.MONTH: {"2025-10", NONE}, Facet.DAY: {"2024-02-29", NONE}}
    others = {
        Facet.SOURCE: {"2025-13"},
        Facet.SECTION: {"x"},
        Facet.LANGUAGE: {"xx"},
        Facet.DUPLICATE: {"yes", "no"},
        Facet.STORY_SIZE: {"1", "2-4", "5-9", "over-9"},
    }
    check_chosen({facet: frozenset(values) for facet, values in (days | others).items()})
