"""What the core needs to know of TouchDesigner, and nothing more. The core itself never touches a `td` object.

Objects are told apart by TouchDesigner's own classes and by operator ids: never by a name that a script could bear.
Facts about members: td_runtime.md section 3.
"""

from __future__ import annotations

import os
import re
from collections import ChainMap
from collections.abc import Iterable, Mapping
from typing import Any

from .script.catalog import Catalog
from .script.module_view import ModuleView
from .values import Capability, Json

STATE_FOLDER = ".policyguard"
"""The folder beside the project in which the guard keeps what must last."""
_MAX_PARENTS = 100
_MAX_OWNERS = 4
_MAX_FLOW = 12
"""Operators through which the text of one DAT is followed."""


class ScopedOp:
    """`op` as a script in the guarded server's callbacks DAT would have it.

    Args:
        td_op: TouchDesigner's own ``op``, for ids, operators and global shortcuts.
        me: the DAT from which paths are seen.
    """

    __slots__ = ("_me", "_td_op")

    def __init__(self, td_op: Any, me: Any) -> None:
        self._td_op = td_op
        self._me = me

    def __call__(self, *patterns: Any) -> Any:
        for pattern in patterns:
            if not isinstance(pattern, str):
                found = self._td_op(pattern)
            elif pattern.startswith("."):
                found = self._me.op(pattern)
            else:
                found = self._me.parent().op(pattern)
            if found is not None:
                return found
        return None

    def __getattr__(self, shortcut: str) -> Any:
        return getattr(self._td_op, shortcut)


class ParentPath(str):
    """The server's `parent`, a path, that can also be called like TouchDesigner's ``parent(n)``."""

    __slots__ = ("_comp",)
    _comp: Any

    def __new__(cls, comp: Any) -> ParentPath:
        path = super().__new__(cls, comp.path)
        path._comp = comp
        return path

    def __call__(self, levels: int = 1) -> Any:
        return self._comp if levels <= 1 else self._comp.parent(levels - 1)


