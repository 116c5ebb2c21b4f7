"""Finds what grows out of proportion in a loop: what is doubled, or multiplied by itself, in every turn."""

from __future__ import annotations

import ast
import math
from collections.abc import Callable
from dataclasses import dataclass

from .callees import Callees
from .constants import Constants
from .magnitudes import Kind, Rough, as_many, as_size, bits_of
from .turns import Loop, Turns

_MAX_PARTS = 60
_MAX_TESTS = 400
_MAX_BOUND = 10_000_000
_KEEPS_LENGTH = {".join", ".format", ".replace", "list", "tuple", "sorted", "str", "reversed"}
_POWERS = {"pow", "operator.pow", "operator.mul"}
MAY_GROW = (ast.BinOp, ast.JoinedStr, ast.List, ast.Tuple, ast.Call)
"""What makes something larger out of itself."""
_GROWS = {Kind.TEXT, Kind.BYTES, Kind.LIST, Kind.TUPLE}


@dataclass(frozen=True, slots=True)
class Growth:
    """What happens to a name in one turn.

    Attributes:
        name: the name.
        is_power: whether it is multiplied by itself, which makes a whole number twice as long; else it is doubled,
            which makes a text or a list twice as long.
    """

    name: str
    is_power: bool


def growth_of(name: str, value: ast.expr, callees: Callees) -> Growth | None:
    """How ``name = value`` makes the name grow; None where it does not."""
    named = callees.named(value.func) if isinstance(value, ast.Call) else None
    if isinstance(value, ast.Call) and named not in _KEEPS_LENGTH and named not in _POWERS:
        return None
    mentions = _mentions(value, name)
    if not mentions:
        return None
    match value:
        case ast.BinOp(op=ast.Pow(), left=left):
            return Growth(name, is_power=True) if _mentions(left, name) else None
        case ast.BinOp(op=ast.LShift(), right=right) if _mentions(right, name):
            return Growth(name, is_power=True)
        case ast.BinOp(op=ast.Mult()):
            return Growth(name, is_power=mentions > 1)
        case ast.BinOp(op=ast.Add() | ast.Mod()) | ast.JoinedStr() | ast.List() | ast.Tuple() if mentions > 1:
            return None if isinstance(value, ast.List | ast.Tuple) and not _is_starred(value) else Growth(name, False)
        case ast.Call(args=[first, *_]) if named in _POWERS:
            is_power = len(value.args) == 2 and (mentions > 1 or named != "operator.mul")
            return Growth(name, is_power=True) if is_power and _mentions(first, name) else None
        case ast.Call():
            if _is_longer(value) if named == ".replace" else mentions > 1:
                return Growth(name, is_power=False)
    return None


def augmented_growth(name: str, operation: ast.operator, value: ast.expr) -> Growth | None:
    """How ``name += value`` and its kin make the name grow."""
    mentions = _mentions(value, name)
    match operation:
        case ast.Pow():
            return Growth(name, is_power=True)
        case ast.Mult():
            return Growth(name, is_power=mentions > 0)
        case ast.Add() if mentions:
            return Growth(name, is_power=False)
        case ast.LShift() if mentions:
            return Growth(name, is_power=True)
    return None


def mentions_itself(method: ast.Attribute, argument: ast.expr) -> Growth | None:
    """How ``name.extend(name)`` makes the name grow."""
    match method.value:
        case ast.Name(id=name) if _mentions(argument, name):
            return Growth(name, is_power=False)
    return None


def _is_confirmed_by_growth(test: ast.expr) -> bool:
    """Whether a loop that turns while `test` holds turns the more, the larger what it looks at."""
    match test:
        case ast.Compare(left=ast.Constant(), ops=[ast.Lt() | ast.LtE()]):
            return True
        case ast.Compare(ops=[ast.Gt() | ast.GtE()], comparators=[ast.Constant()]):
            return True
    return isinstance(test, ast.Name)


def _mentions(node: ast.AST, name: str) -> int:
    found = 0
    waiting = [node]
    for count, part in enumerate(waiting):  # the list grows while it is read
        if count > _MAX_PARTS:
            break
        if isinstance(part, ast.Name):
            found += part.id == name
        # What is taken out of it, or told of it, is not the whole of it.
        elif not isinstance(part, ast.Subscript) or isinstance(part.slice, ast.Slice):
            waiting += ast.iter_child_nodes(part)
    return found


