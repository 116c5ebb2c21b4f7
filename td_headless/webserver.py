"""A Web Server DAT's listening half: aiohttp in a thread of its own, which hands every request to the main thread."""

from __future__ import annotations

import asyncio
import queue
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from td_headless.http_exchange import WireRequest, WireResponse

_HEADER_LIMIT = 1 << 20
"""Bytes of one header line that are let through; TouchDesigner's own limit is not documented."""
_STOP_SECONDS = 5.0
_FLUSH_SECONDS = 2.0
"""How long a stopping server goes on writing responses that were given; requests without one are dropped at once."""


@dataclass(frozen=True, slots=True)
class Pending:
    """A request that waits for the main thread.

    Attributes:
        dat: the Web Server DAT it came to.
        request: what came in.
        answer: hands the response back to the waiting connection; may be called from any thread, once.
    """

    dat: Any
    request: WireRequest
    answer: Callable[[WireResponse], None]


class HttpServer:
    """One listening socket. Started and stopped on the main thread."""

    def __init__(self, dat: Any, host: str, port: int, inbox: queue.SimpleQueue[Pending | None]) -> None:
        """Bind and begin to serve.

        Args:
            dat: the Web Server DAT.
            host: address to bind.
            port: TCP port; 0 lets the system pick one.
            inbox: where requests are put for the main thread.

        Raises:
            OSError: the address cannot be bound.
        """
        self._dat = dat
        self._inbox = inbox
        self._loop = asyncio.new_event_loop()
        self._socket = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
        name = self._socket.getsockname()
        self.address: tuple[str, int] = (name[0], name[1])
        self._stopping: asyncio.Event | None = None
        self._waiting: set[asyncio.Future[WireResponse]] = set()
        ready = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(ready,), name=f"http {dat.path}", daemon=True)
        self._thread.start()
        ready.wait()

    def stop(self) -> None:
        """Close the socket and every connection, and wait for the thread to end."""
        stopping = self._stopping
        assert stopping is not None
        self._loop.call_soon_threadsafe(stopping.set)
        self._thread.join(_STOP_SECONDS)

    def _run(self, ready: threading.Event) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_until_complete(self._serve(ready))
        finally:
            self._loop.close()

    async def _serve(self, ready: threading.Event) -> None:
        self._stopping = asyncio.Event()
        server = web.Server(
            self._handle,
            access_log=None,
            max_line_size=_HEADER_LIMIT,
            max_field_size=_HEADER_LIMIT,
            lingering_time=0,
            auto_decompress=False,
        )
        runner = web.ServerRunner(server, handle_signals=False, shutdown_timeout=_FLUSH_SECONDS)
        await runner.setup()
        await web.SockSite(runner, self._socket).start()
        ready.set()
        await self._stopping.wait()
        for future in self._waiting:
            future.cancel()
        await runner.cleanup()

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        if request.headers.get("Upgrade", "").lower() == "websocket":
            return web.Response(status=501, reason="Not Implemented", text="td_headless does not implement WebSocket")
        if request.headers.get("Expect", "").lower() == "100-continue":
            await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        # Read from the stream: BaseRequest.read() has a size limit, the Web Server DAT has none.
        body = await request.content.read()
        peer, local = (request.transport.get_extra_info(name) for name in ("peername", "sockname"))  # type: ignore[union-attr]
        wire = WireRequest(request.method, request.raw_path, tuple(request.raw_headers), body, peer[0], local[0])
        future: asyncio.Future[WireResponse] = self._loop.create_future()

        def answer(response: WireResponse) -> None:
            # The loop may have ended: then nobody waits for the response any more.
            if not self._loop.is_closed():
                self._loop.call_soon_threadsafe(lambda: None if future.done() else future.set_result(response))

        self._inbox.put(Pending(self._dat, wire, answer))
        self._waiting.add(future)
        try:
            response = await future
        finally:
            self._waiting.discard(future)
        reply = web.Response(status=response.status, reason=response.reason, body=response.body)
        for name, value in response.headers:
            reply.headers[name] = value
        return reply
