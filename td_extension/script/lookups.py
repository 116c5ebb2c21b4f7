"""Which operators a script names, for a policy whose node scopes are strict: what its text does not tell is refused.

Only ``op('/literal/path')`` tells. An operator that was made by the script lies in one that it named. Every other way
to an operator (a relative or computed path, a pattern, a shortcut, a parent, a list of children) leads where only the
running project knows; so do `op` itself when it is handed on, and members that give operators of their owner.
"""

from __future__ import annotations

import ast
from typing import NamedTuple

_NAMES = frozenset({"op", "ops", "opex", "iop", "ipar", "me", "parent", "root", "mod", "ext"})
"""TouchDesigner's names that are an operator, or find one (td_runtime.md section 3)."""
_MEMBERS = frozenset(
    {
        "op", "ops", "opex", "parent", "children", "findChildren", "iop", "ipar", "inputs", "outputs", "inputCOMPs",
        "outputCOMPs", "inputConnectors", "outputConnectors", "inputCOMPConnectors", "outputCOMPConnectors",
        "connections", "owner", "inOP", "outOP", "dock", "docked", "clones", "evalOPs", "ext", "extensions", "fetch",
        "module", "mod", "currentPage", "selectedChildren", "currentChild", "panes", "rolloverOp", "rolloverOP",
        "siblings", "root",
    }
)  # fmt: skip
"""Members of operators, parameters and wires that give another operator, or what somebody stored."""


class Lookup(NamedTuple):
    """One place at which a script gets hold of an operator.

    Attributes:
        line: counted from 1.
        column: counted from 1.
        what: the place as a person would name it, e.g. ``op(name)``.
        path: the absolute path that it names; None where its text does not tell.
    """

    line: int
    column: int
    what: str
    path: str | None


def lookups_of(tree: ast.Module) -> tuple[Lookup, ...]:
    """Every place in a script where an operator is looked up, in no particular order."""
    found: list[Lookup] = []
    told: set[ast.AST] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id="op") as name, args=[ast.Constant(value=str(path))], keywords=[]) if (
                path.startswith("/")
            ):
                told.add(name)
                found.append(Lookup(node.lineno, node.col_offset + 1, f"op({path[:60]!r})", path))
            case ast.Name(id=name_of) if name_of in _NAMES and node not in told:
                found.append(Lookup(node.lineno, node.col_offset + 1, name_of, None))
            case ast.Attribute(attr=member) if member in _MEMBERS:
                found.append(Lookup(node.lineno, node.col_offset + 1, f".{member}", None))
            case ast.alias(name=module) if module in _NAMES:
                found.append(Lookup(node.lineno, node.col_offset + 1, f"import of {module}", None))
            case ast.Call(func=ast.Name(id="getattr" | "vars" | "globals" | "eval")):
                found.append(Lookup(node.lineno, node.col_offset + 1, "a member by its name", None))
    return tuple(found)
