"""Patterns of operators that do nothing: others cover the same, or leave all of it out. Text alone decides.

What is found is certain; of two patterns with wildcards, some that cover each other are not found.
"""

from __future__ import annotations

from collections.abc import Iterator

from .comparison import Operator
from .condition import Comparison, Condition, Group
from .nodes import DEFAULT_EXCEPT, NodeScope
from .operator_path import OperatorPathError, OperatorPattern, operator_pattern


def idle_nodes(scope: NodeScope) -> Iterator[str]:
    """What is said in a scope without an effect, one sentence each."""
    for one in scope.within:
        hider = next((other for other in scope.except_ if _covers(_folded(other), _folded(one))), None)
        if hider is not None:
            yield f"{one.text} is left out again by -{hider.text}"
    yield from _covered(scope.within)
    own = tuple(one for one in scope.except_ if one not in DEFAULT_EXCEPT)
    yield from (f"-{told}" for told in _covered(tuple(map(_folded, own))))
    for one in own:
        if all(_apart(_folded(one), _folded(other)) for other in scope.within):
            yield f"-{one.text} leaves out what is not let in anyway"


def idle_paths(condition: Condition) -> Iterator[tuple[Comparison, str]]:
    """The patterns of ``path_in`` without an effect, each with its comparison."""
    if isinstance(condition, Group):
        for part in condition.parts:
            yield from idle_paths(part)
    elif condition.operator is Operator.PATH_IN and len(condition.wanted) > 1:
        try:
            patterns = tuple(operator_pattern(text) for text in condition.wanted)
        except OperatorPathError:  # a comparison is built only of patterns that are good
            return
        for told in _covered(patterns):
            yield condition, told


def _covered(patterns: tuple[OperatorPattern, ...]) -> Iterator[str]:
    """Those that another covers; of two that are the same, the later."""
    for index, one in enumerate(patterns):
        for at, other in enumerate(patterns):
            same = one.parts == other.parts
            if at != index and _covers(other, one) and (not same or at < index):
                yield f"{one.text} is covered by {other.text}"
                break


def _covers(wide: OperatorPattern, narrow: OperatorPattern) -> bool:
    """Whether the one certainly covers every operator that the other covers."""
    if wide.parts == narrow.parts:
        return True
    if wide.is_plain:
        return narrow.parts[: len(wide.parts)] == wide.parts
    before = wide.parts[:-1]
    if wide.parts[-1] == "**" and not any("*" in part for part in before):
        # What lies in an operator, and not the operator itself.
        return len(narrow.parts) > len(before) and narrow.parts[: len(before)] == before
    return False


def _apart(one: OperatorPattern, other: OperatorPattern) -> bool:
    """Whether certainly no operator is covered by both."""
    for mine, others in zip(one.parts, other.parts, strict=False):
        if "*" in mine or "*" in others:
            return False
        if mine != others:
            return True
    return False


def _folded(pattern: OperatorPattern) -> OperatorPattern:
    """The pattern without regard to case: what is left out is compared so."""
    return OperatorPattern(pattern.text, pattern.folded, pattern.folded, pattern.is_plain)
