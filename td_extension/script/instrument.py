"""Rewrites the judged tree, so that it is watched while it runs.

Three things are added, and every statement of the script is kept once:
a tick at the head of every loop, function, lambda and comprehension, which carries the deadline; a look at the
receiver wherever the judgement could not know it; and the last expression handed over as the result.
Which hooks there are, and on what the judge asks for one, stands in `hooks`.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import Any

from ..values import Capability
from .acting_members import FORMATTING, SIZED
from .catalog import Catalog
from .hooks import BUILDING, CALLED_THROUGH, HELD_BY_TOUCHDESIGNER, MAY_BE_LARGE, OWNED_BY_THE_SCRIPT, Hook
from .straight import StraightCode

_LOOKING = (None, Capability.TD_READ)


def watched_members(catalog: Catalog) -> frozenset[str]:
    """The members before whose reading the receiver is looked at: all that can do more than look."""
    acting = {
        name
        for name, entry in catalog.members.items()
        if entry.needs not in _LOOKING or (entry.store is None and entry.may not in _LOOKING)
    }
    return frozenset(acting | FORMATTING)


def instrument(tree: ast.Module, watched: frozenset[str]) -> ast.Module:
    """Add the hooks to `tree`, in place, and return it.

    Every node keeps its identity and its place; hooks are put between a node and its parts. The walk keeps its own
    stack.

    Args:
        tree: the judged tree.
        watched: what `watched_members` gives for the catalog by which it was judged.
    """
    straight = StraightCode(tree)
    body = tree.body
    # A lone `*a` is no expression; as the argument of a call it would become one.
    if body and isinstance(body[-1], ast.Expr) and not isinstance(body[-1].value, ast.Starred):
        body[-1].value = _call(Hook.LAST, body[-1].value, body[-1].value)
    for node in straight.nodes:
        add = _HOOKED.get(type(node))
        if add is not None:
            add(node, watched)
    straight.add(_look_at_the_clock)
    return tree


_LOAD = ast.Load()


def _call(hook: Hook, at: Any, *arguments: ast.expr) -> ast.Call:
    """A call of a hook, at the place of `at`."""
    place = _place(at)
    # Not `.value`: that is a property written in Python, and a large script has hundreds of hooks.
    return ast.Call(ast.Name(hook._value_, _LOAD, **place), list(arguments), [], **place)


def _look(hook: Hook, receiver: Any, member: str) -> ast.Call:
    """A look at `receiver` before its `member` is used."""
    place = _place(receiver)
    return ast.Call(ast.Name(hook._value_, _LOAD, **place), [receiver, ast.Constant(member, **place)], [], **place)


def _text(at: Any, text: str) -> ast.Constant:
    return ast.Constant(text, **_place(at))


def _place(at: Any) -> dict[str, Any]:
    return {
        "lineno": at.lineno,
        "col_offset": at.col_offset,
        "end_lineno": at.end_lineno,
        "end_col_offset": at.end_col_offset,
    }


def _look_at_the_clock(at: Any) -> ast.Call:
    return _call(Hook.TICK, at)


def _tick(at: Any) -> ast.BoolOp:
    """``next(unseen) or tick()``, which is true unless it is too late: see `ticker`."""
    unseen = ast.Name(Hook.UNSEEN.value, _LOAD, **_place(at))
    return ast.BoolOp(ast.Or(), [_call(Hook.NEXT, at, unseen), _call(Hook.TICK, at)], **_place(at))


def _on_loop(node: ast.For | ast.While, watched: frozenset[str]) -> None:
    node.body.insert(0, ast.Expr(_tick(node), **_place(node)))


def _on_function(node: ast.FunctionDef, watched: frozenset[str]) -> None:
    at = 1 if ast.get_docstring(node, clean=False) is not None else 0
    node.body.insert(at, ast.Expr(_tick(node), **_place(node)))


def _on_lambda(node: ast.Lambda, watched: frozenset[str]) -> None:
    node.body = ast.BoolOp(ast.And(), [_tick(node.body), node.body], **_place(node.body))


def _on_comprehension(
    node: ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp, watched: frozenset[str]
) -> None:
    for generator in node.generators:
        generator.ifs.insert(0, _tick(generator.iter))


def _on_attribute(node: ast.Attribute, watched: frozenset[str]) -> None:
    if not isinstance(node.ctx, ast.Load):
        # `x.member = v` becomes `write(x, "member").value = v`: see `place.Member`.
        node.value = _look(Hook.WRITE, node.value, node.attr)
        node.attr = "value"
    elif getattr(node, HELD_BY_TOUCHDESIGNER, False):
        node.value = _look(Hook.HELD, node.value, node.attr)
    else:
        if getattr(node, OWNED_BY_THE_SCRIPT, False):
            node.value = _look(Hook.OWNED, node.value, node.attr)
        elif node.attr not in CALLED_THROUGH and (node.attr in watched or node.attr[:1].isupper()):
            node.value = _look(Hook.READ, node.value, node.attr)
        if node.attr in CALLED_THROUGH:  # those that are called where they stand are out of the tree: see `_on_call`
            _become_call(node, Hook.METHOD, [node.value, _text(node.value, node.attr)])


def _become_call(node: ast.AST, hook: Hook, arguments: list[ast.expr]) -> None:
    """Make a call of a hook out of a node: whoever holds the node holds the call."""
    node.__class__ = ast.Call
    call: Any = node
    call.func, call.args, call.keywords = _call(hook, node).func, arguments, []


def _on_subscript(node: ast.Subscript, watched: frozenset[str]) -> None:
    if isinstance(node.ctx, ast.Load):
        if getattr(node, MAY_BE_LARGE, False):
            node.slice = _without_slices(node.slice)
        return
    node.value = _call(Hook.PLACE, node.value, node.value, _without_slices(node.slice))
    node.slice = ast.copy_location(ast.Constant(None), node.slice)


def _without_slices(key: ast.expr) -> ast.expr:
    """A key as an ordinary expression: a slice is made by a call."""
    match key:
        case ast.Slice(lower=lower, upper=upper, step=step):
            none = ast.copy_location(ast.Constant(None), key)
            return _call(Hook.SLICE, key, lower or none, upper or none, step or none)
        case ast.Tuple(elts=parts):
            key.elts = [_without_slices(part) for part in parts]
    return key


def _on_call(node: ast.Call, watched: frozenset[str]) -> None:
    if isinstance(node.func, ast.Attribute) and node.func.attr in CALLED_THROUGH:
        receiver, method = node.func.value, node.func.attr
        if method in FORMATTING or (method in SIZED and method in watched):
            receiver = _call(Hook.READ, receiver, receiver, _text(receiver, method))
        hook = _call(CALLED_THROUGH[method], node.func)
        node.func, node.args = hook.func, [receiver, _text(receiver, method), *node.args]
    elif getattr(node, MAY_BE_LARGE, False):
        node.func, node.args = _call(Hook.BUILT, node.func).func, [node.func, *node.args]
    elif isinstance(node.func, ast.Name) and node.args:
        if node.func.id in BUILDING:
            node.func, node.args = _call(Hook.BUILT, node.func).func, [node.func, *node.args]
        elif node.func.id == "debug":
            for at, part in enumerate(node.args):
                node.args[at] = part if isinstance(part, ast.Starred) else _call(Hook.WALKED, part, part)
        elif node.func.id == "map" and _is_text(node.args[0]):
            node.args[0] = _call(Hook.TEXT, node.args[0]).func
    for keyword in node.keywords:
        if keyword.arg == "key" and _is_text(keyword.value):
            keyword.value = _call(Hook.TEXT, keyword.value).func


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == "str"


def _on_operation(node: ast.BinOp, watched: frozenset[str]) -> None:
    if getattr(node, MAY_BE_LARGE, False):
        if type(node.op) in _SPREADING:
            _become_call(node, Hook.SPREAD, [node.left, _text(node.left, _SPREADING[type(node.op)]), node.right])
        else:
            _become_call(node, _OPERATIONS[type(node.op)][0], [node.left, node.right])


def _on_augmented(node: ast.AugAssign, watched: frozenset[str]) -> None:
    # `x *= *a` is no Python; as the argument of a call the star would become one.
    # What is changed in place grows by none of the others.
    if getattr(node, MAY_BE_LARGE, False) and type(node.op) in _OPERATIONS and not isinstance(node.value, ast.Starred):
        target: ast.expr = _text(node.value, "")
        if isinstance(node.target, ast.Name):
            target = ast.copy_location(ast.Name(node.target.id, ast.Load()), node.value)
        node.value = _call(_OPERATIONS[type(node.op)][1], node.value, target, node.value)


def _on_formatted(node: ast.FormattedValue, watched: frozenset[str]) -> None:
    if getattr(node, MAY_BE_LARGE, False):
        node.value = _call(Hook.WALKED, node.value, node.value)
    parts = node.format_spec.values if isinstance(node.format_spec, ast.JoinedStr) else []
    for part in parts:
        if isinstance(part, ast.FormattedValue) and not isinstance(part.value, ast.Starred):
            part.value = _call(Hook.SPECIFICATION, part.value, part.value)


def _on_compare(node: ast.Compare, watched: frozenset[str]) -> None:
    # Every script here is the main one, and its real `__name__` is no name of a module.
    if isinstance(node.left, ast.Name) and node.left.id == "__name__":
        node.left = _text(node.left, "__main__")
    elif getattr(node, MAY_BE_LARGE, False):
        operation = _COMPARED.get(type(node.ops[0])) if len(node.ops) == 1 else None
        if operation is not None:
            _become_call(node, Hook.COMPARED, [node.left, _text(node.left, operation), node.comparators[0]])
        elif len(node.ops) > 1:
            node.left = _call(Hook.WALKED, node.left, node.left)
            node.comparators[:-1] = [_call(Hook.WALKED, part, part) for part in node.comparators[:-1]]


def _on_assign(node: ast.Assign, watched: frozenset[str]) -> None:
    if isinstance(node.value, ast.Tuple) and all(isinstance(target, ast.Tuple) for target in node.targets):
        setattr(node.value, _UNPACKED, True)


def _on_tuple(node: ast.Tuple, watched: frozenset[str]) -> None:
    """What is hashed, or said to be a class, cannot change: it is looked at when it is made."""
    if type(node.ctx) is not ast.Load or getattr(node, _UNPACKED, False):
        return
    if sum(type(part) not in _NO_TUPLES for part in node.elts) > 1 and not any(
        isinstance(part, ast.Slice) for part in node.elts
    ):
        _become_call(node, Hook.TUPLED, [ast.copy_location(ast.Tuple(node.elts, _LOAD), node)])


_UNPACKED = "unpacked"
"""The mark of a tuple that is taken apart where it stands."""
_NO_TUPLES = frozenset(
    {ast.Constant, ast.JoinedStr, ast.Compare, ast.UnaryOp, ast.List, ast.Dict, ast.Set, ast.ListComp, ast.Lambda}
)

_COMPARED: Mapping[type, str] = {
    ast.Eq: "eq", ast.NotEq: "ne", ast.Lt: "lt", ast.LtE: "le", ast.Gt: "gt", ast.GtE: "ge", ast.In: "in",
    ast.NotIn: "not in",
}  # fmt: skip


_OPERATIONS: Mapping[type, tuple[Hook, Hook]] = {
    ast.Mult: (Hook.PRODUCT, Hook.BEFORE_PRODUCT),
    ast.Pow: (Hook.POWER, Hook.BEFORE_POWER),
    ast.LShift: (Hook.SHIFT, Hook.BEFORE_SHIFT),
    ast.Add: (Hook.TOTAL, Hook.BEFORE_TOTAL),
    ast.Mod: (Hook.REMAINDER, Hook.BEFORE_REMAINDER),
    ast.MatMult: (Hook.MATRIX, Hook.BEFORE_MATRIX),
}
"""The hook of an operation, and that of its augmented form, which gives the right operand back."""

_SPREADING: Mapping[type, str] = {
    ast.Sub: "sub", ast.Div: "truediv", ast.FloorDiv: "floordiv", ast.BitAnd: "and_", ast.BitOr: "or_",
    ast.BitXor: "xor", ast.RShift: "rshift",
}  # fmt: skip
"""Operations that make something large of arrays alone, which they spread over each other."""

_HOOKED: Mapping[type, Callable[[Any, frozenset[str]], None]] = {
    ast.For: _on_loop,
    ast.While: _on_loop,
    ast.FunctionDef: _on_function,
    ast.Lambda: _on_lambda,
    ast.ListComp: _on_comprehension,
    ast.SetComp: _on_comprehension,
    ast.DictComp: _on_comprehension,
    ast.GeneratorExp: _on_comprehension,
    ast.Attribute: _on_attribute,
    ast.Subscript: _on_subscript,
    ast.Call: _on_call,
    ast.Assign: _on_assign,
    ast.Tuple: _on_tuple,
    ast.Compare: _on_compare,
    ast.BinOp: _on_operation,
    ast.AugAssign: _on_augmented,
    ast.FormattedValue: _on_formatted,
}
