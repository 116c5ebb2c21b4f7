"""The component's face in TouchDesigner: its parameters, its colour and comment, and its Table DATs.

An operator is written to only where what it shows has changed: each write marks the project as changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .ledger import COLUMNS, KEPT
from .panel import Situation, is_passive, look
from .policy.problems import Problem
from .senders import peer_address
from .transport import Rules
from .wiring import State

HELP: Mapping[str, str] = {
    "Enable": "Guard the servers of this project. Off gives every server its own callbacks back.",
    "Mode": "Enforce: the policy decides. Monitor: what the policy would refuse runs and is recorded. Lockdown: every "
    "call is refused.",
    "Servers": "Paths of Web Server DATs to guard although PolicyGuard does not know their callbacks, with blanks "
    "between them.",
    "Install": "Look for servers now, and guard them.",
    "Uninstall": "Give every server its own callbacks back, and turn Enable off.",
    "Reloadpolicy": "Load the policy again, from the source that the page Policy names.",
    "Lockdown": "Refuse every call from now on.",
    "Status": "What PolicyGuard does, and what is wrong.",
    "Version": "The version of PolicyGuard.",
    "Originals": "The guarded servers, each with its own callbacks DAT. PolicyGuard keeps them here.",
    "Requirekey": "Refuse every call that shows no key of a grant.",
    "Hosts": "Names by which agents may call this machine, beside 127.0.0.1 and localhost, each with its port and with "
    "blanks between them, e.g. show.local:9981.",
    "Peers": "Addresses of other machines whose agents may call, if they show a key; with blanks between them.",
    "Source": "Where the policy stands: in the table inside this component, in a file, or in a preset.",
    "File": "A JSON or YAML policy, where Source is File.",
    "Preset": "A policy that comes with PolicyGuard, where Source is Preset.",
    "Openpolicy": "Show the table or the file.",
    "Pending": "The calls that wait for an answer, the oldest first. The table approvals has them all.",
    "Approvenext": "Let the oldest call that waits pass, once.",
    "Denynext": "Refuse the oldest call that waits.",
    "Folder": "Where the audit is written. Empty: .policyguard/audit beside the project.",
    "Verify": "Check the audit's chain of records. The answer appears in Status.",
    "Openlog": "Show the audit's folder.",
}
"""What the help of each custom parameter says."""

SHORTCUT = "PolicyGuard"


class TdPanel:
    """The face of one guard.

    Args:
        comp: the PolicyGuard component.
    """

    def __init__(self, comp: Any) -> None:
        self._comp = comp
        self._waiting: list[str] | None = None

    def explain(self) -> None:
        """Give the custom parameters their help texts. A .tox that was built outside TouchDesigner carries none."""
        for name, text in HELP.items():
            self._comp.par[name].help = text

    def show(self, situation: Situation) -> None:
        """Show how the guard stands, in its colour, its comment and the parameter Status."""
        shown = look(situation)
        if tuple(round(part, 3) for part in self._comp.color) != shown.colour:
            self._comp.color = shown.colour
        if self._comp.comment != shown.comment:
            self._comp.comment = shown.comment
        self._set("Status", shown.status)
        # Only one operator of a project can have the global shortcut: the one that guards.
        if is_passive(situation.servers):
            self._set("opshortcut", "")
        elif situation.enabled and not self._comp.par.opshortcut.eval():
            self._set("opshortcut", SHORTCUT)

    def show_waiting(self, waiting: Sequence[Any]) -> None:
        """Show the calls that wait for a person (`approvals.Pending`), in Pending and in the table ``approvals``."""
        ids = [one.id for one in waiting]
        if ids == self._waiting:
            return
        self._waiting = ids
        self._set("Pending", f"{len(waiting)}: {waiting[0].id} {waiting[0].summary}" if waiting else "")
        self._fill("approvals", ["id", "summary"], ([one.id, one.summary] for one in waiting))

    def show_problems(self, problems: Iterable[Problem]) -> None:
        """Show what is wrong with the policy."""
        rows = ([one.severity.value, one.place, one.message, one.remedy] for one in problems)
        self._fill("problems", ["severity", "place", "message", "remedy"], rows)

    def rules(self) -> Rules:
        """What the page Access lets in."""
        par = self._comp.par
        return Rules(
            peers=frozenset(peer_address(one) for one in par.Peers.eval().split()) - {""},
            hosts=frozenset(par.Hosts.eval().lower().split()),
            key_required=bool(par.Requirekey.eval()),
        )

    def show_servers(self, states: Mapping[str, State], originals: Mapping[str, str]) -> None:
        """Show what is guarded, and what is not."""
        rows = ([path, state.value, originals.get(path, "")] for path, state in sorted(states.items()))
        self._fill("status", ["server", "state", "callbacks"], rows)

    def add_decisions(self, rows: Sequence[Sequence[str]]) -> None:
        """Add to the table ``decisions``, which keeps the last 500."""
        if not rows:
            return
        table = self._comp.op("decisions")
        if table.numRows == 0:
            table.appendRow(COLUMNS)
        table.appendRows(rows)
        if table.numRows > KEPT + 1:
            table.deleteRows(list(range(1, table.numRows - KEPT)))

    def _set(self, name: str, value: str) -> None:
        parameter = self._comp.par[name]
        if parameter.eval() != value:
            parameter.val = value

    def _fill(self, name: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        table = self._comp.op(name)
        table.clear()
        table.appendRow(heads)
        for row in rows:
            table.appendRow(row)
