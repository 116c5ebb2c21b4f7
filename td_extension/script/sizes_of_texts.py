"""What functions on texts make, as far as its size goes."""

from __future__ import annotations

import re
import string
from collections.abc import Mapping
from dataclasses import replace

from .given import Given, Sizing, largest_number
from .magnitudes import UNKNOWN, Kind, Many, Value, as_many, measured, weight

_FIELD = re.compile(r"%(?:\([^)]{0,60}\))?[#0 +-]{0,5}(\*|[0-9]{1,20})?(?:\.(\*|[0-9]{1,20}))?")
_MAX_TEMPLATES = 64


def percent(given: Given) -> Value:
    """``template % values``."""
    template = given.get(0)
    text = template.decode("latin-1") if isinstance(template, bytes) else template
    if not isinstance(text, str):
        return UNKNOWN
    values = given.get(1)
    items = values.items if isinstance(values, Many) and values.items is not None else (values,)
    widest = 0.0
    for found in _FIELD.finditer(text):
        for width in found.groups():
            widest = max(widest, Given(items).largest() if width == "*" else float(width or 0))
    longest = max((weight(item) for item in items if as_many(item) is not None), default=0.0)
    return Many(Kind.TEXT, max(widest, longest, len(text) - 4 * text.count("%")), certain=False)


def _format_method(given: Given) -> Value:
    """``template.format(…)``."""
    if not isinstance(given.receiver, str):
        return UNKNOWN
    widest = 0.0
    waiting = [given.receiver]
    try:
        for template in waiting:  # a specification is a template again
            for _, name, specification, _ in string.Formatter().parse(template):
                if specification:
                    widest = max(widest, largest_number(specification))
                    waiting += [specification] if len(waiting) < _MAX_TEMPLATES else []
                if name is not None and template is not given.receiver:
                    widest = max(widest, given.largest())
    except ValueError:
        return UNKNOWN
    longest = max((weight(value) for value in given.positional if as_many(value) is not None), default=0.0)
    return Many(Kind.TEXT, max(widest, longest), certain=False)


def _format(given: Given) -> Value:
    specification = given.get(1)
    width = largest_number(specification) if isinstance(specification, str) else 0.0
    return Many(Kind.TEXT, width, certain=False)


def _padded(given: Given) -> Value:
    """`ljust` and its kin; also as ``str.ljust(text, width)``."""
    many = as_many(given.receiver)
    return Many(Kind.TEXT, max(given.largest(), many.length if many else 0.0), certain=False)


def _join(given: Given) -> Value:
    separator, parts = as_many(given.receiver), as_many(given.get(0))
    if parts is None:
        return UNKNOWN
    each = parts.each + (separator.length if separator else 0.0)
    return Many(Kind.TEXT, parts.length * each if parts.length else 0.0, certain=False)


def _replace(given: Given) -> Value:
    text, new = as_many(given.receiver), as_many(given.get(1, "new"))
    if text is None or new is None or text.kind not in (Kind.TEXT, Kind.BYTES):
        return UNKNOWN
    return Many(text.kind, text.length * max(1.0, new.length), certain=False)


def _text(given: Given) -> Value:
    value = given.get(0)
    if isinstance(value, str | int) and not isinstance(value, bool):
        return measured(str(value))
    return Many(Kind.TEXT, weight(value), certain=False) if as_many(value) is not None else UNKNOWN


def _same(given: Given) -> Value:
    """What gives back a text of about the same length."""
    many = as_many(given.receiver)
    return UNKNOWN if many is None else replace(many, items=None, certain=False)


TEXTS: Mapping[str, Sizing] = {
    "str": _text,
    "repr": _text,
    "ascii": _text,
    "format": _format,
    "operator.mod": percent,
    ".ljust": _padded,
    ".rjust": _padded,
    ".center": _padded,
    ".zfill": _padded,
    ".expandtabs": _padded,
    ".join": _join,
    ".replace": _replace,
    ".format": _format_method,
    ".encode": _same,
    ".decode": _same,
    ".upper": _same,
    ".lower": _same,
    ".copy": _same,
}
