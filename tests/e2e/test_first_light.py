"""A real HTTP request, shaped as touchdesigner-mcp sends it, meets the guard (issue 2)."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.serving import END_S, ROOT, Served, serving

MANY = '{"version":"1","default":"allow"}'
DOCUMENT = (
    '{"version":"1","default":"deny","tools":{"execute_python_script":{"limits":'
    '[{"counter":"execute_python_script_rate","window":"minute","max":10,"scope":"grant"}]}}}'
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A guarded server under the shipped default."""
    with serving(tmp_path_factory.mktemp("audit")) as served:
        yield served


@pytest.fixture(scope="module")
def generous(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A guarded server that allows every tool and counts nothing; scripts have the profile `edit`."""
    folder = tmp_path_factory.mktemp("generous")
    (folder / "policy.json").write_text(MANY, encoding="utf-8")
    with serving(folder / "audit", "--policy", str(folder / "policy.json")) as served:
        yield served


def verify(audit: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "policyguard_cli", "audit", "verify", str(audit)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


# -- the shipped default -------------------------------------------------------------------------------------------


def test_the_handshake_is_answered(server: Served) -> None:
    told = server.call("GET", "/api/td/server/td")
    assert told["success"] is True
    assert told["data"]["mcpApiVersion"] == "1.5.0"


@pytest.mark.parametrize(
    "path",
    ["/api/nodes?parentPath=/project1", "/api/nodes/detail?nodePath=/project1/noise1", "/api/nodes/errors?nodePath=/project1",
     "/api/td/classes", "/api/td/classes/noiseTOP", "/api/td/modules/help?moduleName=tdu"],
)  # fmt: skip
def test_reading_is_allowed(server: Served, path: str) -> None:
    assert server.call("GET", path)["success"] is True


def test_an_operator_is_created_and_changed(server: Served) -> None:
    made = server.call("POST", "/api/nodes", {"parentPath": "/project1", "nodeType": "circleTOP", "nodeName": "sun"})
    assert made["data"]["result"]["path"] == "/project1/sun"
    changed = server.call("PATCH", "/api/nodes/detail", {"nodePath": "/project1/sun", "properties": {"radiusx": 0.25}})
    assert changed["success"] is True
    detail = server.call("GET", "/api/nodes/detail?nodePath=/project1/sun")
    assert detail["data"]["properties"]["radiusx"] == 0.25


def test_deleting_is_refused_with_a_reason_and_nothing_is_deleted(server: Served) -> None:
    refused = server.call("DELETE", "/api/nodes?nodePath=/project1/noise1")
    assert refused["success"] is False
    assert refused["errorCategory"] == "PERMISSION"
    assert refused["error"].startswith("PERMISSION: PolicyGuard denied delete_td_node: ")
    assert "Rule /tools/delete_td_node." in refused["error"]
    assert server.call("GET", "/api/nodes/detail?nodePath=/project1/noise1")["success"] is True


def test_a_refused_script_says_the_line_the_use_and_what_is_allowed(server: Served) -> None:
    error = server.script("a = 1\n\nimport os\n")["error"]
    assert error.startswith(
        "PERMISSION: PolicyGuard denied execute_python_script at line 3: import os needs capability 'process'"
    )
    assert "Allowed here: edit" in error


def test_a_reply_carries_no_header_that_lets_a_web_page_read_it(server: Served) -> None:
    for path in ("/api/td/server/td", "/api/unknown"):
        _, headers, _ = server.request("GET", path)
        assert not [name for name in headers if name.lower().startswith("access-control")]


@pytest.mark.parametrize("headers", [{"Origin": "http://evil.example"}, {"Host": "evil.example"}])
def test_a_web_page_gets_an_empty_403(server: Served, headers: dict[str, str]) -> None:
    status, _, data = server.request("GET", "/api/td/server/td", headers=headers)
    assert (status, data) == (403, b"")


# -- scripts -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [("1 + 1", 2), ("result = 5\nprint('x')", 5), ("op('/project1').name", "project1"), ("x = 1\nx + 1", 2)],
)
def test_an_honest_script_is_answered_in_the_servers_envelope(generous: Served, text: str, expected: object) -> None:
    told = generous.script(text)
    assert told == {
        "success": True,
        "data": {"result": expected, "stdout": told["data"]["stdout"], "stderr": ""},
        "error": None,
    }


HIDDEN = {
    "the last line of a text": "note = '''\nop('/project1').create(noiseTOP, 'evil') #'''",
    "a def that is never called": "def f():\n    op('/project1').create(noiseTOP, 'evil')",
    "if False": "if False:\n    op('/project1').create(noiseTOP, 'evil')",
}


@pytest.mark.parametrize("text", HIDDEN.values(), ids=HIDDEN)
def test_danger_that_sits_in_the_last_line_only_has_no_effect(generous: Served, text: str) -> None:
    assert generous.script(text)["success"] is True
    assert generous.script("op('/project1/evil')")["data"]["result"] is None


def test_an_allowed_last_expression_runs_exactly_once(generous: Served) -> None:
    generous.script("op('/project1').create(constantCHOP, 'counter')\nop('/project1/counter').par.const0value = 0")
    generous.script(
        "c = op('/project1/counter').par.const0value\nsetattr(op('/project1/counter').par, 'const0value', c.eval() + 1)"
    )
    assert generous.script("op('/project1/counter').par.const0value.eval()")["data"]["result"] == 1


def test_a_script_that_raises_is_told_with_its_traceback(generous: Served) -> None:
    told = generous.script("a = 1\nraise ValueError('too bright')")
    assert told["success"] is False
    assert told["error"].splitlines()[-1] == "ValueError: too bright"


# -- limits --------------------------------------------------------------------------------------------------------


def test_the_eleventh_script_in_a_minute_is_refused_and_says_when_to_come_back(tmp_path: Path) -> None:
    with serving(tmp_path / "audit") as served:
        assert [served.script("1")["success"] for _ in range(10)] == [True] * 10
        error = served.script("1")["error"]
        assert error.startswith("RATE_LIMITED: PolicyGuard limited execute_python_script: ")
        assert "; retry in " in error
        # What is refused before its script is read: a used-up limit comes before a syntax error.
        assert "RATE_LIMITED" in served.script("import os")["error"]
        assert served.call("GET", "/api/td/server/td")["success"] is True


def test_a_refused_script_uses_up_nothing(tmp_path: Path) -> None:
    with serving(tmp_path / "audit") as served:
        for _ in range(12):
            assert "import os" in served.script("import os")["error"]
            time.sleep(0.1)  # refused calls may take only a part of each second
        assert served.script("1")["success"] is True


def test_the_published_document_loads_unchanged_and_is_obeyed(tmp_path: Path) -> None:
    (tmp_path / "p.json").write_text(DOCUMENT, encoding="utf-8")
    with serving(tmp_path / "audit", "--policy", str(tmp_path / "p.json")) as served:
        assert [served.script("1")["success"] for _ in range(11)] == [True] * 10 + [False]
        assert "Code default-deny" in served.call("GET", "/api/nodes?parentPath=/project1")["error"]
        assert served.call("GET", "/api/td/server/td")["success"] is True


def test_a_broken_policy_refuses_everything_but_the_handshake(tmp_path: Path) -> None:
    (tmp_path / "p.json").write_text('{"version": "1", "defualt": "allow"}', encoding="utf-8")
    with serving(tmp_path / "audit", "--policy", str(tmp_path / "p.json")) as served:
        assert "Code no-policy" in served.call("GET", "/api/nodes?parentPath=/project1")["error"]
        assert served.call("GET", "/api/td/server/td")["success"] is True


# -- modes ---------------------------------------------------------------------------------------------------------


def test_lockdown_refuses_everything_but_the_handshake(tmp_path: Path) -> None:
    with serving(tmp_path / "audit", "--mode", "lockdown") as served:
        assert "Code lockdown" in served.call("GET", "/api/nodes?parentPath=/project1")["error"]
        assert "Code lockdown" in served.script("1")["error"]
        assert served.call("GET", "/api/td/server/td")["success"] is True


def test_monitor_relaxes_the_policy_and_nothing_else(tmp_path: Path) -> None:
    with serving(tmp_path / "audit", "--mode", "monitor") as served:
        assert served.script("import os\nos.path.basename('/a/b')")["data"]["result"] == "b"
        assert served.call("DELETE", "/api/nodes?nodePath=/project1/notes")["success"] is True
        assert "Code script-syntax" in served.script("x = (")["error"]
        assert "touches PolicyGuard" in served.script("op('/project1/PolicyGuard').par.Mode = 'enforce'")["error"]
        assert "Code deadline" in served.script("while True:\n    pass")["error"]
        assert "Code forbidden-syntax" in served.script("import os\nf = op('/project1').create")["error"]
        assert "Code unknown-route" in served.call("POST", "/api/shell", {})["error"]
        flags = {
            (r["tool"], r["would_refuse"])
            for r in served.records()
            if r["event"] == "decision" and r["outcome"] == "allow"
        }
    assert ("execute_python_script", True) in flags


# -- the audit -----------------------------------------------------------------------------------------------------


def test_every_call_is_recorded_before_and_after(tmp_path: Path) -> None:
    with serving(tmp_path / "audit") as served:
        served.script("1")
        served.script("import os")
        served.call("POST", "/nowhere", {})
        assert served.stop() == 0
        records = served.records()
    told = [(r["event"], r.get("outcome"), r.get("ending"), r.get("code")) for r in records if r["event"] in ("decision", "outcome")]
    assert told == [
        ("decision", "allow", None, None),
        ("outcome", None, "done", None),
        ("decision", "deny", None, "missing-capability"),
        ("decision", "deny", None, "unknown-route"),
    ]
    assert verify(tmp_path / "audit").returncode == 0


def test_a_kill_right_after_a_reply_loses_no_record(tmp_path: Path) -> None:
    answered = 0
    for _ in range(5):
        with serving(tmp_path / "audit") as served:
            for _ in range(3):
                assert served.script("1")["success"] is True
                answered += 1
            served.process.kill()
            served.process.wait(timeout=END_S)
            records = served.records()
        assert len([r for r in records if r["event"] == "outcome"]) == answered
    assert verify(tmp_path / "audit").returncode == 0


def test_a_changed_record_is_found(tmp_path: Path) -> None:
    with serving(tmp_path / "audit") as served:
        served.script("import os")
        served.script("1")
        served.stop()
    log = next((tmp_path / "audit").glob("*.jsonl"))
    log.write_bytes(log.read_bytes().replace(b'"deny"', b'"allo"'))
    found = verify(tmp_path / "audit")
    assert found.returncode == 1
    assert log.name in found.stdout + found.stderr


@pytest.mark.skipif(os.name == "nt", reason="Windows ends a process without a signal it could answer")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_server_with_0(tmp_path: Path, number: signal.Signals) -> None:
    with serving(tmp_path / "audit") as served:
        served.process.send_signal(number)
        assert served.process.wait(timeout=END_S) == 0


# -- garbage -------------------------------------------------------------------------------------------------------

GARBAGE = {
    "no JSON": b"not json",
    "a list": b"[]",
    "a wrong type": b'{"script": 7}',
    "100 MB": b"x" * 100_000_000,
    "NUL": b'{"script": "a\\u0000b"}',
    "raw NUL": b"\0",
    "half a surrogate": b'{"script": "\\ud800"}',
    "not UTF-8": b"\xff\xfe\xfa",
    "10,000 brackets": b"[" * 10_000,
    "10,000 brackets in a script": json.dumps({"script": "(" * 10_000}).encode(),
    "5,000 minuses in a script": json.dumps({"script": "-" * 5_000 + "1"}).encode(),
    "duplicate keys": b'{"script": "1", "script": "2"}',
    "an empty body": b"",
}


@pytest.mark.parametrize("body", GARBAGE.values(), ids=GARBAGE)
def test_garbage_is_refused_and_the_next_good_request_is_served(generous: Served, body: bytes) -> None:
    started = time.monotonic()
    told = generous.call("POST", "/api/td/server/exec", body)
    assert told["success"] is False
    assert told["error"].startswith("PERMISSION: PolicyGuard denied ")
    assert generous.script("1")["success"] is True
    assert time.monotonic() - started < 10


@pytest.mark.parametrize(
    "path", ["/", "/api/nodes/", "//api/nodes", "/api/td/server/exec/", "/%00", "/%ff%fe", "/" + "a" * 5000]
)
def test_an_unknown_route_is_refused_and_the_next_good_request_is_served(generous: Served, path: str) -> None:
    assert generous.call("GET", path)["success"] is False
    assert generous.script("1")["success"] is True


def test_a_header_named_like_a_part_of_the_request_is_refused(generous: Served) -> None:
    evil = json.dumps({"script": "op('/project1').create(noiseTOP, 'evil')"})
    for name in ("body", "query", "headers", "Data"):
        told = generous.call("POST", "/api/td/server/exec", {"script": "1"}, headers={name: evil})
        assert "Code reserved-header" in told["error"]
    # Named exactly like TouchDesigner's own key, it wins or loses in the request dict: what is judged runs either way.
    generous.call(
        "POST", "/api/td/server/exec", {"script": "1"}, headers={"data": evil.replace("noiseTOP", "executeDAT")}
    )
    assert generous.script("op('/project1/evil')")["data"]["result"] is None


def test_a_connection_that_breaks_off_harms_nobody(generous: Served) -> None:
    connection = http.client.HTTPConnection(generous.host, generous.port, timeout=10)
    connection.putrequest("POST", "/api/td/server/exec")
    connection.putheader("Content-Length", "100")
    connection.endheaders(b"short")
    connection.close()
    assert generous.script("1")["success"] is True
