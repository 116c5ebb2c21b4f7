"""The component's life: the hook, the policy that follows the table, the operator's methods."""

from __future__ import annotations

import builtins
import hashlib
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from policyguard_cli import project
from td_headless import Runtime

SERVER = "/project1/mcp_webserver_base/webserver1"
CALLBACKS = "/project1/mcp_webserver_base/mcp_webserver_script"


@pytest.fixture
def guard(tmp_path: Path) -> Iterator[Any]:
    """The component, installed, with its audit in a folder of the test."""
    runtime = Runtime(folder=tmp_path)
    with runtime.install() as td:
        _, component = project.build(td.root, port=0, touchdesigner_mcp=None)
        component.par.Folder = str(tmp_path / "audit")
        component.Install()
        yield component
        if component.valid:
            component.destroy()
    runtime.close()


@pytest.fixture
def call(guard: Any) -> Callable[..., dict[str, Any]]:
    """One call through the server's callbacks."""
    server = guard.parent().op("mcp_webserver_base/webserver1")

    def handle(
        method: str, uri: str, data: object = None, headers: Mapping[str, str] | None = None, **pars: str
    ) -> dict[str, Any]:
        body = "" if data is None else json.dumps(data)
        request = {
            "method": method,
            "uri": uri,
            "pars": pars,
            "data": body,
            "clientAddress": "127.0.0.1",
            "serverAddress": "",
            "Host": "127.0.0.1:9981",
            "Content-Type": "application/json",
        }
        request.update(headers or {})
        response = server.par.callbacks.eval().module.onHTTPRequest(server, request, {"statusCode": 404, "data": ""})
        envelope: dict[str, Any] = json.loads(response["data"])
        return envelope

    return handle


def allowed(call: Callable[..., dict[str, Any]]) -> bool:
    return bool(call("GET", "/api/nodes", parentPath="/project1")["success"])


def status_of(guard: Any, server: str) -> str | None:
    cell = guard.op("status")[server, "state"]
    return None if cell is None else str(cell.val)


def row_of(guard: Any, tool: str) -> int:
    names = [cell.val for cell in guard.op("policy").col("tool")]
    return names.index(tool)


# -- the hook ------------------------------------------------------------------------------------------------------


def test_install_points_the_server_at_the_guard_and_keeps_its_own_callbacks(guard: Any) -> None:
    assert guard.parent().op(SERVER).par.callbacks.eval().path == "/project1/PolicyGuard/callbacks"
    assert guard.par.Originals.eval() == f"{SERVER}>{CALLBACKS}"


def test_installing_twice_changes_nothing(guard: Any) -> None:
    assert guard.Install() == [SERVER]
    assert guard.par.Originals.eval() == f"{SERVER}>{CALLBACKS}"


def test_uninstall_restores_the_servers_own_callbacks(guard: Any) -> None:
    assert guard.Uninstall() == [SERVER]
    assert guard.parent().op(SERVER).par.callbacks.eval().path == CALLBACKS
    assert guard.par.Originals.eval() == ""


def test_a_server_that_does_not_exist_is_reported(guard: Any) -> None:
    guard.par.Servers = "/project1/nothing"
    guard.Install()
    assert status_of(guard, "/project1/nothing") == "named in Servers, but there is no Web Server DAT"


def test_the_guard_works_on_after_its_extension_is_made_anew(guard: Any, call: Callable[..., dict[str, Any]]) -> None:
    guard.initializeExtensions()
    assert allowed(call)
    assert call("DELETE", "/api/nodes", nodePath="/project1/noise1")["success"] is False


def test_nothing_of_the_core_stays_imported_when_the_component_is_gone(guard: Any) -> None:
    name = f"policyguard_{guard.id}"
    assert f"{name}.gate" in sys.modules
    guard.destroy()
    assert not [module for module in sys.modules if module.startswith(name)]
    assert not [finder for finder in sys.meta_path if getattr(finder, "name", "") == name]


# -- the policy ----------------------------------------------------------------------------------------------------


