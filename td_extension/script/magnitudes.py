"""Values as far as their size is known: plain ones, and what stands for those that are never computed here.

Whatever is done with values costs next to nothing: a number is computed while it is small and else only measured.
"""

from __future__ import annotations

import enum
import math
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import EllipsisType
from typing import Any, Final, TypeAlias

MAX_EXACT_BITS = 512
MAX_EXACT_TEXT = 4096


class Vague(enum.Enum):
    """What is known of a value of which no size is known."""

    UNKNOWN = "unknown"
    TRUTHY = "counts as true"


UNKNOWN: Final = Vague.UNKNOWN


class Kind(enum.Enum):
    """What has a length."""

    TEXT = "text"
    BYTES = "bytes"
    LIST = "list"
    TUPLE = "tuple"
    STREAM = "iterator"
    ARRAY = "array"


@dataclass(frozen=True, slots=True)
class Rough:
    """A number of about 2 to the power of `bits`; infinity where that is beyond a float."""

    bits: float


@dataclass(frozen=True, slots=True)
class Many:
    """Something with a length.

    Attributes:
        kind: what it is.
        length: how many items it has, or for an iterator gives; infinity where it never ends.
        each: the length of one item, 1 where it has none.
        items: the items where they are few and known.
        certain: whether the length is known for certain; else it may have that length.
    """

    kind: Kind
    length: float
    each: float = 1.0
    items: tuple[Value, ...] | None = None
    certain: bool = True


Value: TypeAlias = bool | int | float | complex | str | bytes | EllipsisType | Rough | Many | Vague | None

_SEQUENCES = {str: Kind.TEXT, bytes: Kind.BYTES}
_IN_MEMORY = {Kind.TEXT, Kind.BYTES, Kind.LIST, Kind.TUPLE}


def measured(value: Value) -> Value:
    """A value that may be large, brought to the size that is kept."""
    if isinstance(value, int) and value.bit_length() > MAX_EXACT_BITS:
        return Rough(float(value.bit_length()))
    if isinstance(value, str | bytes) and len(value) > MAX_EXACT_TEXT:
        return Many(_SEQUENCES[type(value)], len(value))
    return value


def as_many(value: Value) -> Many | None:
    """What has a length, as such."""
    if isinstance(value, str | bytes):
        return Many(_SEQUENCES[type(value)], len(value))
    return value if isinstance(value, Many) else None


def as_size(value: Value) -> float | None:
    """A whole number as a size; None for what is none."""
    if isinstance(value, Rough):
        return power_of_two(value.bits)
    if isinstance(value, int):
        return float(value)  # at most MAX_EXACT_BITS
    return None


def power_of_two(bits: float) -> float:
    """2 to the power of `bits`, or infinity."""
    return 2.0**bits if bits < 1000 else math.inf


def weight(value: Value) -> float:
    """How large the text or the copy of a value would be, in items; 1 for what has no length."""
    many = as_many(value)
    return 1.0 if many is None else max(1.0, many.length * many.each)


def bits_of(value: Value) -> float:
    """How many bits a whole number has."""
    if isinstance(value, Rough):
        return value.bits
    return math.log2(abs(value)) if isinstance(value, int) and value else 0.0


def truth(value: Value) -> bool | None:
    """Whether a value counts as true; None where that is not known."""
    if isinstance(value, Many):
        if not value.certain or value.kind is Kind.ARRAY or (value.kind is Kind.STREAM and not value.length):
            return None
        return value.length > 0
    if isinstance(value, Rough | Vague):
        return True if value is Vague.TRUTHY else None
    return bool(value)


def joined(one: Value, other: Value) -> Value:
    """What may be one or the other: as large as the larger, and no longer certain."""
    if type(one) is type(other) and one == other:
        return one
    if isinstance(one, int | Rough) and isinstance(other, int | Rough):
        return Rough(max(bits_of(one), bits_of(other)))
    left, right = as_many(one), as_many(other)
    if left is not None and right is not None and left.kind is right.kind:
        larger = max(left, right, key=lambda many: many.length)
        return replace(larger, each=max(left.each, right.each), items=None, certain=False)
    return UNKNOWN


# -- operators -------------------------------------------------------------------------------------------------------


def binary(name: str, left: Value, right: Value) -> Value:
    """The value of an operation.

    Args:
        name: of the operator's class in `ast`, e.g. ``Mult``.
        left: what stands before the operator.
        right: what stands behind it.
    """
    if isinstance(left, int | float | complex) and isinstance(right, int | float | complex):
        return _of_plain_numbers(name, left, right)
    if isinstance(left, int | Rough) and isinstance(right, int | Rough):
        return _of_rough_numbers(name, left, right)
    if name == "Mult":
        return _repeated(left, right)
    if name == "Add":
        return _concatenated(left, right)
    arrays = [many for many in (left, right) if isinstance(many, Many) and many.kind is Kind.ARRAY]
    return max(arrays, key=lambda many: many.length) if arrays else UNKNOWN


