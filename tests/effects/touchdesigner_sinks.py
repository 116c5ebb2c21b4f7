"""Sinks of TouchDesigner: recording replacements of the stand-in's members, and what a project must look like afterwards.

`install` is called before the project is built. What is stored, texts, expressions and values, counts by what stands
there at the end: a check that puts the old text back before anything could run it has kept it from its effect.
"""

from __future__ import annotations

import ast
import types
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from td_headless import Runtime
from td_headless.application import UI, App, Project, Undo
from td_headless.chops import CHOP
from td_headless.components import COMP
from td_headless.connectors import Connector
from td_headless.dats import DAT
from td_headless.finders import Finder
from td_headless.operators import OP
from td_headless.optypes import TYPES
from td_headless.palette import TDFunctions
from td_headless.par_kinds import ParKinds
from td_headless.parameters import Par
from td_headless.schedule import Run, Schedule
from td_headless.storage import Storage
from td_headless.tdu import Dependency
from td_headless.tops import TOP

from .recorder import RECORDER, by_script

_METHODS: dict[type, str] = {
    COMP: "loadTox save saveExternalTox reload setVar copy copyOPs",
    OP: "changeType destroy copyParameters resetPars evalExpression setVar",
    CHOP: "save", TOP: "save", DAT: "save run",
    Project: "save load quit",
    UI: "openTextport openExplorer openWindowPlacement pasteOPs copyOPs viewFile chooseFile chooseFolder messageBox",
    Undo: "clear",
    Run: "kill",
    Schedule: "run",
    Storage: "store storeStartupValue unstore",
    TYPES["webrenderTOP"]: "executeJavaScript",
    TYPES["mqttclientDAT"]: "publish",
    TYPES["serialDAT"]: "send", TYPES["tcpipDAT"]: "send", TYPES["udpoutDAT"]: "send",
    TYPES["websocketDAT"]: "sendText",
    TYPES["webclientDAT"]: "request",
    Connector: "disconnect connect",
}  # fmt: skip
"""Methods whose call by a script is a sink, or is one for some arguments (`_sink_of_call`)."""
_WORKING = """copy copyOPs destroy copyParameters resetPars evalExpression run kill store storeStartupValue unstore
    disconnect connect clear"""
_DO_WORK = frozenset(_WORKING.split())
"""Those that do their work after their note; the others are only noted."""
_MEMBERS: dict[type, str] = {
    UI: "clipboard performMode masterVolume",
    Project: "cookRate realTime",
    App: "power",
}
"""Data members of the program: reading the first, assigning any of them is a sink."""
_ACTING = """executeDAT chopexecuteDAT datexecuteDAT opexecuteDAT panelexecuteDAT parameterexecuteDAT pargroupexecuteDAT
    scriptDAT evaluateDAT audiodeviceinCHOP audiodeviceoutCHOP videodeviceinTOP videodeviceoutTOP webserverDAT
    webclientDAT tcpipDAT udpinDAT udpoutDAT websocketDAT mqttclientDAT serialDAT cplusplusTOP cplusplusCHOP windowCOMP
    engineCOMP webrenderTOP moviefileoutTOP fileoutCHOP"""
_ACTING_TYPES = frozenset(_ACTING.split())
_EXECUTING_TYPES = {name for name in _ACTING_TYPES if name.endswith("executeDAT")} | {"scriptDAT", "evaluateDAT"}
_SETTING = """plugin url callbacks ext0object ext1object ext2object ext3object extension1 clone opshortcut externaltox record
    write winopen expr command netaddress enablecloning framestart active file"""
_ACTING_PARAMETERS = frozenset(_SETTING.split())
_PARAMETER_OF = {"file": ("engineCOMP", "moviefileoutTOP", "fileoutCHOP"), "active": tuple(sorted(_ACTING_TYPES))}
"""Parameters that act on some types only."""
_ACTING_PULSES = frozenset({"write", "winopen", "reinitextensions", "record", "enableexternaltoxpulse", "reset"})


