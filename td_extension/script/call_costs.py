"""Judges what single calls cost: those that work inside C, where no tick can stop them."""

from __future__ import annotations

import ast
import math
import re

from .callees import Callees
from .constants import Constants
from .given import largest_number
from .limits_of_cost import MAX_ITEMS, MAX_WIDTH
from .magnitudes import Kind, Many, Value, as_many
from .patterns import PATTERN_FUNCTIONS, PatternJudge
from .sizes import SIZES
from .too_large import why_too_large

_PADDING = {"format", ".ljust", ".rjust", ".center", ".zfill", ".expandtabs", ".format"}
_READS_ALL = {
    "list", "tuple", "set", "frozenset", "sorted", "sum", "min", "max", "any", "all", "dict", "bytes", "bytearray",
    "collections.deque", "collections.Counter", "collections.OrderedDict", "functools.reduce", "math.prod", "math.fsum",
    "heapq.nlargest", "heapq.nsmallest", "array.array", "numpy.array", "numpy.asarray", "numpy.asanyarray",
    "numpy.sum", "numpy.mean", "statistics.mean", "statistics.fmean", "statistics.median", "statistics.stdev",
    "statistics.pstdev", "statistics.variance", "statistics.mode", "itertools.product", "itertools.permutations",
    "itertools.combinations", "itertools.combinations_with_replacement", "operator.countOf", "operator.indexOf",
    "operator.contains", ".join", ".extend", ".update", ".fromkeys", ".union", ".intersection", ".difference",
    ".writelines", ".extendleft",
}  # fmt: skip
"""Functions that read what they are given to its end."""
_SIEVES = {"filter": 0, "itertools.filterfalse": 0, "itertools.dropwhile": 0, "itertools.takewhile": 0}
"""Functions that may look for ever for an item that passes, and where they take what decides."""
_EXACT_NUMBERS = {"decimal.Decimal"}
_MATRICES = {
    "numpy.dot", "numpy.matmul", "numpy.einsum", "numpy.tensordot", "numpy.inner", "numpy.cov",
    *(f"numpy.linalg.{name}" for name in (
        "inv", "solve", "svd", "eig", "eigh", "eigvals", "eigvalsh", "det", "slogdet", "qr", "pinv", "lstsq",
        "cholesky", "matrix_power", "matrix_rank", "cond", "svdvals",
    )),
}  # fmt: skip
_PACKING = {"struct.pack", "struct.Struct"}
_LARGE_AT_ONCE = {name for name in SIZES if name not in _PADDING and name not in _READS_ALL}
_CHEAP = {"range", "len", "abs", "round", "float", "bool", "str", "enumerate", "zip", "map", "iter", "reversed", "repr"}

JUDGED = frozenset(
    _PADDING | _READS_ALL | _SIEVES.keys() | _EXACT_NUMBERS | _MATRICES | _PACKING | PATTERN_FUNCTIONS | _LARGE_AT_ONCE
) - _CHEAP  # fmt: skip
"""How those calls are named that are looked at."""
LAST_PARTS = frozenset(name.rpartition(".")[2] for name in JUDGED)

_MAX_EXPONENT = 100_000
_MAX_DIGITS = 100_000
_MAX_FACTORS = 20_000
_MAX_MATRIX = 4_000_000
_EXPONENT = re.compile(r"[eE][+-]?([0-9]{1,20})")
_SMALLER = "Use a smaller size, or work on parts"
_SLICED = "Take a part of it, such as with itertools.islice(…, n)"

Finding = tuple[str, str]
"""Why a call is refused, and what to do instead."""


