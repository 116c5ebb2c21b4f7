"""Whatever comes in, a reply goes out, and it stands in the audit."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policyguard_cli import project
from td_extension.protocols.routes import ROUTES
from td_headless import Runtime
from tests.waiting import without_waiting

SCRIPTS = [
    "1", "import os", "x = (", "while True: pass", "op('/project1/PolicyGuard').destroy()", "raise SystemExit",
    "result = op('/project1/noise1')", "op('/project1/noise1').par.period = 'x'", "\0", "ｏｐ", "print('x' * 10 ** 6)",
]  # fmt: skip


@pytest.fixture(scope="module")
def guard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """An installed guard whose policy allows every tool and counts nothing."""
    folder = tmp_path_factory.mktemp("gate")
    (folder / "p.json").write_text('{"version": "1", "default": "allow"}', encoding="utf-8")
    runtime = Runtime(folder=folder)
    with runtime.install() as td:
        _, component = project.build(td.root, port=0, touchdesigner_mcp=None)
        component.par.Source, component.par.File = "file", str(folder / "p.json")
        component.Install()
        without_waiting(component)
        yield component
        component.destroy()
    runtime.close()


def handle(guard: Any, request: dict[str, Any]) -> dict[str, Any]:
    server = guard.parent().op("mcp_webserver_base/webserver1")
    request = {"Host": "127.0.0.1:9981", "Content-Type": "application/json", **request}
    reply: dict[str, Any] = guard.ext.PolicyGuardExt.HandleRequest(server, request, {"statusCode": 404, "data": ""})
    return reply


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None), max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
bodies = st.one_of(
    st.text(st.characters(codec=None), max_size=60),
    st.binary(max_size=60),
    st.sampled_from(SCRIPTS).map(lambda script: json.dumps({"script": script})),
    st.dictionaries(st.sampled_from(["script", "nodePath", "parentPath", "method", "properties"]), json_values).map(
        lambda value: json.dumps(value)
    ),
)
requests = st.fixed_dictionaries(
    {
        "method": st.sampled_from(["GET", "POST", "PATCH", "DELETE", "PUT", "OPTIONS", ""]) | st.text(max_size=4),
        "uri": st.sampled_from([route.path for route in ROUTES]) | st.text(max_size=12),
        "pars": st.dictionaries(st.sampled_from(["nodePath", "parentPath", "script", "body"]), st.text(max_size=9)),
        "data": bodies,
        "clientAddress": st.sampled_from(["127.0.0.1", "10.0.0.7", ""]),
        "serverAddress": st.just(""),
    },
    optional={"Host": st.text(max_size=9), "Content-Type": st.text(max_size=9), "Origin": st.text(max_size=5), "Authorization": st.text(max_size=20), "Body": st.text(max_size=5)},
)


@settings(max_examples=400)
@given(requests)
def test_any_request_gets_a_reply_within_its_time(guard: Any, request: dict[str, Any]) -> None:
    endless = "while True" in str(request["data"])
    started = time.perf_counter()
    reply = handle(guard, request)
    took = time.perf_counter() - started
    assert reply["statusCode"] in (200, 403)
    if reply["statusCode"] == 200:
        envelope = json.loads(reply["data"])
        assert set(envelope) >= {"success", "data", "error"}
        assert envelope["success"] or isinstance(envelope["error"], str)
    assert took < (4.0 if endless else 1.0)
    assert guard.valid
    assert guard.par.Mode.eval() == "enforce"


def test_a_request_that_is_no_request_at_all_is_refused(guard: Any) -> None:
    for request in ({}, {"method": None}, {"method": "GET", "uri": 7, "clientAddress": "127.0.0.1"}):
        assert json.loads(handle(guard, request)["data"])["success"] is False


def test_an_error_of_the_servers_own_code_is_contained_and_told(guard: Any) -> None:
    own = guard.parent().op("mcp_webserver_base/mcp_webserver_script")
    before = own.text
    own.text = before + "\n\ndef onHTTPRequest(dat, request, response):\n    raise SystemExit('gone')\n"
    request = {"method": "GET", "uri": "/api/td/classes", "pars": {}, "data": "", "clientAddress": "127.0.0.1"}
    try:
        envelope = json.loads(handle(guard, request)["data"])
    finally:
        own.text = before
    assert envelope["success"] is False
    assert "SystemExit: gone" in envelope["error"]
    assert json.loads(handle(guard, request)["data"])["success"] is True


@pytest.mark.parametrize(
    "script",
    [
        "x = 1\nx" + ".name" * 1500,
        "class C: " + "; ".join(f"{'ab' * 3}{n:08d} = 1" for n in range(900)) + "\n" + "\n".join(f"t.zz{n:010d}" for n in range(900)),
        "\n".join(f"a.{'q' * 9}{n:04d}" for n in range(1500)),
    ],
    ids=["a long chain", "many own and many unknown members", "many unknown members"],
)
def test_a_script_that_is_dear_to_refuse_is_refused_in_time_and_recorded(guard: Any, script: str) -> None:
    request = {"method": "POST", "uri": "/api/td/server/exec", "pars": {}, "clientAddress": "127.0.0.1"}
    before = len(audit_of(guard))
    started = time.perf_counter()
    reply = handle(guard, {**request, "data": json.dumps({"script": script})})
    assert time.perf_counter() - started < 1.0
    assert json.loads(reply["data"])["success"] is False
    assert len(audit_of(guard)) > before


def audit_of(guard: Any) -> list[str]:
    folder = Path(guard.par.File.eval()).parent / ".policyguard" / "audit"
    return [line for file in folder.glob("*.jsonl") for line in file.read_text("utf-8").splitlines()]


@pytest.mark.parametrize(
    "script",
    [
        "ui.undo.endBlock()",
        "from dataclasses import dataclass\n@dataclass\nclass K:\n    a1: int = 1\n    @property\n    def x1(self):\n        while True:\n            pass\nraise KeyError(K())",
    ],
)
def test_a_call_that_ends_oddly_has_its_outcome_recorded(guard: Any, script: str) -> None:
    request = {"method": "POST", "uri": "/api/td/server/exec", "pars": {}, "clientAddress": "127.0.0.1"}
    handle(guard, {**request, "data": json.dumps({"script": script})})
    last = json.loads(audit_of(guard)[-1])
    assert last["event"] in ("outcome", "decision")
    assert last["event"] == "outcome" or last["outcome"] == "deny"


def test_help_is_given_on_touchdesigners_names_only(guard: Any) -> None:
    def ask(name: str) -> dict[str, Any]:
        request = {"method": "GET", "uri": "/api/td/modules/help", "data": "", "clientAddress": "127.0.0.1"}
        envelope: dict[str, Any] = json.loads(handle(guard, {**request, "pars": {"moduleName": name}})["data"])
        return envelope

    assert ask("tdu")["success"] is True
    assert ask("td.noiseTOP")["success"] is True
    for name in ("os", "antigravity", "td.__class__", "evil_mod", "tdx", "td;os", ""):
        assert ask(name)["success"] is False, name
