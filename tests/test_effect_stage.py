"""What a call without a script does is looked at before it happens, and what has come of it right after."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from policyguard_cli import project
from td_headless import Runtime
from tests.waiting import without_waiting

EVIL = "import os\nos.system('x')"
Call = Callable[..., dict[str, Any]]


@pytest.fixture
def td(tmp_path: Path) -> Iterator[Any]:
    """A guarded project whose policy allows every tool; `timer1` runs the DAT `timer1_callbacks`, which is not there."""
    (tmp_path / "p.json").write_text('{"version": "1", "default": "allow"}', encoding="utf-8")
    runtime = Runtime(folder=tmp_path)
    with runtime.install() as module:
        _, guard = project.build(module.root, port=0, touchdesigner_mcp=None)
        guard.par.Source, guard.par.File = "file", str(tmp_path / "p.json")
        guard.Install()
        without_waiting(guard)
        timer = module.op("/project1").create("timerCHOP", "timer1")
        for child in list(module.op("/project1").children):
            if child.isDAT and child.dock is not None and child.dock.id == timer.id:
                child.destroy()
        timer.par.callbacks = "timer1_callbacks"
        yield module
        guard.destroy()
    runtime.close()


@pytest.fixture
def call(td: Any) -> Call:
    server = td.op("/project1/mcp_webserver_base/webserver1")

    def handle(method: str, uri: str, data: object = None, **pars: str) -> dict[str, Any]:
        request = {
            "method": method, "uri": uri, "pars": pars, "data": "" if data is None else json.dumps(data),
            "clientAddress": "127.0.0.1", "serverAddress": "", "Host": "127.0.0.1:9981", "Content-Type": "application/json",
        }  # fmt: skip
        reply = server.par.callbacks.eval().module.onHTTPRequest(server, request, {"statusCode": 404, "data": ""})
        envelope: dict[str, Any] = json.loads(reply["data"])
        return envelope

    return handle


def test_a_text_is_not_renamed_to_where_it_would_run(td: Any, call: Call) -> None:
    td.op("/project1").create("textDAT", "holder").text = EVIL
    told = call("PATCH", "/api/nodes/detail", {"nodePath": "/project1/holder", "properties": {"name": "timer1_callbacks"}})
    assert "would be run by TouchDesigner" in told["error"]
    assert td.op("/project1/holder") is not None
    assert td.op("/project1/timer1_callbacks") is None


def test_a_text_is_not_created_where_it_would_run(td: Any, call: Call) -> None:
    body = {"parentPath": "/project1", "nodeType": "textDAT", "nodeName": "timer1_callbacks"}
    assert "would be run" in call("POST", "/api/nodes", {**body, "parameters": {"text": EVIL}})["error"]
    assert td.op("/project1/timer1_callbacks") is None
    assert call("POST", "/api/nodes", {**body, "nodeName": "plain", "parameters": {"text": EVIL}})["success"] is True


def test_an_operator_that_names_a_text_that_would_be_refused_does_not_stay(td: Any, call: Call, tmp_path: Path) -> None:
    (tmp_path / "p.json").write_text(
        '{"version": "1", "default": "allow", "tools": {"create_td_node": {"script": {"profile": "build"}}}}', encoding="utf-8"
    )
    td.op.PolicyGuard.ReloadPolicy()
    td.op("/project1").create("textDAT", "holder").text = EVIL
    body = {"parentPath": "/project1", "nodeType": "timerCHOP", "nodeName": "timer2"}
    assert "would run the text of /project1/holder" in call("POST", "/api/nodes", {**body, "parameters": {"callbacks": "/project1/holder"}})["error"]
    assert td.op("/project1/timer2") is None
    assert call("POST", "/api/nodes", body)["success"] is True


def test_a_method_that_makes_operators_is_settled_too(td: Any, call: Call) -> None:
    td.op("/project1").create("textDAT", "holder").text = EVIL
    body = {"nodePath": "/project1", "method": "create", "args": ["textDAT", "timer1_callbacks"], "kwargs": {}}
    assert call("POST", "/api/td/nodes/exec", body)["success"] is True  # empty, so there is nothing to run
    body = {"nodePath": "/project1/mcp_webserver_base", "method": "copy", "args": ["/project1/PolicyGuard"], "kwargs": {}}
    assert "touches PolicyGuard" in call("POST", "/api/td/nodes/exec", body)["error"]


@pytest.mark.parametrize("path", ["nothing", "/project1/nothing*", "/project1/no thing", "/project1//nothing", "project1", "", "/project1/./x", "/project1/nothing/"])
def test_a_path_that_names_nothing_here_and_could_be_read_otherwise_is_refused(call: Call, path: str) -> None:
    assert "Code unresolved-path" in call("GET", "/api/nodes/detail", nodePath=path)["error"]


def test_a_plain_path_that_names_nothing_is_left_to_the_server_to_say(call: Call) -> None:
    assert "no operator at /project1/nothing" in call("GET", "/api/nodes/detail", nodePath="/project1/nothing")["error"]


def test_an_object_of_touchdesigner_is_described_by_the_guard_and_a_class_by_the_server(call: Call) -> None:
    assert call("GET", "/api/td/classes/project")["data"]["type"] == "Project"
    assert call("GET", "/api/td/classes/noiseTOP")["data"]["name"] == "noiseTOP"


def test_a_text_that_runs_is_judged_like_a_script_also_where_code_is_granted(td: Any, call: Call, tmp_path: Path) -> None:
    build = '{"action": "allow", "script": {"profile": "build"}}'
    tools = f'{{"create_td_node": {build}, "update_td_node_parameters": {build}}}'
    (tmp_path / "p.json").write_text(f'{{"version": "1", "default": "allow", "tools": {tools}}}', encoding="utf-8")
    td.op.PolicyGuard.ReloadPolicy()
    body = {"parentPath": "/project1", "nodeType": "executeDAT", "nodeName": "each_frame"}
    assert "needs capability 'process'" in call("POST", "/api/nodes", {**body, "parameters": {"text": EVIL}})["error"]
    assert td.op("/project1/each_frame") is None
    honest = "def onFrameStart(frame):\n    op('noise1').par.tx = frame % 10\n"
    assert call("POST", "/api/nodes", {**body, "parameters": {"text": honest}})["success"] is True
    for text, passes in ((EVIL, False), (honest + "\n", True)):
        told = call("PATCH", "/api/nodes/detail", {"nodePath": "/project1/each_frame", "properties": {"text": text}})
        assert told["success"] is passes
    assert td.op("/project1/each_frame").text == honest + "\n"


def test_a_refusal_quotes_no_endless_name(call: Call) -> None:
    body = {"nodePath": "/project1", "method": "create", "args": ["x" * 100_000], "kwargs": {}}
    assert len(call("POST", "/api/td/nodes/exec", body)["error"]) < 1_500
