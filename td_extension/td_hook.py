"""Puts the guard in front of Web Server DATs by their ``callbacks`` parameter, and keeps it there.

TouchDesigner itself can undo the hook, when a COMP is reloaded from its ``externaltox``, and so can a person: known
servers are looked at every frame, which is one parameter read each, and the project is searched for new ones every
frame too where that is cheap, else as often as a hundredth of the time allows. What is done about a server is decided
in `wiring`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from .wiring import Seen, State, Step, Verdict, judge

_CHEAP_S = 0.0005
"""A search for new servers that takes no longer is made every frame."""
_SHARE = 0.01
"""The share of the time that longer searches may take."""


class Hook:
    """The hook of one guard.

    Args:
        td: TouchDesigner's module.
        guard: the PolicyGuard component. Its parameter Originals keeps ``server>callbacks`` pairs of paths, so that
            they last as long as the project does.
        recognises: whether the text of a callbacks DAT is of a dialect that the guard knows.
        record: writes an event into the audit.
        clock: monotonic seconds.
    """

    def __init__(
        self,
        td: Any,
        guard: Any,
        recognises: Callable[[str], bool],
        record: Callable[[Mapping[str, Any]], None],
        clock: Callable[[], float],
    ) -> None:
        self._td = td
        self._guard = guard
        self._recognises = recognises
        self._record = record
        self._clock = clock
        self._servers: list[Any] = []
        # Paths change when operators are renamed or moved; these are the operators themselves, by the server's id.
        self._remembered: dict[int, Any] = {}
        self._search_due_s = -math.inf
        self.states: dict[str, State] = {}

    def originals(self) -> dict[str, str]:
        """Path of each guarded server, with the path of its own callbacks DAT."""
        pairs = (pair.partition(">") for pair in self._guard.par.Originals.eval().split())
        return {server: callbacks for server, _, callbacks in pairs}

    def original_of(self, server: Any) -> Any | None:
        """The server's own callbacks DAT; None where it was never guarded, or the DAT is gone."""
        remembered = self._remembered.get(server.id)
        if remembered is not None and remembered.valid:
            return remembered
        path = self.originals().get(server.path)
        return None if path is None else self._guard.op(path)

    def wiring(self) -> list[Any]:
        """The guarded servers, their own callbacks DATs, and the DATs beside those, which they may import."""
        paths = [path for pair in self.originals().items() for path in pair]
        found = [operator for operator in map(self._guard.op, paths) if operator is not None]
        beside = [child for operator in found for child in operator.parent().children if child.isDAT]
        return list({operator.id: operator for operator in (*found, *beside)}.values())

    def check(self, *, called: bool, search: bool = False) -> bool:
        """Look at every known server, and for new ones where that is due; put right what is wrong.

        Args:
            called: a guarded call ran since the last look.
            search: look for new servers now.

        Returns:
            Whether the wiring was tampered with.
        """
        # Where a known server is gone, a reloaded component may have brought another in its place.
        if search or self._clock() >= self._search_due_s or not all(server.valid for server in self._servers):
            self._search()
        verdicts = {server.path: self._put_right(server, called) for server in self._servers}
        self._forget_paths_without_a_server()
        states = dict.fromkeys(self._wanted(), State.MISSING) | {path: v.state for path, v in verdicts.items()}
        for path in self.states.keys() | states.keys():
            now = states.get(path, State.GONE)
            if self.states.get(path) is not now:
                self._record({"event": "hook", "server": path, "state": now.value})
        self.states = states
        return any(verdict.tampered for verdict in verdicts.values())

    def release(self) -> list[str]:
        """Give every guarded server its own callbacks back; return the paths of those servers."""
        originals = self.originals()
        own = self._guard.op("callbacks")
        for path, callbacks in originals.items():
            server = self._guard.op(path)
            current = None if server is None else server.par.callbacks.eval()
            if current is not None and current.id == own.id:
                server.par.callbacks = callbacks
                self._record({"event": "hook", "server": path, "state": "released"})
        self._keep({})
        self._remembered, self.states = {}, {}
        return list(originals)

    # -- one server ------------------------------------------------------------------------------------------------

    def _put_right(self, server: Any, called: bool) -> Verdict:
        current = server.par.callbacks.eval()
        own = self._guard.op("callbacks")
        original = self.original_of(server)
        if original is not None:
            self._remember(server, original)
        is_here = current is not None and current.id == own.id
        verdict = judge(
            Seen(
                has_callbacks=current is not None,
                points_here=is_here,
                points_to_another_guard=current is not None and not is_here and _is_of_a_guard(current),
                recognised=current is not None and not is_here and self._recognises(current.text),
                wanted=server.path in self._wanted(),
                is_kept=server.path in self.originals(),
                original_exists=original is not None,
                called=called,
            )
        )
        if verdict.step is Step.HOOK:
            self._remember(server, current)
            server.par.callbacks = own.path
        elif verdict.step is Step.RESTORE:
            server.par.callbacks = own.path
            event = "tamper" if verdict.tampered else "hook"
            pointed_to = None if current is None else current.path
            self._record({"event": event, "server": server.path, "state": "restored", "pointed_to": pointed_to})
        elif verdict.step is Step.FORGET:
            self._remembered.pop(server.id, None)
            self._keep({path: kept for path, kept in self.originals().items() if path != server.path})
        return verdict

    def _forget_paths_without_a_server(self) -> None:
        """Servers that were deleted, renamed or moved: their old paths mean nothing any more."""
        present = {server.path for server in self._servers}
        kept = self.originals()
        if not kept.keys() <= present:
            self._keep({path: callbacks for path, callbacks in kept.items() if path in present})

    def _wanted(self) -> list[str]:
        """The servers that the artist has named."""
        return list(self._guard.par.Servers.eval().split())

    def _search(self) -> None:
        started_s = self._clock()
        self._servers = list(self._td.root.findChildren(type=self._td.webserverDAT))
        took_s = self._clock() - started_s
        self._search_due_s = started_s + (0.0 if took_s <= _CHEAP_S else took_s / _SHARE)

    def _remember(self, server: Any, callbacks: Any) -> None:
        self._remembered[server.id] = callbacks
        originals = self.originals()
        if originals.get(server.path) != callbacks.path:
            self._keep({**originals, server.path: callbacks.path})

    def _keep(self, originals: Mapping[str, str]) -> None:
        self._guard.par.Originals = " ".join(f"{server}>{callbacks}" for server, callbacks in originals.items())


def _is_of_a_guard(dat: Any) -> bool:
    comp = dat.parent()
    return comp is not None and comp.par["Originals"] is not None and comp.op("callbacks") is not None


def status_rows(states: Mapping[str, State], originals: Mapping[str, str]) -> Iterable[list[str]]:
    """The rows of the Table DAT ``status``: server, how it stands, its own callbacks."""
    yield ["server", "state", "callbacks"]
    for path, state in sorted(states.items()):
        yield [path, state.value, originals.get(path, "")]
