"""Vectors and profiles: their sums and days, and how they are stored."""

from datetime import date

import numpy as np
import pytest

from app.domain.profile import Profile, Vector
from tests.factories import drawn

TEXT = "The minister met Anna Kolb in Szohôd and spoke of the harvest. They praised Anna Kolb."


def test_days_are_those_of_the_dated_articles() -> None:
    told = drawn(TEXT, "x")
    profile = Profile.of(told, None)
    assert (profile.first_day, profile.last_day) == (None, None)
    profile = profile.added(told, date(2026, 3, 2)).added(told, None).added(told, date(2026, 2, 1))
    assert (profile.size, profile.first_day, profile.last_day) == (4, date(2026, 2, 1), date(2026, 3, 2))
    assert profile.removed(told, date(2026, 2, 1)).first_day == date(2026, 3, 2)


@pytest.mark.parametrize("stored", [b"", b"\x09" + bytes(40), b"\x01\x02\x00\x00\x00\x00\x00\x00\x00"])
def test_bytes_of_another_format_are_refused(stored: bytes) -> None:
    with pytest.raises(ValueError, match="story vector"):
        Vector.from_bytes(stored)
    with pytest.raises(ValueError, match="story vector"):
        Profile.from_bytes(stored)


def test_an_empty_profile_takes_its_first_article() -> None:
    told = drawn(TEXT, "x")
    grown = Profile.empty().added(told, None)
    assert grown.size == 1
    assert np.array_equal(grown.keys, told.keys)
