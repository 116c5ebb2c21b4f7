"""WebSocket on a Web Server DAT's port, over real sockets."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, TypeVar

import aiohttp
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from td_headless import Runtime, tdError
from tests.td_headless.conftest import talk, web_server

T = TypeVar("T")
Address = tuple[str, int]
Client = aiohttp.ClientWebSocketResponse

_RECORDER = """
log = me.parent().fetch('log', [], storeDefault=True)
def onHTTPRequest(d, request, response):
    response['statusCode'] = 200
    return response
def onWebSocketOpen(*args):
    log.append(('open', *args[1:], args[0].name, isMainThread()))
def onWebSocketClose(*args):
    log.append(('close', *args[1:]))
def onWebSocketReceiveText(*args):
    log.append(('text', *args[1:]))
def onWebSocketReceiveBinary(*args):
    log.append(('binary', *args[1:]))
def onWebSocketReceivePing(*args):
    log.append(('ping', *args[1:]))
    args[0].webSocketSendPong(args[1], data=args[2])
def onWebSocketReceivePong(*args):
    log.append(('pong', *args[1:]))
def onServerStart(d):
    log.append(('start',))
def onServerStop(d):
    log.append(('stop',))
"""
_ECHO = """
def onWebSocketReceiveText(webServerDAT, client, data):
    webServerDAT.webSocketSendText(client, data)
def onWebSocketReceiveBinary(webServerDAT, client, data):
    webServerDAT.webSocketSendBinary(client, data)
