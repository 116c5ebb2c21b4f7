"""What the tests of the component share: a project on the stand-in, and the component in it, as a .tox is dropped."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from policyguard_cli import project
from td_headless import Runtime
from td_headless.copying import copy_inside
from td_headless.expanded import load_expanded

SERVER = "/project1/mcp_webserver_base/webserver1"
OWN = "/project1/mcp_webserver_base/mcp_webserver_script"
GUARD = "/project1/PolicyGuard"
GUARDS = f"{GUARD}/callbacks"


def new_project(folder: Path, build: str = "2025.32460") -> Runtime:
    """A project with a server and no guard, in TouchDesigner of this build. Its own folder is `folder`."""
    runtime = Runtime(build=build, folder=folder)
    project.build_unguarded(runtime.root, port=0, touchdesigner_mcp=None)
    runtime.td.op(GUARD).destroy()
    return runtime


def drop(runtime: Runtime, contents: Path, network: str = "/project1") -> Any:
    """Drop the component into a network: `onCreate` fires, `onStart` does not. Then a frame passes."""
    guard = load_expanded(runtime.td.op(network), contents)
    runtime.announce_created(guard)
    runtime.step()
    return guard


def reopened(runtime: Runtime, folder: Path) -> Runtime:
    """What the project is after it was saved and opened again by another TouchDesigner."""
    opened = Runtime(folder=folder)
    copy_inside(opened.root, runtime.root)
    return opened


def points_to(runtime: Runtime, server: str = SERVER) -> str | None:
    """The path of the DAT that answers a server's requests."""
    dat = runtime.td.op(server).par.callbacks.eval()
    return None if dat is None else str(dat.path)


def call(runtime: Runtime, server: str = SERVER, script: str = "1", method: str = "POST") -> dict[str, Any]:
    """One script, as a client would send it to the server."""
    dat = runtime.td.op(server)
    request = {"method": method, "uri": "/api/td/server/exec", "pars": {}, "data": json.dumps({"script": script})}
    request |= {"clientAddress": "127.0.0.1", "serverAddress": ""}
    request |= {"Host": "127.0.0.1:9981", "Content-Type": "application/json"}
    response = dat.par.callbacks.eval().module.onHTTPRequest(dat, request, {"statusCode": 404, "data": ""})
    envelope: dict[str, Any] = json.loads(response["data"])
    return envelope


def is_guarded(runtime: Runtime, server: str = SERVER) -> bool:
    """Whether the server works, and refuses what the policy refuses."""
    return bool(
        call(runtime, server)["success"]
        and "import os needs capability" in str(call(runtime, server, script="import os")["error"])
    )


def is_unguarded(runtime: Runtime, server: str = SERVER) -> bool:
    """Whether the server works as if there were no guard."""
    return bool(call(runtime, server, script="import os")["success"])
