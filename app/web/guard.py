"""The gate of the site: which host names it answers to, and that every answer carries the safe headers."""

import re
from collections.abc import Collection
from ipaddress import ip_address

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.web.headers import SAFE
from app.web.problems import WRONG_HOST, answer

_HOST = re.compile(r"(?P<name>\[[0-9A-Fa-f:.]+\]|[^][:/@\s]+)(?::\d*)?")


class Guard:
    """Refuses foreign host names, answers HEAD as GET without its body, and adds the safe headers to every answer.

    A page on another site can have its own name resolve to this machine and then read everything here as if it were
    its own (DNS rebinding), but the name it goes by is still in the Host header. An address in numbers cannot be
    bound anew, so it is always let in, and so is ``localhost``. ``hosts`` are further names; ``*`` lets in all.
    """

    def __init__(self, app: ASGIApp, *, hosts: Collection[str] = ()) -> None:
        self.app = app
        self.hosts = frozenset(host_name(host) for host in hosts) | {"localhost"}

    def admits(self, host: str) -> bool:
        """Whether ``host``, the value of a Host header, names this server."""
        name = host_name(host)
        return name in self.hosts or "*" in self.hosts or _is_address(name)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        head = scope["method"] == "HEAD"

        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SAFE.items():
                    headers.setdefault(name, value)
            elif head:
                message["body"] = b""
            await send(message)

        known = self.admits(Headers(scope=scope).get("host", ""))
        app = self.app if known else answer(Request(scope), WRONG_HOST)
        await app({**scope, "method": "GET"} if head else scope, receive, send_safely)


def host_name(host: str) -> str:
    """Return the name in a Host header, without port and brackets, in lower case; nothing where it is malformed."""
    parts = _HOST.fullmatch(host)
    return parts["name"].strip("[]").casefold().rstrip(".") if parts else ""


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
