"""Five defects that a policy proxy had (policy_engines.md section 1.6): here each is refused, and has no effect."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from policyguard_cli import project
from td_headless import Runtime
from tests.waiting import without_waiting

Send = Callable[[str, str, str], str]

POLICY = {
    "version": "1",
    "default": "deny",
    "tools": {
        "delete_td_node": {"action": "deny"},
        "execute_python_script": {},
        "update_td_node_parameters": {
            "limits": [{"counter": "spent", "window": "day", "max": 100_000, "cost": "args.properties.amount"}]
        },
    },
}
MAKES = "op('/project1').create(noiseTOP, 'made')"


@pytest.fixture
def td(tmp_path: Path) -> Iterator[Any]:
    (tmp_path / "p.json").write_text(json.dumps(POLICY), encoding="utf-8")
    runtime = Runtime(folder=tmp_path)
    with runtime.install() as module:
        _, guard = project.build(module.root, port=0, touchdesigner_mcp=None)
        guard.par.Source, guard.par.File = "file", str(tmp_path / "p.json")
        guard.Install()
        without_waiting(guard)
        module.op("/project1").create("noiseTOP", "kept")
        yield module
        guard.destroy()
    runtime.close()


@pytest.fixture
def send(td: Any) -> Send:
    """Send a body as it stands; the stable code of the refusal, empty where the call passed."""

    def handle(method: str, uri: str, body: str) -> str:
        server = td.op("/project1/mcp_webserver_base/webserver1")
        request = {
            "method": method, "uri": uri, "pars": {}, "data": body, "clientAddress": "127.0.0.1", "serverAddress": "",
            "Host": "127.0.0.1:9981", "Content-Type": "application/json",
        }  # fmt: skip
        reply = server.par.callbacks.eval().module.onHTTPRequest(server, request, {"statusCode": 404, "data": ""})
        envelope = json.loads(reply["data"])
        return "" if envelope["success"] else str(envelope["error"]).partition("Code ")[2].partition(".")[0]

    return handle


def unharmed(td: Any) -> bool:
    return td.op("/project1/kept") is not None and td.op("/project1/made") is None


def test_arguments_that_are_no_object_do_not_pass_unjudged(td: Any, send: Send) -> None:
    for body in ("[]", '["/project1/kept"]', '"x"', "null", "7"):
        assert send("POST", "/api/td/server/exec", body) == "malformed-body"
    assert unharmed(td)


def test_a_batch_of_calls_is_not_passed_on(td: Any, send: Send) -> None:
    call = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "delete_td_node"}}
    assert send("POST", "/api/td/server/exec", json.dumps([call, {"script": MAKES}])) == "malformed-body"
    assert unharmed(td)


@pytest.mark.parametrize("body", ['{"script": "1", "Script": %s}', '{"SCRIPT": %s}', '{"script": "1", "sCript": %s}'])
def test_a_key_of_another_case_does_not_change_what_is_judged(td: Any, send: Send, body: str) -> None:
    assert send("POST", "/api/td/server/exec", body % json.dumps(MAKES)) != ""
    assert unharmed(td)


def test_a_key_twice_is_refused_whichever_of_them_a_reader_would_take(td: Any, send: Send) -> None:
    for first, last in (("1", MAKES), (MAKES, "1")):
        body = f'{{"script": {json.dumps(first)}, "script": {json.dumps(last)}}}'
        assert send("POST", "/api/td/server/exec", body) == "duplicate-key"
    assert unharmed(td)


def test_a_negative_amount_does_not_give_back_what_was_spent(send: Send) -> None:
    def spend(amount: float) -> str:
        # What is not there is left to the server to refuse: here only the amount matters.
        body = {"nodePath": "/project1/nowhere", "properties": {"amount": amount}}
        return send("PATCH", "/api/nodes/detail", json.dumps(body))

    spent = [spend(50_000), spend(50_000), spend(1)]
    assert (spent[0] != "rate-limit", spent[1] != "rate-limit", spent[2]) == (True, True, "rate-limit")
    assert spend(-90_000) == "uncountable-amount"
    assert spend(50_000) == "rate-limit"
