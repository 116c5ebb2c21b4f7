"""touchdesigner-mcp's own TD-side Python, unmodified, served over a real socket."""

from __future__ import annotations

import base64
import io
import json
import os
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from td_headless import Runtime
from tests.td_headless.conftest import talk

_BUILD = os.environ.get("POLICYGUARD_UPSTREAM", "")

pytestmark = [
    pytest.mark.upstream,
    pytest.mark.skipif(
        not _BUILD,
        reason="POLICYGUARD_UPSTREAM does not name a built checkout of touchdesigner-mcp, e.g. /work/upstream/v2.0.0",
    ),
]

Call = Callable[..., dict[str, Any]]


@pytest.fixture
def call() -> Iterator[Call]:
    folder = Path(_BUILD) / "td"
    runtime = Runtime()
    with runtime, runtime.install() as td:
        base = runtime.root.create(td.baseCOMP, "project1").create(td.baseCOMP, "mcp_webserver_base")
        base.par.externaltox = (folder / "mcp_webserver_base.tox").as_posix()
        for name, file in (
            ("import_modules", "import_modules.py"),
            ("mcp_webserver_script", "modules/mcp_webserver_script.py"),
        ):
            dat = base.create(td.textDAT, name)
            dat.par.file = (folder / file).as_posix()
            dat.par.loadonstartpulse.pulse()
        server = base.create(td.webserverDAT, "webserver", initialize=False)
        server.par.callbacks = "mcp_webserver_script"
        server.par.port = 0
        server.par.active = True
        host, port = runtime.server_address(server)

        def request(method: str, path: str, query: dict[str, str] | None = None, body: Any = None) -> dict[str, Any]:
            target = f"http://{host}:{port}{path}" + ("?" + urllib.parse.urlencode(query) if query else "")
            data = None if body is None else json.dumps(body).encode()
            sent = urllib.request.Request(
                target, data=data, method=method, headers={"Content-Type": "application/json"}
            )
            with urllib.request.urlopen(sent, timeout=30) as reply:
                answer: dict[str, Any] = json.load(reply)
            return answer

        def succeed(*args: Any, **options: Any) -> dict[str, Any]:
            answer = talk(runtime, lambda: request(*args, **options))
            assert answer["success"] is True, answer
            data: dict[str, Any] = answer["data"]
            return data

        yield succeed


def test_the_server_tells_its_version(call: Call) -> None:
    info = call("GET", "/api/td/server/td")
    assert info["version"] == "099.2025.32460"
    assert info["mcpApiVersion"]


def test_the_life_of_a_node(call: Call) -> None:
    made = call("POST", "/api/nodes", body={"parentPath": "/project1", "nodeType": "noiseTOP", "nodeName": "clouds"})[
        "result"
    ]
    assert (made["path"], made["opType"]) == ("/project1/clouds", "noiseTOP")
    names = [node["name"] for node in call("GET", "/api/nodes", {"parentPath": "/project1"})["nodes"]]
    assert names == ["mcp_webserver_base", "clouds"]
    changed = call(
        "PATCH", "/api/nodes/detail", body={"nodePath": "/project1/clouds", "properties": {"period": 3, "mono": False}}
    )
    assert changed["updated"] == ["period", "mono"]
    detail = call("GET", "/api/nodes/detail", {"nodePath": "/project1/clouds"})["properties"]
    assert (detail["period"], detail["mono"]) == (3.0, False)
    assert call("GET", "/api/nodes/errors", {"nodePath": "/project1/clouds"})["hasErrors"] is False
    assert call("DELETE", "/api/nodes", {"nodePath": "/project1/clouds"})["deleted"] is True
    assert len(call("GET", "/api/nodes", {"parentPath": "/project1"})["nodes"]) == 1


def test_errors_are_found_with_their_node(call: Call) -> None:
    call(
        "POST",
        "/api/td/server/exec",
        body={"script": "n = op('/project1').create(noiseTOP)\nn.par.period.expr = 'nosuch'\nresult = 1"},
    )
    found = call("GET", "/api/nodes/errors", {"nodePath": "/project1"})
    assert (found["errorCount"], found["errors"][0]["nodePath"]) == (1, "/project1/noise1")


def test_a_method_is_called(call: Call) -> None:
    body = {"nodePath": "/project1", "method": "create", "args": ["textDAT", "notes"], "kwargs": {}}
    assert call("POST", "/api/td/nodes/exec", body=body)["result"]["path"] == "/project1/notes"


def test_a_script_sees_touchdesigners_names(call: Call) -> None:
    script = "print('hi')\nresult = [parent, op('/project1').name, noiseTOP.__name__, me is None, absTime.frame >= 0]"
    data = call("POST", "/api/td/server/exec", body={"script": script})
    assert data["result"] == ["/project1/mcp_webserver_base", "project1", "noiseTOP", True, True]
    assert "hi" in data["stdout"]


def test_an_image_is_taken_the_way_get_top_image_does(call: Call) -> None:
    script = """
import base64
import td
node = op('/project1').create(td.noiseTOP, 'shot')
small = node.parent().create(td.resolutionTOP, '__tmp__' + node.name)
small.inputConnectors[0].connect(node)
small.par.outputresolution = 'custom'
small.par.resolutionw = 64
small.par.resolutionh = 32
result = base64.b64encode(bytes(small.saveByteArray('.jpg'))).decode('ascii')
small.destroy()
"""
    image = Image.open(
        io.BytesIO(base64.b64decode(call("POST", "/api/td/server/exec", body={"script": script})["result"]))
    )
    assert (image.format, image.size) == ("JPEG", (64, 32))


@pytest.mark.parametrize("name", ["noiseTOP", "COMP", "op", "app", "project", "ui", "tdu", "root", "absTime"])
def test_a_class_is_described(call: Call, name: str) -> None:
    assert call("GET", f"/api/td/classes/{name}")["name"] == name


def test_classes_are_listed_and_help_is_given(call: Call) -> None:
    names = {entry["name"] for entry in call("GET", "/api/td/classes")["classes"]}
    assert {"op", "noiseTOP", "webserverDAT", "absTime", "ParMode"} <= names
    assert "noiseCHOP" in call("GET", "/api/td/modules/help", {"moduleName": "td"})["helpText"]
