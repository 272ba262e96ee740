"""Texts that set the direction of writing: on no page do they turn the words around them."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest

from app.archive import Archive, open_archive
from app.domain.article import ArticleId
from app.domain.decision import Action, Ask, Reason
from app.web.app import create_app
from tests.factories import make_settings, paragraph
from tests.serving import served

TURN = "\u202e"
TURNS = {*"\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"}
BODY = "\n\n".join(f"{paragraph(seed)} The {TURN}ferry master said so." for seed in range(1, 6))
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


def record(number: int, body: str, **fields: str) -> dict[str, str]:
    return {
        "headline": f"Crews {TURN}vote {number} to sail",
        "deck": f"A deck {TURN}that turns {number}",
        "body": body,
        "byline": f"Ada {TURN}Marsh",
        "section": f"Town {TURN}news",
        "source": f"Harbour {TURN}Bee {number % 2}",
        "published": f"2025-10-{10 + number}",
    } | fields


RECORDS = [
    record(1, BODY),
    record(2, f"{BODY}\n\nAnd one more {TURN}passage that only this one prints, of the lamp on the pier."),
    record(3, paragraph(8) + f" The {TURN}lamp.", url="https://example.org/lamp"),
    record(4, paragraph(9) + f" The {TURN}pier.", url="https://example.org/lamp"),
]


class Turned(HTMLParser):
    """Collects the texts and values that turn what stands around them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[bool] = []
        self.turned: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        apart = tag == "bdi" or given.get("dir") == "auto"
        told = [value for name, value in given.items() if name != "href"]
        if not apart and given.get("type") != "hidden":
            self.turned += [value for value in told if TURNS.intersection(value)]
        if tag not in VOID:
            self.open.append(apart)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        if not any(self.open) and TURNS.intersection(data):
            self.turned.append(data)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    folder = tmp_path_factory.mktemp("turned")
    given = folder / "given"
    given.mkdir()
    (given / f"a{TURN}b.json").write_text(json.dumps(RECORDS), "utf-8")
    (given / f"e{TURN}mpty.txt").write_bytes(b"")
    with open_archive(make_settings(folder / "home")) as archive:
        archive.ingest([given], source=f"The {TURN}Packet")
        turn_the_log(archive, folder / "home" / "archive.db")
        with served(create_app(archive)) as site:
            yield site


def turn_the_log(archive: Archive, database: Path) -> None:
    """Call a story, for a reason and by a name, as only earlier versions took them."""
    story = archive.article(ArticleId(1)).story.id
    asked = Ask(action=Action.RENAME, story=story, headline="A name")
    made = archive.decide(asked, Reason(who="Ada", why="I know"))
    told = (f"Another {TURN}name", f"Ada {TURN}Marsh", f"I {TURN}know")
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute(
            "UPDATE decision SET headline = ?, who = ?, why = ? WHERE id = ?", (*told, made.id)
        )
        connection.execute("UPDATE story SET headline = ? WHERE id = ?", (told[0], story))


def looked_at(site: httpx.Client) -> str:
    """Return the address of a page that shows how a file would be read."""
    files = {"files": (f"a{TURN}b.json", json.dumps(RECORDS).encode(), "application/json")}
    headers = {"origin": str(site.base_url).rstrip("/")}
    return site.post("/deliveries", data={"action": "look"}, files=files, headers=headers).headers["location"]


@pytest.fixture(scope="module")
def pages(site: httpx.Client) -> dict[str, str]:
    """Pages of every kind that shows what others wrote."""
    stories = {site.get(f"/api/v1/articles/{number}").json()["story"] for number in range(1, 5)}
    asked = [
        f"ferry {TURN}master",
        f'"ferry{TURN}',
        f"no{TURN}field:ferry",
        f"section:{TURN}town",
        f"lamq{TURN}",
    ]
    told = [urlencode({"q": q, "explain": 1, "section": f"a {TURN}b"}) for q in asked]
    told += [urlencode({"q": q, "explain": 1}) for q in ["*", *asked]]
    addresses = ["/", *(f"/?{each}" for each in told)]
    addresses += [f"/attention?{urlencode({'q': q})}" for q in asked]
    addresses += [f"/articles/{number}" for number in range(1, 5)]
    addresses += [f"/articles/{one}/compare/{other}" for one in (1, 3) for other in (2, 4)]
    addresses += [f"/stories/{story}" for story in stories]
    addresses += ["/stories", "/sources", "/deliveries", "/deliveries/1", "/decisions", "/doubtful"]
    addresses += ["/articles/1/syndication", looked_at(site)]
    accept = {"accept": "text/html"}
    return {address: site.get(address, headers=accept).text for address in addresses}


def test_no_page_lets_a_text_turn_what_stands_around_it(pages: dict[str, str]) -> None:
    plain = {address for address, html in pages.items() if TURN not in html}
    assert {address for address in plain if not address.startswith("/attention")} == set()
    assert {address: turned for address, html in pages.items() if (turned := Turned(html).turned)} == {}