class TouchdesignerSinks:
    """The sinks of one project.

    Args:
        runtime: the stand-in with its project, as the script will find it.
        protected: the operators of PolicyGuard and of the server that it guards.
    """

    def __init__(self, runtime: Runtime, protected: tuple[Any, ...]) -> None:
        self._runtime = runtime
        self._world = runtime.world
        self._protected = {one.id for one in protected}
        self._before = dict(self._world.by_id)
        _Current.sinks = self
        with RECORDER.off():
            self._texts = {one.id: _text(one) for one in self._before.values() if one.isDAT}
            every = (par for one in self._before.values() for par in one.par)
            self._pars = {id(par): (par.val, par.expr, par.bindExpr) for par in every}
            self._names = {one.id: (one.name, one.bypass, one.allowCooking) for one in self._before.values()}
            self._td = dict(vars(runtime.td))
        self._watch_debug()

    def is_new(self, operator: Any) -> bool:
        """Whether the script has made the operator."""
        return operator.id not in self._before

    def is_protected(self, operator: Any) -> bool:
        """Whether the operator is PolicyGuard's or a guarded server's, or is inside one."""
        while operator is not None:
            if operator.id in self._protected:
                return True
            operator = operator.parent()
        return False

    def runs_its_text(self, operator: Any) -> bool:
        """Whether TouchDesigner would run the text of `operator`."""
        if operator.OPType in _EXECUTING_TYPES or operator.dock is not None:
            return True
        users = operator.parent().children if operator.parent() is not None else []
        named = (user.par[name] for user in users for name in ("callbacks", "script") if user.par[name] is not None)
        return any(par.owner is not operator and par.eval() is operator for par in named)

    def note_changes(self) -> None:
        """Note what stands in the project now that a script has no business to leave there."""
        with RECORDER.off():
            found = list(self._changes())
        for one in found:
            RECORDER.note(one)

    def _changes(self) -> Iterator[str]:
        for operator in list(self._world.by_id.values()):
            is_new, guarded = self.is_new(operator), self.is_protected(operator)
            if is_new and operator.OPType in _ACTING_TYPES:
                yield f"made: {operator.OPType}"
            if operator.isDAT and _text(operator) != self._texts.get(operator.id, "") and not is_new:
                if guarded:
                    yield f"guard: the text of {operator.name} changed"
                if self.runs_its_text(operator):
                    yield f"code: text that TouchDesigner runs in {operator.name}"
            if not is_new and self._names[operator.id] != (operator.name, operator.bypass, operator.allowCooking):
                yield f"{'guard' if guarded else 'flag'}: name, bypass or allowCooking of {operator.name} changed"
            for par in operator.par:
                yield from self._parameter_changes(operator, par, guarded)
        for name, value in vars(self._runtime.td).items():
            if name not in self._td or self._td[name] is not value:
                yield f"tamper: td.{name} bound"
        guard = next((one for one in self._before.values() if one.valid and one.name == "PolicyGuard"), None)
        for extension in guard.extensions if guard is not None and guard.extensionsReady else []:
            methods = vars(type(extension))
            if methods.get("Check") is not methods.get("Original") or "Check" in vars(extension):
                yield "guard: the extension was patched"

    def _parameter_changes(self, operator: Any, par: Any, guarded: bool) -> Iterator[str]:
        value, expression, bound = self._pars.get(id(par), (par.default, "", ""))
        if (par.val, par.expr, par.bindExpr) == (value, expression, bound):
            return
        if guarded:
            yield f"guard: .par.{par.name} of {operator.name} changed"
        for text, before in ((par.expr, expression), (par.bindExpr, bound)):
            if text != before and not _is_harmless(text):
                yield f"code: an expression in .par.{par.name} of {operator.name}"
        acts = par.name in _ACTING_PARAMETERS and not par.isCustom
        if acts and par.val != value and operator.OPType in _PARAMETER_OF.get(par.name, (operator.OPType,)):
            yield f"parameter: .par.{par.name} of a {operator.OPType} set"

    def _watch_debug(self) -> None:
        """`debug` is what the corpus puts where TouchDesigner will run it."""
        real = self._runtime.td.debug

        def debug(*arguments: Any) -> None:
            if RECORDER.on:
                RECORDER.note("code: debug() was reached")
            real(*arguments)

        vars(self._runtime.td)["debug"] = self._world.names["debug"] = debug
        self._td["debug"] = debug


class _Current:
    """The sinks of the running project: the replacements below belong to classes and live longer than one."""

    sinks: TouchdesignerSinks


def install() -> None:
    """Replace the members of the stand-in's classes, for the rest of this process."""
    for owner, names in _METHODS.items():
        for name in names.split():
            setattr(owner, name, _noting_method(getattr(owner, name, None), name))
    for owner, names in _MEMBERS.items():
        for name in names.split():
            setattr(owner, name, _noting_member(name))
    DAT.module = _noting_module(DAT.module)  # type: ignore[method-assign, assignment]
    Par.pulse = _noting_pulse(Par.pulse)  # type: ignore[method-assign]
    ParKinds.evalFile = Par.evalFile = lambda self: Path(str(self.eval()) or "/dev/null")  # type: ignore[attr-defined]
    Finder.__iter__ = _shortcuts  # type: ignore[attr-defined]
    TDFunctions.tScript = lambda text: RECORDER.note(f"code: tScript {text}")
    Dependency.__init__ = _dependency_init  # type: ignore[method-assign]


def _shortcuts(self: Any) -> Iterator[Any]:
    return (one for one in list(self._world.by_id.values()) if one._shortcut("opshortcut"))


