"""Lines and paragraphs judged by their own look: furniture, bylines, text, title-like lines, wrapped lines."""

from datetime import date

import pytest

from app.intake.bylines import byline_names, dateline_of
from app.intake.furniture import furniture_rule, is_section_name, is_teaser
from app.intake.lines import Kind, judge
from app.intake.paragraphs import Paragraph, paragraphs, word_count

TODAY = date(2025, 11, 1)


def kind(text: str) -> Kind:
    return judge(Paragraph(1, 1, text, 0), today=TODAY).kind


@pytest.mark.parametrize(
    "line",
    [
        "hOME", "Must read", "LEAVE A REPLY", "Post a Comment", "Exit mobile version", "Sponsored Adspot_img",
        "[Advertisement]", "Read more »", "11.9 C", "Kremlin.ru", "https://example.org/a/b?c=d", "jane@example.org",
        "3 hours ago", "12 comments", "5 min read", "14:30", "* * * *", "hero-image.jpg", "Home > World > Europe",
        "© 2025 Example Media", "Photo: Jane Doe", "Disclaimer: This text is for information only and no advice.",
        "Your email address will not be published. Required fields are marked *", "LENGTH: 845 words",
        "Weiterlesen", "Alle Rechte vorbehalten", "Lire la suite", "Leer más", "Читайте также",
        "اقرأ المزيد", "続きを読む",
        "We use cookies to improve our site. See our privacy policy.",
    ],
)  # fmt: skip
def test_furniture_is_known_with_its_rule(line: str) -> None:
    found = judge(Paragraph(1, 1, line, 0), today=TODAY)
    assert found.kind is Kind.FURNITURE
    assert found.rule


@pytest.mark.parametrize(
    "line",
    [
        "The minister said the talks would go on until the end of the week, and left.",
        "“I came here to talk to people, and that is what I did,” she said",
        "Growing Frustration Over Diplomatic Deadlock",
        "Copyright law divides the two chambers",
        "Home secretary resigns",
        "He refused.",
        "The newspaper sold its podcast business in spring, two people who know the deal said on Tuesday.",
    ],
)
def test_text_and_titles_are_no_furniture(line: str) -> None:
    assert furniture_rule(line, word_count(line)) is None


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("The minister said the talks would go on for long.", Kind.TEXT),
        ("During his meeting on Friday, the president told reporters:", Kind.TEXT),
        ("He refused.", Kind.SENTENCE),
        ("White House Confirms Summit Cancellation", Kind.TITLE),
        ("One can hardly say more than that the weather was bad and the roads were worse", Kind.TITLE),
        (" ".join(["word"] * 32), Kind.TEXT),
        ("Politics", Kind.SECTION),
        ("Tuesday, October 21, 2025", Kind.DATE),
        ("By Jane Doe", Kind.BYLINE),
        ("By Jane Doe | October 21, 2025", Kind.BYLINE),
        ("A paragraph that was cut off by the page it was copied from […]", Kind.TEASER),
        ("总统星期四在记者会上表示，谈判将于下周在布达佩斯继续进行。", Kind.TEXT),
        ("总统宣布取消会晤", Kind.TITLE),
        ("قال الرئيس يوم الخميس إن المحادثات ستستمر الأسبوع المقبل في بودابست؟", Kind.TEXT),
        ("Президент заявил в четверг, что переговоры продолжатся на следующей неделе.", Kind.TEXT),
    ],
)
def test_a_paragraph_is_judged_by_length_and_ending(line: str, expected: Kind) -> None:
    assert kind(line) is expected


@pytest.mark.parametrize("end", ["[…]", "[...]", "(more…)", "… Read more", "… Weiterlesen", "… Читать далее"])
def test_a_teaser_is_known_by_its_end(end: str) -> None:
    assert is_teaser(f"Every company faces the same challenges in a changing world {end}")


def test_an_ellipsis_alone_makes_no_teaser() -> None:
    assert not is_teaser("He paused, and then said that he would think about it …")


def test_sections_are_kept_apart_because_they_may_be_subheads() -> None:
    assert is_section_name("POLITICS")
    assert not is_section_name("Politics of the bridge")


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("By Jane Doe", "Jane Doe"),
        ("By JANE DOE and John Smith", "JANE DOE and John Smith"),
        ("Written by: Ludwig van der Berg", "Ludwig van der Berg"),
        ("Jane Doe, Reuters", "Jane Doe"),
        ("Jane Doe | Staff writer", "Jane Doe"),
        ("Von Max Mustermann", "Max Mustermann"),
        ("Автор: Иван Петров", "Иван Петров"),
        ("By Christmas", None),
        ("By the Numbers", None),
        ("By Donald Trump's reckoning, the deal was done on Monday", None),
        ("Trump Cancels Meeting With Putin", None),
    ],
)
def test_a_byline_gives_the_names_alone(line: str, names: str | None) -> None:
    assert byline_names(line) == names


@pytest.mark.parametrize(
    ("text", "dateline"),
    [
        ("WASHINGTON, Oct 21 (Reuters) - The president", "WASHINGTON, Oct 21 (Reuters)"),
        ("LONDON (AP) — A court", "LONDON (AP)"),
        ("Berlin (dpa) - Die Regierung", "Berlin (dpa)"),
        ("Washington: In a major development", "Washington"),
        ("Analysis: Why the talks failed", None),
        ("Jones: I never said that", None),
        ("The EU - which had waited - agreed", None),
    ],
)
def test_a_dateline_is_read_from_the_opening(text: str, dateline: str | None) -> None:
    assert dateline_of(text) == dateline


def test_lines_broken_to_a_width_become_paragraphs() -> None:
    sentence = (
        "The council agreed late on Monday to rebuild the old bridge over the river before winter comes again"
    )
    words = sentence.split()
    lines: list[str] = [""]
    for word in words * 6:
        if len(lines[-1]) + 1 + len(word) > 60:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    (found,) = paragraphs(lines)
    assert (found.first, found.last, found.text) == (1, len(lines), " ".join(words * 6))


def test_indented_paragraphs_of_a_broken_text_stay_apart() -> None:
    full = "x" * 30 + " " + "y" * 29
    found = paragraphs(
        [full, full, "the end.", "    " + full[:56], full, "the second end.", "    " + full[:56], full]
    )
    assert [(paragraph.first, paragraph.last) for paragraph in found] == [(1, 3), (4, 6), (7, 8)]


def test_a_line_per_paragraph_is_left_as_it_is() -> None:
    lines = [
        "A short headline here",
        "",
        "A long paragraph of text that goes on and on and on. " * 4,
        "Another one. " * 20,
    ]
    assert [paragraph.first for paragraph in paragraphs(lines)] == [1, 3, 4]


def test_two_characters_of_a_script_without_spaces_count_as_a_word() -> None:
    assert word_count("总统宣布取消会晤") == 4
    assert word_count("one two three") == 3
