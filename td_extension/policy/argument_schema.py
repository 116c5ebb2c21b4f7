"""JSON Schemas of arguments: a bounded subset of 2020-12, as frozen values.

    "args": {"properties": {"nodePath": {"type": "string", "pattern": "^/project1/"}}, "required": ["nodePath"]}

The keywords: ``type``, ``enum``, ``const``; ``minimum``, ``maximum``, ``exclusiveMinimum``, ``exclusiveMaximum``;
``minLength``, ``maxLength``, ``pattern``; ``items``, ``minItems``, ``maxItems``; ``properties``, ``required``,
``additionalProperties`` (false, true or a schema); ``title``, ``description``, ``default``, ``examples`` say nothing.
Any other keyword is refused when the policy loads. Patterns are RE2's (`expression.py`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from ..values import Json
from .expression import Expression, ExpressionError, parse_expression
from .pointer import pointer_to
from .wording import quoted

MAX_DEPTH = 8
"""How deep a schema may be nested, and a value that it looks into."""
MAX_ENTRIES = 256
MAX_TEXT = 4_096
TYPES = ("null", "boolean", "integer", "number", "string", "array", "object")
_COUNTS = ("minLength", "maxLength", "minItems", "maxItems")
_NUMBERS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
_SILENT = ("title", "description", "default", "examples")
_KEYWORDS = (
    *("type", "enum", "const", *_NUMBERS, *_COUNTS, "pattern", "items"),
    *("properties", "required", "additionalProperties", *_SILENT),
)
_EXAMPLE = '{"properties": {"nodePath": {"type": "string"}}, "required": ["nodePath"]}'


@dataclass(frozen=True, slots=True)
class Schema:
    """What a value must be. Built by `schema_of`; each attribute is a keyword of the same meaning.

    Attributes:
        types: the kinds of value; empty for any.
        choices: the only values; None for any.
        minimum, maximum, above, below: bounds of a number.
        shortest, longest: bounds of a text's length in characters.
        pattern: what a text must hold somewhere.
        items: what each entry of a list must be.
        fewest, most: bounds of a list's length.
        properties: what each member of an object must be.
        required: the members that must be there.
        others: what members that are not named must be; None where that does not matter.
        closed: whether there must be no members that are not named.
    """

    types: frozenset[str] = frozenset()
    choices: tuple[Json, ...] | None = None
    minimum: float = -math.inf
    maximum: float = math.inf
    above: float = -math.inf
    below: float = math.inf
    shortest: int = 0
    longest: float = math.inf
    pattern: Expression | None = None
    items: Schema | None = None
    fewest: int = 0
    most: float = math.inf
    properties: tuple[tuple[str, Schema], ...] = ()
    required: tuple[str, ...] = ()
    others: Schema | None = None
    closed: bool = False


ANYTHING = Schema()


@dataclass(frozen=True, slots=True)
class ArgumentRule:
    """What a policy says about a tool's arguments.

    Attributes:
        schema: what they must be.
        text: the schema as the policy states it, as JSON with sorted keys.
        pointer: JSON pointer of the place where it is stated.
    """

    schema: Schema
    text: str
    pointer: str


class SchemaError(ValueError):
    """A schema that cannot be used.

    Attributes:
        keys: where in the schema.
        message: what was found.
        remedy: what to write instead.
    """

    def __init__(self, keys: tuple[str, ...], message: str, remedy: str) -> None:
        super().__init__(f"{pointer_to(*keys)}: {message}; {remedy}")
        self.keys = keys
        self.message = message
        self.remedy = remedy


def schema_of(document: Json) -> Schema:
    """Read a schema from JSON as `json.loads` gives it.

    Raises:
        SchemaError: with the place, what was found and what to write instead.
    """
    return _schema(document, (), MAX_DEPTH)


def _schema(document: Json, keys: tuple[str, ...], depth: int) -> Schema:
    if document is True:
        return ANYTHING
    if not isinstance(document, dict):
        raise SchemaError(keys, "a schema must be an object", f"write one such as {_EXAMPLE}")
    if depth == 0:
        raise SchemaError(keys, "the schema is nested too deeply", f"nest at most {MAX_DEPTH} levels")
    for key in document:
        if key not in _KEYWORDS:
            raise SchemaError((*keys, key), f"the keyword {quoted(key)} is not supported", _listed())
    texts = {key: value for key, value in document.items() if key not in _SILENT}
    numbers = {key: _number(texts[key], (*keys, key)) for key in _NUMBERS if key in texts}
    counts = {key: _count(texts[key], (*keys, key)) for key in _COUNTS if key in texts}
    properties = _object(texts.get("properties", {}), (*keys, "properties"))
    others = texts.get("additionalProperties", True)
    is_open = isinstance(others, bool)
    return Schema(
        types=_types(texts.get("type", []), (*keys, "type")),
        choices=_choices(texts, keys),
        minimum=numbers.get("minimum", -math.inf),
        maximum=numbers.get("maximum", math.inf),
        above=numbers.get("exclusiveMinimum", -math.inf),
        below=numbers.get("exclusiveMaximum", math.inf),
        shortest=counts.get("minLength", 0),
        longest=counts.get("maxLength", math.inf),
        pattern=_pattern(texts.get("pattern"), (*keys, "pattern")),
        items=_schema(texts["items"], (*keys, "items"), depth - 1) if "items" in texts else None,
        fewest=counts.get("minItems", 0),
        most=counts.get("maxItems", math.inf),
        properties=tuple(
            (name, _schema(one, (*keys, "properties", name), depth - 1)) for name, one in properties.items()
        ),
        required=_names(texts.get("required", []), (*keys, "required")),
        others=None if is_open else _schema(others, (*keys, "additionalProperties"), depth - 1),
        closed=others is False,
    )


def _listed() -> str:
    return "use " + ", ".join(_KEYWORDS)


def _types(value: Json, keys: tuple[str, ...]) -> frozenset[str]:
    named = [value] if isinstance(value, str) else value
    if not isinstance(named, list) or not all(isinstance(one, str) and one in TYPES for one in named):
        raise SchemaError(keys, "the type is none of JSON's", "write one of " + ", ".join(TYPES))
    return frozenset(named)


def _choices(texts: Mapping[str, Json], keys: tuple[str, ...]) -> tuple[Json, ...] | None:
    if "const" in texts and "enum" in texts:
        raise SchemaError((*keys, "const"), "there is an enum beside const", "keep one of the two")
    if "const" in texts:
        return (_bounded(texts["const"], (*keys, "const")),)
    if "enum" not in texts:
        return None
    choices = texts["enum"]
    if not isinstance(choices, list) or not 0 < len(choices) <= MAX_ENTRIES:
        raise SchemaError((*keys, "enum"), f"an enum has from 1 to {MAX_ENTRIES} values", 'write ["a", "b"]')
    return tuple(_bounded(one, (*keys, "enum")) for one in choices)


def _bounded(value: Json, keys: tuple[str, ...], depth: int = 4) -> Json:
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    if depth == 0 or len(inside) > MAX_ENTRIES or (isinstance(value, str) and len(value) > MAX_TEXT):
        raise SchemaError(keys, "a value is too large", f"keep it to {MAX_ENTRIES} entries, nested 4 deep")
    for one in inside:
        _bounded(one, keys, depth - 1)
    return value


def _number(value: Json, keys: tuple[str, ...]) -> float:
    if not is_of_type(value, "number") or not -1e300 < value < 1e300:
        raise SchemaError(keys, f"found {quoted(value)}", "write a number")
    return float(value)


def _count(value: Json, keys: tuple[str, ...]) -> int:
    if not is_of_type(value, "integer") or not 0 <= value <= 1e9:
        raise SchemaError(keys, f"found {quoted(value)}", "write a whole number from 0 on")
    return int(value)


def _pattern(value: Json, keys: tuple[str, ...]) -> Expression | None:
    if value is None:
        return None
    if not isinstance(value, str):
        raise SchemaError(keys, f"found {quoted(value)}", 'write a pattern as a text: "^/project1/"')
    try:
        return parse_expression(value)
    except ExpressionError as error:
        raise SchemaError(keys, error.message, error.remedy) from None


def _object(value: Json, keys: tuple[str, ...]) -> dict[str, Json]:
    if not isinstance(value, dict) or len(value) > MAX_ENTRIES:
        raise SchemaError(keys, f"expected an object of at most {MAX_ENTRIES} members", f"write {_EXAMPLE}")
    return value


def _names(value: Json, keys: tuple[str, ...]) -> tuple[str, ...]:
    if not isinstance(value, list) or len(value) > MAX_ENTRIES or not all(isinstance(one, str) for one in value):
        raise SchemaError(keys, "expected a list of names", 'write ["nodePath"]')
    return tuple(value)


def is_of_type(value: Json, kind: str) -> bool:
    """Whether a value is of one of `TYPES`; 1.0 is an integer, true is no number."""
    match kind:
        case "null":
            return value is None
        case "boolean":
            return isinstance(value, bool)
        case "integer":
            whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
            return whole and not isinstance(value, bool)
        case "number":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "string":
            return isinstance(value, str)
        case "array":
            return isinstance(value, list)
    return isinstance(value, dict)
