"""Functions of modules whose arguments say how much they make, with a look at them (`catalog.Module.may`)."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from .bounds import COMPARISONS, Bounds
from .chained import CHAINED_MEMBERS
from .library_sizes import of_product, why_too_much
from .measures import whole
from .safe_members import with_ticks
from .sharing import FLAT, why_too_long_to_compare
from .ticker import ticked

_MAX_NUMBER = 100_000
"""The largest argument of a factorial and its kin."""
_SEARCHING = {"contains", "countOf", "indexOf"}
_COPYING = {"array", "asarray", "asanyarray"}
"""Functions of numpy that walk through lists in lists."""
_CALLING = {"frompyfunc", "vectorize"}
"""Those that make an array of what a function gives."""
_JUDGED_APART = {"lcm", "array2string", "correlate", "poly", "polydiv", "polyfit", "polymul", "roots"}
"""Functions whose numbers are no sizes: `library_sizes` looks at them, and nothing else."""
_DRAWN_BY_SIZE = {"rand", "randn", "random", "random_sample", "ranf", "sample", "bytes", "permutation"}
"""Functions of `numpy.random` whose numbers are sizes; those of the others are what is drawn from."""
_ENDLESS = {
    "count", "cycle", "repeat", "product", "permutations", "combinations", "combinations_with_replacement",
}  # fmt: skip
"""Iterators of `itertools` that have no end, or one that nobody lives to see."""


def sized_function(bounds: Bounds, module: str, name: str, function: Any) -> Any:
    """What a script gets in place of a function of a module.

    Args:
        bounds: looks at sizes.
        module: the module's dotted name.
        name: the function's name in it.
        function: the function, or whatever else bears that name.
    """
    if module == "re" and name == "Pattern":
        from .searching import Pattern

        return Pattern
    if f"{module}.{name}" in CHAINED_MEMBERS:
        return bounds.unchained(function)
    if module == "dataclasses":
        return with_ticks(function, bounds.tick)
    if module == "numpy" and name in _CALLING:
        return lambda called, *arguments, **keywords: function(_no_arrays_from(bounds, called), *arguments, **keywords)
    if not callable(function) or isinstance(function, type):
        return _ticking(bounds, getattr(itertools, name)) if module == "itertools" and name in _ENDLESS else function
    if module == "re":
        return bounds.searching().function(name)
    if module == "operator":
        return _operation(bounds, name, function)
    return _product_of(bounds) if (module, name) == ("math", "prod") else _looked_at(bounds, module, name, function)


def _operation(bounds: Bounds, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """An operation as a function, looked at as the operation itself."""
    operations = {
        "mul": bounds.product, "pow": bounds.power, "lshift": bounds.shift, "concat": bounds.total, "add": bounds.total,
        "mod": bounds.remainder, "matmul": bounds.matrix,
    }  # fmt: skip
    if name in operations:
        return operations[name]
    if name in COMPARISONS:
        return lambda left, right: bounds.compared(left, name, right)
    if name in _SEARCHING:
        return lambda parts, part: _searched(bounds, function, parts, part)
    return lambda left, right: bounds.spread(left, name, right)


def _searched(bounds: Bounds, function: Callable[[Any, Any], Any], parts: Any, part: Any) -> Any:
    """A function of `operator` that compares a value with each part of another."""
    if type(part) not in FLAT:
        bounds.unless(why_too_long_to_compare(part, parts, is_contained=True))
    return function(parts, part)


def _looked_at(bounds: Bounds, module: str, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    def looked_at(*arguments: Any, **keywords: Any) -> Any:
        bounds.unless(why_too_much(module, name, arguments, keywords))
        if module == "unicodedata" or name in _JUDGED_APART:
            return function(*arguments, **keywords)
        if name in _COPYING:
            bounds.walked(arguments)
            bounds.held_by_an_array(arguments[0] if arguments and type(arguments[0]).__module__ != "numpy" else None)
        elif module in ("math", "random"):
            bounds.unless(_why_too_high(arguments, keywords))
        elif module == "numpy.random" and name not in _DRAWN_BY_SIZE:
            bounds.elements(name, [part for part in arguments if isinstance(part, tuple)], keywords)
        else:
            bounds.elements(name, arguments, keywords)
        return function(*arguments, **keywords)

    return looked_at


def _no_arrays_from(bounds: Bounds, called: Any) -> Any:
    """A function whose results become items of an array."""
    return (lambda *parts: bounds.held_by_an_array(called(*parts))) if callable(called) else called


def _product_of(bounds: Bounds) -> Callable[..., Any]:
    def prod(parts: Iterable[Any], /, *, start: Any = 1) -> Any:
        parts = parts if isinstance(parts, range | list | tuple) else list(parts)
        bounds.unless(of_product(parts, start))
        return math.prod(parts, start=start)

    return prod


def _ticking(bounds: Bounds, make: Callable[..., Iterator[Any]]) -> Callable[..., Iterator[Any]]:
    return lambda *arguments, **keywords: ticked(make(*arguments, **keywords), bounds.tick)


def _why_too_high(arguments: Iterable[Any], keywords: Mapping[str, Any]) -> str | None:
    for value in (*arguments, *keywords.values()):
        number = whole(value)
        if number is not None and abs(number) > _MAX_NUMBER:
            return f"it computes with a number beyond {_MAX_NUMBER:,}"
    return None
