"""The callbacks DAT stands even where the guard does not load."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from policyguard_cli import project
from td_headless import Runtime


@pytest.fixture
def td(tmp_path: Path) -> Iterator[Any]:
    """A project whose guard is installed, with its audit in a folder of the test."""
    runtime = Runtime()
    with runtime.install() as module:
        _, guard = project.build(module.root, port=0, touchdesigner_mcp=None)
        guard.par.Folder = str(tmp_path / "audit")
        guard.Install()
        yield module
        guard.destroy()
    runtime.close()


@pytest.fixture
def ask(td: Any) -> Callable[..., dict[str, Any]]:
    """Hands a request to the server's callbacks as TouchDesigner would; gives the envelope."""
    server = td.op("/project1/mcp_webserver_base/webserver1")

    def handle(method: str, uri: str, **more: Any) -> dict[str, Any]:
        request = {
            "method": method,
            "uri": uri,
            "pars": {},
            "data": "",
            "clientAddress": "127.0.0.1",
            "serverAddress": "",
            "Host": "127.0.0.1:9981",
            "Content-Type": "application/json",
            **more,
        }
        callbacks = server.par.callbacks.eval()
        response = callbacks.module.onHTTPRequest(server, request, {"statusCode": 404, "statusReason": "", "data": ""})
        assert set(response) == {"statusCode", "statusReason", "data", "content-type"} or response["statusCode"] == 200
        envelope: dict[str, Any] = json.loads(response["data"])
        return envelope

    return handle


def break_the_guard(td: Any) -> None:
    td.op("/project1/PolicyGuard/source/gate").text = "raise ImportError('gone')"
    td.op("/project1/PolicyGuard").initializeExtensions()


def test_a_guard_that_cannot_load_still_answers_the_handshake(td: Any, ask: Callable[..., dict[str, Any]]) -> None:
    break_the_guard(td)
    assert ask("GET", "/api/td/server/td")["data"]["mcpApiVersion"] == "1.5.0"


@pytest.mark.parametrize("more", [{"Origin": "http://x"}, {"referer": "http://x"}, {"Sec-Fetch-Dest": "image"}, {"Host": "evil.example"}])
def test_but_not_to_a_web_page(td: Any, ask: Callable[..., dict[str, Any]], more: dict[str, str]) -> None:
    break_the_guard(td)
    assert ask("GET", "/api/td/server/td", **more)["error"].startswith("GUARD_DOWN: ")


def test_a_guard_that_cannot_load_refuses_everything_else(td: Any, ask: Callable[..., dict[str, Any]]) -> None:
    break_the_guard(td)
    told = ask("DELETE", "/api/nodes", pars={"nodePath": "/project1/noise1"})
    assert told["success"] is False
    assert told["error"].startswith("GUARD_DOWN: ")
    assert td.op("/project1/noise1").valid


def test_a_missing_guard_component_part_fails_closed(td: Any, ask: Callable[..., dict[str, Any]]) -> None:
    td.op("/project1/PolicyGuard/PolicyGuardExt").destroy()
    td.op("/project1/PolicyGuard").initializeExtensions()
    assert ask("POST", "/api/td/server/exec", data='{"script": "1"}')["error"].startswith("GUARD_DOWN: ")
