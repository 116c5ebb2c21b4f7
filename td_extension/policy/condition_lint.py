"""Conditions that can never hold, as far as their text tells: what is asked of one fact contradicts itself.

Only what all parts of a condition ask at once is compared, and only of values of which there is one: a list's entries
may be several. What is not found here may contradict itself all the same.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

from ..values import Json
from .comparison import Meaning, Operator
from .condition import Comparison, Condition, Group, Joint
from .facts import Entries

_MAX_CANDIDATES = 100
_FIXED = frozenset({Operator.EQ, Operator.IN})


def impossible(condition: Condition) -> Condition | None:
    """The smallest part of a condition, also itself, that must hold and never can; None where none is found."""
    if isinstance(condition, Comparison):
        return condition if contradicts([condition]) else None
    if condition.joint is Joint.NOT:
        return None
    if condition.joint is Joint.ANY:
        return condition if all(impossible(part) is not None for part in condition.parts) else None
    for part in condition.parts:
        inner = impossible(part) if isinstance(part, Group) or part.operator is Operator.IN else None
        if inner is not None:
            return inner
    return condition if contradicts(at_once(condition)) else None


def at_once(condition: Condition) -> Iterator[Comparison]:
    """The comparisons that must all hold."""
    if isinstance(condition, Comparison):
        yield condition
    elif condition.joint is Joint.ALL:
        for part in condition.parts:
            yield from at_once(part)


def contradicts(comparisons: Iterable[Comparison]) -> bool:
    """Whether comparisons that must all hold certainly never do together."""
    asked: dict[str, list[Comparison]] = {}
    for one in comparisons:
        if Entries.SOME not in one.path.steps and Entries.EVERY not in one.path.steps:
            asked.setdefault(one.path.text, []).append(one)
    return any(_contradict(group) for group in asked.values())


def _contradict(comparisons: list[Comparison]) -> bool:
    """Whether no value of one fact fulfils all of the comparisons."""
    if len(comparisons) == 1:
        return comparisons[0].operator is Operator.IN and not comparisons[0].wanted
    if any(one.operator is Operator.EXISTS and not one.wanted for one in comparisons):
        return any(map(_needs_value, comparisons))
    fixed = next((one for one in comparisons if one.operator in _FIXED), None)
    if fixed is None:
        return _apart(comparisons)
    candidates = list(_candidates(fixed))
    if not 0 < len(candidates) <= _MAX_CANDIDATES:
        return False
    others = [one for one in comparisons if one is not fixed and one.operator is not Operator.EXISTS]
    return not any(all(one.test(value) is True for one in others) for value in candidates)


def _needs_value(one: Comparison) -> bool:
    """Whether it holds of nothing that does not exist: neither of what is absent nor of null."""
    if one.operator is Operator.EXISTS:
        return one.wanted is True
    return one.meaning is Meaning.IMPORTED or one.test(None) is not True


def _candidates(fixed: Comparison) -> Iterator[Json]:
    """Every value that the comparison lets pass; none where they are too many to tell."""
    wanted: Iterable[Json] = fixed.wanted if fixed.operator is Operator.IN else (fixed.wanted,)
    found: list[Json] = []
    for value in wanted:
        if isinstance(value, dict | list | tuple):
            return
        found.append(value)
        if fixed.meaning is Meaning.IMPORTED:
            # Intercept compares what is printed: the text 5 is equal to the number.
            found += _printed_alike(value)
    yield from found


def _printed_alike(value: Json) -> Iterator[Json]:
    if value in ("true", "false"):
        yield value == "true"
    if isinstance(value, bool):
        yield "true" if value else "false"
    elif isinstance(value, int | float):
        yield f"{value:g}"
        yield str(value)
    elif isinstance(value, str):
        try:
            number = float(value)
        except ValueError:
            return
        if math.isfinite(number):
            yield number


def _apart(comparisons: list[Comparison]) -> bool:
    """Whether the orders among the comparisons leave no number between them."""
    low, high = -math.inf, math.inf
    low_open = high_open = False
    for one in comparisons:
        match one.operator:
            case Operator.GT | Operator.GTE:
                low, low_open = max((low, low_open), (one.wanted, one.operator is Operator.GT))
            case Operator.LT | Operator.LTE:
                least, high_open = max((-high, high_open), (-one.wanted, one.operator is Operator.LT))
                high = -least
    return low > high or (low == high and (low_open or high_open))
