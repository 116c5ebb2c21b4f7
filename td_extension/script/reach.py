"""How large a thing a script could make at most: whether it is worth while to reckon what it makes."""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import Any

from .magnitudes import power_of_two

_LONG_NUMBER = re.compile(r"[0-9]{5}|^[0-9]+$", re.MULTILINE)
"""A text with a width in it, or of which one may be put together."""
_FROM_SMALL = {"itertools", "operator", "pow", "iter"}
"""What makes something large out of small numbers."""
_READ = (ast.Attribute, ast.Subscript)
_FAR = 1e300
_MAX_FACTOR_BITS = math.log2(3000)
"""Past that one number alone is large, to a function such as a factorial."""


def reach(
    values: Sequence[Any], operations: Sequence[ast.BinOp | ast.AugAssign], turning: int, used: AbstractSet[str]
) -> float:
    """How large a thing a script may make, out of its numbers and texts and as many factors as it has.

    Growth in loops is not counted.

    Args:
        values: its constants.
        operations: its operations.
        turning: how many loops it has, those of comprehensions included.
        used: the modules it imports, and the names it calls or gives other names to.
    """
    texts = [value for value in values if type(value) is str]
    texts += [value.decode("latin-1") for value in values if type(value) is bytes]
    if not used.isdisjoint(_FROM_SMALL) or (texts and _LONG_NUMBER.search("\n".join(texts))):
        return math.inf
    numbers = [abs(value) for value in values if type(value) is int or type(value) is float]
    smallest = min([number for number in numbers if 0 < number < 1], default=1.0)
    largest, longest = max(2, 1 / smallest, *numbers), max(2, *map(len, texts)) if texts else 2
    steepness, factors = 1.0, 0
    for operation in operations:
        kind = type(operation.op)
        if kind is ast.Mult:
            factors += _is_product(operation)
        elif kind is ast.Pow or kind is ast.LShift:
            steepness = max(steepness, _steepness(operation, largest))
    bits = math.log2(min(largest, _FAR)) * steepness
    if bits > _MAX_FACTOR_BITS:
        return math.inf
    of_numbers = bits * max(1, factors + turning)
    of_texts = math.log2(longest) + bits * factors if factors else 0.0
    of_turns = max(bits, math.log2(longest)) * turning if turning > 1 else 0.0
    return power_of_two(max(of_numbers, of_texts, of_turns))


def _is_product(node: ast.BinOp | ast.AugAssign) -> bool:
    """Whether a product may be that of a sequence, or of whole numbers."""
    for side in (node.left, node.right) if isinstance(node, ast.BinOp) else (node.value,):
        if isinstance(side, _READ):
            return False
        if isinstance(side, ast.Constant) and type(side.value) is float:
            return False
    return True


def _steepness(node: ast.BinOp | ast.AugAssign, largest: float) -> float:
    """By how much a power or a shift multiplies the length of a number; infinity where that is not known."""
    right = node.right if isinstance(node, ast.BinOp) else node.value
    match right:
        case ast.Constant(value=int(number)):
            times = float(min(number, _FAR))  # a number in the text may be too large for a float
            return times if isinstance(node.op, ast.Pow) else 1 + times / math.log2(largest)
        case ast.Constant(value=float()) | ast.UnaryOp(op=ast.USub()):
            return 1.0
    return math.inf
