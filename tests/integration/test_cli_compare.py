"""`newsfold compare`: the same object as the API's, and a word diff for people."""

import re
from pathlib import Path

import pytest

from app import shapes
from app.archive import open_archive
from app.domain.article import ArticleId
from tests.factories import make_settings, paragraph, write
from tests.integration.test_cli import Shell

BODY = [paragraph(nth) for nth in range(4)]
HERE = ["The report of the harbour board", *BODY, "The works employs 1,204 people on two shifts."]
THERE = [
    "The report of the fishery board",
    *BODY[1:],
    BODY[0],
    "The works employs 1,240 people on two shifts.",
]


@pytest.fixture
def newsfold(home: Path, tmp_path: Path) -> Shell:
    """A shell over an archive of two near copies and another text."""
    texts = {"a_txt": HERE, "b_txt": THERE, "c_txt": ["Another thing that came to pass", paragraph(9)]}
    with open_archive(make_settings(home)) as archive:
        archive.ingest([write(tmp_path / "in", **{name: "\n\n".join(text) for name, text in texts.items()})])
    return Shell(home)


def test_compare_prints_the_object_of_the_api(newsfold: Shell, home: Path) -> None:
    printed = newsfold.json("compare", "1", "2")
    with open_archive(make_settings(home)) as archive:
        assert printed == shapes.shape_comparison(archive.compare(ArticleId(1), ArticleId(2))).model_dump(
            mode="json"
        )


def test_compare_tells_a_person_the_rule_and_every_change(newsfold: Shell) -> None:
    said = newsfold("compare", "1", "2")
    assert said.returncode == 0
    lines = said.stdout.splitlines()
    assert "The report of the [-harbour-]{+fishery+} board" in lines
    assert "The works employs [-1,204-]{+1,240+} people on two shifts." in lines
    assert "moved: paragraph 1 of A, 4 of B" in lines
    assert "… 3 paragraphs alike …" in lines
    linked = next(line for line in lines if line.startswith("Linked (copy): near copy: "))
    assert linked.endswith("A is kept as the original: where dates do not decide, it came in first.")


def test_compare_says_that_two_articles_are_not_linked(newsfold: Shell) -> None:
    lines = newsfold("compare", "1", "3").stdout.splitlines()
    assert "Not linked: their texts gave no reason." in lines
    assert f"{{+{paragraph(9)}+}}" in lines


def test_compare_and_show_say_what_was_ruled(newsfold: Shell) -> None:
    who = ("--who", "Ada Marsh", "--reason", "I know both.")
    newsfold("repeats", "1", "3", *who)
    newsfold("original", "3", *who)
    newsfold("apart", "2", "1", *who)
    lines = newsfold("compare", "1", "3").stdout.splitlines()
    kept = "kept as the original: a person ruled so."
    assert f"Not linked: their texts gave no reason. B is {kept}" in lines
    told = [line for line in lines if line.startswith("Decision ")]
    assert [re.sub(r"  \S+ \S+  ", " ", line) for line in told] == [
        "Decision 1 Article 1 is a duplicate of article 3. Ada Marsh: I know both.",
        "Decision 2 Article 3 is the original of its family. Ada Marsh: I know both.",
    ]
    apart = newsfold("compare", "1", "2").stdout
    assert "Article 2 is no duplicate of article 1. Ada Marsh: I know both." in apart
    assert "the original" not in apart
    shown = newsfold("show", "1").stdout.splitlines()
    assert f"This text repeats article 3, Another thing that came to pass, which is {kept}" in shown
    assert "The original was carried by 1." in shown
    assert "2 decisions of people are in force here: newsfold decisions --article 1" in shown


def test_show_says_of_a_duplicate_by_its_text_what_the_original_is_and_why(newsfold: Shell) -> None:
    why = "kept as the original: where dates do not decide, it came in first."
    shown = newsfold("show", "2").stdout.splitlines()
    assert f"This text repeats article 1, The report of the harbour board, which is {why}" in shown
    assert f"    The other is {why}" in shown
    shown = newsfold("show", "1").stdout.splitlines()
    assert f"    This one is {why}" in shown
    assert "Carried by 1." in shown


def test_compare_with_what_is_not_there_is_status_1(newsfold: Shell) -> None:
    done = newsfold("compare", "1", "99")
    assert (done.returncode, done.stdout) == (1, "")
    assert "article 99" in done.stderr
