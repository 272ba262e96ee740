"""The filters of the templates."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from app.web.render import asset, bdi, code, count, day, linked, marked, moment, percent, straight


def test_only_marks_get_through_in_highlights() -> None:
    assert marked("<mark>a</mark> &lt;b&gt; <b>c</b><script>") == (
        "<mark>a</mark> &lt;b&gt; &lt;b>c&lt;/b>&lt;script>"
    )


def test_days_and_times_are_written_in_words_and_in_utc() -> None:
    assert day(date(2025, 10, 1)) == "1 October 2025"
    abroad = datetime(2025, 10, 21, 1, 30, tzinfo=timezone(timedelta(hours=2)))
    assert moment(abroad) == moment(abroad.astimezone(UTC)) == "20 October 2025, 23:30 UTC"


def test_one_is_singular_and_thousands_are_grouped() -> None:
    assert [count(number, "story", "stories") for number in (0, 1, 1204)] == [
        "0 stories",
        "1 story",
        "1,204 stories",
    ]


@pytest.mark.parametrize(
    ("share", "shown"), [(0, "0%"), (1, "100%"), (0.999, "99%"), (0.001, "1%"), (0.5, "50%")]
)
def test_a_share_that_is_not_quite_all_is_not_called_all(share: float, shown: str) -> None:
    assert percent(share) == shown


def test_code_is_escaped() -> None:
    assert code("see `/help` & <b>") == "see <code>/help</code> &amp; &lt;b&gt;"


def test_the_address_of_a_static_file_changes_with_its_content() -> None:
    assert asset("newsfold.css").startswith("/static/newsfold.css?v=")
    assert asset("newsfold.css") != asset("favicon.svg").replace("favicon.svg", "newsfold.css")


def test_numbers_in_a_sentence_lead_to_what_they_name_but_not_in_a_headline() -> None:
    assert linked("Articles 6, 7 of story 4 are story 5") == (
        'Articles <a href="/articles/6">6</a>, <a href="/articles/7">7</a> of story <a href="/stories/4">4</a> '
        'are story <a href="/stories/5">5</a>'
    )
    assert linked("Story 4 is called “article 3 & <b>”") == (
        'Story <a href="/stories/4">4</a> is called “article 3 &amp; &lt;b&gt;”'
    )
    assert linked("Decision 3 is undone") == 'Decision <a href="/decisions#decision-3">3</a> is undone'


def test_what_sets_the_direction_of_writing_is_shut_in_or_left_out() -> None:
    turned = "\u202ea & b\u2069"
    assert bdi(turned) == "<bdi>\u202ea &amp; b\u2069</bdi>"
    assert bdi(marked("<mark>a</mark>")) == "<bdi><mark>a</mark></bdi>"
    assert straight(turned) == "a & b"
    assert straight("\u200fשלום") == "\u200fשלום"
