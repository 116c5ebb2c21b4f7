"""What numpy makes, as far as its size goes: how many elements an array has."""

from __future__ import annotations

import math
from collections.abc import Mapping

from .given import Given, Sizing
from .magnitudes import UNKNOWN, Kind, Many, Value, as_many, as_size, weight

_DRAWN = {
    "normal": 2, "uniform": 2, "randint": 2, "integers": 2, "random_integers": 2, "gamma": 2, "beta": 2, "binomial": 2,
    "triangular": 3, "random": 0, "random_sample": 0, "ranf": 0, "sample": 0, "standard_normal": 0, "permutation": 0,
    "choice": 1, "exponential": 1, "poisson": 1, "bytes": 0,
}  # fmt: skip
"""Where functions of numpy.random take the shape of what they draw, unless it is named ``size``."""


def _array(size: float | None) -> Value:
    return UNKNOWN if size is None or math.isnan(size) else Many(Kind.ARRAY, max(0.0, size), certain=False)


def _elements(shape: Value) -> float | None:
    """How many elements an array of this shape has, at least where not all of it is known."""
    size = as_size(shape)
    if size is not None or not isinstance(shape, Many) or shape.items is None:
        return size
    whole = 1.0
    for part in shape.items:
        known = as_size(part)
        whole *= 1.0 if known is None or known < 0 else known
    return whole


def _count(value: Value) -> float:
    """How many elements a value has as an array; 1 where that is not known."""
    many = as_many(value)
    return 1.0 if many is None else many.length * (many.each if many.kind is not Kind.ARRAY else 1.0)


def _of_shape(index: int, name: str = "shape") -> Sizing:
    return lambda given: _array(_elements(given.get(index, name)))


def _of_sides(given: Given) -> Value:
    """Of as many sides as there are arguments."""
    return _array(_elements(Many(Kind.TUPLE, len(given.positional), items=given.positional)))


def _indices(given: Given) -> Value:
    shape = given.get(0, "dimensions")
    elements = _elements(shape)
    return _array(None if elements is None or not isinstance(shape, Many) else elements * shape.length)


def _square(given: Given) -> Value:
    """As many rows as one argument says, and columns as the next one."""
    rows = as_size(given.get(0, "N" if "N" in given.words else "n"))
    columns = as_size(given.get(1, "M"))
    return _array(None if rows is None else rows * (rows if columns is None else columns))


def _arange(given: Given) -> Value:
    bounds = [float(bound) if isinstance(bound, float) else as_size(bound) for bound in given.positional[:3]]
    if len(bounds) == 1:
        bounds = [0.0, bounds[0]]
    if len(bounds) < 2:
        return UNKNOWN
    first, last, step = (*bounds, 1.0)[:3]
    if first is None or last is None or not step:
        return UNKNOWN
    return _array((last - first) / step)


def _spaced(given: Given) -> Value:
    return _array(as_size(given.get(2, "num")))


def _tiled(given: Given) -> Value:
    times = _elements(given.get(1, "reps"))
    return _array(None if times is None else times * _count(given.get(0)))


def _repeated(given: Given) -> Value:
    times = as_size(given.get(1, "repeats"))
    return _array(None if times is None else times * _count(given.get(0)))


def _repeated_method(given: Given) -> Value:
    times = as_size(given.get(0, "repeats"))
    return _array(None if times is None else times * _count(given.receiver))


def _crossed(given: Given) -> Value:
    """Each element of one with each of the others."""
    return _array(math.prod(_count(value) for value in given.positional))


def _padded(given: Given) -> Value:
    return _array(_count(given.get(0)) + Given((given.get(1, "pad_width"),)).largest())


def _converted(given: Given) -> Value:
    many = as_many(given.get(0))
    return UNKNOWN if many is None else _array(weight(many))


_FUNCTIONS: dict[str, Sizing] = {
    **dict.fromkeys(("zeros", "ones", "empty", "full"), _of_shape(0)),
    **dict.fromkeys(("zeros_like", "ones_like", "empty_like", "full_like"), _of_shape(99)),
    **dict.fromkeys(("broadcast_to",), _of_shape(1)),
    **dict.fromkeys(("resize",), _of_shape(1, "new_shape")),
    **dict.fromkeys(("hanning", "hamming", "blackman", "bartlett", "kaiser"), _of_shape(0, "M")),
    **dict.fromkeys(("linspace", "logspace", "geomspace"), _spaced),
    **dict.fromkeys(("eye", "identity", "tri", "mask_indices"), _square),
    **dict.fromkeys(("outer", "kron", "meshgrid", "convolve", "correlate"), _crossed),
    **dict.fromkeys(("array", "asarray", "asanyarray"), _converted),
    "vander": _of_shape(1, "N"),
    "indices": _indices,
    "arange": _arange,
    "tile": _tiled,
    "repeat": _repeated,
    "pad": _padded,
}

ARRAYS: Mapping[str, Sizing] = {
    **{f"numpy.{name}": sizing for name, sizing in _FUNCTIONS.items()},
    **{f"numpy.random.{name}": _of_shape(index, "size") for name, index in _DRAWN.items()},
    **{f".{name}": _of_shape(index, "size") for name, index in _DRAWN.items()},
    **dict.fromkeys(("numpy.random.rand", "numpy.random.randn", ".rand", ".randn"), _of_sides),
    ".repeat": _repeated_method,
}
