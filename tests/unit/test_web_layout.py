"""How texts, stories and faulty queries are laid out."""

from datetime import UTC, date, datetime

from app.domain.article import ArticleId, Precision, Published, StoryId, TitleFrom
from app.domain.query import Brief
from app.domain.views import Listing, StoryRow, StoryView, TimelineDay
from app.web.layout import Slice, days, paragraphs, running, slices, undated


def brief(number: int, *, repeats: int | None = None, day: date | None = None) -> Brief:
    at = datetime(day.year, day.month, day.day, tzinfo=UTC) if day else None
    return Brief(
        id=ArticleId(number),
        title=f"Title {number}",
        title_from=TitleFrom.HEADLINE,
        source=None,
        published=Published(at=at, precision=Precision.DAY if at else None),
        duplicate_of=ArticleId(repeats) if repeats else None,
    )


def story(*dated: Brief, loose: tuple[Brief, ...] = ()) -> StoryView:
    by_day: dict[date, list[Brief]] = {}
    for each in dated:
        assert each.published.day
        by_day.setdefault(each.published.day, []).append(each)
    timeline = tuple(TimelineDay(day=day, articles=tuple(briefs)) for day, briefs in by_day.items())
    return StoryView(
        id=StoryId(1),
        headline="A story",
        first_day=None,
        last_day=None,
        timeline=timeline,
        undated=loose,
        related=(),
    )


MONDAY, TUESDAY = date(2025, 10, 20), date(2025, 10, 21)


def subheads(text: str) -> list[str]:
    return [paragraph.text for paragraph in paragraphs(text) if paragraph.subhead]


def test_a_short_line_without_a_stop_and_with_text_below_is_a_subhead() -> None:
    assert subheads("It rained.\n\nA wet week\n\nIt went on raining.") == ["A wet week"]


def test_the_last_line_is_never_a_subhead() -> None:
    assert subheads("It rained.\n\nA wet week") == []


def test_of_two_short_lines_only_the_one_above_the_text_is_a_subhead() -> None:
    assert subheads("One line\n\nAnother line\n\nIt rained.") == ["Another line"]


def test_a_quoted_post_and_a_long_line_are_no_subheads() -> None:
    assert subheads("— Ada Marsh (@ada)\n\nIt rained.") == []
    assert subheads("word " * 15 + "\n\nIt rained.") == []


def test_no_paragraph_is_lost_or_changed() -> None:
    text = "It rained.\n\nA wet week\n\nIt went\non raining."
    assert "\n\n".join(paragraph.text for paragraph in paragraphs(text)) == text


def test_a_copy_stands_beneath_its_original_whatever_its_day() -> None:
    shown = days(story(brief(1, day=MONDAY), brief(2, repeats=1, day=TUESDAY)))
    assert [(row.day, [each.id for each in row.families[0].copies]) for row in shown] == [(MONDAY, [2])]


def test_an_undated_copy_stands_beneath_its_dated_original() -> None:
    shown = story(brief(1, day=MONDAY), loose=(brief(2, repeats=1), brief(3)))
    assert [each.id for each in days(shown)[0].families[0].copies] == [2]
    assert [family.original.id for family in undated(shown)] == [3]


def test_a_copy_of_an_article_outside_the_story_stands_on_its_own() -> None:
    shown = days(story(brief(2, repeats=99, day=MONDAY)))
    assert [family.original.id for family in shown[0].families] == [2]


def test_a_copy_of_a_copy_stands_beneath_the_original() -> None:
    shown = days(
        story(brief(1, day=MONDAY), brief(2, repeats=1, day=MONDAY), brief(3, repeats=2, day=MONDAY))
    )
    assert [each.id for each in shown[0].families[0].copies] == [2, 3]


def test_the_front_page_names_only_stories_that_several_articles_tell() -> None:
    rows = tuple(
        StoryRow(id=StoryId(number), headline="A story", size=size, first_day=None, last_day=None)
        for number, size in enumerate((1, 3, 1, 2), start=1)
    )
    assert [row.id for row in running(Listing(total=4, page=1, page_size=100, rows=rows))] == [2, 4]


def test_a_query_is_cut_where_it_is_wrong() -> None:
    assert slices('rain "sun', [(5, 6)]) == (
        Slice(text="rain ", wrong=False),
        Slice(text='"', wrong=True),
        Slice(text="sun", wrong=False),
    )


def test_an_error_past_the_end_of_a_query_is_an_empty_piece() -> None:
    assert slices("rain", [(4, 4)])[-1] == Slice(text="", wrong=True)


def test_overlapping_errors_show_the_query_once() -> None:
    for spans in ([(0, 3), (1, 2)], [(0, 3), (2, 5)], [(0, 0), (0, 5)], [(1, 2), (1, 2)]):
        assert "".join(piece.text for piece in slices("abcde", spans)) == "abcde"
