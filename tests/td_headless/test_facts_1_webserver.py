"""Reference `td_runtime.md`, section 1 (Web Server DAT), HTTP part: one test a statement; each quotes it.

Not testable on a stand-in, and why:
- field reports about a particular build (case of headers on macOS, CPU load of idle connections, POCO's version):
  they are about TouchDesigner's own engine;
- which of a header and a reserved key wins: nobody knows; `test_webserver` runs both ways;
- ``secure`` (TLS), ``minprotocol``, client verification: not built, `NotImplementedError` says so;
- the decoding of ``pars`` before 2025.31760: unknown in detail, one behaviour is built;
- what Derivative's own TDMCP server does: another program;
- WebSocket: `test_websocket`.
"""

from __future__ import annotations

import base64
import http.client
from typing import Any

import pytest

from td_headless import Runtime
from tests.td_headless.conftest import talk, web_server

_KEEP = """
def onHTTPRequest(*args):
    args[0].parent().store('args', args[:2] + (dict(args[2]),))
    args[2]['statusCode'] = 202
    args[2]['statusReason'] = 'Taken'
    args[2]['content-type'] = 'application/json'
    args[2]['data'] = '{}'
    return args[2]
"""


def ask(runtime: Runtime, server: Any, target: str = "/", **options: Any) -> http.client.HTTPResponse:
    address = runtime.server_address(server)

    def client() -> http.client.HTTPResponse:
        connection = http.client.HTTPConnection(*address, timeout=30)
        connection.request(options.pop("method", "GET"), target, **options)
        answer = connection.getresponse()
        answer.read()
        connection.close()
        return answer

    return talk(runtime, client)


def request_of(runtime: Runtime, project: Any, target: str = "/", **options: Any) -> dict[str, Any]:
    ask(runtime, web_server(project, _KEEP), target, **options)
    found: dict[str, Any] = project.fetch("args")[1]
    return found


def test_arguments_are_positional_and_three(runtime: Runtime, project: Any) -> None:
    """1: onHTTPRequest(webServerDAT, request: dict, response: dict), positional."""
    server = web_server(project, _KEEP)
    ask(runtime, server)
    first, request, response = project.fetch("args")
    assert first is server
    assert (type(request), type(response)) == (dict, dict)


def test_a_missing_function_is_tolerated(runtime: Runtime, project: Any) -> None:
    """1: a callbacks DAT that lacks a function is tolerated."""
    server = web_server(project, "def onServerStart(dat):\n    dat.parent().store('up', 1)\n")
    assert ask(runtime, server).status == 404
    assert project.fetch("up") == 1


def test_server_start_and_stop_are_called_with_the_dat(runtime: Runtime, project: Any) -> None:
    """1: onServerStart and onServerStop (webServerDAT)."""
    code = "def {0}(dat):\n    dat.parent().store('{0}', dat.name)\n"
    server = web_server(project, code.format("onServerStart") + code.format("onServerStop"))
    server.par.active = False
    assert (project.fetch("onServerStart"), project.fetch("onServerStop")) == ("server", "server")


def test_the_request_always_has_these_keys(runtime: Runtime, project: Any) -> None:
    """1: always method, uri (without query), pars, clientAddress, serverAddress, data."""
    request = request_of(runtime, project, "/a/b?x=1&y=two", method="POST", body=b"hello")
    assert (request["method"], request["uri"], request["pars"]) == ("POST", "/a/b", {"x": "1", "y": "two"})
    assert {"clientAddress", "serverAddress", "data"} <= set(request)


def test_headers_are_top_level_keys_in_the_senders_case_and_not_nested(runtime: Runtime, project: Any) -> None:
    """1: HTTP headers are flattened as top-level keys; original case; nested request['headers'] is not documented."""
    request = request_of(runtime, project, headers={"X-TDPilot-Token": "t", "lower-case": "u"})
    assert (request["X-TDPilot-Token"], request["lower-case"]) == ("t", "u")
    assert "headers" not in request


def test_data_is_text_or_bytes(runtime: Runtime, project: Any) -> None:
    """1: data can be str or bytes."""
    assert request_of(runtime, project, method="POST", body="grün".encode())["data"] == "grün"
    assert request_of(runtime, project, method="POST", body=b"\xff\xfe")["data"] == b"\xff\xfe"


def test_a_large_body_is_not_refused(runtime: Runtime, project: Any) -> None:
    """1: no body-size limit by the DAT itself."""
    assert len(request_of(runtime, project, method="POST", body=b"x" * 9_000_000)["data"]) == 9_000_000


