"""The second gate: which requests may change something, and how much they may bring.

Law: until there are users and tokens, a change is made only from this machine, and by a browser only from our own
pages. A page elsewhere can make a browser send anything here; it cannot hide where that came from.
"""

from ipaddress import ip_address

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import TooLargeError
from app.shapes import API
from app.web.guard import host_name
from app.web.problems import FOREIGN, TOO_LARGE, Problem, answer

_READS = frozenset({"GET", "HEAD", "OPTIONS"})
# What brings whole files, as they are sent and not to memory.
UPLOADS = frozenset({f"{API}/deliveries", "/deliveries"})
# What is too long for an address, and changes nothing: questions.
_QUESTIONS = frozenset({f"{API}/similar", "/similar"})
_MOST_BYTES = 64 * 1024
_MOST_OF = {  # by path, where it is not that
    f"{API}/articles": 4 * 1024 * 1024,
    f"{API}/feeds/import": 4 * 1024 * 1024,
    **dict.fromkeys(_QUESTIONS, 256 * 1024),
}


class Changes:
    """Lets requests through that only read; refuses others that come from elsewhere (403) or are too large (413)."""

    def __init__(self, app: ASGIApp, *, max_upload_bytes: int) -> None:
        self.app = app
        self._max_upload_bytes = max_upload_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in _READS:
            await self.app(scope, receive, send)
            return
        request = Request(scope, receive)
        refusal = None if scope["path"] in _QUESTIONS else why_foreign(scope)
        if refusal is not None:
            await answer(request, Problem(kind=FOREIGN, detail=refusal))(scope, receive, send)
            return
        if scope["path"] in UPLOADS:
            await self._upload(scope, receive, send)
            return
        try:
            most = _MOST_OF.get(scope["path"], _MOST_BYTES)
            body = await _whole(request, most)
        except ClientDisconnect:  # half a body is none, however well it reads
            return
        if body is None:
            told = f"Send at most {most // 1024:,} KiB."
            await answer(request, Problem(kind=TOO_LARGE, detail=told))(scope, receive, send)
        else:
            await self.app(scope, _replayed(body, receive), send)

    async def _upload(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a body through as it comes, and refuse it as soon as it is too large."""
        most = self._max_upload_bytes
        told = f"Send at most {most // (1024 * 1024):,} MiB at once, or raise NEWSFOLD_MAX_UPLOAD_MB."
        request = Request(scope)
        if _announces_more(request, most):
            await answer(request, Problem(kind=TOO_LARGE, detail=told))(scope, receive, send)
            return
        came = 0

        async def counted() -> Message:
            nonlocal came
            message = await receive()
            came += len(message.get("body", b""))
            if came > most:
                raise TooLargeError(told)
            return message

        await self.app(scope, counted, send)


def why_foreign(scope: Scope) -> str | None:
    """Return why a request may not change anything, or None where it may."""
    ends = (scope.get("server"), scope.get("client"))  # the client that a proxy names is the one that counts
    if not all(end and _is_loopback(end[0]) for end in ends):
        return "Changes are made from the machine itself: use http://127.0.0.1, or the command line there."
    headers = Headers(scope=scope)
    origins, sites = headers.getlist("origin"), headers.getlist("sec-fetch-site")
    if not origins and not sites:
        return None  # no browser: a program on this machine can do what its user can
    host = headers.get("host", "")
    if not _is_loopback(host_name(host)):
        return "Changes are made under the name localhost or 127.0.0.1. Open the page there."
    own = f"{scope['scheme']}://{host}"
    if not {*sites} <= {"same-origin", "none"} or not {*origins} <= {own}:
        return "This came from a page elsewhere. Open the page of this archive and decide there."
    return None


def _is_loopback(name: str) -> bool:
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"


def _announces_more(request: Request, most: int) -> bool:
    announced = request.headers.get("content-length", "")
    return announced.isdecimal() and int(announced) > most


async def _whole(request: Request, most: int) -> bytes | None:
    """Return the whole body, or None as soon as it is too large."""
    if _announces_more(request, most):
        return None
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            return None
    return bytes(body)


def _replayed(body: bytes, receive: Receive) -> Receive:
    """Give a body that has been read once more; after it, whatever comes."""
    left: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return left.pop() if left else await receive()

    return again
