"""What a person sees of the component and does to it: parameters, colour and comment, Table DATs."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

import td_extension
from policyguard_cli.component import component_spec
from td_extension.td_desk import READING_S
from td_extension.td_panel import HELP
from td_headless import Runtime
from tests.component.conftest import remove_guards
from tests.component.sample import OWN, SERVER, call, drop, new_project, points_to

GREEN, AMBER, RED, GREY = (0.1, 0.55, 0.2), (0.9, 0.6, 0.1), (0.8, 0.1, 0.1), (0.55, 0.55, 0.55)
PAGES = {
    "Guard": "Enable Mode Servers Install Uninstall Reloadpolicy Lockdown Status Version Originals",
    "Access": "Requirekey Hosts Peers",
    "Policy": "Source File Preset Openpolicy",
    "Approvals": "Pending Approvenext Denynext",
    "Audit": "Folder Verify Openlog",
}
LABELS = {
    "Reloadpolicy": "Reload Policy", "Openpolicy": "Open Policy", "Approvenext": "Approve Next",
    "Denynext": "Deny Next", "Openlog": "Open Log", "Originals": "Original Callbacks",
    "Requirekey": "Require Key",
}  # fmt: skip


@pytest.fixture
def viewed(monkeypatch: pytest.MonkeyPatch, runtime: Runtime) -> list[str]:
    """What was opened to be looked at."""
    opened: list[str] = []
    monkeypatch.setattr(type(runtime.td.ui), "viewFile", lambda self, path: opened.append(path))
    monkeypatch.setattr(runtime.td.OP, "openViewer", lambda self: opened.append(self.path))
    return opened


def pulse(runtime: Runtime, guard: Any, name: str) -> None:
    guard.par[name].pulse()
    runtime.step()


def rows(guard: Any, table: str) -> list[list[str]]:
    return [[cell.val for cell in row] for row in guard.op(table).rows()]


def read() -> None:
    """A person takes the time to read what waits."""
    time.sleep(READING_S)


def ask_first(guard: Any, tool: str = "execute_python_script") -> None:
    """From now on a person is asked about this tool."""
    names = [cell.val for cell in guard.op("policy").col("tool")]
    guard.op("policy")[names.index(tool), "action"] = "ask"


# -- the parameters ------------------------------------------------------------------------------------------------


def test_the_custom_pages_are_these(guard: Any) -> None:
    assert {page.name: " ".join(par.name for par in page.pars) for page in guard.customPages} == PAGES
    assert {par.name: par.label for par in guard.customPars if par.label != par.name} == LABELS


def test_every_custom_parameter_is_explained(guard: Any, runtime: Runtime) -> None:
    runtime.step()
    assert set(HELP) == {par.name for par in guard.customPars}
    assert [par.name for par in guard.customPars if par.help != HELP[par.name]] == []


def test_what_the_guard_tells_cannot_be_edited(guard: Any) -> None:
    assert [par.name for par in guard.customPars if par.readOnly] == ["Status", "Version", "Originals", "Pending"]
    assert guard.par.Version.eval() == td_extension.__version__


def test_the_shortcut_finds_it_and_its_methods_are_promoted(guard: Any, runtime: Runtime) -> None:
    assert runtime.td.op.PolicyGuard is guard
    assert guard.Pending() == []


@pytest.mark.parametrize("build", ["2023.11340", "2025.32460"])
def test_an_edited_table_is_seen_in_every_build(build: str, tmp_path: Path, contents: Path) -> None:
    runtime = Runtime(build=build, folder=tmp_path)
    with runtime.install() as td:
        guard = drop(runtime, contents, "/")
        for _ in range(2):
            runtime.step()
        guard.op("policy")[2, "action"] = "alow"
        runtime.step()
        assert "the last good policy stays in force" in guard.par.Status.eval()
        assert rows(guard, "problems")[1][0] == "error"
        assert not td.root.findChildren(key=lambda one: one.scriptErrors())
        remove_guards(td)
    runtime.close()


def test_a_key_is_required_from_the_moment_a_person_says_so(guard: Any, runtime: Runtime) -> None:
    guard.par.Requirekey = True
    runtime.step()
    assert "Code unknown-grant" in call(runtime)["error"]
    guard.par.Requirekey = False
    runtime.step()
    assert call(runtime)["success"] is True


@pytest.mark.parametrize("build", ["2023.11340", "2025.33230"])
def test_a_server_that_listens_on_all_interfaces_is_told_of(build: str, tmp_path: Path, contents: Path) -> None:
    runtime = new_project(tmp_path, build)
    with runtime.install() as td:
        guard = drop(runtime, contents)
        assert f"warning: {SERVER} listens on all interfaces: set Local Address to 127.0.0.1" in guard.par.Status.eval()
        remove_guards(td)
    runtime.close()


def test_a_server_that_listens_on_this_machine_only_is_not_told_of(tmp_path: Path, contents: Path) -> None:
    runtime = new_project(tmp_path, "2025.33230")
    with runtime.install() as td:
        guard = drop(runtime, contents)
        td.op(SERVER).par.localaddress = "127.0.0.1"
        runtime.step()
        assert "listens" not in guard.par.Status.eval()
        remove_guards(td)
    runtime.close()


def test_install_and_uninstall(guard: Any, runtime: Runtime) -> None:
    pulse(runtime, guard, "Uninstall")
    assert (points_to(runtime), guard.par.Enable.eval()) == (OWN, False)
    pulse(runtime, guard, "Install")
    assert (points_to(runtime), guard.par.Enable.eval()) == ("/project1/PolicyGuard/callbacks", True)


def test_lockdown_refuses_every_call(guard: Any, runtime: Runtime) -> None:
    pulse(runtime, guard, "Lockdown")
    assert guard.par.Mode.eval() == "lockdown"
    assert "Code lockdown" in call(runtime)["error"]


def test_a_server_that_is_named_is_guarded(guard: Any, runtime: Runtime) -> None:
    comp = runtime.td.op("/project1").create("baseCOMP", "other")
    comp.create("textDAT", "script").text = "def onHTTPRequest(dat, request, response):\n    return response\n"
    server = comp.create("webserverDAT", "web", initialize=False)
    server.par.callbacks = f"{comp.path}/script"
    guard.par.Servers = server.path
    runtime.step()
    assert points_to(runtime, server.path) == "/project1/PolicyGuard/callbacks"


# -- the policy ----------------------------------------------------------------------------------------------------


def test_a_file_a_preset_or_the_table_is_the_policy(guard: Any, runtime: Runtime, tmp_path: Path) -> None:
    (tmp_path / "p.json").write_text('{"version": "1", "default": "deny"}', encoding="utf-8")
    guard.par.File = str(tmp_path / "p.json")
    guard.par.Source = "file"
    runtime.step()
    assert "Code default-deny" in call(runtime)["error"]
    guard.op("policy").clear()
    guard.par.Source = "preset"
    runtime.step()
    assert call(runtime)["success"] is True
    assert "policy of preset default in force" in guard.par.Status.eval()
    guard.par.Source = "table"
    runtime.step()
    assert "the last good policy stays in force" in guard.par.Status.eval()


def test_another_source_counts_from_the_next_call_on(guard: Any, runtime: Runtime, tmp_path: Path) -> None:
    (tmp_path / "p.json").write_text('{"version": "1", "default": "deny"}', encoding="utf-8")
    guard.par.File, guard.par.Source = str(tmp_path / "p.json"), "file"
    assert "Code default-deny" in call(runtime)["error"]
    guard.par.Source = "table"
    assert call(runtime)["success"] is True


def test_without_its_table_the_last_good_policy_stays_in_force(guard: Any, runtime: Runtime) -> None:
    guard.op("policy").destroy()
    assert call(runtime)["success"] is True
    assert "the last good policy stays in force" in guard.par.Status.eval()


def test_a_file_that_changed_is_loaded_when_asked(guard: Any, runtime: Runtime, tmp_path: Path) -> None:
    (tmp_path / "p.json").write_text('{"version": "1", "default": "allow"}', encoding="utf-8")
    guard.par.File, guard.par.Source = str(tmp_path / "p.json"), "file"
    runtime.step()
    (tmp_path / "p.json").write_text('{"version": "1", "default": "deny"}', encoding="utf-8")
    assert call(runtime)["success"] is True
    pulse(runtime, guard, "Reloadpolicy")
    assert call(runtime)["success"] is False


def test_open_policy_shows_the_table_or_the_file(guard: Any, runtime: Runtime, viewed: list[str]) -> None:
    pulse(runtime, guard, "Openpolicy")
    guard.par.File, guard.par.Source = "/p.json", "file"
    pulse(runtime, guard, "Openpolicy")
    assert viewed == ["/project1/PolicyGuard/policy", "/p.json"]


# -- approvals -----------------------------------------------------------------------------------------------------


def test_the_oldest_call_is_approved_and_the_next_one_denied(guard: Any, runtime: Runtime) -> None:
    ask_first(guard)
    for script in ("1", "2"):
        assert call(runtime, script=script)["error"].startswith("APPROVAL_REQUIRED: ")
    runtime.step()
    first, second = guard.Pending()
    assert guard.par.Pending.eval().startswith(f"2: {first['id']} ")
    assert [row[0] for row in rows(guard, "approvals")] == ["id", first["id"], second["id"]]
    read()
    pulse(runtime, guard, "Approvenext")
    assert f"{first['id']} is approved" in guard.par.Status.eval()
    runtime.step()
    read()
    pulse(runtime, guard, "Denynext")
    assert f"{second['id']} is denied" in guard.par.Status.eval()
    assert guard.Pending() == []
    assert (guard.par.Pending.eval(), rows(guard, "approvals")) == ("", [["id", "summary"]])
    assert call(runtime, script="1")["success"] is True
    assert call(runtime, script="2")["success"] is False


def test_a_button_answers_only_what_the_person_has_read(guard: Any, runtime: Runtime) -> None:
    ask_first(guard)
    call(runtime, script="1")
    runtime.step()
    read()
    [shown] = guard.Pending()
    guard.Deny(shown["id"])
    call(runtime, script="2")
    pulse(runtime, guard, "Approvenext")
    assert "nothing was answered" in guard.par.Status.eval()
    assert [one["id"] for one in guard.Pending()] != [shown["id"]]
    assert call(runtime, script="2")["error"].startswith("APPROVAL_REQUIRED: ")


def test_the_buttons_do_nothing_where_nothing_waits(guard: Any, runtime: Runtime) -> None:
    pulse(runtime, guard, "Approvenext")
    pulse(runtime, guard, "Denynext")
    assert not guard.op("parameter_callbacks").scriptErrors()


# -- the audit -----------------------------------------------------------------------------------------------------


def wait_for(runtime: Runtime, guard: Any, text: str) -> None:
    due = time.monotonic() + 30
    while text not in guard.par.Status.eval():
        assert time.monotonic() < due, guard.par.Status.eval()
        time.sleep(0.01)
        runtime.step()


def test_the_audit_is_checked_beside_the_show(guard: Any, runtime: Runtime, tmp_path: Path) -> None:
    call(runtime)
    pulse(runtime, guard, "Verify")
    wait_for(runtime, guard, "the audit is whole (")
    [log] = (tmp_path / ".policyguard" / "audit").glob("*.jsonl")
    log.write_bytes(log.read_bytes().replace(b'"allow"', b'"alloy"', 1))
    pulse(runtime, guard, "Verify")
    wait_for(runtime, guard, "the audit is not whole (")
    assert log.name in guard.par.Status.eval()


def test_another_folder_takes_the_audit_on(guard: Any, runtime: Runtime, tmp_path: Path, viewed: list[str]) -> None:
    call(runtime)
    guard.par.Folder = str(tmp_path / "elsewhere")
    runtime.step()
    call(runtime)
    [log] = (tmp_path / "elsewhere").glob("*.jsonl")
    events = [json.loads(line)["event"] for line in log.read_text(encoding="utf-8").splitlines()]
    assert events.count("decision") == 1
    pulse(runtime, guard, "Openlog")
    assert viewed == [str(tmp_path / "elsewhere")]


def test_a_folder_that_cannot_be_written_changes_nothing_and_is_told(
    guard: Any, runtime: Runtime, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    guard.par.Folder = str(tmp_path / "file" / "audit")
    runtime.step()
    assert f"the audit stays in {tmp_path / '.policyguard' / 'audit'}" in guard.par.Status.eval()
    assert call(runtime)["success"] is True


def test_the_last_500_decisions_are_shown(guard: Any, runtime: Runtime) -> None:
    call(runtime, script="import os")
    runtime.step()
    head, row = rows(guard, "decisions")
    told = dict(zip(head, row, strict=True))
    assert head == ["time", "decision", "grant", "tool", "outcome", "code", "rule", "message"]
    assert (told["grant"], told["tool"], told["outcome"]) == ("anonymous", "execute_python_script", "deny")
    assert told["code"] == "missing-capability"
    first = told["decision"]
    for _ in range(5):
        for _ in range(120):
            call(runtime, script="import os")
        runtime.step()
    assert guard.op("decisions").numRows == 501
    assert first not in [row[1] for row in rows(guard, "decisions")]


def test_an_agents_text_cannot_break_the_table(guard: Any, runtime: Runtime) -> None:
    ledger = guard.ext.PolicyGuardExt._ledger
    ledger.append({"event": "decision", "tool": "a\tb\nc", "message": "x\r\ny\u2028z", "outcome": "deny"})
    runtime.step()
    assert rows(guard, "decisions")[-1][3:] == ["a b c", "deny", "", "", "x y z"]


# -- colour and comment --------------------------------------------------------------------------------------------


def test_green_amber_red(guard: Any, runtime: Runtime) -> None:
    assert (guard.color, guard.comment) == (GREEN, "enforcing: 1 server guarded")
    guard.par.Mode = "monitor"
    runtime.step()
    assert (guard.color, guard.comment) == (AMBER, "monitoring: 1 server guarded")
    guard.par.Mode = "lockdown"
    runtime.step()
    assert (guard.color, guard.comment) == (RED, "locked down: 1 server guarded")
    guard.par.Enable = False
    runtime.step()
    assert (guard.color, guard.comment) == (GREY, "not enabled: no server is guarded")


def test_red_without_a_policy(runtime: Runtime, contents: Path) -> None:
    from td_headless.expanded import load_expanded

    guard = load_expanded(runtime.td.op("/project1"), contents)
    guard.op("policy").clear()
    runtime.announce_created(guard)
    runtime.step()
    assert guard.color == RED
    assert guard.comment.startswith("broken, every call is refused, no policy has loaded")


def test_red_where_the_audit_cannot_be_written(guard: Any, runtime: Runtime, tmp_path: Path) -> None:
    for segment in (tmp_path / ".policyguard" / "audit").glob("*.jsonl"):
        segment.unlink()
    call(runtime)
    runtime.step()
    assert guard.color == RED
    assert "the audit cannot be written" in guard.par.Status.eval()


def test_nothing_is_written_where_nothing_has_changed(guard: Any, runtime: Runtime) -> None:
    for _ in range(3):
        runtime.step()
    changed: list[str] = []
    runtime.world.parameter_observers.append(lambda par, before: changed.append(par.name))
    tables = [guard.op(name)._version for name in ("status", "problems", "approvals", "decisions")]
    for _ in range(3):
        runtime.step()
    assert changed == []
    assert [guard.op(name)._version for name in ("status", "problems", "approvals", "decisions")] == tables


def test_no_name_of_a_page_is_missing_in_the_description() -> None:
    assert [page.name for page in component_spec().root.pages] == list(PAGES)
