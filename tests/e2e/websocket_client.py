"""A WebSocket client of a few lines, so that the stand-in is not tested by the library that it is made of (RFC 6455)."""

from __future__ import annotations

import contextlib
import os
import socket
from collections.abc import Iterator

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10
HANDSHAKE = (
    "GET / HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)


class WebSocket:
    """One connection; made by `connected`."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._stream = connection.makefile("rb")
        self.head = b""
        while not self.head.endswith(b"\r\n\r\n") and (line := self._stream.readline()):
            self.head += line
        host, port = connection.getsockname()
        self.name = f"{host}:{port}"

    def send(self, opcode: int, data: bytes | str = b"") -> None:
        """Send one masked frame."""
        payload = data.encode() if isinstance(data, str) else data
        size = len(payload)
        length = bytes([0x80 | size]) if size < 126 else b"\xfe" + size.to_bytes(2, "big")
        mask = os.urandom(4)
        masked = bytes(byte ^ mask[index % 4] for index, byte in enumerate(payload))
        self._connection.sendall(bytes([0x80 | opcode]) + length + mask + masked)

    def receive(self) -> tuple[int, bytes]:
        """The next frame: opcode and payload; opcode 0 where the connection has ended."""
        head = self._stream.read(2)
        if len(head) < 2:
            return 0, b""
        size = head[1] & 0x7F
        if size > 125:
            size = int.from_bytes(self._stream.read(2 if size == 126 else 8), "big")
        return head[0] & 0x0F, self._stream.read(size)

    def ask(self, text: str) -> str:
        """Send a text and return the text that comes back."""
        self.send(TEXT, text)
        opcode, payload = self.receive()
        assert opcode == TEXT, (opcode, payload)
        return payload.decode()


@contextlib.contextmanager
def connected(host: str, port: int, handshake: str = HANDSHAKE) -> Iterator[WebSocket]:
    """Shake hands and hang up at the end of the block. ``PORT`` in `handshake` stands for the port."""
    with socket.create_connection((host, port), timeout=30) as connection:
        connection.sendall(handshake.replace("PORT", str(port)).encode())
        made = WebSocket(connection)
        assert made.head.startswith(b"HTTP/1.1 101 "), made.head
        yield made
