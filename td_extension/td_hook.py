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

from .senders import is_open_to_others
from .wiring import Seen, State, Step, Verdict, judge

_CHEAP_S = 0.0005
"""A search for new servers that takes no longer is made every frame."""
_SHARE = 0.01
"""The share of the time that longer searches may take."""
_NOTE = "policyguard_callbacks"
"""Under this key a guarded server itself stores what its own callbacks are: as the name of a DAT beside it, else as a
path. So a server that is duplicated, or saved without the guard and loaded elsewhere, does not lose them."""


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
        self._search_took_s = math.inf
        self._own_path = guard.path
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
        path = self.originals().get(server.path) or self._noted(server)
        return server.parent().op(path) if path else None

    def _noted(self, server: Any) -> str:
        """What the server itself has stored, where it points here, or to a guard that is not there; else nothing.

        Scripts that may change values may store what they like; only code may set `callbacks`. So a note makes no DAT
        into callbacks where there were none.
        """
        parameter = server.par.callbacks
        current, own = parameter.eval(), self._guard.op("callbacks")
        if current is None and not str(parameter.val):
            return ""
        if current is not None and (own is None or current.id != own.id):
            return ""
        note = server.fetch(_NOTE, "", search=False)
        return note if isinstance(note, str) else ""

    def wiring(self) -> list[Any]:
        """The guarded servers, their own callbacks DATs, and the DATs beside those, which they may import."""
        paths = [path for pair in self.originals().items() for path in pair]
        found = [operator for operator in map(self._guard.op, paths) if operator is not None]
        beside = [child for operator in found for child in operator.parent().children if child.isDAT]
        return list({operator.id: operator for operator in (*found, *beside)}.values())

    def exposed(self) -> tuple[str, ...]:
        """The guarded servers to which other machines can connect, by their paths."""
        guarded = (server for server in self._servers if server.valid and self.states.get(server.path) is State.GUARDED)
        return tuple(server.path for server in guarded if _is_exposed(server))

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
        moved, self._own_path = self._guard.path != self._own_path, self._guard.path
        verdicts = {server.path: self._put_right(server, called, moved) for server in self._servers}
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
        released = []
        own = self._guard.op("callbacks")
        for server, callbacks in self._pairs():
            current = server.par.callbacks.eval()
            # Where the guard was renamed just now, its servers point to where it was.
            if current is None or (own is not None and current.id == own.id):
                server.par.callbacks = callbacks
                released.append(server.path)
                self._record({"event": "hook", "server": server.path, "state": "released"})
            server.unstore(_NOTE)
        self._keep({})
        self._remembered, self.states = {}, {}
        return released

    def part(self) -> None:
        """The extension ends. Should the guard be gone in the next frame, its servers get their own callbacks back.

        TouchDesigner does not tell an extension that is made anew from one whose component is deleted (td_runtime.md
        section 2), and a server must not be unguarded in between.
        """
        pairs = self._pairs()
        if pairs:
            self._td.run(_hand_back, pairs, delayFrames=1, fromOP=self._td.root)

    def _pairs(self) -> list[tuple[Any, str]]:
        """The guarded servers that exist, each with the path of its own callbacks DAT, which may be gone."""
        kept = self.originals()
        found = {server.id: server for server in self._servers if server.valid and self._is_in_front_of(server)}
        found |= {server.id: server for server in map(self._guard.op, kept) if server is not None}
        pairs = []
        for server in found.values():
            original = self.original_of(server)
            pairs.append((server, kept.get(server.path, "") if original is None else str(original.path)))
        return pairs

    def _is_in_front_of(self, server: Any) -> bool:
        current, own = server.par.callbacks.eval(), self._guard.op("callbacks")
        return server.id in self._remembered or (current is not None and own is not None and current.id == own.id)

    # -- one server ------------------------------------------------------------------------------------------------

    def _put_right(self, server: Any, called: bool, moved: bool) -> Verdict:
        current = server.par.callbacks.eval()
        own = self._guard.op("callbacks")
        is_here = current is not None and current.id == own.id
        elsewhere = current is not None and not is_here and _is_of_a_guard(current)
        is_known = server.path in self.originals() or server.id in self._remembered
        original = self.original_of(server)
        if original is not None:
            self._remember(server, original)
        # Where the guard itself was renamed or moved, a pointer to where it was is nobody's attack.
        left_behind = moved and current is None
        verdict = judge(
            Seen(
                has_callbacks=current is not None,
                points_here=is_here,
                points_to_another_guard=elsewhere,
                recognised=current is not None and not is_here and self._recognises(current.text),
                wanted=server.path in self._wanted(),
                is_kept=server.path in self.originals(),
                original_exists=original is not None,
                called=called and is_known and not left_behind,
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
            if not elsewhere:
                server.unstore(_NOTE)
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
        now_took_s = self._clock() - started_s
        # A machine that was busy for once does not put off the next search.
        took_s, self._search_took_s = min(now_took_s, self._search_took_s), now_took_s
        self._search_due_s = started_s + (0.0 if took_s <= _CHEAP_S else took_s / _SHARE)

    def _remember(self, server: Any, callbacks: Any) -> None:
        self._remembered[server.id] = callbacks
        beside = callbacks.parent().id == server.parent().id
        note = callbacks.name if beside else callbacks.path
        if server.fetch(_NOTE, "", search=False) != note:
            server.store(_NOTE, note)
        originals = self.originals()
        if originals.get(server.path) != callbacks.path:
            self._keep({**originals, server.path: callbacks.path})

    def _keep(self, originals: Mapping[str, str]) -> None:
        self._guard.par.Originals = " ".join(f"{server}>{callbacks}" for server, callbacks in originals.items())


def _is_exposed(server: Any) -> bool:
    address = server.par["localaddress"]
    return is_open_to_others(None if address is None else address.eval())


def _hand_back(pairs: Iterable[tuple[Any, str]]) -> None:
    """Let servers whose guard is gone serve as they did before it; a new guard in the same place keeps them."""
    for server, callbacks in pairs:
        if server.valid and server.par.callbacks.eval() is None:
            server.par.callbacks = callbacks
            server.unstore(_NOTE)


def _is_of_a_guard(dat: Any) -> bool:
    comp = dat.parent()
    return comp is not None and comp.par["Originals"] is not None and comp.op("callbacks") is not None
