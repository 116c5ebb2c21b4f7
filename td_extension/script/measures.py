"""How large a value really is, whatever it says of itself."""

from __future__ import annotations

import math
import operator
import sys
from array import array
from collections import deque
from collections.abc import Callable
from typing import Any

_MAX_SIZE = 1 << 64
_MAX_DIMENSIONS = 32
_NUMBERS = (int, float)
_MAX_NAME = 100
"""Characters of the name of a type."""


_LENGTHS: tuple[tuple[type, Callable[[Any], int]], ...] = (
    (str, str.__len__),
    (list, list.__len__),
    (tuple, tuple.__len__),
    (bytes, bytes.__len__),
    (bytearray, bytearray.__len__),
    (deque, deque.__len__),
    (array, array.__len__),
)
"""How long a value really is, whatever a subclass tells."""


def item_size(kind: Any) -> int:
    """How many bytes an array takes for each element of a type; 1 where that is no type."""
    numpy = sys.modules.get("numpy")
    if numpy is None or (isinstance(kind, str) and len(kind) > _MAX_NAME):
        return 1
    try:
        return int(numpy.dtype(kind).itemsize)
    except (TypeError, ValueError, SyntaxError):
        return 1


def whole(value: Any) -> int | None:
    """A whole number as C will take it: a subclass may tell a comparison something else."""
    if type(value) is int:
        return value
    if isinstance(value, int):
        return int.__index__(value)
    if type(value).__module__ == "numpy":
        try:
            return operator.index(value)
        except TypeError:
            return None
    return None


def length(value: Any) -> int | None:
    """How long a text or a list really is; None for anything else."""
    for kind, length in _LENGTHS:
        if isinstance(value, kind):
            return length(value)
    return None


def held_elements(value: Any, depth: int = 3) -> int:
    """How many elements the arrays in a list hold together, each as often as it stands there."""
    if isinstance(value, list | tuple) and depth:
        return sum(held_elements(part, depth - 1) for part in list(value) if type(part) not in _NUMBERS)
    elements = getattr(value, "size", 0) if type(value).__module__ == "numpy" else 0
    return elements if isinstance(elements, int) else 0


def size(value: Any) -> int:
    """How many elements a number, a shape or an array stands for."""
    number = whole(value)
    if number is not None:
        return max(1, min(number, _MAX_SIZE))
    if isinstance(value, list | tuple):
        parts = [whole(part) for part in list(value)[:_MAX_DIMENSIONS]]
        return math.prod(max(1, min(part, _MAX_SIZE)) for part in parts if part is not None)
    elements = getattr(value, "size", 1) if type(value).__module__ == "numpy" else 1
    return elements if isinstance(elements, int) else 1
