"""Web Server DATs over real sockets."""

from __future__ import annotations

import gzip
import http.client
import json
import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest

from td_headless import Runtime, tdError
from td_headless.http_exchange import RepeatedHeaders
from tests.td_headless.conftest import talk, web_server

_ECHO = """
import json
def onServerStart(webServerDAT):
    webServerDAT.parent().store('started', webServerDAT.parent().fetch('started', 0) + 1)
def onServerStop(webServerDAT):
    webServerDAT.parent().store('stopped', webServerDAT.parent().fetch('stopped', 0) + 1)
def onHTTPRequest(webServerDAT, request, response):
    response['statusCode'] = 200
    response['statusReason'] = 'Fine'
    response['X-Thread'] = str(isMainThread())
    request = {k: v if isinstance(v, (str, dict)) else repr(v) for k, v in request.items()}
    response['data'] = json.dumps(request)
    return response
"""


@pytest.fixture(params=[False, True], ids=["a key wins", "a header wins"])
def runtime(request: pytest.FixtureRequest) -> Iterator[Runtime]:
    """Each test runs both ways, because nobody knows what TouchDesigner does with a header named like a key."""
    with Runtime(header_wins=request.param) as made:
        yield made


def fetch(
    address: tuple[str, int],
    method: str = "GET",
    target: str = "/",
    body: bytes | None = None,
    headers: dict[str, str] | None = None,
) -> tuple[int, str, dict[str, str], bytes]:
    connection = http.client.HTTPConnection(*address, timeout=30)
    connection.request(method, target, body, headers or {})
    reply = connection.getresponse()
    made = (reply.status, reply.reason, dict(reply.headers), reply.read())
    connection.close()
    return made


def raw(address: tuple[str, int], data: bytes, hang_up: bool = False) -> bytes:
    with socket.create_connection(address, timeout=10) as connection:
        connection.sendall(data)
        if hang_up:
            connection.shutdown(socket.SHUT_WR)
        received = b""
        while chunk := connection.recv(65536):
            received += chunk
    return received


def test_a_request_is_served_on_the_main_thread(runtime: Runtime, project: Any) -> None:
    address = runtime.server_address(web_server(project, _ECHO))
    status, reason, headers, body = talk(
        runtime, lambda: fetch(address, "POST", "/a%20b?q=1", b"{}", {"X-My-Key": "v", "Content-Type": "text/plain"})
    )
    got = json.loads(body)
    assert (status, reason, headers["X-Thread"]) == (200, "Fine", "True")
    assert (got["method"], got["uri"], got["pars"], got["data"]) == ("POST", "/a b", {"q": "1"}, "{}")
    assert (got["clientAddress"], got["X-My-Key"]) == ("127.0.0.1", "v")


@pytest.mark.parametrize("wins", [False, True])
@pytest.mark.parametrize("key", ["method", "uri", "pars", "clientAddress", "serverAddress", "data"])
def test_a_header_named_like_a_key_wins_only_where_it_is_told_to(wins: bool, key: str) -> None:
    with Runtime(header_wins=wins) as runtime:
        address = runtime.server_address(web_server(runtime.root, _ECHO))
        got = json.loads(talk(runtime, lambda: fetch(address, "POST", "/", b"{}", {key: "evil"}))[3])
    assert (got[key] == "evil") is wins


@pytest.mark.parametrize(
    ("repeated", "expected"),
    [
        (RepeatedHeaders.LAST, "'2'"),
        (RepeatedHeaders.LIST, "['1', '2']"),
        (RepeatedHeaders.JOINED, "'1, 2'"),
    ],
)
def test_a_repeated_header_is_handed_over_as_told(repeated: RepeatedHeaders, expected: str) -> None:
    code = "def onHTTPRequest(d, q, r):\n    r.update(statusCode=200, data=repr(q['X-A']))\n    return r"
    with Runtime(repeated_headers=repeated) as runtime:
        address = runtime.server_address(web_server(runtime.root, code))
        sent = b"GET / HTTP/1.1\r\nHost: x\r\nX-A: 1\r\nX-A: 2\r\nConnection: close\r\n\r\n"
        assert talk(runtime, lambda: raw(address, sent)).decode().endswith(expected)


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_every_method_reaches_the_callback(runtime: Runtime, project: Any, method: str) -> None:
    address = runtime.server_address(web_server(project, _ECHO))
    assert talk(runtime, lambda: fetch(address, method))[0] == 200


def test_a_huge_body_arrives_whole(runtime: Runtime, project: Any) -> None:
    code = "def onHTTPRequest(d, q, r):\n    r['statusCode'] = 200\n    r['data'] = str(len(q['data']))\n    return r"
    address = runtime.server_address(web_server(project, code))
    assert talk(runtime, lambda: fetch(address, "POST", "/", b"x" * 100_000_000))[3] == b"100000000"


