"""How long the texts are that methods of texts make, before they make them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from .limits_of_cost import MAX_TEXT
from .measures import length, whole

_TEXTS = (str, bytes, bytearray)
_FEW_FIELDS = 64
_NESTED = re.compile(r"\{[^{}]*:[^{}]*\{")
_WIDTH = re.compile(r"(?<=[:<>^=+\- #.0-9])[0-9]{5,10}(?=[^{]*\})")


def _of_replace(text: Any, arguments: tuple[Any, ...], keywords: Mapping[str, Any]) -> int:
    before = length(text) or 0
    old, new = (*arguments, None, None)[:2]
    more = (length(new) or 0) - (length(old) or 0)
    if not isinstance(old, _TEXTS) or isinstance(old, str) is not isinstance(text, str) or more <= 0:
        return before
    count = str.count(text, old) if isinstance(text, str) else bytes(text).count(bytes(old))  # type: ignore[arg-type]
    return before + more * count


def _of_translate(text: Any, arguments: tuple[Any, ...], keywords: Mapping[str, Any]) -> int:
    table = arguments[0] if arguments else None
    if not isinstance(text, str) or isinstance(table, str | bytes):
        return length(text) or 0
    if type(table) is not dict:
        raise TypeError("translate() takes a dictionary here")
    return str.__len__(text) * max((length(part) or 1 for part in table.values()), default=1)


def _of_format(template: Any, arguments: tuple[Any, ...], keywords: Mapping[str, Any]) -> int:
    """How long a filled template may be. Values are measured as texts where there are many fields for them."""
    text = str.__str__(template) if isinstance(template, str) else ""
    fields = text.count("{")
    given: list[Any] = [*arguments, *keywords.values()]
    many = fields > _FEW_FIELDS or len(given) > _FEW_FIELDS
    sizes = [len(str(part)) if many and not isinstance(part, _TEXTS) else length(part) or 0 for part in given]
    if _NESTED.search(text):  # a width may be filled in
        sizes += [max(whole(part) or 0, MAX_TEXT if _is_width(part) else 0) for part in given]
    literal = max((int(width) for width in _WIDTH.findall(text)), default=0)
    return str.__len__(text) + fields * max([literal, *sizes])


def _is_width(part: Any) -> bool:
    return isinstance(part, str) and _WIDTH.search(part) is not None


LENGTH_MADE: Mapping[str, Callable[[Any, tuple[Any, ...], Mapping[str, Any]], int]] = {
    "replace": _of_replace,
    "translate": _of_translate,
    "format": _of_format,
    "format_map": lambda text, arguments, keywords: _of_format(text, _values_of(arguments), keywords),
}
"""How long what a method of a text makes may be, by its name: of the text and what the method is given."""


def _values_of(arguments: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(arguments[0].values()) if arguments and isinstance(arguments[0], dict) else arguments


def length_filled(template: str, given: Any) -> int:
    """How long ``template % given`` may be, by the texts among what is given."""
    if isinstance(given, tuple):
        return len(template) + sum(length(part) or 0 for part in tuple.__iter__(given))
    if isinstance(given, dict):
        return len(template) + template.count("%(") * max((length(part) or 0 for part in dict.values(given)), default=0)
    return len(template) + (length(given) or 0)
