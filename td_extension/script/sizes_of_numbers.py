"""What functions on numbers make, as far as its size goes."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from .given import Given, Sizing
from .magnitudes import UNKNOWN, Kind, Many, Rough, Value, as_many, as_size, binary, bits_of, measured, truth

_MAX_DIGITS = 1000


def _rounded(function: Callable[[Any], Any]) -> Sizing:
    """`int`, `round` and their kin, of one argument."""

    def rounded(given: Given) -> Value:
        value = given.get(0)
        if isinstance(value, Rough):
            return value
        if len(given.positional) != 1 or (isinstance(value, str) and len(value) > _MAX_DIGITS):
            return UNKNOWN
        try:
            return measured(function(value)) if isinstance(value, int | float | str) else UNKNOWN
        except (ValueError, OverflowError, TypeError):
            return UNKNOWN

    return rounded


def _float(given: Given) -> Value:
    value = given.get(0)
    try:
        return float(value) if isinstance(value, int | float | str) else UNKNOWN
    except (ValueError, OverflowError):
        return UNKNOWN


def _absolute(given: Given) -> Value:
    value = given.get(0)
    return abs(value) if isinstance(value, int | float) else value if isinstance(value, Rough) else UNKNOWN


def _length(given: Given) -> Value:
    many = as_many(given.get(0))
    if many is None or not math.isfinite(many.length):
        return UNKNOWN
    return int(many.length) if many.certain else Rough(math.log2(max(1.0, many.length)))


def _truth(given: Given) -> Value:
    known = truth(given.get(0)) if given.positional else False
    return UNKNOWN if known is None else known


def _candidates(given: Given) -> tuple[Value, ...]:
    only = given.get(0)
    if len(given.positional) == 1 and isinstance(only, Many):
        return only.items if only.items is not None and only.certain else (UNKNOWN,)
    return given.positional


def _certain_items(given: Given) -> tuple[Value, ...] | None:
    only = given.get(0)
    return only.items if isinstance(only, Many) and only.certain and not given.has(1) else None


def _any(given: Given) -> Value:
    known = [truth(item) for item in _certain_items(given) or (UNKNOWN,)]
    return True if True in known else UNKNOWN if None in known else False


def _all(given: Given) -> Value:
    items = _certain_items(given)
    known = [None] if items is None else [truth(item) for item in items]
    return False if False in known else UNKNOWN if None in known else True


def _total(given: Given) -> Value:
    items = _certain_items(given)
    if items is None or not all(isinstance(item, int | float) for item in items):
        return UNKNOWN
    return measured(sum(items))  # type: ignore[arg-type]


def _largest(given: Given) -> Value:
    values = _candidates(given)
    if values and not given.words and all(isinstance(value, int | float) for value in values):
        return max(values)  # type: ignore[type-var]
    sizes = [bits_of(value) for value in values if isinstance(value, int | Rough)]
    return Rough(max(sizes)) if sizes and not given.words else UNKNOWN


def _smallest(given: Given) -> Value:
    values = _candidates(given)
    if given.words or not values:
        return UNKNOWN
    if all(isinstance(value, int | float) for value in values):
        return min(values)  # type: ignore[type-var]
    if all(isinstance(value, int | Rough) for value in values):
        return Rough(min(bits_of(value) for value in values))
    return UNKNOWN


def _power(given: Given) -> Value:
    return UNKNOWN if given.has(2, "mod") else binary("Pow", given.get(0, "base"), given.get(1, "exp"))


def _operation(name: str) -> Sizing:
    return lambda given: binary(name, given.get(0), given.get(1))


def _factorial(given: Given) -> Value:
    size = as_size(given.get(0))
    return UNKNOWN if size is None or size < 0 else Rough(_factorial_bits(size))


def _factorial_bits(size: float) -> float:
    return math.lgamma(size + 1) / math.log(2) if size < 1e300 else math.inf


def choices_bits(size: float, taken: float, *, in_order: bool) -> float:
    """The logarithm to base 2 of how many ways there are to take some out of many."""
    if not math.isfinite(size) or size > 1e300:
        return math.inf if taken else 0.0
    if taken > size or taken < 0:
        return -math.inf
    if taken < 64:
        bits = sum(math.log2(size - one) for one in range(int(taken)))
    else:
        bits = _factorial_bits(size) - _factorial_bits(size - taken)
    return bits if in_order else max(0.0, bits - _factorial_bits(taken))


def _ways(in_order: bool) -> Sizing:
    def ways(given: Given) -> Value:
        size, taken = as_size(given.get(0)), as_size(given.get(1))
        if size is None or (taken is None and given.has(1)):
            return UNKNOWN
        bits = choices_bits(size, size if taken is None else taken, in_order=in_order)
        return Rough(bits) if bits > 0 else UNKNOWN

    return ways


def _bits(given: Given) -> Value:
    size = as_size(given.get(0, "k"))
    return UNKNOWN if size is None else Rough(size)


def _reduced(given: Given) -> Value:
    """`math.prod`: a product of as many numbers as it is given."""
    many = as_many(given.get(0))
    if many is None or many.kind is not Kind.STREAM or many.length < 64:
        return UNKNOWN
    return Rough(_factorial_bits(many.length))


NUMBERS: Mapping[str, Sizing] = {
    "int": _rounded(int),
    "round": _rounded(round),
    "math.floor": _rounded(math.floor),
    "math.ceil": _rounded(math.ceil),
    "math.trunc": _rounded(math.trunc),
    "float": _float,
    "bool": _truth,
    "len": _length,
    "abs": _absolute,
    "any": _any,
    "all": _all,
    "sum": _total,
    "max": _largest,
    "min": _smallest,
    "pow": _power,
    "math.factorial": _factorial,
    "math.comb": _ways(in_order=False),
    "math.perm": _ways(in_order=True),
    "math.prod": _reduced,
    "operator.pow": _operation("Pow"),
    "operator.mul": _operation("Mult"),
    "operator.lshift": _operation("LShift"),
    "operator.concat": _operation("Add"),
    "operator.add": _operation("Add"),
    "random.getrandbits": _bits,
    "secrets.randbits": _bits,
    ".getrandbits": _bits,
}
