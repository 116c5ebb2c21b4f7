"""The Web Server DAT as an operator. What it does on the network is in `webserver`."""

from __future__ import annotations

import base64
import binascii
import hmac
from typing import Any

from td_headless.dats import DAT
from td_headless.errors import unbuilt

_CALLBACKS = """# me - this DAT
# webServerDAT - the Web Server DAT that calls

def onHTTPRequest(webServerDAT, request, response):
    response['statusCode'] = 200
    response['statusReason'] = 'OK'
    response['data'] = '<b>TouchDesigner: </b>' + webServerDAT.name
    return response
"""


class WebserverDAT(DAT):
    """Serves HTTP through a callbacks DAT (reference `td_runtime.md` section 1)."""

    __slots__ = ()

    webSocketConnections = property(lambda self: [], doc="The WebSocket clients: none, for upgrades are refused here.")
    webSocketSendText = unbuilt("webserverDAT", "webSocketSendText")
    webSocketSendBinary = unbuilt("webserverDAT", "webSocketSendBinary")
    webSocketSendPing = unbuilt("webserverDAT", "webSocketSendPing")
    webSocketSendPong = unbuilt("webserverDAT", "webSocketSendPong")
    webSocketClose = unbuilt("webserverDAT", "webSocketClose")

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