"""
_HANDSHAKE = (
    b"GET /%s HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)


@contextlib.asynccontextmanager
async def connected(address: Address, target: str = "/", **options: Any) -> AsyncIterator[Client]:
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(
            f"http://{address[0]}:{address[1]}{target}", autoping=False, max_msg_size=0, timeout=_SHORT, **options
        ) as client,
    ):
        yield client


_SHORT = aiohttp.ClientWSTimeout(ws_close=5.0)  # type: ignore[attr-defined]


def converse(runtime: Runtime, address: Address, client: Callable[[Client], Awaitable[T]], **options: Any) -> T:
    """Run a conversation in a thread while the frame loop runs here."""

    async def session() -> T:
        async with connected(address, **options) as socket:
            return await client(socket)

    return talk(runtime, lambda: asyncio.run(session()))


def settle(runtime: Runtime, log: list[Any], count: int, what: str = "close") -> None:
    """Let frames pass until the log holds `count` entries of this kind."""
    end = time.monotonic() + 10
    while len([entry for entry in log if entry[0] == what]) < count and time.monotonic() < end:
        runtime.step(0.01)


def shake_hands(address: Address, target: bytes = b"") -> socket.socket:
    """A connection that has said hello and does nothing by itself: it is no well-behaved client."""
    connection = socket.create_connection(address, timeout=10)
    connection.sendall(_HANDSHAKE % target)
    reply = b""
    while not reply.endswith(b"\r\n\r\n") and (byte := connection.recv(1)):
        reply += byte
    assert reply.startswith(b"HTTP/1.1 101 ")
    return connection


def masked(data: bytes, opcode: int = 0x1) -> bytes:
    """One small frame as a client sends it, with a mask of zeros."""
    assert len(data) < 126
    return bytes([0x80 | opcode, 0x80 | len(data)]) + bytes(4) + data


# -- the callbacks -------------------------------------------------------------------------------------------------


def test_every_callback_is_called_in_order_with_positional_arguments_on_the_main_thread(
    runtime: Runtime, project: Any
) -> None:
    address = runtime.server_address(web_server(project, _RECORDER))
    log = project.fetch("log")

    async def client(socket: Client) -> tuple[bytes, str]:
        await socket.send_str("日本 \U0001f600")
        await socket.send_bytes(b"\0\xff")
        await socket.ping(b"are you there")
        await socket.pong(b"unasked")
        reply = await socket.receive(10)
        assert reply.type is aiohttp.WSMsgType.PONG
        own = socket.get_extra_info("sockname")
        return bytes(reply.data), f"{own[0]}:{own[1]}"

    pong, me = converse(runtime, address, client, target="/a%20b?token=%C3%A4")
    settle(runtime, log, 1)
    assert pong == b"are you there"
    assert log == [
        ("start",),
        ("open", me, "/a%20b?token=%C3%A4", "server", True),
        ("text", me, "日本 \U0001f600"),
        ("binary", me, b"\0\xff"),
        ("ping", me, b"are you there"),
        ("pong", me, b"unasked"),
        ("close", me),
    ]
    assert [type(entry[-1]) for entry in log[2:6]] == [str, bytes, bytes, bytes]


def test_no_header_of_the_upgrade_reaches_a_callback(runtime: Runtime, project: Any) -> None:
    address = runtime.server_address(web_server(project, _RECORDER))

    async def client(socket: Client) -> None:
        await socket.send_str("x")

    secret = {"Origin": "http://evil.example", "Authorization": "Bearer tell-nobody", "Sec-WebSocket-Protocol": "chat"}
    converse(runtime, address, client, headers=secret)
    settle(runtime, project.fetch("log"), 1)
    assert not [word for word in ("evil", "tell-nobody", "chat") if word in str(project.fetch("log"))]
    assert [entry[0] for entry in project.fetch("log")] == ["start", "open", "text", "close"]


@pytest.mark.parametrize("code", ["", "x = 1", "onWebSocketOpen = None", "def onHTTPRequest(d, q, r):\n    return r"])
def test_missing_callbacks_are_tolerated(runtime: Runtime, project: Any, code: str) -> None:
    server = web_server(project, code)

    async def client(socket: Client) -> None:
        for send in (socket.send_str("x"), socket.send_bytes(b"x"), socket.ping(), socket.pong()):
            await send

    converse(runtime, runtime.server_address(server), client)
    assert (server.errors(), project.op("callbacks").scriptErrors()) == ("", "")


@pytest.mark.parametrize("error", ["ValueError('broken')", "SystemExit('broken')", "KeyboardInterrupt('broken')"])
def test_a_failing_callback_is_a_script_error_and_the_connection_lives_on(
    runtime: Runtime, project: Any, error: str
) -> None:
    code = f"{_ECHO}\ndef onWebSocketReceivePing(d, client, data):\n    raise {error}\n"
    address = runtime.server_address(web_server(project, code))

    async def client(socket: Client) -> str:
        await socket.ping(b"x")
        await socket.send_str("still here")
        return await socket.receive_str(timeout=10)

    assert converse(runtime, address, client) == "still here"
    assert "broken" in project.op("callbacks").scriptErrors()


def test_script_errors_of_a_flood_do_not_pile_up(runtime: Runtime, project: Any) -> None:
    code = f"{_ECHO}\ndef onWebSocketReceiveBinary(d, client, data):\n    raise ValueError(data)\n"
    address = runtime.server_address(web_server(project, code))

    async def client(socket: Client) -> None:
        for number in range(500):
            await socket.send_bytes(b"%d" % number)
        await socket.send_str("done")
        await socket.receive_str(timeout=10)

    converse(runtime, address, client)
    errors = project.op("callbacks").scriptErrors()
    assert "499" in errors
    assert errors.count("ValueError: ") <= 100


def test_the_stock_callbacks_answer_a_ping(runtime: Runtime, project: Any) -> None:
    server = project.create("webserverDAT")
    server.par.port = 0
    server.par.active = True

    async def client(socket: Client) -> tuple[str, bytes]:
        await socket.ping(b"x")
        reply = await socket.receive(10)
        return reply.type.name, bytes(reply.data)

    assert converse(runtime, runtime.server_address(server), client) == ("PONG", b"x")


def test_http_and_websocket_share_the_port(runtime: Runtime, project: Any) -> None:
    address = runtime.server_address(web_server(project, _RECORDER + _ECHO))

    async def session() -> tuple[int, str]:
        async with connected(address) as client, aiohttp.ClientSession() as http:
            await client.send_str("hello")
            async with http.get(f"http://{address[0]}:{address[1]}/") as reply:
                return reply.status, await client.receive_str(timeout=10)

    assert talk(runtime, lambda: asyncio.run(session())) == (200, "hello")


@pytest.mark.parametrize(
    "headers",
    [
        {"Upgrade": "websocket", "Connection": "Upgrade"},
        {"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "99"},
        {"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "short"},
    ],
)
def test_what_is_no_handshake_is_answered_with_400_and_tells_no_callback(
    runtime: Runtime, project: Any, headers: dict[str, str]
) -> None:
    address = runtime.server_address(web_server(project, _RECORDER))

    async def session() -> int:
        url = f"http://{address[0]}:{address[1]}/"
        async with aiohttp.ClientSession() as http, http.get(url, headers=headers) as reply:
            return reply.status

    assert talk(runtime, lambda: asyncio.run(session())) == 400
    assert project.fetch("log") == [("start",)]


# -- the methods ---------------------------------------------------------------------------------------------------


def test_every_send_works_from_a_callback_and_returns_none(runtime: Runtime, project: Any) -> None:
    code = """
