"""Facets as they are listed: in order, bounded, and what is chosen always there."""

from app.domain.facets import MOST_VALUES, viewed
from app.domain.query import NONE, Facet


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
