"""Fetching: only what is public, no more than is wanted, and not for ever."""

import gzip
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from ipaddress import ip_address

import pytest

from app.fetch import Fetched, Fetcher, NotFetched, is_public
from app.intake import Reading, read
from tests.unit.test_intake_page import page
from tests.web_servers import Answers, answering

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.fixture
def web() -> Iterator[Answers]:
    with answering() as answers:
        yield answers


@pytest.fixture
def fetcher() -> Fetcher:
    """One that may reach this machine."""
    return Fetcher(max_bytes=10_000, admits=lambda _: True, clock=lambda: NOW, between_s=0)


def refused(url: str, fetcher: Fetcher | None = None) -> str:
    found = (fetcher or Fetcher(max_bytes=1000, between_s=0)).fetch(url)
    assert isinstance(found, NotFetched), found
    return found.reason


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.8.8", "10.0.0.1", "192.168.1.1", "172.16.0.1", "169.254.169.254", "0.0.0.1",
        "100.64.0.1", "224.0.0.1",
        "255.255.255.255", "::1", "::", "fe80::1", "fc00::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::",
        "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "ff02::1", "fec0::1", "::127.0.0.1",
        "64:ff9b:1::7f00:1", "::ffff:0:7f00:1", "2001:db8::1", "5f00::1",
    ],
)  # fmt: skip
def test_what_is_not_public_is_told_by_every_form(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize(
    "address", ["93.184.216.34", "2606:2800:220:1::1", "::ffff:93.184.216.34", "64:ff9b::5db8:d822"]
)
def test_what_is_public_is_reached(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/", "http://localhost/", "http://2130706433/", "http://0x7f.1/", "http://0177.0.0.1/", "http://127.1/",
        "http://[::1]/", "http://[::ffff:127.0.0.1]/", "http://169.254.169.254/latest/meta-data/", "http://0/",
    ],
)  # fmt: skip
def test_no_spelling_of_this_machine_is_fetched(url: str) -> None:
    assert "no address of the public internet" in refused(url)


def test_a_name_with_one_private_address_is_not_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [(2, 1, 6, "", (address, 80)) for address in ("93.184.216.34", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    assert "no address of the public internet" in refused("http://rebound.example/")


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("file:///etc/passwd", "Only http and https"),
        ("ftp://example.org/", "Only http and https"),
        ("gopher://127.0.0.1/", "Only http and https"),
        ("https://", "Only http and https"),
        ("https://a:b@example.org/", "name and password"),
        ("http://example.org:99999/", "no address of a page"),
        ("http://[::1", "no address of a page"),
    ],
)
def test_what_is_no_web_address_is_told(url: str, told: str) -> None:
    assert told in refused(url)


def test_a_redirect_is_judged_anew(web: Answers) -> None:
    def only_here_once(address: object) -> bool:
        judged.append(str(address))
        return len(judged) == 1

    judged: list[str] = []
    web.set("/", status=302, Location=f"{web.base}/secret")
    web.set("/secret", "the keys")
    reason = refused(f"{web.base}/", Fetcher(max_bytes=1000, admits=only_here_once, between_s=0))
    assert "no address of the public internet" in reason
    assert web.paths == ["/"]


def test_redirects_are_followed_five_times(web: Answers, fetcher: Fetcher) -> None:
    for n in range(9):
        web.set(f"/{n}", status=301, Location=f"/{n + 1}")
    web.set("/9", "the end")
    found = fetcher.fetch(f"{web.base}/4")
    assert isinstance(found, Fetched)
    assert (found.url, found.body) == (f"{web.base}/9", b"the end")
    assert "5 times" in refused(f"{web.base}/3", fetcher)


@pytest.mark.parametrize("location", ["", "file:///etc/passwd", "http://[", "//"])
def test_a_redirect_to_nowhere_is_told(web: Answers, fetcher: Fetcher, location: str) -> None:
    web.set("/", status=302, Location=location)
    assert refused(f"{web.base}/", fetcher)


def test_no_more_is_read_than_the_limit_also_unpacked(web: Answers, fetcher: Fetcher) -> None:
    web.set("/large", bytes(10_001))
    web.set("/bomb", gzip.compress(bytes(50_000_000)), Content_Encoding="gzip")
    for path in ("/large", "/bomb"):
        assert "NEWSFOLD_MAX_FILE_MB" in refused(f"{web.base}{path}", fetcher)


