"""How much a script may do in one piece before it stalls the frame, and which values are more than that."""

from __future__ import annotations

from .magnitudes import Kind, Rough, Value, as_many, weight

MAX_ITEMS = 5_000_000
"""Items of a list, a tuple or a set, and of what one call in C reads to its end."""
MAX_TEXT = 50_000_000
"""Characters of a text, or bytes."""
MAX_ELEMENTS = 50_000_000
"""Elements of an array; an image of 3840 x 2160 pixels in four channels has 33 million."""
MAX_BITS = 1_000_000
"""Bits of a whole number."""
MAX_WIDTH = 1_000_000
"""Characters to which one field is padded."""
MAX_RESULT = 1_000_000
"""Characters or items of what is printed or returned."""
MAX_IN_LOOPS = 1_000_000_000
"""Items that a loop may make in all its turns."""

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
