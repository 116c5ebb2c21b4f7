"""Judges what loops cost: those without an end, those that turn too often, and what grows out of proportion in them."""

from __future__ import annotations

import ast
import math
from collections.abc import Callable
from typing import TypeAlias

from .callees import Callees
from .constants import Constants
from .growth import MAY_GROW, Growth, GrowthJudge, augmented_growth, growth_of, mentions_itself
from .limits_of_cost import MAX_BITS, MAX_CREATED, MAX_ITEMS, MAX_TEXT
from .magnitudes import weight
from .turns import MAX_TURNS, Loop, Turns

Note: TypeAlias = Callable[[ast.AST, str, str, str], None]
"""Takes the node, what it is, why it is refused, and what to do instead."""

_ADDING = {"append", "insert", "appendleft"}
_MAX_STATEMENTS = 50
_BOUND = "Give it a bound that is reached, such as for … in range(n), or a break that is reached"
_FEWER = "Do less in one call, or use numpy for large data"


class LoopCosts:
    """Judges the cost of one script's loops.

    Args:
        constants: the values of its expressions.
        callees: how what is called is named.
        turns: how often its loops turn.
        growth: what grows in them.
        note: where a finding goes.
    """

    def __init__(self, constants: Constants, callees: Callees, turns: Turns, growth: GrowthJudge, note: Note) -> None:
        self._constants = constants
        self._callees = callees
        self._turns = turns
        self._growth = growth
        self._note = note

    def on_while(self, node: ast.While) -> None:
        """Judge a while loop."""
        turns = self._turns.of(node)
        if turns is not None:
            self._on_turns(node, turns, "this while loop", "it has no end that can be reached", _BOUND)
        elif self._turns.waits(node) and not self._turns.may_be_left(node):
            hint = "Return, and look again in a later call"
            self._note(node, "this while loop", "it waits, and nothing changes while a script runs", hint)

    def on_for(self, node: ast.For) -> None:
        """Judge how often a for loop turns."""
        turns = self._turns.of(node)
        if turns is not None:
            self._on_turns(node, turns, "this for loop", "what it goes through never ends", _BOUND)

    def on_feeding(self, node: ast.For) -> None:
        """Judge whether a for loop adds to what it goes through, in every turn."""
        over = node.iter
        if isinstance(over, ast.Name) and self._feeds(over.id, node.body) and not self._turns.may_be_left(node):
            self._note(node, "this for loop", "it adds to what it goes through", "Go through a copy: list(…)")

    def on_comprehension(self, node: ast.ListComp | ast.SetComp | ast.DictComp) -> None:
        """Judge a comprehension that makes something at once."""
        turns = self._turns.of(node)
        if turns is None or turns <= 1:
            return
        self._on_turns(node, turns, "this comprehension", "what it goes through never ends", "Use itertools.islice")
        if turns <= MAX_TURNS and weight(self._constants.evaluate(node)) > MAX_TEXT:
            why = f"it makes more than {MAX_TEXT:,} items in all"
            self._note(node, "this comprehension", why, "Use a smaller size, or work on parts")

    def _on_turns(self, node: Loop, turns: float, what: str, endless: str, hint: str) -> None:
        if turns <= 1 or (turns <= MAX_TURNS and self._turns.next_around(node) is None):
            return
        if math.isinf(turns):
            if not self._turns.may_be_left(node):
                self._note(node, what, endless, hint)
        elif self._turns.whole(node) > MAX_TURNS and not self._turns.may_be_left(node):
            self._note(node, what, f"with the loops around it, it turns more than {MAX_TURNS:,} times", _FEWER)

    def _feeds(self, name: str, body: list[ast.stmt]) -> bool:
        for statement in body[:_MAX_STATEMENTS]:
            match statement:
                case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=fed), attr=method))):
                    if method in _ADDING and self._is_same(fed, name):
                        return True
                case ast.AugAssign(target=ast.Name(id=fed), op=ast.Add(), value=ast.List(elts=[_, *_])):
                    if self._is_same(fed, name):
                        return True
        return False

    def _is_same(self, one: str, other: str) -> bool:
        """Whether `one` is another name for `other`. Not the other way round: a parameter may be set to anything."""
        return one == other or self._callees.origin(one) == other

    # -- growth ----------------------------------------------------------------------------------------------------

    def on_assignment(self, node: ast.Assign | ast.AugAssign) -> None:
        """Judge whether ``name = …`` or ``name += …`` makes the name grow in a loop."""
        if isinstance(node, ast.AugAssign):
            if isinstance(node.target, ast.Name):
                self._on_growth(node, augmented_growth(node.target.id, node.op, node.value))
            return
        target, value = node.targets[0], node.value
        if isinstance(target, ast.Name) and isinstance(value, MAY_GROW):
            self._on_growth(node, growth_of(target.id, value, self._callees))

    def on_extend(self, node: ast.Call) -> None:
        """Judge whether ``name.extend(…)`` makes the name grow in a loop."""
        if isinstance(node.func, ast.Attribute) and node.args:
            self._on_growth(node, mentions_itself(node.func, node.args[0]))

    def on_create(self, node: ast.Call) -> None:
        """Judge whether ``….create(…)`` or ``….copy(…)`` stands in a loop that makes more operators than may be."""
        loop = self._turns.next_around(node)
        if loop is None or self._turns.of(loop) is None or self._turns.may_be_left(loop):
            return
        if self._turns.whole(loop) > MAX_CREATED:
            why = f"with the loops around it, it makes more than {MAX_CREATED} operators"
            self._note(node, "making operators", why, "Make fewer: instancing and a Replicator COMP show many of one")

    def _on_growth(self, node: ast.AST, growth: Growth | None) -> None:
        if growth is not None and self._growth.is_too_much(node, growth, MAX_ITEMS, MAX_BITS):
            what = "multiplied by itself" if growth.is_power else "doubled"
            self._note(node, growth.name, f"it is {what} in every turn of a loop", "Let it grow by a fixed amount")
