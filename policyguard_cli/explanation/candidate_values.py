"""Values that may turn a comparison or a schema's answer: those at its bounds, those it names, and one it does not.

They are guesses. Whoever uses one decides the whole call with it first.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from td_extension.policy.argument_schema import Schema
from td_extension.policy.comparison import MAX_VALUE, Operator
from td_extension.policy.condition import Comparison
from td_extension.values import Json

from ..policy_writer.condition_json import value_json
from .call_change import ABSENT, Nothing

_ORDERS = frozenset({Operator.LT, Operator.LTE, Operator.GT, Operator.GTE})
_MAX_NAMED = 8
"""Values of a list that are tried."""
_SAMPLES: tuple[Json, ...] = ("x", 1, True, [], {})
_META = re.compile(r"\\([^A-Za-z0-9])|([.*+?()\[\]{}|\\])")


def values_for(asked: Comparison, found: Json | Nothing) -> Iterator[Json | Nothing]:
    """What might be put where a comparison looks, in place of what is found there."""
    operator, wanted = asked.operator, value_json(asked.wanted)
    if operator in _ORDERS:
        yield from bounds(wanted)
    elif operator is Operator.EXISTS:
        yield from _SAMPLES
    elif operator is Operator.REGEX:
        yield from _matching(wanted, found)
    elif operator is Operator.PATH_IN:
        for pattern in wanted[:_MAX_NAMED]:
            yield example_path(pattern)
        yield from ("/", "/x")
    elif operator is Operator.CONTAINS:
        yield from _holding(wanted, found)
    else:
        named = wanted[:_MAX_NAMED] if operator in (Operator.IN, Operator.NOT_IN) else [wanted]
        yield from named
        yield from filter(lambda one: one not in named, map(_other_than, [*named, found]))
    if isinstance(found, str | list) and len(found) > MAX_VALUE:
        yield found[:MAX_VALUE]
    yield ABSENT


def bounds(number: int | float) -> Iterator[int | float]:
    """A number, and those next to it."""
    yield number
    if isinstance(number, int) or float(number).is_integer():
        yield from (int(number), int(number) - 1, int(number) + 1)
    elif abs(number) < 1e15:
        yield from (math.floor(number), math.ceil(number))
    if abs(number) < 1e300:
        yield from (math.nextafter(number, -math.inf), math.nextafter(number, math.inf))


def _other_than(value: Json | Nothing) -> Json:
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return value + 1
    return value + "x" if isinstance(value, str) else "x"


def _matching(pattern: str, found: Json | Nothing) -> Iterator[Json]:
    """Texts that a simple pattern may match: its letters up to the first sign, alone or before what is there."""
    texts = [found, *found.split()] if isinstance(found, str) else []
    for branch in pattern.split("|")[:_MAX_NAMED]:
        literal = ""
        bare = branch.strip("^$()")
        for part in re.finditer(r"\\.|.", bare, re.S):
            sign = _META.fullmatch(part[0])
            if sign is not None and sign[1] is None:
                break
            literal += sign[1] if sign is not None and sign[1] else part[0]
        yield from (literal, literal + "a", literal + "0", literal + "x")
        for text in texts:
            yield from (literal + text, text + literal, text.replace(literal, "") if literal else text)
    yield from ("", "x", "a", "0", "/project1")


def _holding(wanted: Json, found: Json | Nothing) -> Iterator[Json]:
    if isinstance(found, str):
        part = wanted if isinstance(wanted, str) else str(wanted)
        yield from (found + part, found.replace(part, "") if part else "x")
    if isinstance(found, list):
        yield from ([*found, wanted], [one for one in found if one != wanted])
    yield from ([wanted], wanted, "x")


def example_path(pattern: str) -> str:
    """A path that a pattern covers."""
    return pattern.replace("**", "x").replace("*", "x")


def values_fitting(schema: Schema, found: Json | Nothing) -> Iterator[Json | Nothing]:
    """What might be put where a schema looks, in place of what is found there."""
    yield from (schema.choices or ())[:_MAX_NAMED]
    for bound in (schema.minimum, schema.maximum, schema.above, schema.below):
        if math.isfinite(bound):
            yield from bounds(bound)
    if isinstance(found, str):
        if len(found) > schema.longest:
            yield found[: int(schema.longest)]
        yield found.ljust(schema.shortest, "x") if schema.shortest < 10_000 else ""
    if isinstance(found, list):
        if len(found) > schema.most:
            yield found[: int(schema.most)]
        if found and len(found) < schema.fewest < 1_000:
            yield [*found, *[found[-1]] * (schema.fewest - len(found))]
    if schema.pattern is not None:
        yield from _matching(schema.pattern.text, found)
    yield sample(schema)
    yield from (*_SAMPLES, None, 0, ABSENT)


def sample(schema: Schema, depth: int = 4) -> Json:
    """A small value that may fit a schema."""
    if schema.choices:
        return schema.choices[0]
    kinds = schema.types or {"string"}
    if "string" in kinds:
        return "x" * min(max(schema.shortest, 1), 10_000)
    if kinds & {"integer", "number"}:
        least = max(schema.minimum, schema.above + 1)
        return 0 if not math.isfinite(least) and schema.maximum >= 0 else _whole(max(least, min(schema.maximum, 0)))
    if "array" in kinds:
        inside = sample(schema.items, depth - 1) if schema.items is not None and depth else "x"
        return [inside] * min(schema.fewest, 1_000)
    if "object" in kinds:
        known = dict(schema.properties)
        return {name: sample(known.get(name, Schema()), depth - 1) if depth else "x" for name in schema.required}
    return True if "boolean" in kinds else None


def _whole(number: float) -> int | float:
    if not math.isfinite(number):
        return 0
    return int(number) if float(number).is_integer() else number