@pytest.mark.parametrize(
    "beginning",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX-Slow: ",
        b"",
    ],
)
def test_a_server_that_sends_a_little_now_and_then_is_given_up(
    fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch, beginning: bytes
) -> None:
    monkeypatch.setattr("app.fetch._WHOLE_S", 0.5)
    with dripping(beginning) as url:
        began = time.monotonic()
        assert "takes longer" in refused(url, fetcher)
        assert time.monotonic() - began < 5


@contextmanager
def dripping(beginning: bytes) -> Iterator[str]:
    """Serve an answer that begins so and then goes on with a byte every tenth of a second, for ever."""

    def serve() -> None:
        opened, _ = listening.accept()
        with opened, suppress(OSError):
            opened.sendall(beginning)
            while not done.wait(0.1):
                opened.sendall(b"1\r\n1\r\n" if b"chunked" in beginning else b"x")

    done = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/"
        done.set()
        thread.join(5)


def test_what_cannot_be_reached_is_told(fetcher: Fetcher) -> None:
    assert "cannot be reached" in refused("http://127.0.0.1:1/", fetcher)


def test_a_server_says_when_to_come_back(web: Answers, fetcher: Fetcher) -> None:
    web.set("/seconds", status=429, Retry_After="120")
    web.set("/date", status=503, Retry_After="Mon, 23 Nov 2026 13:00:00 GMT")
    web.set("/long", status=503, Retry_After="99999999999")
    web.set("/odd", status=503, Retry_After="soon")
    waits = [fetcher.fetch(f"{web.base}{path}") for path in ("/seconds", "/date", "/long", "/odd")]
    assert [isinstance(each, Fetched) and each.retry_after for each in waits] == [
        timedelta(seconds=120), timedelta(hours=1), timedelta(days=1), None,
    ]  # fmt: skip


def test_robots_are_asked_where_it_is_wanted(web: Answers, fetcher: Fetcher) -> None:
    web.set("/robots.txt", "User-agent: *\nDisallow: /private\n")
    web.set("/private/x", "kept")
    found = fetcher.fetch(f"{web.base}/private/x", robots=True)
    assert isinstance(found, NotFetched)
    assert "robots.txt" in found.reason
    assert isinstance(fetcher.fetch(f"{web.base}/private/x"), Fetched)
    assert isinstance(fetcher.fetch(f"{web.base}/open", robots=True), Fetched)
    assert [path for path, _ in web.asked].count("/robots.txt") == 1


def test_a_host_is_not_hurried(web: Answers, monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr("time.sleep", slept.append)
    fetcher = Fetcher(max_bytes=1000, admits=lambda _: True, between_s=2)
    for _ in range(3):
        fetcher.fetch(f"{web.base}/")
    assert slept[0] == 0
    assert 1 < slept[1] <= 2
    assert 3 < slept[2] <= 4


def test_an_answer_is_kept_and_read_as_a_record(web: Answers, fetcher: Fetcher) -> None:
    web.set("/bridge", page(), Content_Type="text/html; charset=utf-8")
    found = fetcher.fetch(f"{web.base}/bridge")
    assert isinstance(found, Fetched)
    record = found.as_record()
    reading = read(record, today=date(2026, 11, 23))
    assert isinstance(reading, Reading)
    assert reading.drafts[0].headline == "Council agrees to rebuild bridge"
    assert reading.drafts[0].url == f"{web.base}/bridge"
    assert page() in record


def test_addresses_are_sent_as_they_have_to_be_written(web: Answers, fetcher: Fetcher) -> None:
    web.set("/r%C3%A9sum%C3%A9%20a?q=%C3%A4", "found")
    web.set("/", status=302, Location="/r\u00e9sum\u00e9 a?q=%C3%A4".encode().decode("latin-1"))
    found = fetcher.fetch(f"{web.base}/r\u00e9sum\u00e9 a?q=\u00e4")
    assert isinstance(found, Fetched)
    assert found.status == 200
    assert isinstance(fetcher.fetch(f"{web.base}/a%20b|c;d"), Fetched)


def test_robots_that_are_too_large_let_in(
    web: Answers, fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.fetch._ROBOTS_BYTES", 10)
    web.set("/robots.txt", "User-agent: *\nDisallow: /\n")
    web.set("/page", "found")
    assert isinstance(fetcher.fetch(f"{web.base}/page", robots=True), Fetched)


def test_what_may_pass_is_told_from_what_stays(fetcher: Fetcher) -> None:
    def for_now(url: str) -> bool:
        found = fetcher.fetch(url)
        assert isinstance(found, NotFetched), found
        return found.for_now

    assert for_now("http://127.0.0.1:1/")
    assert not for_now("ftp://a.example/")
    assert not for_now("http://[::1")
