"""Execute, DAT Execute and Parameter Execute DATs: when their functions are called (reference section 3).

CHOP, OP, Panel and ParGroup Execute DATs exist, but switching one of their callbacks on raises `NotImplementedError`.
"""

from __future__ import annotations

import traceback
from typing import Any, NamedTuple

from td_headless.dat_changes import changes, snapshot
from td_headless.names import matches
from td_headless.world import World

_TABLE_TOGGLES = ("tablechange", "rowchange", "colchange", "cellchange", "sizechange")
_TYPES = ("executeDAT", "datexecuteDAT", "parameterexecuteDAT")
_UNBUILT_TYPES = ("chopexecuteDAT", "opexecuteDAT", "panelexecuteDAT", "pargroupexecuteDAT")
_INFO_SINCE = (2025, 30000)
"""From this build `onTableChange` is told the table before and what changed."""


_EXECUTE_PULSES = {"startpulse": "onStart", "createpulse": "onCreate", "exitpulse": "onExit"}


class Change(NamedTuple):
    """One item of what ``onValuesChanged`` is told."""

    par: Any
    prev: Any


class CallbackDats:
    """Calls the callback DATs of one world. Table and parameter changes are reported once a frame."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._dats: list[Any] = []
        self._seen: dict[tuple[int, int], tuple[int, list[list[str]]]] = {}
        self._changed: dict[tuple[int, str], tuple[Any, Any]] = {}
        self._details: list[tuple[Any, str, Any, Any]] = []
        self._pulsed: list[Any] = []
        world.creation_observers.append(self._created)
        world.destruction_observers.append(self._destroyed)
        world.parameter_observers.append(self._parameter_changed)
        world.par_detail_observers.append(self._detail_changed)
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
            if dat.valid and any(_on(dat.par[toggle]) for toggle in _TABLE_TOGGLES):
                for target in _targets(dat.par.dat):
                    self._report_table(dat, target)
        changed, self._changed = list(self._changed.values()), {}
        details, self._details = self._details, []
        pulsed, self._pulsed = self._pulsed, []
        for dat in self._active("parameterexecuteDAT"):
            seen = [(par, before) for par, before in changed if _heeds(dat, "valuechange", par)]
            for par, before in seen:
                self._call(dat, "onValueChange", par, before)
            together = [Change(par, before) for par, before in changed if _heeds(dat, "valueschanged", par)]
            if together:
                self._call(dat, "onValuesChanged", together)
            for par in pulsed:
                if _heeds(dat, "onpulse", par):
                    self._call(dat, "onPulse", par)
            for par, what, now, before in details:
                if _heeds(dat, f"{what}change", par):
                    self._call(dat, f"on{what.capitalize()}Change", par, now, before)

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
        info = changes(before, now)
        old = snapshot(target, before)
        if _on(dat.par.tablechange):
            with_info = (old, info) if self._world.build_number >= _INFO_SINCE else ()
            self._call(dat, "onTableChange", target, *with_info)
        if _on(dat.par.sizechange) and info.sizeChanged:
            self._call(dat, "onSizeChange", target)
        if _on(dat.par.rowchange) and (rows := sorted({*info.rowsChanged, *info.rowsAdded})):
            self._call(dat, "onRowChange", target, rows)
        if _on(dat.par.colchange) and (cols := sorted({*info.colsChanged, *info.colsAdded})):
            self._call(dat, "onColChange", target, cols)
        if _on(dat.par.cellchange) and info.cellsChanged:
            cells = [target[row, col] for row, col in info.cellsChanged]
            self._call(dat, "onCellChange", target, cells, [before[row][col] for row, col in info.cellsChanged])

    def _call(self, dat: Any, function: str, *args: Any) -> None:
        if not dat.valid:
            return
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

    def _detail_changed(self, par: Any, what: str, now: Any, before: Any) -> None:
        self._details.append((par, what, now, before))

    def _parameter_changed(self, par: Any, before: Any) -> None:
        if par.owner.OPType in _UNBUILT_TYPES and par.style == "Toggle" and par.name != "active" and _on(par):
            raise NotImplementedError(f"td_headless does not implement the callbacks of {par.owner.OPType}")
        first = self._changed.get((par.owner.id, par.name), (par, before))
        self._changed[par.owner.id, par.name] = first

    def _parameter_pulsed(self, par: Any) -> None:
        if par.owner.OPType == "executeDAT" and (function := _EXECUTE_PULSES.get(par.name)) is not None:
            self._call(par.owner, function)
        self._pulsed.append(par)


def _inside(operator: Any, component: Any) -> bool:
    while operator is not None:
        if operator is component:
            return True
        operator = operator._network
    return False


def _heeds(dat: Any, toggle: str, par: Any) -> bool:
    return bool(dat.valid and par.owner.valid and _on(dat.par[toggle]) and _watches(dat, par))


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
