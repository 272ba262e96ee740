"""The five scraped files exactly as the issue asks: articles, heads, what is dropped and why, dates."""

from datetime import date
from pathlib import Path

import pytest

from app.domain.article import UNDATED, Published
from app.intake import Manner, Reading, Role, Split, read

pytestmark = pytest.mark.shared
TODAY = date(2025, 11, 1)


def reading(shared: Path, number: str, split: Split = Split.AUTO) -> Reading:
    (path,) = (shared / "seeds").glob(f"{number}_*.txt")
    found = read(path.read_bytes(), manner=Manner(split=split), today=TODAY)
    assert isinstance(found, Reading), found
    return found


def lines_of(found: Reading, *numbers: int) -> list[str]:
    return [found.lines[number - 1].text.strip() for number in numbers]


def dropped(found: Reading) -> list[int]:
    return [line.line for draft in found.drafts for line in draft.dropped]


def blank(found: Reading) -> set[int]:
    return {line.number for line in found.lines if line.role is Role.BLANK}


def test_the_dump_gives_nine_articles_each_under_its_deck(shared: Path) -> None:
    found = reading(shared, "000")
    starts = [1, 11, 23, 30, 39, 49, 58, 81, 97]
    assert [draft.first_line for draft in found.drafts] == starts
    assert [draft.last_line for draft in found.drafts] == [10, 22, 29, 37, 48, 57, 80, 96, 105]
    assert [draft.deck for draft in found.drafts] == lines_of(found, *starts)
    assert all(draft.headline is None for draft in found.drafts)
    assert [boundary.line for boundary in found.boundaries if boundary.cut] == starts[1:]


def test_the_advert_is_dropped_and_reported_with_the_article_before_it(shared: Path) -> None:
    found = reading(shared, "000")
    assert dropped(found) == [38]
    (advert,) = found.drafts[3].dropped
    assert "teaser" in advert.rule


def test_quoted_social_posts_stay_in_their_article(shared: Path) -> None:
    found = reading(shared, "000")
    assert all(text in found.drafts[1].body_text for text in lines_of(found, 15, 16, 17, 18))
    assert all(text in found.drafts[2].body_text for text in lines_of(found, 27))


@pytest.mark.parametrize(
    ("number", "headline", "deck", "gone"),
    [
        ("001", 1, 5, [3, 37, *range(87, 94, 2)]),
        ("002", None, None, [16, 17]),
        ("003", 5, None, [1, 2, 3, 7, 43, 45, 47, 49, 50, 52, 54]),
        ("004", 4, 6, [1, 2, 8, 26]),
    ],
)
def test_a_page_gives_one_article_without_its_furniture(
    shared: Path, number: str, headline: int | None, deck: int | None, gone: list[int]
) -> None:
    found = reading(shared, number)
    (draft,) = found.drafts
    assert draft.headline == (lines_of(found, headline)[0] if headline else None)
    assert draft.deck == (lines_of(found, deck)[0] if deck else None)
    assert dropped(found) == gone
    heads = {line for line in (headline, deck) if line}
    kept = [line.number for line in found.lines if line.number not in blank(found) | heads | set(gone)]
    assert draft.body_text == "\n\n".join(lines_of(found, *kept))


def test_a_subhead_stays_in_the_body(shared: Path) -> None:
    found = reading(shared, "001")
    assert found.lines[6].role is Role.SUBHEAD
    assert lines_of(found, 7)[0] in found.drafts[0].body_text
    assert found.drafts[0].dateline == "Washington"


def test_the_clock_of_a_page_bounds_the_date_and_no_other_file_has_one(shared: Path) -> None:
    dates = {
        number: {draft.published for draft in reading(shared, number).drafts}
        for number in ("000", "001", "002", "003", "004")
    }
    assert dates.pop("003") == {Published(not_after=date(2025, 10, 21), found_in="date line, line 3")}
    assert set(dates) == {"000", "001", "002", "004"}
    assert all(found == {UNDATED} for found in dates.values())


def test_never_gives_one_article_of_the_dump(shared: Path) -> None:
    (draft,) = reading(shared, "000", Split.NEVER).drafts
    assert (draft.first_line, draft.last_line) == (1, 105)
