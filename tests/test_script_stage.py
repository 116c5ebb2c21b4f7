"""Scripts and effects under a policy's script rule: added, taken away, approved by a person, and remembered."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from policyguard_cli import project
from td_headless import Runtime
from tests.waiting import without_waiting

Call = Callable[..., dict[str, Any]]

DELETES = "op('/project1/notes').destroy()"


@pytest.fixture
def guard(tmp_path: Path) -> Iterator[Any]:
    """The component, installed, with its audit in a folder of the test."""
    runtime = Runtime(folder=tmp_path)
    with runtime.install() as td:
        _, component = project.build(td.root, port=0, touchdesigner_mcp=None)
        component.par.Folder = str(tmp_path / "audit")
        component.Install()
        without_waiting(component)
        yield component
        component.destroy()
    runtime.close()


@pytest.fixture
def call(guard: Any) -> Call:
    """One call through the server's callbacks."""
    server = guard.parent().op("mcp_webserver_base/webserver1")

    def handle(method: str, uri: str, data: object = None, **headers: str) -> dict[str, Any]:
        request = {
            "method": method, "uri": uri, "pars": {}, "data": json.dumps(data), "clientAddress": "127.0.0.1",
            "serverAddress": "", "Host": "127.0.0.1:9981", "Content-Type": "application/json", **headers,
        }  # fmt: skip
        reply = server.par.callbacks.eval().module.onHTTPRequest(server, request, {"statusCode": 404, "data": ""})
        envelope: dict[str, Any] = json.loads(reply["data"])
        return envelope

    return handle


@pytest.fixture
def script(call: Call) -> Callable[[str], dict[str, Any]]:
    """Send one script."""
    return lambda text: call("POST", "/api/td/server/exec", {"script": text})


def rule(guard: Any, text: str, tool: str = "execute_python_script") -> None:
    table = guard.op("policy")
    row = [cell.val for cell in table.col("tool")].index(tool)
    table[row, "script"] = text
    table[row, "limit"] = ""
    table[row, "scope"] = ""