def onWebSocketOpen(d, client, uri):
    told = [d.webSocketSendText(client, 'ä'), d.webSocketSendBinary(client, bytearray(b'b')), d.webSocketSendPing(client),
            d.webSocketSendPing(client, data='p'), d.webSocketSendPong(client, b'q'), d.webSocketConnections == [client],
            d.webSocketClose(client), d.webSocketConnections]
    me.parent().store('told', told)
"""
    address = runtime.server_address(web_server(project, code))

    async def client(socket: Client) -> list[tuple[str, Any]]:
        messages = [await socket.receive(10) for _ in range(6)]
        return [(message.type.name, message.data) for message in messages]

    assert converse(runtime, address, client) == [
        ("TEXT", "ä"), ("BINARY", b"b"), ("PING", b""), ("PING", b"p"), ("PONG", b"q"), ("CLOSE", 1000)
    ]  # fmt: skip
    assert project.fetch("told") == [None, None, None, None, None, True, None, []]


def test_messages_sent_from_frame_code_arrive(runtime: Runtime, project: Any) -> None:
    web_server(project, "")
    frames = project.create("executeDAT", "frames")
    frames.text = """
def onFrameStart(frame):
    server = op('server')
    for client in server.webSocketConnections:
        server.webSocketSendText(client, str(frame))
"""
    frames.par.framestart = True

    async def client(socket: Client) -> list[int]:
        return [int(await socket.receive_str(timeout=10)) for _ in range(5)]

    got = converse(runtime, runtime.server_address(project.op("server")), client)
    assert got == list(range(got[0], got[0] + 5))


@pytest.mark.parametrize(
    "call",
    ["SendText(c, 'x')", "SendBinary(c, b'x')", "SendPing(c)", "SendPong(c)", "Close(c)"],
)
@pytest.mark.parametrize("client", ["127.0.0.1:1", "", None, 7])
def test_an_unknown_client_is_a_td_error(runtime: Runtime, project: Any, call: str, client: object) -> None:
    server = web_server(project, _ECHO)
    with pytest.raises(tdError, match="no WebSocket client"):
        eval(f"server.webSocket{call}", {"server": server, "c": client})


def test_a_client_is_unknown_once_the_project_has_closed_it(runtime: Runtime, project: Any) -> None:
    code = """
def onWebSocketReceiveText(d, client, data):
    d.webSocketClose(client)
    try:
        d.webSocketSendText(client, 'late')
    except tdError as error:
        me.parent().store('error', str(error))
"""
    address = runtime.server_address(web_server(project, code))

    async def client(socket: Client) -> str:
        await socket.send_str("x")
        return (await socket.receive(10)).type.name

    assert converse(runtime, address, client) == "CLOSE"
    assert "no WebSocket client" in project.fetch("error")


def test_nothing_of_a_dismissed_client_is_delivered_but_its_end(runtime: Runtime, project: Any) -> None:
    code = (
        _RECORDER
        + "\ndef onWebSocketReceiveText(d, client, data):\n    log.append(('text', data))\n    d.webSocketClose(client)\n"
    )
    address = runtime.server_address(web_server(project, code))
    with shake_hands(address) as connection:
        connection.sendall(masked(b"first") + masked(b"second") + masked(b"third", 0x2))
        settle(runtime, project.fetch("log"), 1)
    assert [entry for entry in project.fetch("log") if entry[0] != "start"][1:-1] == [("text", "first")]


@pytest.mark.parametrize(
    ("call", "error"),
    [
        ("SendText(c, b'x')", TypeError), ("SendText(c, None)", TypeError), ("SendText(c, '\\ud800')", UnicodeEncodeError),
        ("SendBinary(c, 'x')", TypeError), ("SendPing(c, b'x' * 126)", tdError), ("SendPong(c, 'é' * 63)", tdError),
    ],
)  # fmt: skip
def test_what_cannot_be_sent_is_an_error_and_the_connection_lives_on(
    runtime: Runtime, project: Any, call: str, error: type[Exception]
) -> None:
    code = f"""
def onWebSocketOpen(d, c, uri):
    try:
        d.webSocket{call}
    except Exception as error:
        me.parent().store('error', error)
    d.webSocketSendText(c, 'well')
