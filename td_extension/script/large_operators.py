"""Sizes of operators: how large a table or an image a script may ask for with numbers that stand in its text."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from .flow import Flow

MAX_CELLS = 1_000_000
"""Cells of a table; each is an object of its own."""
MAX_SIDE = 16_384
"""Pixels along one side of an image: the largest texture that graphics cards promise, 1 GB with four bytes a pixel."""
_SIDES = {"resolutionw", "resolutionh"}
_FAR = 1e300


def why_too_large_a_table(sizes: Sequence[ast.expr], flow: Flow) -> str | None:
    """Why ``setSize(rows, columns)`` stalls the frame; None where it does not, or that cannot be told."""
    cells = 1.0
    for size in sizes:
        cells *= largest_number(size, flow)
    return f"it makes a table of more than {MAX_CELLS:,} cells" if cells > MAX_CELLS else None


def why_too_large_a_side(parameter: str, value: ast.AST, flow: Flow) -> str | None:
    """Why a parameter of this value stalls the frame; None where it does not, or that cannot be told."""
    if parameter not in _SIDES or largest_number(value, flow) <= MAX_SIDE:
        return None
    return f"it makes an image of more than {MAX_SIDE:,} pixels along a side"


def largest_number(node: ast.AST, flow: Flow) -> float:
    """The largest number that an expression may be, of those that stand in the text; 0 where there is none."""
    numbers = [root.value for root in flow.roots(node) or () if isinstance(root, ast.Constant)]
    # A whole number in the text may be too large for a float.
    return max((float(min(number, _FAR)) for number in numbers if isinstance(number, int | float)), default=0.0)
