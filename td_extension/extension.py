"""PolicyGuardExt: the extension of the PolicyGuard component.

Its life-cycle, its custom parameters and its promoted methods. This module is a Text DAT inside the component and is
compiled by TouchDesigner; the core beside it is a package of Text DATs under ``source``, which is imported (by
`embedded`) under a name unique to the component and dropped whole when the extension ends (DESIGN section 7).
"""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any


class PolicyGuardExt:
    """The guard of one project.

    Args:
        ownerComp: the PolicyGuard component.
    """

    def __init__(self, ownerComp: Any) -> None:
        self.ownerComp = ownerComp
        embedded = ownerComp.op("embedded").module
        self._package = embedded.EmbeddedPackage(f"policyguard_{ownerComp.id}", ownerComp.op("source"))
        self._package.install()
        core = self._package.module
        td = self._td = importlib.import_module("td")
        version = importlib.import_module(self._package.name).__version__
        log = core("audit").AuditLog

        def open_log(folder: Path) -> Any:
            return log.open(folder, wall_s=time.time, version=version)

        self._ledger = core("ledger").Ledger(open_log, self._audit_folder(), lambda: time.strftime("%H:%M:%S"))
        self._policies = core("td_policy").TdPolicy(
            ownerComp, lambda preset: self._package.data(f"policy.presets.{preset}_tsv")
        )
        self._bridge = core("td_bridge").TdBridge(td, ownerComp)
        self._grants = core("grant_file").GrantFile(self._state_folder())
        self._counters = core("counters").Counters(self._state_folder())
        self._frames = core("show").FrameMeter()
        self._show_of = core("show").Show
        self._gate = core("gate").Gate(
            dialect=core("protocols.touchdesigner_mcp").TouchDesignerMcp(
                core("protocols.top_image").load_templates(self._package.data("protocols.top_image_json"))
            ),
            grants=lambda: self._grants.grants,
            catalog=core("script.catalog_text").load_catalog(self._package.data("script.catalog_json")),
            bridge=self._bridge,
            limits=self._counters.limits,
            show=self._seen,
            reading=core("td_reading").TdReading(td),
            approvals=core("approvals").Approvals(),
            audit=self._ledger,
            clock=time.monotonic,
        )
        self._hook = core("td_hook").Hook(
            td, ownerComp, core("protocols.touchdesigner_mcp").recognises, self._gate.note, time.monotonic
        )
        self._desk = core("td_desk").Desk(td, ownerComp, self._gate.approvals)
        seals = core("td_call_seal")
        self._seal = partial(seals.CallSeal, seals.settings_of(ownerComp))
        self._code_seal = core("td_code_seal").CodeSeal(ownerComp)
        self._panel = core("td_panel").TdPanel(ownerComp)
        self._gate.rules = self._panel.rules()
        self._situation = core("panel").Situation
        self._read_reply = core("td_bridge").read_reply
        self._mode = core("values").Mode
        self._called = False
        self._notice = ""
        self._bridge.protect(self._hook.wiring())
        self.ReloadPolicy()

    # -- life-cycle ------------------------------------------------------------------------------------------------

    def onInitTD(self) -> None:
        """Called by TouchDesigner at the end of the frame in which the extension was made."""
        self._panel.explain()

    def onDestroyTD(self) -> None:
        """Called by TouchDesigner before the extension is replaced or removed."""
        self._hook.part()
        self._gate.close()
        self._counters.close()
        self._package.remove()

    def OnFrame(self) -> None:
        """Once a frame, from the Execute DAT: the wiring is looked at and put right, and what has changed is shown."""
        self._frames.drawn(time.monotonic())
        self._counters.save()
        self._grants.check()
        if self.ownerComp.par.Enable.eval():
            self._check(search=False)
        elif self._hook.originals():
            self.Uninstall()
        self._notice = self._desk.take_answer() or self._notice
        self._panel.show_waiting(self._desk.waiting())
        self._panel.add_decisions(self._ledger.take_decisions())
        self._show()
        self._package.prepare()

    def ParameterChanged(self, name: str) -> None:
        """A person changed a custom parameter. Called by the Parameter Execute DAT, once a frame at most."""
        if name == "Enable":
            if self.ownerComp.par.Enable.eval():
                self.Install()
            else:
                self.Uninstall()
        elif name == "Servers" and self.ownerComp.par.Enable.eval():
            self._check(search=True)
        elif name in ("Requirekey", "Hosts", "Peers"):
            self._gate.rules = self._panel.rules()
        elif name in ("Source", "File", "Preset"):
            self.PolicyEdited()
        elif name == "Folder":
            self._move_audit()
        self._show()

    def ParameterPulsed(self, name: str) -> None:
        """A person pressed a custom parameter's button."""
        acts: dict[str, Callable[[], Any]] = {
            "Install": self.Install,
            "Uninstall": self.Uninstall,
            "Reloadpolicy": self.ReloadPolicy,
            "Lockdown": self.Lockdown,
            "Openpolicy": self._desk.open_policy,
            "Approvenext": self.ApproveNext,
            "Denynext": self.DenyNext,
            "Verify": self.VerifyAudit,
            "Openlog": lambda: self._desk.open_log(self._ledger.folder),
        }
        acts[name]()
        self._panel.show_waiting(self._desk.waiting())
        self._show()

    def Install(self) -> list[str]:
        """Put the guard in front of the Web Server DATs that it recognises, and of those that Servers names.

        Returns:
            The paths of all servers that are guarded now.
        """
        self.ownerComp.par.Enable = True
        self._move_audit()
        self._check(search=True)
        self._show()
        return list(self._hook.originals())

    def Uninstall(self) -> list[str]:
        """Give every guarded server its own callbacks back, and stay out of the way until `Install`.

        Returns:
            The paths of the servers that were guarded.
        """
        self.ownerComp.par.Enable = False
        released: list[str] = self._hook.release()
        self._show_servers()
        self._show()
        return released

    def Lockdown(self) -> None:
        """Refuse every call but `get_td_info` from now on, until the parameter Mode says otherwise."""
        self.ownerComp.par.Mode = self._mode.LOCKDOWN.value
        self._show()

    def _check(self, *, search: bool) -> None:
        before = dict(self._hook.states)
        called, self._called = self._called, False
        tampered = self._hook.check(called=called, search=search)
        if tampered:
            self._tampered("the wiring")
        changed = self._code_seal.on_frame(called=called)
        if changed is not None:
            (self._tampered if changed.tampered else self._restored)(*changed.parts)
        if tampered or self._hook.states != before:
            self._show_servers()

    def _restored(self, *parts: str) -> None:
        """Somebody changed the guard's own code: it is restored already."""
        self._gate.note({"event": "integrity", "parts": list(parts), "state": "restored"})
        self._notice = f"{', '.join(parts)} of the guard was changed: restored"

    def _tampered(self, *parts: str) -> None:
        """A guarded call changed what none may change: it is restored already; no further call gets so far."""
        self._gate.note({"event": "tamper", "parts": list(parts), "state": "restored"})
        self._notice = f"a guarded call changed {', '.join(parts)}: restored, and the guard is locked down"
        self.Lockdown()

    # -- a call ----------------------------------------------------------------------------------------------------

    def HandleRequest(self, webServerDAT: Any, request: Mapping[str, Any], response: dict[str, Any]) -> dict[str, Any]:
        """One call, from the callbacks DAT's ``onHTTPRequest`` and back."""
        self.PolicyEdited()
        original = self._hook.original_of(webServerDAT)
        if original is None:
            raise LookupError(f"{webServerDAT.path} has no callbacks of its own")

        def forward(canonical: dict[str, Any]) -> tuple[int, str, str]:
            answer = original.module.onHTTPRequest(webServerDAT, canonical, dict(response))
            return self._read_reply(answer)  # type: ignore[no-any-return]

        mode = self._mode(self.ownerComp.par.Mode.eval())
        if self._called and (changed := self._code_seal.look()):  # no frame since the last call: they may be off
            self._restored(*changed)
        self._called = True
        seal = self._seal(webServerDAT, self._policies.table())
        policy = self._policies.current
        reply = self._gate.handle(request, policy=policy, mode=mode, me=original, forward=forward, seal=seal)
        self._code_seal.called()
        if seal.changed:
            self._tampered(*seal.changed)
        # Every further key would be sent as a header: only what is meant goes out, no CORS header of the server.
        return {
            "statusCode": reply.status,
            "statusReason": reply.reason,
            "content-type": "application/json",
            "data": reply.body,
        }

    def RefuseWebSocket(self, webServerDAT: Any, client: str) -> None:
        """A WebSocket: the guarded dialect has none, so whoever opens one is recorded and cut off."""
        if client in webServerDAT.webSocketConnections:
            self._gate.note({"event": "websocket", "server": webServerDAT.path, "peer": client, "outcome": "deny"})
            webServerDAT.webSocketClose(client)

    # -- the operator's methods ------------------------------------------------------------------------------------

    def ReloadPolicy(self) -> bool:
        """Load the policy again, from where the parameter Source says.

        Returns:
            Whether it loaded. One that does not load leaves the last good one in force, and is reported in the Table
            DAT ``problems`` and in the parameter Status.
        """
        loaded = self._policies.reload()
        self._panel.show_problems(self._policies.problems)
        self._show()
        return bool(loaded)

    def PolicyEdited(self) -> None:
        """An edited cell or another source counts from the next call on. Called by the DAT Execute DAT too."""
        if self._policies.is_edited():
            self.ReloadPolicy()

    def Approve(self, id: str) -> bool:
        """Approve the call that waits under `id`. It may then be repeated, once."""
        return bool(self._desk.approve(id))

    def Deny(self, id: str) -> bool:
        """Deny the call that waits under `id`."""
        return bool(self._desk.deny(id))

    def ApproveNext(self) -> None:
        """Approve the oldest call that waits, if it has stood in Pending long enough to be read."""
        self._notice = self._desk.approve_next()

    def DenyNext(self) -> None:
        """Deny the oldest call that waits, if it has stood in Pending long enough to be read."""
        self._notice = self._desk.deny_next()

    def Pending(self) -> list[dict[str, Any]]:
        """The calls that wait for a person: id and summary, oldest first."""
        return [{"id": one.id, "summary": one.summary} for one in self._desk.waiting()]

    def VerifyAudit(self) -> None:
        """Check the audit's chain of records, beside the show; the answer appears in the parameter Status."""
        self._notice = "the audit is being checked"
        self._desk.verify(self._ledger.folder)

    # -- behind the methods ----------------------------------------------------------------------------------------

    def _show(self) -> None:
        par = self.ownerComp.par
        self._panel.show(
            self._situation(
                enabled=bool(par.Enable.eval()),
                mode=self._mode(par.Mode.eval()),
                servers=self._hook.states,
                has_policy=self._policies.current is not None,
                policy=self._policies.status,
                audit_failure=self._ledger.failure,
                notice=self._notice or self._grants.problem,
                uncounted="" if self._counters.limits is not None else self._counters.problem,
                exposed=self._hook.exposed(),
            )
        )

    def _show_servers(self) -> None:
        """What is guarded, and what is not; what is guarded is spared from scripts."""
        self._bridge.protect(self._hook.wiring())
        self._panel.show_servers(self._hook.states, self._hook.originals())

    def _move_audit(self) -> None:
        if self._audit_folder() == self._ledger.folder:
            return
        try:
            self._ledger.move(self._audit_folder())
            self._notice = ""
        except self._package.module("audit").AuditError as error:
            self._notice = f"the audit stays in {self._ledger.folder}: {error}"

    def _state_folder(self) -> Path:
        """The folder beside the project in which the guard keeps what must last."""
        return Path(self._td.project.folder) / str(self._package.module("td_bridge").STATE_FOLDER)

    def _audit_folder(self) -> Path:
        chosen = self.ownerComp.par.Folder.eval()
        return Path(chosen) if chosen else self._state_folder() / "audit"

    def _seen(self) -> Any:
        """What is known of the show at this moment."""
        local = time.localtime()
        hour = local.tm_hour + local.tm_min / 60 + local.tm_sec / 3600
        return self._show_of(self._bridge.perform_mode(), self._frames.rate(time.monotonic()), hour)
