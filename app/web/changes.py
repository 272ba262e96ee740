"""The second gate: which requests may change something, and how much they may bring.

Law: until there are users and tokens, a change is made only from this machine, and by a browser only from our own
pages. A page elsewhere can make a browser send anything here; it cannot hide where that came from.
"""

from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.web.problems import FOREIGN, TOO_LARGE, Kind, Problem, answer

_READS = frozenset({"GET", "HEAD", "OPTIONS"})
_MOST_BYTES = 64 * 1024


class Changes:
    """Lets requests through that only read; refuses others that come from elsewhere (403) or are too large (413)."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in _READS:
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        refusal = why_foreign(scope, request.headers)
        body = await _whole(receive) if refusal is None else b""
        if refusal is not None:
            await answer(request, _problem(FOREIGN, refusal))(scope, receive, send)
        elif body is None:
            told = f"Send at most {_MOST_BYTES // 1024} KiB."
            await answer(request, _problem(TOO_LARGE, told))(scope, receive, send)
        else:
            await self.app(scope, _replayed(body, receive), send)


def _problem(kind: Kind, detail: str) -> Problem:
    return Problem(kind=kind, detail=detail)


def why_foreign(scope: Scope, headers: Headers) -> str | None:
    """Return why a request may not change anything, or None where it may."""
    server = scope.get("server")
    if not (server and _is_loopback(server[0])):
        return "Changes are made from the machine itself: use http://127.0.0.1, or the command line there."
    origin, site = headers.get("origin"), headers.get("sec-fetch-site")
    if origin is None and site is None:
        return None  # no browser: a program on this machine can do what its user can
    host = headers.get("host", "")
    if not _is_loopback(urlsplit(f"//{host}").hostname or ""):
        return "Changes are made under the name localhost or 127.0.0.1. Open the page there."
    if site not in (None, "same-origin", "none") or origin not in (None, f"{scope['scheme']}://{host}"):
        return "This came from a page elsewhere. Open the page of this archive and decide there."
    return None


def _is_loopback(name: str) -> bool:
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return name.casefold().rstrip(".") == "localhost"


async def _whole(receive: Receive) -> bytes | None:
    """Return the whole body, or None as soon as it is too large."""
    body = b""
    while True:
        message = await receive()
        body += bytes(message.get("body", b""))
        if len(body) > _MOST_BYTES:
            return None
        if not message.get("more_body"):
            return body


def _replayed(body: bytes, receive: Receive) -> Receive:
    """Give a body that has been read once more; after it, whatever comes."""
    left: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return left.pop() if left else await receive()

    return again
