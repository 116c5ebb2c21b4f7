"""How much functions of the library make of what they are given, and how long they reckon: looked at before they begin.

Each function here says why its arguments are too much, or None. The limits are those of `limits_of_cost`; what takes
more than linear time has one of its own.
"""

from __future__ import annotations

import itertools
import math
import struct
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from .limits_of_cost import MAX_BITS, MAX_ITEMS, MAX_TEXT
from .measures import length, size, whole
from .sharing import why_too_many

_MAX_INDENT = 100
_MAX_STEPS = 1_000_000_000
"""Multiplications of matrices."""
_MAX_COMPARED = 4_000_000
"""Pairs of parts that two sequences have."""
_MAX_MARKS = 10_000
_MAX_SHOWN = 200_000
_MAX_COPIED = 100_000_000
"""Items that are copied in adding up lists, each sum a new list."""

Why = str | None


def of_sum(parts: list[Any], start: Any) -> Why:
    """``sum``: of lists and tuples each step makes a new one."""
    if not isinstance(start, list | tuple):
        return None
    total = length(start) or 0
    copied = 0
    for part in parts:
        total += length(part) or 0
        copied += total
    if total > MAX_ITEMS or copied > _MAX_COPIED:
        return "it copies a growing list again and again; use itertools.chain or a comprehension"
    return None


def of_product(parts: Iterable[Any], start: Any = 1) -> Why:
    """``math.prod``."""
    bits = sum((whole(part) or 0).bit_length() for part in (start, *parts))
    return f"it makes a number of more than {MAX_BITS:,} bits" if bits > MAX_BITS else None


def of_multiple(arguments: tuple[Any, ...], keywords: Mapping[str, Any]) -> Why:
    """``math.lcm``, which may be as long as all of its arguments."""
    return of_product(arguments)


def of_power(arguments: tuple[Any, ...], keywords: Mapping[str, Any]) -> Why:
    """``pow`` with a modulus: a product of its length for each bit of the exponent."""
    exponent = arguments[1] if len(arguments) > 1 else keywords.get("exp")
    modulus = arguments[2] if len(arguments) > 2 else keywords.get("mod")
    words = (whole(modulus) or 0).bit_length() // 32 + 1
    steps = (whole(exponent) or 0).bit_length() * words**2
    return f"it multiplies in more than {_MAX_STEPS:,} steps" if steps > _MAX_STEPS else None


def of_marks(arguments: tuple[Any, ...], keywords: Mapping[str, Any]) -> Why:
    """``unicodedata.normalize``: the marks on one letter are sorted by comparing each with each."""
    text = arguments[1] if len(arguments) > 1 else ""
    if not isinstance(text, str) or len(text) <= _MAX_MARKS:
        return None
    runs = itertools.groupby(map(bool, map(unicodedata.combining, str.__str__(text))))
    longest = max((sum(1 for _ in run) for is_mark, run in runs if is_mark), default=0)
    return f"it sorts more than {_MAX_MARKS:,} marks on one letter" if longest > _MAX_MARKS else None


def of_polynomials(arguments: tuple[Any, ...], keywords: Mapping[str, Any]) -> Why:
    """Products and quotients of polynomials, and what multiplies in the same way: each number with each."""
    return _steps(_product(_count(part) for part in arguments[:2]))


def of_fit(arguments: tuple[Any, ...], keywords: Mapping[str, Any]) -> Why:
    """``numpy.polyfit``: a matrix of as many rows as there are points, and columns as there are powers."""
    degree = whole(arguments[2] if len(arguments) > 2 else keywords.get("deg")) or 0
    return _steps(_count(arguments[0] if arguments else keywords.get("x")) * (abs(degree) + 1) ** 2)


def of_roots(arguments: tuple[Any, ...], keywords: Mapping[str, Any]) -> Why:
    """``numpy.roots`` and ``numpy.poly``, which take apart a matrix of as many rows as they are given numbers."""
    return _steps(max((_count(part) ** 3 for part in (*arguments[:1], *keywords.values())), default=0))


