"""The Web Server DAT as an operator. What it does on the network is in `webserver` and `websocket`."""

from __future__ import annotations

import base64
import binascii
import hmac
from typing import Any

from td_headless.dats import DAT
from td_headless.errors import tdError
from td_headless.websocket import Connection, Frame

_CONTROL_BYTES = 125
"""RFC 6455 section 5.5."""
_CALLBACKS = """# me - this DAT
# webServerDAT - the Web Server DAT that calls

def onHTTPRequest(webServerDAT, request, response):
    response['statusCode'] = 200
    response['statusReason'] = 'OK'
    response['data'] = '<b>TouchDesigner: </b>' + webServerDAT.name
    return response

def onWebSocketReceivePing(webServerDAT, client, data):
    webServerDAT.webSocketSendPong(client, data=data)
"""


class WebserverDAT(DAT):
    """Serves HTTP and WebSocket through a callbacks DAT (reference `td_runtime.md` section 1)."""

    __slots__ = ("_sockets",)

    def __init__(self, world: Any, network: Any, name: str) -> None:
        self._sockets: dict[str, Connection] = {}
        super().__init__(world, network, name)

    @property
    def webSocketConnections(self) -> list[str]:
        """The connected WebSocket clients, as callbacks know them: ``address:port``."""
        return [client for client, connection in self._sockets.items() if not connection.dismissed]

    def webSocketSendText(self, client: str, data: str) -> None:
        """Send a text message.

        Raises:
            tdError: `client` is not connected. So for the other methods.
            TypeError: `data` is no text.
        """
        if not isinstance(data, str):
            raise TypeError(f"webSocketSendText takes str, not {type(data).__name__}")
        self._connection(client).send(Frame.TEXT, data)

    def webSocketSendBinary(self, client: str, data: bytes | bytearray) -> None:
        """Send a binary message; `TypeError` for anything but bytes."""
        if not isinstance(data, bytes | bytearray):
            raise TypeError(f"webSocketSendBinary takes bytes, not {type(data).__name__}")
        self._connection(client).send(Frame.BINARY, bytes(data))

    def webSocketSendPing(self, client: str, data: str | bytes | None = None) -> None:
        """Send a ping with at most 125 bytes of data; `tdError` for more, because the protocol has no longer ones."""
        self._connection(client).send(Frame.PING, _control_data(data))

    def webSocketSendPong(self, client: str, data: str | bytes | None = None) -> None:
        """Send a pong, as `webSocketSendPing`."""
        self._connection(client).send(Frame.PONG, _control_data(data))

    def webSocketClose(self, client: str) -> None:
        """Close the connection after what was sent before; ``onWebSocketClose`` follows."""
        self._connection(client).close()

    def _connection(self, client: str) -> Connection:
        connection = self._sockets.get(client)
        if connection is None or connection.dismissed:
            raise tdError(f"{self.path} has no WebSocket client {client!r}")
        return connection

    def authenticateBasic(self, token: str, userPasswords: dict[str, str]) -> bool:
        """Say whether `token` (an Authorization header) is HTTP Basic for one of `userPasswords`."""
        scheme, _, encoded = str(token).partition(" ")
        try:
            user, found, password = base64.b64decode(encoded, validate=True).decode("utf-8").partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return False
        known = userPasswords.get(user)
        return (
            scheme.lower() == "basic"
            and bool(found)
            and known is not None
            and hmac.compare_digest(known.encode(), password.encode())
        )

    def _initialise(self) -> None:
        """Dock a callbacks DAT, as TouchDesigner does."""
        network: Any = self.parent()
        callbacks = network.create("textDAT", f"{self.name}_callbacks")
        callbacks.text = _CALLBACKS
        callbacks.par.language = "python"
        callbacks.dock = self
        callbacks.nodeX, callbacks.nodeY = self.nodeX, self.nodeY - 120
        self.par.callbacks = callbacks.name


def _control_data(data: str | bytes | None) -> bytes:
    encoded = data.encode("utf-8") if isinstance(data, str) else bytes(data or b"")
    if len(encoded) > _CONTROL_BYTES:
        raise tdError(f"A WebSocket ping or pong carries at most {_CONTROL_BYTES} bytes, not {len(encoded)}")
    return encoded
