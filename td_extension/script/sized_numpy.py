"""What some functions of numpy make, where that is not told by the largest number among their arguments."""

from __future__ import annotations

import math
import operator
import sys
from collections.abc import Callable, Mapping
from typing import Any

from .bounds import Bounds
from .limits_of_cost import MAX_ELEMENTS
from .measures import length, size

GRIDS = {"mgrid", "ogrid"}
"""What makes arrays of the slices by which it is indexed."""


class Grid:
    """`numpy.mgrid` or `numpy.ogrid`, with a look at what its slices make.

    Args:
        bounds: looks at sizes.
        grid: the real one.
    """

    __slots__ = ("_bounds", "_grid")

    def __init__(self, bounds: Bounds, grid: Any) -> None:
        self._bounds = bounds
        self._grid = grid

    def __deepcopy__(self, memo: dict[int, Any]) -> Grid:
        return self

    def __getitem__(self, key: Any) -> Any:
        slices = key if isinstance(key, tuple) else (key,)
        self._bounds.elements("array", (len(slices) * math.prod(map(_points, slices)),), {})
        return self._grid[key]


def _points(part: Any) -> int:
    """How many points a slice of a grid has; an imaginary step is their number."""
    if not isinstance(part, slice):
        return 1
    step = part.step
    if isinstance(step, complex):
        return max(1, int(abs(step)))
    return _counted(part.start or 0, part.stop, 1 if step is None else step)


def _counted(start: Any, stop: Any, step: Any) -> int:
    """How many numbers there are from one to another."""
    try:
        many = abs((float(stop) - float(start)) / float(step))
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        return 1  # numpy says what is wrong with it
    return max(1, math.ceil(min(many, 2.0 * MAX_ELEMENTS))) if many == many else 1


def _of_range(arguments: tuple[Any, ...], keywords: Mapping[str, Any]) -> int:
    """``arange``."""
    names = ("start", "stop", "step")
    given = {**dict(zip(names, arguments, strict=False)), **keywords}
    if given.get("stop") is None:
        return _counted(0, given.get("start", 0), given.get("step", 1))
    return _counted(given.get("start", 0), given["stop"], given.get("step", 1))


def _of_diagonal(arguments: tuple[Any, ...], keywords: Mapping[str, Any]) -> int:
    """``diag`` and ``diagflat``: a matrix around the numbers of a vector, and ``k`` rows and columns more."""
    vector = arguments[0] if arguments else keywords.get("v")
    aside = size(arguments[1] if len(arguments) > 1 else keywords.get("k", 0))
    shape = getattr(vector, "shape", None)
    if isinstance(shape, tuple) and len(shape) > 1:
        return size(vector)
    return ((size(vector) if isinstance(shape, tuple) else length(vector) or 1) + aside) ** 2


def _of_flat_diagonal(arguments: tuple[Any, ...], keywords: Mapping[str, Any]) -> int:
    return _of_diagonal((_Flat(arguments[0]), *arguments[1:]), keywords) if arguments else 1


def _of_indices(arguments: tuple[Any, ...], keywords: Mapping[str, Any]) -> int:
    """``diag_indices``: as many arrays as there are dimensions."""
    return math.prod(map(size, (*arguments, *keywords.values())))


def _of_shapes(arguments: tuple[Any, ...], keywords: Mapping[str, Any]) -> int:
    """``broadcast_arrays``: a view, of which all elements may be read one by one."""
    numpy = sys.modules["numpy"]
    shapes = [part.shape for part in arguments if type(part).__module__ == "numpy" and hasattr(part, "shape")]
    try:
        return math.prod(map(operator.index, numpy.broadcast_shapes(*shapes)))
    except ValueError:
        return 1  # numpy says that they do not fit


class _Flat:
    """An array as a vector, for `_of_diagonal`."""

    __module__ = "numpy"

    def __init__(self, array: Any) -> None:
        self.size = size(array) if hasattr(array, "shape") else length(array) or 1
        self.shape = (self.size,)


MADE: Mapping[str, Callable[[tuple[Any, ...], Mapping[str, Any]], int]] = {
    "arange": _of_range,
    "broadcast_arrays": _of_shapes,
    "diag": _of_diagonal,
    "diagflat": _of_flat_diagonal,
    "diag_indices": _of_indices,
}
"""How many elements each makes."""
