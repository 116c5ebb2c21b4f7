"""Ticks for straight code: what has no loop can still hold the frame, one long call in C after the other.

Between two ticks lie at most `_MAX_WORK` operations that may take long, whatever way the script takes: every list of
statements is counted from its beginning, dead code included. One statement that holds more has a tick before each of
them.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
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
_PARTS = {**PARTS, ast.MatchClass: ("patterns", "kwd_patterns"), ast.MatchValue: ()}
"""What is walked through: not the values in patterns, which must stay literals and dotted names."""
_TICKING = _TURNING | {ast.FunctionDef, ast.For, ast.While}

_OPERANDS: Mapping[type, str] = {
    ast.Call: "func", ast.BinOp: "left", ast.Compare: "left", ast.AugAssign: "value", ast.Subscript: "value",
    ast.Starred: "value", ast.FormattedValue: "value", ast.UnaryOp: "operand",
}  # fmt: skip
"""The part of each that comes first: before it the tick is put."""

Tick = Callable[[ast.AST], ast.Call]


class StraightCode:
    """Where ticks go in the straight code of a tree, found out before its hooks are added.

    Attributes:
        nodes: what may get a hook: all nodes, parents before children, but for names, constants, and the values in
            patterns.

    Args:
        tree: the tree.
    """

    def __init__(self, tree: ast.Module) -> None:
        self.nodes: list[ast.AST] = [tree]
        self._dense: list[ast.AST] = []
        self._before: list[tuple[list[Any], int]] = []
        self._weights: dict[ast.AST, int] = {}
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
        region_of = [0]
        add, add_region = self.nodes.append, region_of.append
        for node, region in zip(self.nodes, region_of, strict=True):  # the lists grow while they are read
            kind = type(node)
            if kind in _REGIONS:
                regions.append((node, [], region))
                region = len(regions) - 1
            if kind in _WORK:
                regions[region][1].append(node)
            for name in _PARTS[kind]:
                value = getattr(node, name)
                if type(value) is not list:
                    if type(value) not in _LEAVES:
                        add(value)
                        add_region(region)
                    continue
                if value and type(value[0]) in _STATEMENTS:
                    self._lists.append(value)
                for child in value:
                    if type(child) not in _LEAVES:
                        add(child)
                        add_region(region)
        for owner, work, outer in reversed(regions):
            weight = self._weights.get(owner, 0) + len(work)
            if len(work) > _MAX_WORK:
                self._dense += work
                weight = _MAX_WORK
            self._weights[owner] = weight
            if outer >= 0 and type(owner) not in _TICKING:
                self._weights[regions[outer][0]] = self._weights.get(regions[outer][0], 0) + weight

    def _place(self, statements: list[Any]) -> None:
        work = 0
        for index, statement in enumerate(statements):
            weight = self._weights[statement]
            if index and work + weight > _MAX_WORK:
                self._before.append((statements, index))
                work = 0
            work = min(work + weight, _MAX_WORK)


_LOAD = ast.Load()
