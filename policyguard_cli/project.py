"""What `policyguard serve` puts into the stand-in: a small project with a server and the guard, or a given server."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from . import component

_SIMPLE_SERVER = Path(__file__).parent / "simple_server.py"
SERVER_COMP = "mcp_webserver_base"


def build(root: Any, *, port: int, touchdesigner_mcp: Path | None) -> tuple[Any, Any]:
    """Create ``/project1`` with a few TOPs, CHOPs and DATs, the MCP server's COMP, and PolicyGuard.

    Args:
        root: the stand-in's root.
        port: the server's port; 0 picks a free one.
        touchdesigner_mcp: the ``td/`` folder of a touchdesigner-mcp release or build, or None for the small server.

    Returns:
        The Web Server DAT, not active yet, and the PolicyGuard component, not installed yet.
    """
    server = _sample(root, port, touchdesigner_mcp)
    guard = component.build(root.op("project1"))
    return server, guard


def build_unguarded(root: Any, *, port: int, touchdesigner_mcp: Path | None) -> Any:
    """Create the same project without PolicyGuard and return its Web Server DAT, not active yet.

    An empty component stands where the guard would, so that the two projects hold the same operators.
    """
    server = _sample(root, port, touchdesigner_mcp)
    root.op("project1").create("baseCOMP", "PolicyGuard")
    return server


def build_for_callbacks(root: Any, *, port: int, callbacks: Path, beside: Iterable[Path]) -> tuple[Any, Any]:
    """Create ``/project1`` with the few operators, and a component with a server of these callbacks.

    Args:
        root: the stand-in's root.
        port: the server's port; 0 picks a free one.
        callbacks: the file that is the text of the DAT ``/project1/server/callbacks``.
        beside: further scripts of that component, each a Text DAT with the name of its file.

    Returns:
        The Web Server DAT ``/project1/server/webserver1``, not active yet, and its callbacks DAT.

    Raises:
        ValueError: a file cannot be read as text, or its name cannot be a DAT's; says which.
    """
    project = root.create("baseCOMP", "project1")
    _fill(project)
    comp = project.create("baseCOMP", "server")
    server = comp.create("webserverDAT", "webserver1", initialize=False)
    script = _script(comp, "callbacks", callbacks)
    for file in beside:
        _script(comp, file.stem, file)
    server.par.callbacks = script.path
    server.par.port = port
    return server, script


def _script(comp: Any, name: str, file: Path) -> Any:
    if not re.fullmatch(r"[A-Za-z0-9_]+", name) or comp.op(name) is not None:
        raise ValueError(f"{file}: no Text DAT can be called {name!r} there: rename the file")
    dat = comp.create("textDAT", name)
    dat.par.language = "python"
    dat.par.file = str(file)
    dat.par.loadonstartpulse.pulse()
    if dat.warnings():
        raise ValueError(dat.warnings())
    return dat


def _sample(root: Any, port: int, touchdesigner_mcp: Path | None) -> Any:
    project = root.create("baseCOMP", "project1")
    _fill(project)
    return _server(project, port, touchdesigner_mcp)


def _fill(project: Any) -> None:
    _picture(project)
    _motion(project)
    _tables(project)


def _picture(project: Any) -> None:
    noise = project.create("noiseTOP", "noise1")
    noise.par.outputresolution = "custom"
    noise.par.resolutionw, noise.par.resolutionh = 320, 180
    level = project.create("levelTOP", "level1")
    level.inputConnectors[0].connect(noise)
    out = project.create("nullTOP", "out1")
    out.inputConnectors[0].connect(level)


def _motion(project: Any) -> None:
    lfo = project.create("lfoCHOP", "lfo1")
    smooth = project.create("mathCHOP", "math1")
    smooth.inputConnectors[0].connect(lfo)


def _tables(project: Any) -> None:
    project.create("textDAT", "notes").text = "opening at nine"
    cues = project.create("tableDAT", "cues")
    cues.clear()
    cues.appendRows([["cue", "seconds"], ["intro", "12"], ["drop", "48"]])


def _server(project: Any, port: int, touchdesigner_mcp: Path | None) -> Any:
    comp = project.create("baseCOMP", SERVER_COMP)
    if touchdesigner_mcp is None:
        files = {"mcp_webserver_script": _SIMPLE_SERVER}
    else:
        # The server's own code finds its modules beside the .tox that `externaltox` names.
        comp.par.externaltox = str(touchdesigner_mcp / "mcp_webserver_base.tox")
        files = {
            "import_modules": touchdesigner_mcp / "import_modules.py",
            "mcp_webserver_script": touchdesigner_mcp / "modules" / "mcp_webserver_script.py",
        }
    for name, file in files.items():
        comp.create("textDAT", name).text = file.read_text(encoding="utf-8")
    server = comp.create("webserverDAT", "webserver1")
    server.par.callbacks = f"{comp.path}/mcp_webserver_script"
    server.par.port = port
    return server