"""
    address = runtime.server_address(web_server(project, code))
    assert converse(runtime, address, lambda socket: socket.receive_str(timeout=10)) == "well"
    assert isinstance(project.fetch("error"), error)


def test_a_message_to_a_client_that_has_just_left_is_lost_without_an_error(runtime: Runtime, project: Any) -> None:
    server = web_server(project, _RECORDER)
    connection = shake_hands(runtime.server_address(server))
    settle(runtime, project.fetch("log"), 1, "open")
    [client] = server.webSocketConnections
    connection.close()
    time.sleep(0.2)
    for _ in range(3):
        assert server.webSocketSendText(client, "x" * 1_000_000) is None
    settle(runtime, project.fetch("log"), 1)
    assert server.webSocketConnections == []


# -- the ends ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("change", ["server.par.active = False", "server.par.restart.pulse()", "server.par.port = 0"])
def test_deactivation_and_restart_close_the_connections_and_say_so(runtime: Runtime, project: Any, change: str) -> None:
    server = web_server(project, _RECORDER)
    server.par.port = runtime.server_address(server)[1]
    log = project.fetch("log")
    log.clear()
    opened = [shake_hands(runtime.server_address(server)) for _ in range(3)]
    settle(runtime, log, 3, "open")
    clients = server.webSocketConnections
    log.clear()
    started = time.monotonic()
    exec(change, {"server": server})
    assert time.monotonic() - started < 2
    assert log[:4] == [*(("close", client) for client in clients), ("stop",)]
    assert server.webSocketConnections == []
    for connection in opened:
        assert connection.recv(4)[:4] == b"\x88\x02\x03\xe8"
        connection.close()
    for _ in range(5):
        runtime.step(0.01)
    assert [entry[0] for entry in log[4:]] in ([], ["start"])


def test_a_callback_may_restart_its_own_server(runtime: Runtime, project: Any) -> None:
    server = web_server(
        project,
        _RECORDER
        + "\ndef onWebSocketReceiveText(d, client, data):\n    d.webSocketSendText(client, data)\n    d.par.restart.pulse()\n",
    )
    server.par.port = runtime.server_address(server)[1]

    async def client(socket: Client) -> tuple[str, str]:
        await socket.send_str("last words")
        return await socket.receive_str(timeout=10), (await socket.receive(10)).type.name

    assert converse(runtime, runtime.server_address(server), client) == ("last words", "CLOSE")
    assert [entry[0] for entry in project.fetch("log")][-3:] == ["close", "stop", "start"]


@pytest.mark.parametrize("inside", [True, False])
def test_a_destroyed_server_ends_its_connections(runtime: Runtime, project: Any, inside: bool) -> None:
    server = web_server(project, _RECORDER + "\ndef onWebSocketReceiveText(d, client, data):\n    d.destroy()\n")
    with shake_hands(runtime.server_address(server)) as connection:
        settle(runtime, project.fetch("log"), 1, "open")
        if inside:
            connection.sendall(masked(b"x") * 3)
            runtime.step(5)
        else:
            server.destroy()
        for _ in range(3):
            runtime.step(0.05)
        assert connection.recv(1) == b"\x88"
        assert connection.recv(10)[-2:] == b"\x03\xe8"


def test_a_connection_that_breaks_off_is_a_close(runtime: Runtime, project: Any) -> None:
    address = runtime.server_address(web_server(project, _RECORDER))
    log = project.fetch("log")
    connection = shake_hands(address)
    connection.sendall(masked(b"whole") + b"\x81\xfe\xff")
    connection.close()
    settle(runtime, log, 1)
    assert [entry[0] for entry in log] == ["start", "open", "text", "close"]


def test_stopping_waits_neither_for_idle_clients_nor_for_those_that_do_not_read(project: Any) -> None:
    runtime = Runtime()
    comp = runtime.root.create("baseCOMP")
    server = web_server(comp, _RECORDER)
    with shake_hands(runtime.server_address(server)), shake_hands(runtime.server_address(server)):
        settle(runtime, comp.fetch("log"), 2, "open")
        for client in server.webSocketConnections[:1]:
            server.webSocketSendBinary(client, bytes(30_000_000))
        started = time.monotonic()
        runtime.close()
        assert time.monotonic() - started < 2


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(garbage=st.binary(max_size=200))
def test_no_bytes_after_the_handshake_harm_the_server(runtime: Runtime, project: Any, garbage: bytes) -> None:
    server = project.op("server") or web_server(project, _RECORDER)
    log = project.fetch("log")
    log.clear()
    with shake_hands(runtime.server_address(server)) as connection:
        connection.sendall(garbage)
    settle(runtime, log, 1)
    assert [entry[0] for entry in log].count("close") == 1
    assert project.op("callbacks").scriptErrors() == ""


# -- floods --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("frame", [masked(b"x" * 100), masked(b"")], ids=["text", "empty"])
def test_a_flood_is_not_read_faster_than_it_is_seen(runtime: Runtime, project: Any, frame: bytes) -> None:
    address = runtime.server_address(web_server(project, _RECORDER))
    with shake_hands(address) as connection:
        connection.settimeout(1.0)
        with contextlib.suppress(TimeoutError):
            for _ in range(10_000):
                connection.send(frame * 10_000)
            pytest.fail("all of it was read")
        assert runtime._servers.waiting < 1000


def test_a_flood_stops_neither_frames_nor_other_requests(runtime: Runtime, project: Any) -> None:
    code = _RECORDER.replace("log.append(('text', *args[1:]))", "import time; time.sleep(0.0002)")
    address = runtime.server_address(web_server(project, code))
    stop = threading.Event()

    def flood() -> None:
        with shake_hands(address) as connection, contextlib.suppress(OSError):
            connection.settimeout(0.5)
            while not stop.is_set():
                with contextlib.suppress(TimeoutError):
                    connection.send(masked(b"x") * 10_000)

    async def ask() -> float:
        started = time.monotonic()
        async with aiohttp.ClientSession() as http:
            for _ in range(10):
                async with http.get(f"http://{address[0]}:{address[1]}/") as reply:
                    assert reply.status == 200
        return time.monotonic() - started

    thread = threading.Thread(target=flood, daemon=True)
    thread.start()
    before = runtime.world.clock.frame
    took = talk(runtime, lambda: asyncio.run(ask()))
    stepped = time.monotonic()
    runtime.step()
    stepped = time.monotonic() - stepped
    stop.set()
    assert took < 10
    assert runtime.world.clock.frame - before >= took * 20
    assert stepped < 2
    talk(runtime, thread.join)


def test_a_client_that_never_reads_is_cut_off_and_blocks_nobody(runtime: Runtime, project: Any) -> None:
    server = web_server(project, _RECORDER)
    log = project.fetch("log")
    with shake_hands(runtime.server_address(server)):
        settle(runtime, log, 1, "open")
        [client] = server.webSocketConnections
        sent, slowest = 0, 0.0
        while server.webSocketConnections and sent < 1000:
            sent += 1
            started = time.monotonic()
            server.webSocketSendBinary(client, bytes(1_000_000))
            slowest = max(slowest, time.monotonic() - started)
            runtime.step(0.001)
    assert sent < 100
    assert slowest < 0.5
    settle(runtime, log, 1)
    assert log[-1] == ("close", client)


def test_connections_that_come_and_go_while_nobody_looks_are_limited(runtime: Runtime, project: Any) -> None:
    server = web_server(project, _RECORDER)
    address = runtime.server_address(server)
    for _ in range(512):
        shake_hands(address).close()
    with pytest.raises(AssertionError):
        shake_hands(address)
    assert runtime._servers.waiting <= 1024
    settle(runtime, project.fetch("log"), 512)
    shake_hands(address).close()


def test_a_big_message_passes_and_one_beyond_the_limit_ends_the_connection(runtime: Runtime, project: Any) -> None:
    address = runtime.server_address(web_server(project, _ECHO))

    async def client(socket: Client) -> tuple[int, object]:
        await socket.send_bytes(bytes(20_000_000))
        echoed = len(await socket.receive_bytes(timeout=30))
        with contextlib.suppress(ConnectionError):
            await socket.send_bytes(bytes((64 << 20) + 1))
        return echoed, (await socket.receive(30)).type

    echoed, ended = converse(runtime, address, client)
    assert echoed == 20_000_000
    assert ended in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.ERROR)


def test_a_round_trip_does_not_wait_for_a_frame(project: Any) -> None:
    with Runtime(frame_rate=0.5) as runtime:
        address = runtime.server_address(web_server(runtime.root.create("baseCOMP"), _ECHO))

        async def client(socket: Client) -> float:
            started = time.monotonic()
            for number in range(20):
                await socket.send_str(str(number))
                assert await socket.receive_str(timeout=10) == str(number)
            return time.monotonic() - started

        assert converse(runtime, address, client) < 1.0