def _is_starred(value: ast.List | ast.Tuple) -> bool:
    return sum(isinstance(part, ast.Starred) for part in value.elts) > 1


def _is_longer(call: ast.Call) -> bool:
    match call.args:
        case [ast.Constant(value=str(old)), ast.Constant(value=str(new)), *_]:
            return len(new) >= 2 * len(old) and old in new
    return False


class GrowthJudge:
    """Judges the growth in one script.

    Args:
        constants: the values of its expressions.
        turns: how often its loops turn.
        sources: every expression that a name may hold; None where that cannot be told.
    """

    def __init__(
        self, constants: Constants, turns: Turns, sources: Callable[[str], tuple[ast.expr, ...] | None]
    ) -> None:
        self._constants = constants
        self._turns = turns
        self._sources = sources
        self._set_on: dict[str, frozenset[int]] = {}
        self._tested: dict[ast.AST, dict[str, bool]] = {}

    def is_too_much(self, node: ast.AST, growth: Growth, largest_length: float, largest_bits: float) -> bool:
        """Whether the loops around a statement make a name grow beyond what may be.

        Args:
            node: the statement.
            growth: what it does.
            largest_length: items of a text or list.
            largest_bits: bits of a number.
        """
        loops = self._turns.around(node)
        if not loops:
            return False
        value = self._constants.evaluate(ast.Name(growth.name, ast.Load()))
        many = as_many(value)
        if many is not None and many.kind in _GROWS and not growth.is_power:
            first, largest = max(1.0, many.length), largest_length
        elif isinstance(value, int | Rough) and growth.is_power and bits_of(value) >= 1:
            first, largest = bits_of(value), largest_bits
        else:
            return False
        turns = self._turns_since_it_was_set(growth.name, loops)
        if turns is None:
            return not any(self._is_watched(growth.name, loop) for loop in loops)
        return math.log2(first) + turns > math.log2(largest)

    def _turns_since_it_was_set(self, name: str, loops: list[Loop]) -> float | None:
        """The turns of the loops that do not set the name anew; None where those of one of them are not known."""
        if name not in self._set_on:
            plain = [source for source in self._sources(name) or () if not _mentions(source, name)]
            self._set_on[name] = frozenset(getattr(source, "lineno", 0) for source in plain)
        lines = self._set_on[name]
        turns = 1.0
        for number, loop in enumerate(loops):
            if number and not lines.isdisjoint(range(loop.lineno, (loop.end_lineno or loop.lineno) + 1)):
                break
            more = self._turns.of(loop)
            if more is None or self._turns.may_be_left(loop):
                return None
            turns *= more
        return turns

    def _is_watched(self, name: str, loop: Loop) -> bool:
        """Whether a test in a loop looks at the name, and at no bound that is too large."""
        if loop not in self._tested:
            self._tested[loop] = self._tests_in(loop)
        return self._tested[loop].get(name, False)

    def _tests_in(self, loop: Loop) -> dict[str, bool]:
        """The names at which the tests in a loop look, each with whether all of those tests are within bounds."""
        found: dict[str, bool] = {}
        waiting: list[ast.AST] = [loop]
        for count, node in enumerate(waiting):  # the list grows while it is read
            if count > _MAX_TESTS:
                break
            if isinstance(node, ast.While) and _is_confirmed_by_growth(node.test):
                waiting += node.body
                continue
            if isinstance(node, ast.While | ast.If | ast.IfExp | ast.Assert):
                parts = [node.test, *ast.iter_child_nodes(node.test)]
                bounds = [as_size(self._constants.evaluate(part)) for part in parts]
                is_within = all(bound is None or bound <= _MAX_BOUND for bound in bounds)
                for part in [inner for one in parts for inner in (one, *ast.iter_child_nodes(one))]:
                    if isinstance(part, ast.Name):
                        found[part.id] = found.get(part.id, True) and is_within
            waiting += ast.iter_child_nodes(node)
        return found