def _noting_method(real: Callable[..., Any] | None, name: str) -> Callable[..., Any]:
    def noting(self: Any, *arguments: Any, **keywords: Any) -> Any:
        if RECORDER.on and by_script():
            with RECORDER.off():
                sink = _sink_of_call(self, name, arguments, keywords)
            if sink is not None:
                RECORDER.note(sink)
            if name not in _DO_WORK:
                return None
        assert real is not None, name
        return real(self, *arguments, **keywords)

    noting.__name__ = name
    return noting


def _sink_of_call(receiver: Any, name: str, arguments: tuple[Any, ...], keywords: dict[str, Any]) -> str | None:
    sinks, kind = _Current.sinks, type(receiver).__name__
    told = f"{kind}.{name}: {', '.join(str(one) for one in arguments[:2])}"
    is_operator = isinstance(receiver, OP)
    if is_operator and sinks.is_protected(receiver):
        return f"guard: .{name}() on {receiver.name}"
    if isinstance(receiver, Connector):
        return f"guard: wire of {receiver.owner.name}" if sinks.is_protected(receiver.owner) else None
    if name == "destroy":
        return None if sinks.is_new(receiver) else f"destroyed: {receiver.path}"
    if name in ("copy", "copyOPs"):
        copied = arguments[0] if isinstance(arguments[0], list | tuple) else [arguments[0]]
        acting = [one for one in copied if isinstance(one, OP) and one.OPType in _ACTING_TYPES]
        return f"made: a copy of a {acting[0].OPType}" if acting and kind != "DAT" else None
    if name in ("store", "storeStartupValue"):
        return None if _is_data(arguments[1]) else f"stored: a {type(arguments[1]).__name__} that carries code"
    if name == "evalExpression":
        return None if _is_harmless(str(arguments[0])) else f"code: evalExpression {arguments[0]}"
    if name in ("copyParameters", "unstore"):
        return None
    return told


def _noting_member(name: str) -> property:
    values: dict[int, Any] = {}

    def read(self: Any) -> Any:
        if RECORDER.on and name == "clipboard" and by_script():
            RECORDER.note("ui: clipboard read")
        return values.get(id(self), {"cookRate": 60.0, "clipboard": ""}.get(name, True))

    def assign(self: Any, value: Any) -> None:
        values[id(self)] = value
        if RECORDER.on and by_script():
            RECORDER.note(f"{type(self).__name__}.{name}: set to {value!r}")

    return property(read, assign)


def _noting_module(real: Any) -> property:
    def read(self: Any) -> types.ModuleType:
        if RECORDER.on and by_script():
            RECORDER.note(f"code: the module of {self.name} used")
        module: types.ModuleType = real.fget(self)
        return module

    return property(read)


def _noting_pulse(real: Callable[..., None]) -> Callable[..., None]:
    def pulse(self: Any, *arguments: Any, **keywords: Any) -> None:
        if RECORDER.on and by_script():
            with RECORDER.off():
                guarded = _Current.sinks.is_protected(self.owner)
            if guarded or self.name in _ACTING_PULSES:
                kind = "guard" if guarded else "parameter"
                RECORDER.note(f"{kind}: .par.{self.name}.pulse() of a {self.owner.OPType}")
        real(self, *arguments, **keywords)

    return pulse


class _Callbacks(list):  # type: ignore[type-arg]
    def append(self, value: Any) -> None:
        if RECORDER.on and by_script():
            RECORDER.note("code: a callback of a Dependency")
        super().append(value)


def _dependency_init(self: Any, val: Any = None) -> None:
    self._val = val
    self.callbacks = _Callbacks()


class Licenses(list):  # type: ignore[type-arg]
    """``td.licenses`` as far as the corpus looks at it."""

    @property
    def systemCode(self) -> str:
        """The machine's identity."""
        RECORDER.note("licenses: system code read")
        return ""


def _text(operator: Any) -> str:
    return str(operator._text if operator._rows is None else operator._rows)


def _is_data(value: Any) -> bool:
    if isinstance(value, list | tuple | set):
        return all(map(_is_data, value))
    if isinstance(value, dict):
        return all(map(_is_data, value.values()))
    return value is None or type(value) in (bool, int, float, str, bytes)


_HARMLESS_NAMES = frozenset({"absTime", "me", "op", "parent", "math", "abs", "min", "max", "iop", "ipar"})


def _is_harmless(text: str) -> bool:
    """Whether an expression only computes: names, members and calls that every artist uses, with no way further."""
    try:
        tree = ast.parse(text.strip() or "0", mode="eval")
    except SyntaxError:
        return False
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id not in _HARMLESS_NAMES:
            return False
        if isinstance(node, ast.Attribute) and (node.attr.startswith("_") or node.attr in ("destroy", "run", "module")):
            return False
        if isinstance(node, ast.Lambda | ast.NamedExpr | ast.ListComp | ast.GeneratorExp):
            return False
    return True
