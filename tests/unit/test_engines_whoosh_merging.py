"""Which segments of an index are made one at a commit: few stay, and no commit copies much for little."""

from dataclasses import dataclass
from typing import cast

import pytest
from whoosh.codec.base import Segment
from whoosh.filedb.filestore import FileStorage

from app.engines.whoosh_writing import FAN, LARGEST_MERGED_BYTES, chosen_for_merge

KB, MB = 1024, 1024 * 1024


@dataclass(frozen=True, eq=False)
class Sized:
    """A segment of one file and of 100 articles."""

    size: int
    deleted: int = 0

    def list_files(self, _: object) -> list[int]:
        return [self.size]

    def doc_count_all(self) -> int:
        return 100

    def doc_count(self) -> int:
        return 100 - self.deleted

    def deleted_count(self) -> int:
        return self.deleted


class Lengths:
    """Files that are named by their length."""

    def file_length(self, name: int) -> int:
        return name


def chosen(*segments: Sized) -> list[int]:
    found = chosen_for_merge(cast("FileStorage", Lengths()), cast("list[Segment]", segments))
    return [segment.size for segment in cast("list[Sized]", found)]


@pytest.mark.parametrize(
    ("segments", "merged"),
    [
        ([Sized(100 * KB)] * (FAN - 1), []),
        ([Sized(100 * KB)] * FAN, [100 * KB] * FAN),
        ([Sized(100 * KB)] * 2 + [Sized(MB)] * FAN, [100 * KB] * 2 + [MB] * FAN),
        ([Sized(4 * MB)] * FAN, [4 * MB] * 4),
        ([Sized(8 * MB)] * 20, []),
        ([Sized(10 * KB)] * 5 + [Sized(8 * MB)] * 20, []),
        ([Sized(10 * KB)] * FAN + [Sized(8 * MB)] * 20, [10 * KB] * FAN),
        ([Sized(8 * MB), Sized(8 * MB, deleted=60)], [8 * MB]),
        ([Sized(8 * MB), Sized(8 * MB, deleted=50)], []),
        ([Sized(90 * MB, deleted=60)], []),
        ([Sized(8 * MB, deleted=100)], []),
    ],
)
def test_what_is_many_or_hollow_is_merged_within_bounds(segments: list[Sized], merged: list[int]) -> None:
    each = [Sized(one.size, one.deleted) for one in segments]
    assert chosen(*each) == merged
    assert sum(merged) <= LARGEST_MERGED_BYTES


def test_articles_that_come_one_by_one_leave_few_segments_and_copy_each_a_few_times() -> None:
    segments: list[Sized] = []
    copied = 0
    for _ in range(3_000):
        found = chosen_for_merge(cast("FileStorage", Lengths()), cast("list[Segment]", segments))
        merged = cast("list[Sized]", found)
        copied += sum(one.size for one in merged)
        segments = [one for one in segments if one not in merged]
        segments.append(Sized(sum(one.size for one in merged) + 20 * KB))
    assert len(segments) < 3 * FAN
    assert copied < 6 * 3_000 * 20 * KB
