"""Ticks for straight code: what has no loop can still hold the frame, one long call in C after the other.

Between two ticks lie at most `_MAX_WORK` operations that may take long, whatever way the script takes: every list of
statements is counted from its beginning, dead code included. One statement that holds more has a tick before each of
them.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from .tree import PARTS

_MAX_WORK = 16
_WORK = frozenset(
    {ast.Call, ast.BinOp, ast.Compare, ast.AugAssign, ast.Subscript, ast.Starred, ast.FormattedValue, ast.UnaryOp}
)
_TURNING = frozenset({ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.Lambda})
"""Expressions that have a tick in each of their turns."""

_STATEMENTS = frozenset(kind for kind in vars(ast).values() if isinstance(kind, type) and issubclass(kind, ast.stmt))
_REGIONS = _STATEMENTS | _TURNING
_LEAVES = frozenset({ast.Name, ast.Constant, type(None)})
_TICKING = _TURNING | {ast.FunctionDef, ast.For, ast.While}

_OPERANDS: Mapping[type, str] = {
    ast.Call: "func", ast.BinOp: "left", ast.Compare: "left", ast.AugAssign: "value", ast.Subscript: "value",
    ast.Starred: "value", ast.FormattedValue: "value", ast.UnaryOp: "operand",
}  # fmt: skip
"""The part of each that comes first: before it the tick is put."""

Tick = Callable[[ast.AST], ast.Call]


class StraightCode:
    """Where ticks go in the straight code of a tree, found out before its hooks are added.

    Args:
        tree: the tree.
    """

    def __init__(self, tree: ast.Module) -> None:
        self._dense: list[ast.AST] = []
        self._before: list[tuple[list[Any], int]] = []
        self._weights: dict[int, int] = {}
        self._lists: list[list[Any]] = []
        self._weigh(tree)
        for statements in self._lists:
            self._place(statements)

    def add(self, tick: Tick) -> None:
        """Put the ticks in.

        Args:
            tick: makes the call that looks at the clock, at the place of a node; it is true.
        """
        for statements, index in reversed(self._before):
            at = tick(statements[index])
            statements.insert(index, ast.copy_location(ast.Expr(at), at))
        for node in self._dense:
            name = _OPERANDS.get(type(node))  # an operation may have become the call of a hook
            operand = getattr(node, name) if name is not None else None
            if isinstance(operand, ast.expr) and isinstance(getattr(node, "ctx", _LOAD), ast.Load):
                both = ast.BoolOp(ast.And(), [tick(operand), operand])
                setattr(node, str(name), ast.copy_location(both, operand))

    def _weigh(self, tree: ast.Module) -> None:
        """How much work lies in each statement, without what has ticks of its own; and all lists of statements."""
        regions: list[tuple[ast.AST, list[ast.AST], int]] = [(tree, [], -1)]
        waiting: list[tuple[ast.AST, int]] = [(tree, 0)]
        wait = waiting.append
        for node, region in waiting:  # the list grows while it is read
            for name in PARTS[type(node)]:
                value = getattr(node, name)
                if type(value) is list:
                    if value and type(value[0]) in _STATEMENTS:
                        self._lists.append(value)
                    children: Iterable[Any] = value
                elif value is None:
                    continue
                else:
                    children = (value,)
                for child in children:
                    kind, inner = type(child), region
                    if kind in _LEAVES:
                        continue
                    if kind in _REGIONS:
                        inner = len(regions)
                        regions.append((child, [], region))
                    if kind in _WORK:
                        regions[inner][1].append(child)
                    wait((child, inner))
        for owner, work, outer in reversed(regions):
            weight = self._weights.get(id(owner), 0) + len(work)
            if len(work) > _MAX_WORK:
                self._dense += work
                weight = _MAX_WORK
            self._weights[id(owner)] = weight
            if outer >= 0 and type(owner) not in _TICKING:
                self._weights[id(regions[outer][0])] = self._weights.get(id(regions[outer][0]), 0) + weight

    def _place(self, statements: list[Any]) -> None:
        work = 0
        for index, statement in enumerate(statements):
            weight = self._weights[id(statement)]
            if index and work + weight > _MAX_WORK:
                self._before.append((statements, index))
                work = 0
            work = min(work + weight, _MAX_WORK)


_LOAD = ast.Load()
