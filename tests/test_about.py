"""An agent can ask what is allowed before it is refused, and is told once a session that it can."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from policyguard_cli import project
from td_extension.hints import SESSION_S, TEXT, Hints
from td_headless import Runtime

Call = Callable[..., dict[str, Any]]
HINT = "get_td_module_help with moduleName policyguard"


@pytest.fixture
def guard(tmp_path: Path) -> Iterator[Any]:
    """The component under the shipped default."""
    runtime = Runtime(folder=tmp_path)
    with runtime.install() as td:
        _, component = project.build(td.root, port=0, touchdesigner_mcp=None)
        component.Install()
        yield component
        component.destroy()
    runtime.close()


@pytest.fixture
def call(guard: Any) -> Call:
    server = guard.parent().op("mcp_webserver_base/webserver1")

    def handle(method: str, uri: str, data: object = None, peer: str = "127.0.0.1", **pars: str) -> dict[str, Any]:
        request = {
            "method": method, "uri": uri, "pars": pars, "data": "" if data is None else json.dumps(data),
            "clientAddress": peer, "serverAddress": "", "Host": "127.0.0.1:9981", "Content-Type": "application/json",
        }  # fmt: skip
        reply = server.par.callbacks.eval().module.onHTTPRequest(server, request, {"statusCode": 404, "data": ""})
        envelope: dict[str, Any] = json.loads(reply["data"])
        return envelope

    return handle


def script(call: Call, text: str, peer: str = "127.0.0.1") -> dict[str, Any]:
    return call("POST", "/api/td/server/exec", {"script": text}, peer)


def ask(call: Call, name: str = "policyguard") -> dict[str, Any]:
    return call("GET", "/api/td/modules/help", moduleName=name)


@pytest.mark.parametrize("name", ["policyguard", "PolicyGuard", " policyguard "])
def test_the_guard_tells_what_is_allowed_and_what_is_left(call: Call, name: str) -> None:
    script(call, "1")
    told = ask(call, name)
    assert told["success"] is True
    text = told["data"]["helpText"]
    assert "- execute_python_script: allowed; 9 of 10 left in 60 s; may use edit (td.create, td.read, td.write)" in text
    assert "- delete_td_node: denied: " in text
    assert "- get_td_nodes: allowed\n" in text
    assert "Your grant: anonymous" in text
    assert "ask the operator to approve that id" in text


def test_it_is_answered_where_the_tool_is_denied_but_not_in_lockdown(guard: Any, call: Call) -> None:
    names = [cell.val for cell in guard.op("policy").col("tool")]
    guard.op("policy")[names.index("get_td_module_help"), "action"] = "deny"
    assert "denied" in call("GET", "/api/td/modules/help", moduleName="tdu")["error"]
    assert "- get_td_module_help: denied" in ask(call)["data"]["helpText"]
    guard.par.Mode = "lockdown"
    assert "Code lockdown" in ask(call)["error"]


def test_a_hidden_tool_is_not_told_of(guard: Any, call: Call) -> None:
    names = [cell.val for cell in guard.op("policy").col("tool")]
    guard.op("policy")[names.index("delete_td_node"), "action"] = "hide"
    assert "delete_td_node" not in ask(call)["data"]["helpText"]


def test_what_a_person_is_asked_for_is_told(guard: Any, call: Call) -> None:
    names = [cell.val for cell in guard.op("policy").col("tool")]
    guard.op("policy")[names.index("execute_python_script"), "script"] = "edit ?td.code"
    guard.op("policy")[names.index("create_td_node"), "action"] = "ask"
    text = ask(call)["data"]["helpText"]
    assert "a person is asked for td.code" in text
    assert "- create_td_node: a person approves every call" in text


def test_the_first_refusal_of_a_session_says_how_to_ask_and_the_others_do_not(call: Call) -> None:
    assert HINT in script(call, "import os")["error"]
    assert HINT not in script(call, "import os")["error"]
    assert HINT not in call("GET", "/nowhere")["error"]
    assert HINT in script(call, "import os", peer="127.0.0.2")["error"]


def test_who_is_not_admitted_is_told_nothing(call: Call) -> None:
    assert HINT not in script(call, "1", peer="10.0.0.7")["error"]


def test_a_session_ends_after_half_an_hour_without_a_refusal() -> None:
    hints = Hints()
    at_s = [0.0, 1.0, SESSION_S, 2 * SESSION_S + 1]
    assert [hints.after_refusal("anna", now_s) for now_s in at_s] == [TEXT, "", "", TEXT]


def test_a_thousand_callers_are_remembered() -> None:
    hints = Hints()
    for number in range(1_001):
        hints.after_refusal(str(number), 0.0)
    assert hints.after_refusal("1000", 1.0) == ""
    assert hints.after_refusal("0", 1.0) == TEXT
