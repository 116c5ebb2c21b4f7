"""Mutants of a module: copies in which one rule is missing or says the opposite."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change to one file.

    Attributes:
        file: the path inside the package, e.g. ``script/judge.py``.
        line: where, counted from 1; 0 in the catalog, whose lines say nothing.
        kind: what was done, e.g. ``condition is false``.
        node: which node, in the order of `ast.walk`; in the catalog which of its mutants.
        part: which part of the node.
        source: the line of source as it was, or what an entry of the catalog says.
    """

    file: str
    line: int
    kind: str
    node: int
    part: int
    source: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place} {self.kind}" + (f" ({self.part + 1})" if self.part else "")


STATEMENT = "statement left out"
"""The kind of a mutant that lacks a whole statement of a rule."""

Change = Callable[[Any, int], None]


def _condition_is(value: bool, field: str) -> Change:
    def change(node: Any, part: int) -> None:
        setattr(node, field, ast.copy_location(ast.Constant(value), getattr(node, field) or node))

    return change


def _drop_operand(node: ast.BoolOp, part: int) -> None:
    neutral = ast.Constant(isinstance(node.op, ast.And))
    node.values[part] = ast.copy_location(neutral, node.values[part])


def _drop_filter(node: ast.comprehension, part: int) -> None:
    del node.ifs[part]


def _drop_entry(node: Any, part: int) -> None:
    if isinstance(node, ast.Dict):
        del node.keys[part], node.values[part]
    else:
        del node.elts[part]


def _drop_word(node: Any, part: int) -> None:
    words = node.func.value.value.split()
    del words[part]
    node.func.value.value = " ".join(words)


def _lift(node: Any, part: int) -> None:
    node.value *= 1000


def _negate(node: ast.Compare, part: int) -> None:
    # The comparison moves one down, so that its place in the tree need not be known.
    inner = ast.copy_location(ast.Compare(node.left, node.ops, node.comparators), node)
    node.left = ast.copy_location(ast.UnaryOp(ast.Not(), inner), node)
    node.ops, node.comparators = [ast.Is()], [ast.copy_location(ast.Constant(True), node)]


def _drop_statement(node: ast.Expr, part: int) -> None:
    node.value = ast.copy_location(ast.Constant(None), node)


def _returns(value: bool) -> Change:
    def change(node: ast.FunctionDef, part: int) -> None:
        node.body = [ast.copy_location(ast.Return(ast.copy_location(ast.Constant(value), node)), node)]

    return change


_CHANGES: Mapping[str, Change] = {
    "condition is false": _condition_is(False, "test"),
    "condition is true": _condition_is(True, "test"),
    "case left out": _condition_is(False, "guard"),
    "guard left out": _condition_is(True, "guard"),
    "operand left out": _drop_operand,
    "filter left out": _drop_filter,
    "entry left out": _drop_entry,
    "word left out": _drop_word,
    "limit lifted": _lift,
    "comparison negated": _negate,
    STATEMENT: _drop_statement,
    "always false": _returns(False),
    "always true": _returns(True),
}


def mutants_of(file: str, source: str) -> Iterator[Mutant]:
    """Every mutant of one module."""
    tree = ast.parse(source)
    lines = source.split("\n")
    constants = _constants(tree)
    for index, node in enumerate(ast.walk(tree)):
        for kind, count in _applicable(node, id(node) in constants):
            for part in range(count):
                line = _line(node, part)
                yield Mutant(file, line, kind, index, part, lines[line - 1].strip())


def _constants(tree: ast.Module) -> set[int]:
    """All nodes in the values of the module's own assignments."""
    return {
        id(part)
        for statement in tree.body
        if isinstance(statement, ast.Assign | ast.AnnAssign) and statement.value is not None
        for part in ast.walk(statement.value)
    }


def _applicable(node: ast.AST, is_constant: bool) -> Iterator[tuple[str, int]]:
    match node:
        case ast.If() | ast.IfExp():
            yield from (("condition is false", 1), ("condition is true", 1))
        case ast.match_case(guard=guard):
            yield "case left out", 1
            if guard is not None:
                yield "guard left out", 1
        case ast.BoolOp(values=values):
            yield "operand left out", len(values)
        case ast.comprehension(ifs=filters):
            yield "filter left out", len(filters)
        case ast.Compare():
            yield "comparison negated", 1
        case ast.Expr(value=ast.Call()):
            yield STATEMENT, 1
        case ast.FunctionDef(returns=ast.Name(id="bool")):
            yield from (("always false", 1), ("always true", 1))
    if is_constant:
        match node:
            case ast.Set(elts=parts) | ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.Dict(values=parts):
                if len(parts) > 1:
                    yield "entry left out", len(parts)
            case ast.Call(func=ast.Attribute(value=ast.Constant(value=str(text)), attr="split")):
                yield "word left out", len(text.split())
            case ast.Constant(value=int(number)) if type(number) is int and number > 1:
                yield "limit lifted", 1


def _line(node: Any, part: int) -> int:
    parts = getattr(node, "elts", None) or getattr(node, "values", None) or getattr(node, "ifs", None)
    if isinstance(node, ast.match_case):
        return node.pattern.lineno
    at = parts[part] if parts else node
    return int(getattr(at, "lineno", getattr(node, "lineno", 1)))


def mutated(source: str, mutant: Mutant) -> ast.Module:
    """The module with the mutant's one change."""
    tree = ast.parse(source)
    node = list(ast.walk(tree))[mutant.node]
    _CHANGES[mutant.kind](node, mutant.part)
    return ast.fix_missing_locations(tree)
