"""Which values are more than a script may make in one piece."""

from __future__ import annotations

from .limits_of_cost import MAX_BITS, MAX_ELEMENTS, MAX_ITEMS, MAX_RESULT, MAX_TEXT
from .magnitudes import Kind, Rough, Value, as_many, weight

_LIMITS = {
    Kind.TEXT: (MAX_TEXT, "characters"),
    Kind.BYTES: (MAX_TEXT, "bytes"),
    Kind.LIST: (MAX_ITEMS, "items"),
    Kind.TUPLE: (MAX_ITEMS, "items"),
    Kind.ARRAY: (MAX_ELEMENTS, "elements"),
}


def why_too_large(value: Value) -> str | None:
    """Why making a value stalls the frame; None where it does not."""
    if isinstance(value, Rough):
        return f"it makes a number of more than {MAX_BITS:,} bits" if value.bits > MAX_BITS else None
    many = as_many(value)
    if many is None or many.kind is Kind.STREAM:
        return None
    limit, unit = _LIMITS[many.kind]
    return f"it makes more than {limit:,} {unit}" if many.length > limit else None


def is_large_reply(value: Value) -> bool:
    """Whether a value is more than a reply may hold."""
    many = as_many(value)
    return many is not None and many.kind not in (Kind.STREAM, Kind.ARRAY) and weight(many) > MAX_RESULT
