"""Whether a call's arguments are what its schemas say; decided here, with or without the library jsonschema.

A policy's schema (``args``) is asked beside the tool's own (`tool_schemas.py`), which refuses what the tool does not
take. The subset of JSON Schema: `argument_schema.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from ..values import Code, Json
from .argument_schema import ANYTHING, MAX_DEPTH, MAX_TEXT, TYPES, Schema, is_of_type, schema_of
from .tool_schemas import TOOL_SCHEMAS
from .wording import plain_text, quoted


@dataclass(frozen=True, slots=True)
class Flaw:
    """Why an argument is refused.

    Attributes:
        code: the stable code.
        message: one sentence for the agent, without a trailing full stop.
        path: which argument, e.g. ``args.kwargs.x``.
    """

    code: Code
    message: str
    path: str


@cache
def built_in(tool: str) -> Schema | None:
    """What a tool of touchdesigner-mcp takes; None for a tool that is not known."""
    document = TOOL_SCHEMAS.get(tool)
    return None if document is None else schema_of(document)


def missing(tool: str, args: Mapping[str, Json]) -> tuple[str, ...]:
    """The arguments that a tool requires and that are not there: ``validate: {required_args: true}``."""
    schema = built_in(tool)
    return () if schema is None else tuple(name for name in schema.required if name not in args)


def check(schema: Schema, args: Mapping[str, Json]) -> Flaw | None:
    """The first thing that is wrong with a call's arguments; None where nothing is. Total, whatever they hold."""
    return _flaw(schema, dict(args), "args", MAX_DEPTH)


def _flaw(schema: Schema, value: Json, path: str, depth: int) -> Flaw | None:
    if schema.types and not any(is_of_type(value, kind) for kind in schema.types):
        kinds = " or ".join(kind for kind in TYPES if kind in schema.types)
        return _mistyped(path, f"must be of the type {kinds}")
    if schema.choices is not None and not any(same(value, one) for one in schema.choices):
        shown = ", ".join(quoted(one) for one in schema.choices[:5])
        return _mistyped(path, f"must be one of {shown}{', …' if len(schema.choices) > 5 else ''}")
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return _number_flaw(schema, value, path)
    if isinstance(value, str):
        return _text_flaw(schema, value, path)
    if isinstance(value, list):
        return _list_flaw(schema, value, path, depth)
    return _object_flaw(schema, value, path, depth) if isinstance(value, dict) else None


def _number_flaw(schema: Schema, value: int | float, path: str) -> Flaw | None:
    if not schema.minimum <= value <= schema.maximum:
        return _mistyped(path, f"must be from {schema.minimum:g} to {schema.maximum:g}")
    if not schema.above < value < schema.below:
        return _mistyped(path, f"must be above {schema.above:g} and below {schema.below:g}")
    return None


def _text_flaw(schema: Schema, value: str, path: str) -> Flaw | None:
    if not schema.shortest <= len(value) <= schema.longest:
        return _mistyped(path, f"must have from {schema.shortest} to {schema.longest:g} characters")
    if schema.pattern is not None:
        if len(value) > MAX_TEXT:
            return _mistyped(path, f"must have at most {MAX_TEXT:,} characters, for it is matched with a pattern")
        if not schema.pattern.found_in(value):
            return _mistyped(path, f"must match {quoted(schema.pattern.text)}")
    return None


def _list_flaw(schema: Schema, value: list[Json], path: str, depth: int) -> Flaw | None:
    if not schema.fewest <= len(value) <= schema.most:
        return _mistyped(path, f"must have from {schema.fewest} to {schema.most:g} entries")
    if schema.items is None or schema.items == ANYTHING:
        return None
    if depth == 0:
        return _mistyped(path, "is nested too deeply")
    flaws = (_flaw(schema.items, one, f"{path}[{index}]", depth - 1) for index, one in enumerate(value))
    return next((flaw for flaw in flaws if flaw is not None), None)


def _object_flaw(schema: Schema, value: dict[str, Json], path: str, depth: int) -> Flaw | None:
    for name in schema.required:
        if name not in value:
            return Flaw(Code.MISSING_ARGUMENT, f"{path}.{name} is missing", f"{path}.{name}")
    known = dict(schema.properties)
    for name, one in value.items():
        inside = f"{path}.{plain_text(name, 60)}"
        wanted = known.get(name, schema.others)
        if wanted is None:
            if schema.closed:
                takes = ", ".join(known) or "none"
                return Flaw(Code.UNKNOWN_ARGUMENT, f"{inside} is unknown; {path} takes: {takes}", inside)
            continue
        if depth == 0:
            return _mistyped(inside, "is nested too deeply")
        flaw = _flaw(wanted, one, inside, depth - 1)
        if flaw is not None:
            return flaw
    return None


def _mistyped(path: str, what: str) -> Flaw:
    return Flaw(Code.MISTYPED_ARGUMENT, f"{path} {what}", path)


def same(one: Json, other: Json) -> bool:
    """Whether two values are equal as JSON: true is not 1, and 1 is 1.0. Nested no deeper than a policy's values."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, str) or one is None:
        return type(one) is type(other) and one == other
    return is_of_type(one, "number") and is_of_type(other, "number") and bool(one == other)
