"""How answers leave: at once.

Law: an answer is written in two pieces, head and body. Where the kernel holds the second back until the first is
acknowledged (Nagle's algorithm), and browsers acknowledge late, each takes 40 ms more.
"""

import asyncio
import socket

from uvicorn.protocols.http.h11_impl import H11Protocol


class PromptProtocol(H11Protocol):
    """HTTP/1.1 as uvicorn speaks it. asyncio keeps the kernel from holding back, but not on a socket that several
    processes share (``--workers``)."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's own
        """Begin to serve a connection."""
        connection: socket.socket = transport.get_extra_info("socket")
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        super().connection_made(transport)
