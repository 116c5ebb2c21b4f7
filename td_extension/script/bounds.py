"""Looks at sizes just before something is made of them, inside C, where no tick can stop it.

The judgement knows the sizes that stand in the text; these are the ones that only show when the script runs. The
limits are the same (`limits_of_cost`).
"""

from __future__ import annotations

import itertools
import math
import operator
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from .limits_of_cost import MAX_BITS, MAX_ELEMENTS, MAX_ITEMS, MAX_TEXT, MAX_WIDTH

_SMALL = 1 << 64
_TEXTS = (str, bytes, bytearray)
_LISTS = (list, tuple)
_WIDTH = re.compile(r"[0-9]{7,}")
_MAX_NUMBER = 100_000
"""The largest argument of a factorial and its kin."""
_MAX_SEARCHED = 200_000
"""Characters in which a pattern is looked for: a pattern that is tame may take the square of them."""
_MAX_DIMENSIONS = 32
_PADDING = {"center", "ljust", "rjust", "zfill", "expandtabs"}

_SQUARE = {"eye", "identity", "tri", "vander"}
_MULTIPLYING = {"outer", "kron", "meshgrid", "repeat", "tile", "mgrid", "ogrid", "indices"}
_DRAWN_BY_SIZE = {"rand", "randn", "random", "random_sample", "ranf", "sample", "bytes", "permutation"}
"""Functions of `numpy.random` whose numbers are sizes; those of the others are what is drawn from."""

Refuse = Callable[[str], None]
"""Stops the script, and says why."""


