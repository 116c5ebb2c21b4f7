"""Public MCP servers on the stand-in: what their clients send, and their own unmodified callbacks scripts.

`recorded_public_servers.json` holds the bytes that each client sent to its own server's script on the stand-in; ports
are kept as ``PORT``. The scripts themselves are not in this repository: ``POLICYGUARD_PUBLIC_SERVERS`` names a folder
of checkouts, each called ``owner+name``.
"""

from __future__ import annotations

import json
import os
import re
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.serving import Served, serving
from tests.e2e.websocket_client import BINARY, CLOSE, PING, PONG, TEXT, WebSocket, connected

RECORDED: dict[str, dict[str, Any]] = {
    entry["kind"]: entry
    for entry in json.loads(
        (Path(__file__).parent.parent / "data" / "recorded_public_servers.json").read_text(encoding="utf-8")
    )
}
"""By the kind of server: one whose client sends messages, actions, scripts, or scripts in one of two modes."""
OVER_HTTP = [request for entry in RECORDED.values() for request in entry.get("requests", [])]
OVER_WEBSOCKET = [entry for entry in RECORDED.values() if "frames" in entry]
OPCODES = {"text": TEXT, "binary": BINARY, "close": CLOSE, "ping": PING, "pong": PONG}
RECORDER = """
import json
def onHTTPRequest(webServerDAT, request, response):
    response['statusCode'] = 200
    response['data'] = json.dumps(request)
    return response
def tell(d, client, *what):
    d.webSocketSendText(client, json.dumps([client, *what]))
def onWebSocketOpen(d, client, uri):
    tell(d, client, 'open', uri)
def onWebSocketReceiveText(d, client, data):
    tell(d, client, 'text', data)
def onWebSocketReceiveBinary(d, client, data):
    tell(d, client, 'binary', data.hex())
def onWebSocketReceivePing(d, client, data):
    tell(d, client, 'ping', data.hex())
"""


@pytest.fixture(scope="module")
def recorder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server that answers with what its callbacks got."""
    folder = tmp_path_factory.mktemp("recorder")
    (folder / "recorder.py").write_text(RECORDER, encoding="utf-8")
    with serving(folder / "none", "--callbacks", str(folder / "recorder.py"), guarded=False) as served:
        yield served


def replay(server: Served, request: str) -> tuple[int, bytes]:
    """Send recorded bytes on a connection of their own, and return the status and the body."""
    sent = re.sub(r"(?i)connection: keep-alive", "Connection: close", request.replace(":PORT", f":{server.port}"))
    with socket.create_connection((server.host, server.port), timeout=30) as connection:
        connection.sendall(sent.encode())
        reply = b""
        while chunk := connection.recv(65536):
            reply += chunk
    head, _, body = reply.partition(b"\r\n\r\n")
    return int(head.split()[1]), body


def send(client: WebSocket, frame: dict[str, str]) -> None:
    client.send(OPCODES[frame["frame"]], frame["text"] if "text" in frame else bytes.fromhex(frame["hex"]))


# -- what TouchDesigner would hand over ----------------------------------------------------------------------------


def test_the_recording_covers_three_servers_over_http_and_one_over_websocket() -> None:
    assert len([entry for entry in RECORDED.values() if "requests" in entry]) == 3
    assert len(OVER_WEBSOCKET) == 1


@pytest.mark.parametrize("request_text", OVER_HTTP, ids=range(len(OVER_HTTP)))
def test_a_recorded_request_becomes_the_request_dictionary(recorder: Served, request_text: str) -> None:
    status, body = replay(recorder, request_text)
    got = json.loads(body)
    head, _, data = request_text.partition("\r\n\r\n")
    first, *lines = head.split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines)
    assert status == 200
    assert f"{got.pop('method')} {got.pop('uri')} HTTP/1.1" == first
    assert (got.pop("pars"), got.pop("data")) == ({}, data)
    assert (got.pop("clientAddress"), got.pop("serverAddress")) == ("127.0.0.1", "127.0.0.1")
    # Headers are keys of the same dictionary, in the sender's case; nothing else is in it.
    assert {name.lower() for name in got} == {name.lower() for name in headers}
    for name, value in headers.items():
        if name.lower() != "connection":
            assert got[name] == value.replace("PORT", str(recorder.port))


@pytest.mark.parametrize("entry", OVER_WEBSOCKET, ids=range(len(OVER_WEBSOCKET)))
def test_a_recorded_conversation_reaches_the_callbacks_frame_by_frame(recorder: Served, entry: dict[str, Any]) -> None:
    with connected(recorder.host, recorder.port, entry["handshake"]) as client:
        assert b"permessage-deflate" not in client.head
        assert json.loads(client.receive()[1]) == [client.name, "open", entry["handshake"].split()[1]]
        for frame in entry["frames"]:
            send(client, frame)
            if frame["frame"] == "close":
                assert client.receive() == (CLOSE, bytes.fromhex(frame["hex"]))
            else:
                expected = [client.name, frame["frame"], frame.get("text", frame.get("hex"))]
                assert json.loads(client.receive()[1]) == expected


# -- the scripts themselves ----------------------------------------------------------------------------------------

CHECKOUTS = os.environ.get("POLICYGUARD_PUBLIC_SERVERS", "")


@pytest.fixture
def public(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Served, dict[str, Any]]]:
    """One public server's own callbacks script, served in place, and what was recorded of its client."""
    entry = RECORDED[request.param]
    folder = Path(CHECKOUTS) / entry["source"].replace("/", "+")
    if not CHECKOUTS or not folder.is_dir():
        pytest.skip(f"POLICYGUARD_PUBLIC_SERVERS names no folder that holds the checkout {folder.name}")
    options = ["--callbacks", str(folder / entry["callbacks"])]
    options += [word for file in entry["beside"] for word in ("--beside", str(folder / file))]
    with serving(tmp_path / "none", *options, guarded=False) as served:
        yield served, entry


