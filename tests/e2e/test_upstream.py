"""The real, unmodified touchdesigner-mcp behind and in front of the guard.

Its Node server speaks MCP on stdio, its own Python in `td/` answers on the stand-in. Needs a build outside this
repository: ``POLICYGUARD_UPSTREAM=/path/to/touchdesigner-mcp python3 scripts/test.py -m upstream``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.honest_scripts import SCRIPTS
from tests.e2e.serving import UPSTREAM, Served, serving

pytestmark = [
    pytest.mark.upstream,
    pytest.mark.skipif(not UPSTREAM, reason="POLICYGUARD_UPSTREAM names no build of touchdesigner-mcp"),
]
TD = ("--touchdesigner-mcp", f"{UPSTREAM}/td")


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """One session of the real client under the shipped default: the answer to each call, by its title."""
    from tests.e2e.node_client import call_tools

    calls: list[tuple[str, str, dict[str, Any]]] = [
        ("info", "get_td_info", {}),
        ("nodes", "get_td_nodes", {"parentPath": "/project1", "responseFormat": "json"}),
        ("create", "create_td_node", {"parentPath": "/project1", "nodeType": "noiseTOP", "nodeName": "made"}),
        ("update", "update_td_node_parameters", {"nodePath": "/project1/made", "properties": {"amp": 0.5}}),
        ("detail", "get_td_node_parameters", {"nodePath": "/project1/made"}),
        ("errors", "get_td_node_errors", {"nodePath": "/project1"}),
        ("classes", "get_td_classes", {}),
        ("class", "get_td_class_details", {"className": "noiseTOP"}),
        ("help", "get_td_module_help", {"moduleName": "tdu"}),
        ("method", "exec_node_method", {"nodePath": "/project1/made", "method": "cook", "args": [], "kwargs": {}}),
        ("script", "execute_python_script", {"script": "n = op('/project1/made')\nn.par.period = 2\nn.name"}),
        ("image", "get_top_image", {"nodePath": "/project1/noise1"}),
        ("small image", "get_top_image", {"nodePath": "/project1/noise1", "maxSize": 64}),
        ("import", "execute_python_script", {"script": "import os"}),
        ("delete", "delete_td_node", {"nodePath": "/project1/made"}),
        *[(f"script {n}", "execute_python_script", {"script": "1"}) for n in range(2, 12)],
        ("info again", "get_td_info", {}),
    ]
    with serving(tmp_path_factory.mktemp("audit"), *TD) as served:
        told = call_tools(Path(UPSTREAM), served.port, [(tool, arguments) for _, tool, arguments in calls])
    return {title: answer for (title, _, _), answer in zip(calls, told, strict=True)}


@pytest.mark.parametrize(
    "title", ["info", "nodes", "create", "update", "detail", "errors", "classes", "class", "help", "method", "script", "info again"]
)
def test_the_real_client_is_served(answers: dict[str, Any], title: str) -> None:
    assert not answers[title].is_error, answers[title].text


def test_it_lists_the_projects_operators_and_creates_one(answers: dict[str, Any]) -> None:
    assert "/project1/noise1" in answers["nodes"].text
    assert "Created node 'made'" in answers["create"].text


@pytest.mark.parametrize("title", ["image", "small image"])
def test_it_gets_an_image_without_using_up_a_script(answers: dict[str, Any], title: str) -> None:
    assert not answers[title].is_error, answers[title].text
    assert "image" in answers[title].kinds
    assert not answers["script 10"].is_error


def test_it_reads_why_an_import_is_refused(answers: dict[str, Any]) -> None:
    assert answers["import"].is_error
    assert "PERMISSION: PolicyGuard denied execute_python_script at line 1: import os needs capability" in answers["import"].text


def test_it_reads_why_a_deletion_is_refused(answers: dict[str, Any]) -> None:
    assert answers["delete"].is_error
    assert "PERMISSION: PolicyGuard denied delete_td_node" in answers["delete"].text


def test_it_reads_when_to_come_back_after_the_eleventh_script(answers: dict[str, Any]) -> None:
    assert answers["script 11"].is_error
    assert re.search(r"RATE_LIMITED: PolicyGuard limited execute_python_script: .* retry in \d+ s", answers["script 11"].text)


def test_a_grant_shown_in_the_host_option_must_be_known(tmp_path: Path) -> None:
    from tests.e2e.node_client import call_tools

    with serving(tmp_path / "audit", *TD) as served:
        [answer] = call_tools(Path(UPSTREAM), served.port, [("get_td_nodes", {"parentPath": "/project1"})], "anna:no@")
    assert answer.is_error
    assert "not a known grant" in answer.text


# -- guarded and unguarded give the same ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, Served]]:
    """The same project behind the real td/ code twice: guarded, with no limit in the way, and unguarded."""
    folder = tmp_path_factory.mktemp("both")
    (folder / "policy.json").write_text('{"version":"1","default":"allow"}', encoding="utf-8")
    with (
        serving(folder / "guarded", *TD, "--policy", str(folder / "policy.json")) as guarded,
        serving(folder / "unguarded", *TD, guarded=False) as unguarded,
    ):
        yield guarded, unguarded


def told(envelope: dict[str, Any]) -> tuple[object, ...]:
    """What counts of an envelope: success, the result, the script's own output, the last line of an error.

    The server's own log lines, which it captures into stdout, are left out. Its one-line path tells an exception
    without its type, so only the message is compared there.
    """
    if envelope["success"]:
        data = envelope["data"]
        lines = [line for line in data["stdout"].splitlines() if not re.match(r"\d{8}_[\d:.]+ \[|Script evaluated", line)]
        return True, json.dumps(data["result"], sort_keys=True), lines
    return False, envelope["error"].splitlines()[-1].rpartition(": ")[2]


@pytest.mark.parametrize("script", SCRIPTS, ids=range(len(SCRIPTS)))
def test_an_honest_script_gives_the_same_guarded_and_unguarded(both: tuple[Served, Served], script: str) -> None:
    guarded, unguarded = both
    assert told(guarded.script(script)) == told(unguarded.script(script))


def test_there_are_forty_of_them() -> None:
    assert len(SCRIPTS) >= 40


HIDDEN = [
    "note = '''\nop('/project1').create(noiseTOP, 'evil{0}') #'''",
    "def f():\n    op('/project1').create(noiseTOP, 'evil{0}')",
    "if False:\n    op('/project1').create(noiseTOP, 'evil{0}')",
]


@pytest.mark.parametrize("number", range(len(HIDDEN)))
def test_what_the_servers_own_executor_would_run_from_the_last_line_has_no_effect(
    both: tuple[Served, Served], number: int
) -> None:
    guarded, unguarded = both
    for server in both:
        assert server.script(HIDDEN[number].format(number))["success"] is True
    look = f"op('/project1/evil{number}') is not None"
    assert unguarded.script(look)["data"]["result"] is True, "the trick no longer works unguarded: this test proves nothing"
    assert guarded.script(look)["data"]["result"] is False


def test_the_image_is_the_same_as_unguarded(both: tuple[Served, Served]) -> None:
    from tests.e2e.node_client import call_tools

    images = [
        call_tools(Path(UPSTREAM), server.port, [("get_top_image", {"nodePath": "/project1/noise1", "maxSize": 64})])
        for server in both
    ]
    assert images[0] == images[1]
    assert images[0][0].kinds == ("image",) or "image" in images[0][0].kinds