class Bounds:
    """Looks at sizes, on behalf of one watch.

    Args:
        refuse: stops the script.
        tick: lets the deadline be seen.
    """

    def __init__(self, refuse: Refuse, tick: Callable[[], object]) -> None:
        self._refuse = refuse
        self._tick = tick

    # -- operations ------------------------------------------------------------------------------------------------

    def product(self, left: Any, right: Any) -> Any:
        """``left * right``."""
        self.before_product(left, right)
        return left * right

    def power(self, left: Any, right: Any) -> Any:
        """``left ** right``."""
        self.before_power(left, right)
        return left**right

    def shift(self, left: Any, right: Any) -> Any:
        """``left << right``."""
        self.before_shift(left, right)
        return left << right

    def total(self, left: Any, right: Any) -> Any:
        """``left + right``."""
        self.before_total(left, right)
        return left + right

    def remainder(self, left: Any, right: Any) -> Any:
        """``left % right``, which fills a template where `left` is a text."""
        self.before_remainder(left, right)
        return left % right

    def before_product(self, left: Any, right: Any) -> Any:
        """Look at the operands of a product; return the right one."""
        one, other = _whole(left), _whole(right)
        if one is not None and other is not None:
            if not (-_SMALL < one < _SMALL or -_SMALL < other < _SMALL):
                self._bits(one.bit_length() + other.bit_length())
        elif other is not None:
            self._repeated(left, other)
        elif one is not None:
            self._repeated(right, one)
        return right

    def before_power(self, left: Any, right: Any) -> Any:
        """Look at the operands of a power; return the exponent."""
        base, exponent = _whole(left), _whole(right)
        if base is not None and exponent is not None and exponent > 0:
            self._bits(base.bit_length() * exponent)
        return right

    def before_shift(self, left: Any, right: Any) -> Any:
        """Look at the operands of a shift to the left; return the right one."""
        value, places = _whole(left), _whole(right)
        if value is not None and places is not None and places > 0:
            self._bits(value.bit_length() + places)
        return right

    def before_total(self, left: Any, right: Any) -> Any:
        """Look at the operands of a sum; return the right one."""
        one, other = _length(left), _length(right)
        if one is not None and other is not None:
            self._long(left, one + other)
        return right

    def before_remainder(self, left: Any, right: Any) -> Any:
        """Look at a template before it is filled; return what fills it."""
        if isinstance(left, _TEXTS):
            template = str.__str__(left) if isinstance(left, str) else bytes(left).decode("latin-1")
            if _WIDTH.search(template):
                self._refuse("it pads a text to millions of characters")
            if "*" in template:
                for part in tuple.__iter__(right) if isinstance(right, tuple) else (right,):
                    self._width(part)
        return right

    def specification(self, value: Any) -> Any:
        """Look at a part of a format's specification, which may be a width; return it."""
        self._width(value)
        if isinstance(value, str) and _WIDTH.search(str.__str__(value)):
            self._refuse("it pads a text to millions of characters")
        return value

    # -- calls -----------------------------------------------------------------------------------------------------

    def method(self, receiver: Any, name: str, /, *arguments: Any, **keywords: Any) -> Any:
        """Call a method that makes a value as large as what it is given says."""
        if name in _PADDING:
            for argument in (*arguments, *keywords.values()):
                self._width(argument)
        elif name == "replace" and isinstance(receiver, str) and len(arguments) >= 2:
            text, old, new = receiver, arguments[0], arguments[1]
            if isinstance(old, str) and isinstance(new, str):
                more = str.__len__(new) - str.__len__(old)
                self._long(text, str.__len__(text) + max(0, more) * str.count(text, old))
        elif name == "join" and isinstance(receiver, str) and arguments and isinstance(arguments[0], _LISTS):
            parts = [part for part in list(arguments[0]) if isinstance(part, str)]
            self._long(receiver, sum(map(str.__len__, parts)) + str.__len__(receiver) * len(parts))
        elif name in ("to_bytes", "randbytes", "repeat", "resize"):
            self._elements(name, arguments, keywords)
        return getattr(receiver, name)(*arguments, **keywords)

    def cells(self, sizes: Iterable[Any]) -> None:
        """Look at the size that a table is given."""
        if math.prod(max(1, _whole(size) or 1) for size in sizes) > MAX_ITEMS:
            self._refuse(f"it makes more than {MAX_ITEMS:,} cells")

    def range(self, *arguments: Any) -> range:
        """``range``, of no more items than C may read to the end."""
        made = range(*arguments)
        # Not len(): it overflows.
        if made and abs(made[-1] - made[0]) // abs(made.step) >= MAX_ITEMS:
            self._refuse(f"it counts over more than {MAX_ITEMS:,} numbers")
        return made

    def iter(self, *arguments: Any) -> Iterator[Any]:
        """``iter``; the form that calls a function until it gives a value has a tick in every turn."""
        made = iter(*arguments)
        return made if len(arguments) < 2 else self._ticked(made)

    def pow(self, *arguments: Any, **keywords: Any) -> Any:
        """``pow``."""
        if len(arguments) == 2:
            self.before_power(*arguments)
        return pow(*arguments, **keywords)

    def format(self, value: object, specification: str = "") -> str:
        """``format``."""
        self.specification(specification)
        return format(value, specification)

    def of_module(self, module: str, name: str, function: Any) -> Any:
        """A function of a module whose arguments say how much it makes, with a look at them."""
        if not callable(function) or isinstance(function, type):
            return _TICKED[name](self) if module == "itertools" and name in _TICKED else function
        if module == "re":
            return self._searching(function)
        if module == "operator":
            operations = {"mul": self.product, "pow": self.power, "lshift": self.shift, "concat": self.total}
            return operations.get(name, function)

        def looked_at(*arguments: Any, **keywords: Any) -> Any:
            if module in ("math", "random"):
                self._numbers(arguments, keywords)
            elif module == "numpy.random" and name not in _DRAWN_BY_SIZE:
                self._elements(name, [part for part in arguments if isinstance(part, tuple)], keywords)
            else:
                self._elements(name, arguments, keywords)
            return function(*arguments, **keywords)

        return looked_at

    # -- how it decides --------------------------------------------------------------------------------------------

    def _bits(self, bits: int) -> None:
        if bits > MAX_BITS:
            self._refuse(f"it makes a number of more than {MAX_BITS:,} bits")

    def _long(self, value: Any, length: int) -> None:
        limit = MAX_TEXT if isinstance(value, _TEXTS) else MAX_ITEMS
        if length > limit:
            self._refuse(f"it makes a value of more than {limit:,} items or characters")

    def _repeated(self, value: Any, times: int) -> None:
        length = _length(value)
        if length is not None:
            self._long(value, length * times)

    def _width(self, value: Any) -> None:
        width = _whole(value)
        if width is not None and width > MAX_WIDTH:
            self._refuse(f"it pads a text to more than {MAX_WIDTH:,} characters")

    def _numbers(self, arguments: Iterable[Any], keywords: Mapping[str, Any]) -> None:
        for value in (*arguments, *keywords.values()):
            number = _whole(value)
            if number is not None and abs(number) > _MAX_NUMBER:
                self._refuse(f"it computes with a number beyond {_MAX_NUMBER:,}")

    def _elements(self, name: str, arguments: Iterable[Any], keywords: Mapping[str, Any]) -> None:
        """The sizes among the arguments: numbers, shapes, and arrays where they multiply."""
        sizes = [_size(value) for value in (*arguments, *keywords.values())]
        if name in _SQUARE and len(sizes) == 1:
            sizes *= 2
        total = math.prod(sizes) if name in _MULTIPLYING or name in _SQUARE else max(sizes, default=1)
        if total > MAX_ELEMENTS:
            self._refuse(f"it makes more than {MAX_ELEMENTS:,} elements")

    def _searching(self, function: Callable[..., Any]) -> Callable[..., Any]:
        from ..linear_pattern import why_not_tame  # only here: few scripts search

        def searched(pattern: Any, *arguments: Any, **keywords: Any) -> Any:
            if isinstance(pattern, str):
                exact = str.__str__(pattern)
                why = why_not_tame(exact, _flags(function.__name__, arguments, keywords))
                if why is not None:
                    self._refuse(f"the pattern {exact[:80]!r} may take very long: {why}")
            if any((_length(text) or 0) > _MAX_SEARCHED for text in arguments):
                self._refuse(f"it searches more than {_MAX_SEARCHED:,} characters with a pattern")
            return function(pattern, *arguments, **keywords)

        return searched

    def _ticked(self, iterator: Iterator[Any]) -> Iterator[Any]:
        """The same items, with a tick at each: what reads them in C cannot read on for ever."""
        tick = self._tick
        for item in iterator:
            tick()
            yield item