def test_an_edited_cell_changes_the_next_decision(guard: Any, call: Callable[..., dict[str, Any]]) -> None:
    assert allowed(call)
    guard.op("policy")[row_of(guard, "get_td_nodes"), "action"] = "deny"
    assert not allowed(call)
    guard.op("policy")[row_of(guard, "get_td_nodes"), "action"] = "allow"
    assert allowed(call)


@pytest.mark.parametrize(
    ("column", "value"), [("action", "alow"), ("limit", "many"), ("script", "root"), ("tool", "get_td_info")]
)
def test_a_bad_cell_keeps_the_last_good_policy_and_is_reported_with_its_place(
    guard: Any, call: Callable[..., dict[str, Any]], column: str, value: str
) -> None:
    row = row_of(guard, "get_td_nodes")
    before = guard.op("policy")[row, column].val
    guard.op("policy")[row, column] = value
    assert allowed(call)
    problem = [cell.val for cell in guard.op("problems").row(1)]
    assert problem[0] == "error"
    assert f"row {row}" in problem[1]
    assert column in problem[1]
    assert problem[3]
    assert "the last good policy stays in force" in guard.par.Status.eval()
    guard.op("policy")[row, column] = before
    assert allowed(call)
    assert guard.op("problems").numRows == 1


def test_a_policy_file_takes_the_place_of_the_table(
    guard: Any, call: Callable[..., dict[str, Any]], tmp_path: Path
) -> None:
    (tmp_path / "p.json").write_text('{"version": "1", "default": "deny"}', encoding="utf-8")
    guard.par.Source, guard.par.File = "file", str(tmp_path / "p.json")
    assert guard.ReloadPolicy() is True
    assert not allowed(call)
    guard.par.Source = "table"
    assert guard.ReloadPolicy() is True
    assert allowed(call)


def test_a_policy_file_that_is_not_there_keeps_the_last_good_policy(
    guard: Any, call: Callable[..., dict[str, Any]]
) -> None:
    guard.par.Source, guard.par.File = "file", "/nowhere/p.json"
    assert guard.ReloadPolicy() is False
    assert allowed(call)


# -- the operator's methods ----------------------------------------------------------------------------------------


def test_a_call_that_waits_is_carried_out_once_after_its_approval(
    guard: Any, call: Callable[..., dict[str, Any]]
) -> None:
    guard.op("policy")[row_of(guard, "delete_td_node"), "action"] = "ask"
    held = call("DELETE", "/api/nodes", nodePath="/project1/notes")
    assert held["error"].startswith("APPROVAL_REQUIRED: PolicyGuard holds delete_td_node: ask the operator to approve ")
    [waiting] = guard.Pending()
    assert waiting["id"] in held["error"]
    assert guard.Approve(waiting["id"]) is True
    # The approval is for this very call, and for one time.
    assert call("DELETE", "/api/nodes", nodePath="/project1/cues")["success"] is False
    assert call("DELETE", "/api/nodes", nodePath="/project1/notes")["success"] is True
    assert call("DELETE", "/api/nodes", nodePath="/project1/notes")["error"].startswith("APPROVAL_REQUIRED: ")


def test_a_denied_call_stays_denied(guard: Any, call: Callable[..., dict[str, Any]]) -> None:
    guard.op("policy")[row_of(guard, "delete_td_node"), "action"] = "ask"
    call("DELETE", "/api/nodes", nodePath="/project1/notes")
    [waiting] = guard.Pending()
    assert guard.Deny(waiting["id"]) is True
    assert guard.Approve(waiting["id"]) is False
    assert call("DELETE", "/api/nodes", nodePath="/project1/notes")["success"] is False


