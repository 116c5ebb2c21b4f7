"""PolicyGuardExt: the extension of the PolicyGuard component.

Its life-cycle, its custom parameters and its promoted methods. This module is a Text DAT inside the component and is
compiled by TouchDesigner; the core beside it is a package of Text DATs under ``source``, which is imported here under
a name unique to the component and dropped whole when the extension ends (DESIGN section 7).
"""

from __future__ import annotations

import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import linecache
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any


class EmbeddedPackage(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports a package from Text DATs.

    A Base COMP is a package, a Text DAT a module; a DAT whose name ends with ``_json`` or ``_tsv`` is a data file.

    Args:
        name: the name under which the package is imported.
        comp: the Base COMP that holds it.
    """

    def __init__(self, name: str, comp: Any) -> None:
        self.name = name
        self._sources: dict[str, str] = {}
        self._packages: set[str] = set()
        self._data: dict[str, str] = {}
        self._collect(name, comp)

    def _collect(self, name: str, comp: Any) -> None:
        self._packages.add(name)
        for child in comp.children:
            if child.isCOMP:
                self._collect(f"{name}.{child.name}", child)
            elif child.name.endswith(("_json", "_tsv")):
                self._data[f"{name}.{child.name}"] = child.text
            elif child.name == "__init__":
                self._sources[name] = child.text
            else:
                self._sources[f"{name}.{child.name}"] = child.text

    def install(self) -> None:
        """Drop what an earlier life left behind, and go first on the import path."""
        self.remove()
        sys.meta_path.insert(0, self)

    def remove(self) -> None:
        """Leave nothing behind: neither the finder nor a module."""
        sys.meta_path[:] = [f for f in sys.meta_path if getattr(f, "name", None) != self.name]
        for module in [m for m in sys.modules if m == self.name or m.startswith(self.name + ".")]:
            del sys.modules[module]

    def module(self, name: str) -> Any:
        """Import the module `name` of the package."""
        return importlib.import_module(f"{self.name}.{name}")

    def data(self, name: str) -> str:
        """The text of the data file `name`, e.g. ``script.catalog_json``."""
        return self._data[f"{self.name}.{name}"]

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Part of the import protocol."""
        if fullname not in self._sources and fullname not in self._packages:
            return None
        return importlib.util.spec_from_loader(fullname, self, is_package=fullname in self._packages)

    def exec_module(self, module: ModuleType) -> None:
        """Part of the import protocol."""
        source = self._sources.get(module.__name__, "")
        file_name = f"<{module.__name__}>"
        # Tracebacks find their lines there.
        linecache.cache[file_name] = (len(source), None, source.splitlines(keepends=True), file_name)
        exec(compile(source, file_name, "exec", dont_inherit=True), module.__dict__)


class PolicyGuardExt:
    """The guard of one project.

    Args:
        ownerComp: the PolicyGuard component.
    """

    def __init__(self, ownerComp: Any) -> None:
        self.ownerComp = ownerComp
        self._package = EmbeddedPackage(f"policyguard_{ownerComp.id}", ownerComp.op("source"))
        self._package.install()
        core = self._package.module
        td = importlib.import_module("td")
        self._policies = core("policy.source").PolicySource()
        self._bridge = core("td_bridge").TdBridge(td, ownerComp)
        self._gate = core("gate").Gate(
            dialect=core("protocols.touchdesigner_mcp").TouchDesignerMcp(
                core("protocols.top_image").load_templates(self._package.data("protocols.top_image_json"))
            ),
            rules=core("transport").Rules(),
            grants=self._load_grants(),
            catalog=core("script.catalog_text").load_catalog(self._package.data("script.catalog_json")),
            bridge=self._bridge,
            limits=core("limits").Limits(),
            approvals=core("approvals").Approvals(),
            audit=core("audit").AuditLog.open(
                self._audit_folder(), wall_s=time.time, version=importlib.import_module(self._package.name).__version__
            ),
            clock=time.monotonic,
        )
        self._hook = core("td_hook").Hook(
            td, ownerComp, core("protocols.touchdesigner_mcp").recognises, self._gate.note, time.monotonic
        )
        self._status_rows = core("td_hook").status_rows
        self._read_reply = core("td_bridge").read_reply
        self._mode = core("values").Mode
        self._table_key: object = None
        self._called = False
        self._bridge.protect(self._hook.wiring())
        self.ReloadPolicy()

    # -- life-cycle ------------------------------------------------------------------------------------------------

    def onDestroyTD(self) -> None:
        """Called by TouchDesigner before the extension is replaced or removed."""
        self._gate.close()
        self._package.remove()

    def OnFrame(self) -> None:
        """Once a frame, from the Execute DAT: the wiring is looked at, and put right where it was undone."""
        if self.ownerComp.par.Enable.eval():
            self._check(search=False)

    def Install(self) -> list[str]:
        """Put the guard in front of the Web Server DATs that it recognises, and of those that Servers names.

        Returns:
            The paths of all servers that are guarded now.
        """
        self.ownerComp.par.Enable = True
        self._check(search=True)
        return list(self._hook.originals())

    def Uninstall(self) -> list[str]:
        """Give every guarded server its own callbacks back, and stay out of the way until `Install`.

        Returns:
            The paths of the servers that were guarded.
        """
        self.ownerComp.par.Enable = False
        released: list[str] = self._hook.release()
        self._show_status()
        return released

    def _check(self, *, search: bool) -> None:
        before = dict(self._hook.states)
        tampered = self._hook.check(called=self._called, search=search)
        self._called = False
        if tampered:
            self.ownerComp.par.Mode = self._mode.LOCKDOWN.value
            self._report("a guarded call undid the wiring: it was restored, and the guard is locked down")
        if tampered or self._hook.states != before:
            self._show_status()

    # -- a call ----------------------------------------------------------------------------------------------------

    def HandleRequest(self, webServerDAT: Any, request: Mapping[str, Any], response: dict[str, Any]) -> dict[str, Any]:
        """One call, from the callbacks DAT's ``onHTTPRequest`` and back."""
        self._follow_table()
        self._called = True
        original = self._hook.original_of(webServerDAT)
        if original is None:
            raise LookupError(f"{webServerDAT.path} has no callbacks of its own")

        def forward(canonical: dict[str, Any]) -> tuple[int, str, str]:
            answer = original.module.onHTTPRequest(webServerDAT, canonical, dict(response))
            return self._read_reply(answer)  # type: ignore[no-any-return]

        mode = self._mode(self.ownerComp.par.Mode.eval())
        reply = self._gate.handle(request, policy=self._policies.current, mode=mode, me=original, forward=forward)
        # Every further key would be sent as a header: only what is meant goes out, no CORS header of the server.
        return {
            "statusCode": reply.status,
            "statusReason": reply.reason,
            "content-type": "application/json",
            "data": reply.body,
        }

    def RefuseMessage(self, webServerDAT: Any, client: str) -> None:
        """A WebSocket message: the guarded dialect has none, so whoever sends one is recorded and cut off."""
        self._gate.note({"event": "websocket", "server": webServerDAT.path, "peer": client, "outcome": "deny"})
        webServerDAT.webSocketClose(client)

    # -- the operator's methods ------------------------------------------------------------------------------------

    def ReloadPolicy(self) -> bool:
        """Load the policy again, from the file that Policyfile names, else from the Table DAT ``policy``.

        Returns:
            Whether it loaded. One that does not load leaves the last good one in force, and is reported in the Table
            DAT ``problems`` and in the parameter Status.
        """
        file = self.ownerComp.par.Policyfile.eval()
        if file:
            loaded = self._policies.load_file(Path(file))
        else:
            table = self.ownerComp.op("policy")
            rows = [[cell.val for cell in row] for row in table.rows()]
            loaded = self._policies.load_table(rows, table.path)
        self._show_problems()
        return bool(loaded)

    def Approve(self, id: str) -> bool:
        """Approve the call that waits under `id`. It may then be repeated, once."""
        return bool(self._gate.approvals.approve(id, time.monotonic()))

    def Deny(self, id: str) -> bool:
        """Deny the call that waits under `id`."""
        return bool(self._gate.approvals.deny(id, time.monotonic()))

    def Pending(self) -> list[dict[str, Any]]:
        """The calls that wait for a person: id and summary, oldest first."""
        waiting = self._gate.approvals.pending(time.monotonic())
        return [{"id": one.id, "summary": one.summary} for one in waiting]

    # -- behind the methods ----------------------------------------------------------------------------------------

    def _follow_table(self) -> None:
        """An edited cell counts from the next call on."""
        table = self.ownerComp.op("policy")
        if table is None or self.ownerComp.par.Policyfile.eval():
            return
        key = (table.numRows, table.numCols, table.text)
        if key != self._table_key:
            self._table_key = key
            self.ReloadPolicy()

    def _show_problems(self) -> None:
        problems = self.ownerComp.op("problems")
        problems.clear()
        problems.appendRow(["severity", "place", "message", "remedy"])
        for problem in self._policies.problems:
            problems.appendRow([problem.severity.value, problem.place, problem.message, problem.remedy])
        self._report(self._policies.status)

    def _report(self, status: str) -> None:
        self.ownerComp.par.Status = status

    def _show_status(self) -> None:
        """What is guarded, and what is not, in the Table DAT ``status``."""
        self._bridge.protect(self._hook.wiring())
        table = self.ownerComp.op("status")
        table.clear()
        for row in self._status_rows(self._hook.states, self._hook.originals()):
            table.appendRow(row)

    def _state_folder(self) -> Path:
        """The folder beside the project in which the guard keeps what must last."""
        return Path(importlib.import_module("td").project.folder) / ".policyguard"

    def _audit_folder(self) -> Path:
        chosen = self.ownerComp.par.Folder.eval()
        return Path(chosen) if chosen else self._state_folder() / "audit"

    def _load_grants(self) -> Any:
        grants = self._package.module("grants")
        file = self._state_folder() / "grants.json"
        return grants.load_grants(file.read_text(encoding="utf-8")) if file.exists() else grants.Grants({})
