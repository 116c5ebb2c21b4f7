"""The tools without a script reach the same effects, and are held to the same profile (mcp_servers.md section 6.1)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.e2e.serving import Served, serving

GUARD = "/project1/PolicyGuard"
SERVER = "/project1/mcp_webserver_base/webserver1"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A guarded server that allows every tool, deletion too, and counts nothing; the profile is `edit`."""
    folder = tmp_path_factory.mktemp("doors")
    (folder / "policy.json").write_text('{"version":"1","default":"allow"}', encoding="utf-8")
    with serving(folder / "audit", "--policy", str(folder / "policy.json")) as served:
        yield served


def update(server: Served, path: str, **properties: Any) -> dict[str, Any]:
    return server.call("PATCH", "/api/nodes/detail", {"nodePath": path, "properties": properties})


def method(server: Served, path: str, name: str, *args: Any, **kwargs: Any) -> dict[str, Any]:
    body = {"nodePath": path, "method": name, "args": list(args), "kwargs": kwargs}
    return server.call("POST", "/api/td/nodes/exec", body)


def create(server: Served, kind: str, name: str, **parameters: Any) -> dict[str, Any]:
    body = {"parentPath": "/project1", "nodeType": kind, "nodeName": name}
    return server.call("POST", "/api/nodes", {**body, "parameters": parameters} if parameters else body)


def test_ordinary_work_passes(server: Served) -> None:
    assert create(server, "noiseTOP", "ok1")["success"] is True
    assert update(server, "/project1/ok1", period=2, amp=0.5)["success"] is True
    assert method(server, "/project1/ok1", "cook", force=True)["success"] is True
    assert server.call("DELETE", "/api/nodes?nodePath=/project1/ok1")["success"] is True


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("destroy", ()), ("run", ()), ("save", ("/tmp/pg_x",)), ("loadTox", ("/tmp/pg_x.tox",)), ("Promoted", ()),
        ("__setattr__", ("text", "x")), ("__getattribute__", ("par",)), ("noSuchMethod", ()), ("create", ("executeDAT", "evil")),
        ("changeType", ("executeDAT",)), ("saveExternalTox", ()), ("_private", ()),
    ],
)  # fmt: skip
def test_a_method_is_judged_like_its_use_in_a_script(server: Served, name: str, args: tuple[str, ...]) -> None:
    refused = method(server, "/project1/notes", name, *args)
    assert refused["success"] is False
    assert "PolicyGuard denied exec_node_method" in refused["error"]
    assert server.script("op('/project1/notes').OPType")["data"]["result"] == "textDAT"


@pytest.mark.parametrize(
    ("path", "name"),
    [("/project1/mcp_webserver_base", "externaltox"), ("/project1/mcp_webserver_base", "ext0object"), (SERVER, "callbacks")],
)
def test_a_parameter_that_does_more_than_hold_a_value_needs_more(server: Served, path: str, name: str) -> None:
    assert "PolicyGuard denied update_td_node_parameters" in update(server, path, **{name: "/tmp/pg_x"})["error"]


def test_operators_that_run_code_are_not_created_nor_given_code(server: Served) -> None:
    assert "PolicyGuard denied create_td_node" in create(server, "executeDAT", "evil")["error"]
    assert "PolicyGuard denied create_td_node" in create(server, "webserverDAT", "evil")["error"]
    refused = create(server, "baseCOMP", "evil", externaltox="/tmp/pg_x.tox")
    assert "PolicyGuard denied create_td_node" in refused["error"]
    assert server.script("op('/project1/evil')")["data"]["result"] is None


@pytest.mark.parametrize(
    "path", [GUARD, GUARD + "/policy", "/project1/../project1/PolicyGuard", "../PolicyGuard", "/project1/Pol*", "../../PolicyGuard"]
)
def test_the_guard_is_spared_by_every_tool_and_every_form_of_path(server: Served, path: str) -> None:
    answers = [
        update(server, path, Mode="monitor"),
        update(server, path, name="gone"),
        method(server, path, "destroy"),
        method(server, path, "clear"),
        method(server, path, "copy", path),
        server.call("DELETE", f"/api/nodes?nodePath={path}"),
        server.call("POST", "/api/nodes", {"parentPath": path, "nodeType": "noiseTOP"}),
    ]
    assert not [answer for answer in answers if answer["success"]]
    assert "import os needs" in server.script("import os")["error"]


@pytest.mark.parametrize("path", ["/", "/project1", "/project1/mcp_webserver_base", SERVER])
def test_nothing_that_holds_the_guard_or_its_server_is_deleted(server: Served, path: str) -> None:
    told = server.call("DELETE", f"/api/nodes?nodePath={path}")["error"]
    # What holds everything holds TouchDesigner's own operators too, which lie outside every node scope.
    assert ("touches PolicyGuard" in told) or (path == "/" and "Code outside-nodes" in told)
    assert server.script("1")["success"] is True


def test_a_relative_path_that_names_nothing_is_refused_rather_than_guessed(server: Served) -> None:
    assert "name it by its absolute path" in server.call("DELETE", "/api/nodes?nodePath=nothing")["error"]
