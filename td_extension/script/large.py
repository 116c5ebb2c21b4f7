"""Which operations may make something large: those whose operands are looked at while the script runs.

Numbers that come from counting, measuring and reading are small, and what is done to a small number grows slowly, with
a tick in between. The dangerous ones are products of products, powers, shifts, repeated and doubled sequences, and
formats with widths.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from functools import cached_property

from .hooks import BUILDING, MAY_BE_LARGE
from .subject import Subject

_STARRED_OR_WHOLE = frozenset("*sra")
"""Letters of a template that takes a width, or a whole value, from what it is given."""
_SMALL_EXPONENT, _SMALL_SHIFT = 8, 256
_MAX_DEPTH = 12
_MAX_ANNOTATION_DEPTH = 6
_SMALL_CALLS = {"len", "ord", "round", "float", "enumerate"}
_SPREADING = (ast.Sub, ast.Div, ast.FloorDiv, ast.BitAnd, ast.BitOr, ast.BitXor, ast.RShift)
_ADDING = (ast.Add, ast.Sub, ast.Div, ast.FloorDiv, ast.Mod)
_STATIC_TEXTS = (ast.Constant, ast.JoinedStr)
_TELLING = {
    "name", "path", "id", "type", "OPType", "family", "width", "height", "numRows", "numCols", "numChans", "numSamples"
}  # fmt: skip
"""Members of operators that are a short text or a number."""
_STATIC = (ast.Constant, ast.JoinedStr, ast.List, ast.Dict)


class LargeOperations:
    """Marks the operations of one script.

    Args:
        subject: the script.
    """

    def __init__(self, subject: Subject) -> None:
        self._subject = subject
        self._memo: dict[ast.AST, bool] = {}
        self._depth = 0

    def mark_comparison(self, node: ast.Compare) -> None:
        """Set `MAY_BE_LARGE` on `node` where it may compare two large values: none is a constant, nor a number."""
        if isinstance(node.left, ast.Constant) or any(isinstance(part, _STATIC_TEXTS) for part in node.comparators):
            return
        if type(node.ops[0]) in (ast.Is, ast.IsNot):
            return
        sides = (node.left,) if type(node.ops[0]) in (ast.In, ast.NotIn) else (node.left, *node.comparators)
        if not any(map(self._subject.kinds.is_number, sides)):
            setattr(node, MAY_BE_LARGE, True)

    def mark_formatted(self, node: ast.FormattedValue) -> None:
        """Set `MAY_BE_LARGE` on `node` where its value may be walked through: no number, and no operator's name."""
        value = node.value
        if type(value) is ast.Attribute:
            if value.attr in _TELLING and self._subject.kinds.is_operator(value.value):
                return
        elif isinstance(value, (ast.Starred, *_STATIC_TEXTS)) or self._subject.kinds.is_number(value):
            return
        setattr(node, MAY_BE_LARGE, True)

    def mark_call(self, node: ast.Call) -> None:
        """Set `MAY_BE_LARGE` on `node` where it may call by another name a class that walks through values."""
        if node.args and self._hands_on_classes:
            own = isinstance(node.func, ast.Attribute) and node.func.attr in self._subject.bound.attributes
            named = isinstance(node.func, ast.Name) and not self._subject.is_own(node.func.id)
            if own or not (named or isinstance(node.func, ast.Attribute)):
                setattr(node, MAY_BE_LARGE, True)

    @cached_property
    def _hands_on_classes(self) -> bool:
        """Whether the script uses such a class other than to call it, to ask for it, or to annotate with it."""
        names = self._subject.by_type.get(ast.Name, ())
        return any(node.id in BUILDING and not self._is_plain_use(node) for node in names)

    def _is_plain_use(self, node: ast.AST) -> bool:
        for _ in range(_MAX_ANNOTATION_DEPTH):
            parent = self._subject.parents.get(node)
            match parent:
                case ast.Call(func=function) if function is node:
                    return isinstance(node, ast.Name)
                case ast.Call(func=ast.Name(id="isinstance" | "issubclass" | "map" | "cast" | "defaultdict")):
                    return True
                case ast.keyword(arg="key" | "dtype" | "default_factory") | ast.arg():
                    return True
                case ast.AnnAssign(annotation=annotation) | ast.FunctionDef(returns=annotation):
                    return annotation is node
                case ast.ClassDef() | ast.Compare():
                    return True
                case ast.Subscript() | ast.Tuple() | ast.BinOp(op=ast.BitOr()):
                    node = parent
                case _:
                    return False
        return False

    def mark_slice(self, node: ast.Subscript) -> None:
        """Set `MAY_BE_LARGE` on `node` where it may hand out the slice itself, which can hold another one."""
        if isinstance(node.slice, ast.Slice | ast.Tuple) and self._keeps_slices:
            setattr(node, MAY_BE_LARGE, True)

    @cached_property
    def _keeps_slices(self) -> bool:
        """Whether something in the script may give the slice that it is asked for: a class of its own, or numpy's."""
        functions = self._subject.by_type.get(ast.FunctionDef, ())
        if any(function.name == "__getitem__" for function in functions):
            return True
        return not self._subject.mentioned.isdisjoint({"s_", "index_exp"})

    def mark(self, node: ast.BinOp | ast.AugAssign) -> None:
        """Set `MAY_BE_LARGE` on `node` where what it makes may be large."""
        left, right = (node.left, node.right) if isinstance(node, ast.BinOp) else (node.target, node.value)
        judge = _JUDGES.get(type(node.op))
        if judge is not None and judge(self, left, right):
            setattr(node, MAY_BE_LARGE, True)

    def _product(self, left: ast.expr, right: ast.expr) -> bool:
        if isinstance(left, ast.Constant) and isinstance(right, ast.Constant):
            return False  # judged by its size
        return not any(_is_float(side) or self._is_small_factor(side, other) for side, other in _sides(left, right))

    def _is_small_factor(self, side: ast.expr, other: ast.expr) -> bool:
        """Whether multiplying `other` by `side` makes it a little larger at most: a number by a small number."""
        return self._is_small(side) and self._subject.kinds.is_number(other)

    def _power(self, left: ast.expr, right: ast.expr) -> bool:
        is_low = isinstance(right, ast.Constant) and type(right.value) is int and 0 <= right.value <= _SMALL_EXPONENT
        return not (_is_float(left) or _is_float(right) or (is_low and self._is_small(left)))

    def _shift(self, left: ast.expr, right: ast.expr) -> bool:
        return not (isinstance(right, ast.Constant) and type(right.value) is int and right.value <= _SMALL_SHIFT)

    def _sum(self, left: ast.expr, right: ast.expr) -> bool:
        if isinstance(left, _STATIC) or isinstance(right, _STATIC):
            return False
        return not (self._subject.kinds.is_number(left) or self._subject.kinds.is_number(right))

    def _spread(self, left: ast.expr, right: ast.expr) -> bool:
        if isinstance(left, ast.Constant) or isinstance(right, ast.Constant) or not self._may_have_arrays:
            return False
        return not (self._subject.kinds.is_number(left) or self._subject.kinds.is_number(right))

    @cached_property
    def _may_have_arrays(self) -> bool:
        """Whether arrays may come from anywhere: from numpy, or from TouchDesigner's data."""
        modules = self._subject.modules.values()
        return any(name.startswith("numpy") for name in modules) or "numpyArray" in self._subject.mentioned

    def _remainder(self, left: ast.expr, right: ast.expr) -> bool:
        if isinstance(left, ast.Constant):
            return isinstance(left.value, str | bytes) and not _STARRED_OR_WHOLE.isdisjoint(str(left.value))
        return not self._subject.kinds.is_number(left)

    def _is_small(self, node: ast.AST) -> bool:
        if node not in self._memo:
            if self._depth >= _MAX_DEPTH:
                return False
            self._memo[node] = True  # a number that comes from itself: by adding, which is slow to make it large
            self._depth += 1
            self._memo[node] = self._subject.kinds.is_number(node) and self._comes_from_small(node)
            self._depth -= 1
        return self._memo[node]

    def _comes_from_small(self, node: ast.AST) -> bool:
        roots = self._subject.flow.roots(node)
        if roots is None:
            return isinstance(node, ast.Name)  # the variable of a loop over numbers: `kinds` knows ranges only
        return all(map(self._is_small_root, roots))

    def _is_small_root(self, root: ast.AST) -> bool:
        match root:
            case ast.Constant(value=value):
                return not isinstance(value, int) or abs(value) < 1 << 64
            case ast.Attribute() | ast.Compare():
                return True
            case ast.Call(func=ast.Name(id=name)):
                return name in _SMALL_CALLS
            case ast.UnaryOp(operand=operand):
                return self._is_small(operand)
            case ast.BinOp(left=left, right=right, op=operation) if isinstance(operation, _ADDING):
                return self._is_small(left) and self._is_small(right)
        return False


def _sides(left: ast.expr, right: ast.expr) -> tuple[tuple[ast.expr, ast.expr], ...]:
    return (left, right), (right, left)


def _is_float(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, float)


_JUDGES: Mapping[type, Callable[[LargeOperations, ast.expr, ast.expr], bool]] = {
    ast.Mult: LargeOperations._product,
    ast.Pow: LargeOperations._power,
    ast.LShift: LargeOperations._shift,
    ast.Add: LargeOperations._sum,
    ast.Mod: LargeOperations._remainder,
    ast.MatMult: lambda self, left, right: True,
    **dict.fromkeys(_SPREADING, LargeOperations._spread),
}