@pytest.mark.upstream
@pytest.mark.parametrize("public", ["messages"], indirect=True)
def test_a_server_over_websocket_answers_its_clients_conversation(public: tuple[Served, dict[str, Any]]) -> None:
    server, entry = public
    answers: list[Any] = []
    with connected(server.host, server.port, entry["handshake"]) as client:
        for frame in entry["frames"]:
            send(client, frame)
            if frame["frame"] == "text":
                answers.append(json.loads(client.receive()[1]))
    ping, created, script, batch, deleted = answers
    assert ping["result"]["pong"] is True
    assert created["result"]["path"] == "/project1/made"
    assert script["result"]["result"] == "日本 made"
    assert [(one["id"], one["result"]) for one in batch] == [(4, {"updated": {"amp": 2.0}}), (5, {"amp": 2.0})]
    assert deleted["result"] == {"deleted": "/project1/made"}
    assert server.request("GET", "/")[0] == 200


@pytest.mark.upstream
@pytest.mark.parametrize("public", ["actions"], indirect=True)
def test_a_server_of_actions_answers_its_clients_requests(public: tuple[Served, dict[str, Any]]) -> None:
    server, entry = public
    replies = [replay(server, request) for request in entry["requests"]]
    answers = [json.loads(body) for _, body in replies]
    assert [status for status, _ in replies] == [200] * 6
    assert [answer["success"] for answer in answers] == [True] * 6
    assert answers[1]["node"]["path"] == "/project1/made"
    assert answers[2]["new_value"] == "2.0"
    assert answers[3]["stdout"] == "日本 made\n"
    assert "/project1/made" in [node["path"] for node in answers[4]["nodes"]]


@pytest.mark.upstream
@pytest.mark.parametrize("public", ["scripts"], indirect=True)
def test_a_server_of_scripts_answers_its_clients_requests(public: tuple[Served, dict[str, Any]]) -> None:
    server, entry = public
    replies = [replay(server, request) for request in entry["requests"]]
    assert [(status, body.decode()) for status, body in replies] == [(200, "/project1/made"), (200, "日本 made")]


@pytest.mark.upstream
@pytest.mark.parametrize("public", ["modes"], indirect=True)
def test_a_server_of_two_modes_answers_its_clients_requests(public: tuple[Served, dict[str, Any]]) -> None:
    server, entry = public
    made, name = [json.loads(replay(server, request)[1]) for request in entry["requests"]]
    assert made["result"]["__td_op__"] == "/project1/made"
    assert name == {"ok": True, "result": "日本 made"}