def of_shown_array(arguments: tuple[Any, ...], keywords: Mapping[str, Any]) -> Why:
    """The text of an array, where it is asked for all of it."""
    shown = _count(arguments[0] if arguments else keywords.get("a")) if keywords.get("threshold") is not None else 0
    return f"it shows more than {_MAX_SHOWN:,} elements" if shown > _MAX_SHOWN else None


def _count(part: Any) -> int:
    elements = getattr(part, "size", 1) if type(part).__module__ == "numpy" else length(part) or 1
    return elements if isinstance(elements, int) else 1


def of_filled(arguments: tuple[Any, ...], keywords: Mapping[str, Any]) -> Why:
    """``numpy.full``: with a text, each element takes four bytes for each letter."""
    letters = length(arguments[1] if len(arguments) > 1 else keywords.get("fill_value")) or 0
    elements = size(arguments[0] if arguments else keywords.get("shape", 1))
    return f"it makes more than {MAX_TEXT:,} letters" if letters * elements > MAX_TEXT else None


def of_json(arguments: tuple[Any, ...], keywords: Mapping[str, Any]) -> Why:
    """``json.dumps``: what it goes through, and what stands between the parts."""
    if why := why_too_many(arguments[:1]):
        return why
    indent = keywords.get("indent")
    width = whole(indent) or length(indent) or 0
    between = [length(part) or 0 for part in tuple(keywords.get("separators") or ())]
    return f"it puts more than {_MAX_INDENT} characters between parts" if max([width, *between]) > _MAX_INDENT else None


def of_format(arguments: tuple[Any, ...], keywords: Mapping[str, Any]) -> Why:
    """``struct``: as many bytes as its format says."""
    form = arguments[0] if arguments else keywords.get("format", "")
    try:
        packed = struct.calcsize(form)
    except (struct.error, TypeError, UnicodeError):
        return None  # struct itself says what is wrong with it
    return f"it packs more than {MAX_TEXT:,} bytes" if packed > MAX_TEXT else None


def of_layout(arguments: tuple[Any, ...], keywords: Mapping[str, Any]) -> Why:
    """What `textwrap` puts before each line."""
    longest = max((length(part) or 0 for part in (*arguments[1:], *keywords.values())), default=0)
    return f"it puts more than {_MAX_INDENT} characters before each line" if longest > _MAX_INDENT else None


def of_print(arguments: tuple[Any, ...], keywords: Mapping[str, Any]) -> Why:
    """What `pprint` goes through, and what it puts before each line."""
    if why := why_too_many(arguments[:1]):
        return why
    indent = max(whole(part) or 0 for part in (0, *arguments[1:2], keywords.get("indent")))
    return f"it puts more than {_MAX_INDENT} characters before each line" if indent > _MAX_INDENT else None


def of_comparison(arguments: tuple[Any, ...], keywords: Mapping[str, Any]) -> Why:
    """The functions of `difflib`, which compare each part of one sequence with each of another."""
    sizes = [_characters(part) for part in (*arguments, *keywords.values())]
    one, other, *_ = [*sorted([size for size in sizes if size], reverse=True), 1, 1]
    return f"it compares sequences of {one:,} and {other:,} parts" if one * other > _MAX_COMPARED else None


def _characters(part: Any) -> int:
    many = length(part) or 0
    if isinstance(part, list | tuple):
        return many + sum(length(inner) or 0 for inner in part)
    return many


def of_matrices(arguments: tuple[Any, ...], keywords: Mapping[str, Any]) -> Why:
    """``a @ b``: rows times columns times what both have, for each pair of matrices."""
    shapes = _shapes(arguments)
    if len(shapes) < 2:
        return None
    one, other = shapes[0], shapes[1]
    columns = other[-1] if len(other) > 1 else 1
    rows = one[-2] if len(one) > 1 else 1
    return _steps(max(_product(one) * columns, _product(other) * rows))