class TdBridge:
    """The bridge of one guard.

    Args:
        td: TouchDesigner's module.
        guard: the PolicyGuard component.
    """

    def __init__(self, td: Any, guard: Any) -> None:
        self._td = td
        self._guard = guard
        self._homes = {"td", td.OP.__module__.partition(".")[0]}
        self._wiring: tuple[Any, ...] = ()
        self._names: dict[frozenset[Capability], dict[str, Any]] = {}

    def protect(self, wiring: Iterable[Any]) -> None:
        """Name the operators of the guarded servers: the Web Server DATs and their original callbacks DATs."""
        self._wiring = tuple(wiring)

    def protected_paths(self) -> tuple[str, ...]:
        """The paths that no script may name. The servers' wiring may be looked at; only writing to it is stopped."""
        return (self._guard.path,)

    # -- telling objects apart (`script.bridge.Bridge`) -------------------------------------------------------------

    def is_touchdesigners(self, kind: type) -> bool:
        """Whether a class is one of TouchDesigner's: it comes from where the class OP comes from.

        A class that a script derives from one of them is the script's own.
        """
        return str(kind.__module__).partition(".")[0] in self._homes

    def operator_of(self, value: object) -> Any | None:
        """The operator that `value` is, or is part of; None for plain data and for what belongs to no operator."""
        for _ in range(_MAX_OWNERS):
            if not self.is_touchdesigners(type(value)):
                return None
            if isinstance(value, self._td.OP):
                return value
            value = getattr(value, "owner", None)
        return None

    def parameters_of(self, value: object, name: str) -> list[Any] | None:
        """The parameters behind ``value.name``: of a collection by its name, of a group or a parameter itself."""
        kind = type(value).__name__
        if isinstance(value, self._td.Par):
            return [value]
        if kind == "ParGroup":
            return [one for one in value if isinstance(one, self._td.Par)]  # type: ignore[attr-defined]
        if isinstance(value, self._td.ParCollection):
            found = value[name] if name.isidentifier() else None
            return [] if found is None else [found]
        if kind == "ParGroupCollection":
            group = value[name] if name.isidentifier() else None  # type: ignore[index]
            return [] if group is None else [one for one in group if isinstance(one, self._td.Par)]
        return None

    def is_protected(self, operator: Any) -> bool:
        """Whether `operator` is the guard, inside it, or part of the wiring of a server that it guards."""
        ids = {self._guard.id, *(one.id for one in self._wiring if one.valid)}
        step = operator
        for _ in range(_MAX_PARENTS):
            if step is None:
                return False
            if step.id in ids:
                return True
            step = step.parent()
        return True

    def holds_protected(self, operator: Any) -> bool:
        """Whether something protected lies inside `operator`."""
        for inner in (self._guard, *(one for one in self._wiring if one.valid)):
            step = inner
            while step is not None:
                if step.id == operator.id:
                    return True
                step = step.parent()
        return False

    def in_project(self, path: str) -> str:
        """A path of a file, made relative where it lies in the project folder; unchanged where it does not."""
        folder = str(self._td.project.folder).replace("\\", "/").rstrip("/") + "/"
        plain = path.replace("\\", "/")
        is_windows = folder[1:2] == ":"
        inside = plain.lower().startswith(folder.lower()) if is_windows else plain.startswith(folder)
        return plain[len(folder) :] if inside else path

    def on_disk(self, path: str) -> str:
        """A path of a file as a policy's patterns see it: absolute, links resolved; an address unchanged."""
        if "://" in path:
            return path
        folder = str(self._td.project.folder)
        return os.path.realpath(os.path.join(folder, path))

    def is_guards_file(self, path: str) -> bool:
        """Whether a path as `on_disk` gives it is of the guard's own files: its audit, its grants, its policy."""
        parts = path.replace("\\", "/").lower().split("/")
        if STATE_FOLDER in parts:
            return True
        par, named = self._guard.par, os.path.normcase(path)
        folder = str(par.Folder.eval())
        if folder and (named + os.sep).startswith(os.path.normcase(self.on_disk(folder)) + os.sep):
            return True
        file = str(par.File.eval()) if par.Source.eval() == "file" else ""
        return bool(file) and named == os.path.normcase(self.on_disk(file))

    def runs_its_text(self, operator: Any) -> bool:
        """Whether TouchDesigner runs the text of `operator` as code.

        True for DATs of an executing type, and for DATs that another operator uses as callbacks or as the source of
        an extension: one that they are docked to, one beside them, or the COMP that they lie in. What is docked may
        as well be a shader. So is a DAT that flows into such a one, along wires or through a Select DAT beside it.
        """
        return operator.isDAT and (operator.OPType in _EXECUTING or self._is_used_as_code(operator, _MAX_FLOW))

    def _is_used_as_code(self, operator: Any, steps: int) -> bool:
        if steps == 0:
            return True
        host = operator.dock
        if host is not None and any(_same(one.eval(), operator) for one in host.pars(*_PARAMETERS_OF_CODE)):
            return True
        parent = operator.parent()
        beside = parent.children if parent is not None else []
        if any(self._uses_as_code(one, operator) for one in (*beside, *([parent] if parent is not None else []))):
            return True
        selecting = [one for one in beside if one.OPType == "selectDAT" and _same(one.par.dat.eval(), operator)]
        return any(
            one.OPType == "evaluateDAT" or (one.OPType not in _EXECUTING and self._is_used_as_code(one, steps - 1))
            for one in (*operator.outputs, *selecting)
            if one.isDAT and one.id != operator.id
        )

    def has_extensions(self, operator: Any) -> bool:
        """Whether `operator` is a COMP with Python extensions."""
        pars = [operator.par[name] for name in _EXTENSIONS] if operator.isCOMP else []
        return any(par is not None and str(par.eval()).strip() for par in pars)

    def _uses_as_code(self, user: Any, dat: Any) -> bool:
        for name in ("callbacks", "script", *(("dat",) if user.OPType == "evaluateDAT" else ())):
            parameter = user.par[name]
            if parameter is not None and user is not dat and _same(parameter.eval(), dat):
                return True
        named = re.compile(rf"(?<!\w){re.escape(dat.name)}(?!\w)")
        return any(named.search(str(user.par[name].eval())) for name in _EXTENSIONS if user.par[name] is not None)

    def operator_type(self, value: object) -> str | None:
        """The type name, e.g. ``noiseTOP``, of an operator or of an operator class; else None."""
        if isinstance(value, self._td.OP):
            return str(value.OPType)
        if isinstance(value, type) and issubclass(value, self._td.OP):
            return value.__name__
        return None

    # -- a script's names ------------------------------------------------------------------------------------------

    def world(self, me: Any, catalog: Catalog, granted: frozenset[Capability]) -> dict[str, Any]:
        """The TouchDesigner names that one run of a script finds, seen from `me`, a DAT of the guarded server's COMP.

        Args:
            me: the server's original callbacks DAT.
            catalog: what needs which capability.
            granted: names that need a capability outside this set are left out.
        """
        if granted not in self._names:
            self._names[granted] = {
                name: value
                for name, value in vars(self._td).items()
                if name.lower() in catalog.operator_types
                or ((entry := catalog.names.get(name)) is not None and (entry.needs is None or entry.needs in granted))
            }
        comp = me.parent()
        scoped = {"op": ScopedOp(self._td.op, me), "ops": comp.ops, "me": me, "parent": ParentPath(comp)}
        # The view looks in two mappings: there are hundreds of names, and most scripts never ask for `td`.
        view = ModuleView("td", ChainMap(scoped, self._names[granted]))
        return {**self._names[granted], **scoped, "td": view}

    def operator_at(self, me: Any, path: str) -> Any | None:
        """The operator that a path names, as seen from `me`; None where there is none."""
        return ScopedOp(self._td.op, me)(path)

    def describe(self, value: object) -> Json:
        """A TouchDesigner object as the guarded server tells it: an operator with its parameters' values, anything
        else as its text. None for an object that is none of TouchDesigner's."""
        if isinstance(value, self._td.OP):
            properties = {par.name: self._told(par) for par in value.pars("*")}
            return {
                "id": value.id,
                "name": value.name,
                "path": value.path,
                "opType": value.OPType,
                "properties": properties,
            }
        return str(value) if self.operator_of(value) is not None else None

    def _told(self, parameter: Any) -> Json:
        try:
            value = parameter.eval()
        except Exception as error:  # an expression in the project may be broken; that is not the agent's fault
            return f"<Error: {error}>"
        if isinstance(value, self._td.OP):
            return value.path
        return value if value is None or isinstance(value, bool | int | float | str) else str(value)

    # -- the show --------------------------------------------------------------------------------------------------

    def perform_mode(self) -> bool | None:
        """Whether TouchDesigner is in Perform Mode (`UI.performMode`); None where it does not say."""
        try:
            return bool(self._td.ui.performMode)
        except AttributeError:
            return None

    # -- containment (`containment.UndoBlocks`) --------------------------------------------------------------------

    def start_undo_block(self, name: str) -> None:
        """Begin a block in TouchDesigner's undo list."""
        self._td.ui.undo.startBlock(name)

    def end_undo_block(self) -> None:
        """End the block."""
        self._td.ui.undo.endBlock()


_EXECUTING = frozenset(
    {
        "executeDAT", "chopexecuteDAT", "datexecuteDAT", "opexecuteDAT", "panelexecuteDAT", "parameterexecuteDAT",
        "pargroupexecuteDAT", "scriptDAT", "evaluateDAT", "clipDAT",
    }
)  # fmt: skip
_PARAMETERS_OF_CODE = ("*callback*", "*script*", "ext*")
"""Patterns of the parameters by which an operator names the text that it runs."""

_EXTENSIONS = ("ext0object", "ext1object", "ext2object", "ext3object")


def _same(value: object, operator: Any) -> bool:
    return bool(getattr(value, "id", None) == operator.id)


def read_reply(response: Mapping[str, Any]) -> tuple[int, str, str]:
    """Status, reason and body of a response dict that a server's callback returned."""
    data = response.get("data", "")
    body = data.decode("utf-8", "replace") if isinstance(data, bytes | bytearray) else str(data)
    return int(response.get("statusCode", 500)), str(response.get("statusReason", "")), body
