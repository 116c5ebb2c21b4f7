"""What the expressions of a script are worth, as far as that stands in its text: a bounded evaluator.

Every node is looked at once and the walk keeps its own stack, so that no text makes it slow or deep; what would be
large is measured and never made (`magnitudes`). Names count for what is bound to them, in the order of the text: one
turn of every loop, which is a lower bound of what a loop makes.
"""

from __future__ import annotations

import ast
import builtins
import math
from collections.abc import Callable, Generator, Mapping
from dataclasses import replace
from typing import Any, TypeAlias

from .callees import Callees
from .given import Given, Sizing, largest_number
from .magnitudes import UNKNOWN, Kind, Many, Vague, Value, as_many, binary, compared, joined, measured, truth, weight
from .sizes import SIZES
from .sizes_of_texts import percent
from .too_large import is_large_reply

_MAX_ITEMS = 64
_LARGE = 1000
_MAX_SOURCES = 64
_MISSING: Any = object()
_MODULE_CONSTANTS: Mapping[str, float] = {name: getattr(math, name) for name in ("pi", "e", "tau", "inf", "nan")}
_LAST_PARTS = frozenset(name.rpartition(".")[2] for name in SIZES)
_PLAIN = (ast.Tuple, ast.List, ast.Dict, ast.Set, ast.Name, ast.Attribute, ast.Subscript, ast.Compare, ast.BoolOp)
_UNSIZED = {Kind.STREAM, Kind.LIST}

Steps: TypeAlias = Generator[ast.AST, Value, Value]
"""The evaluation of one node: it asks for the values of others and returns its own."""