def of_sums_of_products(arguments: tuple[Any, ...], keywords: Mapping[str, Any]) -> Why:
    """``numpy.dot`` and its kin: each row of one with each column of the other."""
    shapes = _shapes(arguments)
    if len(shapes) < 2:
        return None
    return _steps(_product(shapes[0]) * _product(shapes[1]) // max(1, shapes[0][-1]))


def of_einsum(arguments: tuple[Any, ...], keywords: Mapping[str, Any]) -> Why:
    """``numpy.einsum``: every letter is a loop."""
    shapes = _shapes(arguments)
    subscripts = arguments[0] if arguments and isinstance(arguments[0], str) else ""
    letters = str.__str__(subscripts).replace(" ", "").partition("->")[0].split(",")
    sizes: dict[str, int] = {}
    for term, shape in zip(letters, shapes, strict=False):
        if len(term) != len(shape):
            return _steps(_product(_product(one) for one in shapes))
        sizes |= dict(zip(term, shape, strict=True))
    return _steps(_product(sizes.values()))


def of_one_matrix(arguments: tuple[Any, ...], keywords: Mapping[str, Any]) -> Why:
    """What `numpy.linalg` takes apart: the cube of a side, for each matrix."""
    return _steps(max((_product(shape) * max(shape[-2:]) for shape in _shapes(arguments) if len(shape) > 1), default=0))


def of_norm(arguments: tuple[Any, ...], keywords: Mapping[str, Any]) -> Why:
    """``numpy.linalg.norm``, which takes a matrix apart where it is told which norm."""
    return of_one_matrix(arguments, keywords) if len(arguments) > 1 or "ord" in keywords else None


def of_rows(arguments: tuple[Any, ...], keywords: Mapping[str, Any]) -> Why:
    """``numpy.cov``: each row with each other row."""
    return _steps(max((_product(shape) * max(shape[:2]) for shape in _shapes(arguments) if len(shape) > 1), default=0))


def _shapes(arguments: tuple[Any, ...]) -> list[tuple[int, ...]]:
    parts = [part for value in arguments for part in (value if isinstance(value, list | tuple) else (value,))]
    shapes = [tuple(part.shape) for part in parts if type(part).__module__ == "numpy" and hasattr(part, "shape")]
    return [shape for shape in shapes if shape]


def _steps(steps: int) -> Why:
    return f"it reckons with matrices in more than {_MAX_STEPS:,} steps" if steps > _MAX_STEPS else None


def _product(numbers: Iterable[int]) -> int:
    return math.prod(max(1, one) for one in numbers)


Look = Callable[[tuple[Any, ...], Mapping[str, Any]], Why]

_OF_MODULES: Mapping[str, Look] = {
    "json": of_json,
    "pprint": of_print,
    "struct": of_format,
    "textwrap": of_layout,
    "difflib": of_comparison,
    "numpy.linalg": of_one_matrix,
    "unicodedata": of_marks,
}
_OF_FUNCTIONS: Mapping[str, Look] = {
    "math.lcm": of_multiple,
    "numpy.random.multivariate_normal": of_one_matrix,
    "numpy.polyfit": of_fit,
    "numpy.array2string": of_shown_array,
    **dict.fromkeys(("numpy.full", "numpy.full_like"), of_filled),
    **dict.fromkeys(("numpy.poly", "numpy.roots"), of_roots),
    **dict.fromkeys(
        (f"numpy.{name}" for name in ("convolve", "correlate", "polydiv", "polymul", "polyval")), of_polynomials
    ),
    "numpy.matmul": of_matrices,
    "numpy.linalg.matmul": of_matrices,
    "numpy.linalg.multi_dot": of_sums_of_products,
    "numpy.linalg.norm": of_norm,
    "numpy.linalg.matrix_norm": of_norm,
    "numpy.linalg.tensordot": of_sums_of_products,
    "numpy.einsum": of_einsum,
    "numpy.cov": of_rows,
    "numpy.corrcoef": of_rows,
    **dict.fromkeys(("numpy.dot", "numpy.inner", "numpy.tensordot"), of_sums_of_products),
}


def why_too_much(module: str, name: str, arguments: tuple[Any, ...], keywords: Mapping[str, Any]) -> Why:
    """Why a call of a module's function would stall the frame; None where it does not, or is judged elsewhere."""
    look = _OF_FUNCTIONS.get(f"{module}.{name}") or _OF_MODULES.get(module)
    return None if look is None else look(arguments, keywords)
