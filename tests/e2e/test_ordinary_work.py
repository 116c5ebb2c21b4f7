"""A session of 200 calls of ordinary work, under the shipped profile with the limits raised: nothing is refused."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.ordinary_work import as_request, calls
from tests.e2e.serving import UPSTREAM, Served, serving

TD = ("--touchdesigner-mcp", f"{UPSTREAM}/td")
LIMIT = {"action": "allow", "rate_limit": {"max": 9000, "window": 60}}


def policy(folder: Path) -> str:
    """What the shipped table allows, at 9,000 a minute, and deletion."""
    tools = sorted({tool for tool, _ in calls()} - {"get_td_info"})
    file = folder / "policy.json"
    file.write_text(json.dumps({"version": "1", "default": "deny", "tools": dict.fromkeys(tools, LIMIT)}), encoding="utf-8")
    return str(file)


def test_there_are_two_hundred_calls_of_every_tool() -> None:
    counted = Counter(tool for tool, _ in calls())
    assert sum(counted.values()) == 200
    assert len(counted) == 13
    assert counted["execute_python_script"] >= 30


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("work")
    with serving(folder / "audit", "--policy", policy(folder)) as served:
        yield served


def test_none_of_them_is_refused_over_http(server: Served) -> None:
    told = []
    for number, (tool, args) in enumerate(calls()):
        if tool != "get_top_image":  # a script of the real client's on the wire, see `test_upstream`
            method, path, body = as_request(tool, args)
            envelope = server.call(method, path, body)
            if not envelope["success"]:
                told.append((number, tool, args, envelope["error"]))
    assert told == [], told
    assert {record["outcome"] for record in server.records() if record["event"] == "decision"} == {"allow"}


@pytest.mark.upstream
@pytest.mark.skipif(not UPSTREAM, reason="POLICYGUARD_UPSTREAM names no build of touchdesigner-mcp")
def test_none_of_them_is_refused_through_the_real_server(tmp_path: Path) -> None:
    from tests.e2e.node_client import call_tools

    made = calls()
    with serving(tmp_path / "audit", *TD, "--policy", policy(tmp_path)) as served:
        answers = call_tools(Path(UPSTREAM), served.port, made)
        decided = Counter(record["outcome"] for record in served.records() if record["event"] == "decision")
    wrong = [(tool, args, answer.text[:300]) for (tool, args), answer in zip(made, answers, strict=True) if answer.is_error]
    assert wrong == [], wrong
    assert set(decided) == {"allow"}
    assert decided["allow"] >= 200
