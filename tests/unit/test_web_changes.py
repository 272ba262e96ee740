"""Which requests may change something: where they come in, what a browser says of them, how much they bring."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest
from starlette.types import Message, Scope

from app.web.changes import Changes, why_foreign

HERE = ("127.0.0.1", 8000)


def scope(
    *headers: tuple[str, str], server: object = HERE, client: object = ("127.0.0.1", 5), method: str = "POST"
) -> Scope:
    given = [(name.lower().encode(), value.encode()) for name, value in headers]
    return {
        "type": "http",
        "method": method,
        "scheme": "http",
        "path": "/api/v1/decisions",
        "query_string": b"",
        "server": server,
        "client": client,
        "headers": given,
    }


@pytest.mark.parametrize(
    "headers",
    [
        [("Host", "127.0.0.1:8000")],
        [("Host", "news.example")],  # a program says what it likes
        [("Host", "localhost:8000"), ("Origin", "http://localhost:8000")],
        [("Host", "LOCALHOST"), ("Origin", "http://LOCALHOST"), ("Sec-Fetch-Site", "same-origin")],
        [("Host", "127.9.0.1:8000"), ("Sec-Fetch-Site", "none")],
        [("Host", "[::1]:8000"), ("Origin", "http://[::1]:8000"), ("Sec-Fetch-Site", "same-origin")],
    ],
)
def test_programs_here_and_our_own_pages_may_change_things(headers: list[tuple[str, str]]) -> None:
    assert why_foreign(scope(*headers)) is None
    assert why_foreign(scope(*headers, server=("::1", 8000), client=("::1", 5))) is None


@pytest.mark.parametrize(
    ("headers", "told"),
    [
        # DNS rebinding: its own page, in its own eyes, at a name that leads here.
        ([("Host", "evil.example:8000"), ("Origin", "http://evil.example:8000")], "the name localhost"),
        ([("Host", "evil.example"), ("Sec-Fetch-Site", "same-origin")], "the name localhost"),
        ([("Host", "127.0.0.1.evil.example"), ("Sec-Fetch-Site", "same-origin")], "the name localhost"),
        ([("Host", "192.168.1.5:8000"), ("Sec-Fetch-Site", "same-origin")], "the name localhost"),
        ([("Sec-Fetch-Site", "same-origin")], "the name localhost"),
        ([("Host", "localhost:8000"), ("Origin", "http://evil.example")], "a page elsewhere"),
        ([("Host", "localhost:8000"), ("Origin", "http://localhost:3000")], "a page elsewhere"),
        ([("Host", "localhost:8000"), ("Origin", "https://localhost:8000")], "a page elsewhere"),
        ([("Host", "localhost:8000"), ("Origin", "null")], "a page elsewhere"),
        ([("Host", "localhost:8000"), ("Origin", "")], "a page elsewhere"),
        ([("Host", "localhost:8000"), ("Sec-Fetch-Site", "cross-site")], "a page elsewhere"),
        ([("Host", "localhost:8000"), ("Sec-Fetch-Site", "same-site")], "a page elsewhere"),
        (
            [
                ("Host", "localhost"),
                ("Sec-Fetch-Site", "cross-site"),
                ("Origin", "http://localhost"),
            ],
            "a page elsewhere",
        ),
        (
            [
                ("Host", "localhost"),
                ("Origin", "http://localhost"),
                ("Origin", "http://evil.example"),
            ],
            "a page elsewhere",
        ),
    ],
)
def test_a_page_elsewhere_may_not(headers: list[tuple[str, str]], told: str) -> None:
    assert told in (why_foreign(scope(*headers)) or "")


@pytest.mark.parametrize(
    ("server", "client"),
    [
        (("192.168.1.5", 8000), ("127.0.0.1", 5)),
        (("127.0.0.1", 8000), ("203.0.113.9", 0)),  # a proxy on this machine, and whom it speaks for
        (("/run/newsfold.sock", None), ("127.0.0.1", 5)),
        (None, ("127.0.0.1", 5)),
        (("127.0.0.1", 8000), None),
    ],
)
def test_what_comes_in_over_the_network_may_not(server: object, client: object) -> None:
    told = why_foreign(scope(("Host", "localhost"), server=server, client=client))
    assert "from the machine itself" in (told or "")


class Connection:
    """A client that sends so many messages, and notes what it is answered."""

    def __init__(self, messages: Sequence[Message]) -> None:
        self.left = list(messages)
        self.status: int | None = None
        self.reached: bytes | None = None

    async def receive(self) -> Message:
        return self.left.pop(0) if self.left else {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]

    async def site(self, _scope: Scope, receive: object, _send: object) -> None:
        self.reached = b""
        while (message := await receive())["type"] == "http.request":  # type: ignore[operator]
            self.reached += message["body"]

    def through(self, *headers: tuple[str, str], method: str = "POST") -> "Connection":
        given = scope(("Host", "localhost"), *headers, method=method)
        with ThreadPoolExecutor(1) as pool:  # another test's browser may keep a loop running in this thread
            pool.submit(
                asyncio.run, Changes(self.site, max_upload_bytes=1024)(given, self.receive, self.send)
            ).result()
        return self


def pieces(*sizes: int, ends: bool = True) -> list[Message]:
    last = len(sizes) - 1
    return [
        {"type": "http.request", "body": b"x" * size, "more_body": nth < last or not ends}
        for nth, size in enumerate(sizes)
    ]


def test_a_body_of_64_kib_reaches_the_site_whole_and_one_more_byte_does_not() -> None:
    fits = Connection(pieces(1000, 0, 64 * 1024 - 1000)).through()
    assert fits.reached == b"x" * 64 * 1024
    large = Connection(pieces(1000, 0, 64 * 1024 - 999)).through()
    assert (large.status, large.reached) == (413, None)


def test_an_endless_body_is_read_no_further_than_the_bound() -> None:
    endless = Connection(pieces(*[10_000] * 50, ends=False)).through()
    assert (endless.status, endless.reached, len(endless.left)) == (413, None, 43)


def test_a_body_that_says_it_is_too_large_is_not_read_at_all() -> None:
    announced = Connection(pieces(10)).through(("Content-Length", "65537"))
    assert (announced.status, announced.reached, len(announced.left)) == (413, None, 1)


def test_half_a_body_changes_nothing() -> None:
    broken = Connection(pieces(100, ends=False)).through()
    assert (broken.status, broken.reached) == (None, None)


def test_what_only_reads_passes_wherever_it_comes_from() -> None:
    for method in ("GET", "HEAD", "OPTIONS"):
        assert Connection([]).through(("Origin", "http://evil.example"), method=method).reached == b""
