"""Execute, DAT Execute and Parameter Execute DATs: when their functions are called (reference section 3)."""

from __future__ import annotations

import traceback
from dataclasses import dataclass, field
from typing import Any

from td_headless.names import matches
from td_headless.world import World

_TYPES = ("executeDAT", "datexecuteDAT", "parameterexecuteDAT")
_INFO_SINCE = (2025, 30000)
"""From this build `onTableChange` is told the table before and what changed."""


@dataclass(slots=True)
class ChangedDATInfo:
    """What changed in a table between two frames."""

    rowsChanged: list[int] = field(default_factory=list)
    rowsAdded: list[int] = field(default_factory=list)
    rowsRemoved: list[int] = field(default_factory=list)
    colsChanged: list[int] = field(default_factory=list)
    colsAdded: list[int] = field(default_factory=list)
    colsRemoved: list[int] = field(default_factory=list)
    cellsChanged: list[tuple[int, int]] = field(default_factory=list)
    sizeChanged: bool = False


class CallbackDats:
    """Calls the callback DATs of one world. Table and parameter changes are reported once a frame."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._dats: list[Any] = []
        self._seen: dict[tuple[int, int], tuple[int, list[list[str]]]] = {}
        self._changed: dict[tuple[int, str], tuple[Any, Any]] = {}
        self._pulsed: list[Any] = []
        world.creation_observers.append(self._created)
        world.destruction_observers.append(self._destroyed)
        world.parameter_observers.append(self._parameter_changed)
        world.pulse_observers.append(self._parameter_pulsed)

    def event(self, toggle: str, function: str, *args: Any, within: Any = None) -> None:
        """Call `function` of every Execute DAT whose parameter `toggle` is on, in the order of their names.

        Args:
            toggle: parameter name, e.g. ``framestart``.
            function: function name, e.g. ``onFrameStart``.
            args: its arguments.
            within: only those inside this component, at any depth; None means everywhere.
        """
        for dat in sorted(self._active("executeDAT"), key=lambda dat: dat.name):
            if dat.valid and _on(dat.par[toggle]) and (within is None or _inside(dat, within)):
                self._call(dat, function, *args)

    def report_changes(self) -> None:
        """Tell DAT Execute and Parameter Execute DATs what changed since the last call."""
        for dat in self._active("datexecuteDAT"):
            if dat.valid and _on(dat.par.tablechange):
                for target in _targets(dat.par.dat):
                    self._report_table(dat, target)
        changed, self._changed = list(self._changed.values()), {}
        pulsed, self._pulsed = self._pulsed, []
        for dat in self._active("parameterexecuteDAT"):
            for par, before in changed:
                if dat.valid and par.owner.valid and _on(dat.par.valuechange) and _watches(dat, par):
                    self._call(dat, "onValueChange", par, before)
            for par in pulsed:
                if dat.valid and par.owner.valid and _on(dat.par.onpulse) and _watches(dat, par):
                    self._call(dat, "onPulse", par)

    def _active(self, op_type: str) -> list[Any]:
        return [dat for dat in self._dats if dat.OPType == op_type and _on(dat.par.active)]

    def _report_table(self, dat: Any, target: Any) -> None:
        key = (dat.id, target.id)
        version, before = self._seen.get(key, (None, []))
        source = target._data()
        if version == source._version:
            return
        now = [list(row) for row in source._table()]
        self._seen[key] = (source._version, now)
        if version is None:
            return
        if self._world.build_number >= _INFO_SINCE:
            self._call(dat, "onTableChange", target, _snapshot(target, before), changes(before, now))
        else:
            self._call(dat, "onTableChange", target)

    def _call(self, dat: Any, function: str, *args: Any) -> None:
        with self._world.inside(dat):
            try:
                callback = getattr(dat.module, function, None)
                if callback is not None:
                    callback(*args)
            except (Exception, SystemExit):
                if dat.valid:
                    dat.addScriptError(traceback.format_exc())

    def _created(self, operator: Any) -> None:
        if operator.OPType in _TYPES:
            self._dats.append(operator)

    def _destroyed(self, operator: Any) -> None:
        if operator.OPType in _TYPES:
            self._dats.remove(operator)

    def _parameter_changed(self, par: Any, before: Any) -> None:
        first = self._changed.get((par.owner.id, par.name), (par, before))
        self._changed[par.owner.id, par.name] = first

    def _parameter_pulsed(self, par: Any) -> None:
        self._pulsed.append(par)


def changes(before: list[list[str]], now: list[list[str]]) -> ChangedDATInfo:
    """Compare two states of a table by position."""
    widths = (len(before[0]) if before else 0, len(now[0]) if now else 0)
    info = ChangedDATInfo(
        rowsAdded=list(range(len(before), len(now))),
        rowsRemoved=list(range(len(now), len(before))),
        colsAdded=list(range(widths[0], widths[1])),
        colsRemoved=list(range(widths[1], widths[0])),
    )
    for row, (old, new) in enumerate(zip(before, now, strict=False)):
        info.cellsChanged += [(row, col) for col, (a, b) in enumerate(zip(old, new, strict=False)) if a != b]
    info.rowsChanged = sorted({row for row, _ in info.cellsChanged})
    info.colsChanged = sorted({col for _, col in info.cellsChanged})
    info.sizeChanged = bool(info.rowsAdded or info.rowsRemoved or info.colsAdded or info.colsRemoved)
    return info


def _snapshot(target: Any, rows: list[list[str]]) -> Any:
    """Return a DAT that holds the state before; it is in no network."""
    world = target._world
    ghost = type(target)(world, target._network, target.name)
    del world.by_id[ghost.id]
    ghost._rows = rows if target._data()._rows is not None else None
    ghost._text = "\n".join("\t".join(row) for row in rows)
    return ghost


def _inside(operator: Any, component: Any) -> bool:
    while operator is not None:
        if operator is component:
            return True
        operator = operator._network
    return False


def _watches(dat: Any, par: Any) -> bool:
    wanted = dat.par.custom if par.isCustom else dat.par.builtin
    return _on(wanted) and matches(str(dat.par.pars.val), par.name) and par.owner in _targets(dat.par.op)


def _on(toggle: Any) -> bool:
    """Evaluate a toggle; one whose expression fails is off, and ``errors()`` of its operator tells why."""
    try:
        return bool(toggle.eval())
    except Exception:
        return False


def _targets(par: Any) -> list[Any]:
    """Return the operators a parameter names; none when its expression fails."""
    try:
        return list(par.evalOPs())
    except Exception:
        return []
