"""What makes a parameter compare and compute like its value."""

from __future__ import annotations

import operator as operators
from collections.abc import Callable
from typing import Any


class ValueLike:
    """Forwards Python's conversions, comparisons and arithmetic to ``eval()``."""

    __slots__ = ()

    def eval(self) -> Any:
        """Return the current value."""
        raise NotImplementedError

    def __str__(self) -> str:
        value = self.eval()
        return "" if value is None else str(value)

    def __bool__(self) -> bool:
        return bool(self.eval())

    def __float__(self) -> float:
        return float(self.eval())

    def __int__(self) -> int:
        return int(self.eval())

    def __index__(self) -> int:
        return operators.index(self.eval())

    def __neg__(self) -> Any:
        return -self.eval()

    def __abs__(self) -> Any:
        return abs(self.eval())

    def __round__(self, digits: int | None = None) -> Any:
        return round(self.eval(), digits)

    def __len__(self) -> int:
        return len(self.eval())

    def __contains__(self, item: Any) -> bool:
        return item in self.eval()

    __hash__ = object.__hash__


def plain(value: Any) -> Any:
    """Return the value of a parameter, anything else as it is."""
    return value.eval() if isinstance(value, ValueLike) else value


def _forward(compute: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    return lambda self, other: compute(self.eval(), plain(other))


def _backward(compute: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    return lambda self, other: compute(plain(other), self.eval())


for _word in ("eq", "ne", "lt", "le", "gt", "ge"):
    setattr(ValueLike, f"__{_word}__", _forward(getattr(operators, _word)))
for _word in ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow"):
    setattr(ValueLike, f"__{_word}__", _forward(getattr(operators, _word)))
    setattr(ValueLike, f"__r{_word}__", _backward(getattr(operators, _word)))
