"""The bytes that the real client of touchdesigner-mcp 2.0.0 sends, replayed: they need no Node and run always.

Recorded by `record_requests.py`.
"""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.serving import Served, serving

RECORDED: dict[str, str] = json.loads(
    (Path(__file__).parent.parent / "data" / "recorded_requests.json").read_text(encoding="utf-8")
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A guarded server under the shipped default."""
    with serving(tmp_path_factory.mktemp("audit")) as served:
        yield served


def replay(server: Served, tool: str) -> dict[str, Any]:
    request = RECORDED[tool].replace("127.0.0.1:PORT", f"127.0.0.1:{server.port}")
    request = request.replace("Connection: keep-alive", "Connection: close")
    with socket.create_connection((server.host, server.port), timeout=30) as connection:
        connection.sendall(request.encode())
        reply = b""
        while chunk := connection.recv(65536):
            reply += chunk
    envelope: dict[str, Any] = json.loads(reply.partition(b"\r\n\r\n")[2])
    return envelope


def test_every_tool_that_reaches_touchdesigner_by_a_route_is_recorded() -> None:
    assert len(RECORDED) == 12


def test_the_recorded_session_is_served_in_its_order_but_for_the_deletion(server: Served) -> None:
    answers = {tool: replay(server, tool) for tool in RECORDED}
    refused = [tool for tool, answer in answers.items() if not answer["success"]]
    assert refused == ["delete_td_node"]
    assert answers["execute_python_script"]["data"]["result"] == "made"
    assert answers["get_td_nodes"]["data"]["nodes"][0]["path"] == "/project1/noise1"
    assert answers["update_td_node_parameters"]["data"]["updated"] == ["amp"]


def test_the_audit_knows_each_call_by_its_tool(server: Served) -> None:
    for tool in RECORDED:
        replay(server, tool)
    tools = {record["tool"] for record in server.records() if record["event"] == "decision"}
    assert tools == set(RECORDED)
