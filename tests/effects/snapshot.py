"""What a project holds, as plain data that two runs can be compared by."""

from __future__ import annotations

from typing import Any

from td_headless import Runtime

_FLAGS = (
    "activeViewer", "allowCooking", "bypass", "cloneImmune", "current", "display", "expose", "lock", "render", "selected",
    "showCustomOnly", "showDocked", "viewer",
)  # fmt: skip
_PLACE = ("nodeX", "nodeY", "nodeWidth", "nodeHeight", "color", "comment")


def snapshot(runtime: Runtime) -> dict[str, dict[str, Any]]:
    """Everything that is told of each operator, by its path; under ``ui`` the program's state."""
    told = {operator.path: _operator(operator) for operator in runtime.world.by_id.values()}
    ui = runtime.td.ui
    told["ui"] = {
        "status": ui.status,
        "undo": list(ui.undo.undoStack),
        "panes": [pane.owner.path for pane in ui.panes if pane.owner is not None],
        "runs": [(str(one.source), one.dueFrame) for one in runtime.td.runs],
    }
    return told


def _operator(operator: Any) -> dict[str, Any]:
    told: dict[str, Any] = {name: getattr(operator, name) for name in (*_FLAGS, *_PLACE)}
    told["type"] = operator.OPType
    told["id"] = operator.id
    told["tags"] = sorted(operator.tags)
    told["dock"] = operator.dock.path if operator.dock is not None else None
    told["wires"] = [[end.owner.path for end in one.connections] for one in operator.inputConnectors]
    told["storage"] = repr(operator.storage), repr(operator._startup_storage)
    told["pages"] = [(page.name, [par.name for par in page.pars]) for page in operator.customPages]
    told["parameters"] = {par.name: _parameter(par) for par in operator.par}
    if operator.isDAT:
        told["text"] = operator._text if operator._rows is None else [list(row) for row in operator._rows]
    return told


def _parameter(par: Any) -> tuple[Any, ...]:
    return (
        str(par.val), par.mode.name, par.expr, par.bindExpr, par.label, par.style, str(par.default), str(par.min),
        str(par.max), par.clampMin, par.clampMax, par.readOnly, par.enable, tuple(par.menuNames or ()),
    )  # fmt: skip
