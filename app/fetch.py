"""Fetching what stands on the web: the only place that opens a connection to anywhere.

Law: a request reaches no address that is not public. The name is resolved here, every address it has is judged, and the
connection goes to the one that was judged, so that no later answer of the name service counts; redirects begin anew.
Size, time and the number of redirects are bounded, and a host is asked no more often than every two seconds.
"""

import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from http.client import HTTPException
from importlib.metadata import version
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import SplitResult, quote, urljoin, urlsplit, urlunsplit
from urllib.robotparser import RobotFileParser

from urllib3 import HTTPResponse
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError
from urllib3.exceptions import TimeoutError as TimeoutHTTPError

AGENT = f"Newsfold/{version('newsfold')}"
_MOST_REDIRECTS = 5
_CONNECT_S, _READ_S, _WHOLE_S = 10.0, 20.0, 60.0
_TOO_SLOW = f"It takes longer than {_WHOLE_S:.0f} seconds. Try again later."
_BETWEEN_S = 2.0
_STEP = 64 * 1024
_ROBOTS_BYTES = 512 * 1024
_ROBOTS_FOR_S = 3600.0
_WRITTEN = "%/:=&?~+!$,;'@()*[]|"  # what stands in an address as it is (RFC 3986), besides letters and digits
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
# What may pass: nobody answers in time. A name that is not known, or a wrong certificate, stays so.
_PASSING = (TimeoutError, TimeoutHTTPError, ConnectionError)
_LATER = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.REQUEST_TIMEOUT})
_LONGEST_WAIT = timedelta(days=1)
# All of the new internet that is public; and addresses of the old one in it: what they stand for is what counts.
_PUBLIC = ip_network("2000::/3")
_NAT64 = ip_network("64:ff9b::/96")
_KEPT_HEADERS = ("Content-Type", "Last-Modified", "ETag", "Date")

Address = IPv4Address | IPv6Address


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What a server answered: at last from ``url``, with a body only where the status is 200."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    at: datetime
    retry_after: timedelta | None = None

    def as_record(self) -> bytes:
        """Return the answer as one WARC record, as which it is kept and read."""
        headers = "".join(f"{name}: {value}\r\n" for name, value in self.headers.items())
        block = f"HTTP/1.1 {self.status}\r\n{headers}\r\n".encode("utf-8", "replace") + self.body
        head = (
            f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {self.url}\r\n"
            f"WARC-Date: {self.at:%Y-%m-%dT%H:%M:%SZ}\r\n"
            f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(block)}\r\n\r\n"
        )
        return head.encode() + block + b"\r\n\r\n"

    @property
    def for_now(self) -> bool:
        """Whether another answer may come at another time."""
        return self.status >= HTTPStatus.INTERNAL_SERVER_ERROR or self.status in _LATER


@dataclass(frozen=True, slots=True, kw_only=True)
class NotFetched:
    """Why something cannot be had, and what to do; ``for_now`` where it may be had another time."""

    url: str
    reason: str
    for_now: bool = False


def is_public(address: Address) -> bool:
    """Return whether an address is one of the public internet, also behind the forms that hold an older address."""
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
        if inner is None and address in _NAT64:
            inner = IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
        if address not in _PUBLIC:
            return False
    return address.is_global and not address.is_multicast


