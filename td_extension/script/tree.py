"""Walks a syntax tree without recursion: no text can make it overflow the stack."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

_WITHOUT_NODES = {
    "ctx", "op", "ops", "id", "attr", "arg", "name", "asname", "kind", "type_comment", "conversion", "is_async",
    "simple", "level", "module", "rest", "kwd_attrs", "type_ignores",
}  # fmt: skip
"""Fields that hold texts and numbers, contexts and operators: never a node with parts of its own."""


def _fields(kind: type[ast.AST]) -> tuple[str, ...]:
    if issubclass(kind, ast.Constant | ast.MatchSingleton | ast.Global | ast.Nonlocal):
        return ()
    return tuple(name for name in kind._fields if name not in _WITHOUT_NODES)


PARTS: Mapping[type, tuple[str, ...]] = {
    kind: _fields(kind) for kind in vars(ast).values() if isinstance(kind, type) and issubclass(kind, ast.AST)
}
"""The fields of each kind of node that can hold nodes."""


def walked(tree: ast.AST) -> tuple[list[ast.AST], dict[ast.AST, ast.AST], dict[type, list[Any]]]:
    """All nodes, without operators and contexts: parents before children, the parent of each, and by type."""
    nodes: list[ast.AST] = [tree]
    parents: dict[ast.AST, ast.AST] = {}
    by_type: defaultdict[type, list[Any]] = defaultdict(list)
    add = nodes.append
    for node in nodes:  # the list grows while it is read
        kind = type(node)
        by_type[kind].append(node)
        for name in PARTS[kind]:
            value = getattr(node, name)
            if type(value) is list:
                for child in value:
                    if child is not None:
                        parents[child] = node
                        add(child)
            elif value is not None:
                parents[value] = node
                add(value)
    return nodes, parents, by_type
