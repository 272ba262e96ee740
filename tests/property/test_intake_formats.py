"""Laws of the readers of formats: whatever the damage, there are drafts or a reason, in bounded time; records come out
in order and on their own lines."""

import gzip
import json
import random
import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.intake import Reading, Unreadable, read
from app.intake.files import Found
from app.intake.unpacking import Limits, Member, members

TODAY = date(2026, 11, 23)
LIMITS = Limits(file=1 << 26, unpacked=1 << 28)
FOLDERS = ("feeds", "newsml", "newsml/ninjs", "warc", "html/html")
LONGEST_S = 20  # on a busy machine; on an idle one the slowest takes one

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["title", "text", "bodies", "role", "value", "items", "date", "url", "type"]),
            inner,
        )
    ),
    max_leaves=12,
)
MARKUP = st.lists(
    st.sampled_from(
        ["<html>", "<body>", "<p>", "</p>", "<div>", "</div>", "<rss>", "<item>", "</item>", "<title>", "<nitf>",
         "<newsItem>", "<!--", "-->", "<![CDATA[", "]]>", "&amp;", "&#0;", "&x;", "<?xml version='1.0'?>",
         "<script type='application/ld+json'>",
         "{", "}", "<feed xmlns='http://www.w3.org/2005/Atom'>", "<entry>",
         "The quay was closed on Monday, they said."]
    )
    | st.text(max_size=8),
    max_size=30,
).map("".join)  # fmt: skip


def names_a_reason(found: Reading | Unreadable) -> None:
    if isinstance(found, Unreadable):
        assert found.reason
        assert not found.reason.startswith("It cannot be read ("), found.reason  # the last net
    else:
        assert found.drafts
        assert all(1 <= draft.first_line <= draft.last_line for draft in found.drafts)
        assert all(draft.body_text.strip() for draft in found.drafts)


@given(JSON)
def test_any_json_gives_drafts_or_a_reason(told: object) -> None:
    names_a_reason(read(json.dumps(told).encode(), today=TODAY))
    names_a_reason(read(json.dumps([told, told], indent=1).encode(), today=TODAY))


@given(MARKUP)
def test_any_markup_gives_drafts_or_a_reason(text: str) -> None:
    names_a_reason(read(text.encode("utf-8", "replace"), today=TODAY))


@given(
    st.lists(st.text('ab cé“"\\,;\n', min_size=1, max_size=30).filter(str.strip), min_size=1, max_size=8),
    st.integers(0, 3),
)
def test_records_come_out_in_order_each_on_its_lines(texts: list[str], indent: int) -> None:
    rows = [{"title": f"Nr {n}", "text": f"{text} x{n}x"} for n, text in enumerate(texts)]
    content = json.dumps(rows, indent=indent or None)
    found = read(content.encode(), today=TODAY)
    assert isinstance(found, Reading)
    assert [draft.headline for draft in found.drafts] == [row["title"] for row in rows]
    lines = content.split("\n")
    for n, draft in enumerate(found.drafts):
        assert f"x{n}x" in "\n".join(lines[draft.first_line - 1 : draft.last_line])


def damaged(content: bytes, chance: random.Random) -> bytes:
    """Cut a file off, turn bits of it, or take out or double a piece of it."""
    changed = bytearray(content)
    ends = sorted(chance.randrange(len(content) + 1) for _ in range(2))
    match chance.randrange(4):
        case 0:
            return content[: ends[0]]
        case 1:
            for _ in range(chance.choice([1, 10, 100])):
                changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
            return bytes(changed)
        case 2:
            return content[: ends[0]] + content[ends[1] :]
        case _:
            return content[: ends[1]] + content[ends[0] :]


@pytest.mark.shared
@pytest.mark.parametrize("seed", range(8))
def test_damaged_files_give_drafts_or_a_reason_in_time(shared: Path, tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - for tests
    files = [
        path for folder in FOLDERS for path in sorted((shared / "data" / folder).iterdir()) if path.is_file()
    ]
    for path in chance.sample(files, 25):
        content = path.read_bytes()
        if path.parent.name == "html" or (chance.random() < 0.5 and path.suffix == ".gz"):
            content = gzip.decompress(content)
        target = tmp_path / "damaged"
        target.write_bytes(damaged(content, chance))
        began = time.monotonic()
        for each in members(Found(place="damaged", file="damaged", path=target), LIMITS):
            if isinstance(each, Member) and not each.trouble:
                names_a_reason(read(each.content, today=TODAY))
        assert time.monotonic() - began < LONGEST_S, path.name
