"""`policyguard serve`: a guarded server on the stand-in, with a small project."""

from __future__ import annotations

import contextlib
import enum
import signal
import sys
import threading
from pathlib import Path
from types import FrameType
from typing import Annotated, Any

import typer

from td_headless import Runtime

from . import project


class ModeName(enum.Enum):
    """The values of ``--mode``."""

    ENFORCE = "enforce"
    MONITOR = "monitor"
    LOCKDOWN = "lockdown"


def serve(
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 picks a free one.")] = 9981,
    policy: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="A JSON policy; else the shipped default.")
    ] = None,
    audit_dir: Annotated[Path, typer.Option(file_okay=False, help="Where the audit log is written.")] = Path(
        ".policyguard/audit"
    ),
    mode: Annotated[ModeName, typer.Option(help="How far the guard goes.")] = ModeName.ENFORCE,
    touchdesigner_mcp: Annotated[
        Path | None,
        typer.Option(exists=True, file_okay=False, help="The td/ folder of a touchdesigner-mcp release or build."),
    ] = None,
) -> None:
    """Serve a small project, guarded, without TouchDesigner. Ends with 0 on SIGINT or SIGTERM."""
    stop = threading.Event()

    def end(signal_number: int, frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGINT, end)
    signal.signal(signal.SIGTERM, end)
    out = sys.stdout
    runtime = Runtime()
    # What the project's code prints is TouchDesigner's Textport; our own first line stays the first line.
    with runtime.install(), contextlib.redirect_stdout(sys.stderr):
        server, guard = project.build(
            runtime.td.root,
            port=port,
            touchdesigner_mcp=touchdesigner_mcp.resolve() if touchdesigner_mcp else None,
        )
        guard.par.Mode = mode.value
        guard.par.Folder = str(audit_dir.resolve())
        guard.par.Policyfile = str(policy.resolve()) if policy is not None else ""
        if guard.ext.PolicyGuardExt is None:
            sys.exit(f"the guard does not load:\n{guard.scriptErrors()}")
        guard.Install()
        _show_problems(guard)
        server.par.active = True
        host, bound = runtime.server_address(server)
        print(f"listening on http://{host}:{bound}", file=out, flush=True)
        runtime.run_until(stop)
        guard.Uninstall()
        guard.destroy()
    runtime.close()


def _show_problems(guard: Any) -> None:
    for row in guard.op("problems").rows()[1:]:
        severity, place, message, remedy = (cell.val for cell in row)
        print(f"policy {severity}: {place}: {message}; {remedy}", file=sys.stderr)
