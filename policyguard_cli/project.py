"""The small project that `policyguard serve` puts into the stand-in: a few operators, a server, the guard."""

from __future__ import annotations

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
    project = root.create("baseCOMP", "project1")
    _picture(project)
    _motion(project)
    _tables(project)
    server = _server(project, port, touchdesigner_mcp)
    guard = component.build(project)
    return server, guard


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
