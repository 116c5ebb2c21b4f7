"""Which Web Server DATs listen: follows their parameters, on the main thread."""

from __future__ import annotations

import queue
from typing import Any

from td_headless.errors import tdError
from td_headless.http_exchange import WireResponse, notify, serve
from td_headless.webserver import HttpServer, Pending
from td_headless.world import World

_WATCHED = frozenset({"active", "port", "localaddress", "secure"})
LOOPBACK = "127.0.0.1"


class WebServers:
    """The listening Web Server DATs of one world.

    Changes of parameters that are made while a request is served take effect after its answer, so that a callback can
    restart its own server.
    """

    def __init__(self, world: World, header_wins: bool) -> None:
        self._world = world
        self._header_wins = header_wins
        self._inbox: queue.SimpleQueue[Pending | None] = queue.SimpleQueue()
        self._listening: dict[int, tuple[Any, HttpServer]] = {}
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
        return self._listening[dat.id][1].address

    def serve_next(self, timeout_s: float) -> bool:
        """Serve one request, waiting for it up to `timeout_s` seconds, and say whether there was one."""
        try:
            pending = self._inbox.get(timeout=timeout_s) if timeout_s > 0 else self._inbox.get_nowait()
        except queue.Empty:
            return False
        if pending is not None:
            self._serve(pending)
        return True

    def wake(self) -> None:
        """Make a waiting `serve_next` return; may be called from any thread."""
        self._inbox.put(None)

    def close(self) -> None:
        """Stop all servers without telling their callbacks."""
        for _, server in self._listening.values():
            server.stop()
        self._listening.clear()

    def _serve(self, pending: Pending) -> None:
        if not pending.dat.valid:
            pending.answer(WireResponse(503, "Service Unavailable", (), b""))
            return
        self._serving = True
        try:
            pending.answer(serve(pending.dat, pending.request, self._header_wins))
        finally:
            self._serving = False
            closing, self._closing = self._closing, []
            for server in closing:
                server.stop()
            deferred, self._deferred = self._deferred, []
            for dat in deferred:
                if dat.valid:
                    self._restart_late(dat)

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
        self._listening[dat.id] = (dat, server)
        notify(dat, "onServerStart")

    def _stop(self, dat: Any, tell: bool) -> None:
        _, server = self._listening.pop(dat.id, (None, None))
        if server is not None:
            server.stop()
            if tell:
                notify(dat, "onServerStop")

    def _destroyed(self, operator: Any) -> None:
        if self._serving and operator.id in self._listening:
            self._closing.append(self._listening.pop(operator.id)[1])
        else:
            self._stop(operator, tell=False)