class Constants:
    """The values of one script's expressions.

    Attributes:
        made_large: whether any of them so far is more than a reply may hold.

    Args:
        callees: how what is called is named.
        sources: every expression that a name of the script's own may hold; None where that cannot be told.
    """

    def __init__(self, callees: Callees, sources: Callable[[str], tuple[ast.expr, ...] | None]) -> None:
        self._callees = callees
        self._sources = sources
        self._values: dict[ast.AST, Value] = {}
        self._names: dict[str, Value] = {}
        self._begun: dict[ast.AST, int] = {}
        self.made_large = False

    def evaluate(self, node: ast.AST) -> Value:
        """The value of an expression, `UNKNOWN` where the text does not say it."""
        found = self._known(node)
        if found is not _MISSING:
            known: Value = found
            return known
        stack: list[tuple[ast.AST, Steps]] = [self._begin(node)]
        value: Value = None
        while stack:
            node, steps = stack[-1]
            try:
                wanted = steps.send(value)
            except StopIteration as end:
                stack.pop()
                self._begun[node] -= 1
                value = self._values.setdefault(node, end.value)
                if type(value) is Many and value.length > _LARGE and is_large_reply(value):
                    self.made_large = True
                continue
            value = self._known(wanted)
            if value is _MISSING:
                stack.append(self._begin(wanted))
                value = None
        return value

    def truth(self, node: ast.AST) -> bool | None:
        """Whether an expression always counts as true, or never; None where that is not known."""
        return truth(self.evaluate(node))

    def _known(self, node: Any) -> Any:
        """The value of a node that needs no look at others, else `_MISSING`."""
        kind = type(node)
        if kind is ast.Constant:
            value = node.value
            return measured(value) if type(value) is int else value
        if kind is ast.Name:
            found = self._names.get(node.id, _MISSING)
            return self._foreign(node.id) if found is _MISSING and not self._callees.is_own(node.id) else found
        direct = _DIRECT.get(kind)
        if direct is not None:
            return direct(self, node)
        if kind not in _STEPS or (kind is ast.Call and self._sizing(node) is None):
            return UNKNOWN
        if self._begun.get(node, 0) > 1:  # a value that is made of itself
            return UNKNOWN
        return self._values.get(node, _MISSING)

    def _begin(self, node: ast.AST) -> tuple[ast.AST, Steps]:
        self._begun[node] = self._begun.get(node, 0) + 1
        return node, _STEPS[type(node)](self, node)

    def _sizing(self, node: ast.Call) -> Sizing | None:
        function = node.func
        if type(function) is ast.Attribute and function.attr not in _LAST_PARTS:
            return None
        return SIZES.get(self._callees.named(function) or "")

    # -- one function for each kind of node that needs no look at others -------------------------------------------

    def _foreign(self, name: str) -> Value:
        self._names[name] = Vague.TRUTHY if hasattr(builtins, name) else UNKNOWN
        return self._names[name]

    def _attribute(self, node: ast.Attribute) -> Value:
        if node.attr not in _MODULE_CONSTANTS:
            return UNKNOWN
        return _MODULE_CONSTANTS[node.attr] if self._callees.named(node) == f"math.{node.attr}" else UNKNOWN

    def _lambda(self, node: ast.Lambda) -> Value:
        return Vague.TRUTHY

    def _dict(self, node: ast.Dict) -> Value:
        return Many(Kind.LIST, len(node.keys), certain=None not in node.keys)

    # -- and for each that does ------------------------------------------------------------------------------------

    def _name(self, node: ast.Name) -> Steps:
        name = node.id
        self._names[name] = UNKNOWN
        found = self._sources(name)
        if found is None or len(found) > _MAX_SOURCES:
            return UNKNOWN
        value: Value = _MISSING
        for source in sorted(found, key=_position) if len(found) > 1 else found:
            other = yield source
            value = other if value is _MISSING else joined(value, other)
            if isinstance(value, Many) and value.kind in _UNSIZED and math.isfinite(value.length):
                value = replace(value, items=None, certain=False)
            self._names[name] = value
        return self._names[name]

    def _named(self, node: ast.NamedExpr) -> Steps:
        return (yield node.value)

    def _unary(self, node: ast.UnaryOp) -> Steps:
        value = yield node.operand
        if isinstance(node.op, ast.Not):
            known = truth(value)
            return UNKNOWN if known is None else not known
        if not isinstance(value, int | float | complex):
            return UNKNOWN
        if isinstance(node.op, ast.USub):
            return -value
        if isinstance(node.op, ast.Invert):
            return ~int(value) if isinstance(value, int) else UNKNOWN
        return +value

    def _binary(self, node: ast.BinOp) -> Steps:
        left = yield node.left
        right = yield node.right
        if isinstance(node.op, ast.Mod) and isinstance(left, str | bytes):
            return percent(Given((left, right)))
        return binary(type(node.op).__name__, left, right)

    def _bool(self, node: ast.BoolOp) -> Steps:
        decides = isinstance(node.op, ast.Or)
        are_known = True
        value: Value = UNKNOWN
        for part in node.values:
            value = yield part
            known = truth(value)
            if known is decides:
                return value if are_known else Vague.TRUTHY if decides else False
            are_known = are_known and known is not None
        return value if are_known else UNKNOWN

    def _compare(self, node: ast.Compare) -> Steps:
        left_node, holds = node.left, True
        left = yield left_node
        for operation, right_node in zip(node.ops, node.comparators, strict=True):
            right = yield right_node
            name = type(operation).__name__
            known = compared(name, left, right)
            if known is None and isinstance(left_node, ast.Name) and isinstance(right_node, ast.Name):
                known = True if left_node.id == right_node.id and name in ("Is", "Eq") else None
            if known is False:
                return False
            holds = holds and known is True
            left_node, left = right_node, right
        return True if holds else UNKNOWN

    def _choice(self, node: ast.IfExp) -> Steps:
        known = truth((yield node.test))
        if known is not None:
            return (yield node.body if known else node.orelse)
        one = yield node.body
        other = yield node.orelse
        return joined(one, other)

    def _display(self, node: ast.List | ast.Tuple | ast.Set) -> Steps:
        kind = Kind.TUPLE if isinstance(node, ast.Tuple) else Kind.LIST
        if len(node.elts) > _MAX_ITEMS or isinstance(node, ast.Set):
            is_certain = not any(isinstance(part, ast.Starred) for part in node.elts)
            return Many(kind, len(node.elts), certain=is_certain)
        items: list[Value] = []
        length, each = 0.0, 1.0
        for part in node.elts:
            value = yield part.value if isinstance(part, ast.Starred) else part
            if isinstance(part, ast.Starred):
                many = as_many(value)
                items.extend((UNKNOWN,) if many is None or many.items is None else many.items)
                length += 0 if many is None else many.length
            else:
                items.append(value)
                length += 1
            each = max(each, weight(value))
        plain = len(items) == length  # what the stars stand for is known
        return Many(kind, length, each, tuple(items) if plain and length <= _MAX_ITEMS else None, plain)

    def _joined(self, node: ast.JoinedStr) -> Steps:
        whole, length, is_exact = "", 0.0, True
        for part in node.values:
            value = yield part
            many = as_many(value)
            is_exact = is_exact and isinstance(value, str)
            whole += value if isinstance(value, str) and is_exact else ""
            length += 0.0 if many is None else many.length
        if is_exact:
            return measured(whole)
        # It has at least the text that stands between its fields.
        return Many(Kind.TEXT, length, certain=length > 0)

    def _field(self, node: ast.FormattedValue) -> Steps:
        value = yield node.value
        width = 0.0
        if node.format_spec is not None:
            specification = yield node.format_spec
            width = largest_number(specification) if isinstance(specification, str) else 0.0
        if isinstance(value, str | int) and not isinstance(value, bool) and not width and node.conversion == -1:
            return value if isinstance(value, str) else str(value)
        return Many(Kind.TEXT, max(width, weight(value) if as_many(value) else 0.0), certain=False)

    def _comprehension(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp) -> Steps:
        turns: float = 1.0
        is_certain = True
        for generator in node.generators:
            many = as_many((yield generator.iter))
            is_certain = is_certain and many is not None and not generator.ifs
            if many is not None:
                turns *= many.length
        made = node.value if isinstance(node, ast.DictComp) else node.elt
        each = weight((yield made)) if turns > 1 and not isinstance(made, _PLAIN) else 1.0
        if math.isnan(turns):
            return UNKNOWN
        kind = Kind.STREAM if isinstance(node, ast.GeneratorExp) else Kind.LIST
        return Many(kind, turns, each, certain=is_certain) if is_certain or turns > 1 else UNKNOWN

    def _item(self, node: ast.Subscript) -> Steps:
        whole = yield node.value
        many = as_many(whole)
        if many is None:
            return UNKNOWN
        match node.slice:
            case ast.Slice(lower=None, upper=None):
                return whole if isinstance(node.slice.step, ast.Constant | None) and not node.slice.step else many
            case ast.Slice():
                return UNKNOWN
        key = yield node.slice
        items = many.items if many.certain and many.items is not None else ()
        if isinstance(key, int) and -len(items) <= key < len(items):
            return items[key]
        return UNKNOWN

    def _call(self, node: ast.Call) -> Steps:
        sizing = self._sizing(node)
        assert sizing is not None  # `_known` has asked
        receiver = (yield node.func.value) if isinstance(node.func, ast.Attribute) else UNKNOWN
        positional: list[Value] = []
        for argument in node.args[:_MAX_ITEMS]:
            value = yield argument.value if isinstance(argument, ast.Starred) else argument
            if isinstance(argument, ast.Starred):
                many = as_many(value)
                if many is None or many.items is None:
                    break
                positional.extend(many.items)
            else:
                positional.append(value)
        words: dict[str, Value] = {}
        for keyword in node.keywords[:_MAX_ITEMS]:
            if keyword.arg is not None:
                words[keyword.arg] = yield keyword.value
        return sizing(Given(tuple(positional), words, receiver))


