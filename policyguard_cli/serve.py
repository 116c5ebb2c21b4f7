"""`policyguard serve`: a server on the stand-in, with a small project, guarded unless it is told not to be."""

from __future__ import annotations

import contextlib
import enum
import os
import signal
import sys
import threading
from pathlib import Path
from types import FrameType
from typing import Annotated, Any, NoReturn

import typer

from td_headless import Runtime, tdError

from . import project

_CALLBACKS = ("onHTTPRequest", "onWebSocketOpen", "onWebSocketReceiveText", "onWebSocketReceiveBinary")
"""A script that has none of these serves nothing."""


class ModeName(enum.Enum):
    """The values of ``--mode``."""

    ENFORCE = "enforce"
    MONITOR = "monitor"
    LOCKDOWN = "lockdown"


def serve(
    context: typer.Context,
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 picks a free one.")] = 9981,
    policy: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="A JSON or YAML policy; else the shipped default.")
    ] = None,
    audit_dir: Annotated[Path, typer.Option(file_okay=False, help="Where the audit log is written.")] = Path(
        ".policyguard/audit"
    ),
    mode: Annotated[ModeName, typer.Option(help="How far the guard goes.")] = ModeName.ENFORCE,
    touchdesigner_mcp: Annotated[
        Path | None,
        typer.Option(exists=True, file_okay=False, help="The td/ folder of a touchdesigner-mcp release or build."),
    ] = None,
    callbacks: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="Serve this Web Server DAT callbacks script instead."),
    ] = None,
    beside: Annotated[
        list[Path] | None,
        typer.Option(exists=True, dir_okay=False, help="A further script of the callbacks' component; repeatable."),
    ] = None,
    unguarded: Annotated[bool, typer.Option("--unguarded", help="Serve without PolicyGuard.")] = False,
) -> None:
    """Serve a small project, guarded, without TouchDesigner. Ends with 0 on SIGINT or SIGTERM."""
    given = {name for name in context.params if _is_given(context, name)}
    _check_combination(given)
    if callbacks is not None:
        if not unguarded:
            _refuse(
                f"unknown callbacks script {callbacks}: PolicyGuard cannot decide calls whose meaning it does not "
                "know; add --unguarded to serve it without a guard"
            )
        print(f"not guarded: unknown callbacks script {callbacks}", file=sys.stderr)
    stop = _stopped_by_signal()
    out = sys.stdout
    runtime = Runtime()
    # What the project's code prints is TouchDesigner's Textport; our own first line stays the first line.
    with runtime.install(), contextlib.redirect_stdout(sys.stderr):
        root = runtime.td.root
        td_folder = touchdesigner_mcp.resolve() if touchdesigner_mcp is not None else None
        guard = None
        if callbacks is not None:
            server = _build_for_callbacks(root, port, callbacks.resolve(), [file.resolve() for file in beside or ()])
        elif unguarded:
            server = project.build_unguarded(root, port=port, touchdesigner_mcp=td_folder)
        else:
            server, guard = project.build(root, port=port, touchdesigner_mcp=td_folder)
            _install(guard, policy, audit_dir, mode)
        server.par.active = True
        try:
            host, bound = runtime.server_address(server)
        except tdError as error:
            _refuse(str(error))
        print(f"listening on http://{host}:{bound}", file=out, flush=True)
        runtime.run_until(stop)
        if guard is not None:
            guard.Uninstall()
            guard.destroy()
    runtime.close()


def _is_given(context: typer.Context, name: str) -> bool:
    source = context.get_parameter_source(name)
    return source is not None and source.name == "COMMANDLINE"


def _check_combination(given: set[str]) -> None:
    """Refuse options that contradict each other, rather than let one of them silently do nothing."""
    if {"callbacks", "touchdesigner_mcp"} <= given:
        _refuse("--callbacks and --touchdesigner-mcp are two servers: leave one out")
    if "beside" in given and "callbacks" not in given:
        _refuse("--beside names scripts of the component of --callbacks: add --callbacks, or leave it out")
    for name in ("policy", "audit_dir", "mode"):
        if {"unguarded", name} <= given:
            option = f"--{name.replace('_', '-')}"
            _refuse(f"{option} is for the guard, and --unguarded serves without it: leave one out")


def _refuse(message: str) -> NoReturn:
    print(f"policyguard: {message}", file=sys.stderr)
    raise typer.Exit(2)


_END_S = 10.0
"""How long the server may take to end in good order; after that the process ends all the same."""


def _stopped_by_signal() -> threading.Event:
    stop = threading.Event()

    def end(signal_number: int, frame: FrameType | None) -> None:
        # Every audit record is on its way to the disk when its call is answered, so nothing is lost by a hard end.
        last_resort = threading.Timer(_END_S, os._exit, (0,))
        last_resort.daemon = True
        last_resort.start()
        stop.set()

    signal.signal(signal.SIGINT, end)
    signal.signal(signal.SIGTERM, end)
    return stop


def _build_for_callbacks(root: Any, port: int, callbacks: Path, beside: list[Path]) -> Any:
    try:
        server, script = project.build_for_callbacks(root, port=port, callbacks=callbacks, beside=beside)
    except ValueError as error:
        _refuse(str(error))
    try:
        module = script.module
    except (Exception, SystemExit) as error:
        _refuse(f"{callbacks} cannot be loaded: {type(error).__name__}: {error}")
    if not any(callable(getattr(module, name, None)) for name in _CALLBACKS):
        _refuse(f"{callbacks} defines no callback of a Web Server DAT: expected one of {', '.join(_CALLBACKS)}")
    return server


def _install(guard: Any, policy: Path | None, audit_dir: Path, mode: ModeName) -> None:
    guard.par.Mode = mode.value
    guard.par.Folder = str(audit_dir.resolve())
    if policy is not None:
        guard.par.File = str(policy.resolve())
        guard.par.Source = "file"
    if guard.ext.PolicyGuardExt is None:
        sys.exit(f"the guard does not load:\n{guard.scriptErrors()}")
    guard.Install()
    for row in guard.op("problems").rows()[1:]:
        severity, place, message, remedy = (cell.val for cell in row)
        print(f"policy {severity}: {place}: {message}; {remedy}", file=sys.stderr)
