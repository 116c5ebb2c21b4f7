"""Reduces a script's result to plain data, inside the guard, so that nothing of the script's runs after it ended.

Only exact builtin types come out. Operators and parameters are told by the bridge, in the shape in which the guarded
server would have told them; whatever else there is becomes its type's name, never its own idea of a text.
"""

from __future__ import annotations

import base64
import math
from collections.abc import Callable
from typing import Any

from ..values import Json

MAX_DEPTH = 12
MAX_ITEMS = 20_000
MAX_TEXT = 8 * 1024 * 1024
"""Characters of all texts together: an image of 8 MB, as DESIGN section 6 allows it, is one text."""


class TooLarge(Exception):
    """The result is larger than a reply may be. The message says what to do instead."""


def reduce(value: object, describe: Callable[[object], Json]) -> Json:
    """A copy of `value` of which every part is exactly None, bool, int, float, str, list or dict with str keys.

    Args:
        value: what the script left as its result.
        describe: tells a TouchDesigner object as plain data, or gives None for an object that is not one.

    Raises:
        TooLarge: more than `MAX_ITEMS` parts or `MAX_TEXT` characters.
    """
    return _Reduction(describe).of(value, MAX_DEPTH)


class _Reduction:
    def __init__(self, describe: Callable[[object], Json]) -> None:
        self._describe = describe
        self._items = 0
        self._text = 0

    def of(self, value: Any, depth: int) -> Json:
        self._items += 1
        if self._items > MAX_ITEMS:
            raise TooLarge(f"the result has more than {MAX_ITEMS} parts; return less, or a summary")
        if value is None or value is True or value is False:
            return value
        if isinstance(value, int):
            return self._int(int.__index__(value))
        if isinstance(value, float):
            return self._float(float.__float__(value))
        if isinstance(value, str):
            return self._str(str.__str__(value))
        if isinstance(value, bytes | bytearray):
            return self._str(base64.b64encode(bytes(value)).decode())
        if depth == 0:
            return f"<{type(value).__name__} nested too deeply>"
        if isinstance(value, dict):
            return {self._key(key): self.of(inner, depth - 1) for key, inner in dict.items(value)}
        if isinstance(value, list):
            return [self.of(inner, depth - 1) for inner in list.__iter__(value)]
        if isinstance(value, tuple):
            return [self.of(inner, depth - 1) for inner in tuple.__iter__(value)]
        return self._other(value, depth)

    def _other(self, value: Any, depth: int) -> Json:
        described = self._describe(value)
        if described is not None:
            return self.of(described, depth - 1)
        if isinstance(value, set):
            return [self.of(inner, depth - 1) for inner in set.__iter__(value)]
        if isinstance(value, frozenset):
            return [self.of(inner, depth - 1) for inner in frozenset.__iter__(value)]
        if isinstance(value, range):
            return [self.of(inner, depth - 1) for inner in value]
        if type(value).__module__.partition(".")[0] == "numpy" and hasattr(value, "tolist"):
            if getattr(value, "size", 1) > MAX_ITEMS:
                raise TooLarge(f"the result is an array of more than {MAX_ITEMS} numbers; return a summary of it")
            return self.of(value.tolist(), depth - 1)
        return self._str(f"<{type(value).__name__}>")

    def _key(self, key: Any) -> str:
        if isinstance(key, str):
            return str(self._str(str.__str__(key)))
        return str(self.of(key, 1))

    def _int(self, value: int) -> Json:
        # A client reads JSON numbers as doubles, and Python will not print more than some thousand digits.
        return value if -(2**63) <= value < 2**64 else f"<int of {value.bit_length()} bits>"

    def _float(self, value: float) -> Json:
        # JSON has neither NaN nor infinity.
        return value if math.isfinite(value) else repr(value)

    def _str(self, value: str) -> Json:
        self._text += len(value)
        if self._text > MAX_TEXT:
            raise TooLarge(f"the result has more than {MAX_TEXT} characters; return less, or a summary")
        return value.encode("utf-8", "backslashreplace").decode()
