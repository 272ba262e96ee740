"""What a form says, as a browser sends it: only what belongs to the action chosen, each field once."""

import pytest
from starlette.requests import Request

from app.errors import ParameterError
from app.web.forms import came_from, fields_of, remembered


def request(**headers: str) -> Request:
    given = [(name.encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "method": "POST", "path": "/decisions", "headers": given})


def test_only_the_fields_of_the_chosen_action_count() -> None:
    body = b"action=repeats&apart.article=2&apart.other=1&repeats.article=2&repeats.other=7&who=Ada&why=seen+both"
    said = {"action": "repeats", "article": 2, "other": 7, "who": "Ada", "why": "seen both"}
    assert fields_of(body) == said


def test_empty_fields_are_none_and_what_is_no_number_is_left_to_be_refused() -> None:
    body = b"action=merge&merge.story=4&merge.into=+12&who=++&why=%C3%A9t%C3%A9"
    assert fields_of(body) == {"action": "merge", "story": 4, "into": 12, "why": "été"}
    assert fields_of(b"action=merge&merge.into=04&merge.story=x") == {
        "action": "merge",
        "into": "04",
        "story": "x",
    }


@pytest.mark.parametrize(
    "body",
    [
        b"action=move&move.articles=2&move.articles=5&move.articles=9",
        b"action=move&move.articles=2,+5;9",
        b"action=move&move.articles=2%0D%0A5+9",
    ],
)
def test_articles_are_ticked_or_written_in_a_row(body: bytes) -> None:
    assert fields_of(body)["articles"] == [2, 5, 9]


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"action=lock&lock.story=1&lock.story=2", "given twice"),
        (b"action=lock&action=unlock&lock.story=1", "given twice"),
        (b"who=Ada&who=Ben", "given twice"),
        (b"who=%FF%FE", "cannot be read"),
        (b"who=\xff", "cannot be read"),
        (b"a=1&" * 2_001, "cannot be read"),
    ],
)
def test_a_form_that_no_page_sends_is_refused(body: bytes, told: str) -> None:
    with pytest.raises(ParameterError, match=told):
        fields_of(body)


@pytest.mark.parametrize(
    ("referer", "back"),
    [
        ("http://localhost:8000/articles/2?x=1#y", "/articles/2?x=1"),
        ("http://localhost:8000", "/"),
        ("http://localhost:8000//evil.example/x", "/evil.example/x"),
        ("http://localhost:8000/\\evil.example", "/evil.example"),
        ("http://evil.example/articles/2", None),
        ("http://localhost:8000@evil.example/", None),
        ("javascript:alert(1)//localhost:8000", None),
        ("", None),
    ],
)
def test_the_way_back_never_leads_elsewhere(referer: str, back: str | None) -> None:
    assert came_from(request(host="localhost:8000", referer=referer)) == back


def test_the_name_of_the_last_form_is_remembered() -> None:
    assert remembered(request(cookie="newsfold_who=Ad%C3%A8le%20%22M%22%3B")) == 'Adèle "M";'
    assert remembered(request()) == ""