class CallCosts:
    """Judges the cost of one script's calls.

    Args:
        constants: the values of its expressions.
        callees: how what is called is named.
    """

    def __init__(self, constants: Constants, callees: Callees) -> None:
        self._constants = constants
        self._callees = callees
        self._patterns = PatternJudge(constants, callees)

    def judge(self, node: ast.Call, named: str) -> Finding | None:
        """Why a call is refused; None where it is not.

        Args:
            node: the call.
            named: how what is called is named, one of `JUDGED`.
        """
        if named in PATTERN_FUNCTIONS:
            why = self._patterns.why_refused(node, named)
            if why is None:
                return None
            return f"its pattern may take very long: {why}", "Simplify the pattern, or use methods of str"
        if named in _PADDING:
            return self._padded(node)
        if named in _READS_ALL:
            found = self._read_to_the_end(node, named)
            if found is not None:
                return found
        if named in _SIEVES:
            return self._sieved(node, _SIEVES[named])
        if named in SIZES and named != "int":
            why = why_too_large(self._constants.evaluate(node))
            return None if why is None else (why, _SMALLER)
        return self._of_its_argument(node, named)

    def _padded(self, node: ast.Call) -> Finding | None:
        many = as_many(self._constants.evaluate(node))
        known = as_many(self._constants.evaluate(node.func.value)) if isinstance(node.func, ast.Attribute) else None
        if many is None or many.length <= max(MAX_WIDTH, known.length if known else 0):
            return None
        return f"it pads a text to more than {MAX_WIDTH:,} characters", "Use a smaller width"

    def _read_to_the_end(self, node: ast.Call, named: str) -> Finding | None:
        arguments = node.args[1:] if named in ("functools.reduce", "array.array") else node.args
        if named in ("heapq.nlargest", "heapq.nsmallest"):
            arguments = node.args[1:2]
        for argument in arguments:
            if isinstance(argument, ast.Constant | ast.Attribute | ast.Subscript):
                continue
            many = as_many(self._constants.evaluate(argument))
            if many is None:
                continue
            if named == "functools.reduce" and MAX_ITEMS >= many.length > self._most_factors(node.args[0]):
                return f"it brings {int(many.length):,} numbers to one by multiplying", "Sum logarithms instead"
            if many.kind is not Kind.STREAM:
                continue
            if math.isinf(many.length):
                return "what it reads never ends", _SLICED
            if many.length > MAX_ITEMS:
                return f"it reads more than {MAX_ITEMS:,} items at once", _SLICED
        return None

    def _most_factors(self, function: ast.expr) -> float:
        """How many numbers a function may bring to one, before that one is too long."""
        operation: object = None
        if isinstance(function, ast.Lambda) and isinstance(function.body, ast.BinOp):
            operation = type(function.body.op).__name__
        named = {"operator.mul": "Mult", "operator.pow": "Pow", "pow": "Pow", "operator.lshift": "LShift"}
        operation = operation or named.get(self._callees.named(function) or "")
        return {"Mult": _MAX_FACTORS, "Pow": 2, "LShift": 2}.get(str(operation), math.inf)

    def _sieved(self, node: ast.Call, index: int) -> Finding | None:
        """A sieve whose test is no code of the script's own has no tick: it may look for ever."""
        if len(node.args) < 2:
            return None
        many = as_many(self._constants.evaluate(node.args[1]))
        test = node.args[index]
        is_own = isinstance(test, ast.Lambda) or (isinstance(test, ast.Name) and self._callees.named(test) is None)
        if many is None or not math.isinf(many.length) or is_own:
            return None
        return "it may look for ever in what never ends", _SLICED

    def _of_its_argument(self, node: ast.Call, named: str) -> Finding | None:
        """What costs by the size of the first arguments."""
        values: list[Value] = [self._constants.evaluate(argument) for argument in node.args[:2]]
        first = values[0] if values else None
        if named in _MATRICES:
            arrays = [many for many in values if isinstance(many, Many) and many.kind is Kind.ARRAY]
            if any(many.length > _MAX_MATRIX for many in arrays):
                return f"it reckons with matrices of more than {_MAX_MATRIX:,} elements", _SMALLER
        elif named == "int":
            many = as_many(first)
            if many is not None and many.length > _MAX_DIGITS:
                return f"it reads a number of more than {_MAX_DIGITS:,} digits", _SMALLER
        elif named in _EXACT_NUMBERS and isinstance(first, str):
            exponents = [float(found.group(1)) for found in _EXPONENT.finditer(first)]
            if any(exponent > _MAX_EXPONENT for exponent in exponents):
                return f"its exponent is larger than {_MAX_EXPONENT:,}", "Use a float, or a smaller exponent"
        elif named in _PACKING and isinstance(first, str) and largest_number(first) > MAX_WIDTH:
            return f"it packs more than {MAX_WIDTH:,} values", _SMALLER
        return None
