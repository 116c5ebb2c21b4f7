"""A JSON value as Go prints it with ``%v``: by this text Intercept compares what are not two numbers.

Numbers are 64-bit floats, as Go's JSON reader makes them, in their shortest form: with an exponent below 1e-4 and from
1e+06 on. Objects are ``map[a:1 b:2]`` in the order of their keys, lists ``[1 2]``, null ``<nil>`` (Go's package `fmt`).
"""

from __future__ import annotations

import decimal
import math

from ..values import Json

_MAX_DEPTH = 32


def go_text(value: Json, most: int) -> str | None:
    """The text of a value; None where it has more than `most` characters or is nested more than 32 deep."""
    parts: list[str] = []
    return "".join(parts) if _written(value, parts, most, _MAX_DEPTH) >= 0 else None


def _written(value: Json, parts: list[str], room: int, depth: int) -> int:
    """Write a value; return how much room is left, below 0 where there was too little."""
    if not isinstance(value, dict | list | tuple):
        return _put(_scalar(value), parts, room)
    if depth == 0 or len(value) > room:
        return -1
    if isinstance(value, dict):
        entries = [(f"{key}:", value[key]) for key in sorted(value)]
        room = _put("map[", parts, room)
    else:
        entries = [("", one) for one in value]
        room = _put("[", parts, room)
    for index, (before, entry) in enumerate(entries):
        room = _put((" " if index else "") + before, parts, room)
        room = _written(entry, parts, room, depth - 1) if room >= 0 else -1
        if room < 0:
            return -1
    return _put("]", parts, room)


def _put(text: str, parts: list[str], room: int) -> int:
    parts.append(text)
    return room - len(text)


def _scalar(value: Json) -> str:
    match value:
        case None:
            return "<nil>"
        case bool():
            return "true" if value else "false"
        case int() | float():
            return _number(value)
    return str(value)


def _number(value: int | float) -> str:
    try:
        number = float(value)
    except OverflowError:
        return "+Inf" if value > 0 else "-Inf"
    if not math.isfinite(number):
        return "NaN" if number != number else "+Inf" if number > 0 else "-Inf"
    if number == 0:
        return "-0" if math.copysign(1, number) < 0 else "0"
    if 1e-4 <= abs(number) < 1e6:
        return repr(number).removesuffix(".0")
    # The shortest digits that come to the same float, and the power of ten of the first of them.
    _, digits, power = decimal.Decimal(repr(abs(number))).normalize().as_tuple()
    significant = "".join(map(str, digits))
    tens = len(significant) - 1 + int(power)
    sign = "-" if number < 0 else ""
    tail = f".{significant[1:]}" if len(significant) > 1 else ""
    return f"{sign}{significant[0]}{tail}e{'-' if tens < 0 else '+'}{abs(tens):02d}"
