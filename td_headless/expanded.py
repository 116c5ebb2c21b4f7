"""Loads an expanded .tox into the stand-in, as TouchDesigner would load the .tox (reference `td_runtime.md` §6.2)."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from td_headless.errors import tdError
from td_headless.expanded_files import (
    DefinitionLine,
    ValueLine,
    read_contents,
    read_definitions,
    read_fifo,
    read_node,
    read_table,
    read_text,
    read_values,
)
from td_headless.par_tables import ParSpec
from td_headless.parameters import Par

_SHORT_NAMES = {
    "datexec": "datexecute", "parexec": "parameterexecute", "chopexec": "chopexecute", "panelexec": "panelexecute",
}  # fmt: skip
_ORDER = (".n", ".cparm", ".parm", ".panel", ".text", ".table", ".fifo")
_NUMBERS = ("Toggle", "Int", "Float", "Pulse")


def load_expanded(network: Any, contents: Path) -> Any:
    """Create the component inside `network` and return it; `Runtime.announce_created` then starts it.

    Args:
        network: the COMP that it is created in.
        contents: the file ``NAME.tox.toc``; the folder ``NAME.tox.dir`` stands beside it.

    Raises:
        tdError: a file is missing, not listed, or not what the reference describes; says which.
    """
    folder = contents.with_suffix(".dir")
    paths = _checked(contents, read_contents, contents.name)
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    if there != set(paths):
        raise tdError(f"{contents.name}: listed and there differ: {', '.join(sorted(there ^ set(paths))[:5])}")
    made: dict[str, Any] = {}
    for path in paths[1:]:
        stem, suffix = path[: path.rindex(".")], path[path.rindex(".") :]
        if suffix not in _ORDER:
            raise tdError(f"{path}: files of this kind are not read here")
        if suffix == ".n":
            above = stem.rpartition("/")[0]
            if above and above not in made:
                raise tdError(f"{path}: the component it is in comes later")
            made[stem] = _created(made[above] if above else network, stem.rpartition("/")[2], folder / path, path)
        elif stem not in made:
            # TouchDesigner fails over a file that comes before the operator's own.
            raise tdError(f"{path}: the operator it belongs to comes later")
        else:
            _fill(made[stem], suffix, folder / path, path)
    return next(iter(made.values()))


def _checked(file: Path, read: Any, name: str) -> Any:
    try:
        return read(file.read_bytes())
    except (ValueError, KeyError, IndexError, OSError, struct.error) as error:
        raise tdError(f"{name}: {error}") from error


def _created(network: Any, name: str, file: Path, path: str) -> Any:
    node = _checked(file, read_node, path)
    if node.inputs or node.dock:
        raise tdError(f"{path}: inputs and docks are not read here")
    made = network.create(_SHORT_NAMES.get(node.kind, node.kind) + node.family, name, initialize=False)
    made.nodeX, made.nodeY, made.nodeWidth, made.nodeHeight = node.tile
    made.color, made.comment, made.tags = node.color, node.comment, set(node.tags)
    made.viewer = node.flags.get("viewer") == "1"
    return made


def _fill(operator: Any, suffix: str, file: Path, path: str) -> None:
    if suffix == ".cparm":
        _define(operator, *_checked(file, read_definitions, path))
    elif suffix == ".parm":
        _assign(operator, _checked(file, read_values, path), path)
    elif suffix == ".text":
        operator.text = _checked(file, read_text, path)
    elif suffix == ".table":
        operator.clear()
        operator.appendRows(_checked(file, read_table, path))
    elif suffix == ".fifo":
        _checked(file, read_fifo, path)
    else:
        raise tdError(f"{path}: files of this kind are not read here")


def _define(operator: Any, pages: Iterable[str], lines: Iterable[DefinitionLine]) -> None:
    by_name = {name: operator.appendCustomPage(name) for name in pages}
    for line in lines:
        page = by_name[line.page]
        default: bool | float | str = line.number if line.style in _NUMBERS else line.text
        if line.style in ("Toggle", "Pulse"):
            default = bool(line.number)
        par = Par(operator, ParSpec(line.name, line.label, line.style, default, group=line.name), page, custom=True)
        par.order = float(line.order)
        par.clampMin, par.min, par.normMin = line.clamp_low, line.low, line.norm_low
        par.clampMax, par.max, par.normMax = line.clamp_high, line.high, line.norm_high
        if line.menu:
            par.menuNames, par.menuLabels = [token for token, _ in line.menu], [label for _, label in line.menu]
        page.pars.append(par)
        operator.par._add(par)


def _assign(operator: Any, lines: Iterable[ValueLine], path: str) -> None:
    for line in lines:
        par = operator.par[line.name]
        if par is None or par.isCustom is not line.is_custom:
            raise tdError(f"{path}: {line.name} is no {'custom ' if line.is_custom else ''}parameter of the operator")
        par.val = line.value
        if line.expression:
            par.expr = line.expression
            par.mode = line.mode
        par.readOnly = line.is_read_only
