"""Other values for the comparisons of a policy, by which a call would be decided otherwise."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from td_extension.policy.comparison import Operator
from td_extension.policy.condition import Comparison
from td_extension.policy.condition_parts import ConditionError, compared
from td_extension.policy.facts import Facts, Missing
from td_extension.values import Json

from ..policy_writer.condition_json import value_json
from ..policy_writer.json_text import json_string
from .call_change import ABSENT, Nothing, value_at

_MAX_SHOWN = 80


@dataclass(frozen=True, slots=True)
class Changed:
    """A comparison with another value.

    Attributes:
        comparison: the comparison.
        text: the change for people.
        size: 0 for another value, 1 for one more or one less of a list.
    """

    comparison: Comparison
    text: str
    size: int


def changed_comparisons(asked: Comparison, facts: Facts) -> Iterator[Changed]:
    """A comparison with the values that lie nearest to what the call has there."""
    start = asked.path.start(facts)
    found: Json | Nothing = ABSENT if isinstance(start, Missing) else value_at(start, asked.path.steps)
    entries = start if isinstance(start, list) and asked.path.fact != "args" else []
    wanted = value_json(asked.wanted)
    seen: list[Json] = [wanted]
    for value, size in _values(asked.operator, wanted, found, entries):
        if any(value == one and type(value) is type(one) for one in seen):
            continue
        seen.append(value)
        try:
            other = compared(asked.path.text, asked.operator.value, value, asked.meaning, asked.pointer)
        except ConditionError:
            continue  # no such comparison could be written
        word = asked.operator.value
        yield Changed(other, f"{asked.path.text} {word} {_shown(wanted)} → {word} {_shown(value)}", size)


def _values(operator: Operator, wanted: Json, found: Json | Nothing, entries: list[Json]) -> Iterator[tuple[Json, int]]:
    match operator:
        case Operator.LT | Operator.LTE | Operator.GT | Operator.GTE:
            if isinstance(found, int | float) and not isinstance(found, bool):
                yield found, 0
                for step in (1, -1):
                    yield (found + step if isinstance(found, int) else math.nextafter(found, step * math.inf)), 0
        case Operator.EQ | Operator.NEQ:
            yield from ((one, 0) for one in (found, *entries) if one is not ABSENT)
            yield from ([(not wanted, 0)] if isinstance(wanted, bool) else [])
        case Operator.IN | Operator.NOT_IN | Operator.PATH_IN:
            more = [one for one in (*([] if found is ABSENT else [found]), *entries) if one not in wanted]
            yield from (([*wanted, one], 1) for one in more if not isinstance(one, list | dict))
            yield [*wanted, *more], 1
            less = [one for one in wanted if one != found and one not in entries]
            yield less, 1
        case Operator.EXISTS:
            yield not wanted, 0
        case Operator.CONTAINS:
            yield from ((one, 0) for one in entries)


def _shown(value: Json) -> str:
    if isinstance(value, str):
        text = json_string(value)
    elif isinstance(value, list):
        text = f"[{', '.join(map(_shown, value))}]"
    elif isinstance(value, bool) or value is None:
        text = {True: "true", False: "false", None: "null"}[value]
    else:
        text = repr(value)
    return text if len(text) <= _MAX_SHOWN else f"{text[:_MAX_SHOWN]}…"