def test_a_chunked_body_and_an_expectation_are_understood(runtime: Runtime, project: Any) -> None:
    address = runtime.server_address(web_server(project, _ECHO))
    head = b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
    chunked = talk(runtime, lambda: raw(address, head + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"))
    assert b'"data": "abc"' in chunked
    expecting = talk(runtime, lambda: raw(address, head + b"Expect: 100-continue\r\nContent-Length: 3\r\n\r\nabc"))
    assert expecting.startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200")


def test_one_connection_carries_many_requests(runtime: Runtime, project: Any) -> None:
    address = runtime.server_address(web_server(project, _ECHO))

    def client() -> list[int]:
        connection = http.client.HTTPConnection(*address, timeout=10)
        statuses = []
        for _ in range(5):
            connection.request("GET", "/")
            reply = connection.getresponse()
            reply.read()
            statuses.append(reply.status)
        return statuses

    assert talk(runtime, client) == [200] * 5


def test_a_request_does_not_wait_for_a_frame(project: Any) -> None:
    with Runtime(frame_rate=0.1) as runtime:
        network = runtime.root.create("baseCOMP")
        address = runtime.server_address(web_server(network, _ECHO))
        started = time.monotonic()

        def client() -> float:
            fetch(address)
            return time.monotonic() - started

        stop_after_frame = runtime.world.clock
        stop_after_frame.stepSeconds = 2.0
        assert talk(runtime, client) < 1.0


def test_the_callbacks_parameter_takes_effect_at_once(runtime: Runtime, project: Any) -> None:
    server = web_server(project, _ECHO)
    other = project.create("textDAT", "other")
    other.text = "def onHTTPRequest(d, q, r):\n    r['statusCode'] = 299\n    return r"
    address = runtime.server_address(server)
    assert talk(runtime, lambda: fetch(address))[0] == 200
    server.par.callbacks = "other"
    assert talk(runtime, lambda: fetch(address))[0] == 299
    other.text = other.text.replace("299", "298")
    assert talk(runtime, lambda: fetch(address))[0] == 298


@pytest.mark.parametrize("code", ["", "onHTTPRequest = None", "x = 1"])
def test_callbacks_without_the_function_answer_404(runtime: Runtime, project: Any, code: str) -> None:
    address = runtime.server_address(web_server(project, code))
    assert talk(runtime, lambda: fetch(address))[0] == 404


def test_an_untouched_response_is_404(runtime: Runtime, project: Any) -> None:
    address = runtime.server_address(web_server(project, "def onHTTPRequest(d, q, r):\n    return r"))
    assert talk(runtime, lambda: fetch(address))[:2] == (404, "Not Found")


@pytest.mark.parametrize(
    "line",
    [
        "raise ValueError('broken')",
        "raise SystemExit('broken')",
        "raise KeyboardInterrupt('broken')",
        "return 'broken'",
    ],
)
def test_a_failing_callback_is_an_empty_500_and_a_script_error(runtime: Runtime, project: Any, line: str) -> None:
    address = runtime.server_address(web_server(project, f"def onHTTPRequest(d, q, r):\n    {line}"))
    for _ in range(2):
        status, _, _, body = talk(runtime, lambda: fetch(address))
        assert (status, body) == (500, b"")
    assert "broken" in project.op("callbacks").scriptErrors() or "must return" in project.op("callbacks").scriptErrors()


def test_a_header_value_cannot_split_the_response(runtime: Runtime, project: Any) -> None:
    extra = "{'statusCode': 200, 'X-A': 'a\\r\\nX-B: b', 'headers': {'X-C': 'c'}}"
    code = f"def onHTTPRequest(d, q, r):\n    return r | {extra}"
    address = runtime.server_address(web_server(project, code))
    _, _, headers, _ = talk(runtime, lambda: fetch(address))
    assert "X-B" not in headers
    assert "X-C" not in headers
    assert headers["X-A"].startswith("a")


@pytest.mark.parametrize(
    "data",
    [
        b"GET /%ff%fe%00?%zz=%ed%a0%80 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nX-A: \xff\xed\xa0\x80\r\nConnection: close\r\n\r\n",
        b"GET http://[::1/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        b"GET //%5Bx HTTP/1.1\r\nHost: \xff\r\nConnection: close\r\n\r\n",
        b"\x00\xff\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc",
        b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"y" * 300_000 + b"\r\nConnection: close\r\n\r\n",
    ],
)
def test_oddities_do_not_kill_the_server(runtime: Runtime, project: Any, data: bytes) -> None:
    address = runtime.server_address(web_server(project, _ECHO))
    talk(runtime, lambda: raw(address, data, hang_up=True))
    assert talk(runtime, lambda: fetch(address))[0] == 200


def test_the_server_follows_its_parameters(runtime: Runtime, project: Any) -> None:
    server = web_server(project, _ECHO)
    first = runtime.server_address(server)
    server.par.restart.pulse()
    assert (project.fetch("started"), project.fetch("stopped")) == (2, 1)
    server.par.active = False
    assert project.fetch("stopped") == 2
    with pytest.raises(tdError, match="not listening"):
        runtime.server_address(server)
    server.par.port = first[1]
    server.par.active = True
    assert runtime.server_address(server) == first


def test_a_taken_port_is_an_error_of_the_dat(runtime: Runtime, project: Any) -> None:
    first = web_server(project, _ECHO)
    second = project.create("webserverDAT", initialize=False)
    second.par.port = runtime.server_address(first)[1]
    second.par.active = True
    assert "Cannot listen" in second.errors()


def test_a_destroyed_server_frees_its_port(runtime: Runtime, project: Any) -> None:
    server = web_server(project, _ECHO)
    address = runtime.server_address(server)
    server.destroy()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(address, timeout=1)


def test_a_callback_may_restart_its_own_server(runtime: Runtime, project: Any) -> None:
    code = "def onHTTPRequest(d, q, r):\n    d.par.restart.pulse()\n    r['statusCode'] = 200\n    return r"
    server = web_server(project, code)
    server.par.port = free = runtime.server_address(server)[1]
    address = ("127.0.0.1", free)
    assert talk(runtime, lambda: fetch(address))[0] == 200
    assert talk(runtime, lambda: fetch(address))[0] == 200


def test_a_callback_may_destroy_its_own_server(runtime: Runtime, project: Any) -> None:
    code = "def onHTTPRequest(d, q, r):\n    d.destroy()\n    r['statusCode'] = 200\n    return r"
    address = runtime.server_address(web_server(project, code))
    assert talk(runtime, lambda: fetch(address))[0] == 200


def test_two_servers_serve_side_by_side(runtime: Runtime, project: Any) -> None:
    first = runtime.server_address(web_server(project, _ECHO))
    second = runtime.server_address(
        web_server(project.create("baseCOMP"), "def onHTTPRequest(d, q, r):\n    r['statusCode'] = 204\n    return r")
    )
    assert talk(runtime, lambda: (fetch(first)[0], fetch(second)[0])) == (200, 204)


def test_https_is_not_built_and_says_so(project: Any) -> None:
    server = project.create("webserverDAT")
    server.par.secure = True
    with pytest.raises(NotImplementedError, match="secure"):
        server.par.active = True


def test_a_compressed_body_is_handed_over_as_it_came(runtime: Runtime, project: Any) -> None:
    address = runtime.server_address(web_server(project, _ECHO))
    body = gzip.compress(b"{}")
    got = json.loads(talk(runtime, lambda: fetch(address, "POST", "/", body, {"Content-Encoding": "gzip"}))[3])
    assert got["data"] == repr(body)


def test_a_broken_callbacks_expression_is_an_error_and_not_the_end(runtime: Runtime, project: Any) -> None:
    server = web_server(project, _ECHO)
    address = runtime.server_address(server)
    server.par.callbacks.expr = "1 / 0"
    assert talk(runtime, lambda: fetch(address))[0] == 500
    assert "ZeroDivisionError" in server.scriptErrors()


def test_https_switched_on_by_a_callback_is_an_error_of_the_dat(runtime: Runtime, project: Any) -> None:
    code = "def onHTTPRequest(d, q, r):\n    d.par.secure = True\n    r['statusCode'] = 200\n    return r"
    server = web_server(project, code)
    address = runtime.server_address(server)
    assert talk(runtime, lambda: fetch(address))[0] == 200
    runtime.step()
    assert "secure" in server.errors()


def test_stopping_does_not_wait_for_requests_nobody_serves_nor_for_idle_connections(project: Any) -> None:
    runtime = Runtime()
    address = runtime.server_address(web_server(runtime.root, _ECHO))
    with socket.create_connection(address) as idle, socket.create_connection(address) as waiting:
        waiting.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        idle.settimeout(5)
        waiting.settimeout(5)
        time.sleep(0.2)
        started = time.monotonic()
        runtime.close()
        assert time.monotonic() - started < 1.0
        assert waiting.recv(10) == b""


def test_an_answer_given_before_a_restart_arrives_whole(runtime: Runtime, project: Any) -> None:
    code = "def onHTTPRequest(d, q, r):\n    d.destroy()\n    return {'statusCode': 200, 'data': 'x' * 30_000_000}"
    address = runtime.server_address(web_server(project, code))
    assert len(talk(runtime, lambda: fetch(address))[3]) == 30_000_000
