"""Decimal numbers with which C always comes to an end.

A short text makes a number of a million digits: turned into a whole number it takes half a minute, without a tick.
Whatever makes one is bounded: the constructor here, and arithmetic by the context in which a script runs.
"""

from __future__ import annotations

import contextlib
import decimal
from collections.abc import Collection, Iterator
from typing import Any, NoReturn

MAX_EXPONENT = 30_000
"""Digits before or after the point: to turn so many into a whole number takes 40 ms."""


class _TypeOfDecimal(type):
    """Stands for the real type wherever values are told apart."""

    def __call__(cls, value: Any = "0") -> decimal.Decimal:
        made = decimal.Decimal(_measured(value))
        if abs(made.adjusted()) > MAX_EXPONENT:
            _refuse()
        return made

    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, decimal.Decimal)

    def __subclasscheck__(cls, subclass: type) -> bool:
        return issubclass(subclass, decimal.Decimal)


class Decimal(metaclass=_TypeOfDecimal):
    """`decimal.Decimal`: what it makes are the real ones, as arithmetic does."""

    __module__ = "decimal"
    from_float = staticmethod(decimal.Decimal.from_float)

    def __init_subclass__(cls, **options: Any) -> NoReturn:
        raise TypeError("decimal.Decimal is no base here")


def _measured(value: Any) -> Any:
    """The value, unless it has more digits than may be: the real constructor reads all of them first."""
    if isinstance(value, str):
        value = str.__str__(value)
        digits = len(value)
    elif isinstance(value, int):
        value = int(value)
        digits = value.bit_length() // 4
    elif isinstance(value, list | tuple):
        sign, given, exponent = value
        given = tuple(given)
        value, digits = (sign, given, exponent), len(given)
    else:
        digits = 0
    if digits > MAX_EXPONENT:
        _refuse()
    return value


def _refuse() -> NoReturn:
    raise ValueError(f"a Decimal has at most {MAX_EXPONENT:,} digits before or after the point here")


@contextlib.contextmanager
def bounded_decimals(imports: Collection[str]) -> Iterator[None]:
    """Let arithmetic make no larger numbers, until the end of the ``with`` statement.

    Args:
        imports: the modules that a script imports; without `decimal` it has no such number.
    """
    if "decimal" not in imports:
        yield
        return
    with decimal.localcontext(decimal.Context(Emax=MAX_EXPONENT, Emin=-MAX_EXPONENT)):
        yield
