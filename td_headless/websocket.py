"""One WebSocket connection: frames from the network become reports, and what the project sends goes out in order.

Nothing of it blocks the main thread, and nothing grows without bound: a client that sends faster than its messages are
seen is not read any further, and one that does not read what it is sent is cut off.
"""

from __future__ import annotations

import asyncio
import enum
import threading
from collections import deque
from collections.abc import Callable
from typing import Any

from aiohttp import WSMsgType, web

MESSAGE_LIMIT = 64 << 20
"""Bytes of one message that are let through; TouchDesigner's own limit is not documented."""
_UNSEEN_MESSAGES = 256
_UNSEEN_BYTES = 4 << 20
"""A connection is not read any further while this much of it waits for the main thread."""
_UNSENT_BYTES = 64 << 20
"""A client that leaves more than this unread is cut off. One message may be larger, if nothing else waits."""
_FRAME_BYTES = 64
"""What a waiting message costs beside its data."""
_CLOSE_SECONDS = 2.0
"""How long a closing connection goes on sending what was given, and waits for the client's own goodbye."""


class Frame(enum.Enum):
    """What can be sent."""

    TEXT = "text"
    BINARY = "binary"
    PING = "ping"
    PONG = "pong"


_CALLBACKS = {
    WSMsgType.TEXT: "onWebSocketReceiveText",
    WSMsgType.BINARY: "onWebSocketReceiveBinary",
    WSMsgType.PING: "onWebSocketReceivePing",
    WSMsgType.PONG: "onWebSocketReceivePong",
}

Report = Callable[["Connection", str, tuple[Any, ...], Callable[[], None]], None]
"""Takes a connection, the name of a callback, its arguments after `client`, and what to call when it has been seen."""


class Connection:
    """One connection. Made and served in the network's thread; `send` and `close` may be called from any.

    Attributes:
        client: the peer as ``address:port``, which is how callbacks know it.
        dismissed: whether the project closed it; what the client still sends is not reported then, but for its end.
    """

    def __init__(self, request: web.BaseRequest, report: Report) -> None:
        transport = request.transport
        assert transport is not None
        host, port = transport.get_extra_info("peername")[:2]
        self.client = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        self.dismissed = False
        self._closed = False
        self._request = request
        self._transport = transport
        self._report = report
        self._loop = asyncio.get_running_loop()
        self._socket = web.WebSocketResponse(
            autoping=False, compress=False, max_msg_size=MESSAGE_LIMIT, timeout=_CLOSE_SECONDS
        )
        self._lock = threading.Lock()
        self._unsent: deque[tuple[Frame, str | bytes, int]] = deque()
        self._unsent_bytes = 0
        self._to_send = asyncio.Event()
        self._unseen = 0
        self._unseen_bytes = 0
        self._seen = asyncio.Event()
        self._deadline: asyncio.TimerHandle | None = None

    def send(self, frame: Frame, data: str | bytes) -> None:
        """Queue one frame. Where the connection is closing or gone, nothing happens.

        Raises:
            UnicodeEncodeError: text that is no UTF-8.
        """
        size = _FRAME_BYTES + len(data.encode("utf-8") if isinstance(data, str) else data)
        with self._lock:
            if self._closed:
                return
            first = not self._unsent
            overrun = bool(self._unsent_bytes) and self._unsent_bytes + size > _UNSENT_BYTES
            if overrun:
                self._closed = True
                self._unsent.clear()
            else:
                self._unsent_bytes += size
                self._unsent.append((frame, data, size))
        if overrun:
            self._later(self._cut_off)
        elif first:
            self._later(self._to_send.set)

    def close(self) -> None:
        """Close, after what was sent before."""
        self.dismissed = True
        with self._lock:
            if self._closed:
                return
            self._closed = True
        self._later(self.finish)

    def finish(self, seconds: float = _CLOSE_SECONDS) -> None:
        """Close within `seconds`, from the network's thread."""
        self._closed = True
        if self._deadline is not None:
            self._deadline.cancel()
        self._deadline = self._loop.call_later(seconds, self._transport.abort)
        self._to_send.set()
        self._seen.set()

    def _cut_off(self) -> None:
        self._transport.abort()
        self._to_send.set()

    async def shake_hands(self) -> None:
        """Answer the handshake.

        Raises:
            web.HTTPBadRequest: the request is no handshake.
            OSError: the client is gone already.
        """
        await self._socket.prepare(self._request)

    async def serve(self) -> web.WebSocketResponse:
        """Report everything the client sends until it is gone, and report that."""
        sender = self._loop.create_task(self._send_queued())
        try:
            # The target as it was sent: callbacks in the wild read a token from its query.
            self._tell("onWebSocketOpen", (self._request.raw_path,), 0)
            await self._receive()
        finally:
            with self._lock:
                peer_left, self._closed = not self._closed, True
            if peer_left:
                sender.cancel()
            await asyncio.gather(sender, return_exceptions=True)
            if self._deadline is not None:
                self._deadline.cancel()
            self._tell("onWebSocketClose", (), 0)
        return self._socket

    async def _receive(self) -> None:
        while not self._closed:
            message = await self._socket.receive()
            callback = _CALLBACKS.get(message.type)
            if callback is None:
                return
            data = message.data if isinstance(message.data, str) else bytes(message.data)
            self._tell(callback, (data,), len(data))
            while not self._closed and (self._unseen >= _UNSEEN_MESSAGES or self._unseen_bytes >= _UNSEEN_BYTES):
                self._seen.clear()
                await self._seen.wait()

    def _tell(self, callback: str, arguments: tuple[Any, ...], size: int) -> None:
        self._unseen += 1
        self._unseen_bytes += size

        def count() -> None:
            self._unseen -= 1
            self._unseen_bytes -= size
            self._seen.set()

        self._report(self, callback, arguments, lambda: self._later(count))

    async def _send_queued(self) -> None:
        """Send what is queued until the connection is closed, then say goodbye."""
        senders: dict[Frame, Any] = {
            Frame.TEXT: self._socket.send_str,
            Frame.BINARY: self._socket.send_bytes,
            Frame.PING: self._socket.ping,
            Frame.PONG: self._socket.pong,
        }
        while True:
            await self._to_send.wait()
            self._to_send.clear()
            while True:
                with self._lock:
                    queued = self._unsent.popleft() if self._unsent else None
                if queued is None:
                    break
                frame, data, size = queued
                await senders[frame](data)
                with self._lock:
                    self._unsent_bytes -= size
            if self._closed:
                await self._socket.close()
                return

    def _later(self, call: Callable[[], None]) -> None:
        """Make a call in the network's thread, unless that has ended: then there is nobody to send to."""
        try:
            self._loop.call_soon_threadsafe(call)
        except RuntimeError:
            if not self._loop.is_closed():
                raise
