"""Which host names the site answers to."""

import pytest
from fastapi import FastAPI

from app.web.guard import Guard


@pytest.mark.parametrize(
    "host",
    ["localhost", "LOCALHOST:8123", "localhost.", "127.0.0.1", "127.0.0.1:80", "[::1]:8123", "192.168.1.5"],
)
def test_localhost_and_addresses_in_numbers_are_let_in(host: str) -> None:
    assert Guard(FastAPI()).admits(host)


@pytest.mark.parametrize(
    "host",
    [
        "",
        "evil.example",
        "localhost.evil.example",
        "127.0.0.1.evil.example:80",
        "[evil]",
        "*",
        "127.0.0.1:80/x",
        "localhost:x",
        "x@localhost",
    ],
)
def test_other_names_are_not(host: str) -> None:
    assert not Guard(FastAPI()).admits(host)


def test_a_name_the_site_was_given_is_let_in() -> None:
    guard = Guard(FastAPI(), hosts=["News.Example"])
    assert guard.admits("news.example:443")
    assert not guard.admits("other.example")


def test_a_star_lets_in_every_name() -> None:
    assert Guard(FastAPI(), hosts=["*"]).admits("anything.example")
