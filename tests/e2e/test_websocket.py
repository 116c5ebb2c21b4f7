"""WebSocket through `policyguard serve`: unguarded with a script of one's own, and in front of the guard."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.serving import Served, serving
from tests.e2e.websocket_client import BINARY, CLOSE, PING, PONG, TEXT, connected

ECHO = """
def onWebSocketReceiveText(webServerDAT, client, data):
    webServerDAT.webSocketSendText(client, data)

def onWebSocketReceiveBinary(webServerDAT, client, data):
    webServerDAT.webSocketSendBinary(client, data)

def onWebSocketReceivePing(webServerDAT, client, data):
    webServerDAT.webSocketSendPong(client, data=data)

def onWebSocketReceivePong(webServerDAT, client, data):
    webServerDAT.webSocketClose(client)
"""


@pytest.fixture(scope="module")
def echo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """An unguarded server that sends back what it gets."""
    folder = tmp_path_factory.mktemp("echo")
    (folder / "echo.py").write_text(ECHO, encoding="utf-8")
    with serving(folder / "audit", "--callbacks", str(folder / "echo.py"), guarded=False) as served:
        yield served


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A guarded server under the shipped default."""
    with serving(tmp_path_factory.mktemp("audit")) as served:
        yield served


@pytest.mark.parametrize("size", [0, 1, 125, 126, 60_000])
def test_messages_of_any_size_come_back(echo: Served, size: int) -> None:
    with connected(echo.host, echo.port) as client:
        assert client.ask("é" * (size // 2)) == "é" * (size // 2)
        client.send(BINARY, bytes(size))
        assert client.receive() == (BINARY, bytes(size))


def test_a_ping_is_seen_by_the_callback_and_answered_by_it(echo: Served) -> None:
    with connected(echo.host, echo.port) as client:
        client.send(PING, b"here")
        assert client.receive() == (PONG, b"here")


def test_a_ping_without_a_callback_is_not_answered_by_the_server_itself(tmp_path: Path) -> None:
    script = tmp_path / "texts_only.py"
    script.write_text("def onWebSocketReceiveText(d, client, data):\n    d.webSocketSendText(client, data)\n")
    with (
        serving(tmp_path / "audit", "--callbacks", str(script), guarded=False) as served,
        connected(served.host, served.port) as client,
    ):
        client.send(PING, b"here")
        assert client.ask("first") == "first"


def test_the_callback_may_close(echo: Served) -> None:
    with connected(echo.host, echo.port) as client:
        client.send(PONG)
        assert client.receive()[0] == CLOSE


def test_the_clients_goodbye_is_answered(echo: Served) -> None:
    with connected(echo.host, echo.port) as client:
        client.send(CLOSE, b"\x03\xe8")
        assert client.receive() == (CLOSE, b"\x03\xe8")
        assert client.receive()[0] == 0


def test_many_clients_get_their_own_answers(echo: Served) -> None:
    with (
        connected(echo.host, echo.port) as first,
        connected(echo.host, echo.port) as second,
        connected(echo.host, echo.port) as third,
    ):
        clients = (first, second, third)
        for number, client in enumerate(clients):
            client.send(TEXT, str(number))
        assert [client.receive() for client in clients] == [(TEXT, b"0"), (TEXT, b"1"), (TEXT, b"2")]


@pytest.mark.skipif(os.name == "nt", reason="Windows ends a process without a signal it could answer")
def test_an_open_connection_does_not_keep_the_server_from_ending(tmp_path: Path) -> None:
    script = tmp_path / "echo.py"
    script.write_text(ECHO, encoding="utf-8")
    with (
        serving(tmp_path / "audit", "--callbacks", str(script), guarded=False) as served,
        connected(served.host, served.port) as client,
    ):
        assert client.ask("x") == "x"
        started = time.monotonic()
        assert served.stop() == 0
        assert time.monotonic() - started < 5
        assert client.receive()[0] == CLOSE


# -- a guarded server's dialect has no messages --------------------------------------------------------------------


@pytest.mark.parametrize("opcode", [TEXT, BINARY])
def test_who_sends_a_message_to_a_guarded_server_is_cut_off_and_recorded(guarded: Served, opcode: int) -> None:
    with connected(guarded.host, guarded.port) as client:
        client.send(opcode, b'{"id": 1, "method": "script.exec", "params": {"code": "op(\'/project1\').destroy()"}}')
        assert client.receive()[0] == CLOSE
        name = client.name
    assert guarded.call("GET", "/api/nodes?parentPath=/project1")["success"] is True
    assert [r["peer"] for r in guarded.records() if r["event"] == "websocket"].count(name) == 1


def test_a_websocket_to_a_guarded_server_is_cut_off_before_it_says_anything(guarded: Served) -> None:
    with connected(guarded.host, guarded.port) as client:
        assert client.receive()[0] == CLOSE
