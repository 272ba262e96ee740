"""Fixtures of the property tests."""

from collections.abc import Iterator

import pytest

from app.engines import tantivy


@pytest.fixture(scope="module")
def few_are_many() -> Iterator[None]:
    """Let a handful of articles be many for tantivy, so that they are added up, and it is asked for the best alone."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tantivy, "_FEW", 3)
        patch.setattr(tantivy, "_FIRST_BEST", 2)
        yield