def _position(source: ast.expr) -> tuple[int, int]:
    # An augmented assignment is told as an operation that stands nowhere; its parts stand where they stand.
    at: ast.AST = source
    while isinstance(at, ast.BinOp) and not hasattr(at, "lineno"):
        at = at.right
    return getattr(at, "lineno", 0), getattr(at, "col_offset", 0)


_STEPS: Mapping[type, Callable[[Constants, Any], Steps]] = {
    ast.Name: Constants._name,
    ast.NamedExpr: Constants._named,
    ast.UnaryOp: Constants._unary,
    ast.BinOp: Constants._binary,
    ast.BoolOp: Constants._bool,
    ast.Compare: Constants._compare,
    ast.IfExp: Constants._choice,
    ast.List: Constants._display,
    ast.Tuple: Constants._display,
    ast.Set: Constants._display,
    ast.JoinedStr: Constants._joined,
    ast.FormattedValue: Constants._field,
    ast.ListComp: Constants._comprehension,
    ast.SetComp: Constants._comprehension,
    ast.GeneratorExp: Constants._comprehension,
    ast.DictComp: Constants._comprehension,
    ast.Subscript: Constants._item,
    ast.Call: Constants._call,
}
_DIRECT: Mapping[type, Callable[[Constants, Any], Value]] = {
    ast.Attribute: Constants._attribute,
    ast.Lambda: Constants._lambda,
    ast.Dict: Constants._dict,
}
