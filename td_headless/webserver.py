"""A Web Server DAT's listening half: aiohttp in a thread of its own, which hands what comes in to the main thread."""

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
from td_headless.websocket import Connection

_HEADER_LIMIT = 1 << 20
"""Bytes of one header line that are let through; TouchDesigner's own limit is not documented."""
_STOP_SECONDS = 5.0
_FLUSH_SECONDS = 2.0
"""How long a stopping server goes on writing responses that were given; requests without one are dropped at once."""
_GOODBYE_SECONDS = 0.5
"""The same for the WebSocket connections of a stopping server."""
_CONNECTIONS = 512
"""WebSocket connections at one time, counting those whose end the main thread has not seen; further ones get a 503."""


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


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that happened on a WebSocket connection, for the main thread.

    Attributes:
        server: where.
        connection: which.
        callback: the function of the callbacks DAT that learns of it.
        arguments: what it gets after the Web Server DAT and the client.
        seen: to be called once it has been dealt with; may be called from any thread.
    """

    server: HttpServer
    connection: Connection
    callback: str
    arguments: tuple[Any, ...]
    seen: Callable[[], None]


Inbox = queue.SimpleQueue[Pending | Notice | None]


class HttpServer:
    """One listening socket, for HTTP and WebSocket. Started and stopped on the main thread.

    Attributes:
        dat: the Web Server DAT.
        address: the address and port it listens on.
    """

    def __init__(self, dat: Any, host: str, port: int, inbox: Inbox) -> None:
        """Bind and begin to serve.

        Args:
            dat: the Web Server DAT.
            host: address to bind.
            port: TCP port; 0 lets the system pick one.
            inbox: where requests and notices are put for the main thread.

        Raises:
            OSError: the address cannot be bound.
        """
        self.dat = dat
        self._inbox = inbox
        self._loop = asyncio.new_event_loop()
        self._socket = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
        name = self._socket.getsockname()
        self.address: tuple[str, int] = (name[0], name[1])
        self._stopping: asyncio.Event | None = None
        self._waiting: set[asyncio.Future[WireResponse]] = set()
        self._connections: dict[Connection, asyncio.Task[Any] | None] = {}
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

    def forget(self, connection: Connection) -> None:
        """Make room for another connection: the end of this one has been seen."""
        self._connections.pop(connection, None)

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
        for connection in self._connections:
            connection.finish(_GOODBYE_SECONDS)
        if tasks := [task for task in self._connections.values() if task is not None and not task.done()]:
            await asyncio.wait(tasks, timeout=2 * _GOODBYE_SECONDS)
        await runner.cleanup()

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        if request.headers.get("Upgrade", "").lower() == "websocket":
            return await self._handle_websocket(request)
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

        self._inbox.put(Pending(self.dat, wire, answer))
        self._waiting.add(future)
        try:
            response = await future
        finally:
            self._waiting.discard(future)
        reply = web.Response(status=response.status, reason=response.reason, body=response.body)
        for name, value in response.headers:
            reply.headers[name] = value
        return reply

    async def _handle_websocket(self, request: web.BaseRequest) -> web.StreamResponse:
        assert self._stopping is not None
        if len(self._connections) >= _CONNECTIONS or self._stopping.is_set():
            return web.Response(status=503, reason="Service Unavailable")
        connection = Connection(request, self._report)
        await connection.shake_hands()
        self._connections[connection] = asyncio.current_task()
        return await connection.serve()

    def _report(
        self, connection: Connection, callback: str, arguments: tuple[Any, ...], seen: Callable[[], None]
    ) -> None:
        self._inbox.put(Notice(self, connection, callback, arguments, seen))