_EXACT: Mapping[str, Callable[[Any, Any], Any]] = {
    "Add": operator.add,
    "Sub": operator.sub,
    "Mult": operator.mul,
    "Div": operator.truediv,
    "FloorDiv": operator.floordiv,
    "Mod": operator.mod,
    "BitAnd": operator.and_,
    "BitOr": operator.or_,
    "BitXor": operator.xor,
    "RShift": operator.rshift,
}


def _of_plain_numbers(name: str, left: Any, right: Any) -> Value:
    if isinstance(left, int) and isinstance(right, int):
        if name == "Pow" and right >= 0 and abs(left) > 1 and bits_of(left) * right > MAX_EXACT_BITS:
            return Rough(bits_of(left) * right)
        if name == "LShift" and left and right > MAX_EXACT_BITS:
            return Rough(bits_of(left) + right)
    function = _EXACT.get(name) or {"Pow": operator.pow, "LShift": operator.lshift}.get(name)
    if function is None:
        return UNKNOWN
    try:
        return measured(function(left, right))
    except (ArithmeticError, ValueError, TypeError):
        return UNKNOWN


def _of_rough_numbers(name: str, left: int | Rough, right: int | Rough) -> Value:
    one, other = bits_of(left), bits_of(right)
    match name:
        case "Add" | "BitOr" | "BitXor":
            larger, smaller = max(one, other), min(one, other)
            return Rough(larger + (math.log2(1 + 2.0 ** (smaller - larger)) if math.isfinite(larger) else 0))
        case "Sub" if one > other + 1:
            return left
        case "Mult":
            return Rough(one + other) if left and right else 0
        case "FloorDiv" if right:
            return Rough(max(0.0, one - other)) if math.isfinite(other) else UNKNOWN
        case "Pow":
            exponent = as_size(right)
            return Rough(one * exponent) if exponent is not None and exponent > 0 and one else UNKNOWN
        case "LShift":
            shift = as_size(right)
            return Rough(one + shift) if shift is not None and shift >= 0 else UNKNOWN
        case "RShift":
            shift = as_size(right)
            return Rough(max(0.0, one - shift)) if shift is not None and math.isfinite(shift) else UNKNOWN
    return UNKNOWN


def _repeated(left: Value, right: Value) -> Value:
    for value, times in ((left, as_size(right)), (right, as_size(left))):
        many = as_many(value)
        if many is None:
            continue
        if many.kind is Kind.ARRAY:
            return many
        if times is None or math.isnan(times) or many.kind is Kind.STREAM:
            return UNKNOWN
        length = many.length * max(0.0, times) if many.length else 0.0
        if isinstance(value, str | bytes) and length <= MAX_EXACT_TEXT:
            return value * max(0, int(times)) if value else value
        # Nothing, however often it is repeated, stays nothing, and no tuple can be repeated more than 2**63 times.
        items = many.items * int(min(64.0, max(0.0, times))) if many.items is not None and length <= 64 else None
        return replace(many, length=length, items=items)
    return UNKNOWN


def _concatenated(left: Value, right: Value) -> Value:
    if isinstance(left, str) and isinstance(right, str):
        return measured(left + right)
    if isinstance(left, bytes) and isinstance(right, bytes):
        return measured(left + right)
    one, other = as_many(left), as_many(right)
    if one is None or other is None:
        known = one or other
        if known is None or (known.kind not in _IN_MEMORY and known.kind is not Kind.ARRAY):
            return UNKNOWN
        return replace(known, items=None, certain=False)
    if one.kind is not other.kind or one.kind is Kind.STREAM:
        return one if one.kind is Kind.ARRAY else other if other.kind is Kind.ARRAY else UNKNOWN
    if one.kind is Kind.ARRAY:
        return max(one, other, key=lambda many: many.length)
    certain = one.certain and other.certain
    items = None if one.items is None or other.items is None else (one.items + other.items)[:64]
    length = one.length + other.length
    return Many(one.kind, length, max(one.each, other.each), items if length <= 64 else None, certain)


def compared(name: str, left: Value, right: Value) -> bool | None:
    """Whether a comparison of two values holds; None where that is not known.

    Args:
        name: of the operator's class in `ast`, e.g. ``LtE``.
        left: what stands before the operator.
        right: what stands behind it.
    """
    if name in ("Is", "IsNot"):
        if not all(value is None or isinstance(value, bool | EllipsisType) for value in (left, right)):
            return None
        return (left is right) is (name == "Is")
    if name in ("In", "NotIn"):
        if isinstance(left, str) and isinstance(right, str):
            return (left in right) is (name == "In")
        if not isinstance(right, Many) or right.items is None or not right.certain or not _is_plain(left):
            return None
        if not all(_is_plain(item) for item in right.items):
            return None
        return (left in right.items) is (name == "In")
    if not (_is_plain(left) and _is_plain(right)):
        return None
    try:
        return bool(_COMPARISONS[name](left, right))
    except TypeError:
        return None


_COMPARISONS: Mapping[str, Callable[[Any, Any], Any]] = {
    "Eq": operator.eq,
    "NotEq": operator.ne,
    "Lt": operator.lt,
    "LtE": operator.le,
    "Gt": operator.gt,
    "GtE": operator.ge,
}


def _is_plain(value: Value) -> bool:
    return not isinstance(value, Rough | Many | Vague)