@pytest.mark.parametrize("build", ["2023.12000", "2025.30000", "2025.33070"])
def test_the_request_keys_do_not_depend_on_the_build(build: str) -> None:
    """1: no key was added or removed between builds."""
    with Runtime(build=build) as runtime:
        request = request_of(runtime, runtime.root.create("baseCOMP"))
    assert {"method", "uri", "pars", "clientAddress", "serverAddress", "data"} <= set(request)


def test_the_response_starts_as_404(runtime: Runtime, project: Any) -> None:
    """1: response is pre-filled; statusCode is 404 by default."""
    server = web_server(project, _KEEP.replace("    args[2]['statusCode'] = 202\n", ""))
    ask(runtime, server)
    assert project.fetch("args")[2]["statusCode"] == 404


def test_what_the_callback_returns_is_the_answer_and_other_keys_are_headers(runtime: Runtime, project: Any) -> None:
    """1: statusCode, statusReason, data are the answer; every other key is sent as a response header."""
    answer = ask(runtime, web_server(project, _KEEP))
    assert (answer.status, answer.reason, answer.getheader("content-type")) == (202, "Taken", "application/json")


def test_the_response_must_be_returned(runtime: Runtime, project: Any) -> None:
    """1: onHTTPRequest must return response."""
    server = web_server(project, _KEEP.replace("return args[2]", "return None"))
    assert ask(runtime, server).status == 500


def test_authenticate_basic_checks_a_pair(runtime: Runtime, project: Any) -> None:
    """1: authenticateBasic(token, userPasswords) -> bool."""
    server = web_server(project, "")
    token = "Basic " + base64.b64encode(b"ann:secret").decode()
    assert server.authenticateBasic(token, {"ann": "secret"}) is True
    assert server.authenticateBasic(token, {"ann": "other"}) is False


@pytest.mark.parametrize("name", ["disconnect", "addWebSocketOnlyPath", "broadcast"])
def test_these_methods_do_not_exist(project: Any, name: str) -> None:
    """1: disconnect, addWebSocketOnlyPath, a broadcast helper do not exist."""
    assert not hasattr(project.create("webserverDAT"), name)


@pytest.mark.parametrize(
    "name", ["active", "restart", "port", "callbacks", "secure", "privatekey", "certificate", "password"]
)
def test_these_parameters_exist(project: Any, name: str) -> None:
    """1: parameters active, restart (pulse), port, callbacks; page Secure: secure, privatekey, certificate, password."""
    assert project.create("webserverDAT").par[name] is not None
    assert project.op("webserver1").par.restart.isPulse


@pytest.mark.parametrize(("build", "exists"), [("2025.32820", False), ("2025.33060", True), ("2025.33070", True)])
def test_local_address_exists_since_july_2026(build: str, exists: bool) -> None:
    """1: localaddress only since 2025.33060/33070; blank by default; read it with getattr(par, name, None)."""
    with Runtime(build=build) as runtime:
        server = runtime.root.create("webserverDAT")
        assert (getattr(server.par, "localaddress", None) is not None) is exists
        assert not exists or server.par.localaddress.eval() == ""


def test_a_password_is_readable(project: Any) -> None:
    """1: password is readable from Python."""
    server = project.create("webserverDAT")
    server.par.password = "open"
    assert server.par.password.eval() == "open"


def test_callbacks_run_on_the_main_thread_between_frames(runtime: Runtime, project: Any) -> None:
    """1: callbacks run on TD's main thread, between frames; td.isMainThread() exists."""
    ask(runtime, web_server(project, "def onHTTPRequest(*args):\n    me.store('main', isMainThread())\n"))
    assert project.op("callbacks").fetch("main") is True


def test_a_modal_dialog_cannot_hang_the_stand_in(runtime: Runtime, project: Any) -> None:
    """1: a modal dialog inside a callback stops everything; here it raises instead."""
    code = "def onHTTPRequest(dat, request, response):\n    ui.messageBox('a', 'b')\n"
    assert ask(runtime, web_server(project, code)).status == 500
    assert "modal" in project.op("callbacks").scriptErrors()


@pytest.mark.parametrize(("wins", "expected"), [(False, "GET"), (True, "evil")])
def test_reserved_keys_are_told_apart_from_headers_by_one_switch(wins: bool, expected: str) -> None:
    """1: headers share the name space with the reserved keys; which wins is undocumented."""
    with Runtime(header_wins=wins) as runtime:
        request = request_of(runtime, runtime.root.create("baseCOMP"), headers={"method": "evil"})
    assert request["method"] == expected