class Fetcher:
    """Fetches addresses. Safe to use from several threads."""

    def __init__(
        self,
        *,
        max_bytes: int,
        admits: Callable[[Address], bool] = is_public,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        between_s: float = _BETWEEN_S,
    ) -> None:
        """``admits`` says which addresses may be reached: public ones."""
        self._max_bytes = max_bytes
        self._admits = admits
        self._clock = clock
        self._between_s = between_s
        self._turns: dict[str, float] = {}  # by host: when it may be asked next
        self._robots: dict[str, tuple[float, RobotFileParser]] = {}
        self._lock = threading.Lock()

    def fetch(
        self, url: str, *, headers: Mapping[str, str] | None = None, robots: bool = False
    ) -> Fetched | NotFetched:
        """Return the answer to a GET, after redirects; with ``robots``, only where the site lets robots in."""
        try:
            for _ in range(_MOST_REDIRECTS + 1):
                if robots and not self._lets_in(url):
                    return NotFetched(url=url, reason="Its robots.txt keeps programs out. Fetch it by hand.")
                answer = self._get(url, headers or {}, self._max_bytes)
                if answer.status not in _REDIRECTS:
                    return answer
                url = urljoin(url, answer.headers.get("Location", ""))
        except _RefusedError as error:
            return NotFetched(url=url, reason=str(error), for_now=str(error) == _TOO_SLOW)
        except (HTTPError, HTTPException, OSError, ValueError) as error:
            reason = f"It cannot be reached: {_told(error)}. Try again later."
            return NotFetched(url=url, reason=reason, for_now=isinstance(error, _PASSING))
        return NotFetched(
            url=url, reason=f"It leads on more than {_MOST_REDIRECTS} times. Give the last address."
        )

    def _get(self, url: str, headers: Mapping[str, str], most: int) -> Fetched:
        parts = _checked(url)
        own = {"Host": parts.netloc, "User-Agent": AGENT, "Accept-Encoding": "gzip"}
        self._wait_turn(parts.hostname or "")
        until = time.monotonic() + _WHOLE_S
        connection = self._connection(parts)
        try:
            connection.connect()
            connection.timeout = _READ_S  # which every step from now on takes over
            with _cut_off_after(_WHOLE_S, connection):
                target = quote(urlunsplit(("", "", parts.path or "/", parts.query, "")), safe=_WRITTEN)
                connection.request("GET", target, headers={**own, **headers}, preload_content=False)
                answer = connection.getresponse()
                body = _whole(answer, most) if answer.status == HTTPStatus.OK else b""
        except (HTTPError, HTTPException, OSError, ValueError):
            if time.monotonic() > until:
                raise _RefusedError(_TOO_SLOW) from None
            raise
        finally:
            connection.close()
        if time.monotonic() > until:
            raise _RefusedError(_TOO_SLOW)
        wanted = (*_KEPT_HEADERS, "Location", "Retry-After")
        told = {name: answer.headers[name] for name in wanted if name in answer.headers}
        at = self._clock()
        return Fetched(
            url=url, status=answer.status, headers=told, body=body, at=at, retry_after=_retry_after(told, at)
        )

    def _connection(self, parts: SplitResult) -> HTTPConnection:
        """Return a connection to the first address of a host, all of which are judged, not opened yet."""
        host = parts.hostname or ""
        port = parts.port or (443 if parts.scheme == "https" else 80)
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        addresses = [ip_address(str(each[4][0]).partition("%")[0]) for each in found]
        if not addresses or not all(map(self._admits, addresses)):
            raise _RefusedError(
                f"{host} is no address of the public internet, and is not fetched. Name another."
            )
        connection = HTTPConnection(str(addresses[0]), port, timeout=_CONNECT_S)
        if parts.scheme == "https":
            connection = HTTPSConnection(
                str(addresses[0]),
                port,
                timeout=_CONNECT_S,
                server_hostname=host,
                assert_hostname=host,
                cert_reqs="CERT_REQUIRED",
            )
        return connection

    def _wait_turn(self, host: str) -> None:
        with self._lock:
            now = time.monotonic()
            turn = max(now, self._turns.get(host, 0.0))
            self._turns = {each: at for each, at in self._turns.items() if at > now}
            self._turns[host] = turn + self._between_s
        time.sleep(turn - now)

    def _lets_in(self, url: str) -> bool:
        """Return whether the robots.txt of a site lets us fetch an address; one that cannot be had lets in."""
        parts = _checked(url)
        site = f"{parts.scheme}://{parts.netloc}"
        known = self._robots.get(site)
        if known is None or known[0] < time.monotonic():
            known = (time.monotonic() + _ROBOTS_FOR_S, self._read_robots(f"{site}/robots.txt"))
            self._robots[site] = known
        return known[1].can_fetch(AGENT, url)

    def _read_robots(self, url: str) -> RobotFileParser:
        parser = RobotFileParser()
        try:
            answer = self._get(url, {}, _ROBOTS_BYTES)
            parser.parse(answer.body.decode("utf-8", "replace").splitlines())
        except (_RefusedError, HTTPError, HTTPException, OSError, ValueError):
            parser.parse([])
        return parser


class _RefusedError(Exception):
    """An address is not fetched; the message says why."""


def _checked(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        raise _RefusedError("It is no address of a page. Write it as https://example.org/page.") from error
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise _RefusedError(
            "Only http and https addresses are fetched. Write it as https://example.org/page."
        )
    if parts.username or parts.password:
        raise _RefusedError("The address holds a name and password, which are not sent. Leave them out.")
    return parts


@contextmanager
def _cut_off_after(seconds: float, connection: HTTPConnection) -> Iterator[None]:
    """Shut a connection after some time, whatever it is waiting for: a server that sends a byte now and then keeps
    within every limit of a single step."""
    timer = threading.Timer(seconds, _shut, [connection.sock])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _shut(opened: socket.socket) -> None:
    with suppress(OSError):
        opened.shutdown(socket.SHUT_RDWR)


def _whole(answer: HTTPResponse, most: int) -> bytes:
    """Return the body of an answer; raise when it is too large."""
    body = bytearray()
    while chunk := answer.read(_STEP, decode_content=True):
        body += chunk
        if len(body) > most:
            raise _RefusedError(f"It is larger than {most // (1024 * 1024)} MiB. Raise NEWSFOLD_MAX_FILE_MB.")
    return bytes(body)


def _retry_after(headers: Mapping[str, str], at: datetime) -> timedelta | None:
    """Return how long a server wants to be left alone, at most a day."""
    told = headers.get("Retry-After", "").strip()
    if told.isdecimal():
        return min(timedelta(seconds=min(int(told), 10**6)), _LONGEST_WAIT)
    try:
        until = parsedate_to_datetime(told)
        return min(max(until - at, timedelta()), _LONGEST_WAIT)
    except (ValueError, TypeError):
        return None


def _told(error: Exception) -> str:
    return " ".join(str(error).split()).rstrip(".")[:200] or type(error).__name__
