"""Conditions that can never hold, as far as their text tells: what is asked of one fact contradicts itself.

Only what all parts of a condition ask at once is compared, and only of values of which there is one: a list's entries
may be several. What is not found here may contradict itself all the same.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from ..values import Json
from .comparison import Operator
from .condition import Comparison, Condition, Group, Joint
from .facts import Entries


def impossible(condition: Condition) -> Condition | None:
    """The smallest part of a condition, also itself, that must hold and never can; None where none is found."""
    if isinstance(condition, Group):
        if condition.joint is Joint.NOT:
            return None
        if condition.joint is Joint.ANY:
            found = [impossible(part) for part in condition.parts]
            return condition if all(part is not None for part in found) else None
        for part in condition.parts:
            inner = impossible(part)
            if inner is not None:
                return inner
    asked: dict[str, list[Comparison]] = {}
    for comparison in _at_once(condition):
        if not any(isinstance(step, Entries) for step in comparison.path.steps):
            asked.setdefault(comparison.path.text, []).append(comparison)
    return condition if any(map(_contradicts, asked.values())) else None


def _at_once(condition: Condition) -> Iterator[Comparison]:
    """The comparisons that must all hold."""
    if isinstance(condition, Comparison):
        yield condition
    elif condition.joint is Joint.ALL:
        for part in condition.parts:
            yield from _at_once(part)


def _contradicts(comparisons: list[Comparison]) -> bool:
    """Whether no value of one fact fulfils all of the comparisons."""
    least, most = -math.inf, math.inf
    open_ends = False
    equal: list[Json] = []
    barred: list[Json] = []
    for one in comparisons:
        match one.operator:
            case Operator.LT | Operator.LTE:
                open_ends = open_ends or (one.operator is Operator.LT and one.wanted <= most)
                most = min(most, one.wanted)
            case Operator.GT | Operator.GTE:
                open_ends = open_ends or (one.operator is Operator.GT and one.wanted >= least)
                least = max(least, one.wanted)
            case Operator.EQ:
                equal.append(one.wanted)
            case Operator.NEQ:
                barred.append(one.wanted)
            case Operator.IN if not one.wanted:
                return True
            case Operator.EXISTS if one.wanted is False and any(map(_needs_value, comparisons)):
                return True
    if any(value != equal[0] or isinstance(value, bool) is not isinstance(equal[0], bool) for value in equal[1:]):
        return True
    if equal and equal[0] in barred:
        return True
    if equal and isinstance(equal[0], int | float) and not isinstance(equal[0], bool):
        return not least <= equal[0] <= most
    return least > most or (least == most and open_ends)


def _needs_value(comparison: Comparison) -> bool:
    return comparison.operator is not Operator.EXISTS or comparison.wanted is True
