"""Rewrites the judged tree, so that it is watched while it runs.

Three things are added, and every statement of the script is kept once:
a tick at the head of every loop, function, lambda and comprehension, which carries the deadline; a look at the
receiver wherever the judgement could not know it; and the last expression handed over as the result.
The hooks are names with a blank in them, which no Python text can spell, shadow or delete.
"""

from __future__ import annotations

import ast
import enum
from typing import TypeVar

from ..values import Capability
from .catalog import Catalog

_Loop = TypeVar("_Loop", ast.For, ast.While)
_Comprehension = TypeVar("_Comprehension", ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)

MAKERS = frozenset({"create", "copy", "copyOPs", "changeType"})
"""Methods that make operators: they are called through a hook that remembers what was made."""


class Hook(enum.Enum):
    """The names under which the watch stands in the script's namespace."""

    TICK = "policyguard tick"
    READ = "policyguard read"
    WRITE = "policyguard write"
    ITEM = "policyguard item"
    KEY = "policyguard key"
    MAKE = "policyguard make"
    LAST = "policyguard last"


def watched_members(catalog: Catalog) -> frozenset[str]:
    """The members before whose reading the receiver is looked at: all that can do more than look."""
    acting = {
        name
        for name, entry in catalog.members.items()
        if not {entry.needs, entry.may} <= {None, Capability.TD_READ} or entry.store is not None
    }
    return frozenset(acting | {"format", "format_map"})


def instrument(tree: ast.Module, watched: frozenset[str]) -> ast.Module:
    """Add the hooks to `tree`, in place, and return it.

    Args:
        tree: the judged tree.
        watched: what `watched_members` gives for the catalog by which it was judged.

    Raises:
        RecursionError: for a tree that nests more deeply than Python can walk.
    """
    body = tree.body
    if body and isinstance(body[-1], ast.Expr):
        body[-1].value = _call(Hook.LAST, body[-1].value)
    _Instrument(watched).visit(tree)
    return ast.fix_missing_locations(tree)


def _call(hook: Hook, *arguments: ast.expr) -> ast.Call:
    call = ast.Call(ast.Name(hook.value, ast.Load()), list(arguments), [])
    if arguments:
        ast.copy_location(call, arguments[0])
        ast.copy_location(call.func, arguments[0])
    return call


class _Instrument(ast.NodeTransformer):
    def __init__(self, watched: frozenset[str]) -> None:
        self._watched = watched

    # -- ticks ---------------------------------------------------------------------------------------------------

    def _loop(self, node: _Loop) -> _Loop:
        self.generic_visit(node)
        node.body.insert(0, ast.Expr(_call(Hook.TICK)))
        return node

    def visit_For(self, node: ast.For) -> ast.For:
        return self._loop(node)

    def visit_While(self, node: ast.While) -> ast.While:
        return self._loop(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        self.generic_visit(node)
        node.body.insert(1 if ast.get_docstring(node, clean=False) is not None else 0, ast.Expr(_call(Hook.TICK)))
        return node

    def visit_Lambda(self, node: ast.Lambda) -> ast.Lambda:
        self.generic_visit(node)
        # A tick returns None, so `tick() or body` is the body.
        tick = ast.copy_location(_call(Hook.TICK), node.body)
        node.body = ast.copy_location(ast.BoolOp(ast.Or(), [tick, node.body]), node.body)
        return node

    def _comprehension(self, node: _Comprehension) -> _Comprehension:
        self.generic_visit(node)
        for generator in node.generators:
            generator.ifs.insert(0, ast.UnaryOp(ast.Not(), _call(Hook.TICK)))
        return node

    def visit_ListComp(self, node: ast.ListComp) -> ast.ListComp:
        return self._comprehension(node)

    def visit_SetComp(self, node: ast.SetComp) -> ast.SetComp:
        return self._comprehension(node)

    def visit_DictComp(self, node: ast.DictComp) -> ast.DictComp:
        return self._comprehension(node)

    def visit_GeneratorExp(self, node: ast.GeneratorExp) -> ast.GeneratorExp:
        return self._comprehension(node)

    # -- receivers -----------------------------------------------------------------------------------------------

    def visit_Attribute(self, node: ast.Attribute) -> ast.Attribute:
        self.generic_visit(node)
        if not isinstance(node.ctx, ast.Load):
            node.value = _call(Hook.WRITE, node.value, ast.Constant(node.attr))
        elif node.attr in self._watched or node.attr[:1].isupper():
            node.value = _call(Hook.READ, node.value, ast.Constant(node.attr))
        return node

    def visit_Subscript(self, node: ast.Subscript) -> ast.Subscript:
        self.generic_visit(node)
        if isinstance(node.ctx, ast.Load):
            return node
        if any(isinstance(inner, ast.Slice) for inner in ast.walk(node.slice)):
            node.value = _call(Hook.WRITE, node.value, ast.Constant("[]"))
        else:
            node.value = _call(Hook.ITEM, node.value)
            node.slice = _call(Hook.KEY, node.slice)
        return node

    def visit_MatchClass(self, node: ast.MatchClass) -> ast.MatchClass:
        """The class of a pattern must stay a dotted name; the analysis lets only readable members into patterns."""
        node.patterns = [self.visit(pattern) for pattern in node.patterns]
        node.kwd_patterns = [self.visit(pattern) for pattern in node.kwd_patterns]
        return node

    def visit_MatchValue(self, node: ast.MatchValue) -> ast.MatchValue:
        """The value of a pattern must stay a literal or a dotted name."""
        return node

    def visit_Call(self, node: ast.Call) -> ast.Call:
        if isinstance(node.func, ast.Attribute) and node.func.attr in MAKERS:
            receiver, method = node.func.value, node.func.attr
            call = ast.Call(
                ast.copy_location(ast.Name(Hook.MAKE.value, ast.Load()), node.func),
                [receiver, ast.Constant(method), *node.args],
                node.keywords,
            )
            self.generic_visit(call)
            return ast.copy_location(call, node)
        self.generic_visit(node)
        return node
