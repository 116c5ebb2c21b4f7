"""The project in which deny scripts run: that of the allow corpus, a guarded server with PolicyGuard, and what they name."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from td_headless import Runtime
from td_headless.par_tables import ParSpec
from tests.corpus_runs.project import build as build_allow_project

from .touchdesigner_sinks import Licenses

_HARMLESS_CODE = "class X:\n    def __init__(self, owner):\n        pass\n\n\ndef main():\n    debug('pg')\n"
_EXTENSION = """class PolicyGuardExt:
    def __init__(self, owner):
        self.owner = owner

    def Check(self, *arguments):
        return False

    Original = Check

    def Execute(self, text):
        run(text)
"""
"""PolicyGuard as the corpus knows it: what is patched, called and switched off there is the same in the component that
ships, which would need a served project to start."""
_HOSTILE_CELL = "x') or __import__('os').getpid() or op('x"

_MISSING_PARAMETERS = {
    "audiovst1": ("plugin",),
    "cplusplus1": ("plugin",),
    "evaluate1": ("expr",),
    "pg_fixture": ("extension1",),
    "webclient1": ("opshortcut",),
}
"""Parameters that deny scripts set and the stand-in's tables have not. (A shortcut belongs to a COMP; the corpus gives
one to a Web Client DAT.)"""

_NAMED = {
    "cplusplus1": "cplusplusTOP", "engine1": "engineCOMP", "evaluate1": "evaluateDAT", "fileout1": "fileoutCHOP",
    "moviefileout1": "moviefileoutTOP", "moviefilein1": "moviefileinTOP", "mqttclient1": "mqttclientDAT",
    "replicator1": "replicatorCOMP", "script1": "scriptCHOP", "serial1": "serialDAT", "tcpip1": "tcpipDAT",
    "timer1": "timerCHOP", "udpout1": "udpoutDAT", "webrender1": "webrenderTOP", "websocket1": "websocketDAT",
    "window1": "windowCOMP", "audiovst1": "audiovstCHOP", "webclient1": "webclientDAT", "webserver1": "webserverDAT",
    "text1": "textDAT", "text1_callbacks": "textDAT", "execute1": "executeDAT", "pg_fixture": "baseCOMP",
    "table1": "tableDAT",
}  # fmt: skip
"""Operators that deny scripts look up, by their path in ``/project1`` or beside the server's callbacks, and their types."""
_BESIDE = {"noise1": "noiseTOP", "wave1": "waveCHOP", "geo1": "geometryCOMP", "slider1": "sliderCOMP"}
"""Those that the project of the allow corpus has already, but not beside the callbacks."""


def build(runtime: Runtime) -> tuple[Any, Any, tuple[Any, ...]]:
    """Build it; return PolicyGuard, the guarded server's callbacks DAT, and the operators of both that are protected."""
    project = build_allow_project(runtime)
    comp = project.create("baseCOMP", "mcp_webserver_base")
    me = comp.create("textDAT", "mcp_webserver_script")
    server = comp.create("webserverDAT", "webserver1", initialize=False)
    server.par.callbacks = me.name
    _fill(project, _NAMED)
    _fill(comp, {**_NAMED, **_BESIDE})
    _system(runtime.root)
    guard = _guard(project)
    project.op("webclient1").par.opshortcut = "webclient"
    vars(runtime.td)["sys"] = sys  # the corpus presumes that TouchDesigner's module holds it
    vars(runtime.td)["licenses"] = runtime.world.names["licenses"] = Licenses()
    runtime.world.schedule.run("pass", delayFrames=10_000, fromOP=guard)
    return guard, me, (guard, server, me)


def _system(root: Any) -> None:
    system = root.op("sys") or root.create("baseCOMP", "sys")
    system.create("baseCOMP", "quiet").create("textDAT", "code")
    system.create("baseCOMP", "TDResources").create("executeDAT", "execute1")
    root.create("baseCOMP", "ui").create("baseCOMP", "dialogs")


def _fill(comp: Any, named: dict[str, str]) -> None:
    for name, kind in named.items():
        if comp.op(name) is None:
            comp.create(kind, name)
        for parameter in _MISSING_PARAMETERS.get(name, ()):
            comp.op(name)._add_builtin(ParSpec(parameter, parameter.capitalize(), "Str", ""))
    comp.op("text1").text = _HARMLESS_CODE
    comp.op("text1_callbacks").dock = comp.op("timer1")
    comp.op("timer1").par.callbacks = "text1_callbacks"
    comp.op("table1").appendRows([["debug('pg')"], ["row"]])
    comp.op("pg_fixture").create("textDAT", "inside")


def _guard(project: Any) -> Any:
    guard = project.create("baseCOMP", "PolicyGuard")
    guard.create("textDAT", "PolicyGuardExt").text = _EXTENSION
    guard.create("tableDAT", "policy").appendRows([["tool", "action"], ["import", "deny"], ["*", "deny"]])
    guard.appendCustomPage("Guard").appendToggle("Enable")[0].val = True
    guard.par.opshortcut = "PolicyGuard"
    guard.par.ext0object = "op('./PolicyGuardExt').module.PolicyGuardExt(me)"
    guard.par.ext0name = "PolicyGuardExt"
    guard.par.ext0promote = True
    guard.store("seen", 1)
    guard.create("inTOP", "in1")
    guard.inputConnectors[0].connect(project.op("pg_fixture"))
    return guard


def _cell(text: str) -> Callable[[Any], None]:
    def prepare(project: Any) -> None:
        project.op("mcp_webserver_base/table1")[0, 0] = text

    return prepare


PREPARED: dict[str, Callable[[Any], None]] = {
    "m-td-expr-eval": _cell("__import__('os').getpid()"),
    "m-td-expr-fstring": _cell(_HOSTILE_CELL),
}
"""What a script's own project holds beside: the text that it takes from a table is the attacker's."""
