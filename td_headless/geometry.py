"""Points and primitives of the SOPs that are computed here, in TouchDesigner's units."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True, slots=True, eq=False)
class Geometry:
    """Points and polygons.

    Attributes:
        points: float array of shape (points, 3).
        prims: for each polygon the indices of its points.
        closed: for each polygon whether its last point is joined to the first.
    """

    points: Any
    prims: tuple[tuple[int, ...], ...]
    closed: tuple[bool, ...]


EMPTY = Geometry(np.zeros((0, 3)), (), ())


def geometry_of(sop: Any) -> Geometry:
    """Return what a SOP holds. A filter that is not computed here passes its input on.

    Raises:
        NotImplementedError: a type that makes or combines geometry and is not computed here.
    """
    inputs = [geometry_of(source) for source in sop.inputs]
    compute = _GENERATORS.get(sop.OPType)
    if sop.bypass and inputs:
        return inputs[0]
    if compute is not None:
        return compute(sop)
    if sop.OPType == "mergeSOP":
        return merged(inputs)
    if sop.OPType == "selectSOP" and sop.par.sop.eval() is not None:
        return geometry_of(sop.par.sop.eval())
    if sop.OPType == "transformSOP" and inputs:
        return Geometry(_moved(sop, inputs[0].points), inputs[0].prims, inputs[0].closed)
    if len(inputs) > 1 or sop._max_inputs == 0:
        raise NotImplementedError(f"td_headless does not compute the geometry of {sop.OPType} ({sop.path})")
    return inputs[0] if inputs else EMPTY


def merged(parts: list[Geometry]) -> Geometry:
    """Return several geometries as one."""
    points: list[Any] = []
    prims: list[tuple[int, ...]] = []
    count = 0
    for part in parts:
        prims += [tuple(index + count for index in prim) for prim in part.prims]
        points.append(part.points)
        count += len(part.points)
    if not points:
        return EMPTY
    return Geometry(np.concatenate(points), tuple(prims), tuple(flag for part in parts for flag in part.closed))


def _values(sop: Any, *names: str) -> list[float]:
    return [float(sop.par[name].eval()) for name in names]


def _placed(sop: Any, points: Any) -> Any:
    return np.asarray(points, dtype=float) + np.array(_values(sop, "tx", "ty", "tz"))


def _moved(sop: Any, points: Any) -> Any:
    """Scale, rotate about x, y, z, then move; other orders raise."""
    if sop.par.xord.eval() != "srt":
        raise NotImplementedError(f"td_headless does not implement transformSOP.par.xord '{sop.par.xord.eval()}'")
    scaled = points * np.array(_values(sop, "sx", "sy", "sz")) * float(sop.par.scale.eval())
    for axis, degrees in enumerate(_values(sop, "rx", "ry", "rz")):
        angle = math.radians(degrees)
        turn = np.eye(3)
        first, second = [index for index in range(3) if index != axis]
        sign = -1.0 if axis == 1 else 1.0
        turn[first, first] = turn[second, second] = math.cos(angle)
        turn[first, second], turn[second, first] = -sign * math.sin(angle), sign * math.sin(angle)
        scaled = scaled @ turn.T
    return scaled + np.array(_values(sop, "tx", "ty", "tz"))


def _box(sop: Any) -> Geometry:
    size = np.array(_values(sop, "sizex", "sizey", "sizez")) * float(sop.par.scale.eval())
    corners = [(x, y, z) for z in (-0.5, 0.5) for y in (-0.5, 0.5) for x in (-0.5, 0.5)]
    faces = ((0, 2, 3, 1), (4, 5, 7, 6), (0, 1, 5, 4), (2, 6, 7, 3), (0, 4, 6, 2), (1, 3, 7, 5))
    return Geometry(_placed(sop, np.array(corners) * size), faces, (True,) * 6)


def _mesh(points: list[tuple[float, float, float]], rows: int, cols: int, wrap: tuple[bool, bool]) -> tuple[Any, Any]:
    """Return the quads between rows of points; `wrap` joins the last row, the last column, to the first."""
    quads = []
    for row in range(rows if wrap[0] else rows - 1):
        for col in range(cols if wrap[1] else cols - 1):
            below, right = (row + 1) % rows, (col + 1) % cols
            quads.append((row * cols + col, row * cols + right, below * cols + right, below * cols + col))
    return np.array(points), tuple(quads)


def _sphere(sop: Any) -> Geometry:
    rows, cols = max(3, int(sop.par.rows.eval())), max(3, int(sop.par.cols.eval()))
    radius = _values(sop, "radx", "rady", "radz")
    points = []
    for row in range(rows):
        latitude = math.pi * (row / (rows - 1) - 0.5)
        for col in range(cols):
            longitude = math.tau * col / cols
            points.append(
                (
                    radius[0] * math.cos(latitude) * math.cos(longitude),
                    radius[1] * math.sin(latitude),
                    radius[2] * math.cos(latitude) * math.sin(longitude),
                )
            )
    array, quads = _mesh(points, rows, cols, (False, True))
    return Geometry(_placed(sop, array), quads, (True,) * len(quads))


def _torus(sop: Any) -> Geometry:
    rows, cols = max(3, int(sop.par.rows.eval())), max(3, int(sop.par.cols.eval()))
    ring, tube = _values(sop, "radx", "rady")
    points = []
    for row in range(rows):
        around = math.tau * row / rows
        for col in range(cols):
            along = math.tau * col / cols
            distance = ring + tube * math.cos(around)
            points.append((distance * math.cos(along), distance * math.sin(along), tube * math.sin(around)))
    array, quads = _mesh(points, rows, cols, (True, True))
    return Geometry(_placed(sop, array), quads, (True,) * len(quads))


def _grid(sop: Any) -> Geometry:
    rows, cols = max(2, int(sop.par.rows.eval())), max(2, int(sop.par.cols.eval()))
    width, height = _values(sop, "sizex", "sizey")
    points = [
        ((col / (cols - 1) - 0.5) * width, (row / (rows - 1) - 0.5) * height, 0.0)
        for row in range(rows)
        for col in range(cols)
    ]
    array, quads = _mesh(points, rows, cols, (False, False))
    return Geometry(_placed(sop, array), quads, (True,) * len(quads))


def _rectangle(sop: Any) -> Geometry:
    width, height = _values(sop, "sizex", "sizey")
    points = [(x * width, y * height, 0.0) for x, y in ((-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5))]
    return Geometry(_placed(sop, points), ((0, 1, 2, 3),), (True,))


def _circle(sop: Any) -> Geometry:
    count, (x, y) = max(3, int(sop.par.divs.eval())), _values(sop, "radx", "rady")
    angles = [math.tau * index / count for index in range(count)]
    points = [(x * math.cos(angle), y * math.sin(angle), 0.0) for angle in angles]
    return Geometry(_placed(sop, points), (tuple(range(count)),), (True,))


def _line(sop: Any) -> Geometry:
    count = max(2, int(sop.par.points.eval()))
    start, end = np.array(_values(sop, "pax", "pay", "paz")), np.array(_values(sop, "pbx", "pby", "pbz"))
    points = np.array([start + (end - start) * index / (count - 1) for index in range(count)])
    return Geometry(points, (tuple(range(count)),), (False,))


_GENERATORS: dict[str, Callable[[Any], Geometry]] = {
    "boxSOP": _box,
    "sphereSOP": _sphere,
    "torusSOP": _torus,
    "gridSOP": _grid,
    "rectangleSOP": _rectangle,
    "circleSOP": _circle,
    "lineSOP": _line,
}
