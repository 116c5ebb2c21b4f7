"""Which Web Server DATs listen: follows their parameters, on the main thread."""

from __future__ import annotations

import queue
from typing import Any

from td_headless.errors import tdError
from td_headless.http_exchange import RepeatedHeaders, WireResponse, notify, request_dict, serve
from td_headless.webserver import HttpServer, Inbox, Notice, Pending
from td_headless.world import World

_WATCHED = frozenset({"active", "port", "localaddress", "secure"})
LOOPBACK = "127.0.0.1"


class WebServers:
    """The listening Web Server DATs of one world.

    Changes of parameters that are made inside a callback take effect after it, so that a callback can restart its
    own server.
    """

    def __init__(self, world: World, header_wins: bool, repeated_headers: RepeatedHeaders) -> None:
        self._header_wins = header_wins
        self._repeated_headers = repeated_headers
        self._inbox: Inbox = queue.SimpleQueue()
        self._listening: dict[int, HttpServer] = {}
        self._serving = False
        self._deferred: list[Any] = []
        self._closing: list[HttpServer] = []
        world.parameter_observers.append(self._parameter_changed)
        world.pulse_observers.append(self._pulsed)
        world.destruction_observers.append(self._destroyed)

    def address(self, dat: Any) -> tuple[str, int]:
        """Return the address and port that `dat` listens on; raise `tdError` when it does not."""
        if dat.id not in self._listening:
            raise tdError(f"{dat.path} is not listening: {dat.errors() or 'parameter active is off'}")
        return self._listening[dat.id].address

    @property
    def waiting(self) -> int:
        """How many requests and messages wait to be served."""
        return self._inbox.qsize()

    def serve_next(self, timeout_s: float) -> bool:
        """Serve one request or message, waiting for it up to `timeout_s` seconds, and say whether there was one."""
        try:
            came = self._inbox.get(timeout=timeout_s) if timeout_s > 0 else self._inbox.get_nowait()
        except queue.Empty:
            return False
        if came is not None:
            self._serve(came)
        return True

    def wake(self) -> None:
        """Make a waiting `serve_next` return; may be called from any thread."""
        self._inbox.put(None)

    def close(self) -> None:
        """Stop all servers without telling their callbacks."""
        for server in self._listening.values():
            server.stop()
        self._listening.clear()

    def _serve(self, came: Pending | Notice) -> None:
        self._serving = True
        try:
            if isinstance(came, Notice):
                self._tell(came)
            elif came.dat.valid:
                request = request_dict(came.request, self._header_wins, self._repeated_headers)
                came.answer(serve(came.dat, request))
            else:
                came.answer(WireResponse(503, "Service Unavailable", (), b""))
        finally:
            self._serving = False
            closing, self._closing = self._closing, []
            for server in closing:
                server.stop()
            deferred, self._deferred = self._deferred, []
            for dat in deferred:
                if dat.valid:
                    self._restart_late(dat)

    def _tell(self, notice: Notice) -> None:
        """Call the callback, unless the server has stopped meanwhile: then the end of its connections was told."""
        try:
            dat, connection = notice.server.dat, notice.connection
            if notice.server not in self._listening.values():
                return
            if notice.callback == "onWebSocketOpen":
                self._lose(dat, connection.client)
                dat._sockets[connection.client] = connection
            elif dat._sockets.get(connection.client) is not connection:
                return
            if notice.callback == "onWebSocketClose":
                self._lose(dat, connection.client)
            elif not connection.dismissed:
                notify(dat, notice.callback, connection.client, *notice.arguments)
        finally:
            if notice.callback == "onWebSocketClose":
                notice.server.forget(notice.connection)
            notice.seen()

    def _lose(self, dat: Any, client: str) -> None:
        """Tell that a connection has ended, if there is one of this client.

        There can be one when the same address connects anew before the end of its last connection has come.
        """
        if dat._sockets.pop(client, None) is not None:
            notify(dat, "onWebSocketClose", client)

    def _parameter_changed(self, par: Any, before: Any) -> None:
        if par.name in _WATCHED and par.owner.OPType == "webserverDAT":
            self._apply(par.owner)

    def _pulsed(self, par: Any) -> None:
        if par.name == "restart" and par.owner.OPType == "webserverDAT":
            self._apply(par.owner)

    def _apply(self, dat: Any) -> None:
        if self._serving:
            self._deferred.append(dat)
        else:
            self._restart(dat)

    def _restart_late(self, dat: Any) -> None:
        """Restart after an answer. Nobody is left to raise to, so an error becomes one of the DAT."""
        try:
            self._restart(dat)
        except Exception as error:
            dat.addError(f"{type(error).__name__}: {error}")

    def _restart(self, dat: Any) -> None:
        self._stop(dat, tell=True)
        if not dat.par.active.eval():
            return
        if dat.par.secure.eval():
            raise NotImplementedError("td_headless does not implement webserverDAT.par.secure (HTTPS)")
        local = dat.par["localaddress"]
        host = local.eval() if local is not None else ""
        dat._errors.clear()
        try:
            server = HttpServer(dat, host or LOOPBACK, dat.par.port.eval(), self._inbox)
        except OSError as error:
            dat.addError(f"Cannot listen on port {dat.par.port.eval()}: {error}")
            return
        self._listening[dat.id] = server
        notify(dat, "onServerStart")

    def _stop(self, dat: Any, tell: bool) -> None:
        server = self._listening.pop(dat.id, None)
        if server is None:
            return
        server.stop()
        if tell:
            for client in list(dat._sockets):
                self._lose(dat, client)
            notify(dat, "onServerStop")
        dat._sockets.clear()

    def _destroyed(self, operator: Any) -> None:
        if self._serving and operator.id in self._listening:
            self._closing.append(self._listening.pop(operator.id))
        else:
            self._stop(operator, tell=False)
