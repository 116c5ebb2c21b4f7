"""What changed in a table between two frames, as DAT Execute DATs are told."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


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


def snapshot(target: Any, rows: list[list[str]]) -> Any:
    """Return a DAT that holds the state before; it is in no network."""
    world = target._world
    ghost = type(target)(world, target._network, target.name)
    del world.by_id[ghost.id]
    ghost._rows = rows if target._data()._rows is not None else None
    ghost._text = "\n".join("\t".join(row) for row in rows)
    return ghost
