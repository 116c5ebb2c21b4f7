"""Functions of modules whose arguments say how much they make, with a look at them (`catalog.Module.may`)."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from .bounds import COMPARISONS, Bounds
from .chained import CHAINED_MEMBERS
from .library_sizes import of_product, why_too_much
from .measures import held_elements, whole
from .safe_members import with_ticks
from .sharing import FLAT, why_too_long_to_compare
from .sized_numpy import GRIDS, MADE, Grid
from .sized_random import MAKING, Drawing, before_draw
from .ticker import ticked

_MAX_NUMBER = 100_000
"""The largest argument of a factorial and its kin."""
_SEARCHING = {"contains", "countOf", "indexOf"}
_COPYING = {"array", "asarray", "asanyarray"}
"""Functions of numpy that walk through lists in lists."""
_CALLING = {"frompyfunc", "vectorize"}
"""Those that make an array of what a function gives."""
_JUDGED_APART = {"lcm", "array2string", "correlate", "poly", "polydiv", "polyfit", "polymul", "polyval", "roots"}
"""Functions whose numbers are no sizes: `library_sizes` looks at them, and nothing else."""
_JOINING = {
    "append", "block", "column_stack", "concat", "concatenate", "dstack", "hstack", "row_stack", "stack", "vstack",
}  # fmt: skip
"""Functions of numpy that make one array of all in a list."""
_INDICES = {"ndenumerate", "ndindex"}
"""What gives one place of an array after the other."""
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
    if (module, name) == ("itertools", "accumulate"):
        return bounds.unchained(_accumulate(bounds))
    if (module, name) == ("heapq", "merge"):
        return bounds.unchained(_ticking(bounds, function))
    if module == "numpy" and name in _INDICES:
        return _ticking(bounds, lambda *sides: function(*_all_sides(bounds, sides)))
    if module == "numpy.random" and name in MAKING:
        return lambda *arguments, **keywords: Drawing(bounds, function(*arguments, **keywords))
    if module == "numpy" and name in GRIDS:
        return Grid(bounds, function)
    if module == "struct":
        return _looked_at(bounds, module, name, function)
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
    operate: Callable[[Any, Any], Any]
    if name in operations:
        operate = operations[name]
    elif name in COMPARISONS:
        operate = lambda left, right: bounds.compared(left, name, right)  # noqa: E731
    elif name in _SEARCHING:
        operate = lambda parts, part: _searched(bounds, function, parts, part)  # noqa: E731
    else:
        operate = lambda left, right: bounds.spread(left, name, right)  # noqa: E731

    def ticking(left: Any, right: Any, /) -> Any:
        bounds.tick()  # C may call it without end, as `functools.reduce` does
        return operate(left, right)

    return ticking


def _searched(bounds: Bounds, function: Callable[[Any, Any], Any], parts: Any, part: Any) -> Any:
    """A function of `operator` that compares a value with each part of another."""
    if type(part) not in FLAT:
        bounds.unless(why_too_long_to_compare(part, parts, is_contained=True))
    return function(parts, part)


def _looked_at(bounds: Bounds, module: str, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    def looked_at(*arguments: Any, **keywords: Any) -> Any:
        bounds.unless(why_too_much(module, name, arguments, keywords))
        if module == "numpy" and name in MADE:
            bounds.elements("array", (MADE[name](arguments, keywords),), {})
            return function(*arguments, **keywords)
        if module in ("struct", "unicodedata") or name in _JUDGED_APART:
            return function(*arguments, **keywords)
        if module == "numpy" and name in _COPYING | _JOINING:
            bounds.elements("array", (sum(map(held_elements, arguments)),), {})
        if module == "numpy.random":
            before_draw(bounds, name, arguments, keywords)
        elif name in _JOINING:
            return function(*arguments, **keywords)
        elif name in _COPYING:
            bounds.walked(arguments)
            bounds.held_by_an_array(arguments[0] if arguments and type(arguments[0]).__module__ != "numpy" else None)
        elif module in ("math", "random"):
            bounds.unless(_why_too_high(arguments, keywords))
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


def _all_sides(bounds: Bounds, sides: tuple[Any, ...]) -> tuple[Any, ...]:
    """The sides of an array, or the array, of no more elements than may be made."""
    bounds.elements("indices", sides, {})
    return sides


def _accumulate(bounds: Bounds) -> Callable[..., Iterator[Any]]:
    def accumulate(
        iterable: Iterable[Any], func: Callable[[Any, Any], Any] | None = None, *, initial: Any = None
    ) -> Iterator[Any]:
        add = bounds.total if func is None else func
        items = iter(iterable) if initial is None else itertools.chain((initial,), iterable)
        for total in items:
            yield total
            for item in items:
                bounds.tick()
                total = add(total, item)
                yield total

    return accumulate


def _ticking(bounds: Bounds, make: Callable[..., Iterator[Any]]) -> Callable[..., Iterator[Any]]:
    return lambda *arguments, **keywords: ticked(make(*arguments, **keywords), bounds.tick)


def _why_too_high(arguments: Iterable[Any], keywords: Mapping[str, Any]) -> str | None:
    for value in (*arguments, *keywords.values()):
        number = whole(value)
        if number is not None and abs(number) > _MAX_NUMBER:
            return f"it computes with a number beyond {_MAX_NUMBER:,}"
    return None
