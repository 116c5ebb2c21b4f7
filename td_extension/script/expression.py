"""Which parameter expressions are harmless: TouchDesigner evaluates them later, with all of Python and no watch.

An allow list of its own, much shorter than a script's: constants, arithmetic, comparisons, items, what is merely read
of operators, and calls of a few pure functions. No lambda, no comprehension, no function as a value.
"""

from __future__ import annotations

import ast

from ..values import Capability
from .catalog import Catalog, parameter_key

_MAX_LENGTH = 500
_PATTERN = frozenset("*?[^ ")
_NODES = (
    ast.Expression, ast.Constant, ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare, ast.IfExp, ast.Subscript,
    ast.Attribute, ast.Name, ast.Call, ast.Tuple, ast.Load, ast.boolop, ast.unaryop, ast.cmpop,
    ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod,
)  # fmt: skip
_BARE_MATH = frozenset(
    {
        "sin", "cos", "tan", "asin", "acos", "atan", "atan2", "sqrt", "floor", "ceil", "fmod", "fabs", "hypot",
        "radians", "degrees",
    }
)  # fmt: skip
"""Members of `math` that people write without the module's name; where there is none, it is a NameError."""

_FUNCTIONS = _BARE_MATH | {"op", "parent", "abs", "min", "max", "round", "int", "float", "bool", "str", "len"}
_NAMES = _FUNCTIONS | {"me", "absTime", "math", "tdu"}
_METHODS = frozenset({"eval", "op", "parent"})
_MODULE_MEMBERS = {"tdu": frozenset({"rand", "remap", "clamp"})}


_WITHOUT_END = {"factorial", "comb", "perm"}
"""Functions of `math` that reckon for minutes on a large number."""

_MAX_REPEATED = 10_000
_TEXTS_OF_OPERATORS = {"name", "path", "text", "csv", "OPType", "type", "family", "comment", "label", "eval", "folder"}


def is_plain_expression(text: str, catalog: Catalog) -> bool:
    """Whether `text`, as the expression of a parameter, does no more than look and reckon."""
    if len(text) > _MAX_LENGTH or "PolicyGuard" in text:
        return False
    try:
        tree = ast.parse(text, mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    called = {node.func for node in ast.walk(tree) if isinstance(node, ast.Call)}
    return all(_is_plain(node, catalog, node in called) for node in ast.walk(tree))


def is_plain_binding(text: str, catalog: Catalog) -> bool:
    """Whether `text`, as what a parameter is bound to, names a parameter that only holds a value, on any operator.

    It is ``operator.par.Name`` and nothing else: a binding also writes, and there are other ways to a parameter
    (items, groups, sequences) whose name would not be seen.
    """
    if not is_plain_expression(text, catalog):
        return False
    match ast.parse(text, mode="eval").body:
        case ast.Attribute(value=ast.Attribute(value=owner, attr="par"), attr=name):
            return _only_holds(name, catalog) and all(_leads_to_an_operator(node) for node in ast.walk(owner))
    return False


def _leads_to_an_operator(node: ast.AST) -> bool:
    """Whether it is a part of a way to one operator, the same today and tomorrow: no pattern, no operator's number."""
    match node:
        case ast.Attribute(attr=member):
            return member in ("op", "parent")
        case ast.Call(func=ast.Name(id="op") | ast.Attribute(attr="op"), args=arguments):
            return all(isinstance(one, ast.Constant) and type(one.value) is str for one in arguments)
        case ast.Constant(value=value):
            return not isinstance(value, str) or _PATTERN.isdisjoint(value)
    return isinstance(node, ast.Call | ast.Name | ast.Load)


def _only_holds(name: str, catalog: Catalog) -> bool:
    on_some_type = [rules[key] for rules in catalog.parameters_of.values() if (key := parameter_key(name)) in rules]
    return all(rule.needs is Capability.TD_WRITE for rule in (catalog.parameter_rule(name), *on_some_type))


def _is_plain(node: ast.AST, catalog: Catalog, is_called: bool) -> bool:
    match node:
        case ast.Name(id=name):
            # Called or not: a function that is only named is a value that somebody else may call.
            return name in _NAMES and (is_called or name not in _FUNCTIONS or name in ("op", "parent"))
        case ast.Attribute(value=ast.Name(id="math" | "tdu" as module), attr=member):
            allowed = _MODULE_MEMBERS.get(module, catalog.module(module).members)
            return member in allowed - _WITHOUT_END and (is_called or member in ("pi", "e", "tau"))
        case ast.Attribute(value=ast.Attribute(attr="par"), attr=member):
            return not member.startswith("_") and not is_called
        case ast.Attribute(attr=member):
            entry = catalog.members.get(member)
            if entry is None or entry.needs not in (None, Capability.TD_READ):
                return False
            return member in _METHODS if is_called else True
        case ast.Call(func=ast.Name() | ast.Attribute(), keywords=[]):
            return True
        case ast.Call():
            return False
        case ast.BinOp(op=ast.Mult(), left=left, right=right):
            return not any(map(_may_repeat, (left, right), (right, left)))
        case ast.BinOp(op=ast.Mod(), left=left):
            return not _may_be_text(left)
    return isinstance(node, _NODES)


def _may_repeat(one: ast.expr, times: ast.expr) -> bool:
    """Whether ``one * times`` may make a text or a tuple many times as long."""
    match times:
        case ast.Constant(value=int() | float() as number) if isinstance(number, float) or abs(number) <= _MAX_REPEATED:
            return isinstance(one, ast.Constant | ast.Tuple) and _may_be_text(one)
    return _may_be_text(one)


def _may_be_text(node: ast.expr) -> bool:
    """Whether an expression may give a text or a tuple: what is surely a number, or is used as one, does not."""
    match node:
        case ast.Constant(value=value):
            return isinstance(value, str | bytes)
        case ast.Attribute(attr=member):
            return member in _TEXTS_OF_OPERATORS
        case ast.Call(func=ast.Name(id=name), args=[first, *_]) if name in ("min", "max"):
            return _may_be_text(first)
        case ast.Call(func=ast.Name(id=name)):
            return name == "str"
        case ast.Call(func=ast.Attribute(attr="eval")):
            return True
        case ast.IfExp(body=body, orelse=other):
            return _may_be_text(body) or _may_be_text(other)
        case ast.BoolOp(values=values):
            return any(map(_may_be_text, values))
        case ast.BinOp(left=left, right=right, op=ast.Add() | ast.Mult() | ast.Mod()):
            return _may_be_text(left) or _may_be_text(right)
        case ast.Tuple() | ast.JoinedStr():
            return True
    return False