def records(guard: Any) -> list[dict[str, Any]]:
    files = sorted(Path(guard.par.Folder.eval()).glob("*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]


# -- what a policy adds and takes away -----------------------------------------------------------------------------


def test_a_capability_that_is_added_is_granted(guard: Any, script: Any) -> None:
    assert script(DELETES)["success"] is False
    rule(guard, "edit +td.delete")
    assert script(DELETES)["success"] is True
    assert guard.parent().op("notes") is None


def test_a_capability_that_is_taken_away_is_refused_and_the_rule_is_told(guard: Any, script: Any) -> None:
    rule(guard, "build -td.delete")
    error = script(DELETES)["error"]
    assert ".destroy needs capability 'td.delete'" in error
    assert "Allowed here: build -td.delete" in error


def test_a_rule_holds_for_the_tools_without_a_script_too(guard: Any, call: Call) -> None:
    body = {"nodePath": "/project1/notes", "method": "destroy", "args": [], "kwargs": {}}
    assert call("POST", "/api/td/nodes/exec", body)["success"] is False
    rule(guard, "edit +td.delete", "exec_node_method")
    assert call("POST", "/api/td/nodes/exec", body)["success"] is True


def test_every_refused_use_is_told_at_once(script: Any) -> None:
    error = script("import os\nx = 1\nop('/project1/notes').destroy()\nx.colour\n")["error"]
    assert "at line 1: import os needs capability 'process'" in error
    assert "Also line 3: .destroy needs 'td.delete', line 4: .colour is refused" in error


def test_a_text_that_does_not_compile_is_refused_before_anything_runs(guard: Any, script: Any) -> None:
    error = script("op('/project1').create(noiseTOP, 'made')\nreturn 1")["error"]
    assert "at line 2: this script is refused: it is no valid Python: 'return' outside function" in error
    assert guard.parent().op("made") is None


def test_a_refused_script_is_recorded_with_its_digest(guard: Any, script: Any) -> None:
    script("import os")
    last = records(guard)[-1]
    assert (last["outcome"], last["code"], len(last["script_sha256"])) == ("deny", "missing-capability", 64)


# -- what a person approves ----------------------------------------------------------------------------------------


def test_a_use_that_is_asked_for_holds_the_call_before_anything_runs(guard: Any, script: Any) -> None:
    rule(guard, "edit ?td.delete")
    error = script("op('/project1').create(noiseTOP, 'made')\n" + DELETES)["error"]
    [waiting] = guard.Pending()
    assert error.startswith("APPROVAL_REQUIRED: PolicyGuard holds execute_python_script at line 2: .destroy needs")
    assert f"ask the operator to approve {waiting['id']} in TouchDesigner, then repeat the same call" in error
    assert "to use td.delete" in waiting["summary"]
    assert guard.parent().op("made") is None


def test_an_approved_script_runs_once_with_what_it_was_held_for(guard: Any, script: Any) -> None:
    rule(guard, "edit ?td.delete ?td.code")
    script(DELETES)
    [waiting] = guard.Pending()
    assert guard.Approve(waiting["id"])
    assert script(DELETES)["success"] is True
    assert [one["approved"] for one in records(guard) if one.get("outcome") == "allow"][-1] == ["td.delete"]
    assert script(DELETES)["error"].startswith("APPROVAL_REQUIRED: ")


def test_an_approval_is_bound_to_the_text_of_the_script(guard: Any, script: Any) -> None:
    rule(guard, "edit ?td.delete")
    script(DELETES)
    guard.Approve(guard.Pending()[0]["id"])
    assert script(DELETES + " ")["error"].startswith("APPROVAL_REQUIRED: ")
    assert guard.parent().op("notes") is not None


def test_an_approval_of_another_policy_counts_no_more(guard: Any, script: Any) -> None:
    rule(guard, "edit ?td.delete")
    script(DELETES)
    guard.Approve(guard.Pending()[0]["id"])
    rule(guard, "edit ?td.delete ?net")
    assert script(DELETES)["error"].startswith("APPROVAL_REQUIRED: ")


def test_what_nobody_may_approve_is_refused_and_nobody_is_asked(guard: Any, script: Any) -> None:
    rule(guard, "edit ?td.delete")
    error = script("import os\n" + DELETES)["error"]
    assert error.startswith("PERMISSION: ")
    assert guard.Pending() == []


def test_a_script_without_a_use_that_is_asked_for_just_runs(guard: Any, script: Any) -> None:
    rule(guard, "edit ?td.delete")
    assert script("op('/project1').name")["success"] is True
    assert guard.Pending() == []


def test_a_use_that_is_found_only_at_run_time_stops_the_script_and_can_then_be_approved(
    guard: Any, script: Any
) -> None:
    rule(guard, "edit ?td.code")
    guard.parent().create("executeDAT", "every_frame")
    text = "d = [o for o in op('/project1').children if o.type == 'execute'][0]\nd.text = 'pass'"
    error = script(text)["error"]
    assert error.startswith("APPROVAL_REQUIRED: PolicyGuard holds execute_python_script at line 2: ")
    assert "The script was stopped there; ask the operator to approve" in error
    [waiting] = guard.Pending()
    assert "to use td.code" in waiting["summary"]
    assert guard.Approve(waiting["id"])
    assert script(text)["success"] is True
    assert guard.parent().op("every_frame").text == "pass"


def test_an_effect_that_is_asked_for_is_held_and_carried_out_once_approved(guard: Any, call: Call) -> None:
    rule(guard, "edit ?td.delete", "exec_node_method")
    body = {"nodePath": "/project1/notes", "method": "destroy", "args": [], "kwargs": {}}
    error = call("POST", "/api/td/nodes/exec", body)["error"]
    assert error.startswith("APPROVAL_REQUIRED: ")
    assert guard.parent().op("notes") is not None
    guard.Approve(guard.Pending()[0]["id"])
    assert call("POST", "/api/td/nodes/exec", body)["success"] is True
    assert guard.parent().op("notes") is None


def test_where_every_call_is_approved_that_approval_covers_what_is_asked_for(guard: Any, script: Any) -> None:
    rule(guard, "edit ?td.delete")
    table = guard.op("policy")
    table[[cell.val for cell in table.col("tool")].index("execute_python_script"), "action"] = "ask"
    script(DELETES)
    guard.Approve(guard.Pending()[0]["id"])
    assert script(DELETES)["success"] is True


def test_the_guard_itself_is_spared_whatever_is_approved(guard: Any, script: Any) -> None:
    rule(guard, "trusted ?td.delete")
    text = "[o for o in op('/project1').children if o.name.startswith('P')][0].destroy()"
    script(text)
    guard.Approve(guard.Pending()[0]["id"])
    assert script(text)["success"] is False
    assert guard.valid


def test_in_monitor_mode_nobody_is_asked_and_the_record_says_what_would_have_been(guard: Any, script: Any) -> None:
    rule(guard, "edit ?td.delete")
    guard.par.Mode = "monitor"
    assert script(DELETES)["success"] is True
    assert guard.Pending() == []
    assert [one["would_refuse"] for one in records(guard) if one["event"] == "decision"] == [True]


# -- scripts that come again ---------------------------------------------------------------------------------------


def test_a_script_that_was_judged_before_is_decided_by_the_policy_of_now(guard: Any, script: Any) -> None:
    rule(guard, "edit +td.delete")
    text = "len([o.destroy() for o in op('/project1').children if o.name == 'gone'])"
    assert [script(text)["success"] for _ in range(2)] == [True, True]
    rule(guard, "edit")
    assert script(text)["success"] is False
    rule(guard, "edit +td.delete")
    assert script(text)["success"] is True


def test_a_run_leaves_nothing_to_the_next_run_of_the_same_script(script: Any) -> None:
    text = "def f(seen=[]):\n    seen.append(1)\n    return len(seen)\nresult = [f(), f()]"
    assert [script(text)["data"]["result"] for _ in range(3)] == [[1, 2]] * 3
    assert [script("result = [1]")["data"]["result"], script("1 + 1")["data"]["result"]] == [[1], 2]


def test_what_an_effect_would_have_copied_is_looked_at(guard: Any, call: Call) -> None:
    project_comp = guard.parent()
    project_comp.create("replicatorCOMP", "rep")
    body = {"nodePath": "/project1/rep", "properties": {"master": "/project1/mcp_webserver_base"}}
    assert "is not copied" in call("PATCH", "/api/nodes/detail", body)["error"]
    body = {
        "parentPath": "/project1", "nodeType": "replicatorCOMP", "nodeName": "rep2",
        "parameters": {"master": "/project1/mcp_webserver_base"},
    }  # fmt: skip
    assert "is not copied" in call("POST", "/api/nodes", body)["error"]
    assert project_comp.op("rep2") is None


def test_an_effect_makes_no_table_that_stalls_the_frame(guard: Any, call: Call) -> None:
    guard.parent().create("tableDAT", "grid")
    body = {"nodePath": "/project1/grid", "method": "setSize", "args": [100_000, 100_000], "kwargs": {}}
    assert "would stall the frame" in call("POST", "/api/td/nodes/exec", body)["error"]