# -- the audit -----------------------------------------------------------------------------------------------------


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not let an open file be deleted")
def test_nothing_runs_unrecorded_but_the_handshake_is_answered(
    guard: Any, call: Callable[..., dict[str, Any]], tmp_path: Path
) -> None:
    assert allowed(call)
    for segment in (tmp_path / "audit").glob("*.jsonl"):
        segment.unlink()
    script = {"script": "op('/project1').create(noiseTOP, 'unseen')"}
    assert "Code audit-failed" in call("POST", "/api/td/server/exec", script)["error"]
    assert guard.parent().op("unseen") is None
    assert "Code audit-failed" in call("GET", "/api/nodes", parentPath="/project1")["error"]
    assert call("GET", "/api/td/server/td")["success"] is True


def test_each_call_stands_in_the_undo_list_under_its_decision(
    guard: Any, call: Callable[..., dict[str, Any]], tmp_path: Path
) -> None:
    call("POST", "/api/td/server/exec", {"script": "op('/project1').create(noiseTOP, 'n')"})
    log = "".join(file.read_text(encoding="utf-8") for file in (tmp_path / "audit").glob("*.jsonl"))
    decision = [json.loads(line) for line in log.splitlines()][-1]["decision"]
    import td

    assert f"PolicyGuard {decision}" in td.ui.undo.undoStack


# -- grants --------------------------------------------------------------------------------------------------------


def test_each_grant_has_limits_of_its_own(guard: Any, call: Callable[..., dict[str, Any]], tmp_path: Path) -> None:
    folder = tmp_path / ".policyguard"
    folder.mkdir(exist_ok=True)
    digests = {name: {"sha256": hashlib.sha256(name.encode()).hexdigest()} for name in ("anna", "ben")}
    (folder / "grants.json").write_text(json.dumps({"version": 1, "grants": digests}), encoding="utf-8")
    guard.initializeExtensions()

    def script_as(name: str) -> dict[str, Any]:
        key = {"Authorization": "Bearer " + name}
        return call("POST", "/api/td/server/exec", {"script": "1"}, headers=key)

    assert [script_as("anna")["success"] for _ in range(11)] == [True] * 10 + [False]
    assert script_as("ben")["success"] is True
    assert script_as("carl")["error"].startswith("PERMISSION: ")


# -- what is imported when -----------------------------------------------------------------------------------------

NOT_AT_START = {
    "script.analyse", "script.judge", "script.cost", "script.run", "script.execute", "script.watch", "script.world",
    "linear_pattern", "audit_verify", "policy.document", "policy.yaml_text", "policy.expression",
    "policy.argument_schema", "policy.arguments", "policy.load",
}  # fmt: skip
"""What only scripts, files and conditions of a policy need: each module takes about a millisecond."""


def imported(guard: Any) -> set[str]:
    package = f"policyguard_{guard.id}."
    return {name.removeprefix(package) for name in sys.modules if name.startswith(package)}


def test_what_the_start_does_not_need_is_not_imported_by_it(guard: Any) -> None:
    assert "gate" in imported(guard)
    assert not imported(guard) & NOT_AT_START


def test_the_first_script_compiles_nothing_of_the_guard_once_the_frames_have_prepared_it(
    guard: Any, call: Callable[..., dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(200):
        guard.ext.PolicyGuardExt.OnFrame()
    compiled: list[str] = []
    real = builtins.compile

    def noted(source: Any, filename: Any, *arguments: Any, **keywords: Any) -> Any:
        compiled.append(str(filename))
        return real(source, filename, *arguments, **keywords)

    monkeypatch.setattr(builtins, "compile", noted)
    assert call("POST", "/api/td/server/exec", {"script": "1 + 1"})["data"]["result"] == 2
    assert "script.judge" in imported(guard)
    assert [file for file in compiled if file.startswith("<policyguard_")] == []


def test_a_judgement_that_cannot_be_imported_refuses_every_script(
    guard: Any, call: Callable[..., dict[str, Any]]
) -> None:
    guard.op("source/script/judge").text = "raise ImportError('gone')"
    guard.initializeExtensions()
    guard.ext.PolicyGuardExt.OnFrame()
    for _ in range(2):
        answer = call("POST", "/api/td/server/exec", {"script": "1 + 1"})
        assert answer["success"] is False
        assert answer["data"] is None