_LENGTHS: tuple[tuple[type, Callable[[Any], int]], ...] = (
    (str, str.__len__),
    (list, list.__len__),
    (tuple, tuple.__len__),
    (bytes, bytes.__len__),
    (bytearray, bytearray.__len__),
)
"""How long a value really is, whatever a subclass tells."""


def _flags(function: str, arguments: tuple[Any, ...], keywords: Mapping[str, Any]) -> int:
    """The flags of a call of one of the functions of `re`."""
    at = {"compile": 0, "split": 2, "sub": 3, "subn": 3}.get(function, 1)
    found = _whole(keywords.get("flags", arguments[at] if len(arguments) > at else 0))
    return 0 if found is None else found


def _whole(value: Any) -> int | None:
    """A whole number as C will take it: a subclass may tell a comparison something else."""
    if type(value) is int:
        return value
    if isinstance(value, int):
        return int.__index__(value)
    if type(value).__module__ == "numpy":
        try:
            return operator.index(value)
        except TypeError:
            return None
    return None


def _length(value: Any) -> int | None:
    """How long a text or a list really is; None for anything else."""
    for kind, length in _LENGTHS:
        if isinstance(value, kind):
            return length(value)
    return None


def _size(value: Any) -> int:
    """How many elements a number, a shape or an array stands for."""
    number = _whole(value)
    if number is not None:
        return max(1, min(number, _SMALL))
    if isinstance(value, _LISTS):
        parts = [_whole(part) for part in list(value)[:_MAX_DIMENSIONS]]
        return math.prod(max(1, min(part, _SMALL)) for part in parts if part is not None)
    size = getattr(value, "size", 1) if type(value).__module__ == "numpy" else 1
    return size if isinstance(size, int) else 1


def _ticking(make: Callable[..., Iterator[Any]]) -> Callable[[Bounds], Callable[..., Iterator[Any]]]:
    def of(bounds: Bounds) -> Callable[..., Iterator[Any]]:
        def ticked(*arguments: Any, **keywords: Any) -> Iterator[Any]:
            return bounds._ticked(make(*arguments, **keywords))

        return ticked

    return of


_TICKED: Mapping[str, Callable[[Bounds], Callable[..., Iterator[Any]]]] = {
    name: _ticking(getattr(itertools, name))
    for name in (
        "count", "cycle", "repeat", "product", "permutations", "combinations", "combinations_with_replacement",
    )
}  # fmt: skip
"""Iterators that have no end, or one that nobody lives to see."""
