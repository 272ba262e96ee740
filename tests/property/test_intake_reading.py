"""Laws of reading: it never raises, loses no line and doubles none, keeps the order, and is the same every time."""

from datetime import date

from hypothesis import example, given
from hypothesis import strategies as st

from app.intake import Manner, Reading, Role, Split, Unreadable, read

TODAY = date(2025, 11, 1)
KEPT = {Role.HEADLINE, Role.DECK, Role.BYLINE, Role.DATELINE, Role.BODY, Role.SUBHEAD}
CUT = {Role.DROPPED, Role.SEPARATOR}

# Lines of every kind the rules know, so that their combinations are tried and not only noise.
LINES = st.sampled_from(
    [
        "", "   ", "\f", "* * *", "=" * 20, "End of Document", "1 of 2 DOCUMENTS", "Home", "Politics", "Leave a reply",
        "11.9 C", "Tuesday, October 21, 2025", "Published 2025-10-21", "By Jane Doe", "Jane Doe | Oct 21, 2025",
        "Council agrees to rebuild bridge", "Whales", "Must read", "He refused.", "A new bridge? Not so fast.",
        "The council of Harwick agreed late on Monday to rebuild the old bridge over the river.",
        "Mayor Anna Harwell told reporters that the bridge had been closed for two years already.",
        "WASHINGTON, Oct 21 (Reuters) - Marine biologists counted 412 whales off the coast this summer.",
        "Lead scientist Tomas Reyes credited a ban on driftnets, which used to entangle young whales",
        "Improve your business in an ever-changing world with our experts […]",
        "\fA page that begins with a form feed.",
        "总统星期四在记者会上表示，谈判将于下周在布达佩斯继续进行。", "قال الرئيس يوم الخميس إن المحادثات ستستمر",
    ]
)  # fmt: skip
FILES = st.lists(LINES | st.text(max_size=40), max_size=40).map("\n".join)


@given(st.binary(max_size=400), st.sampled_from(Split))
@example(b"\xff\xfe\x00", Split.AUTO)
@example(b"\x00", Split.AUTO)
def test_any_bytes_give_a_reading_or_a_reason(content: bytes, split: Split) -> None:
    found = read(content, manner=Manner(split=split), today=TODAY)
    if isinstance(found, Unreadable):
        assert found.reason.endswith(".")
        assert not found.reason.startswith("It cannot be read ("), found.reason  # the last net
    else:
        assert found.drafts


@given(FILES, st.sampled_from(["utf-8", "utf-16", "utf-16-le"]))
def test_any_text_gives_a_reading_or_a_reason(text: str, encoding: str) -> None:
    assert isinstance(read(text.encode(encoding, "replace"), today=TODAY), Reading | Unreadable)


@given(FILES, st.sampled_from(Split))
@example(
    "Lead scientist Tomas Reyes credited a ban, which used to entangle young whales\n0\n\n* * *\nThe council.",
    Split.AUTO,
)
def test_every_line_is_kept_or_dropped_exactly_once(text: str, split: Split) -> None:
    found = read(text.encode("utf-8", "replace"), manner=Manner(split=split), today=TODAY)
    if isinstance(found, Unreadable) or not found.lines:  # what a program made has none
        return
    assert [line.number for line in found.lines] == list(range(1, len(found.lines) + 1))
    dropped = [line.line for draft in found.drafts for line in draft.dropped]
    assert dropped == [line.number for line in found.lines if line.role in CUT]
    for line in found.lines:
        assert (line.role is Role.BLANK) == (not line.text.strip() and "\f" not in line.text), line
        assert line.rule
    kept = [line for line in found.lines if line.role in KEPT]
    assert all(
        any(draft.first_line <= line.number <= draft.last_line for draft in found.drafts) for line in kept
    )
    for draft in found.drafts:
        own = [line for line in kept if draft.first_line <= line.number <= draft.last_line]
        assert (own[0].number, own[-1].number) == (draft.first_line, draft.last_line)
        inside = [line for line in own if line.role in {Role.BODY, Role.DATELINE, Role.SUBHEAD}]
        assert "".join(draft.body_text.split()) == "".join("".join(line.text.split()) for line in inside)
        for role, part in ((Role.HEADLINE, draft.headline), (Role.DECK, draft.deck)):
            # A title that is wrapped stands on several lines.
            printed = [line.text for line in own if line.role is role]
            assert "".join((part or "").split()) == "".join("".join(text.split()) for text in printed)
        assert (draft.byline is None) == (Role.BYLINE not in {line.role for line in own})


@given(FILES)
def test_drafts_are_in_order_and_apart(text: str) -> None:
    found = read(text.encode("utf-8", "replace"), today=TODAY)
    if isinstance(found, Unreadable):
        return
    edges = [edge for draft in found.drafts for edge in (draft.first_line, draft.last_line)]
    assert edges == sorted(edges)
    assert all(
        before.last_line < after.first_line
        for before, after in zip(found.drafts, found.drafts[1:], strict=False)
    )
    cuts = [boundary.line for boundary in found.boundaries if boundary.cut]
    assert cuts == [draft.first_line for draft in found.drafts[1:]]


@given(FILES)
def test_never_gives_at_most_one_draft(text: str) -> None:
    found = read(text.encode("utf-8", "replace"), manner=Manner(split=Split.NEVER), today=TODAY)
    assert isinstance(found, Unreadable) or len(found.drafts) == 1


@given(FILES)
def test_reading_twice_gives_the_same(text: str) -> None:
    content = text.encode("utf-8", "replace")
    assert read(content, today=TODAY) == read(content, today=TODAY)
